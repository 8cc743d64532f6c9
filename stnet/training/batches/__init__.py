"""Batches that are made while the model learns."""
