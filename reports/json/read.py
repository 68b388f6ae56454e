"""The assessment read back from its JSON, or a sentence that says why it is none."""

from __future__ import annotations

import json
from collections.abc import Mapping

from pydantic import ValidationError

from engine.assessment import (
    FORMAT,
    Assessment,
    DutyOutcome,
    HistoryEntry,
    ObligationOutcome,
    ReadingShown,
    RejectedRow,
    RejectedRows,
    Remedy,
    RuleFired,
    UnreadRows,
)
from evidence.regular_file import MEGABYTE
from reports.json.cited import RowsById, UnknownId, usual_rule, usual_subject
from reports.json.document import (
    AssessmentDocument,
    DutyDocument,
    HistoryDocument,
    ObligationDocument,
    RejectedRowsDocument,
    RemedyDocument,
    UnreadRowsDocument,
    adapter,
    made_from,
)

#: The most bytes of an assessment that is read.
LIMIT_BYTES = 512 * MEGABYTE


def from_json(data: bytes) -> Assessment | str:
    """The assessment that :func:`reports.json.to_json` wrote, or a sentence that says why it is not
    one."""
    try:
        document = adapter(AssessmentDocument).validate_json(data)
    except ValidationError as error:
        return _other_format(data) or _not_valid(error)
    if document.format != FORMAT:
        return _wrong_format(document.format)
    try:
        return _AssessmentReader(document).assessment()
    except UnknownId as unknown:
        return _not_whole(f"nothing in it has the id '{unknown}'")


class _AssessmentReader:
    """Puts rows and situations back where their ids are."""

    def __init__(self, document: AssessmentDocument) -> None:
        self._document = document
        self._rows = RowsById(document.sheets)
        self._rules: dict[tuple[str, str | None], RuleFired] = {}

    def assessment(self) -> Assessment:
        """The whole."""
        duties = tuple(map(self._duty, self._document.duties))
        return made_from(Assessment, self._document, duties=duties)

    def _duty(self, duty: DutyDocument) -> DutyOutcome:
        rejected = {id_: self._rejected(each) for id_, each in duty.rejected.items()}
        obligations = [
            self._obligation(duty, obligation, rejected) for obligation in duty.obligations
        ]
        return made_from(
            DutyOutcome,
            duty,
            readings=tuple(self._reading(duty, number) for number in duty.readings),
            unread_rows=tuple(map(self._unread, duty.unread_rows)),
            obligations=tuple(obligations),
            history=tuple(map(self._history, duty.history)),
        )

    def _reading(self, duty: DutyDocument, number: int) -> ReadingShown:
        if not 0 <= number < len(self._document.readings):
            raise UnknownId(str(number))
        found = self._document.readings[number]
        return ReadingShown(found.phrase, found.reading, (duty.id,))

    def _unread(self, group: UnreadRowsDocument) -> UnreadRows:
        return made_from(UnreadRows, group, rows=self._rows.items(group.rows))

    def _obligation(
        self, duty: DutyDocument, one: ObligationDocument, rejected: Mapping[str, RejectedRows]
    ) -> ObligationOutcome:
        unknown = [id_ for id_ in one.rejected if id_ not in rejected]
        if unknown:
            raise UnknownId(unknown[0])
        listed = None if one.listed_at is None else self._rows.item(one.listed_at)
        return made_from(
            ObligationOutcome,
            one,
            subject=usual_subject(listed) if one.subject is None else one.subject,
            version_from=one.version_from or duty.version_from,
            rule=self._rule(duty, one),
            listed_at=listed,
            evidence=self._rows.items(one.evidence),
            would_be_met_by=tuple(map(self._remedy, one.would_be_met_by)),
            unreadable=self._rows.items(one.unreadable),
            rejected=tuple([rejected[id_] for id_ in one.rejected]),
        )

    def _rejected(self, group: RejectedRowsDocument) -> RejectedRows:
        rows = [made_from(RejectedRow, row, item=self._rows.item(row.row)) for row in group.rows]
        return made_from(RejectedRows, group, rows=tuple(rows))

    def _rule(self, duty: DutyDocument, one: ObligationDocument) -> RuleFired:
        name = one.rule or (usual_rule(duty.id, one.status) if one.situation else "")
        found = self._rules.get((name, one.situation))
        if found is None:
            found = self._rules[name, one.situation] = RuleFired(name, self._situation(one))
        return found

    def _situation(self, one: ObligationDocument) -> dict[str, int]:
        if one.situation is None:
            return {}
        if one.situation not in self._document.situations:
            raise UnknownId(one.situation)
        return dict(self._document.situations[one.situation])

    def _remedy(self, remedy: RemedyDocument) -> Remedy:
        file, sheet, row = "", remedy.sheet, 0
        if remedy.changes is not None:
            found = self._rows.item(remedy.changes)
            file, sheet, row = found.file, found.sheet, found.row
        return made_from(Remedy, remedy, file=file, sheet=sheet, row=row)

    def _history(self, entry: HistoryDocument) -> HistoryEntry:
        return made_from(HistoryEntry, entry, evidence=self._rows.items(entry.evidence))


# What is none -----------------------------------------------------------------------------------


def _other_format(data: bytes) -> str:
    """Why ``data`` is not even of our format; '' where it says that it is."""
    try:
        given = json.loads(data)
    except (ValueError, RecursionError):
        return "It is not JSON. Give an assessment.json that an earlier check wrote."
    made_as = given.get("format") if isinstance(given, dict) else None
    if made_as is None:
        return "It is JSON, but no assessment. Give an assessment.json that an earlier check wrote."
    return "" if made_as == FORMAT else _wrong_format(made_as)


def _wrong_format(made_as: object) -> str:
    return (
        f"Its format is {_short(made_as)} and this program reads {FORMAT!r}. "
        "Check the old evidence again with this program."
    )


def _short(value: object) -> str:
    """A text as it stands in the file, cut where it is longer than any name of a format."""
    if not isinstance(value, str):
        return "no text"
    return repr(value if len(value) <= 60 else f"{value[:57]}...")


def _not_valid(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(map(str, first["loc"])) or "the whole"
    return _not_whole(f"at {where}: {first['msg']}")


def _not_whole(why: str) -> str:
    return (
        f"It is not a whole assessment: {why}. "
        "Give an assessment.json as an earlier check wrote it, unchanged."
    )
