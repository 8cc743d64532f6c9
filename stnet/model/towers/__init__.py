"""Towers: from pixels or words to features. The model doesn't know which one it has."""
