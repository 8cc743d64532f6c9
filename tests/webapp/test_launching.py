import gradio as gr
from gradio.queueing import Queue

from webapp.examples import button_id, load_examples
from webapp.launching import MOST_SESSIONS, launch_options


def test_every_example_has_its_drawing_in_the_style_and_no_file() -> None:
    style, count = str(launch_options()["css"]), len(load_examples())
    assert all(style.count(f"#{button_id(place)}::before") == 1 for place in range(count))
    assert style.count("data:image/svg+xml,") == count
    assert "http:" not in style.replace("http://www.w3.org/2000/svg", "")


def test_calls_are_not_summed_up_for_a_monitor_that_is_not_there() -> None:
    with gr.Blocks(analytics_enabled=False) as page:
        pass
    queue = Queue(False, 1, 1, 1, page)
    queue.events_recorded = 10_000
    calls = [{"function": "search", "status": "success", "process_time": 1.0}]
    assert queue.compute_analytics_summary(calls) == {"functions": {}}


def test_what_is_kept_for_visitors_has_a_bound() -> None:
    with gr.Blocks(analytics_enabled=False) as page:
        pass
    page.launch(prevent_thread_lock=True, quiet=True, server_name="127.0.0.1", **launch_options())
    page.close(verbose=False)
    assert page.state_session_capacity == MOST_SESSIONS
    assert page.app.state_holder.capacity == MOST_SESSIONS
