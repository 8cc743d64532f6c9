"""Cut-outs (pictures of one object with transparency) and the bank that groups them by category."""

from stnet.data.objects.bank import LONGEST_SIDE, CutOut, ObjectBank, crop_to_alpha, no_longer, shapes_bank

__all__ = ["LONGEST_SIDE", "CutOut", "ObjectBank", "crop_to_alpha", "no_longer", "shapes_bank"]
