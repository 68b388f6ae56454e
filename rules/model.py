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
    """The section of the SOP, as book.yaml names it. Write a number in quotes. Example: '4.6'"""
    phrase: str
    """A few words of the SOP, enough to find the sentence. Example: refresher training at
    appropriate intervals"""


class Reading(Declared):
    """The interpretation of a vague phrase of the SOP (semantics.md: Reading)."""

    phrase: str
    """The vague words of the SOP. Example: at appropriate intervals"""
    reading: str
    """What they were taken to mean. It completes the sentence 'We took … to mean …', without a
    capital or a full stop. Example: at least every 24 months"""


class Remark(Declared):
    """The words of a finding about each item that met the duty and meets these conditions."""

    where: tuple[Condition, ...]
    """The conditions that such a row meets, all of them."""
    say: str
    """What the report says about the row, as a sentence. Example: The minutes are longer than 100
    pages"""


class Version(Declared):
    """What a duty requires from a day on. ``changed_by``, ``approved_by``: posts, not people's
    names. ``approved_version``: the fingerprint of the version that was approved
    (rules.approval). The five last decide nothing."""

    from_: datetime.date
    """The first day on which this version applies. The version before it ends on the day before.
    Example: 2027-04-01"""
    transition_until: datetime.date | None = None
    """The last day on which the previous version still judges what it found met on the first day of
    this one (semantics.md: Transition). Example: 2027-06-30"""
    pattern: Pattern
    """When the duty must be done."""
    evidence: EvidenceQuery | None = None
    """The rows that show that it was done."""
    subjects: Subjects | None = None
    """The people or things for which the duty is checked, one by one. Without it, it is checked
    once for the whole office."""
    applies: Applies | None = None
    """The rows without which the duty does not apply at all."""
    lapse: SpanField | None = None
    """How long after its deadline an unmet obligation about an event stays in the current status.
    After that it is history. Example: 12 months"""
    citations: tuple[Citation, ...] = ()
    """Where the SOP requires this version, if not where it required the version before it."""
    readings: tuple[Reading, ...] = ()
    """How vague phrases of the SOP were interpreted. Reports list them."""
    remarks: tuple[Remark, ...] = ()
    """Points that a report makes about rows that met the duty."""
    changed_by: str = ""
    """The post that changed the rule, not a person's name. Example: Safeguarding lead"""
    why: str = ""
    """Why the rule was changed. Example: Version 1.1 of the SOP asks for it twice a year"""
    approved_by: str = ""
    """The post that approved this version, not a person's name. Example: Chief Executive"""
    approved_on: datetime.date | None = None
    """The day on which it was approved. Example: 2026-11-24"""
    approved_version: str = ""
    """The fingerprint of what was approved. 'dueregard rules approve' writes it. Example:
    '68feb51285dd6f41'"""

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
    def evidence_register(self) -> str:
        """The register of the rows that can show that it was done; '' where there are none."""
        return self.rows.register if self.rows else ""

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
    ``until`` (the last day included)."""

    id: str
    """The name of the duty and of its file, in small letters with hyphens. Never change it once it
    is used. Example: refresher-training"""
    aliases: tuple[str, ...] = ()
    """Ids that the duty had before, so that waivers and owners that use them are still found.
    Example: [refresher-course]"""
    title: str
    """What the duty is, as a noun phrase. Example: Refresher training (every 24 months)"""
    in_brief: str = ""
    """What has to be done, as one sentence in the imperative. Example: Hold the meeting at least
    once in every quarter."""
    to_do: str = ""
    """What to do next about it, as one short sentence in the imperative without the period: reports
    add the last day. Without this key they repeat what has to be done. Example: Hold the meeting.
    """
    bearer: str
    """Who is responsible for the duty: one of the bearers in book.yaml. Example: Chief Executive"""
    strength: Strength
    """Whether the SOP says must or should."""
    citations: tuple[Citation, ...]
    """Where the SOP requires it."""
    waivable: bool = True
    """'no' if the office cannot waive the duty."""
    until: datetime.date | None = None
    """The last day of the duty. Without it, the duty has no end. Example: 2027-03-31"""
    versions: tuple[Version, ...]
    """What the duty requires, from which day on. The earliest version is first."""

    @property
    def in_force_from(self) -> datetime.date:
        """The day of the duty's first version."""
        return self.versions[0].from_

    def citing_version(self, day: datetime.date) -> int | None:
        """The index of the version whose citations apply on ``day``; None for the duty's own."""
        own = (i for i, v in enumerate(self.versions) if v.citations and v.from_ <= day)
        return max(own, default=None)

    def citations_on(self, day: datetime.date) -> tuple[Citation, ...]:
        """The citations that apply on ``day``."""
        index = self.citing_version(day)
        return self.citations if index is None else self.versions[index].citations


