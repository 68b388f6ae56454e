"""A new duty: its rule and its cases, as the templates in rules/starters/duty make them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast, get_args

from jinja2 import Environment, FileSystemLoader, StrictUndefined, UndefinedError

from cli.exits import Stop
from engine.cases.case_file import PlacedCase, read_cases
from engine.cases.run import run_cases
from engine.columns.days import add_span
from engine.columns.periods import period_ends, period_numbered, period_of
from engine.day_number import as_date
from evidence.register import BLANK_NOTHING, ColumnSpec, PeriodKind, RegisterSpec
from record.office.yaml_text import scalar_text
from reports.rulebook.example import examples
from rules.load import CASES, OWN_BOOK, read_book, without_stale_pins
from rules.model import Rulebook
from rules.patterns import Pattern
from rules.patterns.base import PatternBase
from rules.problem import describe_all, did_you_mean
from rules.resolve import resolve
from rules.span import read_span

STARTERS = OWN_BOOK.with_name("starters")
#: The seven patterns by their names, as rules write them.
PATTERNS: Mapping[str, type[PatternBase]] = {
    get_args(pattern.model_fields["kind"].annotation)[0]: pattern
    for pattern in get_args(get_args(Pattern)[0])
}
KINDS = tuple(PATTERNS)

#: What a register must have for each part that a template may need.
_NEEDED = {
    "dated": "a date",
    "begins": "a date",
    "event_register": (
        "a second date, which may be blank, for when it was done, or a column that names a row of "
        "another register"
    ),
    "must": "a further column of words, a number or yes and no that may be blank",
}
#: The keys of the patterns that say how much time there is for one event or record.
_SPANS = ("within", "by")
#: The cell that fills a column of each type; a code is the first of its column.
_CELLS = {"text": "something", "number": 1, "yes/no": True, "code": "x", "codes": "x"}
#: The beginning of a line that a new rule has until a person has written its sentence.
UNFINISHED = '# in brief: "Say here'
_UNFINISHED = re.compile(r'^(?:# ?)?in brief: *["\']?Say here', re.MULTILINE)
#: The operator of a condition on a column of each type.
_OPERATORS = {"code": "equals", "text": "equals", "codes": "includes", "yes/no": "is"}
_YES_NO = {"yes": True, "no": False}
#: The results that evidence without the added condition may have.
_UNMET = ("due", "overdue", "not yet due", "cannot tell")


@dataclass(frozen=True, slots=True)
class NewDuty:
    """The answers about a new duty. ``register`` is that of its evidence or records; ``of`` is the
    duty to which a content duty adds, and then ``register`` is that of its evidence. ``for_each``
    is the register of those for each of whom it is required, '' if it is required once. ``where``
    are the columns of the rows that count, with their values. ``every`` is how often: the length of
    time of a rolling duty, or the period of a periodic one."""

    id: str
    section: str
    title: str
    phrase: str
    bearer: str
    strength: str
    pattern: str
    register: str
    of: str
    first: datetime.date
    for_each: str = ""
    where: tuple[tuple[str, str], ...] = ()
    every: str = ""


def duty_files(duty: NewDuty, rulebook: Rulebook, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The rule and its cases by their names from the rulebook's folder, which has ``files``. Raises
    Stop if the register has too few columns, or if the rulebook would have an error."""
    sections = rulebook.book.sections
    folder = next(s.folder for s in sections if duty.section in {h.section for h in s.headings})
    name = f"{folder}/{duty.id}"
    facts = {field: getattr(duty, field) for field in NewDuty.__slots__}
    facts |= _columns(duty, rulebook) | _how_often(duty)
    facts["unfinished"] = UNFINISHED
    rule = _rendered(duty, ".yaml.jinja", facts)
    book = read_book({**without_stale_pins(files)[0], f"{name}.yaml": rule})
    if not isinstance(book, Rulebook):
        raise Stop("\n".join(["Nothing was written:", *map("  {}".format, describe_all(book))]))
    facts["examples"] = list(_content_cases(duty, facts, book)) if duty.of else []
    cases = _rendered(duty, f"{CASES}.jinja", facts)
    return {f"{name}.yaml": rule, f"{name}{CASES}": cases}


def unfinished_line(text: str) -> int:
    """The number of the line that shows that a rule is as it was written for a person to finish; 0
    if there is none."""
    match = _UNFINISHED.search(text)
    return text.count("\n", 0, match.start()) + 1 if match else 0


def must_be_often(pattern: str, text: str) -> None:
    """Raises ValueError if a duty of the pattern cannot be required so often."""
    fields, periods = PATTERNS[pattern].model_fields, get_args(PeriodKind)
    if "every" in fields:
        read_span(text)
    elif "period" not in fields:
        span = next((f", and change '{key}' in the rule" for key in _SPANS if key in fields), "")
        raise ValueError(f"A {pattern} duty has no interval. Leave --every out{span}.")
    elif text not in periods:
        raise ValueError(
            f"There is no period '{text}'. Write one of: {', '.join(periods)}. For a length of "
            "time, choose the pattern rolling."
        )


