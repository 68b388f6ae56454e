"""The words for what a person enters in each cell of a fix.

A fix is tried with values that would count. A person is shown a value only if the rule or the
obligation fixes it. Otherwise the words describe what to enter, because only the person knows which
meeting minuted it, who was trained or what was decided.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Sequence

from engine.proof.phrases import NEW
from evidence.cells.text import listed
from evidence.register import ColumnSpec, RegisterSpec
from evidence.table import Typed
from rules.condition import Condition

_REFERENCE = re.compile(
    r"\bthe ref of ([^,;]+?)(?: in the [\w ]{1,60} sheet)?(?:[,;]|$)", re.IGNORECASE
)
#: How a note on a column begins that describes what to enter; others list options.
_PHRASE = re.compile(
    r"((?:the|their|its|what|which|who|when|how|whose) [^,;(]+"
    r"(?:, or [^,;(]+, (?!such as )[^,;(]+)?)",  # 'the Group, or the parties, agreed it'
    re.IGNORECASE,
)
#: What to enter for the day of what is still to be done.
DAY_DONE = "the day it was done"
#: What to do about a row that a new one names.
LIST_FIRST = "First add the row that it names."
#: What to do where no proposed fix meets the obligation.
NOT_VERIFIED = (
    "No fix could be verified: nothing that was tried on a copy of the evidence would meet it."
)
#: At most this many options are listed.
_MOST = 8


def cell_words(
    register: RegisterSpec, name: str, value: Typed, conditions: Sequence[Condition], sheets: str
) -> str:
    """What to enter in a cell of the column, where ``conditions`` are those on the row; '' where
    the rule fixes the value. ``sheets``: those of the rows that a key may name."""
    spec = register.column(name)
    conditions = [condition for condition in conditions if condition.column == name]
    if any(map(_fixes, conditions)):
        return ""
    if spec.names_rows:
        of_latest = any(column.latest and column.latest.key == name for column in register.columns)
        latest = f" (the latest is {value})" if of_latest and not is_new(value) else ""
        return f"{_reference(spec, conditions, sheets)}{latest}"
    if spec.type == "yes/no":
        return "yes or no"
    if spec.type == "number":
        return f"at least {value}"
    if spec.type == "period":
        return f"the {' or '.join(spec.periods) or 'period'}, such as {value}"
    words = _phrase(spec.note)
    words = "" if words == f"the {name}" else words
    options = [code for condition in conditions for code in condition.one_of or ()]
    options = options or list(spec.codes)
    if not options:
        return words or ("a link" if spec.type == "link" else "in your own words")
    return ", ".join(filter(None, (words, _one_of(options, several=spec.type == "codes"))))


def day_to_enter(
    spec: ColumnSpec, value: datetime.date, day: datetime.date, *, own_words: bool
) -> str:
    """The words for a day to enter. It is tried as the day of the check, which nobody is to copy.
    ``own_words``: it is not the day on which something was done, so the column says which it is."""
    if value < day:
        return f"{value:%d/%m/%Y}"
    if value > day:
        return f"a later date, such as {value:%d/%m/%Y}"
    return _phrase(spec.note) or "the day it began" if own_words else DAY_DONE


def _fixes(condition: Condition) -> bool:
    """Whether only one value meets the condition."""
    single = len(condition.one_of or ()) == 1
    return bool(condition.equals or condition.includes or single) or condition.is_ is not None


def _reference(spec: ColumnSpec, conditions: Sequence[Condition], sheets: str) -> str:
    """``the reference of the Board meeting that minuted it``."""
    match = _REFERENCE.search(spec.note)
    if match is None:
        return f"a reference from {sheets}"
    article, noun, *rest = match[1].split()
    kinds = {ask.equals for condition in conditions for ask in condition.where if ask.equals}
    kind = next(iter(kinds), "") if len(kinds) == 1 else ""
    if article == "the" and kind and kind not in match[1]:
        noun = kind if kind.endswith(noun) else f"{kind} {noun}"
    return f"the reference of {' '.join((article, noun, *rest))}"


def _phrase(note: str) -> str:
    """The part of a column's note that describes what to enter; '' where none does."""
    match = _PHRASE.match(note)
    return (match[1][0].lower() + match[1][1:]).strip() if match else ""


def _one_of(options: Collection[str], *, several: bool) -> str:
    if len(options) > _MOST:
        return "from the list"
    if several:
        return f"one or more of {listed(list(options))}"
    return f"{'either' if len(options) == 2 else 'one of'} {listed(list(options), 'or')}"


def is_new(value: Typed) -> bool:
    """Whether a key is that of a proposed row."""
    return str(value).startswith(NEW)
