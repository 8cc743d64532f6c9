"""English: texts about one thing of a scene or a photo that never name it."""
