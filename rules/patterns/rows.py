"""The rows that patterns name: those that list events or records, and those that are evidence."""

from __future__ import annotations

from evidence.register import Registers
from rules.condition import Listing, RowsOf
from rules.lint.rows import lint_column, lint_listing, register_of
from rules.problem import Problems
from rules.span import Span
from rules.yaml.source import At

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
