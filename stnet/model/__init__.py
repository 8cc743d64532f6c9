"""The network of the paper: its towers, the score, and what turns people's input into tensors."""
