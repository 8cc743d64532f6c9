"""What a drawing is taken for counts as said: h_T of a query with a drawing.

Ours, not the paper's: for the K likeliest names of the drawing, p_k their chances and w the configuration's
`names_share`,

    h_T = h_T(words) + w * sum_k p_k (h_T("a NAME_k words") - h_T(words))

and where nothing is said h_T(words) is the neutral vector. What a network that learned from drawings alone
can say of a photograph is little beside what the words for the same thing say of it.
"""

from collections.abc import Callable, Sequence

from torch import Tensor

from stnet.model.modeling import STNetModel

NAMES = 3  # that a drawing may be taken for


def say_names(
    model: STNetModel,
    sketches: Tensor,
    texts: Sequence[str],
    plain: Tensor,
    encode: Callable[[Sequence[str]], Tensor],
) -> Tensor:
    """h_T of B queries with drawings, (B, D); `plain` itself where the model's `names_share` is 0.

    Args:
        sketches: h_S in full, (B, D).
        texts: their words, B texts, "" for none.
        plain: h_T of the words as they are, the neutral vector for none, (B, D).
        encode: K texts -> h_T (K, D).
    """
    share = model.config.names_share
    if not share:
        return plain
    chances, numbers = model.name_sketch(sketches).topk(min(NAMES, len(model.config.drawn_names)))
    said = [
        f"a {model.config.drawn_names[number]} {text}".rstrip()
        for text, row in zip(texts, numbers.tolist(), strict=True)
        for number in row
    ]
    different = {text: place for place, text in enumerate(dict.fromkeys(said))}  # drawings share their names
    named = encode([*different])[[different[text] for text in said]].unflatten(0, (len(texts), -1))
    return plain + share * (chances[..., None] * (named - plain[:, None])).sum(1)
