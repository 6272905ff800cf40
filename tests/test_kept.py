"""What is worked out of gouji's own files is kept between runs, and made anew whenever anything is in doubt."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from gouji import kept as module
from gouji.kept import kept


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Every source that ``made`` was asked to read; results are kept in a folder of their own."""
    monkeypatch.setattr(module, "_file", lambda name: tmp_path / f"{name}.kept")
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return []


def made(calls: list[bytes], source: bytes, name: str = "词典") -> object:
    def make(data: bytes) -> dict[str, int]:
        calls.append(data)
        return {"长度": len(data)}

    return kept(name, source, make)


def test_the_same_bytes_are_read_once(calls: list[bytes]) -> None:
    assert made(calls, b"abc") == made(calls, b"abc") == {"长度": 3}
    assert calls == [b"abc"]


def test_other_bytes_and_other_names_are_read_anew(calls: list[bytes]) -> None:
    made(calls, b"abc")
    assert made(calls, b"abcd") == {"长度": 4}
    made(calls, b"abcd", "另一个")
    assert calls == [b"abc", b"abcd", b"abcd"]


def test_a_broken_file_is_done_without(calls: list[bytes], tmp_path: Path) -> None:
    made(calls, b"abc")
    (tmp_path / "词典.kept").write_bytes(b"\x00broken")
    assert made(calls, b"abc") == {"长度": 3}
    assert len(calls) == 2


def test_nothing_is_written_where_python_writes_no_byte_code(
    calls: list[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert made(calls, b"abc") == {"长度": 3}
    assert not list(tmp_path.iterdir())


def test_a_mistake_in_the_source_is_told_every_time(calls: list[bytes]) -> None:
    def make(_data: bytes) -> None:
        raise ValueError("两个概念")

    for _ in range(2):
        with pytest.raises(ValueError, match="两个概念"):
            kept("词典", b"abc", make)
    assert not calls
