"""The checks of the office's ledger, each with its result and whether its reports are there."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.assessment import Counts
from engine.outcome import Status
from evidence.regular_file import FileStop, read_regular
from record.ledger.chain import Entry, checks_in, entries
from record.ledger.checks import fetch_data
from record.ledger.database import LEDGER_NAME, LedgerProblem, size_of
from record.ledger.entries import Checked, digest
from record.ledger.run_file import in_run
from record.office.kept_reports import REPORTS, days_with_reports
from reports.json import LIMIT_BYTES, outline_from_json
from reports.writing import FILES

#: Where a message says what to type: a clause with an option or a command, up to its full stop.
_COMMAND = re.compile(
    r"(?:[;:] |, (?=and |or )|(?<=\.) )(?:(?![;:.] |, (?:and|or) ).)*?(?: --[a-z]|'dueregard )"
    r".*?(?:\.(?= |$)|$)"
)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check found: the office's duties counted, and each duty's status and days by its
    id."""

    counts: Counts
    duties: Mapping[str, tuple[Status, int | None]]


@dataclass(frozen=True, slots=True)
class PastCheck:
    """A check. ``number``, ``at`` and ``by`` are its ledger's, ``by`` '' where it was pruned; a
    check that is in no ledger has neither number nor time. ``result`` is None where ``why`` says
    why it is not known. ``reports``: whether its reports are in the office's folder."""

    as_of: datetime.date
    known_by: datetime.date | None = None
    number: int | None = None
    at: datetime.datetime | None = None
    by: str = ""
    result: CheckResult | None = None
    why: str = ""
    reports: bool = False


class PastChecks:
    """The checks of an office's folder. Each result is read once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ledger = folder / LEDGER_NAME
        self._results: dict[str, CheckResult | str] = {}

    def checks(self, first: int = 0, most: int | None = None) -> tuple[list[PastCheck], int]:
        """Up to so many checks, the latest first, and the number of all. Raises LedgerProblem if
        the ledger cannot be read."""
        recorded = entries(self._ledger) if size_of(self._ledger) else []
        logged = checks_in(recorded)[::-1]
        found = dict(self._reports())
        known = {body.assessment for _, body in logged}
        others = [day for day, sha256 in found.items() if sha256 not in known]
        chosen: list[tuple[Entry, Checked] | datetime.date] = [*logged, *others]
        shas = set(found.values())
        shown = chosen[first : first + most if most is not None else None]
        return [
            self._unlogged(one) if isinstance(one, datetime.date) else self._logged(*one, shas)
            for one in shown
        ], len(chosen)

    def unlogged(self) -> list[PastCheck]:
        """The checks whose reports are in the folder, where there is no ledger to be read."""
        return [self._unlogged(day) for day, _ in self._reports()]

    def _reports(self) -> Iterator[tuple[datetime.date, str]]:
        """The days of which there are reports, the latest first, each with the SHA-256 of its
        assessment."""
        for day in days_with_reports(self._folder):
            folder = self._folder / REPORTS / day.isoformat()
            yield day, in_run(folder, "assessment") or digest(_data(folder / FILES["json"]))

    def _logged(self, entry: Entry, body: Checked, with_reports: set[str]) -> PastCheck:
        result, why = None, ""
        try:
            result = self._result(entry, body)
            why = "" if result else "What it found was removed when the ledger was pruned."
        except LedgerProblem as problem:
            why = without_commands(str(problem))
        return PastCheck(
            body.as_of,
            body.known_by,
            body.number,
            body.at,
            entry.details.by if entry.details else "",
            result,
            why,
            body.assessment in with_reports,
        )

    def _unlogged(self, day: datetime.date) -> PastCheck:
        result = _result(_data(self._folder / REPORTS / day.isoformat() / FILES["json"]))
        if isinstance(result, str):
            return PastCheck(day, why=f"Its file assessment.json cannot be read. {result}")
        return PastCheck(day, result=result, reports=True)

    def _result(self, entry: Entry, body: Checked) -> CheckResult | None:
        """The result of a check; None if it was pruned. Raises LedgerProblem if it cannot be
        read."""
        if body.assessment not in self._results:
            data = fetch_data(self._ledger, entry, body)
            if data is None:
                return None
            self._results[body.assessment] = _result(data)
        result = self._results[body.assessment]
        if isinstance(result, str):
            raise LedgerProblem(f"The assessment of entry {body.number} cannot be read. {result}")
        return result


def _result(data: bytes) -> CheckResult | str:
    """The result in the bytes of an assessment, or why they contain none."""
    outline = outline_from_json(data)
    if isinstance(outline, str):
        return outline
    duties = {duty.id: (duty.status, duty.days) for duty in outline.duties}
    return CheckResult(outline.status.office.duties, duties)


def without_commands(message: str) -> str:
    """A message without what it says of commands and their options, which a page does not have."""
    return _COMMAND.sub(lambda found: "" if found[0][0] == " " else ".", message)


def _data(path: Path) -> bytes:
    """The bytes of a file; none if it cannot be read."""
    try:
        return read_regular(path, LIMIT_BYTES)
    except FileStop:
        return b""
