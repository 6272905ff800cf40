"""The forms known, and which of them a document is."""

from __future__ import annotations

from functools import lru_cache

from gouji.form.definition import FormDefinition, FormError, read_form
from gouji.form.root import forms_root

__all__ = ["GENERIC", "UnknownFormError", "all_forms", "form_by_id", "recognise"]

GENERIC = "generic"
"""The id shown for a self-evaluation that follows no described form."""


class UnknownFormError(LookupError):
    """A form was asked for that nobody has described."""


@lru_cache(maxsize=1)
def all_forms() -> tuple[FormDefinition, ...]:
    """Every form that ships with gouji, by id.

    Raises:
        FormError: If a shipped definition is unsound.
    """
    folders = sorted(path for path in forms_root().iterdir() if (path / "form.toml").is_file())
    forms = tuple(read_form(folder, ours=True) for folder in folders)
    for folder, form in zip(folders, forms, strict=True):
        if folder.name != form.id:
            raise FormError(f"{folder}：文件夹名应与 id“{form.id}”相同")
    return forms


def form_by_id(form_id: str) -> FormDefinition | None:
    """The form with this id; None for ``generic``.

    Raises:
        UnknownFormError: If there is none.
    """
    if form_id == GENERIC:
        return None
    for form in all_forms():
        if form.id == form_id:
            return form
    known = "、".join([form.id for form in all_forms()] + [GENERIC])
    raise UnknownFormError(f"没有表式“{form_id}”；已有：{known}")


def recognise(labels: frozenset[str], titles: str) -> FormDefinition | None:
    """The form whose labels are found, the most of them first; None where none reaches its least number.

    Args:
        labels: Compact cores of all short labels of the document.
        titles: Compact text of the titles (first rows, paragraphs).
    """
    best: FormDefinition | None = None
    best_share = 0
    for form in all_forms():
        found = sum(1 for label in form.labels if label in labels)
        if found < form.least or (form.titles and not any(title in titles for title in form.titles)):
            continue
        share = found * 100 // max(1, len(form.labels))
        if share > best_share:
            best, best_share = form, share
    return best
