"""Tampering with packages, two thousand times: what of it is noticed; and honest repacking: what of it is rejected.

``python benchmarks/seal.py [--count 2000] [--seed 1]``: the example form is sealed with a key made for the run; every
mutation of tests/seal/mutate.py is drawn equally often. Packages that happen to be byte for byte what was sealed do not
count. Exits with 1 where anything went unnoticed or an honest package was rejected.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from gouji.seal.keys import load_key, new_key  # noqa: E402  # the root has to be on the path first
from gouji.seal.sealing import seal  # noqa: E402  # as above
from gouji.seal.verifying import verify  # noqa: E402  # as above
from tests.seal.mutate import TAMPERINGS, honest  # noqa: E402  # as above


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        new_key(Path(folder) / "seal.key", "benchmark")
        key = load_key(Path(folder) / "seal.key")
    examples = ROOT / "examples"
    data = seal(str(examples / "lusong-2024.xlsx"), str(examples / "lusong-2024.docx"), key).data
    trust = (key.public,)
    start = time.process_time()
    whole = verify(data, "x.zip", trust)
    print(f"one package of {len(data)} bytes verified in {1000 * (time.process_time() - start):.0f} ms CPU")
    rejected = [how for how, each in honest(data).items() if not verify(each, "x.zip", trust).whole]
    print(f"honest repackings: {len(honest(data))}, rejected: {rejected or 0}")
    tried: Counter[str] = Counter()
    missed: list[tuple[str, int]] = []
    named = 0
    for number in range(arguments.count):
        tampering = TAMPERINGS[number % len(TAMPERINGS)]
        draw = random.Random(f"{arguments.seed}/{number}")
        changed = tampering(data, draw)
        if changed == data:
            continue
        tried[tampering.__name__] += 1
        found = verify(changed, "x.zip", trust)
        if found.whole or found.exit_status != 2:
            missed.append((tampering.__name__, number))
        named += tampering.__name__ == "cell_changed" and bool(found.changes)
    for name, count in tried.items():
        print(f"{name:16} {count:5} tried, {sum(each == name for each, _ in missed)} missed")
    print(
        f"all              {sum(tried.values()):5} tried, {len(missed)} missed; {named} changed cells named"
    )
    for name, number in missed[:10]:
        print(f"missed: {name} number {number}")
    return 1 if missed or rejected or not whole.whole else 0


if __name__ == "__main__":
    sys.exit(main())
