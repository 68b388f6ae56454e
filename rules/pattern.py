"""The seven patterns of semantics.md, as declarations only."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import Field

from evidence.register import Declared, PeriodKind
from rules.condition import Ask, Condition, Listing, NilReturn, RowsOf, asks
from rules.span import Span, SpanField

_NOTICE = Span(60, "days")


class Periodic(Declared):
    """Pattern 1: once in each period, in a quarter (``part``) of each financial year, or, with
    ``before``, in the whole period before each period. ``grace`` extends the deadline for items
    that name their period; ``early`` lets such items be dated before the window opens;
    ``nil_return`` is a qualifying item too."""

    kind: Literal["periodic"]
    period: PeriodKind
    part: Literal["Q1", "Q2", "Q3", "Q4"] | None = None
    before: bool = False
    grace: SpanField | None = None
    early: bool = False
    nil_return: NilReturn | None = None


class Rolling(Declared):
    """Pattern 2: at most ``every`` since the last time. ``first`` is the rule's own shorter first
    span; ``first_deadline`` the rule's own day for subjects there on the in-force day."""

    kind: Literal["rolling"]
    every: SpanField
    first: SpanField | None = None
    first_deadline: datetime.date | None = None
    notice: SpanField = _NOTICE


class Events(Listing):
    """Rows that list events or records, each named by the register's key and dated by ``dated``.
    A row whose ``cancelled`` column says yes asks nothing."""

    dated: str
    cancelled: str | None = None


class Joining(Declared):
    """Each subject's joining (or being flagged) is its event."""

    joining: Literal[True]


class Triggered(Declared):
    """Pattern 3: within so long of each event. ``within`` may be left to the members of a fixed
    list. ``early`` opens the window so long before the event. ``accepted_before``: an item also
    counts that is dated before the window opens, but no longer than that before the event's day
    (semantics.md, Patterns, 3). ``already_there``: subjects there before the in-force day count as
    joining on it."""

    kind: Literal["triggered"]
    event: Events | Joining
    within: SpanField | None = None
    early: SpanField | None = None
    accepted_before: SpanField | None = None
    already_there: bool = False


class BeforeEvent(Declared):
    """Pattern 4: by the event's day, or ``by`` so long before it; no earlier than ``no_earlier``
    before it, or, with ``since_previous``, than the day after the previous event."""

    kind: Literal["before event"]
    event: Events
    by: SpanField | None = None
    no_earlier: SpanField | None = None
    since_previous: bool = False


class Standing(Declared):
    """Pattern 5: something in place on the as-of date. ``begins``, ``ends`` and ``review_by`` are
    day columns of the evidence; ``ends`` and ``review_by`` count with their last day.
    ``end_needed``: one without any end does not count. ``review_within`` caps how long after its
    beginning it serves without a review: an end or a review-by day further off, or neither, counts
    as at the cap."""

    kind: Literal["standing"]
    begins: str
    ends: str | None = None
    review_by: str | None = None
    end_needed: bool = False
    review_within: SpanField | None = None
    notice: SpanField = _NOTICE


class Carried(Declared):
    """The day columns of a record that carries its own deadline, and its re-agreement."""

    due: str
    re_agreed_to: str | None = None
    re_agreed_on: str | None = None


class Completeness(Declared):
    """Pattern 6: each record carries what it must (all of ``must``, and at least one of
    ``must_any`` where it lists conditions), dated by ``done_on`` columns.
    The deadline is ``within`` after the record's own day, or carried by the record."""

    kind: Literal["completeness"]
    records: Events
    must: tuple[Condition, ...] = ()
    must_any: tuple[Condition, ...] = ()
    done_on: tuple[str, ...] = ()
    within: SpanField | None = None
    deadline: Carried | None = None

    @property
    def asks(self) -> tuple[Ask, ...]:
        """Everything that each record must carry."""
        return asks(self.must, self.must_any)


class Content(Declared):
    """Pattern 7: the duty ``of`` with more conditions on its evidence."""

    kind: Literal["content"]
    of: str
    where: tuple[Condition, ...]


Pattern = Annotated[
    Periodic | Rolling | Triggered | BeforeEvent | Standing | Completeness | Content,
    Field(discriminator="kind"),
]


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
