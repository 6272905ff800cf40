"""Oddities of a text apart from its arithmetic: counts, prompts, empty statements, missing units."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gouji.model import Confidence
from gouji.narrative.claims import claims
from gouji.narrative.counting import counts
from gouji.narrative.figures import Dimension, Figure, Observation, ObservationKind, StatedMeasure, TextPiece
from gouji.narrative.outline import item_mark
from gouji.narrative.relation import plain
from gouji.narrative.sentence import FIGURE, read_text
from gouji.narrative.structure import attachments, numbering
from gouji.pattern import compiled

__all__ = ["observations"]
_FULL_STOP = compiled(r"[。\n]")
_DIGIT = compiled(r"\d")
_OURS = compiled(r"[我本](?:单位|局|部门|中心|院|校|镇|县|市|区)")
_NOT_PLAIN = compiled(r"[\d，,：:。\n]")
_TELLS = compiled(r"提[高升]|明显|达标|较高|增[加长]|下降|降低")


def observations(
    texts: Iterable[TextPiece], figures: Iterable[Figure], *, titles: Sequence[str] = ()
) -> tuple[Observation, ...]:
    """Look for oddities.

    Args:
        texts: the pieces given to :func:`gouji.narrative.extract`.
        figures: what it found in them.
        titles: titles of the tables of the document, which may be attachments.

    Returns:
        The oddities in text order. None of them is certain unless it says so.
    """
    pieces = tuple(texts)
    found: list[Observation] = []
    by_piece: dict[int, list[Figure]] = {}
    stated = tuple(figures)
    for figure in stated:
        by_piece.setdefault(id(figure.piece), []).append(figure)
    for piece in pieces:
        if not piece.text.strip():
            continue
        own = by_piece.get(id(piece), [])
        found.extend(_prompts(piece))
        if own or "是" in piece.text:
            found.extend(counts(piece, own))
        if own:
            found.extend(_missing_units(piece, own))
        found.extend(_empty(piece))
    paragraphs = [piece for piece in pieces if piece.paragraph is not None]
    found.extend(numbering(paragraphs))
    found.extend(attachments(paragraphs, titles))
    found.extend(claims(pieces, stated))
    order = {id(piece): index for index, piece in enumerate(pieces)}
    found.sort(key=lambda one: (order[id(one.piece)], one.start))
    return tuple(found)


# --- template prompts left in

_PROMPT = compiled(
    r"^(?:(?:请|需|应|须)?(?:列举|逐[项条]说明|逐[项条]列举|简要?(?:说明|描述|概述|介绍)|详细(?:说明|描述)|重点(?:说明|描述|反映)|(?:请|需)(?:说明|描述|填写|填报|列明|分析))[^。]{4,80}$"
    r"|[^。]{0,30}(?:包括|主要包括)[^。]{4,80}等(?:相关|有关|方面的?|各方面)?(?:的)?内容$"
    r"|[^。]{0,40}(?:没有|无|不涉及)的?[^。]{0,10}(?:可不填|不填|填[“\"]?无[”\"]?|注明[“\"]?无[”\"]?)$"
    r"|(?:按照|根据|结合)?实际情况(?:如实)?填写$)"
)
_BLANK = compiled(
    r"(?<![A-Za-z0-9*×])(?:[×ＸX]{2,}|[xX]{2,}|\*{2,}|＊{2,}|_{2,}|＿{2,})(?=\s*(?:年|月|日|元|万元|亿元|人|户|个|项|%|％|单位|局|部门|县|市|区|次|家|名|件|场|，|。|；|、|$))"
)
_HINT = compiled(
    r"[（(](?:[^（）()]{0,20}(?:字以内|字左右|不超过\d+字|可附页|可另附页|据实填写|如实填写|如没有则填|下拉选择|请选择|此处填写|可加行|可续表)[^（）()]{0,12})[）)]"
)
_SKIP = compiled(r"^\s*(?:说明|注|备注|填表说明|填报说明)\d?\s*[：:.、]")


def _prompts(piece: TextPiece) -> list[Observation]:
    found: list[Observation] = []
    text = piece.text
    if _SKIP.match(text):
        return found
    found.extend(_prompt(piece, *hint.span(), Confidence.LIKELY) for hint in _HINT.finditer(text))
    found.extend(_prompt(piece, *blank.span(), Confidence.LIKELY) for blank in _BLANK.finditer(text))
    if len(text) > 140:
        return found
    start = 0
    for end in [*(stop.start() for stop in _FULL_STOP.finditer(text)), len(text)]:
        mark = item_mark(text, start)
        begin = mark.end if mark else start
        words = text[begin:end].strip(" \u3000（）()")
        if len(words) >= 8 and not _DIGIT.search(words) and _PROMPT.match(words) and not _OURS.search(words):
            found.append(_prompt(piece, begin, end, Confidence.CERTAIN))
        start = end + 1
    return found


def _prompt(piece: TextPiece, start: int, end: int, certainty: Confidence) -> Observation:
    return Observation(
        ObservationKind.PROMPT, piece, start, end, "模板的填写提示没有删除或没有据实填写", certainty=certainty
    )


# --- statements that say nothing

_METRIC = compiled(
    r"(?:使用率|执行率|完成率|到位率|合格率|覆盖率|满意度|满意率|达标率|及时率|合规率|服务率|适配率|普及率|通过率|增长率|控制率|率|满意度|人数|人次|次数|户数|金额|数量|面积)$"
)
_SAYS = compiled(
    r"有|得到|持续|保障|改善|及时|未|无|不|完成|提[高升]|稳定|减轻|达|良好|实现|落实|加强|增强|促进|推[进动]|确保|开展|规范|优化|明显|显著|正常|较|全面|逐步|进一步|是|为|已|能|可|需|应|率先"
)
_SHORT = 6


def _empty(piece: TextPiece) -> list[Observation]:
    """In a list of results, an indicator with nothing after it: 项目资金使用率；…职工满意度."""
    text = piece.text
    if "；" not in text and ";" not in text:
        return []
    view = read_text(text)
    spans: list[tuple[int, int]] = []
    starts = view.segments
    for index, start in enumerate(starts):
        end = starts[index + 1] if index + 1 < len(starts) else len(text)
        spans.append((start, end))
    filled = sum(FIGURE in view.masked[start:end] for start, end in spans)
    if len(spans) < 4 or filled < 1:
        return []
    found: list[Observation] = []
    for index, (start, end) in enumerate(spans):
        begin = start
        if index == 0:
            colon = max(text.find("：", start, end), text.find(":", start, end))
            mark = item_mark(text, start)
            begin = colon + 1 if colon >= 0 else mark.end if mark else start
        words = text[begin:end].strip(" \u3000\t\n；;。.，,")
        if not words or _NOT_PLAIN.search(words) or FIGURE in view.masked[begin:end]:
            continue
        at = text.find(words, begin)
        if _METRIC.search(words) and len(words) <= 24 and not _TELLS.search(words):
            found.append(
                _nothing(piece, at, at + len(words), f"“{words}”后面没有写出数值", Confidence.CERTAIN)
            )
        elif (
            len(words) <= _SHORT
            and not _SAYS.search(words)
            and filled >= 2
            and text[at + len(words) : at + len(words) + 1] != "。"  # 2.收入情况。… is a heading
        ):
            found.append(
                _nothing(piece, at, at + len(words), f"“{words}”没有写出完成情况", Confidence.LIKELY)
            )
    return found


def _nothing(piece: TextPiece, start: int, end: int, detail: str, certainty: Confidence) -> Observation:
    return Observation(ObservationKind.EMPTY, piece, start, end, detail, certainty=certainty)


# --- money without unit

_MONEY_WORD = compiled(r"(?:支出|收入|预算|决算|资金|经费|拨款|金额|结余|结转)[数额为：:共计合]*\s*$")


def _missing_units(piece: TextPiece, figures: Sequence[Figure]) -> list[Observation]:
    found: list[Observation] = []
    for figure in figures:
        if (
            figure.dimension is not Dimension.BARE
            or figure.unit is not None
            or figure.measure is StatedMeasure.SCORE
        ):
            continue
        if not _MONEY_WORD.search(piece.text[max(0, figure.start - 12) : figure.start]):
            continue
        units = [
            other.unit
            for other in figures
            if other.dimension is Dimension.MONEY and other.sentence == figure.sentence
        ]
        if not units or not figure.value:
            continue  # nothing needs no unit
        found.append(
            Observation(
                kind=ObservationKind.UNIT_MISSING,
                piece=piece,
                start=figure.start,
                end=figure.end,
                detail=f"“{figure.concept}”的金额没有写单位",
                observed=figure.typed,
                expected=plain(figure.value) + (units[0] or ""),
                certainty=Confidence.CERTAIN,
            )
        )
    return found
