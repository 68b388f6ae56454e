"""Sign-offs: that the lead looked through a report, and that the Chief Executive saw it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from record.ledger.chain import Entry, Stamp, checks_in, entries, writing
from record.ledger.checks import Entered
from record.ledger.database import LedgerProblem
from record.ledger.entries import Checked, Role, SignedOff
from reports import words

#: What a sign-off in each role states.
STATED: Final[Mapping[Role, str]] = {"lead": "Looked through", "chief-executive": "Seen"}
ROLE_WORDS: Final[Mapping[Role, str]] = {"lead": "lead", "chief-executive": "Chief Executive"}


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody states about a report: in which role and post, for which day, and in what
    words of their own ('' for none)."""

    role: Role
    post: str
    on: date
    says: str


@dataclass(frozen=True, slots=True)
class SignOff:
    """A statement in the ledger. ``pruned``: its post and its words were removed. ``replaced_by``:
    the number of the check whose report replaced the one that it is about, or None."""

    number: int
    statement: Statement
    pruned: bool
    replaced_by: int | None


def sign_off(ledger: Path, sha256: str, statement: Statement, stamp: Stamp) -> Entered:
    """Enters a statement about the assessment with a hash. Raises LedgerProblem if that was never
    entered in the ledger, if the day is before its check or has not come, and if the ledger
    already contains the same statement."""
    checks = checks_in(entries(ledger))
    first = next((check for _, check in checks if check.assessment == sha256), None)
    if first is None:
        raise LedgerProblem(
            f"This report was never entered in the ledger {ledger}, so nobody can sign it off. "
            "Give the ledger that it was entered in with --ledger; run.json beside it names that."
        )
    on = words.day(statement.on)
    if statement.on > stamp.at.date():
        raise LedgerProblem(f"{on} has not come yet. Give the day of the sign-off.")
    if statement.on < first.at.date():
        made = words.day(first.at.date())
        raise LedgerProblem(f"On {on} there was no such report: the check was made on {made}.")
    with writing(ledger, stamp) as writer:
        # read again: while the ledger is held, nobody else can sign
        for other in sign_offs_in(entries(ledger), {sha256}):
            if other.statement == statement and not other.pruned:
                raise LedgerProblem(
                    f"Entry {other.number} already contains this sign-off. Nothing was entered."
                )
        row = writer.add(
            SignedOff,
            stamp,
            statement.post,
            statement.says,
            assessment=sha256,
            role=statement.role,
            on=statement.on,
        )
    return Entered(ledger, row.number, stamp.at, row.hash, sha256)


def sign_offs_in(ledger: Sequence[Entry], of: Iterable[str]) -> tuple[SignOff, ...]:
    """All sign-offs of the assessments with these hashes, the earliest first."""
    hashes, sign_offs = set(of), []
    for entry in ledger:
        body, details = entry.body, entry.details
        if isinstance(body, SignedOff) and body.assessment in hashes:
            post, says = (details.subject, details.note) if details else ("", "")
            statement = Statement(body.role, post, body.on, says)
            replaced = replaced_by(ledger, body.assessment)
            sign_offs.append(SignOff(body.number, statement, entry.pruned, replaced))
    return tuple(sign_offs)


def sign_offs_of_day(
    ledger: Sequence[Entry], as_of: date, known_by: date | None
) -> tuple[SignOff, ...]:
    """All sign-offs of the reports of a day, also of those that were replaced."""
    days = (as_of, known_by)
    checks = (check for _, check in checks_in(ledger) if (check.as_of, check.known_by) == days)
    return sign_offs_in(ledger, [check.assessment for check in checks])


def sign_offs_once_entered(
    ledger: Sequence[Entry], as_of: date, sha256: str
) -> tuple[SignOff, ...]:
    """All sign-offs of the reports of a day, as they will be once a check with this hash is the
    next entry."""
    number = ledger[-1].row.number + 1 if ledger else 1
    own = {one.number for one in sign_offs_in(ledger, {sha256})}
    return tuple(
        replace(one, replaced_by=None if one.number in own else number)
        for one in sign_offs_of_day(ledger, as_of, None)
    )


def replaced_by(ledger: Sequence[Entry], sha256: str) -> int | None:
    """The number of the last check of the same day, if its assessment has another hash; otherwise
    None."""
    last: dict[object, Checked] = {}
    days: object = None
    for _, check in checks_in(ledger):
        last[check.as_of, check.known_by] = check
        if check.assessment == sha256:
            days = (check.as_of, check.known_by)
    if days is None or last[days].assessment == sha256:
        return None
    return last[days].number
