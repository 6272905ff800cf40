"""Old Word files: converted by LibreOffice where it is, else plainly refused."""

from __future__ import annotations

import shutil
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from gouji.source import Limits, read, read_bytes
from gouji.source.document import ReasonCode
from tests.source.build import compound, refusal, report_parts, saved, texts, zipped


def word(flags: int = 0) -> bytes:
    """The beginning of a WordDocument stream."""
    return struct.pack("<5HH", 0xA5EC, 0x00C1, 0, 0x0804, 0, flags)


def test_without_libreoffice_the_refusal_tells_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOUJI_SOFFICE", "")
    reason = refusal(compound({"WordDocument": word()}), "报告.wps")
    assert reason.code is ReasonCode.UNSUPPORTED
    assert ".docx" in reason.text


def test_a_protected_document_is_encrypted() -> None:
    assert refusal(compound({"WordDocument": word(0x0100)}), "报告.doc").code is ReasonCode.ENCRYPTED


def test_a_document_without_its_magic_number_is_unreadable() -> None:
    assert refusal(compound({"WordDocument": b"nothing of Word"}), "报告.doc").code is ReasonCode.UNREADABLE


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in programs are shell scripts")
@pytest.mark.parametrize(
    ("script", "code"),
    [("exit 1", ReasonCode.UNREADABLE), ("sleep 60 & wait", ReasonCode.TIMEOUT)],
)
def test_a_conversion_that_fails_or_hangs_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, code: ReasonCode
) -> None:
    program = saved(tmp_path, "soffice", f"#!/bin/sh\n{script}\n".encode())
    program.chmod(0o755)
    monkeypatch.setenv("GOUJI_SOFFICE", str(program))
    assert refusal(compound({"WordDocument": word()}), "报告.doc", Limits(seconds=0.3)).code is code


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in program is a shell script")
def test_the_program_sees_a_profile_of_its_own_and_no_name_of_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = saved(tmp_path, "result.docx", zipped(report_parts("<w:p><w:r><w:t>转换</w:t></w:r></w:p>")))
    program = saved(
        tmp_path,
        "soffice",
        f'#!/bin/sh\necho "$@" > {tmp_path}/arguments\nmkdir out\ncp {result} out/in.docx\n'.encode(),
    )
    program.chmod(0o755)
    monkeypatch.setenv("GOUJI_SOFFICE", str(program))
    document = read_bytes(compound({"WordDocument": word()}), "某某局报告.doc")
    assert (document.kind, document.paragraphs[0].text) == ("doc", "转换")
    arguments = (tmp_path / "arguments").read_text(encoding="utf-8")
    assert "--headless" in arguments
    assert "-env:UserInstallation=file://" in arguments
    assert "某某局" not in arguments


@pytest.mark.office
def test_a_real_old_word_file_reads_like_the_new_one(tmp_path: Path) -> None:
    from docx import Document

    made = Document()
    made.add_paragraph("自评报告正文")
    table = made.add_table(2, 3)
    for column, text in enumerate(("项目", "预算数", "执行数")):
        table.cell(0, column).text = text
    table.cell(1, 0).merge(table.cell(1, 1)).text = "合计"
    table.cell(1, 2).text = "643.14"
    # Without a paragraph behind it, LibreOffice loses the table on the way to .doc.
    made.add_paragraph("完")
    made.save(str(tmp_path / "报告.docx"))
    program = shutil.which("soffice") or shutil.which("libreoffice")
    assert program is not None
    subprocess.run(
        [
            program,
            "--headless",
            f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
            "--convert-to",
            "doc",
            "--outdir",
            str(tmp_path),
            str(tmp_path / "报告.docx"),
        ],
        check=True,
        capture_output=True,
    )
    (tmp_path / "报告.doc").rename(tmp_path / "报告.wps")
    document = read(tmp_path / "报告.wps")
    assert document.kind == "wps"
    assert document.paragraphs[0].text == "自评报告正文"
    assert texts(document.grids[0]) == [["项目", "预算数", "执行数"], ["合计", "合计", "643.14"]]
