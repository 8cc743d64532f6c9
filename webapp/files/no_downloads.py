"""Callers send files, never addresses: this server fetches nothing for anybody.

Gradio would download any public address that stands where a file is expected, and would hand on what is
behind /gradio_api/file=https://... . Neither can be switched off, so the functions that do it are replaced.
"""

from typing import NoReturn

import gradio as gr
import safehttpx
from gradio import processing_utils


def refuse_addresses() -> None:
    """Replace Gradio's downloads by refusals, in the whole process."""
    processing_utils.async_ssrf_protected_download = _refuse_download
    safehttpx.async_validate_url = _refuse_host


async def _refuse_download(url: str, cache_dir: str) -> NoReturn:
    raise gr.Error("Send the picture itself, not its address", print_exception=False)


async def _refuse_host(hostname: str) -> NoReturn:
    raise ValueError(f"{hostname} is not asked: this server fetches nothing")
