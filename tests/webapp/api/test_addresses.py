from starlette.requests import Request

from webapp.api.addresses import base_address, file_address


def asking(*headers: tuple[str, str], root_path: str = "") -> Request:
    sent = [(name.encode(), value.encode()) for name, value in headers]
    return Request({"type": "http", "scheme": "http", "path": "/", "root_path": root_path, "headers": sent})


def test_files_are_where_the_request_was_sent_to() -> None:
    direct = asking(("host", "pictures.example:7860"))
    assert base_address(direct) == "http://pictures.example:7860"
    assert file_address(base_address(direct), "/a b/1.jpeg") == (
        "http://pictures.example:7860/gradio_api/file=/a%20b/1.jpeg"
    )


def test_behind_a_proxy_the_address_is_the_proxys() -> None:
    names = (("x-forwarded-proto", "https, http"), ("x-forwarded-host", "shown.example"), ("host", "inner"))
    assert base_address(asking(*names, root_path="/find/")) == "https://shown.example/find"
