"""Checkpoints and galleries on the Hugging Face Hub: found and fetched, checked and pushed."""
