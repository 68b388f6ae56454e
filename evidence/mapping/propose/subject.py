"""Whether anything in a table tells its subject. A list of any kind has references, dates, owners
and outcomes, and those of another strategy or of leave are headed as the registers are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from evidence.cells.text import raw_text
from evidence.mapping.propose.meanings import spelled_in
from evidence.mapping.propose.proposals import Certainty, RegisterProposal
from evidence.mapping.propose.values import SheetColumn
from evidence.register import ColumnSpec, RegisterSpec

#: So many signs are enough.
_ENOUGH = 2
#: Titles of what has not happened, is no record or only has its costs: 'Draft documents not
#: approved', 'Prevent training booked for 2027', 'Prevent budget'.
_TURNED = re.compile(
    r"\b(?:not [a-z]+ed|planned|proposed|provisional|forecast|booked|waiting|awaiting|to do"
    r"|rejected|example|template|sample|model|for information|budgets?|charges|expenses|invoices"
    r"|bids?)\b"
)
_LONGEST_TITLE = 8  # words; a longer one is a note


def tells_subject(
    register: RegisterSpec,
    proposal: RegisterProposal,
    columns: Sequence[SheetColumn],
    titles: Sequence[str],
    file: str,
    weights: Mapping[str, float],
    *,
    said: bool,
) -> bool:
    """Whether a table is about what a register is about. A title or a heading with the topic is
    enough. So are two of these: a cell with the topic, the name of the file with it, a title that
    says the register where the file has the topic (``said``), and a code that only this register
    has. No title may say that the records are none. ``weights`` are 1 of a column whose codes no
    other register has."""
    if any(
        _TURNED.search(text.casefold()) and len(text.split()) <= _LONGEST_TITLE for text in titles
    ):
        return False
    if any(map(register.is_topic_of, (*titles, *(column.heading for column in columns)))):
        return True
    cells = sum(register.is_topic_of(raw_text(c)) for column in columns for c in column.values)
    own = [spec for spec in register.columns if weights[spec.name] == 1]
    codes = {code for spec in own for code in _codes(spec, proposal)}
    what = [spec for spec in own if spec.type == "code" and spec.required]
    named = [code for text in titles for spec in what[:1] for code in spelled_in(text, spec)]
    signs = float(cells + register.is_topic_of(file) * (1 + said) + _bodies(register, proposal))
    signs += sum(_tells(register, code) for code in codes)
    signs += sum(2 * _tells(register, code) for code in set(named))
    return signs >= _ENOUGH or _lists_the_office(register, proposal, said=said)


def _bodies(register: RegisterSpec, proposal: RegisterProposal) -> int:
    """How many certain columns are headed by initials that the register's own heading has: 'HOPA
    told'."""
    words = (
        {*register.column(column.column).usual_heading.split()} & {*str(column.source).split()}
        for column in proposal.columns
        if column.certainty == Certainty.CERTAIN
    )
    return sum(any(word.isupper() and len(word) > 3 for word in shared) for shared in words)


def _codes(spec: ColumnSpec, proposal: RegisterProposal) -> Iterator[str]:
    """The codes in a column that are certain, if no more of its words are unknown."""
    words = [word for word in proposal.words if word.column == spec.name]
    unknown = sum(q.about == "word" and q.column == spec.name for q in proposal.questions)
    sure = [word for word in words if word.certainty == Certainty.CERTAIN]
    if len(sure) >= unknown:
        yield from (word.meaning for word in sure if word.meaning in spec.codes)


def _tells(register: RegisterSpec, code: str) -> float:
    """How much a code tells: one plain word, such as 'report' or 'noted', is in many lists. A list
    of people or places has no topic, and kinds of these tell it."""
    return 1.0 if register.begins or " " in code or not code.islower() else 0.5


def _lists_the_office(register: RegisterSpec, proposal: RegisterProposal, *, said: bool) -> bool:
    """Whether a table is a list of people or places, which has no topic: it has the question that
    such a list answers for each of them, as 'for public hire', or has a title that says what it
    lists, and the first days."""
    if register.begins is None:
        return False
    asked = {s.name for s in register.columns if s.required and s.type == "yes/no"}
    sure = {each.column for each in proposal.columns if each.certainty == Certainty.CERTAIN}
    return bool(asked & sure) or (said and register.begins in sure)
