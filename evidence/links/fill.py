"""The last of reading: names told apart, then the columns filled that the program fills itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from evidence.links.ambiguous_keys import told_apart
from evidence.links.latest import completed
from evidence.register import RegisterSpec
from evidence.table import Evidence


def finished(evidence: Evidence, registers: Mapping[str, RegisterSpec]) -> Evidence:
    """The evidence as both evaluators take it, from the rows that count: a cell that could name
    either of two rows cannot be read, and what the program fills follows from what is left. Raises
    nothing."""
    tables, problems = told_apart(evidence.tables)
    return replace(
        evidence, tables=completed(tables, registers), problems=(*evidence.problems, *problems)
    )
