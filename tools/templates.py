"""Builds the blank workbooks that ship with gouji, each beside its form.toml: ``python tools/templates.py``."""

from __future__ import annotations

from gouji.form.registry import all_forms
from gouji.form.root import forms_root
from gouji.template.build import build

if __name__ == "__main__":
    for form in all_forms():
        target = forms_root() / form.id / f"{form.id}.xlsx"
        target.write_bytes(build(form))
        print(target)
