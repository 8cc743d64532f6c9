"""Drawings: by people, or traced from cut-outs."""
