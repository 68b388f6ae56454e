"""The words that sentences about rules are made of: days, spans, conditions and rows."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence

from evidence.cells.day_words import MONTH_NAMES
from evidence.cells.text import listed
from evidence.register import Registers
from rules.condition import Ask, Condition, RowsOf


def day_told(day: datetime.date) -> str:
    """``1 October 2024``."""
    return f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"


def column_told(name: str) -> str:
    """A column's name in quotes, so that one called 'from' or 'to' can be told from the words
    around it."""
    return f"'{name}'"


def day_of(column: str) -> str:
    """The day of what the sentence speaks of: ``the day in its 'held on'``."""
    return f"the day in its {column_told(column)}"


def columns_told(names: Sequence[str], last: str = "and") -> str:
    """``'ended on' and 'review by'``."""
    return listed([column_told(name) for name in names], last)


def asked_told(condition: Condition) -> str:
    """What a condition asks of its cell, without the column: ``is refresher or awareness``."""
    operator = condition.operator
    if operator == "equals":
        return f"is {condition.equals}"
    if operator == "one of":
        return f"is {listed(condition.one_of or (), 'or')}"
    if operator == "none of":
        return f"is anything but {listed(condition.none_of or (), 'or')}"
    if operator == "includes":
        return f"includes {listed(condition.includes or ())}"
    if operator == "is":
        return "is yes" if condition.is_ else "is no"
    if operator == "at least":
        return f"is at least {condition.at_least}"
    if condition.on_or_before:
        return _day_asked(condition)
    return f"names a row{where_told(condition.where)}" if condition.where else "is filled"


def _day_asked(condition: Condition) -> str:
    other = column_told(condition.on_or_before or "")
    cap = f" and at most {condition.within} before it" if condition.within else ""
    return f"is on or before {other}{cap}"


def ask_told(ask: Ask) -> str:
    """One condition with its column, or several of which one will do."""
    if isinstance(ask, Condition):
        return f"{column_told(ask.column)} {asked_told(ask)}"
    said = listed([ask_told(each) for each in ask.any_of], "or")
    return f"either {said}" if len(ask.any_of) > 1 else said


def _not_asked_told(condition: Condition) -> str:
    """What a cell that does not meet a condition does not do: ``is not refresher or awareness``."""
    if condition.operator == "none of":
        return f"is {listed(condition.none_of or (), 'or')}"
    if condition.operator == "at least":
        return f"is less than {condition.at_least}"
    verb, _, rest = asked_told(condition).partition(" ")
    verbs = {"is": "is not", "includes": "does not include", "names": "does not name"}
    return f"{verbs[verb]} {rest}"


def ask_failed_told(ask: Ask) -> str:
    """That one condition is not met, or none of several of which one will do."""
    if isinstance(ask, Condition):
        return f"{column_told(ask.column)} {_not_asked_told(ask)}"
    if len(ask.any_of) == 1:
        return ask_failed_told(ask.any_of[0])
    return f"neither {listed([ask_told(each) for each in ask.any_of], 'nor')}"


def asked_columns(asks: Iterable[Ask]) -> Iterator[tuple[str, str]]:
    """Each column on which something is asked, with what."""
    for ask in asks:
        if isinstance(ask, Condition):
            yield ask.column, asked_told(ask)
        else:
            for each in ask.any_of:
                yield each.column, f"{asked_told(each)}, unless another choice holds"


def in_line(said: Sequence[str]) -> str:
    """Several things in one line: by semicolons, unless two short ones can stand without."""
    if len(said) == 2 and not any(mark in each for each in said for mark in (",", " or ", " and ")):
        return " and ".join(said)
    return said[0] if len(said) == 1 else "; ".join([*said[:-1], f"and {said[-1]}"])


def asks_told(asks: Iterable[Ask]) -> str:
    """All that a row is asked, in one line: ``'from' is OPCC and 'to' is Steering Group``."""
    return in_line([ask_told(each) for each in asks])


def where_told(asks: Sequence[Ask]) -> str:
    """The conditions as the end of a phrase about rows; '' for none."""
    return f" where {asks_told(asks)}" if asks else ""


def title_of(register: str, registers: Registers) -> str:
    """What a register is called on its sheet."""
    return registers[register].title


def rows_told(rows: RowsOf, registers: Registers) -> str:
    """``row in Meetings where 'body' is SWPB``."""
    return f"row in {title_of(rows.register, registers)}{where_told(rows.asks)}"


def sentence_of(text: str) -> str:
    """The text with a capital at its beginning and a full stop at its end."""
    return f"{text[:1].upper()}{text[1:]}."
