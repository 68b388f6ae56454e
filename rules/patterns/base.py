"""What every pattern is asked, and what most of them answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from evidence.register import Declared, PeriodKind, Registers, RegisterSpec
from rules.condition import Ask, Condition, NilReturn, RowsOf, columns_of
from rules.lint.rows import register_of
from rules.patterns.rows import Events, EvidenceQuery
from rules.problem import Problems
from rules.span import Span
from rules.wording.words import Telling, many, own_day, row_links, shows
from rules.yaml.source import At

if TYPE_CHECKING:
    import datetime

    from rules.draft import Draft
    from rules.model import Duty, Version
    from rules.subject import Member


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

    def check(self, at: At, one: LintedVersion) -> Problems:
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

    def sentence(self, telling: Telling, of: str) -> str:
        """What it asks, in one sentence; ``of``: the title of the duty that it cuts."""
        each, must = telling.each, telling.must
        when, what = self.when(telling), self.what(telling)
        if each:
            asked = f"{each} {must} {self.verb(telling)}, {when}, {what}."
        elif self.in_place:
            asked = f"there {must} be in place, {when}, {what}."
        else:
            asked = f"{when}, there {must} be {what}."
        return f"{asked[:1].upper()}{asked[1:]}"

    def verb(self, telling: Telling) -> str:
        """What each subject, event or record must do with what is to be done."""
        if self.in_place:
            return "have in place"
        return "show" if telling.version.evidence is None or telling.query.itself else "have"

    def when(self, telling: Telling) -> str:
        """When it is to be done, within the sentence. 'Its' is of the event or record that the
        sentence speaks of."""
        return "at all times"

    def what(self, telling: Telling) -> str:
        """What is to be done, as the end of that sentence."""
        query = telling.query
        if query.itself:
            return shows(own_day(telling), query.asks)
        each_time = "each time " if self.rolls and query.needed > 1 else ""
        return f"{each_time}{many(telling)}{row_links(telling)}"

    def also(self, telling: Telling) -> Iterator[str]:
        """What else it says, a sentence each."""
        yield from ()

    def columns_told(self, query: EvidenceQuery | None) -> Iterator[tuple[str | None, str]]:
        """Columns of the rows that show it, each with what it is to this pattern."""
        yield from ()
