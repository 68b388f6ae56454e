"""Two checks compared: the differences of their inputs and results, and their causes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from engine.assessment import Assessment, CauseShown
from record.ledger.entries import Checked
from record.ledger.entry import fetch_assessment
from record.ledger.ledger import Entry, check_of
from reports.compare.differences import DutyDifference, duty_differences
from reports.compare.inputs import Inputs, inputs_of, stamped
from reports.compare.row_index import RowIndex


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two checks: its entry, and its assessment unless that was pruned."""

    entry: Checked
    assessment: Assessment | None

    @property
    def inputs(self) -> Inputs:
        """What it was made from."""
        entry = self.entry
        sop = frozenset({entry.sop or ""} | {each.sha256 for each in entry.sop_versions}) - {""}
        versions = tuple(each.version for each in entry.sop_versions)
        if self.assessment:
            return replace(inputs_of(self.assessment), sop=sop, sop_versions=versions)
        return Inputs(
            entry.as_of,
            entry.known_by,
            entry.records_begin,
            entry.evidence,
            entry.mapping,
            (f"{entry.rulebook.id} {entry.rulebook.version}", entry.rulebook.sha256),
            sop,
            versions,
            (entry.program.version, entry.program.engine),
            None,
        )


def side(ledger: Path, entries: list[Entry], number: int) -> Side:
    """One side of a comparison: the check of that number. Raises LedgerProblem if there is no such
    check or its assessment cannot be read."""
    entry, body = check_of(entries, number)
    return Side(body, fetch_assessment(ledger, entry, body))


@dataclass(frozen=True, slots=True)
class Comparison:
    """``stamps`` are the differences of the inputs. ``alone`` is the kind of the only one, which
    then is the cause of all; '' if there are several or none. ``same``: the two assessments are
    the same bytes. ``duties`` is None if an assessment was pruned."""

    one: Side
    two: Side
    stamps: tuple[CauseShown, ...]
    alone: str
    same: bool
    duties: tuple[DutyDifference, ...] | None


def compare(one: Side, two: Side) -> Comparison:
    """The first check compared with the second, the worst duties of the second first."""
    index = None
    if one.assessment is not None and two.assessment is not None:
        index = RowIndex(one.assessment, two.assessment)
    stamps = stamped(one.inputs, two.inputs, index.renamed() if index else {})
    alone = stamps[0].kind if len(stamps) == 1 else ""
    same = one.entry.assessment == two.entry.assessment
    duties = None
    if one.assessment is not None and two.assessment is not None:
        # which assessment each was compared with is no result of its own
        same |= replace(one.assessment, changes=None) == replace(two.assessment, changes=None)
        kinds = frozenset(stamp.kind for stamp in stamps)
        duties = duty_differences(one.assessment, two.assessment, kinds, index)
    return Comparison(one, two, stamps, alone, same, duties)
