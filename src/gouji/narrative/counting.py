"""Counts announced against items listed, and gaps in 一是 二是 三是."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from gouji.model import Confidence
from gouji.narrative.figures import Dimension, Figure, Observation, ObservationKind, TextPiece
from gouji.narrative.relation import exact
from gouji.narrative.sentence import FIGURE, Text, read_text
from gouji.pattern import compiled

__all__ = ["counts"]

_CONTAINER = compiled(
    r"^(?:[^\s，。；：:、（(]{0,8}?)(?:内设机构|机构|股室|科室|处室|部门|单位|乡镇|镇|乡|街道|社区|村|学校|医院|县区|县|区|市|方面|环节|职能|功能|"
    r"节日|大类|类别|类|指标|专业|领域|中心|园区|协会|平台|系统|工程|站点|站|所|局|科|股)"
)
_LIST_BEFORE = compiled(r"(?:[^\s，,。；;：:、]{1,24}、)+[^\s，,。；;：:、]{1,24}$")
_LIST_AFTER = compiled(
    r"^[^\s，,。；;：:、（(]{0,16}?(?:[：:]|[，,（(]?(?:分别是|分别为|即|依次为|具体为|具体是)[：:]?)"
    r"(?P<list>[^。；;\n]{2,400})"
)
_AND = compiled(r"[和与]|以及|及")
_ANNOUNCED = compiled(
    r"(?P<n>[二三四五六七八九十两]|\d{1,2})(?:个方面|大方面|个方面的?(?:工作|问题)|项(?:工作|措施|举措)|条措施|点)[^。；]{0,12}[：:。]?\s*$"
)
_STEP = compiled(r"(?<![一二三四五六七八九十])([一二三四五六七八九十])是(?!否)")
_NUMERALS = "零一二三四五六七八九十"
_LAST_COMMA = compiled(r"[，,](?=[^、]*$)")
_FROM_BRACKET = compiled(r"[（(].*$")
_OPEN_LIST = compiled(r"等[^、]{0,3}$|[，,]")


def counts(piece: TextPiece, figures: Sequence[Figure]) -> list[Observation]:
    """Where a text says how many there are and lists another number of them.

    Only lists that read plainly are counted: items divided by 、 of one sort, or introduced by 分别是 or a
    colon; «A和B» may be one item or two.
    """
    text = read_text(piece.text)
    found: list[Observation] = []
    for figure in figures:
        if figure.dimension is not Dimension.COUNT or not exact(figure) or figure.value is None:
            continue
        number = figure.value
        if number != int(number) or not 2 <= number <= 60 or figure.population in ("人", "人次", "户", "元"):
            continue
        found.extend(_listed(text, figure, int(number)))
    found.extend(_steps(piece))
    return found


def _items(words: str) -> tuple[int, int] | None:
    """(fewest, most) items of an enumeration; None where it does not read as a plain one."""
    parts = [part.strip() for part in words.split("、")]
    if len(parts) < 2 or any(not part or len(part) > 30 for part in parts):
        return None
    fewest = len(parts)
    return fewest, fewest + sum(len(_AND.findall(part)) for part in parts)


def _listed(text: Text, figure: Figure, number: int) -> list[Observation]:
    end = figure.end
    if not _CONTAINER.match(text.raw[end : end + 20]):
        return []
    before = text.masked[max(0, figure.start - 300) : figure.start].rstrip('“”"')
    open_list = before.endswith("等")
    listed = _LIST_BEFORE.search(before.removesuffix("等").rstrip('“”"'))
    if listed and FIGURE not in listed[0]:
        size = _items(listed[0])
        start = figure.start - len(listed[0]) - open_list
        if size is None or (not open_list and not _same_ending(listed[0])):
            return []
        wrong = size[0] > number if open_list else not size[0] <= number <= size[1]
        return [_miscount(figure, start, end, size)] if wrong else []
    after = _LIST_AFTER.match(text.masked[end : end + 460])
    if after is None:
        return []
    words = _LAST_COMMA.split(after["list"])[0] if "、" in after["list"] else after["list"]
    words = _FROM_BRACKET.sub("", words)
    if FIGURE in words or _OPEN_LIST.search(words):
        return []
    size = _items(words.rstrip("）)。 "))
    if size is None or size[0] <= number <= size[1]:
        return []
    return [_miscount(figure, figure.start, end + after.start("list") + len(words), size)]


def _same_ending(words: str) -> bool:
    """Whether most items of a list share their last character with another (法制处、人事处)."""
    ends = [part[-1] for part in words.split("、") if part]
    alike = sum(ends.count(end) > 1 for end in ends)
    return 2 * alike > len(ends)


def _miscount(figure: Figure, start: int, end: int, size: tuple[int, int]) -> Observation:
    listed = str(size[0]) if size[0] == size[1] else f"{size[0]}至{size[1]}"
    return Observation(
        kind=ObservationKind.COUNT,
        piece=figure.piece,
        start=max(0, start),
        end=end,
        detail=f"写明{figure.typed}，列出的是{listed}{figure.unit or '个'}",
        observed=figure.typed,
        expected=str(size[0]) if size[0] == size[1] else None,
        certainty=Confidence.LIKELY,
    )


def _steps(piece: TextPiece) -> list[Observation]:
    """«三个方面：一是…二是…» and a gap in 一是 二是 四是."""
    steps = [(found.start(), _NUMERALS.index(found[1])) for found in _STEP.finditer(piece.text)]
    found: list[Observation] = []
    run: list[tuple[int, int]] = []
    for start, number in [*steps, (len(piece.text), 1)]:
        if number == 1 and run:
            found.extend(_run(piece, run))
            run = []
        run.append((start, number))
    return found


def _run(piece: TextPiece, run: Sequence[tuple[int, int]]) -> list[Observation]:
    numbers = [number for _, number in run]
    start = run[0][0]
    if numbers[0] != 1 or len(numbers) < 2:
        return []
    for (_, earlier), (offset, later) in pairwise(run):
        if later != earlier + 1:
            words = f"“{_NUMERALS[earlier]}是”之后是“{_NUMERALS[later]}是”"
            return [
                Observation(
                    ObservationKind.NUMBERING, piece, offset, offset + 2, words, certainty=Confidence.LIKELY
                )
            ]
    head = _ANNOUNCED.search(piece.text[max(0, start - 40) : start])
    if head is None:
        return []
    announced = (
        int(head["n"]) if head["n"].isdigit() else 2 if head["n"] == "两" else _NUMERALS.index(head["n"])
    )
    if announced == numbers[-1]:
        return []
    offset = max(0, start - 40) + head.start()
    return [
        Observation(
            ObservationKind.COUNT,
            piece,
            offset,
            start + 2,
            f"写明{announced}项，列出的是{numbers[-1]}项",
            observed=str(announced),
            expected=str(numbers[-1]),
            certainty=Confidence.LIKELY,
        )
    ]
