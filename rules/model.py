"""A duty and a rulebook, as read from YAML."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Literal

from pydantic import Field

from evidence.register import Declared, RegisterSpec
from rules.condition import Applies, Ask, Condition, RowsOf, columns_of
from rules.patterns import Events, EvidenceQuery, Pattern
from rules.span import SpanField
from rules.subject import Member, Population, Subjects

Strength = Literal["must", "should"]

#: The fields of a version about its approval. They decide nothing.
ABOUT_APPROVAL = {"changed_by", "why", "approved_by", "approved_on", "approved_version"}


class Citation(Declared):
    """Our pointer to a provision of the SOP: its section and a locating phrase of a few words."""

    section: str
    phrase: str


class Reading(Declared):
    """The interpretation of a vague phrase of the SOP (semantics.md: Reading)."""

    phrase: str
    reading: str


class Remark(Declared):
    """The words of a finding about each item that met the duty and meets these conditions."""

    where: tuple[Condition, ...]
    say: str


class Version(Declared):
    """What a duty requires from a day on. ``lapse``: how long after its deadline an unmet
    obligation about an event leaves the current status (semantics.md: Lapse). ``changed_by``,
    ``approved_by``: posts, not people's names. ``approved_version``: the fingerprint of the version
    that was approved (rules.approval). The five last decide nothing."""

    from_: datetime.date
    pattern: Pattern
    evidence: EvidenceQuery | None = None
    subjects: Subjects | None = None
    applies: Applies | None = None
    lapse: SpanField | None = None
    readings: tuple[Reading, ...] = ()
    remarks: tuple[Remark, ...] = ()
    changed_by: str = ""
    """The post that changed the rule, not a person's name. Example: Prevent Lead"""
    why: str = ""
    """Why the rule was changed. Example: Version 1.1 of the SOP asks for it twice a year"""
    approved_by: str = ""
    """The post that approved this version, not a person's name. Example: Chief Executive"""
    approved_on: datetime.date | None = None
    """The day on which it was approved. Example: 2026-11-24"""
    approved_version: str = ""
    """The fingerprint of what was approved. 'dueregard rules approve' writes it."""

    @property
    def population(self) -> Population | None:
        """The population that it covers, if any."""
        return self.subjects.population if self.subjects else None

    @property
    def members(self) -> tuple[Member, ...]:
        """The members of the fixed list that it covers; none without such a list."""
        return self.subjects.members if self.subjects else ()

    @property
    def named_in(self) -> str | None:
        """The column of its evidence that names a member of its fixed list, if any."""
        return self.subjects.named_in if self.subjects else None

    def member(self, number: int) -> Member | None:
        """The member with that index in its fixed list; None below zero, and without a list."""
        return self.members[number] if number >= 0 and self.members else None

    @property
    def events(self) -> Events | None:
        """The events or records that it lists, if any."""
        return self.pattern.events

    @property
    def query(self) -> EvidenceQuery:
        """Its evidence. Raises ValueError for a pattern that has none."""
        if self.evidence is None:
            raise ValueError("this pattern has no evidence")
        return self.evidence

    @property
    def rows(self) -> RowsOf | None:
        """The rows that can show that it was done: its evidence, or the records themselves."""
        return self.pattern.rows(self.evidence)

    @property
    def row_conditions(self) -> Iterator[tuple[str, tuple[Ask, ...]]]:
        """Each register from which it takes rows, with the conditions on those rows: for its
        subjects, its events or records, its evidence, and whether it applies."""
        if self.population is not None:
            yield self.population.register, self.population.asks
        if self.events is not None:
            yield self.events.register, self.events.asks + self.pattern.asks
        if self.evidence is not None:
            members = tuple(condition for member in self.members for condition in member.where)
            yield self.evidence.register, self.evidence.asks + members
        if self.applies is not None:
            yield self.applies.register, self.applies.asks

    @property
    def date_columns(self) -> Iterator[tuple[str, str]]:
        """The columns that date its events and its evidence, with their registers. The program may
        fill them."""
        if self.events is not None:
            yield self.events.register, self.events.dated
        if self.evidence is not None and self.evidence.dated is not None:
            yield self.evidence.register, self.evidence.dated

    def dating_columns(self, member: int = -1) -> tuple[str, ...]:
        """The columns that date an item of evidence: the latest of their days counts
        (semantics.md: Patterns)."""
        return self.pattern.dating(self.evidence, self.member(member))

    def dated_by(self, member: int = -1) -> str:
        """The first column that dates an item of evidence; '' if none does."""
        return next(iter(self.dating_columns(member)), "")

    @property
    def evidence_columns(self) -> tuple[str, ...]:
        """The columns of the evidence that it reads, in the order of the rule."""
        names = [*self.pattern.columns(self.evidence), self.named_in]
        for member in self.members:
            names += [member.dated, *columns_of(member.where)]
        return tuple(dict.fromkeys(name for name in names if name))


