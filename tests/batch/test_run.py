"""A run: one bad file harms nobody else, the output never depends on how it came about, nothing is done twice."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from gouji.batch.discover import Submission
from gouji.batch.guard import UnseenFolderError, guarded
from gouji.batch.job import Asked, Job
from gouji.batch.ledger import LEDGER, Ledger, LedgerBusyError, basis_of
from gouji.batch.run import RESULTS, Options, OutputTakenError, run
from gouji.cli import main

ROOT = Path(__file__).parents[2]
Tree = Callable[..., Path]


def _documents(out: Path) -> dict[str, dict[str, Any]]:
    results = json.loads((out / RESULTS).read_bytes())
    return {one["path"]: one for each in results["submissions"] for one in each["documents"]}


def _content(out: Path) -> dict[str, bytes]:
    return {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*") if path.is_file()}


@pytest.mark.usefixtures("misbehaving")
def test_a_file_that_crashes_hangs_or_eats_memory_is_told_and_harms_nobody(
    tree: Tree, tmp_path: Path
) -> None:
    root = tree(
        "崩溃.xlsx", "卡住.xlsx", "吃内存.xlsx", "好.xlsx", "民政局/自评表.xlsx", "民政局/崩溃报告.docx"
    )
    run(Options(root, tmp_path / "out", workers=2, seconds=4, megabytes=600, quiet=True))
    found = _documents(tmp_path / "out")
    assert {path: (one["reason"] or {}).get("code") for path, one in found.items()} == {
        "崩溃.xlsx": "unreadable",
        "卡住.xlsx": "timeout",
        "吃内存.xlsx": "too-large",
        "好.xlsx": None,
        "民政局/自评表.xlsx": None,
        "民政局/崩溃报告.docx": "unreadable",
    }
    assert found["好.xlsx"]["findings"]
    assert len(found["好.xlsx"]["findings"]) == len(found["民政局/自评表.xlsx"]["findings"])
    assert "SIGABRT" in found["崩溃.xlsx"]["reason"]["text"]


@pytest.mark.usefixtures("misbehaving")
def test_the_processes_that_open_files_have_no_network(tree: Tree, tmp_path: Path) -> None:
    able = "import sys; from gouji.process import leave_the_network; sys.exit(not leave_the_network())"
    if subprocess.run([sys.executable, "-c", able], check=False).returncode:
        pytest.skip("this system does not let a process give up its network")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        root = tree(f"联网{server.getsockname()[1]}.xlsx")
        run(Options(root, tmp_path / "out", quiet=True))
        [found] = _documents(tmp_path / "out").values()
        assert found["status"] == "findings"
        with pytest.raises(TimeoutError):
            server.accept()


def test_the_output_is_the_same_whatever_the_number_of_workers_and_the_way_there(
    tree: Tree, tmp_path: Path
) -> None:
    root = tree("甲局.xlsx", "乙局/自评表.xlsx", "乙局/自评报告.docx", 坏_xlsx=b"PK\x03\x04 no workbook")
    asked = Asked(annotate=True, recalc=True, fix=True)
    one, other = tmp_path / "一", tmp_path / "二"
    run(Options(root, one, asked, workers=1, quiet=True))
    run(Options(root, other, asked, workers=3, quiet=True))
    whole = _content(one)
    assert whole == _content(other)
    assert {"批注/甲局.xlsx", "修改/甲局.xlsx", "批注/乙局/自评表.xlsx", "批注/乙局/自评报告.docx"} <= set(
        whole
    )

    lines = (other / LEDGER).read_bytes().splitlines(keepends=True)
    (other / LEDGER).write_bytes(lines[0] + lines[1][:-40])  # the power went in the middle of a line
    (other / "批注" / "甲局.xlsx").unlink()
    again = run(Options(root, other, asked, resume=True, quiet=True))
    assert again.kept == 1
    assert whole == _content(other)


def test_resuming_pays_only_for_what_changed(tree: Tree, tmp_path: Path) -> None:
    root = tree("甲局.xlsx", "乙局.xlsx")
    options = Options(root, tmp_path / "out", quiet=True)
    run(options)
    (root / "乙局.xlsx").write_bytes(b"another file")
    assert run(Options(root, options.out, resume=True, quiet=True)).kept == 1
    assert _documents(options.out)["乙局.xlsx"]["status"] == "not_checked"
    assert run(Options(root, options.out, Asked(select=("GJ2",)), resume=True, quiet=True)).kept == 0
    with pytest.raises(OutputTakenError):
        run(options)


def test_explanations_beside_a_file_are_part_of_what_a_result_depends_on(tree: Tree, tmp_path: Path) -> None:
    root = tree("甲局.xlsx")
    options = Options(root, tmp_path / "out", quiet=True)
    run(options)
    (root / "gouji.toml").write_text('[[accept]]\nfile = "甲局.xlsx"\nrule = "GJ999"\n', encoding="utf-8")
    resumed = Options(root, options.out, resume=True, quiet=True)
    assert run(resumed).kept == 0
    assert "GJ001" in {each["code"] for each in _documents(options.out)["甲局.xlsx"]["findings"]}
    assert run(resumed).kept == 1


def test_two_runs_do_not_write_to_one_place(tmp_path: Path) -> None:
    with Ledger(tmp_path, basis_of(Asked()), fresh=True), pytest.raises(LedgerBusyError):
        Ledger(tmp_path, basis_of(Asked()), fresh=True)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("how", ["SIGKILL", "SIGINT"])
def test_a_run_broken_off_is_gone_on_with(tree: Tree, tmp_path: Path, misbehaving: Path, how: str) -> None:
    root = tree(
        *(f"慢{number}局.xlsx" for number in range(12))
    )  # some are left when the signal comes, however late
    out = tmp_path / "out"
    command = [sys.executable, "-m", "gouji", "batch", str(root), "-o", str(out), "-j1", "--no-summary"]
    path = os.pathsep.join([str(misbehaving), *filter(None, sys.path)])
    with subprocess.Popen(command, env={**os.environ, "PYTHONPATH": path}, stderr=subprocess.PIPE) as process:
        end = time.monotonic() + 30
        while time.monotonic() < end:
            with contextlib.suppress(OSError):
                if (out / LEDGER).read_bytes().count(b"\n") >= 2:
                    break
            time.sleep(0.02)
        process.send_signal(getattr(signal, how))
        told = process.communicate()[1].decode()
    assert not (out / RESULTS).exists()
    if how == "SIGINT":
        assert process.returncode == 130
        assert "--resume" in told
    broken_off = (out / LEDGER).read_bytes()
    done = run(Options(root, out, resume=True, quiet=True))
    assert done.kept >= 2
    assert (out / LEDGER).read_bytes().startswith(broken_off[: broken_off.rindex(b"\n")])
    assert len(_documents(out)) == 12


def test_last_years_files_are_held_against_this_years_and_the_results_follow_their_schema(
    tree: Tree, tmp_path: Path
) -> None:
    root = tree("甲局.xlsx", 丙局_xlsx=b"", a_pdf=b"")
    prior = tree("甲局2023.xlsx", folder="上年")
    run(Options(root, tmp_path / "out", Asked(fix=True), prior=prior, quiet=True))
    results = json.loads((tmp_path / "out" / RESULTS).read_bytes())
    records = {one["id"]: one for one in results["submissions"]}
    assert [one["path"] for one in records["甲局.xlsx"]["prior"]] == ["../上年/甲局2023.xlsx"]
    assert records["丙局.xlsx"]["prior"] == []
    assert len(records["甲局.xlsx"]["documents"]) == 1
    jsonschema.validate(results, json.loads((ROOT / "docs/schema/gouji.batch-1.json").read_bytes()))


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["没有"], "没有这个文件夹"),
        (["报送/甲局.xlsx"], "gouji check"),
        (["报送", "-o", "报送"], "换一个"),
        (["报送", "--resume", "--force"], "只能用一个"),
        (["报送", "--select", "GJ9999"], "GJ9999"),
        (["报送", "--form", "火星-2099"], "火星-2099"),
        (["报送", "--scheduler", "tcp://127.0.0.1:1", "--no-summary"], "连不上调度器"),
    ],
)
def test_wrong_usage_is_told_in_chinese(
    tree: Tree,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    arguments: list[str],
    told: str,
) -> None:
    tree("甲局.xlsx")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("gouji.batch.executors._CONNECT_SECONDS", 0.2)
    assert main(["batch", *arguments]) == 2
    assert told in capsys.readouterr().err


def test_a_folder_without_anything_to_check_is_not_clean(
    tree: Tree, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tree(说明_pdf=b"%PDF")
    assert main(["batch", str(root), "-o", str(tmp_path / "out"), "--no-summary", "-q"]) == 2
    assert "没有可以检查的文件" in capsys.readouterr().err


def test_a_machine_that_does_not_see_the_folders_says_so_instead_of_blaming_the_files(tmp_path: Path) -> None:
    job = Job(Submission("甲.xlsx", "甲", "", ("甲.xlsx",)), str(tmp_path / "没有"), str(tmp_path), Asked())
    with pytest.raises(UnseenFolderError, match="没有"):
        guarded(job)
