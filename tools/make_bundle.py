"""The offline bundle: one folder that installs and runs without network and without admin rights.

    make bundle            # or: uv run python tools/make_bundle.py [--pythons 3.12,3.13] [--output FOLDER]
    make bundle BUNDLE=--with-summary   # also what `gouji batch` needs for 汇总.xlsx; some 50 MB more for each Python

What comes out: wheels of gouji and all it needs, for Windows x64 and Linux x86-64; start scripts; the form templates;
an example; a guide of one page. Building needs the package index, using it does not: at the end the bundle is
installed into an empty folder with the index forbidden, and has to give the same report as this checkout.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

from packaging.markers import Marker

from gouji.version import __version__

ROOT = Path(__file__).parents[1]
SOURCES = ROOT / "tools/bundle"
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
PLATFORMS = {
    "win32": ("win_amd64",),
    "linux": ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"),
}
EXAMPLES = ("lusong-2024.xlsx", "lusong-2024.docx")
PIP = "pip==25.3"  # taken along as a wheel: a Python without pip can run it from there


def run(*command: str, **environment: str) -> str:
    """Runs a command in the project's folder; gives what it printed."""
    env = os.environ | environment
    done = subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout


def requirements(platform: str, extras: Sequence[str] = ("office",)) -> list[str]:
    """The exact versions of everything gouji and these extras need to run, as locked, on a platform (``win32``)."""
    command = ("uv", "export", "--quiet", "--locked", "--no-dev", "--no-emit-project", "--no-hashes")
    wanted = []
    for line in run(*command, *(word for extra in extras for word in ("--extra", extra))).splitlines():
        name, _, marker = (part.strip() for part in line.partition(";"))
        here = {"sys_platform": platform}  # what else markers ask is alike on all Pythons taken along
        if name and not name.startswith("#") and (not marker or Marker(marker).evaluate(here)):
            wanted.append(name)
    return wanted


def collect(wheels: Path, pythons: tuple[str, ...], extras: Sequence[str]) -> None:
    """Builds our wheel, and downloads those of the others."""
    run("uv", "build", "--quiet", "--wheel", "--out-dir", str(wheels))
    pip = (
        "uv",
        "run",
        "--quiet",
        "--no-project",
        "--with",
        PIP,
        "python",
        "-m",
        "pip",
        "download",
        "--quiet",
    )
    given = ("--only-binary=:all:", "--no-deps", "--dest", str(wheels))
    run(*pip, *given, PIP)
    for platform, tags in PLATFORMS.items():
        platforms = [word for tag in tags for word in ("--platform", tag)]
        for python in pythons:
            run(
                *pip,
                *given,
                *platforms,
                "--implementation",
                "cp",
                "--python-version",
                python,
                *requirements(platform, extras),
            )


def assemble(folder: Path, pythons: tuple[str, ...], extras: Sequence[str]) -> None:
    """Fills the folder."""
    shutil.rmtree(folder, ignore_errors=True)
    wheels = folder / "wheels"
    wheels.mkdir(parents=True)
    collect(wheels, pythons, extras)
    for left in wheels.glob(".git*"):
        left.unlink()
    for source in sorted(SOURCES.iterdir()):
        target = folder / source.name
        data = source.read_text(encoding="utf-8").replace("@VERSION@", __version__)
        windows = source.suffix in (".bat", ".txt")  # Notepad and cmd want their own line ends
        target.write_bytes(
            data.replace("\n", "\r\n").encode("utf-8-sig" if source.suffix == ".txt" else "utf-8")
            if windows
            else data.encode()
        )
        if source.suffix == ".sh":
            target.chmod(0o755)
    shutil.copytree(ROOT / "xlsx_templates", folder / "templates")
    (folder / "examples").mkdir()
    for name in EXAMPLES:
        shutil.copy(ROOT / "examples" / name, folder / "examples" / name)
    shutil.copy(ROOT / "LICENSE", folder / "LICENSE")


def prove(folder: Path) -> None:
    """Installs a copy with the index forbidden, and compares its report with that of this checkout."""
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / "解压 的文件夹"  # Chinese, and a blank
        shutil.copytree(folder, copy)
        nowhere = {
            "PIP_NO_INDEX": "1",
            "PIP_INDEX_URL": "http://127.0.0.1:9/",
            "HOME": place,
            "PYTHONPATH": "",
        }
        subprocess.run([sys.executable, "-I", str(copy / "install.py")], env=os.environ | nowhere, check=True)
        env = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith(("PYTHON", "GOUJI", "VIRTUAL"))
        }
        example = str(copy / "examples" / EXAMPLES[0])
        script = ["cmd", "/c", str(copy / "gouji.bat")] if os.name == "nt" else [str(copy / "gouji.sh")]
        there = subprocess.run(
            [*script, "check", example, "--format", "json"],
            env=env | {"HOME": place},
            capture_output=True,
            check=False,
        )
        here = subprocess.run(
            [sys.executable, "-m", "gouji", "check", example, "--format", "json"],
            capture_output=True,
            check=False,
        )
        if there.returncode != here.returncode or there.stdout != here.stdout or not there.stdout:
            sys.exit(f"the bundle's report differs from this checkout's:\n{there.stderr.decode()}")


def main() -> None:
    """Makes the bundle, proves it, zips it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pythons", default=",".join(PYTHONS))
    parser.add_argument("--output", type=Path, default=ROOT / "dist" / f"gouji-{__version__}-offline")
    parser.add_argument("--with-summary", action="store_true")
    given = parser.parse_args()
    folder: Path = given.output
    extras = ("office", "batch") if given.with_summary else ("office",)
    assemble(folder, tuple(given.pythons.split(",")), extras)
    prove(folder)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    packed = folder.with_name(f"{folder.name}.zip")
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as made:  # wheels are compressed already
        for path in files:
            made.write(path, path.relative_to(folder.parent))
    size = sum(path.stat().st_size for path in files) / 1e6
    print(
        f"{folder}: {len(files)} files, {size:.0f} MB; installed without an index, same report; {packed.name}"
    )


if __name__ == "__main__":
    main()
