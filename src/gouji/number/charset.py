"""The characters people type for digits, points, signs and gaps, and the plain one each stands for.

:func:`canonical` maps character by character and never changes the length of a text, so that a place found
in the canonical text is the same place in the text as typed.
"""

from __future__ import annotations

from gouji.pattern import compiled

__all__ = [
    "INVISIBLE",
    "LOOK_ALIKES",
    "canonical",
    "canonical_sentence",
    "without_invisible",
]

_PAIRS = {
    "．﹒": ".",
    "。｡": ".",
    "，﹐､": ",",
    "％﹪٪": "%",
    "＋﹢": "+",
    "－﹣−–—‒―‐‑─━": "-",
    "～〜∼∽˜": "~",
    "＞﹥〉》": ">",
    "＜﹤〈《": "<",
    "＝﹦═": "=",
    "≧⩾≮": "≥",
    "≦⩽≯": "≤",
    "（﹙": "(",
    "）﹚": ")",
    "／⁄∕": "/",
    "＼": "\\",
    "：﹕∶": ":",
    "；﹔": ";",
    "•・‧∙⋅･": "·",
    "＃": "#",
    "！": "!",
    "｜│": "|",
    "＊": "*",
    "＿": "_",
    "￥": "¥",
    "△▲": "▲",
    # gaps: everything a person sees as a blank but a line break
    "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000": " ",
    "\r\x0b\x0c\u0085\u2028\u2029": "\n",
}
_TABLE = {ord(char): plain for chars, plain in _PAIRS.items() for char in chars}
_TABLE |= {0xFF10 + n: chr(48 + n) for n in range(10)}
_TABLE |= {0xFF21 + n: chr(65 + n) for n in range(26)}
_TABLE |= {0xFF41 + n: chr(97 + n) for n in range(26)}

LOOK_ALIKES = {"O": "0", "o": "0", "〇": "0", "○": "0", "О": "0", "о": "0", "l": "1", "I": "1"}
"""Characters typed for a digit because they look like it."""

INVISIBLE = compiled("[\x00-\x08\x0e-\x1f\x7f\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Characters that take no room on paper; copied along from web pages, PDF files and portals."""


_SENTENCE_TABLE = {char: plain for char, plain in _TABLE.items() if chr(char) not in "。｡，﹐､：；！《》〈〉"}


def canonical(text: str) -> str:
    """The text with every full-width, Chinese or typographic variant replaced by its plain character."""
    return text.translate(_TABLE)


def canonical_sentence(text: str) -> str:
    """As :func:`canonical`, but Chinese punctuation keeps its meaning: it parts clauses, not digits."""
    return text.translate(_SENTENCE_TABLE)


def without_invisible(text: str) -> str:
    """The text without characters that take no room on paper."""
    return INVISIBLE.sub("", text)
