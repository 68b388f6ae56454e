"""The words in a column of a table, and how many of them are understood."""

from __future__ import annotations

from collections.abc import Mapping

from evidence.cells.text import quoted, raw_text
from evidence.mapping.model import BLANK
from evidence.mapping.propose.kinds import kind_of
from evidence.mapping.propose.meanings import Meaning, Meanings
from evidence.mapping.propose.proposals import Certainty, Question, WordProposal
from evidence.mapping.propose.values import SheetColumn
from evidence.register import ColumnSpec, RegisterSpec

#: The types of columns in which a word has a meaning.
WORDED = ("code", "codes", "yes/no", "period")


def understood(column: SheetColumn, spec: ColumnSpec, key: Mapping[str, str]) -> float:
    """The share of the filled cells of a column whose words have a certain or likely meaning; of
    dates, with those that say that there is none. Most must be read without it."""
    if spec.type not in (*WORDED, "day") or not column.sample:
        return 0.0
    meanings = Meanings(spec, key)
    understood = 0
    for cell in column.values:
        if spec.type == "day" and kind_of(cell) == "day":
            understood += 1
            continue
        found = [meanings.of(part) for part in meanings.parts(raw_text(cell).strip())]
        understood += all(m is not None and m.certainty != Certainty.POSSIBLE for m in found)
    return understood / len(column.sample)


def word_proposal(
    column: SheetColumn, spec: ColumnSpec, word: str, text: str, meaning: Meaning
) -> WordProposal:
    """The proposal that a word, which is in the cell with this text, has a meaning."""
    examples = () if spec.sensitive else column.examples(text)
    return WordProposal(
        spec.name, word, meaning.meaning, meaning.certainty, meaning.reason, examples
    )


def word_question(register: RegisterSpec, spec: ColumnSpec, word: str, heading: str) -> Question:
    """What the word under a heading means."""
    options = tuple(spec.codes) or (("yes", "no") if spec.type == "yes/no" else ())
    text = f"What does {quoted(word)} under {quoted(heading)} mean for '{spec.usual_heading}'?"
    return Question("word", text, register.id, spec.name, word, heading, (*options, BLANK))
