"""Fuzzing for as long as one likes: ``make fuzz SECONDS=3600`` or ``python tools/fuzz.py [--seconds N] [--target NAME]``.

With atheris (Linux, ``uv sync --group fuzz``) mutations are led by coverage; without it they are drawn blindly. The time
is shared among the targets. What breaks a target is written to .fuzz/<target>/crash-…; once mended it belongs into
tests/fuzz/regressions/<target>/. Exits with 1 where something broke.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import subprocess
import sys
import time
import traceback
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parents[1]
WORK = ROOT / ".fuzz"


def led(name: str, seconds: int) -> None:
    """One target under atheris; does not return."""
    import atheris  # noqa: PLC0415  # only where it is installed

    with atheris.instrument_imports(include=["gouji"]):
        # everything that a target may load later must be loaded instrumented now
        for module in ("gouji.mending", "gouji.repair.submission", "gouji.seal.verifying"):
            import_module(module)
        import_module("gouji.rule.registry").all_rules()
        targets = import_module("tests.fuzz.targets").TARGETS
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
    atheris.Setup(arguments, targets[name])
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

    share = max(1, arguments.seconds // len(seeds()))
    failed = []
    for name in seeds():
        command = [sys.executable, __file__, "--target", name, "--seconds", str(share)]
        done = subprocess.run([*command, *(["--blind"] if arguments.blind else [])], cwd=ROOT, check=False)
        if done.returncode:
            failed.append(name)
    print(f"{share} s each, broken: {'、'.join(failed) or 'none'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
