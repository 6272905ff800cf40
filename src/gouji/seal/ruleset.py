"""What decides the findings, as one hash: two programs with the same hash find the same in the same file."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from gouji import model
from gouji.form.registry import all_forms
from gouji.form.root import forms_root
from gouji.rule.registry import all_rules
from gouji.version import __version__

__all__ = ["form_hash", "rules_hash"]

_DECIDING = ("source", "number", "calc", "form", "narrative", "rule", "repair")
_ALONE = ("model.py", "acceptance.py", "checking.py", "crossing.py")


def _digest(files: dict[str, bytes]) -> str:
    total = hashlib.sha256()
    for name, data in sorted(files.items()):
        # Line ends depend on how the sources were fetched, not on what they say.
        plain = data.replace(b"\r\n", b"\n")
        total.update(f"{name}\0{hashlib.sha256(plain).hexdigest()}\n".encode())
    return total.hexdigest()


@cache
def rules_hash() -> str:
    """SHA-256 over the rules and everything they stand on: readers, lexicon, recognition, repair.

    Where the sources are not there (a frozen program), over the version and the texts of the rules.
    """
    root = Path(model.__file__).parent
    places = [
        path for folder in _DECIDING for path in (root / folder).rglob("*") if path.suffix in (".py", ".toml")
    ]
    places += [root / name for name in _ALONE if (root / name).is_file()]
    files = {path.relative_to(root).as_posix(): path.read_bytes() for path in places}
    if not files:
        files = {
            rule.code: repr((__version__, rule.name, rule.severity, rule.doc)).encode()
            for rule in all_rules()
        }
    return _digest(files)


def form_hash(form_id: str | None) -> str | None:
    """SHA-256 of a form's definition, which is what tells its versions apart; None for ``generic`` and no form."""
    if form_id is None or form_id not in {form.id for form in all_forms()}:
        return None
    return _digest({"form.toml": (forms_root() / form_id / "form.toml").read_bytes()})
