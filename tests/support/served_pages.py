"""The office's pages served by the command itself, for a browser."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.desk_office import PROGRAM


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address that ``dueregard open`` prints, until the tests are done with the pages."""
    process = subprocess.Popen(
        [PROGRAM, "open", folder, "--no-browser"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
    )
    try:
        assert process.stdout is not None
        address = next(line for line in process.stdout if line.startswith("http://"))
        yield address.strip()
    finally:
        process.terminate()
        process.communicate(timeout=30)
