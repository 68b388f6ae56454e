"""The base class of the patterns, with the properties that most patterns share; and the rows that
patterns name, as events or as evidence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, get_args

from evidence.register import Declared, PeriodKind, Registers, RegisterSpec
from rules.condition import Ask, Condition, Listing, NilReturn, RowsOf, columns_of
from rules.lint.rows import lint_column, lint_listing, register_of
from rules.problem import Problems
from rules.span import Span
from rules.wording.words import Wording, many, own_day, row_links, shows
from rules.yaml.source import YamlNode

if TYPE_CHECKING:
    import datetime

    from rules.draft import Draft
    from rules.model import Duty, Version
    from rules.subject import Member


#: How long before its deadline a duty becomes due, unless its rule says otherwise.
NOTICE = Span(60, "days")

#: The keys of 'evidence:' that mean something to a duty about events or joinings.
EVENT_KEYS = (
    "dated", "event", "itself", "subject", "named_by_subject", "needed", "needed_from", "distinct"
)  # fmt: skip


class Events(Listing):
    """Rows that list events or records, each named by the register's key."""

    dated: str
    """The date column of the event or record. Example: held on"""
    cancelled: str | None = None
    """The yes/no column that says that the event did not take place. Nothing is required for such a
    row. Example: cancelled"""

    @property
    def days(self) -> tuple[str | None, ...]:
        """The columns with the day of a row, and with whether it was cancelled."""
        return (self.dated, self.cancelled)

    @property
    def deciding_days(self) -> tuple[str, ...]:
        """The columns without which the obligations of a row are unknown."""
        return (self.dated,)

    def check(self, node: YamlNode, registers: Registers) -> Problems:
        """Checks that the rows can be listed, dated and cancelled."""
        yield from lint_listing(node, self, registers)
        spec = register_of(self, registers)
        yield from lint_column(node / "dated", spec, self.dated, "day")
        yield from lint_column(node / "cancelled", spec, self.cancelled, "yes/no")


class EvidenceQuery(RowsOf):
    """The evidence of a duty: rows that meet conditions.

    Unless the number column of ``needed_from`` contains a number above zero, the status is cannot
    tell. An item without a readable value in ``distinct`` cannot be read.
    """

    dated: str | None = None
    """The date column that says when it was done. The pattern 'standing' has 'begins' instead.
    Example: completed on"""
    period: str | None = None
    """The column that names the period for which it was done. Example: for year"""
    event: str | None = None
    """The column that names the event by its key. Example: meeting"""
    itself: bool = False
    """'yes' if the row of the event is itself the evidence."""
    subject: str | None = None
    """The column that names the person or thing by its key. Example: person"""
    named_by_subject: str | None = None
    """The column of the person's own row that names the evidence by its key. Example: contract
    check"""
    needed: int = 1
    """How many rows are needed. Example: 2"""
    needed_from: str | None = None
    """The number column of the event's row that says how many rows are needed. Example: staff"""
    distinct: str | None = None
    """Of rows with the same value in this column, only the earliest counts. Example: person"""


@dataclass(frozen=True, slots=True)
class LintedVersion:
    """A version to be checked, its duty, and the files of the rulebook that could be read."""

    duty: Duty
    version: Version
    draft: Draft

    @property
    def registers(self) -> Registers:
        """The registers by id."""
        return self.draft.specs

    @property
    def evidence(self) -> RegisterSpec | None:
        """The register of the version's evidence; None if there is none that a rule may name."""
        return register_of(self.version.evidence, self.registers)


