"""The assessment: one whole check, frozen, and the only input of reports.

Days are dates, both ends included. The JSON Schema of assessment.json is made from these types.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar, dataclass_transform

from engine.outcome import HistoryOutcome, Status
from evidence.problem import UnreadValue
from evidence.raw_cells import cell_address
from evidence.table import SheetNotBegun
from rules.model import Body

FORMAT = "dueregard-assessment-2"

#: The subject of an obligation of the office as a whole.
OFFICE = "office"

#: The two lists into which duties fall by who answers for them, as Overall has them.
LISTS = ("office", "others")

C = TypeVar("C")


@dataclass_transform(frozen_default=True)
def frozen(cls: type[C]) -> type[C]:
    """A dataclass that only the type checker treats as frozen, because there may be a million,
    and one that is frozen at run time takes three times as long to make."""
    return dataclass(slots=True, unsafe_hash=True)(cls)


@dataclass(frozen=True, slots=True)
class Program:
    """The program that made the assessment. ``engine`` says which evaluators decided, and
    ``notice`` why only one did, or ''."""

    name: str
    version: str
    engine: str
    notice: str


@dataclass(frozen=True, slots=True)
class BodyStamp:
    """What the rulebook calls the body that its duties bind, and whom reports of it are for."""

    called: str = Body().called
    head: str = Body().head
    lead: str = Body().lead
    met_does_not_mean: str = ""


@dataclass(frozen=True, slots=True)
class RulebookStamp:
    """Which rulebook: ``sha256`` over its files; ``marking`` is the protective marking, and
    ``abbreviations`` have their meanings. ``people``: the registers whose rows are people."""

    id: str
    title: str
    version: str
    sha256: str
    marking: str
    sop: str
    abbreviations: tuple[tuple[str, str], ...] = ()
    body: BodyStamp = BodyStamp()
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SopStamp:
    """A version of the SOP and its file; both file and SHA-256 are '' where it was not given."""

    file: str
    sha256: str
    version: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceStamp:
    """A file of evidence, named relative to the folder of the evidence."""

    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class MappingStamp:
    """The mapping with which the office's own sheets were read: its SHA-256, and what a person
    confirmed in it that no cell shows, as sentences (docs/mapping.md). ``registers``: the
    SHA-256 of what it says of each register."""

    sha256: str
    assumptions: tuple[str, ...]
    registers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SheetHeadings:
    """The office's own headings on a sheet that was read, each after its column's name, where they
    differ. ``register`` is the id of the register that the sheet contains."""

    file: str
    sheet: str
    register: str
    headings: tuple[tuple[str, str], ...]


@frozen
class SheetRows:
    """The rows of one sheet that a register has: their numbers, the fingerprint of each
    (engine.fingerprint), and that of its key alone, '' where it has none. Two assessments made with
    one key show by them which rows were added, changed or removed between the two."""

    file: str
    sheet: str
    register: str
    numbers: tuple[int, ...]
    fingerprints: tuple[str, ...]
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnusedSheet:
    """A sheet that was provided and is none of the registers; ``message`` says so, with the sheet
    that may be meant, whose name it should have (``rename_to``)."""

    file: str
    sheet: str
    message: str
    rename_to: str = ""


@dataclass(frozen=True, slots=True)
class OverdueCount:
    """A duty, by its id, with the number of its overdue obligations; ``people``: each is of a
    person."""

    duty: str
    obligations: int
    people: bool


@dataclass(frozen=True, slots=True)
class UnknownNames:
    """A sheet with rows that name nothing on the ``lists`` that a column of it should name, by the
    names of their sheets; ``people``: the lists are of people. ``rows`` is the number of rows that
    name something, and ``unknown`` of those whose names are all unknown. ``cell`` is the first
    such cell, and ``value`` its text, None where the column is sensitive. ``overdue`` are the
    overdue duties that one of these rows could meet if its name were known. ``at_head``: so many
    rows are concerned that a report says it first."""

    file: str
    sheet: str
    register: str
    column: str
    lists: tuple[str, ...]
    people: bool
    rows: int
    unknown: int
    cell: str
    value: str | None
    overdue: tuple[OverdueCount, ...]
    at_head: bool


@frozen
class CellShown:
    """One decisive cell: ``value`` is its raw text, None where the column is sensitive."""

    cell: str
    column: str
    value: str | None


@frozen
class RowLook:
    """Which cells of rows of one sheet are shown, by the columns' letters and names. Rows with the
    same columns share one. In a sheet that a mapping reads, the letters may be another kind of line
    (evidence.raw_cells.cell_address), and ``part`` tells apart rows that are in one line of it."""

    file: str
    sheet: str
    register: str
    letters: tuple[str, ...]
    columns: tuple[str, ...]
    part: str = ""


@frozen
class ItemShown:
    """One item with its place; ``date`` is the day on which it counts, if it has one. ``values``
    are the raw texts of the cells that ``look`` names, None where a column is sensitive.
    ``fingerprint`` is that of its whole row (engine.fingerprint), which finds it in other files; ''
    where the check had no key. ``key`` is the text of its key column, '' where there is none or it
    is sensitive."""

    look: RowLook
    row: int
    date: datetime.date | None
    values: tuple[str | None, ...]
    fingerprint: str
    key: str

    @property
    def file(self) -> str:
        """Its file."""
        return self.look.file

    @property
    def sheet(self) -> str:
        """Its sheet."""
        return self.look.sheet

    @property
    def register(self) -> str:
        """The id of its register."""
        return self.look.register

    @property
    def cells(self) -> tuple[CellShown, ...]:
        """Its cells that are shown."""
        shown = zip(self.look.letters, self.look.columns, self.values, strict=True)
        return tuple(
            [CellShown(cell_address(line, self.row), name, text) for line, name, text in shown]
        )


@frozen
class UnreadRows:
    """Rows of ``register`` (its title: ``title``) that cannot be read and might have met several
    obligations of a duty, which point to them by ``id``. ``column``: the column that should name
    what a row is about, where none of the rows names it; '' otherwise."""

    id: str
    register: str
    title: str
    column: str
    rows: tuple[ItemShown, ...]


@frozen
class UnreadPointer:
    """Points to the unread rows of the duty that have this ``id``; ``count`` is their number."""

    id: str
    count: int


@dataclass(frozen=True, slots=True)
class RuleFired:
    """The rule that decided in the rules engine, and the integers that it saw; '' and none where
    the plain evaluator decided alone."""

    name: str
    situation: dict[str, int]


@dataclass(frozen=True, slots=True)
class CellToWrite:
    """One cell of a remedy: the column, and the ``value`` with which the remedy was tried.
    ``heading`` is the office's own heading and ``says`` tells a person what to enter, such as the
    day it was done; each is '' where it would repeat the others."""

    column: str
    value: str
    heading: str = ""
    says: str = ""


@dataclass(frozen=True, slots=True)
class Remedy:
    """What would meet an obligation: a new row of ``register`` in ``sheet`` or, with a ``row``,
    changes to that row. ``possible`` False: it can no longer be done, and ``words`` say why.
    ``or_nil``: when a nil return would meet it instead, and on which sheet."""

    possible: bool
    words: str
    register: str
    file: str
    sheet: str
    row: int
    cells: tuple[CellToWrite, ...]
    or_nil: str = ""


@frozen
class RejectedRow:
    """A rejected row of an unmet obligation. ``why``: the only condition that it fails, which
    ``column`` decides (``item`` shows its cell); if ``column`` is '', why it is not in time, or
    which unknown name keeps it from counting.
    ``state``: how the cell was read, unless it is 'read': nothing (deliberately blank), blank,
    unreadable, or no column. ``other_kind``: it fails the rule's first condition, which says what
    kind of row is needed. ``first``: what to correct in the row that its cell names, which may
    count then. ``done_too_early``: it says that something was done before its own event."""

    item: ItemShown
    why: str
    column: str
    state: str
    other_kind: bool = False
    first: tuple[str, ...] = ()
    done_too_early: bool = False


@frozen
class FailedCount:
    """The number of rows that fail a condition first; '' where they meet all."""

    count: int
    failed: str


@frozen
class RejectedRows:
    """Rows of a register (its title: ``title``) that were examined for an obligation and did not
    meet it: those that came near, the nearest first, and the others counted by what they fail.
    ``silent``: the column in which none of them names what it is about; '' where they are about the
    obligation. Obligations with the same rows share one object."""

    register: str
    title: str
    silent: str
    rows: tuple[RejectedRow, ...]
    others: tuple[FailedCount, ...]


@frozen
class ObligationOutcome:
    """One obligation. ``subject`` is what a person calls it ('office', a staff key, 'meeting
    SG-2026-01'), ``subject_name`` the label of the subject's row, if any. ``days`` is negative when
    over. ``too_late``: overdue, and no row dated the day of the check or later can meet it.
    ``derivation``: how the deadline was worked out. ``listed_at`` is the row that lists the subject
    or event. ``unreadable``: rows that cannot be read and might have met only this obligation;
    ``unread_groups`` point to those that might have met others too. ``rejected``: the rows that
    came near it. ``to_tell``: what to correct first, where there is not enough
    information, or a row that cannot be read might have met it. ``vacant``:
    nobody holds the role that it is about."""

    subject: str
    subject_name: str
    window: str
    status: Status
    late_days: int
    opens: datetime.date | None
    deadline: datetime.date | None
    days: int | None
    last_done: datetime.date | None
    version_from: datetime.date
    derivation: str
    rule: RuleFired
    listed_at: ItemShown | None
    evidence: tuple[ItemShown, ...]
    unmet_reason: str = ""
    would_be_met_by: tuple[Remedy, ...] = ()
    unreadable: tuple[ItemShown, ...] = ()
    unread_groups: tuple[UnreadPointer, ...] = ()
    rejected: tuple[RejectedRows, ...] = ()
    remarks: tuple[str, ...] = ()
    too_late: bool = False
    to_tell: tuple[str, ...] = ()
    vacant: bool = False


@frozen
class HistoryEntry:
    """An earlier window, or an obligation that lapsed or was settled: in no count."""

    subject: str
    window: str
    outcome: HistoryOutcome
    opens: datetime.date | None
    deadline: datetime.date | None
    late_days: int
    evidence: tuple[ItemShown, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many obligations (or duties) have each status; ``met_late`` is among ``met``."""

    total: int
    met: int = 0
    met_late: int = 0
    due: int = 0
    overdue: int = 0
    not_yet_due: int = 0
    not_applicable: int = 0
    waived: int = 0
    cannot_tell: int = 0
    not_assessed: int = 0


@dataclass(frozen=True, slots=True)
class CitationShown:
    """A citation of the SOP: its section and the locating phrase; where the SOP was given,
    ``quote`` is the cited paragraph and the phrase is its characters from ``start`` to before
    ``end``; otherwise it is '' and both are 0. ``sop_version``: the version of the SOP, where that
    is not the one in force on D, because an obligation is judged by an older version of the duty.
    The section is as that version numbers it."""

    section: str
    phrase: str
    quote: str = ""
    start: int = 0
    end: int = 0
    sop_version: str = ""


@dataclass(frozen=True, slots=True)
class ReadingShown:
    """How a vague phrase was interpreted, and by which duties."""

    phrase: str
    reading: str
    duties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DutyOutcome:
    """One duty. ``deadline``: the earliest outstanding (overdue or due), else the next to come;
    ``days`` is the number of days left to it, negative when it is overdue. ``next_due`` is the next
    deadline still ahead, where that one is overdue. ``answers`` names the list that the duty is on:
    'office', of the duties that the office answers for, or 'others'. ``nothing_to_check``: why a
    duty has no current obligation, '' otherwise. ``in_brief``: what has to be done, '' where the
    rule gives no such sentence. ``rule_words``: what the rule says, a line for each version that
    judged something. ``not_given``: the titles of the registers that it needs and of which no sheet
    was provided; 'Meetings or Reviews' where either would serve. ``unread_rows``: the rows that
    cannot be read and might have met several of the obligations, each once. ``roles``: the roles
    that it keeps filled, by one holder at a time. ``reads``: the registers that it takes rows from
    or looks a row up in. ``versions``: the first day of each of its versions that has begun, and
    the fingerprint of all in it that decides. ``until``: its last day, None where it does not
    end."""

    id: str
    title: str
    in_brief: str
    section: str
    bearer: str
    answers: str
    strength: str
    owner: str
    status: Status
    counts: Counts
    deadline: datetime.date | None
    days: int | None
    next_due: datetime.date | None
    last_done: datetime.date | None
    citations: tuple[CitationShown, ...]
    version_from: datetime.date
    pattern: str
    nothing_to_check: str
    readings: tuple[ReadingShown, ...]
    obligations: tuple[ObligationOutcome, ...]
    history: tuple[HistoryEntry, ...]
    rule_words: str
    not_given: tuple[str, ...]
    unread_rows: tuple[UnreadRows, ...]
    roles: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    versions: tuple[tuple[datetime.date, str], ...] = ()
    until: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class DutyAside:
    """A duty that is not in force on the as-of date; ``words`` say from or until when."""

    id: str
    title: str
    section: str
    words: str


@dataclass(frozen=True, slots=True)
class ComingObligation:
    """An obligation that a coming version makes due or overdue on its first day, if nothing more is
    done. ``days`` are those left on that day. ``status_without`` and ``deadline_without`` are as
    they would be without the version; None where there would be no such obligation."""

    subject: str
    window: str
    status: Status
    deadline: datetime.date | None = None
    days: int | None = None
    status_without: Status | None = None
    deadline_without: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class ComingVersion:
    """A version of a duty that begins within a year after the as-of date. ``is_new``: it is the
    duty's first. ``status`` is the duty's on its first day, if nothing more is done, and
    ``status_without`` without the version; ``checks`` is the number of its obligations then.
    ``obligations`` are those that it makes due or overdue. ``rule_words``: what it says."""

    duty: str
    title: str
    section: str
    bearer: str
    answers: str
    owner: str
    begins: datetime.date
    is_new: bool
    status: Status
    checks: int
    rule_words: str
    status_without: Status | None = None
    obligations: tuple[ComingObligation, ...] = ()


@dataclass(frozen=True, slots=True)
class UnapprovedVersion:
    """A version of a duty that nobody approved, of a rulebook that asks for approvals. ``edited``:
    it was approved, and edited since."""

    id: str
    title: str
    section: str
    version_from: datetime.date
    edited: bool = False


@frozen
class ComingDate:
    """When an obligation first turns due and overdue within a year after the as-of date, if nothing
    more is done: None where it does not. ``due`` is the day on which it opens if the window before
    it was missed, and ``overdue`` the day after its own deadline. ``status`` is that of the as-of
    date, None where there is no such obligation yet; one that is overdue already may have neither
    day. ``personal``: it names a person. ``at_meeting``: it is done by a meeting, or has to be
    minuted at one."""

    duty: str
    subject: str
    window: str
    status: Status | None = None
    due: datetime.date | None = None
    overdue: datetime.date | None = None
    deadline: datetime.date | None = None
    personal: bool = False
    at_meeting: bool = False

    @property
    def last_day(self) -> datetime.date | None:
        """The last day on which it is not overdue, within the year or past."""
        if self.overdue is not None:
            return self.overdue - datetime.timedelta(1)
        return self.deadline if self.status is Status.OVERDUE else None

    @property
    def first_day(self) -> datetime.date:
        """The day by which dates are listed."""
        days = (self.due, self.overdue, self.deadline)
        return min((day for day in days if day), default=datetime.date.min)


@dataclass(frozen=True, slots=True)
class SectionOutcome:
    """One section: its worst status, and the counts of its duties and obligations."""

    section: str
    title: str
    status: Status
    duties: Counts
    obligations: Counts


@dataclass(frozen=True, slots=True)
class ListOutcome:
    """The office's own duties, or those of others."""

    status: Status
    duties: Counts
    obligations: Counts


@dataclass(frozen=True, slots=True)
class Overall:
    """``office`` is the office's status; ``others`` is the second list, not answered for."""

    office: ListOutcome
    others: ListOutcome


@dataclass(frozen=True, slots=True)
class FindingShown:
    """Something for a person to check. ``places`` are its places, as 'file!sheet!cell', and
    ``subject`` is what or whom the first of them is about. ``rows``: what an acknowledgement calls
    the rows that it is about, all of them; none where one has no name of its own."""

    kind: str
    duty: str
    message: str
    places: tuple[str, ...]
    subject: str = ""
    rows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AcknowledgedFinding:
    """A finding that somebody acknowledged, which is therefore not among those to check.
    ``until`` is the last day of the acknowledgement, and ``place`` its row."""

    finding: FindingShown
    reason: str
    by_post: str
    until: datetime.date
    place: str


@dataclass(frozen=True, slots=True)
class ProblemShown:
    """Something in the evidence that could not be read: a file, a sheet, a column, or ``count``
    cells of one column with the same fault. ``cells`` are their ranges ('G2:G4128', 'G4200').
    ``values`` are the first distinct texts in them, and ``more_values`` the number of the others;
    none where the column is sensitive. ``duties`` are those that read the register. ``column`` is
    the name of the column in the rulebook, and ``heading`` that in the sheet. Where ``message`` is
    about several values, ``each_value`` is about each of the first alone. ``sheets`` are those with
    almost the same name."""

    kind: str
    register: str
    file: str
    sheet: str
    column: str
    cells: tuple[str, ...]
    count: int
    values: tuple[str, ...]
    more_values: int
    message: str
    duties: tuple[str, ...]
    heading: str = ""
    each_value: tuple[UnreadValue, ...] = ()
    sheets: tuple[str, ...] = ()


class WaiverState(StrEnum):
    """What a waiver does on the day of the check."""

    INCOMPLETE = "incomplete"
    NO_EFFECT = "no effect"
    FITS_TWO = "fits two"
    MATCHES_NOTHING = "matches nothing"
    DATES_REVERSED = "dates the wrong way round"
    IN_FORCE = "in force"
    EXPIRED = "expired"
    NOT_YET = "not yet"


@dataclass(frozen=True, slots=True)
class WaiverShown:
    """A waiver as recorded; ``state``: in force, not yet, expired, incomplete, no effect,
    matches nothing, fits two, dates the wrong way round."""

    duty: str
    subject: str
    reason: str
    approved_by: str
    from_: datetime.date | None
    until: datetime.date | None
    state: str
    place: str


@frozen
class CauseShown:
    """A difference of the inputs, or why something came out otherwise: ``kind`` is a key of
    reports.compare.inputs.NAMES, or '' if several are possible; ``words`` say what was found."""

    kind: str
    words: str


@frozen
class RowChange:
    """A row of evidence to look at first. ``kind``: 'row gone', where the row met something and no
    file has it now, or 'unreadable', where a cell of it can no longer be read. ``met``: the titles
    of the duties that it met."""

    kind: str
    file: str
    sheet: str
    row: int
    words: str
    met: tuple[str, ...] = ()


@frozen
class ObligationChange:
    """One obligation: ``before`` is None for a new one, ``after`` for one that is gone; ``became``
    is then what the new assessment's history says of it (met, missed, lapsed …), if anything.
    ``was`` and ``now`` are its statuses in words. ``window`` is the new one's, where a later window
    took the earlier one's place. ``causes`` are why."""

    subject: str
    window: str
    before: Status | None
    after: Status | None
    was: str
    now: str
    became: str
    causes: tuple[CauseShown, ...] = ()


@dataclass(frozen=True, slots=True)
class DutyChange:
    """One duty that changed, or of which an obligation did. ``before`` is None for a new one,
    ``after`` for one that is gone; ``was`` and ``now`` are these in words. ``note`` says where a
    gone one is not in force any more, or a new one was not in force yet."""

    id: str
    title: str
    answers: str
    bearer: str
    before: Status | None
    after: Status | None
    was: str
    now: str
    note: str
    obligations: tuple[ObligationChange, ...]

    @property
    def status_changed(self) -> bool:
        """Whether the duty itself has another status, is new or is gone."""
        return self.before is not self.after


@dataclass(frozen=True, slots=True)
class Changes:
    """All changes since an earlier assessment. ``duties``: the worst first and those that are gone
    last. ``counts`` are the office's duties by status then. ``inputs``: what was given or asked
    otherwise. ``rows``: those to look at first. ``notes`` are sentences about what makes the two
    hard to compare."""

    since: datetime.date
    counts: Counts
    notes: tuple[str, ...]
    duties: tuple[DutyChange, ...]
    inputs: tuple[CauseShown, ...] = ()
    rows: tuple[RowChange, ...] = ()


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """The position at a check: the office's duties that were overdue, due and met, and those of
    which an obligation had been overdue for a long time (reports.trend.LONG_DAYS)."""

    as_of: datetime.date
    overdue: int
    due: int
    met: int
    long_overdue: int


@dataclass(frozen=True, slots=True)
class OwnerShown:
    """An owner on the Owners sheet, with the address given there, '' for none, and the duties that
    the owner has, by their ids."""

    name: str
    email: str
    duties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """The texts in personal columns that are of one person, such as a staff number and a name.
    ``kind``: staff; owner, who is neither on the list of staff nor a post of the rulebook; or
    other, where it is not known whose they are."""

    kind: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Personal:
    """The columns that say something about a person, each after its register, and the people in
    them: what a report without names leaves out (reports.without_names)."""

    columns: tuple[tuple[str, str], ...] = ()
    people: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True)
