"""STNET: draw the thing you cannot name, say the rest in words, find the picture."""
