import gradio as gr

from webapp.skip_link import TEXT, SkipLink


def test_two_links_on_one_page_are_told_apart_from_nothing_else() -> None:
    with gr.Blocks() as page:
        SkipLink()
        SkipLink()
    links = [part for part in page.blocks.values() if isinstance(part, SkipLink)]
    assert len(links) == 2
    assert all(TEXT in link.html_template and link.elem_id is None for link in links)
