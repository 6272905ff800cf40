"""What is refused before any parser sees it, and under which code."""

from __future__ import annotations

import re
import struct
import zipfile
from pathlib import Path

import pytest

from gouji.frozen import replace
from gouji.source import Limits, read, read_bytes
from gouji.source.document import ReasonCode, SourceRefusedError
from gouji.source.limits import own_limits
from gouji.write.package import Package
from tests.source.build import (
    book_parts,
    compound,
    record,
    refusal,
    report_parts,
    rows,
    saved,
    workbook_stream,
    zipped,
)

CELL = rows('<c r="A1"><v>1</v></c>')
GOOD = zipped(book_parts(CELL))
DOCTYPE = '<!DOCTYPE a [<!ENTITY b "c">]>'


def with_part(name: str, data: bytes | str) -> bytes:
    return zipped(book_parts(CELL) | {name: data})


@pytest.mark.parametrize(
    ("data", "name", "code", "says"),
    [
        (b"", "空.xlsx", ReasonCode.UNREADABLE, "空文件"),
        (b"\0" * 900, "空.xlsx", ReasonCode.UNREADABLE, "空文件"),
        (b"<html><body><table></table></body></html>", "导出.xls", ReasonCode.UNSUPPORTED, "网页"),
        ("\ufeff<!DOCTYPE HTML>\n<html>".encode(), "导出.xls", ReasonCode.UNSUPPORTED, "网页"),
        ("<html>".encode("utf-16"), "导出.xls", ReasonCode.UNSUPPORTED, "网页"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart", "导出.xls", ReasonCode.UNSUPPORTED, "网页"),
        (b'<?xml version="1.0"?><Workbook/>', "导出.xls", ReasonCode.UNSUPPORTED, "XML"),
        (b"a\tb\tc\n1\t2\t3\n", "导出.xls", ReasonCode.UNSUPPORTED, "纯文本"),
        (b"%PDF-1.7", "报告.pdf", ReasonCode.UNSUPPORTED, "PDF"),
        (b"{\\rtf1", "报告.doc", ReasonCode.UNSUPPORTED, "RTF"),
        (b"\x09\x04\x06\x00\x00\x00\x10\x00", "老.xls", ReasonCode.UNSUPPORTED, "4.0"),
        (b"\x89PNG\r\n\x1a\n", "图.xlsx", ReasonCode.UNSUPPORTED, "图片"),
        (b"\x01\x02\x03" * 100, "坏.xlsx", ReasonCode.UNREADABLE, "损坏"),
        (zipped({"a.txt": "x"}), "包.xlsx", ReasonCode.UNSUPPORTED, "压缩包"),
        (
            zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a/>"}),
            "表.ods",
            ReasonCode.UNSUPPORTED,
            "OpenDocument",
        ),
        (zipped({"xl/workbook.bin": b"x"}), "表.xlsb", ReasonCode.UNSUPPORTED, "xlsb"),
        (zipped({"ppt/presentation.xml": "<p/>"}), "稿.pptx", ReasonCode.UNSUPPORTED, "演示文稿"),
        (compound({"EncryptedPackage": b"x"}), "密.xlsx", ReasonCode.ENCRYPTED, "密码"),
        (compound({"PowerPoint Document": b"x"}), "稿.ppt", ReasonCode.UNSUPPORTED, "演示文稿"),
        (compound({"Workbook": b"x"}), "坏.xls", ReasonCode.UNREADABLE, "损坏"),
        (GOOD[: len(GOOD) // 2], "半.xlsx", ReasonCode.UNREADABLE, "截断"),
        (GOOD[:-30], "半.xlsx", ReasonCode.UNREADABLE, "截断"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 300, "半.xls", ReasonCode.UNREADABLE, "损坏"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(
    data: bytes, name: str, code: ReasonCode, says: str
) -> None:
    reason = refusal(data, name)
    assert reason.code is code
    assert says in reason.text


def test_the_content_decides_and_not_the_name() -> None:
    assert read_bytes(GOOD, "名字.xls").kind == "xlsx"
    assert read_bytes(GOOD, "名字.docx").kind == "xlsx"
    assert read_bytes(zipped(report_parts("<w:p/>")), "名字.xlsx").kind == "docx"


@pytest.mark.parametrize(
    ("content_type", "kind"),
    [
        ("application/vnd.ms-excel.sheet.macroEnabled.main+xml", "xlsm"),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml", "xltx"),
        ("application/vnd.ms-excel.template.macroEnabled.main+xml", "xltm"),
        ("application/something.else", "xlsx"),
    ],
)
def test_the_kind_of_workbook_is_told_by_its_content_type(content_type: str, kind: str) -> None:
    assert read_bytes(zipped(book_parts(CELL, content_type=content_type)), "表.xlsx").kind == kind


@pytest.mark.parametrize(
    "part",
    [
        f"{DOCTYPE}<a/>",
        f'<?xml version="1.0"?>\n<!-- x -->{DOCTYPE}<a>&b;</a>',
        f"{DOCTYPE}<a/>".encode("utf-16"),
        f"{DOCTYPE}<a/>".encode("utf-16-le"),
        f"{DOCTYPE}<a/>".encode("utf-16-be"),
        f'<?xml version="1.0" encoding="UTF-16"?>{DOCTYPE}<a/>'.encode("utf-16"),
    ],
)
@pytest.mark.parametrize(
    "name", ["xl/theme/theme1.xml", "xl/worksheets/sheet1.xml", "_rels/.rels", "x/y.vml"]
)
def test_a_document_type_in_any_part_is_hostile(name: str, part: bytes | str) -> None:
    assert refusal(with_part(name, part)).code is ReasonCode.HOSTILE


def test_the_words_of_a_document_type_inside_a_text_are_harmless() -> None:
    said = '<c r="A1" t="inlineStr"><is><t><![CDATA[<!DOCTYPE a> <!ENTITY b>]]></t></is></c>'
    assert (
        read_bytes(zipped(book_parts(rows(said))), "表.xlsx").grids[0].text(0, 0)
        == "<!DOCTYPE a> <!ENTITY b>"
    )


def test_an_encoding_that_could_hide_markup_is_not_read() -> None:
    hidden = b'<?xml version="1.0" encoding="cp037"?>' + f"{DOCTYPE}<a/>".encode("cp037")
    assert refusal(with_part("xl/theme/theme1.xml", hidden)).code is ReasonCode.UNREADABLE


@pytest.mark.parametrize(
    "name",
    ["../evil.xml", "xl/../../evil.xml", "/etc/passwd", "C:/evil.xml", "..\\evil.xml", "\\\\host\\evil"],
)
def test_a_part_name_that_leads_out_of_the_package_is_hostile(name: str) -> None:
    assert refusal(with_part(name, "x")).code is ReasonCode.HOSTILE


def test_backslashes_between_folders_are_read_as_slashes() -> None:
    # The standard library would turn them itself where the system's own separator is one.
    parts = {name.replace("/", "\\"): data for name, data in book_parts(CELL).items()}
    assert read_bytes(zipped(parts), "表.xlsx").grids[0].text(0, 0) == "1"


@pytest.mark.parametrize("second", ["xl/workbook.xml", "XL/Workbook.xml", "xl\\workbook.xml"])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_parts_of_one_name_are_hostile(tmp_path: Path, second: str) -> None:
    path = saved(tmp_path, "两个.xlsx", GOOD)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(second, "<workbook/>")
    assert refusal(path.read_bytes()).code is ReasonCode.HOSTILE


def test_two_names_for_one_part_are_hostile() -> None:
    data = bytearray(GOOD)
    at = data.index(b"xl/styles.xml")  # in front of the part itself; the directory still says styles
    data[at : at + 13] = b"xl/stylez.xml"
    assert refusal(bytes(data)).code is ReasonCode.HOSTILE


def central(data: bytes | bytearray, name: bytes) -> int:
    """Where the directory's entry for a part starts."""
    return data.rindex(name) - 46


def test_a_part_that_inflates_to_more_than_it_says_is_hostile() -> None:
    data = bytearray(with_part("xl/theme/theme1.xml", b"<a>" + b" " * 5000 + b"</a>"))
    struct.pack_into("<I", data, central(data, b"xl/theme/theme1.xml") + 24, 100)
    assert refusal(bytes(data)).code is ReasonCode.HOSTILE


def test_a_part_that_inflates_to_less_than_it_says_is_damaged() -> None:
    data = bytearray(with_part("xl/theme/theme1.xml", "<a/>"))
    struct.pack_into("<I", data, central(data, b"xl/theme/theme1.xml") + 24, 100)
    assert refusal(bytes(data)).code is ReasonCode.UNREADABLE


def test_a_part_whose_checksum_does_not_fit_is_damaged() -> None:
    data = bytearray(GOOD)
    struct.pack_into("<I", data, central(data, b"xl/styles.xml") + 16, 12345)
    assert refusal(bytes(data)).code is ReasonCode.UNREADABLE


def test_parts_that_share_bytes_are_hostile() -> None:
    data = bytearray(zipped({"xl/a.xml": b"<a/>" * 9, "xl/b.xml": b"<a/>" * 9}, method=zipfile.ZIP_STORED))
    first, second = central(data, b"xl/a.xml"), central(data, b"xl/b.xml")
    data[first + 20 : first + 28] = struct.pack("<2I", 60, 60)
    assert second > first
    assert refusal(bytes(data)).code is ReasonCode.HOSTILE


def test_an_encrypted_zip_is_encrypted() -> None:
    data = bytearray(GOOD)
    data[central(data, b"xl/styles.xml") + 8] |= 1
    assert refusal(bytes(data)).code is ReasonCode.ENCRYPTED


def test_another_compression_is_unsupported() -> None:
    data = zipped(book_parts(CELL), method=zipfile.ZIP_BZIP2)
    assert refusal(data).code is ReasonCode.UNSUPPORTED


def test_bytes_in_front_of_the_package_do_not_matter() -> None:
    shifted = b"PK\x03\x04 junk" + GOOD
    assert read_bytes(shifted, "表.xlsx").grids[0].text(0, 0) == "1"


def test_a_bomb_is_hostile_before_it_is_inflated() -> None:
    bomb = with_part("xl/media/image1.bin", b"\0" * 20_000_000)
    assert refusal(bomb).code is ReasonCode.HOSTILE


@pytest.mark.parametrize(
    ("limits", "data"),
    [
        (Limits(file_bytes=100), GOOD),
        (Limits(parts=3), GOOD),
        (Limits(total_bytes=500), GOOD),
        (Limits(xml_bytes=500), GOOD),
        (Limits(part_bytes=50), GOOD),
        (Limits(cells=2), zipped(book_parts(rows("<c><v>1</v></c>" * 3)))),
        (Limits(text_chars=10), zipped(book_parts(rows('<c t="str"><v>' + "长" * 11 + "</v></c>")))),
        (Limits(text_chars=10), zipped(book_parts(CELL, strings=["<t>长长长长长长</t>"] * 2))),
        (Limits(formula_chars=10), zipped(book_parts(rows("<c><f>SUM(A1:A99)</f></c>" * 2)))),
        (Limits(tree_tags=20), zipped(book_parts(rows("<c/>" * 30)))),
        (
            Limits(merges=1),
            zipped(
                book_parts(CELL + '<mergeCells><mergeCell ref="A1:B1"/><mergeCell ref="A2:B2"/></mergeCells>')
            ),
        ),
        (
            Limits(covered=10),
            zipped(book_parts(CELL + '<mergeCells><mergeCell ref="A1:K1"/></mergeCells>')),
        ),
        (Limits(tags=30), zipped(book_parts({str(n): rows("<c/>" * 5) for n in range(9)}))),
        (Limits(tables=1), zipped(report_parts("<w:tbl/><w:tbl/>"))),
        (Limits(lines=2), zipped(report_parts("<w:p/>" * 3))),
        (Limits(lines=2), "一\n二\n三\n四\n".encode()),
        (Limits(tables=1), b"\ta\n\tb\n\n\n" * 2),
        (Limits(file_bytes=10), "很长的文字很长的文字".encode()),
        (Limits(text_chars=5), "很长的文字很长的文字".encode()),
        (Limits(cells=3), b"\ta\n\tb\n\n\tc\n\td\n"),
        (Limits(prose_chars=9), "很长的文字很长的文字\n".encode()),
        (Limits(prose_chars=99), zipped(book_parts(rows('<c t="str"><v>' + "长" * 101 + "</v></c>")))),
    ],
)
def test_what_is_too_large_is_refused(limits: Limits, data: bytes) -> None:
    name = "文件.xlsx" if data.startswith(b"PK") else "文件.txt"
    assert refusal(data, name, limits).code is ReasonCode.TOO_LARGE


def test_a_word_report_nested_beyond_reason_is_hostile() -> None:
    deep = "<w:ins>" * 300 + "<w:p/>" + "</w:ins>" * 300
    assert refusal(zipped(report_parts(deep))).code is ReasonCode.HOSTILE


def test_xml_nested_beyond_reason_does_no_harm() -> None:
    deep = "<a>" * 200_000 + "</a>" * 200_000
    data = zipped(book_parts(CELL + deep))
    assert read_bytes(data, "表.xlsx").grids[0].text(0, 0) == "1"


def test_a_protected_old_workbook_is_encrypted() -> None:
    stream = workbook_stream(b"", extra=record(0x002F, b"\1\0" + bytes(52)))
    assert refusal(compound({"Workbook": stream}), "密.xls").code is ReasonCode.ENCRYPTED


def test_a_missing_file_a_folder_and_a_directory_entry_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "没有.xlsx", tmp_path):
        with pytest.raises(SourceRefusedError) as caught:
            read(path)
        assert path.name in caught.value.reason.text


def test_the_document_keeps_the_path_as_given_and_the_hash_of_the_bytes(tmp_path: Path) -> None:
    path = saved(tmp_path, "自评表.xlsx", GOOD)
    document = read(str(path))
    assert document.path == str(path)
    assert re.fullmatch("[0-9a-f]{64}", document.sha256)
    assert replace(document, path="x") == replace(read_bytes(GOOD, "别的.xlsx"), path="x")


def test_external_targets_are_never_looked_at() -> None:
    parts = book_parts(CELL)
    rels = str(parts["xl/_rels/workbook.xml.rels"])
    parts["xl/_rels/workbook.xml.rels"] = rels.replace(
        'Target="worksheets/sheet1.xml"', 'Target="http://127.0.0.1:1/x" TargetMode="External"'
    )
    document = read_bytes(zipped(parts), "表.xlsx")
    assert document.grids == ()
    assert document.notices == ("工作表“表”的内容缺失，没有检查。",)


def test_a_user_sets_other_limits_in_the_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOUJI_HOME", str(tmp_path))
    assert own_limits() == Limits()
    monkeypatch.setenv("GOUJI_HOME", str(tmp_path / "own"))
    (tmp_path / "own").mkdir()
    (tmp_path / "own/limits.toml").write_text("parts = 3\nseconds = 2.5\n", encoding="utf-8")
    assert own_limits() == replace(Limits(), parts=3, seconds=2.5)
    assert refusal(GOOD).code is ReasonCode.TOO_LARGE
    with pytest.raises(SourceRefusedError, match="过大"):
        Package.open(GOOD)


@pytest.mark.parametrize(
    ("text", "says"),
    [("x = 1", "没有“x”"), ("cells = 0", "大于 0"), ('cells = "9"', "大于 0"), ("cells", "写法")],
)
def test_limits_that_cannot_be_understood_stop_the_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, says: str
) -> None:
    monkeypatch.setenv("GOUJI_HOME", str(tmp_path))
    (tmp_path / "limits.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SourceRefusedError, match=says):
        read_bytes(GOOD, "表.xlsx")
