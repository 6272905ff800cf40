"""gouji key, gouji seal and gouji verify as a clerk and a bureau use them."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from gouji.start import main
from tests.seal.conftest import EXAMPLES
from tests.seal.mutate import parts_of, zipped

Gouji = Callable[..., tuple[int, str, str]]


@pytest.fixture
def gouji(capsys: pytest.CaptureFixture[str]) -> Gouji:
    """The command line in this process: status, output, errors."""

    def run(*arguments: str | Path) -> tuple[int, str, str]:
        status = main([str(argument) for argument in arguments])
        return (status, *capsys.readouterr())

    return run


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A workbook with known faults."""
    path = tmp_path / "自评表.xlsx"
    path.write_bytes((EXAMPLES / "lusong-2024.xlsx").read_bytes())
    return path


def test_from_the_key_to_the_receiver(gouji: Gouji, book: Path, tmp_path: Path) -> None:
    before = book.read_bytes()
    assert gouji("key", "new", "--name", "某某局财务科")[0] == 0
    report = EXAMPLES / "lusong-2024.docx"
    status, out, _ = gouji("seal", book, "--report", report)
    assert status == 1
    assert "带问题封存" in out
    package = tmp_path / "自评表.报送包.zip"
    assert book.read_bytes() == before
    with zipfile.ZipFile(package) as archive:
        assert {
            "manifest.json",
            "manifest.sig",
            "workbook.xlsx",
            "report.docx",
            "check.json",
            "check.html",
        } <= set(archive.namelist())
    status, out, _ = gouji("verify", package, "--recheck", "--extract", tmp_path / "取出")
    assert status == 1
    assert "完整，封存后没有改动；封存者：某某局财务科" in out
    assert "结果与封存时完全相同" in out
    taken = {path.name for path in (tmp_path / "取出").iterdir()}
    assert {"自评表.xlsx", "lusong-2024.docx", "校验封面.txt", "校验结果.json"} <= taken
    status, out, _ = gouji("verify", package, "--format", "json")
    told = json.loads(out)
    assert (told["whole"], told["trusted"], told["signer"]["name"]) == (True, True, "某某局财务科")


def test_a_receiver_trusts_a_key_after_comparing_fingerprints(
    gouji: Gouji, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gouji("key", "new", "--name", "某某局财务科")
    gouji("seal", book, "-o", tmp_path / "包.zip")
    public = tmp_path / "home" / "seal.pub"
    monkeypatch.setenv("GOUJI_HOME", str(tmp_path / "bureau"))
    status, out, _ = gouji("verify", tmp_path / "包.zip", "--extract", tmp_path / "取出")
    assert status == 2
    assert "不在信任名单里" in out
    assert not (tmp_path / "取出").exists()
    assert gouji("verify", tmp_path / "包.zip", "--trust", public)[0] == 1
    assert gouji("key", "trust", public)[0] == 0
    assert gouji("verify", tmp_path / "包.zip")[0] == 1
    assert "某某局财务科" in gouji("key", "show")[1]


def test_a_changed_package_is_sent_back(gouji: Gouji, book: Path, tmp_path: Path) -> None:
    gouji("key", "new", "--name", "某科")
    package = tmp_path / "包.zip"
    gouji("seal", book, "-o", package)
    package.write_bytes(zipped(parts_of(package.read_bytes()) | {"check.json": b"{}"}))
    status, out, _ = gouji("verify", package)
    assert status == 2
    assert "请退回重报" in out
    assert "check.json（校验结果.json）与封存时不同" in out
    assert "封存时：" not in out


def test_what_was_not_checked_is_not_sealed(gouji: Gouji, tmp_path: Path) -> None:
    gouji("key", "new", "--name", "某科")
    broken = tmp_path / "坏.xlsx"
    broken.write_bytes(b"PK\x03\x04")
    status, _, err = gouji("seal", broken)
    assert status == 2
    assert "没有封存" in err
    assert not (tmp_path / "坏.报送包.zip").exists()


def test_nothing_is_overwritten_and_no_key_is_no_seal(gouji: Gouji, book: Path, tmp_path: Path) -> None:
    status, _, err = gouji("seal", book)
    assert status == 2
    assert "gouji key new" in err
    gouji("key", "new", "--name", "某科")
    (tmp_path / "自评表.报送包.zip").write_bytes(b"mine")
    assert gouji("seal", book)[0] == 2
    assert (tmp_path / "自评表.报送包.zip").read_bytes() == b"mine"
    assert gouji("seal", book, "-o", book, "--force")[0] == 2
    assert gouji("seal", book, "--report", book, "-o", tmp_path / "x.zip")[0] == 2
    assert gouji("seal", book, "--form", "没有这种")[0] == 2
    assert gouji("key", "new", "--name", "某科")[0] == 2


def test_a_report_alone_and_a_signed_workbook_are_sealed_as_they_are(
    gouji: Gouji, book: Path, tmp_path: Path
) -> None:
    gouji("key", "new", "--name", "某科")
    assert gouji("seal", EXAMPLES / "lusong-2024.docx", "-o", tmp_path / "a.zip")[0] == 1
    parts = parts_of((tmp_path / "a.zip").read_bytes())
    assert parts["workbook.docx"] == (EXAMPLES / "lusong-2024.docx").read_bytes()
    assert gouji("verify", tmp_path / "a.zip", "--recheck")[0] == 1
    signed = parts_of(book.read_bytes())
    relation = (
        b'<Relationship Id="rIdS" Type="http://schemas.openxmlformats.org/package/2006/relationships/'
        b'digital-signature/origin" Target="_xmlsignatures/origin.sigs"/></Relationships>'
    )
    signed["_rels/.rels"] = signed["_rels/.rels"].replace(b"</Relationships>", relation)
    book.write_bytes(zipped(signed | {"_xmlsignatures/origin.sigs": b""}))
    status, out, _ = gouji("seal", book, "-o", tmp_path / "b.zip")
    assert status == 1
    assert "加不进校验封面" in out
    assert parts_of((tmp_path / "b.zip").read_bytes())["workbook.xlsx"] == book.read_bytes()


def test_sealing_a_sealed_workbook_again_leaves_one_cover(gouji: Gouji, book: Path, tmp_path: Path) -> None:
    gouji("key", "new", "--name", "某科")
    gouji("seal", book, "-o", tmp_path / "a.zip")
    book.write_bytes(parts_of((tmp_path / "a.zip").read_bytes())["workbook.xlsx"])
    gouji("seal", book, "-o", tmp_path / "b.zip")
    workbook = parts_of((tmp_path / "b.zip").read_bytes())["workbook.xlsx"]
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        assert archive.read("xl/workbook.xml").decode().count("校验封面") == 1
