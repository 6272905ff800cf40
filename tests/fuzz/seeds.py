"""Where fuzzing begins: one or a few honest inputs of every target."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from gouji.seal.manifest import CELLS, MANIFEST
from tests.fuzz.targets import sealed
from tests.source.build import book_parts, report_parts, rows, workbook_stream, zipped
from tests.source.hostile import HEAD

EXAMPLES = Path(__file__).parents[2] / "examples"
_STRINGS = (
    '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="2" uniqueCount="2">'
    "<si><t>合计</t></si><si><r><rPr><b/></rPr><t>其中</t></r><r><t xml:space='preserve'>： </t></r>"
    "<rPh sb='0' eb='1'><t>qi</t></rPh></si></sst>"
)
_SMALL_REPORT = (
    "<w:p><w:r><w:t>本年度预算</w:t></w:r><w:r><w:t>10 万元</w:t></w:r></w:p>"
    "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>合计</w:t></w:r></w:p></w:tc>"
    "<w:tc><w:p><w:r><w:t>1.2.3</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
)


def seeds() -> dict[str, list[bytes]]:
    """Honest inputs by target."""
    with zipfile.ZipFile(EXAMPLES / "lusong-2024.xlsx") as book:
        sheets = [book.read(name) for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        styles = book.read("xl/styles.xml").replace(b"\n", b" ")
    with zipfile.ZipFile(EXAMPLES / "lusong-2024.docx") as word:
        document = word.read("word/document.xml")
    small = str(book_parts(HEAD)["xl/worksheets/sheet1.xml"]).encode()
    told = (EXAMPLES / "lusong-2024.txt").read_bytes()
    table = (
        "一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分\t偏差原因\n"
        "产出指标\t数量指标\t培训\t≥200人\t280人\t10\t10\n"
    )
    money = "项目名称\t年初预算数\t全年预算数\t全年执行数\t执行率\n合计\t10\t20.5\t20\t97.56%\n其中：财政拨款\t10\t20.5\t20\t97.56%\n"
    return {
        "archive": [zipped(book_parts(HEAD)), zipped(report_parts("<w:p/>"))],
        "sheet": [small, *sheets],
        "strings_and_styles": [_STRINGS.encode() + b"\n" + styles],
        "report": [
            str(report_parts("<w:p><w:r><w:t>1</w:t></w:r></w:p>")["word/document.xml"]).encode(),
            document,
        ],
        "old_workbook": [workbook_stream(b"")],
        "ole": [b"\0" * 500],
        "text": [told, table.encode()],
        "checked_sheet": [table.encode(), money.encode()],
        "number": [
            "1,234.56万元".encode(),
            "≥99.5%".encode(),
            "2024年3月1日".encode(),
            b"1.2.3",
            "二十三".encode(),
        ],
        "writer": [
            small,
            str(book_parts(rows('<c r="B2"><f>1</f></c>'))["xl/worksheets/sheet1.xml"]).encode(),
            *sheets,
        ],
        "word_writer": [
            str(report_parts(_SMALL_REPORT)["word/document.xml"]).encode(),
            document,
        ],
        "manifest": [sealed()[1][MANIFEST]],
        "snapshot": [sealed()[1][CELLS]],
        "package": [json.dumps({"schema": "gouji.seal/1"}).encode(), b'[[accept]]\nfile = "x.xlsx"\n'],
    }
