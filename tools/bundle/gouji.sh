#!/bin/sh
# Runs gouji from this folder; installs it first where that was not done yet. -P: what lies in the current folder is
# no part of it.
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
if [ ! -f "$here/app/python.txt" ]; then
    python=""
    for name in python3.14 python3.13 python3.12 python3.11 python3; do
        if command -v "$name" >/dev/null 2>&1 && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
            python=$(command -v "$name")
            break
        fi
    done
    if [ -z "$python" ]; then
        echo "没有找到 Python 3.11 或更新的版本。" >&2
        exit 2
    fi
    "$python" "$here/install.py" >&2 || exit 2
fi
PYTHONPATH="$here/app" exec "$(cat "$here/app/python.txt")" -P -m gouji "$@"
