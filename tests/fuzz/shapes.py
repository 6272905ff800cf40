"""Mutations that keep the shape of an input, so that they reach beyond the parser.

Elements of XML, members of zip files, values of JSON and cells of tables are changed, moved, doubled, left out. A mutator
takes the input, the most bytes the result may have, and a number to draw from. Where an input has lost its shape it is
handed back as it is: the bytewise mutations of the fuzzer have their turn there.
"""

from __future__ import annotations

import io
import json
import random
import zipfile
import zlib
from collections.abc import Callable
from copy import deepcopy
from typing import Any
from xml.etree import ElementTree as ET

__all__ = ["SHAPES", "Mutator"]

Mutator = Callable[[bytes, int, int], bytes]

_WORDS = (
    *(
        "",
        "0",
        "1",
        "-1",
        "1.5",
        "NaN",
        "1e308",
        "4294967296",
        "99999999999999999999",
        "true",
        "A1",
        "XFD1048576",
    ),
    *(
        "A1:XFD1048576",
        "A0",
        "$B$2",
        "t",
        "s",
        "str",
        "b",
        "e",
        "inlineStr",
        "shared",
        "array",
        "#REF!",
        "2024.10.10",
    ),
    *(
        "=1+1",
        "SUM(A1:B2)",
        "1/0",
        "合计",
        "其中：",
        "执行率",
        "12.5%",
        "201.5.5",
        "≥90%",
        "\u200b",
        "年度指标值",
        "一级指标",
    ),
    *(
        "preserve",
        "hidden",
        "../../etc/passwd",
        "http://127.0.0.1/",
        "rId1",
        "rId2",
        "&",
        "\u3000",
        "x" * 300,
    ),
)


def xml(data: bytes, most: int, seed: int) -> bytes:
    """Elements, attributes and texts changed, doubled, moved, left out."""
    draw = random.Random(seed)  # noqa: S311 # no secret
    try:
        root = ET.fromstring(data)  # noqa: S314 # as above
    except (ET.ParseError, ValueError, LookupError):
        return data
    for _ in range(draw.choice((1, 1, 2, 4))):
        _element(root, draw)
    made: bytes = ET.tostring(root, encoding="utf-8")
    return made if len(made) <= most else data


def _element(root: ET.Element, draw: random.Random) -> None:
    every = list(root.iter())
    one, other = draw.choice(every), draw.choice(every)
    match draw.randrange(9):
        case 0 if one.attrib:
            one.set(draw.choice(sorted(one.attrib)), draw.choice(_WORDS))
        case 1 if one.attrib:
            del one.attrib[draw.choice(sorted(one.attrib))]
        case 2 if other.attrib:
            one.set(draw.choice(sorted(other.attrib)), draw.choice((*other.attrib.values(), *_WORDS)))
        case 3:
            one.text = draw.choice((other.text, *_WORDS))
        case 4 if len(one):
            one.remove(draw.choice(list(one)))
        case 5 if len(one) and len(every) < 3000:
            one.insert(draw.randrange(len(one) + 1), _copy(draw.choice(list(one))))
        case 6 if other is not root and len(every) < 3000:
            one.insert(draw.randrange(len(one) + 1), _copy(other))
        case 7:
            one.tag = other.tag
        case _:
            one.tail = draw.choice(_WORDS)


def _copy(element: ET.Element) -> ET.Element:
    made = deepcopy(element)
    made.tail = None
    return made


