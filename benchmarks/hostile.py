"""What hostile files cost: every file of tests/source/hostile.py through every command, in a process of its own.

``python benchmarks/hostile.py [--only NAME] [--seconds 5] [--megabytes 300]``: prints for each file the reason, and the
dearest command by processor time and by memory. A listener on loopback counts whoever asks it for anything. Exits with 1
where a limit is passed, a traceback is shown, an answer is none of those allowed, or the listener heard something.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.source.hostile import Hostile, hostile  # noqa: E402  # found only once the root is on the path

COMMANDS = (
    ("check", "{file}", "--format", "json"),
    ("check", "{file}", "--report", "{report}", "--format", "text"),
    ("annotate", "{file}", "-o", "{out}"),
    ("fix", "{file}", "-o", "{out}"),
    ("fill", "{file}", "-o", "{out}"),
    ("recalc", "{file}", "-o", "{out}"),
    ("import", "{file}", "-o", "{out}"),
    ("seal", "{file}", "-o", "{out}.zip"),
    ("verify", "{file}"),
)


def listener() -> tuple[int, list[str]]:
    """A port that nobody may ask, and who did."""
    server = socket.create_server(("127.0.0.1", 0))
    heard: list[str] = []

    def serve() -> None:
        while True:
            connection, _ = server.accept()
            with connection:
                heard.append(connection.recv(100).decode("latin-1"))

    threading.Thread(target=serve, daemon=True).start()
    return server.getsockname()[1], heard


def run(command: list[str], seconds: float) -> tuple[int, float, int, str, str]:
    """Exit status, processor seconds, peak memory in bytes, output and errors of one process."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(command, stdout=out, stderr=err, stdin=subprocess.DEVNULL)
        timer = threading.Timer(seconds * 60, process.kill)  # other work may starve it
        timer.start()
        _, status, used = os.wait4(process.pid, 0)
        timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        said, complained = (stream.read(1 << 20).decode("utf-8", "replace") for stream in (out, err))
        return process.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024, said, complained


def tried(each: Hostile, folder: Path, arguments: argparse.Namespace) -> list[str]:
    """Everything that is wrong with how one file was taken; prints its line."""
    file = folder / each.name
    file.write_bytes(each.build())
    wrong: list[str] = []
    costs: list[tuple[float, int, str]] = []
    answer: str | None = "?"
    for number, words in enumerate(COMMANDS):
        given = {
            "file": file,
            "out": folder / f"{number}-{each.name}",
            "report": ROOT / "examples/lusong-2024.docx",
        }
        command = [sys.executable, "-m", "gouji", *(word.format(**given) for word in words)]
        status, cpu, memory, out, err = run(command, arguments.seconds)
        costs.append((cpu, memory, words[0]))
        if status not in (0, 1, 2) or "Traceback" in err:
            wrong.append(f"{words[0]}: status {status} {err.strip()[-200:]}")
        if cpu > arguments.seconds or memory > arguments.megabytes << 20:
            wrong.append(f"{words[0]}: {cpu:.1f} s, {memory >> 20} MB")
        if number == 0 and status in (0, 1, 2):
            [document] = json.loads(out)["documents"]
            answer = document["reason"]["code"] if document["reason"] else None
            if answer not in each.may:
                wrong.append(f"answer {answer}, allowed {sorted(map(str, each.may))}")
    slowest, largest = max(costs), max(costs, key=lambda cost: cost[1])
    print(
        f"{each.name:24} {answer or 'survived':14} {slowest[0]:5.2f} s ({slowest[2]}) "
        f"{largest[1] >> 20:4} MB ({largest[2]}) {'WRONG ' if wrong else ''}",
        flush=True,
    )
    for text in wrong:
        print(f"    {text}", flush=True)
    for path in folder.iterdir():
        if path.name != "home":
            path.unlink()
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="")
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--megabytes", type=int, default=300)
    arguments = parser.parse_args()
    port, heard = listener()
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        os.environ["GOUJI_HOME"] = str(folder / "home")
        subprocess.run(
            [sys.executable, "-m", "gouji", "key", "new", "--name", "x"], check=True, capture_output=True
        )
        for each in hostile(port):
            if arguments.only in each.name:
                wrong += tried(each, folder, arguments)
    print(f"{len(wrong)} wrong; the listener heard {len(heard)} {heard[:3] or ''}")
    return 1 if wrong or heard else 0


if __name__ == "__main__":
    sys.exit(main())
