from webapp.examples import button_id, load_examples
from webapp.launching import launch_options


def test_every_example_has_its_drawing_in_the_style_and_no_file() -> None:
    style = str(launch_options()["css"])
    assert [style.count(f"#{button_id(place)}::before") for place in range(len(load_examples()))] == [1] * len(
        load_examples()
    )
    assert style.count("data:image/svg+xml,") == len(load_examples())
    assert "http:" not in style.replace("http://www.w3.org/2000/svg", "")
