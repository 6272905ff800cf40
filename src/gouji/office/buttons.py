"""The list of buttons, ``macros/buttons.toml``: one line a button."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import xlwings as xw

__all__ = ["Button", "all_buttons", "button_by_id", "macros_root"]

_ID = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class Button:
    """One button: ``id`` names its macro, ``action`` is ``module:function``, ``image`` an icon of Office."""

    id: str
    caption: str
    action: str
    image: str
    tip: str

    @property
    def macro(self) -> str:
        """The public Sub that the button runs."""
        return f"Gouji_{self.id}"

    @property
    def command(self) -> str:
        """The Python command that the Sub hands to RunPython."""
        return f"import gouji.office.entry; gouji.office.entry.run('{self.id}')"

    def resolve(self) -> Callable[[xw.Book], str]:
        """The function behind the button.

        Raises:
            ImportError, AttributeError: there is none.
        """
        module, _, name = self.action.partition(":")
        found: Callable[[xw.Book], str] = getattr(import_module(module), name)
        return found


@lru_cache(maxsize=1)
def macros_root() -> Path:
    """The folder macros/: in a source checkout beside src/, in an installed wheel gouji/_macros.

    Raises:
        FileNotFoundError: a broken installation.
    """
    package = Path(__file__).resolve().parent.parent
    for candidate in (package / "_macros", package.parent.parent / "macros"):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError("安装不完整：找不到按钮的定义（macros），请重新安装 gouji。")


@lru_cache(maxsize=1)
def all_buttons() -> tuple[Button, ...]:
    """The buttons in their order.

    Raises:
        ValueError: an id that is no macro name, or is there twice.
    """
    listed: list[dict[str, Any]] = tomllib.loads((macros_root() / "buttons.toml").read_text("utf-8"))[
        "buttons"
    ]
    buttons = tuple(Button(**one) for one in listed)
    for button in buttons:
        if not _ID.fullmatch(button.id) or sum(other.id == button.id for other in buttons) > 1:
            raise ValueError(f"buttons.toml：id “{button.id}”应是小写字母，且不重复")
    return buttons


def button_by_id(wanted: str) -> Button:
    """The button with this id.

    Raises:
        KeyError: there is none.
    """
    return {button.id: button for button in all_buttons()}[wanted]
