"""Work shared among processes: every task once, errors told here, nothing left behind."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from claimbench.processes import spread


def _double(task: int, more: int) -> int:
    return 2 * task + more


def _fail(task: int, more: int) -> int:
    raise ValueError(f"no {task}")


def _meet(task: int, here: tuple[int, str]) -> None:
    """Leave a file named by the process, if another than the first; return once there is one."""
    first, folder = here
    if os.getpid() != first:
        Path(folder, str(os.getpid())).touch()
    while not os.listdir(folder):
        time.sleep(0.01)


def _print(task: int, more: int) -> int:
    print("a task that prints")
    return task


@pytest.mark.parametrize(("tasks", "workers"), [(0, 2), (1, 2), (2, 2), (3, 8), (40, 1), (40, 3)])
def test_every_task_is_done_once(tasks, workers):
    """Whatever the numbers of tasks and processes, each task gives one value, at its place."""
    found = list(spread(_double, range(100, 100 + tasks), 7, workers))
    assert sorted(found) == [(i, 2 * (100 + i) + 7) for i in range(tasks)]


def test_an_error_is_raised_here():
    """A task that fails in another process fails again in this one, with its own message."""
    with pytest.raises(ValueError, match="no "):
        list(spread(_fail, range(20), 0, 2))


def test_what_a_task_prints_does_not_disturb_its_answer():
    """Standard output of another process is not the pipe of its answers."""
    assert sorted(spread(_print, range(30), 0, 2)) == [(i, i) for i in range(30)]


@pytest.mark.parametrize("taken", [30, 40])
def test_no_process_is_left_behind(tmp_path, taken):
    """Who stops taking values ends the other processes; so does who takes them all."""
    values = spread(_meet, range(40), (os.getpid(), str(tmp_path)), 3)
    assert len([value for value, _ in zip(values, range(taken), strict=False)]) == taken
    values.close()
    for pid in map(int, os.listdir(tmp_path)):
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_a_script_needs_no_main_guard(tmp_path):
    """A plain script may ask for workers, though other processes start afresh."""
    script = tmp_path / "script.py"
    script.write_text(
        "from claimbench.processes import spread\n"
        "from operator import add\n"
        "print(sorted(spread(add, range(9), 1, 2)))\n"
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True)
    assert done.stdout == f"{[(i, i + 1) for i in range(9)]}\n"
    assert done.stderr == ""
