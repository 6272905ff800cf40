"""Trees of files to run over, and child processes that misbehave on files named so."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
MISBEHAVIOUR = """
import contextlib, os, socket, time
import gouji.batch.work as work

def perform(job, right=work.perform):
    for path in job.submission.files:
        if "慢" in path:
            time.sleep(0.1)
        if "卡住" in path:
            time.sleep(60)
        if "崩溃" in path:
            os.abort()
        if "联网" in path:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", int(path[2:-5])), 2).close()
        if "吃内存" in path:
            bytearray(4 << 30)
    return right(job)

work.perform = perform
"""


@pytest.fixture
def tree(tmp_path: Path) -> Callable[..., Path]:
    """A folder with copies of the examples under the names given (`民政局/自评表.xlsx`), or other content."""

    def make(*names: str, folder: str = "报送", **contents: bytes) -> Path:
        root = tmp_path / folder
        root.mkdir(exist_ok=True)
        for name in names:
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(EXAMPLES / f"lusong-2024{path.suffix}", path)
        for name, data in contents.items():
            (root / name.replace("_", ".")).write_bytes(data)
        return root

    return make


@pytest.fixture
def misbehaving(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Child processes hang, abort or eat memory on files whose names say so: a start-up file on their path makes them."""
    folder = tmp_path / "path"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(MISBEHAVIOUR, encoding="utf-8")
    monkeypatch.syspath_prepend(str(folder))
    return folder
