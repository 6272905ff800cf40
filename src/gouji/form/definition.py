"""A form as data: ``form.toml`` read, checked and typed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from gouji.form.settings import Settings
from gouji.frozen import frozen
from gouji.kept import kept

__all__ = [
    "BLOCK_KINDS",
    "Block",
    "DeclaredSum",
    "FormDefinition",
    "FormError",
    "SheetDrawing",
    "parse_form",
    "read_form",
]

BLOCK_KINDS = ("funds", "indicators", "lines", "base", "headcount", "buildings")
"""The kinds of block a form is composed of."""

WEIGHT_KEYS = frozenset(
    {"execution", "output", "benefit", "satisfaction", "cost", "indicators", "management"}
)
_KEYS = frozenset(
    {"id", "title", "region", "basis", "money_unit", "recognise", "settings", "weights", "block", "sheet"}
)
_RECOGNISE = frozenset({"least", "labels", "titles"})
_BLOCK = frozenset({"kind", "title", "required", "columns", "rows", "sums", "calculated"})
_SHEET = frozenset({"name", "landscape", "widths", "drawing"})
_SETTINGS = frozenset(
    {"execution_low", "execution_high", "over_target", "line_over_budget", "opening_required"}
)


class FormError(ValueError):
    """A form definition is unsound; the Chinese message names file and key."""


@frozen
class DeclaredSum:
    """A total that the form itself says is the sum of lines, written «项目支出 = 业务工作经费 + 区级专项资金/*».

    Each of ``parts`` is the label of a line; with ``/*`` behind it, all lines below that one down to the next
    line that the form prints (one project a line).
    """

    total: str
    parts: tuple[str, ...]


@frozen
class Block:
    """One block of a form: its kind, title, captions, fixed lines, which sums they make and which are calculated."""

    kind: str
    title: str
    required: bool
    columns: tuple[str, ...]
    rows: tuple[str, ...]
    calculated: tuple[str, ...]
    sums: tuple[DeclaredSum, ...] = ()


@frozen
class SheetDrawing:
    """A sheet of the printed form: column ``widths`` in characters, and its rows as drawn (:mod:`gouji.form.layout`)."""

    name: str
    widths: tuple[float, ...]
    landscape: bool
    lines: tuple[str, ...]


@frozen
class FormDefinition:
    """A form.

    ``labels`` and ``titles`` recognise it (at least ``least`` of the labels); ``weights`` lists the allowed level-1
    weightings (points by group); ``settings`` are its thresholds; ``sheets`` is its printed layout, empty where nobody
    has drawn it.
    """

    id: str
    title: str
    region: str
    basis: str
    money_unit: str
    least: int
    labels: tuple[str, ...]
    titles: tuple[str, ...]
    settings: Settings
    weights: tuple[dict[str, Decimal], ...]
    blocks: tuple[Block, ...]
    sheets: tuple[SheetDrawing, ...] = ()


def _texts(raw: Any, where: str) -> tuple[str, ...]:  # noqa: ANN401 - TOML is untyped until checked here
    if not isinstance(raw, list) or not all(isinstance(item, str) and item for item in raw):
        raise FormError(f"{where} 应为文字列表")
    return tuple(raw)


def _number(raw: Any, where: str) -> Decimal:  # noqa: ANN401 - as above
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        raise FormError(f"{where} 应为数字")
    try:
        return Decimal(str(raw))
    except ArithmeticError:
        raise FormError(f"{where} 应为数字，现为“{raw}”") from None


def _table(raw: Any, where: str, keys: frozenset[str]) -> dict[str, Any]:  # noqa: ANN401 - as above
    if not isinstance(raw, dict):
        raise FormError(f"{where} 应为一节（表）")
    unknown = raw.keys() - keys
    if unknown:
        raise FormError(f"{where} 不认识：{'、'.join(sorted(unknown))}")
    return raw


def _tables(raw: Any, where: str, keys: frozenset[str]) -> list[dict[str, Any]]:  # noqa: ANN401 - as above
    if not isinstance(raw, list):
        raise FormError(f"{where} 应写作 [[{where}]]，可以有多个")
    return [_table(item, f"第 {number} 个 [[{where}]]", keys) for number, item in enumerate(raw, 1)]


def _settings(raw: dict[str, Any]) -> Settings:
    _table(raw, "[settings]", _SETTINGS)
    standard = Settings()
    return Settings(
        execution_low=_number(raw.get("execution_low", str(standard.execution_low)), "execution_low"),
        execution_high=_number(raw.get("execution_high", str(standard.execution_high)), "execution_high"),
        over_target=_number(raw.get("over_target", str(standard.over_target)), "over_target"),
        line_over_budget=bool(raw.get("line_over_budget", standard.line_over_budget)),
        opening_required=bool(raw.get("opening_required", standard.opening_required)),
    )


def _sum(text: str, rows: tuple[str, ...], where: str) -> DeclaredSum:
    total, equals, parts = text.partition("=")
    names = tuple(part.strip() for part in parts.split("+"))
    if not equals or not total.strip() or not all(names):
        raise FormError(f"{where} sums 中的“{text}”应写作“合计 = 甲 + 乙”")
    unknown = [name for name in (total.strip(), *names) if name.removesuffix("/*") not in rows]
    if unknown:
        raise FormError(f"{where} sums 中的“{unknown[0].removesuffix('/*')}”不在 rows 里")
    return DeclaredSum(total.strip(), names)


def _block(raw: dict[str, Any], number: int) -> Block:
    where = f"第 {number} 个 [[block]]"
    kind = raw.get("kind")
    if kind not in BLOCK_KINDS:
        raise FormError(f"{where} 的 kind 应为 {'、'.join(BLOCK_KINDS)} 之一，现为“{kind}”")
    columns = _texts(raw.get("columns", []), f"{where} columns")
    calculated = _texts(raw.get("calculated", []), f"{where} calculated")
    missing = [name for name in calculated if name not in columns]
    if missing:
        raise FormError(f"{where} calculated 中的“{missing[0]}”不在 columns 里")
    rows = _texts(raw.get("rows", []), f"{where} rows")
    return Block(
        kind,
        str(raw.get("title", "")),
        bool(raw.get("required", False)),
        columns,
        rows,
        calculated,
        tuple(_sum(text, rows, where) for text in _texts(raw.get("sums", []), f"{where} sums")),
    )


def _sheet(raw: dict[str, Any], number: int) -> SheetDrawing:
    where = f"第 {number} 个 [[sheet]]"
    for key in ("name", "widths", "drawing"):
        if not raw.get(key):
            raise FormError(f"{where} 缺少 {key}")
    widths = raw["widths"]
    if not isinstance(widths, list) or not all(
        type(each) in {int, float} and 0 < each <= 255 for each in widths
    ):
        raise FormError(f"{where} widths 应为列宽（字符数）的列表")
    name = str(raw["name"])
    if len(name) > 31 or set(name) & set("[]:*?/\\'"):
        raise FormError(f"{where} 的 name“{name}”不能作工作表名：最多 31 个字，不能有 []:*?/\\' 这些符号")
    lines = tuple(line for line in str(raw["drawing"]).splitlines() if line.strip())
    # widths of columns in characters, no amounts
    return SheetDrawing(name, tuple(float(each) for each in widths), bool(raw.get("landscape", False)), lines)


def parse_form(raw: dict[str, Any]) -> FormDefinition:
    """Type and check a parsed form.toml.

    Raises:
        FormError: If a key is missing, unknown or of the wrong kind.
    """
    unknown = raw.keys() - _KEYS
    if unknown:
        raise FormError(f"不认识的键：{'、'.join(sorted(unknown))}")
    for key in ("id", "title", "recognise", "block"):
        if key not in raw:
            raise FormError(f"缺少 {key}")
    recognise = _table(raw["recognise"], "[recognise]", _RECOGNISE)
    labels = _texts(recognise.get("labels", []), "[recognise] labels")
    weights = [
        {key: _number(value, key) for key, value in variant.items()}
        for variant in _tables(raw.get("weights", []), "weights", WEIGHT_KEYS)
    ]
    least = recognise.get("least", len(labels))
    if isinstance(least, bool) or not isinstance(least, int):
        raise FormError(f"[recognise] least 应为整数，现为“{least}”")
    return FormDefinition(
        id=str(raw["id"]),
        title=str(raw["title"]),
        region=str(raw.get("region", "")),
        basis=str(raw.get("basis", "")),
        money_unit=str(raw.get("money_unit", "万元")),
        least=least,
        labels=labels,
        titles=_texts(recognise.get("titles", []), "[recognise] titles"),
        settings=_settings(raw.get("settings", {})),
        weights=tuple(weights),
        blocks=tuple(
            _block(block, number) for number, block in enumerate(_tables(raw["block"], "block", _BLOCK), 1)
        ),
        sheets=tuple(
            _sheet(sheet, number)
            for number, sheet in enumerate(_tables(raw.get("sheet", []), "sheet", _SHEET), 1)
        ),
    )


def _loaded(source: bytes) -> dict[str, Any]:
    import tomllib  # noqa: PLC0415  # not needed where an earlier run has kept the result

    return tomllib.loads(source.decode("utf-8"))


def read_form(folder: Path, *, ours: bool = False) -> FormDefinition:
    """Read ``folder/form.toml``.

    Args:
        folder: the folder of the form.
        ours: whether the form ships with gouji, so that what is read may be kept for the next run.

    Raises:
        FormError: If the file is missing, is no TOML or is unsound.
    """
    path = folder / "form.toml"
    try:
        source = path.read_bytes()
        raw = kept(f"form-{folder.name}", source, _loaded) if ours else _loaded(source)
    except FileNotFoundError:
        raise FormError(f"{path}：找不到 form.toml") from None
    except ValueError as error:  # TOML's own and that of a text that is not UTF-8 among them
        raise FormError(f"{path}：不是合法的 TOML（{error}）") from None
    try:
        return parse_form(raw)
    except FormError as error:
        raise FormError(f"{path}：{error}") from None
