"""Answers outside the big blocks: label and value side by side, inside one cell, one-line records, long texts."""

from __future__ import annotations

from gouji.form.facts import Info, LongText, Pair, Record, Slot
from gouji.form.label import parse_label
from gouji.form.lexicon import concept
from gouji.form.measured import is_figure
from gouji.form.slots import make_slot
from gouji.model import ReadingKind
from gouji.number import read_number
from gouji.pattern import compiled
from gouji.source.document import Cell, Grid

__all__ = ["INLINE", "find_declared", "find_infos", "find_long_texts", "find_pairs", "find_records"]

LONG_TEXT = 24
_ALONE = 2  # cells in a line that is a label and its answer
INLINE = compiled(
    r"^\s*(?:其中[:：]?\s*)?+(?P<label>(?!\s|其中)[^:：\n]{2,30})[:：]\s*(?P<value>[^\n:：]{0,24})$"
)
_SPLIT_BASIS = compiled(r"^按.{2,8}分(?:类)?$")
_SIGNATURE = compiled(
    r"(填表人|填报人|填报日期|填报时间|填表日期|联系电话|单位负责人签字|单位负责人|审核人|经办人|财务负责人|负责人)"
    r"\s*(?:\([^)]*\)|（[^）]*）)?\s*[:：]\s*([^\s　]*)"
)
_CONCLUSIONS = frozenset({"评价结论", "自评结论", "结论", "总体评价", "自评情况", "绩效自评综述"})
_SENTENCE = compiled(r"[0-9].*[。，；]|[0-9]分")
_BARE_TOTALS = frozenset({"合计", "总计", "共计", "小计"})  # of points as likely as of money
_MONEY_CONCEPTS = frozenset({"basic", "project", "total", "fiscal", "three_public", "public", "personnel"})


def find_pairs(document: str, grid: Grid, rows: list[list[Cell]], used: set[int]) -> list[Pair]:
    """Inline «label：amount» cells, and a known money label with its figure in the next cell.

    Args:
        document: Path of the document, for places.
        grid: The grid to look in.
        rows: Its stored cells by row.
        used: Rows that a money or indicator block has taken.
    """
    pairs: list[Pair] = []
    for row, cells in enumerate(rows):
        for position, cell in enumerate(cells):
            if len(cell.text) > 60 or not isinstance(cell.value, str):
                continue
            found = INLINE.match(cell.text)
            if found and row not in used:
                label = parse_label(found["label"])
                meaning = concept("fund_row", label.core)
                if meaning or _SPLIT_BASIS.match(label.core):
                    slot = make_slot(document, grid, cell.row, cell.col, label.core)
                    pairs.append(
                        Pair(label, meaning or "split", slot, read_number(found["value"].strip()), label.unit)
                    )
                continue
            if row in used or position + 1 >= len(cells):
                continue
            label = parse_label(cell.text)
            meaning = concept("fund_row", label.core)
            if meaning in _MONEY_CONCEPTS and label.core not in _BARE_TOTALS:
                after = cells[position + 1]
                beyond = cells[position + 2] if position + 2 < len(cells) else None
                if is_figure(beyond):
                    continue  # a line of a table, not a label with its answer
                slot = make_slot(document, grid, after.row, after.col, label.core)
                if slot.reading.is_number or slot.reading.kind is ReadingKind.MALFORMED:
                    pairs.append(Pair(label, meaning, slot, slot.reading, label.unit))
    return pairs


def find_declared(
    document: str, grid: Grid, rows: list[list[Cell]], areas: list[tuple[set[int], int, int]]
) -> list[Slot]:
    """Total scores stated beside a label (自评总分 | 97.8), outside the blocks.

    Args:
        document: Path of the document, for places.
        grid: The grid to look in.
        rows: Its stored cells by row.
        areas: Rows, first and last column of each block; what stands beside a block is outside it.
    """
    found: list[Slot] = []
    for row, cells in enumerate(rows):
        taken = [(first, last) for lines, first, last in areas if row in lines]
        for cell in cells:
            if not isinstance(cell.value, str) or len(cell.text) > 16:
                continue
            if any(first <= cell.col <= last for first, last in taken):
                continue
            core = parse_label(cell.text).core
            if not concept("declared", core):
                continue
            slot = make_slot(document, grid, row, cell.col + cell.cols, core)
            if slot.reading.value is not None or slot.reading.kind is ReadingKind.MALFORMED:
                found.append(slot)
    return found


