"""The flat tables: their names and order, and of each column its name, type and meaning.

Every column is in every form of the tables. Text is never missing: it is '' where there is none, so
that only days and whole numbers may be missing. No name needs quotes in SQL. docs/tables.md repeats
this module, and a test compares them.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import Enum
from typing import TYPE_CHECKING

from engine.assessment import Counts

if TYPE_CHECKING:
    import pyarrow


class ColumnKind(Enum):
    """What a column contains; the value is the function of pyarrow that makes its type, in Arrow
    and so in Parquet."""

    TEXT = "string"
    YES_NO = "bool_"
    NUMBER = "int64"
    DAY = "date32"


#: The dtype in pandas, of columns in which nothing is missing.
_PANDAS_DTYPES = {
    ColumnKind.TEXT: "str",
    ColumnKind.YES_NO: "bool",
    ColumnKind.NUMBER: "int64",
    ColumnKind.DAY: "datetime64[s]",
}


@dataclass(frozen=True, slots=True)
class FlatColumn:
    """A column. ``words`` say what it means. ``nullable``: a cell may be missing. ``personal``: it
    is '' unless names are asked for."""

    name: str
    kind: ColumnKind
    words: str
    nullable: bool = False
    personal: bool = False

    @property
    def dtype(self) -> str:
        """Its dtype in pandas."""
        if self.nullable and self.kind is ColumnKind.NUMBER:
            return "Int64"  # with a capital, the dtype in which a whole number may be missing
        return _PANDAS_DTYPES[self.kind]


@dataclass(frozen=True, slots=True)
class FlatTable:
    """A table. ``words`` say what one row is. ``keys``: the columns that are together different in
    every row."""

    name: str
    words: str
    keys: tuple[str, ...]
    columns: tuple[FlatColumn, ...]

    def column(self, name: str) -> FlatColumn:
        """The column with a name."""
        return next(column for column in self.columns if column.name == name)


#: The counts of an assessment, after the total.
COUNTED = tuple(field.name for field in fields(Counts) if field.name != "total")


def arrow_schema(table: FlatTable) -> pyarrow.Schema:
    """The Arrow schema of a table, without metadata. Needs pyarrow."""
    import pyarrow  # noqa: PLC0415  (only where tables are written)

    columns = [
        pyarrow.field(column.name, getattr(pyarrow, column.kind.value)(), column.nullable)
        for column in table.columns
    ]
    return pyarrow.schema(columns)


def _text(name: str, words: str) -> FlatColumn:
    return FlatColumn(name, ColumnKind.TEXT, words)


def _number(name: str, words: str) -> FlatColumn:
    return FlatColumn(name, ColumnKind.NUMBER, words)


def _day(name: str, words: str) -> FlatColumn:
    return FlatColumn(name, ColumnKind.DAY, words, nullable=True)


def _counts(of: str, whose: str) -> tuple[FlatColumn, ...]:
    """A column for each count of an assessment; ``met`` contains ``met_late``."""
    return (
        _number(of, f"the number of {whose}"),
        *(
            _number(f"{of}_{name}", f"how many of them are {name.replace('_', ' ')}")
            for name in COUNTED
        ),
    )


_CHECK = _text("check_id", "the check: a row of `checks`")
_BODY = _text("body", "the body: a row of `bodies`")
_AS_OF = FlatColumn("as_of", ColumnKind.DAY, "the day as of which it was checked")
_DUTY = _text("duty", "the id of the duty in its rulebook")
_DUTY_KEY = _text("duty_key", "the duty: a row of `duties`")
_OBLIGATION = _number("obligation", "its number within the duty in this check, from 1")
_STATUS = _text("status", "its status, such as `overdue` or `not_yet_due`")
_DEADLINE = _day("deadline", "the last day on which it is not overdue")
_DAYS = FlatColumn(
    "days",
    ColumnKind.NUMBER,
    "the days left until the deadline, negative when overdue",
    nullable=True,
)
_LAST_DONE = _day("last_done", "the day on which it was last done")
_FILE = _text("file", "the file of the evidence")
_SHEET = _text("sheet", "its sheet")
_WITHOUT_KEY = "'' where it has none or the check was not recorded in a ledger"

BODIES = FlatTable(
    "bodies",
    "A body, as its latest check describes it",
    ("body",),
    (
        _text("body", "its name in office.yaml or, in an estate, that of its folder"),
        _text("name", "its name in office.yaml"),
        _text("rulebook", "the id of its rulebook"),
        _text("title", "the title of the rulebook"),
        _text("version", "the version of the rulebook"),
    ),
)

CHECKS = FlatTable(
    "checks",
    "A check of a body as of a day, complete or failed",
    ("body", "as_of", "check_id"),
    (
        _text(
            "check_id",
            "the fingerprint of the check: the SHA-256 of its assessment.json or, of a failed "
            "check, that of the body, the day and the failure",
        ),
        _BODY,
        _AS_OF,
        FlatColumn("complete", ColumnKind.YES_NO, "whether the body was checked"),
        _text("failure", "the kind of failure, '' where the check is complete"),
        _text("failure_words", "what went wrong, and what to do"),
        _text("program", "the program and its version"),
        _text("rulebook", "the SHA-256 of the rulebook"),
        _text("mapping", "the SHA-256 of the mapping, '' where there is none"),
        _text("status", "the status over all its duties, '' of a failed check"),
        *_counts("duties", "duties that the body answers for"),
    ),
)

DUTIES = FlatTable(
    "duties",
    "A duty of a rulebook",
    ("duty_key",),
    (
        _text("duty_key", "the first 12 digits of the rulebook's SHA-256, '/' and the duty's id"),
        _text("rulebook", "the SHA-256 of the rulebook"),
        _DUTY,
        _text("title", "its title"),
        _text("section", "the section of the report"),
        _text("bearer", "who is responsible for it"),
        _text("answers", "`office` if the body answers for it itself, otherwise `others`"),
        _text("strength", "`must` or `should`"),
        _text("pattern", "the pattern of the rule, such as `rolling` or `periodic`"),
    ),
)

DUTY_OUTCOMES = FlatTable(
    "duty_outcomes",
    "A duty in a check",
    ("body", "as_of", "check_id", "duty"),
    (
        _CHECK,
        _BODY,
        _AS_OF,
        _DUTY_KEY,
        _DUTY,
        _STATUS,
        _text(
            "owner",
            "the post that has the duty, '' for none; a person's name only with `--with-names`",
        ),
        _DEADLINE,
        _DAYS,
        _LAST_DONE,
        *_counts("obligations", "its obligations"),
    ),
)

OBLIGATIONS = FlatTable(
    "obligations",
    "An obligation in a check: a duty for one subject in one period",
    ("body", "as_of", "check_id", "duty", "obligation"),
    (
        _CHECK,
        _BODY,
        _AS_OF,
        _DUTY_KEY,
        _DUTY,
        _OBLIGATION,
        _STATUS,
        _text("period", "the period in words, such as 2026/27, '' where the duty has none"),
        _day("opens", "the first day on which it is due"),
        _DEADLINE,
        _DAYS,
        _number("late_days", "the days after its deadline on which it was met, 0 if in time"),
        _LAST_DONE,
        FlatColumn("version_from", ColumnKind.DAY, "the first day of the version of the duty"),
        FlatColumn("too_late", ColumnKind.YES_NO, "whether it is overdue and can no longer be met"),
        _text(
            "subject_fingerprint",
            "the fingerprint of the key of the row that lists its subject, which is the same in "
            f"all checks of one body; {_WITHOUT_KEY}",
        ),
        FlatColumn(
            "subject",
            ColumnKind.TEXT,
            "whom or what it is about; only with `--with-names`, otherwise ''",
            personal=True,
        ),
    ),
)

CITED_ROWS = FlatTable(
    "cited_rows",
    "A row of the evidence that a check cites for an obligation; none of its cells",
    (
        "body", "as_of", "check_id", "duty", "obligation", "use", "file", "sheet", "row",
        "register", "part",
    ),
    (
        _CHECK,
        _BODY,
        _AS_OF,
        _DUTY_KEY,
        _DUTY,
        _number("obligation", "the number of the obligation; 0 where the row may concern several"),
        _text(
            "use",
            "`listed`: it lists the subject; `evidence`: the status rests on it; `unreadable`: it "
            "cannot be read, and might have met the obligation",
        ),
        _text("register", "the register that the sheet contains"),
        _FILE,
        _SHEET,
        _number("row", "its row"),
        _text("part", "which part of the sheet, where one line of it has several rows"),
        _day("date", "the day on which it counts"),
        _text("fingerprint", "the fingerprint of the row, '' without a ledger"),
        _text("key_fingerprint", f"the fingerprint of its key alone, {_WITHOUT_KEY}"),
    ),
)  # fmt: skip

PROBLEMS = FlatTable(
    "problems",
    "A problem of the evidence in a check, such as the cells of one column with one fault",
    ("body", "as_of", "check_id", "problem"),
    (
        _CHECK,
        _BODY,
        _AS_OF,
        _number("problem", "its number within the check, from 1"),
        _text("kind", "its kind, such as `cell unreadable` or `sheet missing`"),
        _text("register", "the register"),
        _text(
            "column_name", "the register's name of the column, '' where it is of a file or sheet"
        ),
        _FILE,
        _SHEET,
        _number("cells", "the number of its cells, 0 where it is of a column, sheet or file"),
        _text("words", "what is wrong and what to do, without the names of people"),
    ),
)

#: Every table, in the order in which they are listed.
TABLES = (BODIES, CHECKS, DUTIES, DUTY_OUTCOMES, OBLIGATIONS, CITED_ROWS, PROBLEMS)
