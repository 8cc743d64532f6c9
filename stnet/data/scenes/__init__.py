"""Scenes composed of cut-outs on painted places, and what is true of them."""
