"""Word reports marked: comments and tracked changes at the words named, and nothing else moved."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gouji.cli import main
from gouji.mending import annotate_report, fix_file
from gouji.source import read_bytes
from gouji.source.document import Document, SourceRefusedError
from gouji.write.word import Comment, Replacement, Spot, WordFile, is_word
from tests.source.build import report_parts, zipped

EXAMPLES = Path(__file__).parents[2] / "examples"
REPORT = EXAMPLES / "lusong-2024.docx"


def run(text: str, looks: str = "") -> str:
    return f'<w:r>{looks}<w:t xml:space="preserve">{text}</w:t></w:r>'


def word(body: str) -> WordFile:
    return WordFile.open(zipped(report_parts(body)))


def read(file: WordFile | bytes) -> Document:
    return read_bytes(file if isinstance(file, bytes) else file.to_bytes(), "报告.docx")


def body_of(file: WordFile) -> str:
    with zipfile.ZipFile(io.BytesIO(file.to_bytes())) as archive:
        return archive.read("word/document.xml").decode()


def commented(markup: str) -> str:
    """The words between the start and the end of the first comment's range."""
    found = re.search(r"<w:commentRangeStart[^>]*/>(.*?)<w:commentRangeEnd", markup, re.DOTALL)
    assert found
    return "".join(re.findall(r"<w:t[^>]*>([^<]*)</w:t>", found[1]))


BOLD = "<w:rPr><w:b/></w:rPr>"


def test_a_comment_encloses_its_words_and_the_runs_keep_their_looks() -> None:
    file = word(f"<w:p>{run('项目支出')}{run('454.02万元，主要', BOLD)}{run('用于培训')}</w:p>")
    file.mark([Comment(Spot(number=1, words="454.02万元"), ("与表不符",))])
    markup = body_of(file)
    assert commented(markup) == "454.02万元"
    assert markup.count(BOLD) == 2
    assert read(file).paragraphs[0].text == "项目支出454.02万元，主要用于培训"


def test_words_over_several_runs_and_several_comments_in_one_run() -> None:
    file = word(f"<w:p>{run('支出1')}{run('2.5')}{run('万元，执行率99%。')}</w:p>")
    file.mark([Comment(Spot(1, words="12.5万元"), ("一",)), Comment(Spot(1, words="99%"), ("二",))])
    markup = body_of(file)
    assert commented(markup) == "12.5万元"
    assert markup.count("<w:commentReference ") == 2
    assert [p.text for p in docx.Document(io.BytesIO(file.to_bytes())).paragraphs] == [
        "支出12.5万元，执行率99%。"
    ]


def test_a_replacement_is_a_change_that_the_author_accepts_or_rejects() -> None:
    file = word(f"<w:p>{run('残疾人康复')}{run('104.02', BOLD)}{run('万元')}</w:p>")
    assert file.mark([], [Replacement(Spot(1, words="104.02"), "104.2")]) == [True]
    assert read(file).paragraphs[0].text == "残疾人康复104.2万元"
    markup = body_of(file)
    rejected = re.sub(r"<w:ins .*?</w:ins>", "", markup).replace("delText", "t")
    assert "".join(re.findall(r"<w:t[ >][^<]*?>?([^<>]*)</w:t>", rejected)) == "残疾人康复104.02万元"
    assert re.search(r"<w:ins [^>]*><w:r><w:rPr><w:b/></w:rPr><w:t", markup)


def test_cells_empty_ones_too_and_the_whole_file() -> None:
    cell = "<w:tc><w:p>{}</w:p></w:tc>"
    table = f"<w:tbl><w:tr>{cell.format(run('项目'))}{cell.format(run('201.5.5'))}<w:tc><w:p/></w:tc></w:tr></w:tbl>"
    file = word(f"<w:p>{run('附件')}</w:p>{table}")
    name = read(file).grids[0].name
    file.mark(
        [
            Comment(Spot(sheet=name, cell="B1", words="201.5.5"), ("写法",)),
            Comment(Spot(sheet=name, cell="C1"), ("漏填",)),
            Comment(Spot(), ("整份文件",)),
        ],
        [Replacement(Spot(sheet=name, cell="B1", words="201.5.5"), "201.5")],
    )
    document = read(file)
    assert [document.grids[0].text(0, col) for col in range(3)] == ["项目", "201.5", ""]
    assert body_of(file).count("<w:commentReference ") == 3
    assert len(docx.Document(io.BytesIO(file.to_bytes())).tables) == 1


