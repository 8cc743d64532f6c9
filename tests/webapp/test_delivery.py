import gradio as gr

from webapp.delivery import DELIVERED, Delivery


def test_what_is_delivered_is_passed_on_as_it_is() -> None:
    with gr.Blocks():
        delivery = Delivery()
    value = {"to": "results", "pictures": []}
    assert delivery.postprocess(value) is value and delivery.postprocess(None) is None
    assert f'"{DELIVERED}"' in str(delivery.js_on_load)
