"""Every check of this repository, one after the other; stops at the first that fails.

``make test`` and ``uv run python tools/test.py`` (Windows) are this; arguments go to pytest.
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
    """Runs all checks, the tests last; gives the exit status of the first that fails."""
    for check in CHECKS:
        status = run(*check)
        if status:
            return status
    return run("pytest", "-n", "2", *sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
