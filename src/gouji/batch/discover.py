"""The submissions in a tree of files: which files can be checked, and which of them one department handed in together.

A department's files stand in a folder of its own, or carry its name; both are understood, mixed too. Where neither says
that files belong together, each is a submission of its own: two departments held against each other would do harm,
a report not held against its form is only a check less.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from gouji.batch.names import core, folder_core, is_numbering, is_report_name
from gouji.frozen import frozen

__all__ = ["CHECKED", "Found", "Skipped", "Submission", "discover", "is_package_name"]

_WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".et", ".xlt"})
_TEXTS = frozenset({".docx", ".doc", ".wps", ".txt"})
CHECKED = _WORKBOOKS | _TEXTS
"""Endings of names that are checked; what a file really is, its bytes decide later."""
_PACKAGE = ".zip"
_SIGNATURE, _DIRECTORY = (
    b"manifest.sig",
    1 << 16,
)  # where the names in a zip file stand: within its last bytes
_OURS = (".已批注", ".已修改", ".已计算", ".已清除", ".原件")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_SHARED = 2  # characters two names must share to be one department's


def is_package_name(name: str) -> bool:
    """Whether a path that is checked at all is that of a submission package."""
    return name.lower().endswith(_PACKAGE)


def _is_package(path: Path) -> bool:
    """Whether a zip file is a submission package or means to be one: it lists a signature."""
    try:
        with path.open("rb") as stream:
            stream.seek(max(0, os.fstat(stream.fileno()).st_size - _DIRECTORY))
            return _SIGNATURE in stream.read()
    except OSError:
        return False


@frozen
class Submission:
    """What one department handed in: paths relative to the folder given, with / between folders.

    ``id`` is the first of its paths, which no other submission has; ``name`` is shown. ``texts`` are reports held against
    ``forms``; a submission without workbooks has its form among ``forms`` all the same.
    """

    id: str
    name: str
    folder: str
    forms: tuple[str, ...]
    texts: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        """Every file, forms first."""
        return self.forms + self.texts


@frozen
class Skipped:
    """A file that is not checked, and why, in Chinese."""

    path: str
    reason: str


@frozen
class Found:
    """What a tree holds, in the order of the paths."""

    submissions: tuple[Submission, ...]
    skipped: tuple[Skipped, ...]


def discover(root: Path, leave: Iterable[Path] = ()) -> Found:
    """Find the submissions below a folder.

    Args:
        root: The folder; links to other folders are not followed.
        leave: Folders inside it that hold output, not input.

    Raises:
        OSError: The folder itself cannot be listed.
    """
    with os.scandir(root):
        pass  # an unreadable root is an error; what cannot be listed below it is told as left out
    left = {path.resolve() for path in leave}
    skipped: list[Skipped] = []
    groups: dict[tuple[str, ...], list[PurePosixPath]] = defaultdict(list)
    for path in _walk(root, left, skipped):
        folder = tuple(known for part in path.parts[:-1] if (known := folder_core(part)))
        groups[folder].append(path)
    made = [each for folder in sorted(groups) for each in _split(root.resolve().name, groups[folder])]
    return Found(
        tuple(sorted(made, key=lambda each: each.id)), tuple(sorted(skipped, key=lambda one: one.path))
    )


def _walk(root: Path, left: set[Path], skipped: list[Skipped]) -> Iterator[PurePosixPath]:
    def unreadable(error: OSError) -> None:
        where = os.path.relpath(error.filename or root, root)
        skipped.append(
            Skipped(where.replace(os.sep, "/"), "文件夹打不开，里面的文件没有检查；请检查读取权限。")
        )

    for folder, inside, files in os.walk(root, onerror=unreadable):
        here = Path(folder)
        inside[:] = sorted(
            name for name in inside if not name.startswith(".") and (here / name).resolve() not in left
        )
        for name in sorted(files):
            path = PurePosixPath((here / name).relative_to(root).as_posix())
            suffix, stem = path.suffix.lower(), path.stem
            if name.startswith((".", "~$", "Thumbs.db", "desktop.ini")):
                continue
            try:
                str(path).encode()
            except UnicodeEncodeError:
                readable = str(path).encode("utf-8", "replace").decode()
                skipped.append(Skipped(readable, "文件名的编码有误，没有检查；请改名后再试。"))
                continue
            if any(mark in stem for mark in _OURS):
                skipped.append(Skipped(str(path), "看名字是 gouji 写出的副本，没有检查。"))
            elif suffix in CHECKED or (suffix == _PACKAGE and _is_package(here / name)):
                yield path
            else:
                skipped.append(Skipped(str(path), f"不检查{f' {suffix} ' if suffix else '没有后缀的'}文件。"))


def _split(root_name: str, paths: list[PurePosixPath]) -> Iterator[Submission]:
    """The submissions among the files of one folder (folders named 附件, 表格 and so on counted to the one above)."""
    for path in [path for path in paths if is_package_name(path.name)]:
        yield _submission(root_name, [path], core(path.stem))  # what was sealed together belongs together
    paths = [path for path in paths if not is_package_name(path.name)]
    if not paths:
        return
    cores = {path: core(path.stem) for path in paths}
    strong = {known for known in cores.values() if known and not is_numbering(known)}
    numbered = any(is_numbering(known) for known in cores.values())
    books = [path for path in paths if path.suffix.lower() in _WORKBOOKS]
    if len(strong) <= 1 and (len(books) <= 1 or not numbered) and not (numbered and not books):
        yield _submission(root_name, paths, next(iter(strong), ""))
        return
    groups: dict[str, list[PurePosixPath]] = defaultdict(list)
    for path in paths:
        groups[cores[path]].append(path)
    for known in sorted(groups):
        host = _host(known, groups)
        if host is not None:
            groups[host] += groups.pop(known)
    for known in sorted(groups):
        yield _submission(root_name, groups[known], known)


def _host(known: str, groups: dict[str, list[PurePosixPath]]) -> str | None:
    """The department that texts under a shorter or longer form of its name belong to, where only one can be meant."""
    if len(known) < _SHARED or is_numbering(known):
        return None
    if any(path.suffix.lower() in _WORKBOOKS for path in groups[known]):
        return None
    hosts = [
        other
        for other, paths in groups.items()
        if other != known
        and len(other) >= _SHARED
        and not is_numbering(other)
        and (other in known or known in other)
        and any(path.suffix.lower() in _WORKBOOKS for path in paths)
    ]
    return hosts[0] if len(hosts) == 1 else None


def _submission(root_name: str, paths: list[PurePosixPath], known: str) -> Submission:
    paths = sorted(paths)
    forms = [path for path in paths if path.suffix.lower() in _WORKBOOKS]
    texts = [path for path in paths if path not in forms]
    if not forms:
        forms = [path for path in texts if not is_report_name(path.stem)] or texts
        texts = [path for path in texts if path not in forms]
    files = (*forms, *texts)
    folder = PurePosixPath(os.path.commonpath([path.parent for path in files]))
    named = [part for part in reversed(folder.parts) if folder_core(part)]
    name = _name(known, named, root_name if len(files) > 1 else forms[0].stem)
    return Submission(
        str(files[0]),
        name,
        "" if str(folder) == "." else str(folder),
        tuple(map(str, forms)),
        tuple(map(str, texts)),
    )


def _name(known: str, folders: list[str], otherwise: str) -> str:
    """What to call a submission: a department named by the files, by the folder, or what there is."""
    if _CHINESE.search(known):
        return known
    strong = [part for part in folders if _CHINESE.search(folder_core(part))]
    if strong and not is_numbering(known):
        return strong[0]
    if is_numbering(known):
        return f"{strong[0]}/{known}" if strong else otherwise
    return known or (folders[0] if folders else otherwise)
