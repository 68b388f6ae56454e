"""What every pattern is asked, and what most of them answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from evidence.register import Declared, PeriodKind, Registers, RegisterSpec
from rules.condition import Ask, Condition, Listing, NilReturn, RowsOf, columns_of
from rules.lint.rows import lint_column, lint_listing, register_of
from rules.problem import Problems
from rules.span import Span
from rules.wording.words import Wording, many, own_day, row_links, shows
from rules.yaml.source import At

if TYPE_CHECKING:
    import datetime

    from rules.draft import Draft
    from rules.model import Duty, Version
    from rules.subject import Member


#: How long before its deadline a duty turns due, where its rule does not say.
NOTICE = Span(60, "days")

#: The keys of 'evidence:' that mean something to a duty about events or joinings.
EVENT_KEYS = (
    "dated", "event", "itself", "subject", "named_by_subject", "needed", "needed_from", "distinct"
)  # fmt: skip


class Events(Listing):
    """Rows that list events or records, each named by the register's key and dated by ``dated``.
    A row whose ``cancelled`` column says yes asks nothing."""

    dated: str
    cancelled: str | None = None

    @property
    def days(self) -> tuple[str | None, ...]:
        """The columns that say when a row asks something, and that it does not."""
        return (self.dated, self.cancelled)

    @property
    def deciding_days(self) -> tuple[str, ...]:
        """Those of them without which it cannot be told when a row asks something."""
        return (self.dated,)

    def check(self, at: At, registers: Registers) -> Problems:
        """That the rows can be listed, dated and cancelled."""
        yield from lint_listing(at, self, registers)
        spec = register_of(self, registers)
        yield from lint_column(at / "dated", spec, self.dated, "day")
        yield from lint_column(at / "cancelled", spec, self.cancelled, "yes/no")


class EvidenceQuery(RowsOf):
    """The evidence of a duty: rows of ``register`` that meet ``where``.

    ``dated``: the day column that dates an item (not for standing, which has ``begins``).
    ``period``: the column that names an item's period. ``event``: the column that names the event
    by its key; ``itself``: the event's own row is the evidence. ``subject``: the column that names
    the subject by its key; ``named_by_subject``: the column of the subject's own row that names
    the item by its key. ``needed``: how many items it takes; ``needed_from``: the number column
    of the event's row that says so instead (where it cannot be read, or holds no number above
    nought, it cannot be told). ``distinct``: of items with one value in that column only the
    earliest counts (an item without a readable value there cannot be read).
    """

    dated: str | None = None
    period: str | None = None
    event: str | None = None
    itself: bool = False
    subject: str | None = None
    named_by_subject: str | None = None
    needed: int = 1
    needed_from: str | None = None
    distinct: str | None = None


@dataclass(frozen=True, slots=True)
class LintedVersion:
    """A version that is checked, with its duty and what could be read of the rulebook."""

    duty: Duty
    version: Version
    draft: Draft

    @property
    def registers(self) -> Registers:
        """The registers by id."""
        return self.draft.specs

    @property
    def evidence(self) -> RegisterSpec | None:
        """The register of the version's evidence, if it names one that it may."""
        return register_of(self.version.evidence, self.registers)


