"""A target is the old file or the new one, whole, whenever the writer dies."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gouji.write import saving
from gouji.write.package import Package
from tests.write.kit import rows, workbook

WRITER = """
import sys
from pathlib import Path
from gouji.write.saving import replace_whole
target, one, two = map(Path, sys.argv[1:4])
contents = one.read_bytes(), two.read_bytes()
print("ready", flush=True)
number = 0
while True:
    replace_whole(target, contents[number % 2])
    number += 1
"""


@pytest.mark.skipif(os.name == "nt", reason="kills a process the POSIX way")
def test_a_writer_killed_at_any_moment_leaves_a_whole_file(tmp_path: Path) -> None:
    one, two, target = tmp_path / "甲.bin", tmp_path / "乙.bin", tmp_path / "目标.xlsx"
    contents = [bytes([number]) * 300_000 for number in (1, 2)]
    one.write_bytes(contents[0])
    two.write_bytes(contents[1])
    target.write_bytes(contents[0])
    chance = random.Random(7)  # noqa: S311 # moments to kill at, not secrets
    for _ in range(8):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(target), str(one), str(two)], stdout=subprocess.PIPE
        ) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(chance.uniform(0, 0.03))
            writer.send_signal(signal.SIGKILL)
            writer.wait()
        assert target.read_bytes() in contents


def test_a_failed_write_leaves_the_old_file_and_no_litter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "表.xlsx"
    target.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        saving.replace_whole(target, b"new")
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_file_that_appears_meanwhile_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "表.xlsx"
    written = saving._written_beside

    def meanwhile(path: Path, data: bytes, mode: int | None) -> Path:
        path.write_bytes(b"theirs")
        return written(path, data, mode)

    monkeypatch.setattr(saving, "_written_beside", meanwhile)
    with pytest.raises(saving.OutputExistsError):
        saving.save_whole(target, b"ours")
    assert target.read_bytes() == b"theirs"
    assert list(tmp_path.iterdir()) == [target]


def test_old_litter_beside_a_target_is_swept(tmp_path: Path) -> None:
    target = tmp_path / "表[1].xlsx"
    old, fresh = (tmp_path / f".表[1].xlsx.{name}.gouji-tmp" for name in ("old", "fresh"))
    for path in (old, fresh):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    saving.replace_whole(target, b"whole")
    assert sorted(path.name for path in tmp_path.iterdir()) == [fresh.name, target.name]


@pytest.mark.skipif(os.name == "nt", reason="modes are a POSIX thing")
def test_modes_are_kept_and_new_files_get_the_usual_one(tmp_path: Path) -> None:
    package = Package.open(workbook({"表": rows("")}))
    old, new = tmp_path / "旧.xlsx", tmp_path / "新.xlsx"
    old.write_bytes(b"")
    old.chmod(0o640)
    package.save(old, force=True)
    package.save(new)
    plain = tmp_path / "plain"
    plain.write_bytes(b"")
    assert old.stat().st_mode & 0o777 == 0o640
    assert new.stat().st_mode == plain.stat().st_mode
