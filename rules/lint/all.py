"""Everything that is wrong with a rulebook whose files have the right form."""

from __future__ import annotations

from rules.draft import Draft
from rules.lint.book import lint_book, lint_duty_names
from rules.lint.duty import lint_duty
from rules.lint.registers import lint_registers
from rules.lint.sop import lint_pins, lint_sop
from rules.problem import Problems


def lint(draft: Draft) -> Problems:
    """The problems of what could be read; what was refused before is not judged again.

    A register that no rule reads is no problem (semantics.md, What must always hold, 4).
    """
    if draft.book is not None:
        yield from lint_book(*draft.book)
        yield from lint_sop(*draft.book)
    if draft.pins is not None:
        yield from lint_pins(*draft.pins, draft)
    if draft.registers is not None:
        yield from lint_registers(*draft.registers)
    yield from lint_duty_names(draft)
    for file in draft.duties:
        yield from lint_duty(file, draft)
