"""Concat: drawing and words, concatenated."""
