"""Where the installed program begins.

Another program that asks for findings runs ``gouji check FILES --format json`` thousands of times. Reading that one
line of arguments needs no library, and loading one takes a quarter of such a run, so it is answered here; every other
command line goes to :mod:`gouji.cli`, which would answer this one with the same bytes (tested).
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from gouji.process import INTERRUPTED, expect_a_short_life, leave_the_pipe, use_utf8

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the program; arguments and result as :func:`gouji.cli.main`."""
    files = _asked(sys.argv[1:] if arguments is None else arguments)
    if files is None:
        from gouji.cli import main as whole  # noqa: PLC0415  # loaded for whatever is not the plain check

        return whole(arguments)
    use_utf8()
    if arguments is None:
        expect_a_short_life()
    try:
        return _check(files)
    except KeyboardInterrupt:
        sys.stderr.write("已中断。\n")
        return INTERRUPTED
    except BrokenPipeError:
        return leave_the_pipe()


def _asked(arguments: Sequence[str]) -> list[str] | None:
    """The files of a plain ``check … --format json``; None where anything else is asked."""
    if not arguments or arguments[0] != "check":
        return None
    rest = list(arguments[1:])
    if "--format" in rest[:-1]:
        at = rest.index("--format")
        if rest[at + 1] != "json":
            return None
        del rest[at : at + 2]
    elif "--format=json" in rest:
        rest.remove("--format=json")
    else:
        return None
    return rest if rest and not any(word.startswith("-") for word in rest) else None


def _check(files: list[str]) -> int:
    from gouji.crossing import check_together  # noqa: PLC0415  # loaded when it is clear what is asked
    from gouji.report.json_ import to_json  # noqa: PLC0415  # loaded when it is needed
    from gouji.result import exit_status  # noqa: PLC0415  # loaded when it is needed

    results = check_together(files)
    sys.stdout.write(to_json(results))
    sys.stdout.flush()
    return exit_status(results)
