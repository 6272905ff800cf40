"""How much a file may ask of the program before it is refused.

The defaults leave honest files a wide margin: over several hundred workbooks of other people's test
collections the highest honest expansion ratio was 69 to 1 and the largest honest content 60 MB.

A user sets other caps in ``limits.toml`` in the own settings folder (:func:`gouji.home.home`), one ``name = number`` a
line. Never beside the files that are checked: who sends a hostile file must not choose what it may cost.
"""

from __future__ import annotations

import os
from functools import lru_cache

from gouji.frozen import frozen, replace
from gouji.home import home
from gouji.source.document import ReasonCode, SourceRefusedError

__all__ = ["DEFAULT_LIMITS", "Limits", "own_limits"]

_FILE = "limits.toml"


@frozen
class Limits:
    """Caps of the gate and the readers; pass another instance to :func:`gouji.source.read` to change them.

    Attributes:
        file_bytes: Largest file taken at all.
        total_bytes: Most bytes that all parts of a package may inflate to together.
        xml_bytes: Most bytes that the XML parts of a package may inflate to together.
        part_bytes: Most bytes that one part, or one stream of an old binary file, may hold.
        ratio: Highest expansion of one part (inflated / stored bytes) once it is over ``ratio_floor`` bytes.
        ratio_floor: Parts inflating to fewer bytes are never refused for their ratio.
        parts: Most parts in a package.
        cells: Most cells with content in one document.
        rows: Rows beyond this number are left out of a grid, with a notice.
        cols: Columns beyond this number are left out of a grid, with a notice.
        merges: Most merged areas in one document.
        covered: Most positions that all merged areas of one document may cover together.
        depth: Deepest nesting of blocks in a Word document.
        tags: Most tags in all sheets of a workbook; a quarter of it is the most records of an old one.
        tree_tags: Most tags, and most attributes, in an XML part that has to be held as a whole.
        tables: Most tables in a Word document or a text.
        text_chars: Most characters of text in one document.
        prose_chars: Most characters in paragraphs and long cells together, which are read sentence by sentence; a text
            or Word document may hold ten times as much with its tables. A report of thirty pages has 20,000.
        formula_chars: Most characters of formulas in one document.
        lines: Most paragraphs of a Word document or lines of a text.
        seconds: Time allowed to a conversion by LibreOffice.
    """

    file_bytes: int = 64 * 1024 * 1024
    total_bytes: int = 256 * 1024 * 1024
    xml_bytes: int = 128 * 1024 * 1024
    part_bytes: int = 96 * 1024 * 1024
    ratio: int = 200
    ratio_floor: int = 4 * 1024 * 1024
    parts: int = 4096
    cells: int = 200_000
    rows: int = 20_000
    cols: int = 512
    merges: int = 50_000
    covered: int = 500_000
    depth: int = 100
    tags: int = 2_000_000
    tree_tags: int = 500_000
    tables: int = 5_000
    text_chars: int = 64_000_000
    prose_chars: int = 400_000
    formula_chars: int = 10_000_000
    lines: int = 200_000
    seconds: float = 60.0


DEFAULT_LIMITS = Limits()


def own_limits() -> Limits:
    """The caps that this user set; the defaults where there are none.

    Raises:
        SourceRefusedError: UNSUPPORTED, where the user's file cannot be understood: then nothing is read under caps
            that the user did not mean.
    """
    return _limits_of(os.path.join(home(), _FILE))  # noqa: PTH118 - pathlib costs a tenth of a cold check


@lru_cache(maxsize=4)
def _limits_of(path: str) -> Limits:
    try:
        with open(path, encoding="utf-8-sig") as stream:  # noqa: PTH123 - as above
            text = stream.read()
    except (FileNotFoundError, NotADirectoryError):
        return DEFAULT_LIMITS
    except (OSError, UnicodeDecodeError) as error:
        raise _wrong(path, f"打不开（{type(error).__name__}）") from None
    import tomllib  # noqa: PLC0415 - loaded where a user set limits

    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _wrong(path, f"写法不对（{error}）") from None
    for name, value in given.items():
        if name not in Limits.__annotations__:
            raise _wrong(path, f"里没有“{name}”这一项")
        whole = isinstance(value, int) or (name == "seconds" and isinstance(value, float))
        if not whole or isinstance(value, bool) or value <= 0:
            raise _wrong(path, f"的“{name}”应是大于 0 的数")
    return replace(DEFAULT_LIMITS, **given)


def _wrong(path: str, why: str) -> SourceRefusedError:
    return SourceRefusedError(
        ReasonCode.UNSUPPORTED, f"自己的上限设置 {path} {why}，没有检查；请改正或删去这个文件。"
    )
