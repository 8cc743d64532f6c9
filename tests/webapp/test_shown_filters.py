import gradio as gr

from webapp.query import PageQuery
from webapp.shown_filters import FilterKeeper, ShownFilters, kept


def test_filters_come_back_as_they_went() -> None:
    query = PageQuery(None, "", 12, 0.0, "scenes", filters=(("light", "night"),))
    with gr.Blocks():
        keeper = FilterKeeper()
    sent = keeper.postprocess(kept(query))
    assert keeper.preprocess(sent) == ShownFilters("scenes", (("light", "night"),))
    assert keeper.preprocess({"gallery": None}) == ShownFilters(None, ())
    assert keeper.preprocess(None) is None
