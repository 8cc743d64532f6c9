"""Galleries: pictures that were encoded once, sealed on disk, ready to be searched."""
