"""Pictograms: emoji and clip art of a thousand things, to learn from what a drawing and a picture share."""
