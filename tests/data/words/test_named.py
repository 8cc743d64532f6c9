"""Words that name the thing, alone or before a text about it."""

import numpy as np

from stnet.data.words.named import ALONE, BEFORE, named


def test_a_name_stands_alone_or_before_what_is_said():
    rng = np.random.default_rng(0)
    assert {named("owl", "", rng) for _ in range(200)} == {form.format("owl") for form in ALONE}
    said = {named("owl", "in a tree", rng) for _ in range(200)}
    assert said == {f"{form.format('owl')} in a tree" for form in BEFORE}
