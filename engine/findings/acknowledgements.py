"""Acknowledgements: the findings that somebody has looked at and found right, and the
acknowledgements that have no effect (reading-semantics.md: Acknowledgements)."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from engine.assessment import AcknowledgedFinding, FindingShown
from engine.columns.arrays import AllColumns
from engine.findings.acknowledgement_fits import AcknowledgementFits, AcknowledgementPoint
from engine.findings.noted import ACKNOWLEDGEMENTS as REGISTER
from engine.findings.noted import Noted, cell, rows_of, text_of
from engine.findings.row_names import RowNames
from engine.findings.words import to_fill_in
from engine.proof.phrases import day_words, place_words
from evidence.cells.text import normal_heading, normal_key
from evidence.table import CellState, Table
from rules.model import Rulebook

#: The columns that every acknowledgement must fill.
ASKED = ("finding", "duty or row", "reason", "by post", "until")


class AcknowledgementRow(NamedTuple):
    """An acknowledgement in which every required cell was read; ``until`` is an ordinal."""

    row: int
    kind: str
    text: str
    reason: str
    by_post: str
    until: int


def row_texts(columns: AllColumns) -> Iterator[str]:
    """What acknowledgements call duties and rows, as a whole and between semicolons."""
    for text in columns[REGISTER].table.columns["duty or row"].raw if REGISTER in columns else ():
        yield from (text, *text.split(";"))


def acknowledge(
    findings: Mapping[FindingShown, Noted],
    names: RowNames,
    columns: AllColumns,
    rulebook: Rulebook,
    as_of_day: int,
) -> tuple[list[AcknowledgedFinding], list[Noted]]:
    """The findings that are acknowledged on D, in their order, and the findings about
    acknowledgements, which cannot be acknowledged themselves."""
    if REGISTER not in columns:
        return [], []
    table = columns[REGISTER].table
    fits = AcknowledgementFits(
        (AcknowledgementPoint(one, rows_of(noted)) for one, noted in findings.items()),
        names,
        rulebook,
    )
    same: dict[tuple[str, str], list[AcknowledgementRow]] = defaultdict(list)
    for row in _complete_rows(table):
        same[normal_heading(row.kind), normal_key(row.text)].append(row)
    # Of acknowledgements of one thing, only the last to end matters: it covers what the others do,
    # and says once that the points are on the list again.
    latest = sorted((min(rows, key=_order) for rows in same.values()), key=_order)
    fitting = {row.row: fits.of(row.kind, row.text) for row in latest}
    covering: dict[FindingShown, AcknowledgementRow] = {}
    for row in latest:
        for point in fitting[row.row].points:
            covering.setdefault(point.shown, row)
    back = defaultdict[int, int](int)  # how many points are on the list again, by row
    for row in covering.values():
        back[row.row] += row.until < as_of_day
    noted = list(_incomplete(table))
    for row in sorted(latest):
        about_row = _finding(table, row, fits, back[row.row], as_of_day)
        if about_row is not None:
            noted.append(about_row)
    noted.sort(key=lambda finding: finding.refs)
    return [
        _acknowledged(table, finding, covering[finding])
        for finding in findings
        if finding in covering and covering[finding].until >= as_of_day
    ], noted


def _order(row: AcknowledgementRow) -> tuple[int, str, str, str]:
    """Sorts acknowledgements, whatever the order of their rows: the last to end first."""
    return -row.until, row.by_post, row.reason, row.text


def _complete_rows(table: Table) -> Iterator[AcknowledgementRow]:
    for row in range(len(table)):
        until = table.columns["until"].value[row]
        if isinstance(until, datetime.date) and not _lacking(table, row):
            kind, text, reason = (text_of(table, row, name) for name in ASKED[:3])
            by_post = str(table.columns["by post"].value[row])
            yield AcknowledgementRow(row, kind, text, reason, by_post, until.toordinal())


def _lacking(table: Table, row: int) -> list[str]:
    """The required columns that a row does not fill."""
    return [name for name in ASKED if table.columns[name].state[row] != CellState.READ]


def _incomplete(table: Table) -> Iterator[Noted]:
    for row in range(len(table)):
        if lacking := _lacking(table, row):
            fill = to_fill_in(table, row, lacking)
            words = f"This acknowledgement is incomplete and has no effect. Fill in {fill}."
            yield Noted("Acknowledgement incomplete", "", words, cell(REGISTER, row, lacking[0]))


def _finding(
    table: Table, row: AcknowledgementRow, fits: AcknowledgementFits, back: int, as_of_day: int
) -> Noted | None:
    """The finding about an acknowledgement; None if there is none. One that has ended is mentioned
    only if it leaves points to check: ``back`` is their number."""
    fit = fits.of(row.kind, row.text)

    def finding(kind: str, column: str, words: str) -> Noted:
        return Noted(kind, fit.duty, words, cell(REGISTER, row.row, column))

    if row.until < as_of_day:
        if not back:
            return None
        points = "the point is" if back == 1 else f"its {back:,} points are"
        words = (
            f"This acknowledgement ended on {day_words(row.until)}, so {points} back on the list. "
            f"If nothing has to change, enter a later date in '{table.heading(row.row, 'until')}'."
        )
        return finding("Acknowledgement expired", "until", words)
    if fit.ambiguous:
        words = fits.ambiguous_words(row.kind, row.text)
        return finding("Acknowledgement is ambiguous", "duty or row", words)
    if not fit.points:
        words, column = fits.unfit_words(row.kind, row.text)
        return finding("Acknowledgement matches nothing", column, words)
    return None


def _acknowledged(
    table: Table, finding: FindingShown, row: AcknowledgementRow
) -> AcknowledgedFinding:
    until = datetime.date.fromordinal(row.until)
    place = place_words(table.place(row.row))
    return AcknowledgedFinding(finding, row.reason, row.by_post, until, place)
