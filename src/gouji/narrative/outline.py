"""Where a text stands in its report: headings, numbered items, topics, the report's year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from gouji.frozen import frozen
from gouji.narrative.figures import TextPiece
from gouji.narrative.words import GENERIC_TOPIC
from gouji.pattern import compiled

__all__ = [
    "Context",
    "ItemMark",
    "contexts",
    "item_mark",
    "owner_of",
    "project_of",
    "report_year",
    "specific",
]

_NUMERALS = "一二三四五六七八九十"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_MARK = compiled(
    rf"[\s\u3000]*(?:"
    rf"(?P<a>[{_NUMERALS}]{{1,3}})[、.．]"
    rf"|[（(]\s*(?P<b>[{_NUMERALS}]{{1,3}})\s*[）)][、.．]?"
    rf"|(?P<c>\d{{1,2}})(?:[、）)]|[.．](?!\d(?!\d{{3}}年)))"
    rf"|[（(]\s*(?P<d>\d{{1,2}})\s*[）)][、.．]?"
    rf"|(?P<e>[{_CIRCLED}])[、.．]?"
    rf")[\s\u3000]*"
)
_LEVELS = "abcde"
_HEADING_LIMIT = 42
_STOP = compiled(r"[。！？!?]")
_TOPIC = compiled(r"[^。；;，,：:]{2,30}?(?:方面|情况)?[：:]")
_AMOUNT = compiled(r"(?:共计|合计|为|共)?\d[\d,.]*\s*(?:[万亿]?元|%|[人户个件次项]).*$|其中[：:]?$")
_TRIM = compiled(r"(?:方面|情况|的?分析|如下)+[：:。；;]*$|[：:。；;]+$")
_TITLE_PIECES, _TITLE_LIMIT = 4, 70
_PROJECT = compiled(
    r"20\d{2}年度?(?:[^，。：:]{0,20}(?:[局委办厅镇校院馆队处]|乡(?!村)|中心|政府|街道))?的?([^，。：:年]{4,26}?(?:项目|资金|经费|专项|补[助贴]|工程|补助费))"
    r"(?:支出)?(?:项目)?(?:资金)?的?(?:部门|单位)?(?:绩效|自评|评价|自我|目标|完成|情况|工作)+(?:报告)?[）)]?$"
)
_WHOLE_DEPARTMENT = compiled(r"整体支出|部门决算|单位决算|部门预算")
_OFFICE = compiled(r"(?:[局委办厅镇乡校院馆队处]|中心|政府)(?:项目|专项)?$")
_FUND_NAME = compiled(r"衔接资金|转移支付|专项债|彩票公益金")
_YEAR_OF_REPORT = compiled(r"(20\d{2})\s*年度?[^。；]{0,40}(?:自评|评价|绩效|决算|整体支出)")
_YEAR = compiled(r"(20\d{2})\s*年度?")
_NO_CAPTION = compiled(r"[。；;，,、.：:]|\d")
_INNER_STOP = compiled(r"[。；;]")
_HEADING_END = compiled(r"情况|分析|目标|问题|措施|方面$")
_NO_WORDS = compiled(r"[（(][^）)]*[）)]|[\d\W]+")


@frozen
class ItemMark:
    """The number in front of an item; ``level`` a 一、 b （一） c 1. d （1） e ①; ``end``: where it ends."""

    level: str
    number: int
    end: int


@frozen
class Context:
    """What stands over a text.

    ``path`` are its headings, outermost first; ``heading`` is set for a heading itself, and ``topic`` is
    the span of a leading topic (康复经费方面：…).
    """

    path: tuple[str, ...]
    mark: ItemMark | None
    heading: bool
    topic: tuple[int, int] | None


def _numeral(text: str) -> int:
    if text == "十":
        return 10
    tens, ten, ones = text.partition("十")
    if ten:
        return (_NUMERALS.index(tens) + 1 if tens else 1) * 10 + (_NUMERALS.index(ones) + 1 if ones else 0)
    return _NUMERALS.index(text[0]) + 1


def item_mark(text: str, start: int = 0) -> ItemMark | None:
    """The item number at ``start`` of a text, None where there is none."""
    found = _MARK.match(text, start)
    if not found:
        return None
    level = found.lastgroup or "a"
    body = found[level]
    if level in "ab":
        number = _numeral(body)
    elif level == "e":
        number = _CIRCLED.index(body) + 1
    else:
        number = int(body)
    return ItemMark(level, number, found.end())


def _is_heading(text: str, mark: ItemMark | None) -> bool:
    body = text.strip()
    if not body or len(body) > _HEADING_LIMIT:
        return False
    ends = body[-1]
    if mark is None:
        return len(body) <= 30 and not _NO_CAPTION.search(body)
    inner = body.rstrip("。；;：:.")
    if _INNER_STOP.search(inner):
        return False
    return ends not in "。.；;" or len(inner) <= 22 or bool(_HEADING_END.search(inner[-6:]))


def _name(text: str, mark: ItemMark | None) -> str:
    body = text[mark.end if mark else 0 :].strip()
    return _TRIM.sub("", _AMOUNT.sub("", body)).strip()


def contexts(pieces: Sequence[TextPiece]) -> list[Context]:
    """The context of each piece. Cells stand alone; the paragraphs of one document follow one another."""
    result: list[Context] = []
    stack: list[tuple[str, str]] = []
    document: str | None = None
    for piece in pieces:
        if piece.cell is not None:
            result.append(Context((piece.label or "说明",), item_mark(piece.text), False, None))
            continue
        if piece.document != document:
            document, stack = piece.document, []
        text = piece.text
        mark = item_mark(text)
        heading = _is_heading(text, mark)
        if mark is not None:
            while stack and (stack[-1][0] >= mark.level):
                stack.pop()
        elif heading:
            while stack and stack[-1][0] == "z":
                stack.pop()
        path = tuple(name for _, name in stack if name)
        topic = None
        if not heading:
            found = _TOPIC.match(text, mark.end if mark else 0)
            if found and not _AMOUNT.search(found[0]):
                topic = found.span()
        result.append(Context(path, mark, heading, topic))
        if heading:
            level = mark.level if mark else "z"
            if mark is None and stack:
                continue  # an unnumbered line inside a numbered section is a caption, not a new level
            stack.append((level, _name(text, mark)))
        elif mark is not None:
            # an item that goes on at once (（2）康复经费方面：…) says nothing of the paragraphs behind it
            stack.append((mark.level, ""))
    return result


@lru_cache(maxsize=4096)
def specific(name: str) -> str:
    """What is left of a heading when general words are taken out; "" where it names nothing in particular."""
    rest = GENERIC_TOPIC.sub("", _NO_WORDS.sub("", name))
    return rest if len(rest) >= 2 else ""


def owner_of(path: Sequence[str]) -> str | None:
    """The innermost heading or topic that names something in particular."""
    for name in reversed(path):
        if specific(name) and not name.endswith("报告"):
            mark = item_mark(name)
            return _TRIM.sub("", name[mark.end if mark else 0 :])
    return None


def project_of(pieces: Sequence[TextPiece]) -> str:
    """What a report about one project or fund calls it in its title; "" for reports of a whole department."""
    for piece in pieces[:_TITLE_PIECES]:
        found = _PROJECT.search(piece.text) if len(piece.text) <= _TITLE_LIMIT else None
        if found is not None and not _WHOLE_DEPARTMENT.search(piece.text):
            name = _TRIM.sub("", found[1]).removesuffix("支出")
            telling = (specific(name) or _FUND_NAME.search(name)) and not _OFFICE.search(name)
            return name if telling else ""
    return ""


def report_year(pieces: Sequence[TextPiece]) -> int | None:
    """The year a report is about: that of its title and headings, else the 年度 most often named."""
    votes: Counter[int] = Counter()
    for index, piece in enumerate(pieces):
        text = piece.text
        short = len(text) <= 60
        for found in _YEAR_OF_REPORT.finditer(text):
            votes[int(found[1])] += 6 if short and index < 12 else 2 if short else 1
        for found in _YEAR.finditer(text):
            against = text[max(0, found.start() - 1) : found.start()] in ("较", "比", "与", "同")
            votes[int(found[1])] += 0 if against else 1
    if not votes:
        return None
    best = max(votes.values())
    return min(year for year, count in votes.items() if count == best)