class Heading(Declared):
    """A section or sub-section of the SOP that citations may name."""

    section: str
    """The name by which citations refer to the heading. Example: '4.6'"""
    heading: str
    """The line of the heading in the SOP, without its number. Example: Training programme"""
    printed: str | None = None
    """The number before the heading in the SOP, if it has one. Example: '6'"""
    front_page: bool = False
    """'yes' for the text before the first heading."""


class Section(Declared):
    """A section of the report: the folder of its duties, and the SOP's headings under it."""

    number: str
    """The section's number in reports. Example: '4.6'"""
    title: str
    """The section's title in reports. Example: Training"""
    folder: str
    """The folder that contains the duties of the section. Example: 4.6-training"""
    headings: tuple[Heading, ...]
    """The headings of the SOP that belong to the section."""


class Bearer(Declared):
    """Who bears a duty."""

    name: str
    """The bearer's name, as the rules write it. Example: Chief Executive"""
    list: Literal["office", "others"]
    """'office' if the office answers for the bearer's duties, 'others' if it only watches them."""


class SopVersion(Declared):
    """A version of the SOP, from the day on which it comes into force."""

    version: str
    """The version of the SOP that the rules encode. Write it in quotes. Example: '1.0'"""
    in_force: datetime.date
    """The day from which that version is in force. Example: 2024-10-01"""
    sha256: str | None = None
    """The SHA-256 of its file, which then needs to state neither its version nor its day. Without
    it, a document is known by what its front page states. Example:
    'b392ec964f17567afcae69ba4269b159e6b613590ec6504d8fb723c10875096b'"""


class SopDocument(Declared):
    """The SOP that the rulebook encodes, with its versions, the earliest first."""

    title: str
    """The title of the SOP. Example: Standard Operating Model"""
    versions: tuple[SopVersion, ...]
    """The versions that the rules encode, each with its first day. The earliest version is first.
    Its day is the first day of the rulebook."""

    @property
    def in_force(self) -> datetime.date:
        """The day of its first version: the first day of the rulebook."""
        return self.versions[0].in_force

    def version_on(self, day: datetime.date) -> SopVersion:
        """The version in force on ``day``; the first one on days before it."""
        begun = [version for version in self.versions if version.in_force <= day]
        return begun[-1] if begun else self.versions[0]

    def number_of(self, version: str) -> int:
        """The number of a version, from 0."""
        return [each.version for each in self.versions].index(version)

    def days_of(self, version: str) -> tuple[datetime.date, datetime.date]:
        """The first and the last day of a version."""
        for this, after in zip(self.versions, (*self.versions[1:], None), strict=True):
            if this.version == version:
                day = datetime.timedelta(days=1)
                return this.in_force, after.in_force - day if after else datetime.date.max
        raise KeyError(version)


Reason = Literal[
    "describes",
    "another body's work",
    "a power",
    "covered by another sentence",
    "umbrella",
    "not checked",
]


class Exempt(Declared):
    """A sentence of the SOP with a word that obliges, which no duty encodes, and why.

    It describes the facts; it requires of another body what no duty can show; it permits and does
    not require; another sentence, cited by the duties ``covered_by``, requires the same; it
    summarises the sentences that require in detail; it is a duty that is not checked yet."""

    section: str
    """The section of the SOP, as one of the headings names it. Example: '4.6'"""
    phrase: str
    """A few words of the sentence, enough to find it. Example: outlines the standard operating
    model"""
    reason: Reason
    """Why the sentence is not a duty: it describes, it is another body's work, it permits, another
    sentence says the same, or it sums up sentences that follow; or that it is a duty that is not
    checked yet."""
    covered_by: tuple[str, ...] = ()
    """The duties that cite the other sentence. Example: [refresher-training]"""
    first_version: str | None = None
    """The version of the SOP from which this text is in it, if earlier ones have another. Example:
    '1.1'"""
    last_version: str | None = None
    """The last version of the SOP that has this text, if it is gone or reworded since. Example:
    '1.0'"""
    fingerprint: str | None = None
    """Identifies the text of the sentence. 'dueregard sop pin' writes it. Example:
    '0edf92c2c56cf20c'"""


