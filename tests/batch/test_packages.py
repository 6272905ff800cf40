"""Submission packages dropped into the folder of a batch: verified, then checked by the rules of here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pytest

from gouji.acceptance import FILE
from gouji.cli import main
from gouji.seal.keys import add_trusted, default_trust, load_key, new_key
from gouji.seal.sealing import seal
from tests.batch.conftest import EXAMPLES
from tests.seal.mutate import parts_of, zipped

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "docs/schema/gouji.batch-1.json").read_text(encoding="utf-8")
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A good package with an explanation, the same changed on its way, a stranger's, and a zip file that is none."""
    monkeypatch.setenv("GOUJI_HOME", str(tmp_path / "home"))
    made = tmp_path / "报送"
    sealed = tmp_path / "封存"
    for each in (made, sealed):
        each.mkdir()
    book = sealed / "自评表.xlsx"
    book.write_bytes((EXAMPLES / "lusong-2024.xlsx").read_bytes())
    (sealed / FILE).write_text(
        '[[accept]]\nfile="自评表.xlsx"\nrule="GJ401"\nsheet="基础数据表"\ncell="D16"\nreason="原件如此"\nrole="复核岗"\n',
        encoding="utf-8",
    )
    for name in ("known", "other"):
        new_key(tmp_path / f"{name}.key", "某某局财务科")
    key = load_key(tmp_path / "known.key")
    add_trusted(default_trust(), (key.public,))
    whole = seal(str(book), str(EXAMPLES / "lusong-2024.docx"), key).data
    (made / "甲局自评表.报送包.zip").write_bytes(whole)
    (made / "乙局.zip").write_bytes(zipped(parts_of(whole) | {"check.json": b"{}"}))
    (made / "丙局.zip").write_bytes(seal(str(book), None, load_key(tmp_path / "other.key")).data)
    (made / "照片.zip").write_bytes(zipped({"1.jpg": b"x"}))
    return made


def results(out: Path) -> dict[str, dict[str, Any]]:
    content = json.loads((out / "结果.json").read_bytes())
    jsonschema.validate(content, SCHEMA)
    return {each["name"]: each for each in content["submissions"]}


def test_packages_are_verified_and_those_that_are_good_are_checked(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "结果"
    command = ["batch", str(folder), "-o", str(out), "--annotate", "-q"]
    assert main(command) == 1
    command += ["--resume", "--no-summary"]
    found = results(out)
    assert set(found) == {"甲局", "乙局", "丙局"}
    [good] = found["甲局"]["documents"]
    assert (good["path"], good["status"], good["form"]) == (
        "甲局自评表.报送包.zip",
        "findings",
        "hunan-2024",
    )
    inside = {each["location"]["document"] for each in good["findings"]}
    assert inside == {"甲局自评表.报送包.zip/自评表.xlsx", "甲局自评表.报送包.zip/lusong-2024.docx"}
    assert [each["accepted"]["role"] for each in good["findings"] if each.get("accepted")] == ["复核岗"]
    assert found["甲局"]["package"]["signer"] == "某某局财务科"
    assert {each["path"] for each in found["甲局"]["copies"]} == {
        "批注/甲局自评表.报送包.zip/自评表.xlsx",
        "批注/甲局自评表.报送包.zip/lusong-2024.docx",
    }
    for name, says in (("乙局", "check.json"), ("丙局", "不在信任名单里")):
        [bad] = found[name]["documents"]
        assert bad["status"] == "not_checked"
        assert says in bad["reason"]["text"]
    book = openpyxl.load_workbook(out / "汇总.xlsx")
    assert [row[2].value for row in book["报送包"].iter_rows(min_row=2, max_row=4)][-3:] == [
        "封存者不可信",
        "不完整",
        "完整可信",
    ]

    capsys.readouterr()
    assert main(command) == 1
    assert "3 个单位没有变化" in capsys.readouterr().out
    add_trusted(default_trust(), (load_key(tmp_path / "other.key").public,))
    assert main(command) == 1
    assert results(out)["丙局"]["documents"][0]["status"] == "findings"


def test_what_the_sender_explained_can_be_left_aside(folder: Path, tmp_path: Path) -> None:
    (folder / "自评表.xlsx").write_bytes((EXAMPLES / "lusong-2024.xlsx").read_bytes())
    (folder / FILE).write_text(
        '[[accept]]\nfile="自评表.xlsx"\nrule="GJ401"\ncell="D16"\nreason="原件如此"\nrole="复核岗"\n',
        encoding="utf-8",
    )
    out = tmp_path / "结果"
    assert main(["batch", str(folder), "-o", str(out), "--no-accept", "--no-summary", "-q"]) == 1
    for each in results(out).values():
        for document in each["documents"]:
            assert not [found for found in document["findings"] if found.get("accepted")]
