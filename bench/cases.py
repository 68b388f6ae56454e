"""What is timed: checks of three workbooks, each beside the least that reading it takes."""

from __future__ import annotations

import hashlib
import shutil
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
    workbook that is part of the project. ``formats``: which reports; '' for all. ``first``: by the
    FIRST duties alone."""

    name: str
    about: str
    size: tuple[str, ...] = ()
    formats: str = ""
    first: bool = False


#: The duties that the project began with, of every pattern.
FIRST = frozenset(
    {
        "sop-annual-review",
        "model-review-on-guidance",
        "ctlp-workshop-q4",
        "it-filter-assurance",
        "staff-update-annual",
        "situational-assessment-agreed",
        "situational-assessment-reviewed",
        "steering-group-attendance",
        "steering-group-quarterly",
        "staff-trained",
        "induction-training",
        "refresher-training",
        "award-due-diligence",
        "information-sharing-agreement",
        "designated-lead",
        "venue-policy",
        "opcc-actions-delivered",
        "assurance-statement",
        "it-assurance-in-statement",
        "referrals-reviewed",
        "disruption-escalated",
        "board-reports-complete",
    }
)
_TENTH = ("--staff", "2000", "--training-rows", "10000")
_LARGE = ("--staff", "20000", "--training-rows", "100000")

CASES: Mapping[str, Case] = {
    case.name: case
    for case in (
        Case("office", "60 staff, all reports"),
        Case("first-office", "60 staff, all reports, by the first 22 duties", first=True),
        Case(
            "tenth",
            "2,000 staff, 10,000 training rows, assessment.json",
            _TENTH,
            "json",
        ),
        Case(
            "large",
            "20,000 staff, 100,000 training rows, assessment.json",
            _LARGE,
            "json",
        ),
        Case(
            "first-large",
            "20,000 staff, 100,000 training rows, assessment.json, by the first 22 duties",
            _LARGE,
            "json",
            first=True,
        ),
    )
}


def workbook(case: Case, folder: Path) -> Path:
    """The case's workbook, made in ``folder`` where it is not there yet. Its name carries a digest
    of what makes it, so that an old one is never taken for it."""
    if not case.size:
        return ROOT / "examples" / "office.xlsx"
    path = folder / f"office-{sources_digest(*case.size)}.xlsx"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        make = [sys.executable, "-m", "examples.office", str(path), "--kind", "large", *case.size]
        subprocess.run(make, cwd=ROOT, check=True)
    return path


def sources_digest(*size: str) -> str:
    """A digest of what makes the workbooks, and of the options for one."""
    found = hashlib.sha256(" ".join(size).encode())
    for source in _sources():
        found.update(source.read_bytes())
    return found.hexdigest()[:12]


def _sources() -> Iterator[Path]:
    yield from sorted((ROOT / "examples" / "office").glob("*.py"))
    yield ROOT / "evidence" / "deterministic.py"


def first_rules(folder: Path) -> Path:
    """The project's rulebook with the FIRST duties alone, made anew in ``folder``."""
    made = folder / "first-rules"
    shutil.rmtree(made, ignore_errors=True)
    shutil.copytree(ROOT / "rules" / "prevent-opcc", made)
    for rule in made.glob("*/*.yaml"):
        if rule.stem not in FIRST:
            rule.unlink()
    book = made / "book.yaml"
    # what is exempt stands last there, and names duties that are gone
    book.write_text(book.read_text("utf-8").partition("\nexempt:")[0] + "\n", "utf-8")
    return made


def check_command(case: Case, book: Path, out: Path) -> list[str]:
    """The check of that workbook, as a person would start it; its timings go into ``out``, and its
    rules come from there where it is about the FIRST duties."""
    program = Path(sys.executable).with_name("dueregard")
    formats = ["--formats", case.formats] if case.formats else []
    timings = ["--timings", str(out / "timings.json")]
    rules = ["--rulebook", str(first_rules(out))] if case.first else []
    return [str(program), "check", str(book), "--as-of", AS_OF, "--out", str(out / "report")] + (
        formats + timings + rules
    )


def floor_command(book: Path) -> list[str]:
    """The least: read that workbook into frames."""
    return [sys.executable, "-m", "bench.floor", str(book)]
