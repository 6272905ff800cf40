"""Expressions kept compiled are the same expressions, and whatever happens to the file, they still work."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from gouji import pattern

_USE = """
import re
from gouji import pattern
from gouji.narrative import words  # dozens of expressions
made = pattern.compiled(r"(?P<年>20[0-9]{2})年|[一二三四五六七八九十]+月", re.IGNORECASE)
print(len(pattern._new), made == re.compile(made.pattern, re.IGNORECASE), made.match("2024年")["年"])
"""


def run(cache: Path, **settings: str) -> list[str]:
    """What a process says that keeps its byte code under ``cache``: how many it compiled, and two answers."""
    env = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    env |= {"PYTHONPYCACHEPREFIX": str(cache), "PYTHONIOENCODING": "utf-8", **settings}
    done = subprocess.run([sys.executable, "-c", _USE], env=env, capture_output=True, text=True, check=True)
    return done.stdout.split()


def kept_file(cache: Path) -> Path:
    """The one file of compiled expressions."""
    (file,) = cache.rglob("*.patterns")
    return file


def test_the_second_process_compiles_nothing(tmp_path: Path) -> None:
    first, second = run(tmp_path), run(tmp_path)
    assert int(first[0]) > 50
    assert second[0] == "0"
    assert first[1:] == second[1:] == ["True", "2024"]


def test_nothing_is_kept_where_python_keeps_no_byte_code(tmp_path: Path) -> None:
    run(tmp_path, PYTHONDONTWRITEBYTECODE="1")
    assert not list(tmp_path.rglob("*.patterns"))


@pytest.mark.parametrize("damage", [b"", b"not marshal", None])
def test_a_damaged_file_is_made_anew(tmp_path: Path, damage: bytes | None) -> None:
    run(tmp_path)
    file = kept_file(tmp_path)
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2] if damage is None else damage)
    assert int(run(tmp_path)[0]) > 50
    assert run(tmp_path) == ["0", "True", "2024"]


def test_a_kept_expression_equals_the_one_compiled_as_usual() -> None:
    from gouji.number import find, reading  # noqa: F401  # loaded for their expressions

    keys = [*pattern._table, *pattern._new]
    assert keys
    for text, flags in keys:
        assert pattern._kept((text, flags), pattern._code_of((text, flags))) == re.compile(text, flags)


def test_code_that_the_interpreter_refuses_is_compiled_as_usual(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(pattern._table, ("甲+", 0), (32, b"\xff\xff\xff\x00", 0, {}, (None,)))
    assert pattern.compiled("甲+").fullmatch("甲甲")


def test_an_expression_that_is_none_is_refused() -> None:
    with pytest.raises(re.error):
        pattern.compiled("(")
    assert ("(", 0) not in pattern._new