def two(data: bytes, most: int, seed: int) -> bytes:
    """Two XML parts with a line feed between, one of them changed."""
    first, _, second = data.partition(b"\n")
    if seed % 2:
        return xml(first, most - len(second) - 1, seed // 2).replace(b"\n", b" ") + b"\n" + second
    return first + b"\n" + xml(second, most - len(first) - 1, seed // 2)


def members(data: bytes, most: int, seed: int) -> bytes:
    """A zip file with a member changed, left out, doubled, renamed or stored in another way."""
    draw = random.Random(seed)  # noqa: S311 # as above
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = [(name, archive.read(name)) for name in archive.namelist()[:50]]
    except (zipfile.BadZipFile, zlib.error, ValueError, EOFError, RuntimeError, OSError, NotImplementedError):
        return data
    if not parts:
        return data
    at = draw.randrange(len(parts))
    name, content = parts[at]
    match draw.randrange(8):
        case 0:
            del parts[at]
        case 1:
            parts.append(
                (draw.choice((name, "../x", "/x", "xl/comments1.xml", name.upper(), name + "/")), content)
            )
        case 2:
            parts[at] = (draw.choice(parts)[0], content)
        case _:
            parts[at] = (name, xml(content, most, draw.randrange(1 << 30)))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", draw.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as archive:
        for each, part in parts:
            archive.writestr(zipfile.ZipInfo(each), part)
    made = out.getvalue()
    return made if len(made) <= most else data


def values(data: bytes, most: int, seed: int) -> bytes:
    """JSON with values changed, moved, left out; written plainly, as canonical JSON is for such content."""
    draw = random.Random(seed)  # noqa: S311 # as above
    try:
        content = json.loads(data)
    except (ValueError, RecursionError):
        return data
    for _ in range(draw.choice((1, 1, 2, 4))):
        content = _value(content, draw)
    try:
        made = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    except (ValueError, RecursionError):
        return data
    return made if len(made) <= most else data


def _value(content: Any, draw: random.Random) -> Any:  # noqa: ANN401 # JSON may be anything
    odd: tuple[Any, ...] = (
        None,
        True,
        0,
        -1,
        1.5,
        1 << 53,
        "",
        "a",
        "\u202e",
        [],
        {},
        [1],
        {"a": 1},
        *_WORDS,
    )
    places: list[tuple[Any, Any]] = []
    waiting = [content]
    while waiting:
        one = waiting.pop()
        keys = list(one) if isinstance(one, dict) else range(len(one)) if isinstance(one, list) else ()
        for key in keys:
            places.append((one, key))
            waiting.append(one[key])
    if not places:
        return draw.choice(odd)
    (holder, key), (other, its) = draw.choice(places), draw.choice(places)
    match draw.randrange(5):
        case 0:
            del holder[key]
        case 1 if isinstance(holder, dict):
            holder[draw.choice(("name", "role", "sha256", "original", "x"))] = holder[key]
        case 2:
            holder[key] = json.loads(json.dumps(other[its]))
        case _:
            holder[key] = draw.choice(odd)
    return content


def cells(data: bytes, most: int, seed: int) -> bytes:
    """A table of texts, rows as lines and cells between tabs, with cells and rows changed, moved, doubled."""
    draw = random.Random(seed)  # noqa: S311 # as above
    rows = [line.split("\t") for line in data.decode("utf-8", "replace").split("\n")]
    for _ in range(draw.choice((1, 2, 4))):
        one, other = draw.choice(rows), draw.choice(rows)
        at = draw.randrange(len(one)) if one else 0
        match draw.randrange(7):
            case 0:
                one[at : at + 1] = [draw.choice((*_WORDS, draw.choice(other) if other else ""))]
            case 1:
                one.insert(at, draw.choice(_WORDS))
            case 2:
                del one[at : at + 1]
            case 3:
                rows.insert(draw.randrange(len(rows)), list(other))
            case 4 if len(rows) > 1:
                rows.remove(one)
            case 5 if one:
                text = one[at]
                cut = draw.randrange(len(text) + 1)
                one[at] = (
                    text[:cut]
                    + draw.choice((".", "，", "%", "0", "9", "万元", "（", "-", "O", text))
                    + text[cut:]
                )
            case _:
                draw.shuffle(one)
    made = "\n".join("\t".join(row) for row in rows).encode()
    return made if len(made) <= most else data


SHAPES: dict[str, Mutator] = {
    "archive": members,
    "sheet": xml,
    "strings_and_styles": two,
    "report": xml,
    "word_writer": xml,
    "writer": xml,
    "checked_sheet": cells,
    "manifest": values,
    "snapshot": values,
}
