"""Fuzzing for as long as one likes: ``make fuzz SECONDS=3600`` or ``python tools/fuzz.py [--seconds N] [--target NAME]``.

With atheris (Linux, ``uv sync --group fuzz``) mutations are led by coverage, and half of them keep the shape of the input
(tests/fuzz/shapes.py); without it they are drawn blindly. The seconds are processor time, shared equally among the
targets; a table of what each really used ends the run. What breaks a target is written to .fuzz/<target>/crash-…; once
mended it belongs into tests/fuzz/regressions/<target>/. Exits with 1 where something broke.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import re
import subprocess
import sys
import time
import traceback
from dataclasses import dataclass
from importlib import import_module
from math import ceil
from pathlib import Path
from pkgutil import walk_packages

ROOT = Path(__file__).parents[1]
WORK = ROOT / ".fuzz"


def led(name: str, seconds: int) -> None:
    """One target under atheris; does not return."""
    import atheris  # noqa: PLC0415  # only where it is installed

    with atheris.instrument_imports(include=["gouji"]):
        # everything that a target may load later must be loaded instrumented now
        import gouji  # noqa: PLC0415  # only after atheris looks

        for module in walk_packages(gouji.__path__, "gouji."):
            if not module.name.startswith(("gouji.office", "gouji.batch", "gouji.__main__")):
                import_module(module.name)
        targets = import_module("tests.fuzz.targets").TARGETS
    shape = import_module("tests.fuzz.shapes").SHAPES.get(name)

    def mutated_in_shape(data: bytes, most: int, seed: int) -> bytes:
        made = shape(data, most, seed // 2) if shape is not None and seed % 2 else data
        return atheris.Mutate(data, most) if made == data or len(made) > most else made

    corpus = WORK / name / "corpus"
    arguments = [
        sys.argv[0],
        f"-max_total_time={seconds}",
        f"-artifact_prefix={WORK / name}/",
        "-rss_limit_mb=2000",
        "-timeout=30",
        "-print_final_stats=1",
        str(corpus),
    ]
    os.environ["GOUJI_DEBUG"] = "1"  # what the check would tell as a refusal is what is looked for
    atheris.Setup(arguments, targets[name], **({"custom_mutator": mutated_in_shape} if shape else {}))
    atheris.Fuzz()


def blind(name: str, seconds: int) -> int:
    """One target under random mutations of its corpus; gives how many inputs broke it."""
    from tests.fuzz.targets import TARGETS  # noqa: PLC0415  # as above

    corpus = [path.read_bytes() for path in sorted((WORK / name / "corpus").iterdir())]
    draw = random.Random(time.time_ns())  # noqa: S311 - no secret
    broken, runs, end = 0, 0, time.monotonic() + seconds
    while time.monotonic() < end:
        data = mutated(draw.choice(corpus), corpus, draw)
        runs += 1
        try:
            TARGETS[name](data)
        except Exception:  # noqa: BLE001 - whatever it is, it is what is looked for
            broken += 1
            keep(name, data)
            traceback.print_exc()
    print(f"{name}: {runs} runs, {broken} broke it", flush=True)
    return broken


def mutated(data: bytes, corpus: list[bytes], draw: random.Random) -> bytes:
    """The input with a few pieces changed, doubled, left out or taken from another."""
    made = bytearray(data)
    for _ in range(draw.choice((1, 1, 2, 4, 8))):
        at = draw.randrange(len(made) + 1)
        size = min(draw.choice((1, 1, 2, 8, 40)), len(made) - at)
        match draw.randrange(5):
            case 0:
                made[at : at + size] = draw.randbytes(size)
            case 1:
                del made[at : at + size]
            case 2:
                made[at:at] = made[at : at + size] * draw.choice((1, 2, 50))
            case 3:
                other = draw.choice(corpus)
                start = draw.randrange(len(other) + 1)
                made[at : at + size] = other[start : start + draw.choice((1, 10, 100))]
            case _:
                made[at:at] = draw.choice(
                    (b"-1", b"4294967295", b"&#0;", b"\xff", b"1e999", "．".encode(), b"\0" * 9)
                )
    return bytes(made)


def keep(name: str, data: bytes) -> None:
    """Writes down what broke a target."""
    (WORK / name / f"crash-{hashlib.sha256(data).hexdigest()[:16]}").write_bytes(data)


def prepare(name: str) -> None:
    """The corpus of a target: seeds, regressions, and what earlier runs found interesting."""
    sys.path.insert(0, str(ROOT))
    from tests.fuzz.seeds import seeds  # noqa: PLC0415  # tests are no package of this tool

    corpus = WORK / name / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    kept = [path.read_bytes() for path in (ROOT / "tests/fuzz/regressions" / name).glob("*")]
    for data in (*seeds()[name], *kept):
        (corpus / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)


@dataclass(frozen=True)
class Used:
    """What became of one target: inputs run, processor seconds, edges of the program reached, what broke it."""

    name: str
    runs: int
    seconds: float
    edges: int
    broke: str


def used(name: str, share: int, *, blind_: bool) -> Used:
    """Fuzz a target in processes of its own until it has used its share of processor seconds, or breaks."""
    (WORK / name).mkdir(parents=True, exist_ok=True)
    log = WORK / name / "log"
    runs = edges = 0
    seconds, broke = 0.0, ""
    while seconds < share and not broke:
        left = str(ceil(share - seconds) + 1)
        command = [sys.executable, __file__, "--target", name, "--seconds", left, *(["--blind"] * blind_)]
        with log.open("wb") as stream:
            child = subprocess.Popen(command, cwd=ROOT, stdout=stream, stderr=subprocess.STDOUT)
            _, status, spent = os.wait4(child.pid, 0)
        seconds += spent.ru_utime + spent.ru_stime
        told = log.read_text("utf-8", "replace")
        runs += sum(
            map(int, re.findall(r"(?:number_of_executed_units: |^\w+: )(\d+)(?: runs|$)", told, re.MULTILINE))
        )
        edges = max([edges, *map(int, re.findall(r" cov: (\d+) ", told))])
        if status:
            broke = f"see {log.relative_to(ROOT)}"
            print(told[-4000:], flush=True)
    print(f"{name}: {runs} runs, {seconds:.0f} s", flush=True)
    return Used(name, runs, seconds, edges, broke)


def main() -> int:
    """Runs one target in this process, or all of them in processes of their own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--target")
    parser.add_argument("--prepare", action="store_true", help="only write the corpus of the target")
    parser.add_argument("--blind", action="store_true", help="without atheris")
    arguments, _ = parser.parse_known_args()
    os.environ["GOUJI_SOFFICE"] = ""  # another program is not what is fuzzed
    sys.path.insert(0, str(ROOT))
    try:
        import atheris  # noqa: F401, PLC0415  # is it there?
    except ImportError:
        arguments.blind = True
    if arguments.prepare:
        prepare(arguments.target)
        return 0
    if arguments.target:
        # in a process of its own: what is imported before atheris looks is not led by coverage
        subprocess.run([sys.executable, __file__, "--prepare", "--target", arguments.target], check=True)
        if arguments.blind:
            return 1 if blind(arguments.target, arguments.seconds) else 0
        led(arguments.target, arguments.seconds)
    from tests.fuzz.seeds import seeds  # noqa: PLC0415  # as above

    share = max(2, arguments.seconds // len(seeds()))
    rows = [used(name, share, blind_=arguments.blind) for name in seeds()]
    print(f"{'blind' if arguments.blind else 'led by coverage'}, Python {sys.version.split()[0]}")
    print("| target | runs | processor s | edges covered | broke |\n| --- | ---: | ---: | ---: | --- |")
    for row in rows:
        print(f"| {row.name} | {row.runs:,} | {row.seconds:.0f} | {row.edges or '-'} | {row.broke or 'no'} |")
    print(f"| all | {sum(row.runs for row in rows):,} | {sum(row.seconds for row in rows):.0f} | | |")
    return 1 if any(row.broke for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
