"""The fields that the templates of the papers can use. docs/papers.md lists them all.

Every text is ready to be read: days, statuses and places are in words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as PNG, and what it shows in words."""

    png: bytes
    words: str


@dataclass(frozen=True, slots=True)
class DocumentLink:
    """A document that opens where its words are clicked."""

    words: str
    address: str


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A duty with another status than in the check before, and why."""

    title: str
    was: str
    now: str
    why: str


@dataclass(frozen=True, slots=True)
class OverdueLine:
    """An overdue duty: who has to act, for how long it is overdue, its deadline, what the records
    show of it in a word or two, and why."""

    title: str
    owner: str
    status: str
    deadline: str
    kind: str
    why: str


@dataclass(frozen=True, slots=True)
class UnknownLine:
    """Something that is not known: why, the duties that depend on it, what to do, and who."""

    why: str
    duties: str
    step: str
    owner: str


@dataclass(frozen=True, slots=True)
class ComingLine:
    """A last day, and what each owner has to do by then."""

    day: str
    duties: str


@dataclass(frozen=True, slots=True)
class PaperFields:
    """The fields of paper.docx, in the order of reading. A text is '' where it does not apply, and
    ``more_…`` says how many lines of a list are left out."""

    marking: str
    title: str
    audience: str
    office: str
    as_of: str
    notices: tuple[str, ...]
    head: str
    matters: tuple[str, ...]
    more_matters: str
    verdict: str
    crossed: tuple[str, ...]
    headline: tuple[str, ...]
    depends: str
    picture: Picture
    asked: tuple[str, ...]
    overdue: tuple[OverdueLine, ...]
    more_overdue: str
    kinds: str
    partners: tuple[str, ...]
    more_partners: str
    missed: tuple[str, ...]
    more_missed: str
    met_late: str
    unknown: tuple[UnknownLine, ...]
    more_unknown: str
    since: str
    changed: str
    gone: str
    changes: tuple[ChangeLine, ...]
    more_changes: str
    coming_until: str
    coming: tuple[ComingLine, ...]
    more_coming: str
    new_rules: tuple[str, ...]
    more_new_rules: str
    sign_offs: tuple[str, ...]
    caveats: tuple[str, ...]
    abbreviations: str
    limits: str
    source: str


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A row of a spreadsheet that shows that a duty was met, with its number in the annex and the
    documents to which it links."""

    number: int
    words: str
    links: tuple[DocumentLink, ...]


@dataclass(frozen=True, slots=True)
class DutyFact:
    """A duty in the statement: what it requires, its status, why it has it, the points to check,
    and the numbers of the rows in the annex that show it."""

    title: str
    requires: str
    status: str
    reasons: tuple[str, ...]
    points: tuple[str, ...]
    evidence: str


@dataclass(frozen=True, slots=True)
class StatementPart:
    """A section of the statement: its duties counted by status, what was not assessed, and the
    questions that a person has to answer."""

    number: int
    heading: str
    counted: str
    not_assessed: str
    facts: tuple[DutyFact, ...]
    judgement: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StatementFields:
    """The fields of statement.docx, in the order of reading. ``year``: the period that it is
    for."""

    marking: str
    title: str
    audience: str
    office: str
    as_of: str
    year: str
    notices: tuple[str, ...]
    scope: str
    headline: str
    overdue: tuple[str, ...]
    breaches: tuple[str, ...]
    parts: tuple[StatementPart, ...]
    others: str
    others_overdue: tuple[str, ...]
    sign_offs: tuple[str, ...]
    caveats: tuple[str, ...]
    annex: tuple[EvidenceRow, ...]
    readings: tuple[str, ...]
    abbreviations: str
    limits: str
    source: str
