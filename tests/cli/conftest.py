"""Running the command line as a user does: a process of its own, or the same function for speed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from gouji.start import main

EXAMPLES = Path(__file__).parents[2] / "examples"


@dataclass(frozen=True)
class Run:
    """What one call of the program gave."""

    status: int
    out: str
    err: str


@pytest.fixture
def gouji(capsys: pytest.CaptureFixture[str]) -> Callable[..., Run]:
    """The command line in this process."""

    def run(*arguments: str | Path) -> Run:
        status = main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return Run(status, out, err)

    return run


@pytest.fixture
def process() -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """The command line in a process of its own, with bytes in and out."""

    def run(
        *arguments: str | Path, given: bytes = b"", **environment: str
    ) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "gouji", *map(str, arguments)]
        env = {key: value for key, value in os.environ.items() if not key.startswith("GOUJI_")}
        return subprocess.run(command, input=given, capture_output=True, check=False, env=env | environment)

    return run


@pytest.fixture
def book() -> Path:
    """A workbook with known faults."""
    return EXAMPLES / "lusong-2024.xlsx"
