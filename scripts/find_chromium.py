"""Find the Chromium that the browser tests drive; with --install, fetch one where there is none.

Prints the path of the executable. The order: $CHROMIUM, a Chromium or Chrome on PATH, the one of macOS,
Playwright's own.
"""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MACOS_CHROME = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
ADVICE = (
    "No Chromium runs here. Install one (or set CHROMIUM to its path) and run `make setup-browser` again."
)


def candidates() -> Iterator[str]:
    """Paths that may be a Chromium, best first; they need not exist."""
    if chosen := os.environ.get("CHROMIUM"):
        yield chosen
    yield from filter(None, map(shutil.which, NAMES))
    yield MACOS_CHROME
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    yield own


def runs(executable: str) -> bool:
    """Whether the file starts: a downloaded browser may lack system libraries, and Ubuntu's is a stub."""
    try:
        done = subprocess.run([executable, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def find_chromium() -> str | None:
    """The path of a Chromium that runs here, or None."""
    return next((path for path in candidates() if Path(path).is_file() and runs(path)), None)


def install_commands() -> Iterator[list[list[str]]]:
    """Ways to get a Chromium, each a list of commands, to be tried in turn until one that runs is found."""
    yield [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if os.name == "posix" and hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        yield [["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", "chromium"]]


def install_chromium() -> str | None:
    """Try each way to install one; the path of a Chromium that runs, or None."""
    environment = {
        "DEBIAN_FRONTEND": "noninteractive",
        "PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT": "10000",
        **os.environ,
    }
    for commands in install_commands():
        for command in commands:
            print("+", " ".join(command), file=sys.stderr)
            subprocess.run(command, env=environment, stdout=sys.stderr, check=False)
        if found := find_chromium():
            return found
    return None


def main(arguments: list[str] | None = None) -> int:
    """Command line: prints the path; 1 where there is no Chromium."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--install", action="store_true", help="fetch a Chromium where there is none")
    options = parser.parse_args(arguments)
    found = find_chromium()
    if found is None and options.install:
        found = install_chromium()
    print(found if found else ADVICE, file=sys.stdout if found else sys.stderr)
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main())
