"""Setting up a desktop for the buttons, taking it down again, and finding out what is wrong with it.

Excel (Windows) gets the add-in gouji.xlam in its start folder, which it trusts, and a settings file that names the
interpreter. LibreOffice gets RunPython in the user's profile. Nothing else is changed; macro security stays as it is.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from gouji.office import libreoffice
from gouji.office.build import addin
from gouji.office.buttons import all_buttons
from gouji.office.entry import log_file

__all__ = [
    "ADDIN",
    "Place",
    "Told",
    "diagnose",
    "install",
    "interpreter",
    "places",
    "settings_file",
    "settings_text",
    "uninstall",
]

ADDIN = "gouji.xlam"
_PINNED = "0.37.8"
_MINOR = f"{sys.version_info.major}.{sys.version_info.minor}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where buttons can be set up: Excel's start folder, or the ``user`` folder of a LibreOffice profile."""

    program: str
    folder: Path

    @property
    def is_excel(self) -> bool:
        """Whether this is Excel's."""
        return self.program == "Excel"


@dataclass(frozen=True, slots=True)
class Told:
    """One line of a diagnosis; ``advice`` says how to mend it, empty where nothing is wrong."""

    text: str
    advice: str = ""


def places(excel: Path | None = None, profile: Path | None = None) -> list[Place]:
    """The places on this computer; those named instead, where any is.

    Args:
        excel: Excel's start folder.
        profile: A LibreOffice profile's ``user`` folder.
    """
    if excel is not None or profile is not None:
        named = [Place("Excel", excel)] if excel is not None else []
        return named + ([Place("LibreOffice", profile)] if profile is not None else [])
    found = []
    roaming = os.environ.get("APPDATA")
    if roaming and (Path(roaming) / "Microsoft" / "Excel").is_dir():
        found.append(Place("Excel", Path(roaming) / "Microsoft" / "Excel" / "XLSTART"))
    return found + [Place("LibreOffice", user) for user in libreoffice.profiles()]


def settings_file() -> Path:
    """The file that the add-in's RunPython reads (.gouji/gouji.conf in the user's folder)."""
    return Path(os.environ.get("USERPROFILE") or Path.home()) / ".gouji" / "gouji.conf"


def own_python() -> Path:
    """The folder of an interpreter of our own, for a gouji that lies beside Python instead of in it."""
    return settings_file().with_name("python")


def interpreter(*, make: bool = False) -> Path:
    """A Python that finds gouji and xlwings by itself, whatever the paths it is started with.

    That is this one where they are installed in it. Where they lie in a folder (the offline bundle), it is a small
    environment that knows the folder; ``make`` makes it.

    Raises:
        OSError: the environment cannot be made.
    """
    here = Path(sys.executable)
    if not _complete(here):
        folder = own_python()
        here = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        if make:
            _make(folder)
    windowless = here.with_name("pythonw.exe")
    return windowless if windowless.exists() else here


@lru_cache(maxsize=1)
def _complete(python: Path) -> bool:
    """:func:`_finds_us` of the Python that runs, which does not change meanwhile."""
    return _finds_us(python)


def _finds_us(python: Path) -> bool:
    """Whether a Python started on nothing but itself finds what a click needs."""
    command = [str(python), "-I", "-c", "import gouji.office, xlwings"]
    try:
        return subprocess.run(command, capture_output=True, check=False, timeout=60).returncode == 0  # noqa: S603  # a command of our own
    except (OSError, subprocess.TimeoutExpired):
        return False


def _make(folder: Path) -> None:
    venv.create(folder, clear=True, with_pip=False, symlinks=os.name != "nt")
    site = folder / ("Lib/site-packages" if os.name == "nt" else f"lib/python{_MINOR}/site-packages")
    places = {
        str(Path(found.origin).parent.parent)
        for found in map(find_spec, ("gouji", "xlwings"))
        if found and found.origin
    }
    # addsitedir, and not the bare path: it also reads what pywin32 says about its own folders.
    lines = [f"import site; site.addsitedir({place!r})\n" for place in sorted(places)]
    (site / "gouji.pth").write_text("".join(lines), encoding="utf-8")


def settings_text() -> str:
    """What stands in the settings file, in the format of xlwings.

    The workbook's folder stays off Python's path: what lies beside a workbook that came by mail must not be run.
    """
    settings = {
        "INTERPRETER_WIN": str(interpreter()),
        "ADD_WORKBOOK_TO_PYTHONPATH": "False",
        "UDF MODULES": "gouji.office.functions",
    }
    return "".join(f'"{name}","{value}"\n' for name, value in settings.items())


