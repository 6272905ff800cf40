"""Every check of this repository, one after the other, the tests last.

``make test`` and ``uv run python tools/test.py`` (Windows) are this; arguments go to pytest. All of them run
even where one fails, and pytest's summary is the last line; the exit status is that of the first failure.
"""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).parents[1]
BIN = Path(sysconfig.get_path("scripts"))
CHECKS = (
    ("ruff", "check"),
    ("ruff", "format", "--check"),
    ("mypy",),
    ("lint-imports", "--no-cache"),
)


def run(name: str, *arguments: str) -> int:
    """Runs one tool of this environment in the project's folder; gives its exit status."""
    print(f"$ {' '.join((name, *arguments))}", flush=True)
    return subprocess.run([str(BIN / name), *arguments], cwd=ROOT, check=False).returncode


def main() -> int:
    """Runs everything; gives the exit status of the first that fails, 0 where none does."""
    statuses = {" ".join(check): run(*check) for check in CHECKS}
    failed = [name for name, status in statuses.items() if status]
    if failed:
        print(f"failed before the tests: {', '.join(failed)}", flush=True)
    statuses["pytest"] = run("pytest", "-n", "2", *sys.argv[1:])
    return next((status for status in statuses.values() if status), 0)


if __name__ == "__main__":
    sys.exit(main())
