"""Inputs that once broke something, and the honest ones that fuzzing starts from, do no harm.

To look for more: ``make fuzz`` (tools/fuzz.py). What it finds is kept in regressions/<target>/ once it is mended.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.seeds import seeds
from tests.fuzz.shapes import SHAPES
from tests.fuzz.targets import TARGETS

KEPT = sorted(path for path in (Path(__file__).parent / "regressions").rglob("*") if path.is_file())


@pytest.mark.parametrize("path", KEPT, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_what_once_broke_something_does_no_more(path: Path) -> None:
    TARGETS[path.parent.name](path.read_bytes())


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_honest_inputs_pass(name: str) -> None:
    for data in seeds()[name][:2]:
        TARGETS[name](data)


@pytest.mark.filterwarnings("ignore:Duplicate name")  # doubled members are meant
@pytest.mark.parametrize("name", sorted(SHAPES))
def test_mutations_that_keep_the_shape_change_something_and_pass(name: str) -> None:
    made = {SHAPES[name](seeds()[name][0], 1 << 20, seed) for seed in range(8)}
    assert len(made) > 2
    for data in sorted(made)[:4]:
        TARGETS[name](data)


@settings(max_examples=20)
@given(data=st.binary(max_size=200))
def test_any_bytes_at_all_pass_the_cheap_targets(data: bytes) -> None:
    for name in ("archive", "ole", "number", "package"):
        TARGETS[name](data)
