#!/bin/sh
# Print a Python >= 3.11: the one that the caller names, else the first that runs. (A pyenv shim may exist and not run.)
set -u
works() { "$1" -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

if [ "$#" -gt 0 ]; then
    works "$1" && { echo "$1"; exit 0; }
    echo "PYTHON=$1 is not a Python >= 3.11 with venv: name another one." >&2
    exit 1
fi
for candidate in python3 python3.11 python3.12 python3.13 python3.14; do
    works "$candidate" && { echo "$candidate"; exit 0; }
done
echo "No Python >= 3.11 with venv was found. Install one (Debian: apt-get install python3 python3-venv; macOS: brew install python) or run: make setup PYTHON=/path/to/python3" >&2
exit 1