def _how_often(duty: NewDuty) -> dict[str, object]:
    """How often it is required, as the templates of the rolling and the periodic duties use it. The
    notice of a short interval is a quarter of it, in place of 60 days."""
    fields = PATTERNS[duty.pattern].model_fields
    span = read_span(duty.every if duty.every and "every" in fields else "12 months")
    kind = duty.every if duty.every and "period" in fields else "financial year"
    period = period_of(cast("PeriodKind", kind), duty.first.toordinal())
    return {
        "every": str(span),
        "notice": 60 if span.least_days > 2 * 60 else span.least_days // 4,
        "half": span.least_days // 2,
        "long_ago": span.most_days + 30,
        "period": kind,
        "period_end": as_date(period_ends(period)),
        "next_end": as_date(period_ends(period_numbered(period, 1))),
    }


# Columns ----------------------------------------------------------------------------------------


def _columns(duty: NewDuty, rulebook: Rulebook) -> dict[str, object]:
    """What the templates use of the register's columns. What a pattern may need and the register
    does not have is left out."""
    spec = rulebook.registers[duty.register]
    columns = spec.written.columns
    event, takes = _event(spec, rulebook), PATTERNS[duty.pattern].takes
    conditions = [_condition(spec.column(name), value) for name, value in duty.where]
    usual = {name: cell for name, _, _, cell in conditions}
    if spec.cancelled:
        usual[spec.cancelled] = False
        own_event = "event" in takes and not event.get("event_key")
        if takes and not own_event:
            conditions.insert(0, (spec.cancelled, "is", "no", False))
    each = _each(duty, rulebook)
    if each:
        usual[str(each["column"])] = f"{duty.for_each} 1"
    if spec.one_holder_of:
        usual.setdefault(*_filled(spec.column(spec.one_holder_of)))
    dated, begins = _dated(spec), spec.begins or _dated(spec)
    days = [column for column in columns if column.type == "day" and column.required]
    ends = [c.name for c in days if c.ends_or_undoes]
    # Without an end, what has ended would count for good.
    ends = ends or [c.name for c in days if c.planned and c.blank == BLANK_NOTHING]
    used = {dated, begins, spec.one_holder_of, spec.cancelled, *ends, *usual}
    if duty.of:
        used |= {*resolve(rulebook, duty.of).versions[-1].rule.evidence_columns}
    free = (c for c in columns if c.blank == BLANK_NOTHING and c.name not in used)
    must = next((_filled(column) for column in free if column.type in _CELLS), None)
    needed = {"dated": dated, "begins": begins, "must": must, **event}
    return {name: value for name, value in needed.items() if value is not None} | {
        "ends": next((name for name in ends if name != begins), None),
        "usual": [part for cell in usual.items() for part in cell],
        "conditions": [(name, operator, value) for name, operator, value, _ in conditions],
        "each": each,
        "cancelled": event.get("cancelled") if "event" in takes else spec.cancelled,
    }


def lists_named(spec: RegisterSpec, pattern: str, rulebook: Rulebook) -> Mapping[str, str]:
    """Each list of people or things of which a column of the register names one, with that column.
    A register whose rows can be cancelled lists events."""
    takes = PATTERNS[pattern].takes
    event = _event(spec, rulebook) if "event" in takes else {}
    if not takes or ("event" in takes and not event.get("event_key")):
        return {}
    lists: dict[str, str] = {}
    for column in spec.written.columns:
        other = rulebook.registers.get(column.refers_to or "")
        if column.type != "key" or other is None or other.control or other.cancelled:
            continue
        if _dated(other) and other.id not in (spec.id, event.get("event_register")):
            lists.setdefault(other.id, column.name)
    return lists


def kind_column(spec: RegisterSpec) -> ColumnSpec | None:
    """The column that says of what kind a row is, or whose role."""
    if spec.one_holder_of:
        return spec.column(spec.one_holder_of)
    return next((c for c in spec.written.columns if c.type == "code" and c.required), None)


def must_fit(column: ColumnSpec, value: str) -> None:
    """Raises ValueError if no condition can compare the column with the value."""
    if column.type not in _OPERATORS:
        raise ValueError(f"The column '{column.name}' contains no words that a rule can compare.")
    known = tuple(_YES_NO) if column.type == "yes/no" else tuple(column.codes)
    if known and value not in known:
        raise ValueError(
            f"The column '{column.name}' has no '{value}'. {did_you_mean(value, known)}"
        )


def _condition(column: ColumnSpec, value: str) -> tuple[str, str, str, object]:
    """The column, the operator, what follows it in YAML, and a cell that meets the condition."""
    operator = _OPERATORS[column.type]
    cell: object = _YES_NO[value] if operator == "is" else value
    text = scalar_text(cell)
    return column.name, operator, f"[{text}]" if operator == "includes" else text, cell


