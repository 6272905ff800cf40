"""Opening, refusing, adding and removing sheets, notes and links."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest

from gouji.source.document import ReasonCode, SourceRefusedError, Visibility
from gouji.write.cells import EditRefusedError, Formula
from gouji.write.container import Limits
from gouji.write.content import CellContent, Look, SheetContent
from gouji.write.links import Link
from gouji.write.package import Package
from gouji.write.saving import OutputExistsError
from tests.write.kit import MAIN, RELS, changed_parts, compressed, parts_of, rows, workbook

ONE = rows('<row r="1"><c r="A1"><v>1</v></c></row>')


def refused(data: bytes, **limits: int) -> SourceRefusedError:
    with pytest.raises(SourceRefusedError) as caught:
        Package.open(data, Limits(**limits) if limits else None).set_values("表", {"A1": 1})
    return caught.value


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", ReasonCode.UNREADABLE),
        (b"PK\x03\x04 nothing more", ReasonCode.UNREADABLE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), ReasonCode.ENCRYPTED),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"), ReasonCode.UNSUPPORTED),
        (workbook({"表": ONE})[:-40], ReasonCode.UNREADABLE),
        (workbook({"表": '<!DOCTYPE a [<!ENTITY b "c">]>' + ONE.partition("\n")[2]}), ReasonCode.HOSTILE),
        (workbook({"表": ONE[:-5]}), ReasonCode.UNREADABLE),
        (workbook({"表": rows('<row r="2"/><row r="1"/>')}), ReasonCode.UNSUPPORTED),
        (workbook({"表": rows('<row r="1"><d/></row>')}), ReasonCode.UNSUPPORTED),
        (workbook({"表": ONE}, extra={"XL/Workbook.xml": ""}), ReasonCode.HOSTILE),
    ],
)
def test_what_cannot_be_edited_safely_is_refused_with_its_reason(data: bytes, code: ReasonCode) -> None:
    fault = refused(data)
    assert fault.reason.code is code
    assert fault.reason.text


def test_a_flipped_bit_is_noticed() -> None:
    data = workbook({"表": ONE}, stored=True)
    at = data.index(b"<v>1</v>") + 3
    assert refused(data[:at] + b"2" + data[at + 1 :]).reason.code is ReasonCode.UNREADABLE


def test_bombs_are_refused_by_their_claims() -> None:
    assert refused(workbook({"表": ONE}, extra={"x.bin": b"0" * (4 << 20)})).reason.code is ReasonCode.HOSTILE
    assert refused(workbook({"表": ONE}), part=10).reason.code is ReasonCode.TOO_LARGE
    assert refused(workbook({"表": ONE}), entries=3).reason.code is ReasonCode.TOO_LARGE


def test_a_signed_workbook_is_refused_and_the_message_says_the_way_out() -> None:
    data = workbook({"表": ONE})
    parts = parts_of(data)
    origin = "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin"
    parts["_rels/.rels"] = parts["_rels/.rels"].replace(
        b"</Relationships>",
        f'<Relationship Id="s" Type="{origin}" Target="_xmlsignatures/origin.sigs"/></Relationships>'.encode(),
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in {**parts, "_xmlsignatures/origin.sigs": b""}.items():
            archive.writestr(name, content)
    fault = refused(out.getvalue())
    assert fault.reason.code is ReasonCode.UNSUPPORTED
    assert "删除签名" in fault.reason.text


def test_names_with_backslashes_and_absolute_targets_are_found() -> None:
    parts = parts_of(workbook({"表": ONE}))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name)
            info.filename = name.replace("/", "\\")
            archive.writestr(info, content.replace(b'Target="worksheets/', b'Target="/xl/WORKSHEETS/'))
    package = Package.open(out.getvalue())
    package.set_values("表", {"A1": 2})
    assert Package.open(package.to_bytes()).value("表", "A1") == 2


def test_entries_with_trailing_descriptors_keep_their_compressed_bytes() -> None:
    out = io.BytesIO()

    class Unseekable(io.RawIOBase):
        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:
            return out.write(data)  # type: ignore[arg-type] # zipfile hands over bytes

    with zipfile.ZipFile(Unseekable(), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts_of(workbook({"表": ONE}, extra={"xl/media/图.png": b"\x89PNG"})).items():
            archive.writestr(name, content)
    data = out.getvalue()
    package = Package.open(data)
    package.set_values("表", {"A1": 2})
    after = package.to_bytes()
    old, new = compressed(data), compressed(after)
    assert {name for name in old if old[name] != new[name]} == {"xl/worksheets/sheet1.xml"}
    with zipfile.ZipFile(io.BytesIO(after)) as archive:
        assert archive.testzip() is None
        assert "xl/media/图.png" in archive.namelist()


CONTENT = SheetContent(
    "修改记录",
    (
        (CellContent("单元格", Look(bold=True, fill="DDE5EE", border=True)), CellContent("原值")),
        (
            CellContent("C16", Look(colour="0563C1", underline=True)),
            None,
            CellContent(Formula("1+1", 2), Look(number_format="0.00")),
        ),
    ),
    widths=(12, 8.5),
    heights={2: 30},
    frozen=1,
    filter="A1:C2",
    merged=("A5:B5",),
    links=(Link("A2", location="'表'!A1", tooltip="看"),),
    landscape=True,
)


def test_an_added_sheet_reads_as_it_was_written() -> None:
    data = workbook({"表": ONE})
    package = Package.open(data)
    added = package.add_sheet(CONTENT)
    assert (added.name, added.state, added.sheet_id) == ("修改记录", Visibility.VISIBLE, 2)
    sheet = openpyxl.load_workbook(io.BytesIO(package.to_bytes()))["修改记录"]
    assert sheet["A1"].value == "单元格"
    assert sheet["A1"].font.bold
    assert sheet["A1"].fill.fgColor.rgb == "FFDDE5EE"
    assert sheet["C2"].value == "=1+1"
    assert sheet["C2"].number_format == "0.00"
    assert sheet["A2"].hyperlink.location == "'表'!A1"
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:C2"
    assert sheet.row_dimensions[2].height == 30
    assert sheet.column_dimensions["B"].width == 8.5
    assert [str(area) for area in sheet.merged_cells.ranges] == ["A5:B5"]


def test_outside_addresses_become_relationships() -> None:
    package = Package.open(workbook({"表": ONE}))
    package.add_links(
        "表", [Link("A1", address="https://example.org/?a=1&b=2"), Link("B2", location="表!A1")]
    )
    again = openpyxl.load_workbook(io.BytesIO(package.to_bytes()))["表"]
    assert again["A1"].hyperlink.target == "https://example.org/?a=1&b=2"
    assert again["B2"].hyperlink.location == "表!A1"


def test_a_cell_keeps_the_link_it_has() -> None:
    xml = rows("", after='<hyperlinks><hyperlink ref="A1:B3" location="x!A1"/></hyperlinks><pageMargins/>')
    package = Package.open(workbook({"表": xml}))
    package.add_links("表", [Link("B2", location="y!A1"), Link("C2", location="z!A1")])
    out = parts_of(package.to_bytes())["xl/worksheets/sheet1.xml"].decode()
    assert (
        '<hyperlink ref="A1:B3" location="x!A1"/><hyperlink ref="C2" location="z!A1"/></hyperlinks><pageMargins/>'
        in out
    )


def test_removing_the_added_sheet_gives_back_every_part_but_the_styles() -> None:
    data = workbook({"表": ONE})
    package = Package.open(data)
    package.add_sheet(CONTENT)
    again = Package.open(package.to_bytes())
    again.remove_sheet("修改记录")
    assert changed_parts(data, again.to_bytes()) == {"xl/styles.xml"}


def test_removing_a_sheet_takes_its_names_and_moves_the_others() -> None:
    inside = (
        '<definedNames><definedName name="a" localSheetId="0">1</definedName><definedName name="b" localSheetId="1">2'
        '</definedName><definedName name="c" localSheetId="2">3</definedName></definedNames>'
    )
    package = Package.open(workbook({"一": ONE, "二": ONE, "三": ONE}, inside=inside))
    package.remove_sheet("二")
    book = parts_of(package.to_bytes())["xl/workbook.xml"].decode()
    assert (
        '<definedName name="a" localSheetId="0">1</definedName><definedName name="c" localSheetId="1">3'
        in book
    )
    assert [sheet.name for sheet in package.sheets] == ["一", "三"]


def test_the_last_visible_sheet_stays() -> None:
    package = Package.open(workbook({"表": ONE}))
    with pytest.raises(EditRefusedError, match="至少"):
        package.remove_sheet("表")


@pytest.mark.parametrize("name", ["表", "", "a/b", "x" * 32, "'a"])
def test_a_name_excel_would_not_take_is_refused(name: str) -> None:
    package = Package.open(workbook({"表": ONE}))
    with pytest.raises(EditRefusedError):
        package.add_sheet(SheetContent(name, ()))
    assert not package.changed


def test_fills_keep_everything_else_of_the_look_and_renumber_nothing() -> None:
    cells = '<row r="1"><c r="A1" s="1"><v>1</v></c><c r="B1" s="2"/></row>'
    data = workbook({"表": rows(cells)})
    package = Package.open(data)
    package.set_fills("表", {"A1": "FFB9B3", "B1": "FFB9B3", "C1": "FFB9B3"})
    before, after = (
        parts_of(data)["xl/styles.xml"].decode(),
        parts_of(package.to_bytes())["xl/styles.xml"].decode(),
    )
    assert after.startswith(before[: before.index("<fills")])
    book = openpyxl.load_workbook(io.BytesIO(package.to_bytes()))["表"]
    assert {cell: book[cell].fill.fgColor.rgb for cell in ("A1", "B1", "C1")} == dict.fromkeys(
        ("A1", "B1", "C1"), "FFFFB9B3"
    )
    assert (book["A1"].number_format, book["A1"].font.b, book["B1"].alignment.wrapText) == (
        "0.00",
        True,
        True,
    )


def test_a_workbook_without_styles_gets_them() -> None:
    package = Package.open(workbook({"表": ONE}, styles=None))
    package.set_fills("表", {"A1": "CBE3FA"})
    assert openpyxl.load_workbook(io.BytesIO(package.to_bytes()))["表"]["A1"].fill.fgColor.rgb == "FFCBE3FA"


BUTTON = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/>'
    '</o:shapelayout><v:shape id="_x0000_s1025" type="#_x0000_t201" o:button="t"><v:textbox><div>校验<br></div></v:textbox>'
    '<x:ClientData ObjectType="Button"><x:FmlaMacro>[0]!Check</x:FmlaMacro></x:ClientData></v:shape></xml>'
)
SHEET_RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{RELS}/vmlDrawing" Target="../drawings/vmlDrawing1.vml"/></Relationships>'
)


def test_notes_stand_beside_buttons_in_the_same_drawing() -> None:
    xml = rows("", after='<legacyDrawing r:id="rId1"/><controls/>')
    data = workbook(
        {"表": xml},
        extra={"xl/drawings/vmlDrawing1.vml": BUTTON, "xl/worksheets/_rels/sheet1.xml.rels": SHEET_RELS},
    )
    package = Package.open(data)
    package.add_notes("表", {"B2": "合计不符"}, "gouji")
    after = parts_of(package.to_bytes())
    drawing = after["xl/drawings/vmlDrawing1.vml"].decode()
    assert drawing.startswith(BUTTON.removesuffix("</xml>"))
    assert 'id="_x0000_s1026"' in drawing
    assert "<x:Row>1</x:Row><x:Column>1</x:Column>" in drawing
    assert after["xl/worksheets/sheet1.xml"] == xml.encode()
    again = Package.open(package.to_bytes())
    again.trim_notes("表", lambda _: None)
    assert parts_of(again.to_bytes())["xl/drawings/vmlDrawing1.vml"].decode().count("v:shape ") == 1


COMMENTS = (
    f'<comments xmlns="{MAIN}"><authors><author>某甲</author></authors><commentList><comment ref="A1" authorId="0"><text>'
    '<r><rPr><b/></rPr><t>某甲:</t></r><r><t xml:space="preserve">\n请核对</t></r></text></comment></commentList></comments>'
)


def noted(after: str = "") -> bytes:
    related = SHEET_RELS.replace(
        "</Relationships>",
        f'<Relationship Id="rId2" Type="{RELS}/comments" Target="../comments1.xml"/>{after}</Relationships>',
    )
    return workbook(
        {"表": rows("", after='<legacyDrawing r:id="rId1"/>')},
        extra={
            "xl/comments1.xml": COMMENTS,
            "xl/drawings/vmlDrawing1.vml": BUTTON,
            "xl/worksheets/_rels/sheet1.xml.rels": related,
        },
    )


def test_a_text_goes_below_an_existing_note_and_can_be_cut_off_again() -> None:
    data = noted()
    package = Package.open(data)
    added = package.add_notes("表", {"A1": "我们的话", "C3": "新的"}, "gouji")
    assert (added.new, added.appended) == (("C3",), ("A1",))
    assert package.notes("表") == {"A1": "某甲:\n请核对\n我们的话", "C3": "新的"}
    package.trim_notes("表", lambda text: None if text == "新的" else text.partition("\n我们")[0])
    assert package.notes("表") == {"A1": "某甲:\n请核对"}
    # An author and a shape type that nothing uses any more may stay: only an exact undo takes those.
    assert changed_parts(data, package.to_bytes()) == {"xl/comments1.xml", "xl/drawings/vmlDrawing1.vml"}
    assert b"<r><rPr><b/></rPr><t>" in package.parts.read("xl/comments1.xml")


def test_a_note_is_cut_inside_a_run() -> None:
    package = Package.open(noted())
    package.trim_notes("表", lambda text: text[:5])
    assert package.notes("表") == {"A1": "某甲:\n请"}


def test_a_comment_thread_is_left_alone() -> None:
    namespace = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
    thread = f'<ThreadedComments xmlns="{namespace}"><threadedComment ref="A1" id="x"/></ThreadedComments>'
    kind = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
    data = noted(f'<Relationship Id="rId3" Type="{kind}" Target="../threadedComments/t1.xml"/>')
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in {**parts_of(data), "xl/threadedComments/t1.xml": thread.encode()}.items():
            archive.writestr(name, content)
    package = Package.open(out.getvalue())
    assert package.add_notes("表", {"A1": "我们的话"}, "gouji").left == ("A1",)
    assert not package.changed


@pytest.mark.parametrize("cell", ["A1", "C16", "XFD1048576", "XFA2", "A1048575"])
def test_the_box_of_a_note_stays_on_the_sheet(cell: str) -> None:
    package = Package.open(workbook({"表": ONE}))
    package.add_notes("表", {cell: "合计不符" * 80}, "gouji")
    drawing = next(content for name, content in parts_of(package.to_bytes()).items() if name.endswith(".vml"))
    anchor = re.search(r"<x:Anchor>([^<]*)<", drawing.decode())
    assert anchor is not None
    left, _, top, _, right, _, bottom, _ = map(int, anchor[1].split(","))
    assert 0 <= left < right <= 16_383
    assert 0 <= top < bottom <= 1_048_575


def test_saving_refuses_what_exists_and_the_input(tmp_path: Path) -> None:
    source, other = tmp_path / "表.xlsx", tmp_path / "出.xlsx"
    source.write_bytes(workbook({"表": ONE}))
    package = Package.open(source)
    package.set_values("表", {"A1": 2})
    other.write_bytes(b"mine")
    with pytest.raises(OutputExistsError, match="--force"):
        package.save(other)
    assert other.read_bytes() == b"mine"
    package.save(other, force=True)
    assert Package.open(other).value("表", "A1") == 2
    with pytest.raises(OutputExistsError, match="--in-place"):
        package.save(source, force=True)
    assert Package.open(source).value("表", "A1") == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["出.xlsx", "表.xlsx"]


def test_in_place_leaves_a_backup_beside_and_never_overwrites_one(tmp_path: Path) -> None:
    source = tmp_path / "表.xlsx"
    original = workbook({"表": ONE})
    source.write_bytes(original)
    for number in (2, 3):
        package = Package.open(source)
        package.set_values("表", {"A1": number})
        kept = package.save(source, in_place=True)
        assert kept is not None
        assert Package.open(source).value("表", "A1") == number
        assert Package.open(kept).value("表", "A1") == number - 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["表.xlsx", "表.原件.xlsx", "表.原件2.xlsx"]
    assert (tmp_path / "表.原件.xlsx").read_bytes() == original


def test_a_linked_file_is_replaced_where_it_stands(tmp_path: Path) -> None:
    real, link = tmp_path / "真.xlsx", tmp_path / "链.xlsx"
    real.write_bytes(workbook({"表": ONE}))
    link.symlink_to(real)
    package = Package.open(workbook({"表": rows("")}))
    package.save(link, force=True)
    assert link.is_symlink()
    assert real.read_bytes() == package.to_bytes()