class Duty(Declared):
    """One thing that the SOP requires: one rule, one file. In force from its first version's day to
    ``until`` (the last day included). ``in_brief``: what has to be done, as one sentence in the
    imperative."""

    id: str
    aliases: tuple[str, ...] = ()
    title: str
    in_brief: str = ""
    bearer: str
    strength: Strength
    citations: tuple[Citation, ...]
    waivable: bool = True
    until: datetime.date | None = None
    versions: tuple[Version, ...]

    @property
    def in_force_from(self) -> datetime.date:
        """The day of the duty's first version."""
        return self.versions[0].from_


class Heading(Declared):
    """A section or sub-section of the SOP that citations may name: ``heading`` is its line in the
    document without the number, and ``printed`` that number. ``front_page``: it is the text before
    the first heading, and its own heading is not in the document."""

    section: str
    heading: str
    printed: str | None = None
    front_page: bool = False


class Section(Declared):
    """A section of the report: the folder of its duties, and the SOP's headings under it."""

    number: str
    title: str
    folder: str
    headings: tuple[Heading, ...]


class Bearer(Declared):
    """Who bears a duty; ``list`` says whether the office answers for it or only watches it."""

    name: str
    list: Literal["office", "others"]


class SopDocument(Declared):
    """The SOP that the rulebook encodes."""

    title: str
    version: str
    in_force: datetime.date


Reason = Literal[
    "describes", "another body's work", "a power", "covered by another sentence", "umbrella"
]


class Exempt(Declared):
    """A sentence of the SOP with a word that obliges, which no duty encodes, and why.

    ``reason``: it describes the facts; it requires of another body what no duty can show; it
    permits and does not require; another sentence, cited by the duties ``covered_by``, requires the
    same; it summarises the sentences that require in detail. ``phrase`` locates the sentence and
    ``fingerprint`` pins it."""

    section: str
    phrase: str
    reason: Reason
    covered_by: tuple[str, ...] = ()
    fingerprint: str | None = None


class Pin(Declared):
    """The paragraph that a citation was written from: the fingerprint of its normal form."""

    section: str
    phrase: str
    paragraph: str


class Book(Declared):
    """book.yaml: the rulebook's id and title, protective marking, sections and bearers; headings of
    the SOP without duties; and the sentences that are not duties. ``abbreviations``: what each
    abbreviation in the registers and the duties means. ``written_for``: the office whose
    organisations and posts the registers list, after 'for'. ``approvals``: whether reports name the
    versions of duties that nobody has approved."""

    id: str
    title: str
    version: str
    marking: str
    sop: SopDocument
    sections: tuple[Section, ...]
    other_headings: tuple[Heading, ...] = ()
    bearers: tuple[Bearer, ...]
    exempt: tuple[Exempt, ...] = ()
    abbreviations: dict[str, str] = Field(default_factory=dict)
    written_for: str = ""
    approvals: Literal["required"] | None = None
    """With it, reports name the versions of duties that nobody has approved. Example: required"""

    @property
    def headings(self) -> tuple[Heading, ...]:
        """Every heading that it names, those without duties too."""
        return (*(h for section in self.sections for h in section.headings), *self.other_headings)


class Rulebook(Declared):
    """A whole rulebook without problems. ``duties`` by id, in the order of sections and then of
    ids; content duties are as written (see rules.resolve). ``sha256`` is over the names and bytes
    of its files, and ``files`` their texts; ``sources`` maps a duty's id to its file; ``pins`` are
    those of pins.yaml."""

    book: Book
    registers: Mapping[str, RegisterSpec]
    duties: Mapping[str, Duty]
    sections: Mapping[str, str]  # duty id -> section number
    sources: Mapping[str, str]
    sha256: str
    pins: tuple[Pin, ...] = ()
    files: Mapping[str, str] = Field(default_factory=dict, repr=False)
