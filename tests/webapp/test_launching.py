from webapp.examples import button_id, load_examples
from webapp.launching import launch_options


def test_every_example_has_its_drawing_in_the_style_and_no_file() -> None:
    style, count = str(launch_options()["css"]), len(load_examples())
    assert all(style.count(f"#{button_id(place)}::before") == 1 for place in range(count))
    assert style.count("data:image/svg+xml,") == count
    assert "http:" not in style.replace("http://www.w3.org/2000/svg", "")
