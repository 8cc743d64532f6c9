"""After Duet (arXiv 2403.07222): a drawing becomes a word in front of the words."""
