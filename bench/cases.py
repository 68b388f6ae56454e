"""What is timed: checks of three workbooks, each beside the least that reading it takes."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
AS_OF = "2026-11-24"
#: 0 nothing overdue, 1 something is.
CHECKED = (0, 1)


@dataclass(frozen=True, slots=True)
class Case:
    """One workbook to check. ``size``: the options of examples.office that make it; none for the
    workbook that is part of the project. ``formats``: which reports; '' for all."""

    name: str
    about: str
    size: tuple[str, ...] = ()
    formats: str = ""


CASES: Mapping[str, Case] = {
    case.name: case
    for case in (
        Case("office", "60 staff, all reports"),
        Case(
            "tenth",
            "2,000 staff, 10,000 training rows, assessment.json",
            ("--staff", "2000", "--training-rows", "10000"),
            "json",
        ),
        Case(
            "large",
            "20,000 staff, 100,000 training rows, assessment.json",
            ("--staff", "20000", "--training-rows", "100000"),
            "json",
        ),
    )
}


def workbook(case: Case, folder: Path) -> Path:
    """The case's workbook, made in ``folder`` where it is not there yet. Its name carries a digest
    of what makes it, so that an old one is never taken for it."""
    if not case.size:
        return ROOT / "examples" / "office.xlsx"
    path = folder / f"{case.name}-{_digest(case)}.xlsx"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        make = [sys.executable, "-m", "examples.office", str(path), "--kind", "large", *case.size]
        subprocess.run(make, cwd=ROOT, check=True)
    return path


def _digest(case: Case) -> str:
    found = hashlib.sha256(" ".join(case.size).encode())
    for source in _sources():
        found.update(source.read_bytes())
    return found.hexdigest()[:12]


def _sources() -> Iterator[Path]:
    yield from sorted((ROOT / "examples" / "office").glob("*.py"))
    yield ROOT / "reports" / "xlsx_bytes.py"


def check_command(case: Case, book: Path, out: Path) -> list[str]:
    """The check of that workbook, as a person would start it; its timings go into ``out``."""
    program = Path(sys.executable).with_name("dueregard")
    formats = ["--formats", case.formats] if case.formats else []
    timings = ["--timings", str(out / "timings.json")]
    return [str(program), "check", str(book), "--as-of", AS_OF, "--out", str(out / "report")] + (
        formats + timings
    )


def floor_command(book: Path) -> list[str]:
    """The least: read that workbook into frames."""
    return [sys.executable, "-m", "bench.floor", str(book)]