def _each(duty: NewDuty, rulebook: Rulebook) -> dict[str, str]:
    """Those for each of whom the duty is required: their register, the days from and to which it
    applies to them, and the column of the evidence that names them. Nothing if it is once."""
    if not duty.for_each:
        return {}
    column = lists_named(rulebook.registers[duty.register], duty.pattern, rulebook)[duty.for_each]
    spec = rulebook.registers[duty.for_each]
    joins, leaves = spec.begins or _dated(spec) or "", (spec.begins and spec.ends) or ""
    return {"register": spec.id, "column": column, "joins": joins, "leaves": leaves}


def _dated(spec: RegisterSpec) -> str | None:
    """The column with the day of a row."""
    days = (c.name for c in spec.written.columns if c.type == "day" and c.name != spec.recorded_on)
    return spec.dated_by or next(days, None)


def _filled(column: ColumnSpec) -> tuple[str, object]:
    """The column, and a cell that fills it."""
    return column.name, next(iter(column.codes)) if column.codes else _CELLS.get(column.type, "x")


def _event(spec: RegisterSpec, rulebook: Rulebook) -> dict[str, str]:
    """The rows that are the events: the register's own if a second day says when it was done, and
    otherwise those of another register that a column names."""
    dated = _dated(spec)
    for column in spec.written.columns:
        done = column.type == "day" and column.blank == BLANK_NOTHING and not column.planned
        if dated and done and column.name not in (dated, spec.recorded_on, spec.ends):
            return _event_facts(spec, dated, column.name, "")
    for column in spec.written.columns:
        other = rulebook.registers.get(column.refers_to or "")
        happened = _dated(other) if other and not other.control else None
        if dated and other and happened:
            return _event_facts(other, happened, dated, column.name)
    return {}


def _event_facts(spec: RegisterSpec, dated: str, done: str, key: str) -> dict[str, str]:
    return {
        "event_register": spec.id,
        "event_dated": dated,
        "event_done": done,
        "event_key": key,
        "cancelled": spec.cancelled or "",
    }


# Text -------------------------------------------------------------------------------------------


def _rendered(duty: NewDuty, ending: str, facts: Mapping[str, object]) -> bytes:
    """The template of the duty's pattern filled in."""
    first = duty.first

    def later(span: str, since: datetime.date = first) -> datetime.date | None:
        return as_date(add_span(since.toordinal(), read_span(span)))

    def day(number: int, since: datetime.date = first) -> datetime.date:
        return since + datetime.timedelta(number)

    templates = Environment(
        loader=FileSystemLoader(STARTERS / "duty"),
        autoescape=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    templates.filters.update(yaml=scalar_text)
    templates.globals.update(later=later, day=day, row=_row)
    try:
        text = templates.get_template(duty.pattern.replace(" ", "_") + ending).render(facts)
    except UndefinedError as error:
        part = str(error.message).split("'")[1]
        raise Stop(
            f"Nothing was written. A duty of the pattern '{duty.pattern}' needs {_NEEDED[part]}, "
            f"and the register '{duty.register}' has none. Give another register."
        ) from None
    return text.encode()


def _row(*cells: object) -> str:
    """A row of a case: each column is followed by its cell. A column without a name is left out."""
    pairs = zip(cells[::2], cells[1::2], strict=True)
    texts = (f"{scalar_text(name)}: {scalar_text(cell)}" for name, cell in pairs if name)
    return f"{{{', '.join(texts)}}}"


# The cases of a content duty --------------------------------------------------------------------


def _content_cases(
    duty: NewDuty, facts: Mapping[str, object], book: Rulebook
) -> Iterator[dict[str, object]]:
    """Evidence that meets the duty, and the same without the cell that it adds. What the other duty
    requires decides the evidence, and also the result without the cell, so that is tried."""
    (example,) = examples(book, duty.id)
    (added,) = book.duties[duty.id].versions[0].pattern.adds
    rows, without = {}, {}
    for table in example.tables:
        left_out = added.column if table.register == duty.register else ""
        cells = [list(zip(table.columns, row, strict=True)) for row in table.rows]
        rows[table.register] = [[text for cell in row for text in cell] for row in cells]
        without[table.register] = [
            [text for cell in row if cell[0] != left_out for text in cell] for row in cells
        ]
    for name, evidence, results in (
        ("With what it adds it is met", rows, ("met",)),
        ("Without what it adds it is not met", without, _UNMET),
    ):
        for status in results:
            case = {"name": name, "as_of": example.as_of, "rows": evidence, "status": status}
            if _passes(_rendered(duty, f"{CASES}.jinja", {**facts, "examples": [case]}), book):
                yield case
                break


def _passes(text: bytes, book: Rulebook) -> bool:
    cases = [case for case in read_cases("", text, book) if isinstance(case, PlacedCase)]
    return bool(cases) and all(result.passed for result in run_cases(cases, book, None))
