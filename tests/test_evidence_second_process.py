"""The second process of a check."""

from __future__ import annotations

import subprocess
import sys

import pytest

from evidence.second_process import FORKS


@pytest.mark.skipif(not FORKS, reason="there is no second process")
def test_it_ends_when_the_process_that_started_it_is_gone() -> None:
    code = (
        "import os; from evidence.second_process import SecondProcess; "
        "process = SecondProcess(lambda: [bytes(10**6)]); os._exit(7)"
    )
    # The second process has the pipe of what is printed too, so this waits for it as well.
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (7, b"", b"")
