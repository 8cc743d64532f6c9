import itertools

import pytest
import torch

from stnet.model.scoring import score
from stnet.search.encoding import Halves, balanced

STEPS = [step / 8 for step in range(-8, 9)]
# four directions: the drawn thing, another thing, the place that was said, another place
NEUTRAL = Halves(torch.ones(4), torch.ones(4))
HALVES = Halves(torch.tensor([4.0, 0.2, 1.0, 1.0]), torch.tensor([1.0, 1.0, 4.0, 0.2]))
THING_ELSEWHERE = torch.tensor([[2.0, 0.1, 0.3, 2.0], [0.3, 0.1, 0.3, 2.0]])
OTHER_THING_IN_PLACE = torch.tensor([[0.1, 2.0, 2.0, 0.3], [0.1, 0.3, 2.0, 0.3]])


def random_halves(seed):
    generator = torch.Generator().manual_seed(seed)
    return (Halves(*torch.randn(2, 33, generator=generator)) for _ in range(2))


def weighed_score(balance, patches):
    sketch, text = balanced(HALVES, NEUTRAL, balance)
    return float(score(sketch, text * sketch, patches[None], 2.0).score)


@pytest.mark.parametrize("seed", range(5))
def test_the_ends_and_the_middle_are_exact(seed):
    halves, neutral = random_halves(seed)
    assert all(map(torch.equal, balanced(halves, neutral, 0.0), halves))
    assert all(map(torch.equal, balanced(halves, neutral, -1.0), (neutral.sketch, halves.text)))
    assert all(map(torch.equal, balanced(halves, neutral, 1.0), (halves.sketch, neutral.text)))


def test_one_half_fades_on_a_straight_line_while_the_other_stays():
    halves, neutral = random_halves(7)
    sketch, text = balanced(halves, neutral, 0.25)
    assert torch.equal(sketch, halves.sketch)
    torch.testing.assert_close(text, 0.75 * halves.text + 0.25 * neutral.text)
    sketch, text = balanced(halves, neutral, -0.75)
    torch.testing.assert_close(sketch, 0.25 * halves.sketch + 0.75 * neutral.sketch)
    assert torch.equal(text, halves.text)


def test_beside_words_the_sketch_counts_by_its_share_and_alone_in_full():
    halves, neutral = random_halves(3)
    weights = {-1.0: 0.0, -0.5: 0.2, 0.0: 0.4, 0.5: 0.7, 1.0: 1.0}
    for balance, weight in weights.items():
        sketch = balanced(halves, neutral, balance, share=0.4).sketch
        torch.testing.assert_close(sketch, weight * halves.sketch + (1 - weight) * neutral.sketch)
    assert torch.equal(balanced(halves, neutral, 1.0, share=0.4).sketch, halves.sketch)


def test_the_sketchs_evidence_grows_with_the_balance():
    evidence = [
        weighed_score(step, THING_ELSEWHERE) - weighed_score(step, OTHER_THING_IN_PLACE) for step in STEPS
    ]
    assert all(after > before for before, after in itertools.pairwise(evidence))
    assert evidence[0] < 0 < evidence[-1]