@pytest.mark.parametrize(
    "inside",
    [
        '<w:hyperlink w:anchor="表"><w:r><w:t>支出88万元</w:t></w:r></w:hyperlink>',
        '<w:ins w:id="7" w:author="甲"><w:r><w:t>支出88万元</w:t></w:r></w:ins>',
        '<w:r><w:t>支出</w:t><w:tab/><w:t xml:space="preserve"> 88万元</w:t></w:r>',
        '<w:del w:id="3" w:author="甲"><w:r><w:delText>旧</w:delText></w:r></w:del><w:r><w:t>支出88万元</w:t></w:r>',
        "<w:sdt><w:sdtContent><w:r><w:t>支出&lt;88万元&gt;</w:t></w:r></w:sdtContent></w:sdt>",
    ],
)
def test_words_in_links_insertions_and_controls(inside: str) -> None:
    file = word(f"<w:p>{inside}</w:p>")
    before = read(file).paragraphs[0].text
    file.mark([Comment(Spot(1, words="88万元"), ("看",))])
    assert commented(body_of(file)) == "88万元"
    assert read(file).paragraphs[0].text == before


def test_words_that_stand_in_no_run_of_their_own_get_their_paragraph_commented() -> None:
    file = word('<w:p><w:r><w:sym w:font="Wingdings" w:char="F052"/></w:r></w:p>')
    file.mark([Comment(Spot(1, words="☑"), ("看",))])
    assert body_of(file).count("<w:commentReference ") == 1
    assert file.mark([], [Replacement(Spot(1, words="☑"), "√")]) == [False]


TEXTS = st.text(alphabet="支出万元12.5%，<&>。 ", min_size=1, max_size=5)


@given(st.lists(TEXTS, min_size=1, max_size=6), st.data())
def test_any_words_of_any_runs(pieces: list[str], data: st.DataObject) -> None:
    """What is read does not change by a comment, and changes by a replacement exactly where it should."""
    escaped = [p.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") for p in pieces]
    body = "<w:p>" + "".join(run(p) for p in escaped) + "</w:p>"
    text = "".join(pieces)
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    words = text[start:end]
    file = word(body)
    file.mark([Comment(Spot(1, words=words), ("看",))])
    assert read(file).paragraphs[0].text == text
    made = file.mark([], [Replacement(Spot(1, words=words), "新")])
    assert made == [True]
    assert read(file).paragraphs[0].text == text.replace(words, "新", 1)


def test_clearing_takes_away_our_comments_and_no_others() -> None:
    file = WordFile.open(REPORT)
    before = read(REPORT.read_bytes())
    file.mark([Comment(Spot(16, words="104.2"), ("看",)), Comment(Spot(), ("全文",))])
    assert file.clear() == 2
    assert "comment" not in body_of(file)
    after = read(file)
    assert (after.paragraphs, after.grids) == (before.paragraphs, before.grids)
    assert file.clear() == 0


def changed_parts(old: bytes, new: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(old)) as one, zipfile.ZipFile(io.BytesIO(new)) as other:
        assert set(one.namelist()) <= set(other.namelist())
        return [n for n in other.namelist() if n not in one.namelist() or one.read(n) != other.read(n)]


def test_annotating_a_reference_report_touches_only_the_document_and_its_comments() -> None:
    from gouji.checking import check_file

    result = check_file(str(REPORT))
    file, comments = annotate_report(result)
    assert comments == len(result.findings)
    data = file.to_bytes()
    assert changed_parts(REPORT.read_bytes(), data) == [
        "[Content_Types].xml", "word/document.xml", "word/_rels/document.xml.rels", "word/comments.xml",
    ]  # fmt: skip
    old, new = read(REPORT.read_bytes()), read(data)
    assert (new.paragraphs, new.grids) == (old.paragraphs, old.grids)


def test_fixing_a_reference_report_tracks_its_changes() -> None:
    fixed = fix_file(str(REPORT), unsafe=True)
    assert [each.change.new for each in fixed.applied] == ["201.5", "104.2", "589.44万元"]
    assert changed_parts(REPORT.read_bytes(), fixed.data) == ["word/document.xml"]
    assert not {f.code for f in fixed.after.findings} & {"GJ401", "GJ201"}


@pytest.mark.parametrize("command", [["annotate"], ["fix", "--unsafe"]])
def test_the_commands_write_a_copy_beside(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "报告.docx"
    path.write_bytes(REPORT.read_bytes())
    main([*command, str(path)])
    (copy,) = [p for p in tmp_path.iterdir() if p != path]
    assert path.read_bytes() == REPORT.read_bytes()
    assert copy.name in capsys.readouterr().out
    assert is_word(copy.read_bytes())
    if command == ["annotate"]:
        assert main(["annotate", "--clear", str(copy)]) == 0
        assert "12 条" in capsys.readouterr().out


def test_what_cannot_be_written_to_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "报告.txt"
    path.write_text("某局2024年度部门整体支出绩效自评报告", encoding="utf-8")
    with pytest.raises(SourceRefusedError):
        WordFile.open(path.read_bytes())
    assert not is_word(path.read_bytes())
    assert not is_word((EXAMPLES / "lusong-2024.xlsx").read_bytes())