class Pin(Declared):
    """The paragraph that a citation was written from: the fingerprint of its normal form."""

    section: str
    """The section of a citation. Example: '4.6'"""
    phrase: str
    """The phrase of that citation. Example: refresher training at appropriate intervals"""
    paragraph: str
    """Identifies the text of the paragraph from which the rule was written. Example:
    '68feb51285dd6f41'"""
    found_in: str | None = None
    """Its section in that version of the SOP, where that has another number or heading. Example:
    4.8 IT Policies"""


class VersionPins(Declared):
    """The pins of the citations in one version of the SOP."""

    version: str
    """A version of the SOP that book.yaml lists. Example: '1.1'"""
    pins: tuple[Pin, ...]
    """The paragraph behind each section and phrase that rules cite."""


class Body(Declared):
    """The body that the duties bind, as reports speak of it. Each name is without 'the'."""

    called: str = "organisation"
    """What reports call the body, without 'the'. Without it, they say organisation. Example: school
    """
    head: str = "leadership"
    """Whom the first sentences of a report are for, without 'the'. Without it, the leadership.
    Example: head teacher"""
    lead: str = "person who runs the checks"
    """The post that a reader tells of a sheet that was not read, without 'the'. Without it, the
    person who runs the checks. Example: safeguarding lead"""
    met_does_not_mean: str = ""
    """What every report adds to the words on what 'met' means. Example: This report does not decide
    whether pupils are safe. That is for people to judge."""


class Book(Declared):
    """book.yaml: the rulebook's id and title, protective marking, sections and bearers; headings of
    the SOP without duties; and the sentences that are not duties."""

    id: str
    """The name of the rulebook, in small letters with hyphens. Example: our-school"""
    title: str
    """The title of the rulebook. Example: Safeguarding duties of the school"""
    version: str
    """The version of the rulebook. Change it with every change of a rule, and write it in quotes.
    Example: '1.1.0'"""
    marking: str
    """The protective marking at the head of every report. Example: OFFICIAL"""
    sop: SopDocument
    """The document that the rulebook encodes."""
    sections: tuple[Section, ...]
    """The sections of the report, in order. Each has a folder of duties."""
    other_headings: tuple[Heading, ...] = ()
    """Headings of the SOP under which there is no duty."""
    bearers: tuple[Bearer, ...]
    """The bodies and posts that are responsible for duties."""
    exempt: tuple[Exempt, ...] = ()
    """Sentences of the SOP that seem to require something and are not duties."""
    abbreviations: dict[str, str] = Field(default_factory=dict)
    """What each abbreviation in the rules and registers means. Example: {DSL: designated
    safeguarding lead}"""
    body: Body = Body()
    """The body that the duties bind, as reports speak of it."""
    written_for: str = ""
    """The office whose posts and organisations the registers list, to follow the word 'for'.
    Example: the office of the headteacher"""
    approvals: Literal["required"] | None = None
    """With it, reports name the versions of duties that nobody has approved. Example: required"""

    @property
    def headings(self) -> tuple[Heading, ...]:
        """Every heading that it names, those without duties too."""
        return (*(h for section in self.sections for h in section.headings), *self.other_headings)

    def list_of(self, bearer: str) -> str:
        """The list into which a bearer's duties fall: 'office' or 'others'."""
        return next(known.list for known in self.bearers if known.name == bearer)


class Rulebook(Declared):
    """A whole rulebook without problems. ``duties`` by id, in the order of sections and then of
    ids; content duties are as written (see rules.resolve). ``sha256`` is over the names and bytes
    of its files, and ``files`` their texts; ``sources`` maps a duty's id to its file; ``pins`` are
    those of pins.yaml, by the version of the SOP."""

    book: Book
    registers: Mapping[str, RegisterSpec]
    duties: Mapping[str, Duty]
    sections: Mapping[str, str]  # duty id -> section number
    sources: Mapping[str, str]
    sha256: str
    pins: Mapping[str, tuple[Pin, ...]] = Field(default_factory=dict)
    files: Mapping[str, str] = Field(default_factory=dict, repr=False)