def _encoding() -> str:
    """VBA reads text files in the code page of the system."""
    return "mbcs" if sys.platform == "win32" else "utf-8"


def install(where: Sequence[Place]) -> Iterator[str]:
    """Set the buttons up; a Chinese sentence for each thing done.

    Raises:
        ImportError: xlwings is not installed.
        OSError: something cannot be written (Excel may be running and hold the add-in).
    """
    python = interpreter(make=True)
    for place in where:
        if place.is_excel:
            _replace(place.folder / ADDIN, addin())
            _replace(settings_file(), settings_text().encode(_encoding()))
            yield f"Excel：加载项已放到 {place.folder / ADDIN}，设置写在 {settings_file()}；重新打开 Excel 后生效"
        else:
            libreoffice.install(place.folder, interpreter=str(python))
            yield f"LibreOffice：已装到 {place.folder}；重新打开 LibreOffice 后生效"


def uninstall(where: Sequence[Place]) -> Iterator[str]:
    """Take the buttons away; a sentence for each place where there were any."""
    for place in where:
        if place.is_excel:
            found = (place.folder / ADDIN).exists()
            (place.folder / ADDIN).unlink(missing_ok=True)
            settings_file().unlink(missing_ok=True)
        else:
            found = libreoffice.uninstall(place.folder)
        if found:
            yield f"{place.program}：已从 {place.folder} 移除"
    shutil.rmtree(own_python(), ignore_errors=True)


def _replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".new")
    beside.write_bytes(content)
    beside.replace(path)


def diagnose(where: Sequence[Place]) -> Iterator[Told]:
    """What is there and what is not, in the order in which to mend it."""
    version = ".".join(str(part) for part in sys.version_info[:3])
    python = interpreter()
    own = python.parent == Path(sys.executable).parent
    found = python.exists() and (_complete(Path(sys.executable)) if own else _finds_us(python))
    yield Told(
        f"Python {version}：{python}",
        "" if found else "这个 Python 找不到 gouji 或 xlwings：运行 gouji office install",
    )
    yield from _xlwings()
    yield Told(f"按钮 {len(all_buttons())} 个：{'、'.join(button.caption for button in all_buttons())}")
    if not where:
        yield Told(
            "没有找到 Excel 或 LibreOffice 的用户设置",
            "先打开一次 Excel 或 LibreOffice 再试；WPS 请先保存文件，再用 gouji check 文件名 校验",
        )
    for place in where:
        yield from _excel(place) if place.is_excel else _office(place)
    log = log_file()
    yield Told(f"出错日志：{log}（{'有内容' if log.exists() else '还没有'}）")


def _xlwings() -> Iterator[Told]:
    if find_spec("xlwings") is None:
        yield Told("没有安装 xlwings", "运行 pip install gouji[office]")
        return
    from importlib.metadata import version  # noqa: PLC0415 # slow, and asked here only

    found = version("xlwings")
    advice = (
        "" if found == _PINNED else f"按钮是对着 xlwings {_PINNED} 做的：运行 pip install xlwings=={_PINNED}"
    )
    yield Told(f"xlwings {found}", advice)


def _excel(place: Place) -> Iterator[Told]:
    path, again = place.folder / ADDIN, "运行 gouji office install，再重新打开 Excel"
    if not path.exists():
        yield Told(f"Excel：没有加载项 {path}", again)
        return
    current = find_spec("xlwings") is not None and path.read_bytes() == addin()
    yield Told(f"Excel：加载项 {path}", "" if current else f"不是当前版本：{again}")
    settings = settings_file()
    if not settings.exists():
        yield Told(f"Excel：没有设置 {settings}", again)
    elif settings.read_bytes() != settings_text().encode(_encoding()):
        yield Told(f"Excel：设置 {settings}", f"与当前的 Python 不一致：{again}")
    else:
        yield Told(f"Excel：设置 {settings}")


def _office(place: Place) -> Iterator[Told]:
    if not libreoffice.installed(place.folder):
        yield Told(
            f"LibreOffice：{place.folder} 还没有装按钮", "运行 gouji office install，再重新打开 LibreOffice"
        )
        return
    yield Told(f"LibreOffice：按钮已装在 {place.folder}")
    try:
        import xlwings_libreoffice  # noqa: PLC0415 # needs xlwings

        reachable = xlwings_libreoffice.available()
    except ImportError:
        reachable = False
    yield Told(
        "LibreOffice：Python 接口",
        ""
        if reachable
        else "当前的 Python 连不上 LibreOffice：请安装 python3-uno，并用次版本号相同的 Python",
    )