class PatternBase(Declared):
    """A pattern: a declaration that answers for itself, as most patterns do where it says nothing
    else. Nothing outside the folders of patterns has to ask which one it is."""

    kind: str

    #: The keys of 'evidence:' that mean something to it; none: it cannot have evidence.
    takes: ClassVar[tuple[str, ...]] = ()
    #: Whether it may ask a population or a fixed list, each subject on its own.
    takes_subjects: ClassVar[bool] = True
    #: Whether the members of a fixed list may have spans of their own.
    member_spans: ClassVar[bool] = False
    #: Whether it is about events, so that what was not done may lapse.
    lapses: ClassVar[bool] = False
    #: Whether it goes on without windows: one obligation a subject, by the version in force.
    rolls: ClassVar[bool] = False
    #: Whether what shows it is in place from a day to a day, not done on one.
    in_place: ClassVar[bool] = False
    #: Whether it is to be done ahead of its event.
    ahead: ClassVar[bool] = False
    #: Whether it asks nothing before the day of its event.
    waits: ClassVar[bool] = False

    # What it lists, dates and reads --------------------------------------------------------------

    @property
    def events(self) -> Events | None:
        """The events or records that it lists, if it does."""
        return None

    @property
    def by_joining(self) -> bool:
        """Whether each subject's joining is its event."""
        return False

    @property
    def asks(self) -> tuple[Ask, ...]:
        """What each record must carry; nothing where it has evidence."""
        return ()

    @property
    def carries_deadline(self) -> bool:
        """Whether its records carry their own deadlines."""
        return False

    @property
    def period_kind(self) -> PeriodKind | None:
        """The kind of period that its windows are, if they are periods."""
        return None

    @property
    def nil(self) -> NilReturn | None:
        """The nil return that counts as done, if one does."""
        return None

    @property
    def lead(self) -> Span | None:
        """How long before its event it is to be done, if it is."""
        return None

    @property
    def after_previous(self) -> bool:
        """Whether its window opens with the event before."""
        return False

    @property
    def cuts(self) -> str | None:
        """The duty that it is cut from, by ``adds``, if it is."""
        return None

    @property
    def adds(self) -> tuple[Condition, ...]:
        """The conditions by which it is cut from another duty."""
        return ()

    def rows(self, query: EvidenceQuery | None) -> RowsOf | None:
        """The rows that show that it was done."""
        return query

    def dating(self, query: EvidenceQuery | None, member: Member | None) -> tuple[str, ...]:
        """The columns that date such a row, by the latest of their days."""
        name = (member and member.dated) or (query and query.dated)
        return (name,) if name else ()

    def columns(self, query: EvidenceQuery | None) -> tuple[str | None, ...]:
        """The columns of such a row that it reads, in the order in which it names them."""
        if query is None:
            return ()
        names = (query.dated, query.period, query.event, query.subject, query.distinct)
        return (*names, *columns_of(query.asks))

    def with_conditions(self, where: tuple[Condition, ...]) -> Self:
        """The pattern, each record having to meet these conditions too."""
        raise ValueError("a version without evidence cannot take conditions")

    # Checks -------------------------------------------------------------------------------------

    def check(self, at: At, linted: LintedVersion) -> Problems:
        """What is wrong with it; ``at`` is the version's place."""
        yield from ()

    def check_duty(self, at: At, duty: Duty) -> Problems:
        """What is wrong with it in its duty, whatever the registers hold."""
        yield from ()

    def check_window(self, at: At, duty: Duty, begins: datetime.date) -> Problems:
        """That the duty lasts until a window has opened about which a version, in force from
        ``begins`` on, can ask. ``at`` is the version's place in the duty's own file."""
        yield from ()

    def check_beside(self, at: At, other: PatternBase, other_at: At) -> Problems:
        """That it goes together with the pattern of an earlier version."""
        yield from ()

    def check_added(self, at: At, where: tuple[Condition, ...], spec: RegisterSpec) -> Problems:
        """That conditions at ``at``, added to what its rows must meet, leave a row that can."""
        yield from ()

    def shape(self, of: str) -> str:
        """What must stay the same from version to version, ``of`` what subjects."""
        return f"'{self.kind}'{of}"

    # Words --------------------------------------------------------------------------------------

    def sentence(self, wording: Wording, of: str) -> str:
        """What it asks, in one sentence; ``of``: the title of the duty that it cuts."""
        each, must = wording.each, wording.must
        when, what = self.when(wording), self.what(wording)
        if each:
            asked = f"{each} {must} {self.verb(wording)}, {when}, {what}."
        elif self.in_place:
            asked = f"there {must} be in place, {when}, {what}."
        else:
            asked = f"{when}, there {must} be {what}."
        return f"{asked[:1].upper()}{asked[1:]}"

    def verb(self, wording: Wording) -> str:
        """What each subject, event or record must do with what is to be done."""
        if self.in_place:
            return "have in place"
        return "show" if wording.version.evidence is None or wording.query.itself else "have"

    def when(self, wording: Wording) -> str:
        """When it is to be done, within the sentence. 'Its' is of the event or record that the
        sentence speaks of."""
        return "at all times"

    def what(self, wording: Wording) -> str:
        """What is to be done, as the end of that sentence."""
        query = wording.query
        if query.itself:
            return shows(own_day(wording), query.asks)
        each_time = "each time " if self.rolls and query.needed > 1 else ""
        return f"{each_time}{many(wording)}{row_links(wording)}"

    def also(self, wording: Wording) -> Iterator[str]:
        """What else it says, a sentence each."""
        yield from ()

    def column_roles(self, query: EvidenceQuery | None) -> Iterator[tuple[str | None, str]]:
        """Columns of the rows that show it, each with what it is to this pattern."""
        yield from ()