class Assessment:
    """One whole check as of a day. ``known_by``: only rows recorded by that day counted, None where
    all did. ``records_begin``: the day from which the office keeps its registers, None where it
    does not say. ``office`` is the office's name, '' where it gives none. ``sop`` is the text of
    the SOP in force on D, where it was given; ``earlier_sop`` are the earlier versions that duties
    cite. ``not_checked`` lists in sentences what was not looked at.
    ``sheet_headings`` are the office's, of every sheet that was read. ``mapping`` is None where the
    sheets were read by accepted spellings. ``unused_sheets`` were provided and are in no register;
    ``not_begun_sheets`` have only an example row, and none of their registers has another sheet.
    ``unknown_names`` are sheets with rows that name nothing on a list.
    No finding is both in ``findings`` and in ``acknowledged``. ``unapproved``: the versions that
    were in force that day or judged a window, where the rulebook asks for approvals. ``coming``:
    the versions that begin within a year, the first ones first. ``rows``: every row that was read,
    by its fingerprint; none where the check had no key. ``changes``: what changed since the
    assessment that this one was compared with, if any. ``trend``: the last check of each month in
    the ledger, this one last; none where there is no other month. ``personal``: what a report
    without names leaves out."""

    format: str
    as_of: datetime.date
    known_by: datetime.date | None
    records_begin: datetime.date | None
    office: str
    program: Program
    rulebook: RulebookStamp
    sop: SopStamp | None
    evidence: tuple[EvidenceStamp, ...]
    status: Overall
    sections: tuple[SectionOutcome, ...]
    duties: tuple[DutyOutcome, ...]
    not_in_force: tuple[DutyAside, ...]
    findings: tuple[FindingShown, ...]
    problems: tuple[ProblemShown, ...]
    readings: tuple[ReadingShown, ...]
    waivers: tuple[WaiverShown, ...]
    not_checked: tuple[str, ...]
    sheet_headings: tuple[SheetHeadings, ...] = ()
    mapping: MappingStamp | None = None
    unused_sheets: tuple[UnusedSheet, ...] = ()
    not_begun_sheets: tuple[SheetNotBegun, ...] = ()
    acknowledged: tuple[AcknowledgedFinding, ...] = ()
    unknown_names: tuple[UnknownNames, ...] = ()
    unapproved: tuple[UnapprovedVersion, ...] = ()
    coming: tuple[ComingVersion, ...] = ()
    year_ahead: tuple[ComingDate, ...] = ()
    earlier_sop: tuple[SopStamp, ...] = ()
    rows: tuple[SheetRows, ...] = ()
    changes: Changes | None = None
    trend: tuple[TrendPoint, ...] = ()
    owners: tuple[OwnerShown, ...] = ()
    personal: Personal = field(default_factory=Personal)

    @property
    def sop_files(self) -> tuple[SopStamp, ...]:
        """The versions of the SOP that it quotes, that of D first."""
        versions = (self.sop, *self.earlier_sop)
        return tuple(stamp for stamp in versions if stamp is not None and stamp.file)
