import gradio as gr

from webapp.canvas import Sketch
from webapp.query import PageQuery
from webapp.shown_filters import FilterKeeper, ShownFilters, kept, may_guess


def test_filters_come_back_as_they_went() -> None:
    query = PageQuery(None, "", 12, 0.0, "scenes", filters=(("light", "night"),))
    with gr.Blocks():
        keeper = FilterKeeper()
    sent = keeper.postprocess(kept(query))
    assert keeper.preprocess(sent) == ShownFilters("scenes", (("light", "night"),))
    assert keeper.preprocess({"gallery": None}) == ShownFilters(None, ())
    assert keeper.preprocess(None) is None


def test_a_sketch_is_taken_for_nothing_until_it_changes() -> None:
    sketch = Sketch(((1, 2, 3, 4),))
    with gr.Blocks():
        keeper = FilterKeeper()
    shown, refused = (
        keeper.preprocess(kept(PageQuery(sketch, "on snow", 12, 0.0, guess=guess))) for guess in (True, False)
    )
    assert may_guess(sketch, None) and may_guess(sketch, shown)
    assert not may_guess(sketch, refused) and not may_guess(Sketch(((1, 2, 3, 4),)), refused)
    assert may_guess(Sketch(((1, 2, 3, 4), (5, 6))), refused) and may_guess(None, refused)
