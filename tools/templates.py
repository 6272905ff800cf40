"""Builds the blank workbooks that ship with gouji, each beside its form.toml: ``python tools/templates.py``.

Each comes twice: as .xlsx, and as .xlsm with the buttons. What follows from macros/buttons.toml is written first.
"""

from __future__ import annotations

from gouji.form.registry import all_forms
from gouji.form.root import forms_root
from gouji.office.build import with_buttons, write_sources
from gouji.template.build import BLANK, build

if __name__ == "__main__":
    write_sources()
    for form in all_forms():
        folder = forms_root() / form.id
        blank = folder / BLANK
        target = folder / f"{form.id}.xlsx"
        data = build(form, blank=blank.read_bytes() if blank.is_file() else None)
        target.write_bytes(data)
        target.with_suffix(".xlsm").write_bytes(with_buttons(data))
        print(target)