class PatternBase(Declared):
    """A pattern of a rule, with the answers of most patterns to the questions about it, so that
    only the folders of patterns need to test which pattern a rule has."""

    kind: str
    """The pattern of the requirement. It decides which other keys the pattern can have."""

    #: The keys of 'evidence:' that it may use; none: it cannot have evidence.
    takes: ClassVar[tuple[str, ...]] = ()
    #: Whether it can have subjects: a population or a fixed list.
    takes_subjects: ClassVar[bool] = True
    #: Whether the members of a fixed list can have separate spans.
    member_spans: ClassVar[bool] = False
    #: Whether it is about events, so that unmet obligations can lapse (semantics.md: Lapse).
    lapses: ClassVar[bool] = False
    #: Whether each obligation is about a record that, once it is complete, stays complete.
    stays_met: ClassVar[bool] = False
    #: Whether it has no windows and stays met while its last item is valid: one obligation for
    #: each subject, by the version in force.
    lasting: ClassVar[bool] = False
    #: Whether its evidence is in place from a day to a day, not done on one.
    in_place: ClassVar[bool] = False
    #: Whether it must be done before its event.
    ahead: ClassVar[bool] = False
    #: Whether it requires nothing before the day of its event.
    waits: ClassVar[bool] = False

    @classmethod
    def kind_name(cls) -> str:
        """The kind of the pattern in rule files, such as 'before event'."""
        return str(get_args(cls.model_fields["kind"].annotation)[0])

    # What it lists, dates and reads --------------------------------------------------------------

    @property
    def events(self) -> Events | None:
        """The events or records that it lists."""
        return None

    @property
    def by_joining(self) -> bool:
        """Whether the joining of each subject is its event."""
        return False

    @property
    def asks(self) -> tuple[Ask, ...]:
        """The conditions on each record; none where it has evidence."""
        return ()

    @property
    def carries_deadline(self) -> bool:
        """Whether its records contain their deadlines."""
        return False

    @property
    def term(self) -> tuple[str, str | None, Span | None] | None:
        """For something in place: the columns in which it begins and is to be reviewed by, and how
        long it serves."""
        return None

    @property
    def completed_in(self) -> tuple[str, ...]:
        """The columns with the dates of a complete record."""
        return ()

    @property
    def re_agreed_in(self) -> tuple[str, ...]:
        """The columns with a later deadline and with the day on which it was agreed."""
        return ()

    @property
    def undated(self) -> bool:
        """Whether no column says when it was done, so that a complete row counts as in time."""
        return False

    @property
    def period_kind(self) -> PeriodKind | None:
        """The kind of period of its windows."""
        return None

    @property
    def extension(self) -> Span | None:
        """How long after a period evidence that names it is still in time."""
        return None

    @property
    def interval(self) -> Span | None:
        """How long an item that is done on a day is valid."""
        return None

    @property
    def warning(self) -> Span | None:
        """How long before its deadline an obligation that is met turns due."""
        return None

    @property
    def nil(self) -> NilReturn | None:
        """The nil return that counts as evidence."""
        return None

    @property
    def lead(self) -> Span | None:
        """How long before its event it must be done."""
        return None

    @property
    def after_previous(self) -> bool:
        """Whether its window opens after the previous event."""
        return False

    @property
    def cuts(self) -> str | None:
        """The duty to which it adds conditions."""
        return None

    @property
    def adds(self) -> tuple[Condition, ...]:
        """The conditions that it adds to another duty."""
        return ()

    def rows(self, query: EvidenceQuery | None) -> RowsOf | None:
        """The rows that can show that it was done."""
        return query

    def dating(self, query: EvidenceQuery | None, member: Member | None) -> tuple[str, ...]:
        """The columns that date such a row: the latest of their days counts."""
        name = (member and member.dated) or (query and query.dated)
        return (name,) if name else ()

    def columns(self, query: EvidenceQuery | None) -> tuple[str | None, ...]:
        """The columns of such a row that it reads, in the order of the rule."""
        if query is None:
            return ()
        names = (query.dated, query.period, query.event, query.subject, query.distinct)
        return (*names, *columns_of(query.asks))

    def with_conditions(self, where: tuple[Condition, ...]) -> Self:
        """The pattern with these conditions added to those on each record."""
        raise ValueError("a version without evidence cannot take conditions")

    # Checks -------------------------------------------------------------------------------------

    def check(self, node: YamlNode, linted: LintedVersion) -> Problems:
        """What is wrong with the pattern; ``node`` is the version's place."""
        yield from ()

    def check_duty(self, node: YamlNode, duty: Duty) -> Problems:
        """What is wrong with the pattern in its duty, whatever the registers are."""
        yield from ()

    def check_window(self, node: YamlNode, duty: Duty, begins: datetime.date) -> Problems:
        """Checks that a window of a version opens before the duty ends. The version is in force
        from ``begins`` on, and ``node`` is the version's place in the duty's file."""
        yield from ()

    def check_beside(self, node: YamlNode, other: PatternBase, other_node: YamlNode) -> Problems:
        """Checks that it is compatible with the pattern of an earlier version."""
        yield from ()

    def check_added(
        self, node: YamlNode, where: tuple[Condition, ...], spec: RegisterSpec
    ) -> Problems:
        """Checks that a row can meet the conditions at ``node`` as well as those of the rule."""
        yield from ()

    def shape(self, subjects: str) -> str:
        """What must stay the same from version to version; ``subjects`` describes those."""
        return f"'{self.kind}'{subjects}"

    # Words --------------------------------------------------------------------------------------

    def sentence(self, wording: Wording, base: str) -> str:
        """The requirement in one sentence; ``base``: the title of the duty that it cuts."""
        scope, must = wording.scope, wording.must
        when, action = self.when(wording), self.what(wording)
        if scope:
            itself = wording.version.evidence is None or wording.query.itself
            verb = "have in place" if self.in_place else "show" if itself else "have"
            text = f"{scope} {must} {verb}, {when}, {action}."
        elif self.in_place:
            text = f"there {must} be in place, {when}, {action}."
        else:
            text = f"{when}, there {must} be {action}."
        return f"{text[:1].upper()}{text[1:]}"

    def when(self, wording: Wording) -> str:
        """When it must be done, as a part of the sentence. 'Its' refers to the event or record that
        the sentence is about."""
        return "at all times"

    def what(self, wording: Wording) -> str:
        """What must be done, as the end of that sentence."""
        query = wording.query
        if query.itself:
            return shows(own_day(wording), query.asks)
        each_time = "each time " if self.lasting and query.needed > 1 else ""
        return f"{each_time}{many(wording)}{row_links(wording)}"

    def also(self, wording: Wording) -> Iterator[str]:
        """Further sentences about the pattern."""
        yield from ()

    def column_roles(self, query: EvidenceQuery | None) -> Iterator[tuple[str | None, str]]:
        """The columns of the evidence that only this pattern uses, each with its use."""
        yield from ()