def find_records(document: str, grid: Grid, rows: list[list[Cell]]) -> list[Record]:
    """One-line records: captions such as 编制数, 实际在职人数, 控制率 with their figures in the next filled row."""
    records: list[Record] = []
    for row, cells in enumerate(rows):
        captions: dict[str, int] = {}
        for cell in cells:
            if len(cell.text) <= 20 and isinstance(cell.value, str):
                core = parse_label(cell.text).core
                meaning = concept("record", core)
                if meaning:
                    captions.setdefault(meaning, cell.col)
        if len(captions) < 2:
            continue
        below = row + 1
        if below >= len(rows):
            continue
        slots = {
            name: make_slot(document, grid, below, col, _caption(grid, row, col))
            for name, col in captions.items()
        }
        if all(s.row == row for s in slots.values()):
            continue
        records.append(Record(grid, below, slots))
    return records


def _caption(grid: Grid, row: int, col: int) -> str:
    return parse_label(grid.text(row, col)).core


def _is_label(text: str) -> bool:
    """Whether a text asks for an answer of its own, so that it is none itself."""
    core = parse_label(text).core
    return (
        concept("info", core) is not None
        or concept("fund_row", core) is not None
        or INLINE.match(text) is not None
    )


def _goal_with_remark(core: str) -> str | None:
    """The meaning of a goal's caption with a remark behind it: 预期目标(年初设定)."""
    if not core.endswith(")"):
        return None
    meaning = concept("info", core.partition("(")[0])
    return meaning if meaning in ("goal_target", "goal_actual") else None


def find_infos(document: str, grid: Grid, rows: list[list[Cell]], captions: set[int]) -> list[Info]:
    """Labels with the answer in the next cell, goal texts under their captions, and the signature line.

    Args:
        document: Path of the document, for places.
        grid: The grid to look in.
        rows: Its stored cells by row.
        captions: Rows that are headers of blocks, where 项目名称 is a caption and no question.
    """
    infos: list[Info] = []
    for row, cells in enumerate(rows):
        if row in captions:
            continue
        for position, cell in enumerate(cells):
            text = cell.text
            if not isinstance(cell.value, str | None) or not text:
                continue
            if any(word in text for word in ("填表", "填报", "电话", "负责人", "审核")) and (
                ":" in text or "：" in text
            ):
                for found in _SIGNATURE.finditer(text):
                    slot = make_slot(document, grid, cell.row, cell.col, found[1])
                    infos.append(Info("signature", found[1], slot, found[2]))
                continue
            if len(text) > 30:
                continue
            core = parse_label(text).core
            meaning = concept("info", core) or _goal_with_remark(core)
            if meaning is None and position == 0 and len(cells) <= _ALONE and "原因" in core:
                meaning = "conclusion"  # a line of its own for the reasons of all deviations
            if meaning is None or meaning == "signature":
                continue
            if meaning in ("goal_target", "goal_actual"):
                if cell.rows > 2:
                    continue
                below = row + cell.rows
                under = grid.at(below, cell.col)
                if below in captions or (under is not None and _is_label(under.text)):
                    # no text stands below it: the answer is beside it, or there is none
                    beside = cells[position + 1] if position + 1 < len(cells) else None
                    if beside is not None and not _is_label(beside.text):
                        slot = make_slot(document, grid, row, beside.col, core)
                        infos.append(Info(meaning, core, slot, slot.text))
                elif below < grid.n_rows:
                    slot = make_slot(document, grid, below, cell.col, core)
                    infos.append(Info(meaning, core, slot, slot.text))
                continue
            after = cell.col + cell.cols
            if after >= grid.n_cols:
                continue
            following = cells[position + 1] if position + 1 < len(cells) else None
            labelled = following is not None and _is_label(following.text)
            if labelled and meaning in ("goal", "note"):
                # the next label follows at once: this one was left without an answer cell or is a caption
                continue
            slot = make_slot(document, grid, row, after, core)
            if slot.is_blank and following is not None and not labelled:
                # a cell taken apart or a spare column stands between label and answer
                slot = make_slot(document, grid, row, following.col, core)
            if slot.cell is not None and slot.cell is cell:
                continue
            infos.append(Info(meaning, core, slot, slot.text))
    return infos


def find_long_texts(document: str, grid: Grid, rows: list[list[Cell]]) -> list[LongText]:
    """Cells that hold prose, each once, named by the caption above them (实际完成情况) or to their left."""
    texts: list[LongText] = []
    for cells in rows:
        left = ""
        for cell in cells:
            if not isinstance(cell.value, str):
                continue
            text = cell.text.strip()
            if len(text) <= LONG_TEXT and not (left in _CONCLUSIONS and _SENTENCE.search(text)):
                left = parse_label(text).core or left
                continue
            slot: Slot = make_slot(document, grid, cell.row, cell.col, _caption_above(grid, cell) or left)
            texts.append(LongText(slot, text))
    return texts


def _caption_above(grid: Grid, cell: Cell) -> str:
    above = grid.at(cell.row - 1, cell.col) if cell.row else None
    if above is None or len(above.text) > LONG_TEXT:
        return ""
    core = parse_label(above.text).core
    known = concept("info", core) in ("goal_target", "goal_actual")
    return core if known or "目标" in core or "完成情况" in core else ""
