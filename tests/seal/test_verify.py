"""What a receiver is told of a package: whole or not, trusted or not, clean or not, and what changed."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest
import rfc8785
from openpyxl import load_workbook

from gouji.seal.bundle import pack
from gouji.seal.keys import SigningKey, load_key, new_key
from gouji.seal.manifest import MANIFEST, SIGNATURE, message, sha256
from gouji.seal.sealing import seal
from gouji.seal.verifying import verify
from gouji.write.package import Package
from tests.seal.conftest import EXAMPLES, MOMENT, Submission
from tests.seal.mutate import TAMPERINGS, honest, parts_of, zipped


def signed_anew(parts: dict[str, bytes], key: SigningKey, manifest: dict[str, object]) -> bytes:
    """The package with another manifest that is properly signed."""
    raw = rfc8785.dumps(manifest)  # type: ignore[arg-type]  # a number, as the caller made sure
    return pack(parts | {MANIFEST: raw, SIGNATURE: key.sign(message(raw))})


def test_a_package_as_it_was_sealed_is_whole_and_says_what_was_open(submission: Submission) -> None:
    found = verify(submission.data, "包.zip", submission.trust)
    assert (found.whole, found.trusted, found.exit_status) == (True, True, 1)
    assert found.sealed_as == "带问题封存：还有 3 处错误没有改正；警告 5 处"
    assert found.notices == ()


def test_the_same_submission_sealed_at_the_same_time_is_the_same_file(submission: Submission) -> None:
    again = seal(str(EXAMPLES / "lusong-2024.xlsx"), None, submission.key, moment=MOMENT)
    assert again.data == submission.data


def test_the_sealed_workbook_wears_its_cover_and_is_otherwise_as_it_was(submission: Submission) -> None:
    sealed = Package.open(parts_of(submission.data)["workbook.xlsx"])
    assert sealed.value("校验封面", "A1") == "勾稽校验封面"
    assert "带问题封存：还有 3 处错误没有改正" in str(sealed.value("校验封面", "A2"))
    original = Package.open(str(EXAMPLES / "lusong-2024.xlsx"))
    for sheet in original.worksheets:
        assert sealed.parts.read(sheet.part) == original.parts.read(sheet.part)


@pytest.mark.parametrize("tampering", TAMPERINGS, ids=lambda each: each.__name__)
def test_whatever_is_tampered_with_is_noticed(
    submission: Submission, tampering: Callable[[bytes, random.Random], bytes]
) -> None:
    """benchmarks/seal.py does the same two thousand times."""
    for seed in range(2 if tampering.__name__ == "cell_changed" else 12):
        draw = random.Random(seed)  # noqa: S311  # where to tamper, no secret
        found = verify(tampering(submission.data, draw), "包.zip", submission.trust)
        assert (found.whole, found.exit_status) == (False, 2), seed
        assert found.problems


def test_no_honest_repacking_is_rejected(submission: Submission) -> None:
    for how, data in honest(submission.data).items():
        found = verify(data, "改过名.zip", submission.trust)
        assert (found.whole, found.exit_status) == (True, 1), (how, found.problems)
        assert bool(found.notices) == (how != "as it was"), how


def test_what_changed_is_told_down_to_the_cell(submission: Submission) -> None:
    parts = parts_of(submission.data)
    book = load_workbook(io.BytesIO(parts["workbook.xlsx"]))
    book["基础数据表"]["F12"] = 492.73
    book["自评表"]["F15"] = None
    out = io.BytesIO()
    book.save(out)
    found = verify(zipped(parts | {"workbook.xlsx": out.getvalue()}), "包.zip", submission.trust)
    assert found.exit_status == 2
    told = [str(each) for _, each in found.changes]
    assert told == [
        "基础数据表 的 F12：封存时“492.91”，现在“492.73”",
        "自评表 的 F15：封存时“88人”，现在没有",
    ]


def test_a_stranger_is_not_trusted_and_his_fingerprint_is_shown(
    submission: Submission, tmp_path: Path
) -> None:
    found = verify(submission.data, "包.zip", ())
    assert (found.whole, found.trusted, found.exit_status) == (True, False, 2)
    assert submission.key.public.fingerprint in (found.distrust or "")
    new_key(tmp_path / "other.key", "某某局财务科")
    other = load_key(tmp_path / "other.key")
    assert verify(submission.data, "包.zip", (other.public,)).exit_status == 2


@pytest.mark.parametrize(
    ("manifest", "says"),
    [
        (b"", "规范"),
        (b"[]", "规范"),
        (b'{"schema": "gouji.seal/1"}', "规范"),
        (b'{"schema":"gouji.seal/1"}', "缺少内容"),
        (b'{"schema":"gouji.seal/9"}', "版本"),
        (b'{"schema":"gouji.seal/1","signer":{"algorithm":"sm2"}}', "sm2"),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, "规范"),
        (b"\xff", "规范"),
    ],
)
def test_a_manifest_that_is_none_is_refused(submission: Submission, manifest: bytes, says: str) -> None:
    parts = parts_of(submission.data) | {MANIFEST: manifest}
    found = verify(pack(parts), "包.zip", submission.trust)
    assert found.exit_status == 2
    assert says in found.problems[0]


def test_a_clean_report_put_in_by_a_trusted_sealer_is_seen_through_by_checking_again(
    submission: Submission,
) -> None:
    parts = parts_of(submission.data)
    manifest = json.loads(parts[MANIFEST])
    manifest["findings"] |= {"error": 0, "warning": 0, "sha256": sha256(b"[]")}
    manifest["status"] = "clean"
    data = signed_anew(parts, submission.key, manifest)
    assert verify(data, "包.zip", submission.trust).exit_status == 0
    found = verify(data, "包.zip", submission.trust, recheck=True)
    assert found.exit_status == 2
    assert "不一致" in found.problems[0]


def test_checking_again_finds_the_same_also_where_findings_are_accepted(
    key: SigningKey, tmp_path: Path
) -> None:
    book = tmp_path / "自评表.xlsx"
    book.write_bytes((EXAMPLES / "lusong-2024.xlsx").read_bytes())
    (tmp_path / "gouji.toml").write_text(
        '[[accept]]\nfile="自评表.xlsx"\nrule="GJ401"\nsheet="基础数据表"\ncell="D16"\n'
        'reason="原件如此"\nrole="财务科复核"\n[[accept]]\nfile="自评表.xlsx"\nrule="GJ999"\n',
        encoding="utf-8",
    )
    sealed = seal(str(book), None, key, moment=MOMENT)
    found = verify(sealed.data, "包.zip", (key.public,), recheck=True)
    assert found.exit_status == 1
    assert "重新检查，结果与封存时完全相同" in found.notices[-1]
    assert found.counts["accepted"] == 1
    cover = parts_of(sealed.data)["cover.txt"].decode("utf-8-sig")
    assert "财务科复核：原件如此" in cover


def test_another_set_of_rules_is_said_and_not_held_against_the_sealer(submission: Submission) -> None:
    parts = parts_of(submission.data)
    manifest = json.loads(parts[MANIFEST])
    manifest["rules"]["sha256"] = sha256(b"older rules")
    manifest["findings"]["sha256"] = sha256(b"older findings")
    found = verify(signed_anew(parts, submission.key, manifest), "包.zip", submission.trust, recheck=True)
    assert found.exit_status == 1
    assert "本机的规则与封存时" in found.notices[-1]


def test_a_part_name_that_leads_elsewhere_is_refused_even_when_signed(submission: Submission) -> None:
    parts = parts_of(submission.data)
    manifest = json.loads(parts[MANIFEST])
    manifest["parts"][0]["name"] = "../evil.txt"
    found = verify(signed_anew(parts, submission.key, manifest), "包.zip", submission.trust)
    assert found.exit_status == 2


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 18, zipped({"a.txt": b"x"})])
def test_what_is_no_package_is_no_package(data: bytes) -> None:
    found = verify(data, "别的.zip", ())
    assert found.exit_status == 2
    assert found.problems


def test_the_face_shows_the_beginning_of_what_the_manifest_states(submission: Submission) -> None:
    parts = parts_of(submission.data)
    cover, manifest = parts["cover.txt"].decode("utf-8-sig"), json.loads(parts[MANIFEST])
    assert f"校验结果指纹：{manifest['findings']['sha256'][:16]}" in cover
    assert f"SHA-256 {manifest['documents'][0]['sha256_before_cover'][:16]}" in cover
    assert submission.key.public.fingerprint in cover
    assert manifest["rules"]["sha256"][:16] in cover


def test_an_explanation_in_the_table_is_sealed_and_found_again(key: SigningKey, tmp_path: Path) -> None:
    package = Package.open(str(EXAMPLES / "lusong-2024.xlsx"))
    package.set_values("自评表", {"Z12": "# 说明", "Z14": "GJ107 财务科复核：年中追加任务"})
    book = tmp_path / "自评表.xlsx"
    book.write_bytes(package.to_bytes())
    sealed = seal(str(book), None, key, moment=MOMENT)
    found = verify(sealed.data, "包.zip", (key.public,), recheck=True)
    assert "重新检查，结果与封存时完全相同" in found.notices[-1]
    assert found.counts["accepted"] == 1
    assert "财务科复核：年中追加任务" in parts_of(sealed.data)["cover.txt"].decode("utf-8-sig")


@pytest.mark.parametrize(
    ("counts", "status", "exit_status"),
    [
        ({"error": 0, "warning": 5, "info": 2, "accepted": 2}, "findings", 0),
        ({"error": 0, "warning": 0, "info": 0, "accepted": 0}, "clean", 0),
        ({"error": 1, "warning": 0, "info": 0, "accepted": 0}, "findings", 1),
        ({"error": 0, "warning": 0, "info": 0, "accepted": 0}, "partial", 1),
    ],
)
def test_warnings_alone_are_clean_as_for_a_check(
    submission: Submission, counts: dict[str, int], status: str, exit_status: int
) -> None:
    parts = parts_of(submission.data)
    manifest = json.loads(parts[MANIFEST])
    manifest["findings"] |= counts
    manifest["status"] = status
    data = signed_anew(parts, submission.key, manifest)
    assert verify(data, "包.zip", submission.trust).exit_status == exit_status


@pytest.mark.parametrize(
    "override",
    [
        {"part": "workbook.xlsx", "used": True},
        {"part": "workbook.xlsx", "used": True, "number": 1, "rule": 5, "reason": "a", "role": "b"},
        {"part": "workbook.xlsx", "complaint": ["x"], "used": False},
    ],
)
def test_explanations_that_are_none_are_refused_when_checking_again(
    submission: Submission, override: dict[str, object]
) -> None:
    parts = parts_of(submission.data)
    manifest = json.loads(parts[MANIFEST])
    manifest["overrides"] = [override]
    found = verify(signed_anew(parts, submission.key, manifest), "包.zip", submission.trust, recheck=True)
    assert found.exit_status == 2
