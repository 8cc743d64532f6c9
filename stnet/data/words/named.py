"""Words that name the thing, as people type them beside a drawing: alone, or before what else they say."""

import numpy as np

ALONE = ("{}", "a {}", "the {}", "a photo of a {}", "a picture of a {}", "{}s")
BEFORE = ("{}", "a {}", "the {}")


def named(name: str, text: str, rng: np.random.Generator) -> str:
    """The thing's name, and `text` about it if it isn't empty: "a teapot on the moon"."""
    forms = BEFORE if text else ALONE
    return f"{forms[int(rng.integers(len(forms)))].format(name)} {text}".strip()
