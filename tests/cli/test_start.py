"""The plain check that is answered without the command line's library, and everything else that is not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gouji import cli, start

from .conftest import Run

EXAMPLES = Path(__file__).parents[2] / "examples"
BOOK, TEXT = str(EXAMPLES / "lusong-2024.xlsx"), str(EXAMPLES / "caidian-2023.txt")


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", BOOK, "--format", "json"],
        ["check", "--format=json", BOOK, TEXT],
        ["check", TEXT, "--format", "json", BOOK],
        ["check", "没有这个文件.xlsx", "--format", "json"],
        ["check", "", "--format", "json"],
    ],
)
def test_the_short_way_gives_the_bytes_and_the_status_of_the_long_one(
    arguments: list[str], gouji: Callable[..., Run], capsys: pytest.CaptureFixture[str]
) -> None:
    short = gouji(*arguments)
    status = cli.main(arguments)
    out, err = capsys.readouterr()
    assert (short.status, short.out, short.err) == (status, out, err)
    assert short.out.startswith("{")


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", BOOK],
        ["check", "--format", "json"],
        ["check", BOOK, "--format"],
        ["check", BOOK, "--format", "sarif"],
        ["check", BOOK, "--format", "json", "--quiet"],
        ["check", BOOK, "--format", "json", "--format", "text"],
        ["check", "--format", "json", "--", "-x.xlsx"],
        ["forms", BOOK, "--format", "json"],
        [],
    ],
)
def test_every_other_command_line_goes_the_long_way(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    def answer(given: object) -> int:
        asked.append(given)
        return 7

    monkeypatch.setattr(cli, "main", answer)
    assert start.main(arguments) == 7
    assert asked == [arguments]
