"""Approvals of versions of duties: entered, and found again by their fingerprints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from record.ledger.chain import Stamp, Writer, entries
from record.ledger.entries import Approved, Row, RulebookRef
from record.ledger.rulebooks import keep
from rules.approval import Approval, approval_of, version_fingerprint
from rules.model import Duty, Rulebook, Version


def enter_approvals(
    writer: Writer,
    ledger: Path,
    rulebook: Rulebook,
    versions: Iterable[tuple[Duty, Version]],
    stamp: Stamp,
) -> list[Row]:
    """Enters the approval of versions of a rulebook that already contains it, and keeps the
    rulebook. Raises LedgerProblem if it cannot be kept."""
    book = rulebook.book
    kept = keep(ledger, rulebook.files)
    ref = RulebookRef(id=book.id, version=book.version, sha256=rulebook.sha256, kept=kept)
    return [
        writer.add(
            Approved,
            stamp,
            version.approved_by,
            duty=duty.id,
            version=version.from_,
            fingerprint=version_fingerprint(duty, version),
            on=version.approved_on,
            rulebook=ref,
        )
        for duty, version in versions
    ]


def approvals_in(ledger: Path) -> Mapping[tuple[str, str], int]:
    """The last entry that approves each version, by its duty's id and its fingerprint. Raises
    LedgerProblem if the ledger cannot be read."""
    return {
        (entry.body.duty, entry.body.fingerprint): entry.body.number
        for entry in entries(ledger)
        if isinstance(entry.body, Approved)
    }


def not_entered(rulebook: Rulebook, ledger: Path) -> list[tuple[Duty, Version]]:
    """The versions that a rulebook calls approved and no entry of the ledger approves. Raises
    LedgerProblem if the ledger cannot be read."""
    entered = approvals_in(ledger)
    return [
        (duty, version)
        for duty in rulebook.duties.values()
        for version in duty.versions
        if approval_of(duty, version) is Approval.APPROVED
        and (duty.id, version_fingerprint(duty, version)) not in entered
    ]
