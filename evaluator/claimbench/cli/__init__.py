"""The command line: parse, call, render. Commands are imported when they are called.

Exit codes: 0 fine, 1 findings or a regression, 2 wrong input or usage, 3 inconclusive, 4 incomparable,
70 internal error.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from claimbench._version import __version__
from claimbench.cli.streams import guard_streams

made: list[object] = []
"""What the last command made that takes longer to free than to write: a process that ends need not."""


def main(args: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code."""
    words = list(sys.argv[1:] if args is None else args)
    made.clear()
    guard_streams()
    if words == ["--version"]:
        return _version()
    # A pool of threads costs more to start than it saves, and makes last bits hang on the number of cores.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        from claimbench.cli.app import run
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    return run(words)


def _version() -> int:
    """Print the version without importing the commands."""
    try:
        print(f"claimbench {__version__}", flush=True)
    except Exception as error:  # a full standard output
        print(error, file=sys.stderr)
        return 2
    return 0


def script() -> NoReturn:
    """Run the command line as a process of its own, which ends without freeing what it made.

    Garbage in cycles is looked for rarely: a report of many runs is hundreds of thousands of objects that
    form none, and one look through them takes a twentieth of the time of a score.
    """
    gc.set_threshold(1_000_000)
    code = main()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    raise SystemExit(main())
