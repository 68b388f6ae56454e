"""Which columns of the registers each rule reads, and which no rule does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from evidence.register import RegisterSpec
from rules.condition import Ask, Condition, RowsOf
from rules.model import Rulebook, Version
from rules.pattern import BeforeEvent, Completeness, Events, EvidenceQuery, Standing, Triggered
from rules.resolve import resolve
from rules.subject import FixedList, Population

#: A register and one of its columns.
Column = tuple[str, str]

# The fields of a rule's parts that name columns of the register which the part is about.
_NAMED: Mapping[type[RowsOf], tuple[str, ...]] = {}


def columns_read(rulebook: Rulebook) -> Mapping[Column, tuple[str, ...]]:
    """The duties that read each column, in the rulebook's order; of every version of each duty,
    content duties with what they cut. A column that the program fills itself is read with
    those that it is filled from."""
    readers: dict[Column, list[str]] = {}
    for duty in rulebook.duties:
        versions = [each.version for each in resolve(rulebook, duty).versions]
        for column in dict.fromkeys(_with_sources(_of_all(versions), rulebook.registers)):
            readers.setdefault(column, []).append(duty)
    return {column: tuple(duties) for column, duties in readers.items()}
