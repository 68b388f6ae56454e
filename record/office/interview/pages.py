"""The pages of questions of an interview, and how one is asked until every answer can be read.

An interview is a generator: it gives a page, and is sent an answer to each of its questions. Pages
and answers are plain values, so a terminal and a form can ask the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, Literal, TypeAlias, TypeVar

from evidence.cells.text import listed, normal_key, quoted
from evidence.mapping.model import SheetMapping
from evidence.mapping.propose.proposals import Certainty, ExampleCell

YES, NO = "yes", "no"
#: The sheet is no evidence; it will not be asked about again.
NO_EVIDENCE = "no evidence"
#: Nothing is confirmed now.
LATER = "later"
#: The word is read as it is, which may be a problem in a report.
AS_IT_IS = "as it is"

QuestionKind: TypeAlias = Literal[
    "lists", "column", "missing", "wide", "names", "word", "rows", "struck"
]

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """A proposal beside what it is about: a heading or a word of the office, and the column or the
    word of the program."""

    own: str
    proposed: str
    certainty: Certainty
    reason: str
    examples: tuple[ExampleCell, ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """An answer that can be given as it is. ``label`` says in a form what it means here; '' if the
    answer does."""

    answer: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class MapQuestion:
    """One question. ``text`` is the whole of it, in plain words; ``label`` is a few words for it in
    a form, and ``note`` what the column is for. ``lines`` are the proposals that it is about.

    ``choices`` are further answers that can be given as they are, ``other`` says what else may be
    typed, '' if nothing. ``default`` is the answer that a form has selected, '' where a person must
    choose. ``together`` is a yes/no question that confirms at once the defaults of all questions of
    the page with the same ``together``; if ``together_answer`` is not '', it confirms that instead.
    ``about`` is the column that a word is found in; ``several``: it may mean several of the
    choices, with semicolons between them. Where the page is asked again, ``answer`` is the answer
    before, and ``fault`` what was wrong with it. ``use`` says how many duties read the column or
    the list.
    """

    kind: QuestionKind
    text: str
    label: str
    options: tuple[Option, ...]
    choices: tuple[str, ...] = ()
    other: str = ""
    note: str = ""
    lines: tuple[ProposalLine, ...] = ()
    default: str = ""
    together: str = ""
    together_answer: str = ""
    about: str = ""
    several: bool = False
    answer: str = ""
    fault: str = ""
    use: str = ""


@dataclass(frozen=True, slots=True)
class MapPage:
    """Questions that are answered together."""

    title: str
    questions: tuple[MapQuestion, ...]

    @property
    def has_faults(self) -> bool:
        """Whether it is asked again, because of a fault in an answer."""
        return any(question.fault for question in self.questions)


#: Gives pages, is sent an answer for each question of the page, and returns the mapping of the
#: sheet: None to ask later.
Interview: TypeAlias = Generator[MapPage, Sequence[str], tuple[SheetMapping, ...] | None]


@dataclass(frozen=True, slots=True)
class AnswerFault:
    """Why an answer cannot be taken."""

    words: str


@dataclass(frozen=True, slots=True)
class ReadableQuestion(Generic[Value]):
    """A question, and what reads its answer."""

    question: MapQuestion
    read: Callable[[str], Value | AnswerFault]


def duties_read(count: int) -> str:
    """How many duties read something, in words; '' of none."""
    return f"{count} {'duty reads' if count == 1 else 'duties read'} it" if count else ""


_CHANGED = "The questions of this page have changed. Answer the question again."


def ask_page(
    title: str,
    asked: Sequence[ReadableQuestion[Value]],
    check: Callable[[Sequence[Value]], Mapping[int, str]] | None = None,
) -> Generator[MapPage, Sequence[str], list[Value]]:
    """Asks a page until each answer can be read, and returns what they mean. ``check`` gives the
    faults of answers that do not fit each other, by their numbers. A page without a question is
    not asked."""
    questions = tuple(each.question for each in asked)
    while questions:
        answers = [answer.strip() for answer in (yield MapPage(title, questions))]
        if len(answers) != len(asked):
            answers = [""] * len(asked)
            read: list[Value | AnswerFault] = [AnswerFault(_CHANGED)] * len(asked)
        else:
            read = [each.read(answer) for each, answer in zip(asked, answers, strict=True)]
        values = [value for value in read if not isinstance(value, AnswerFault)]
        faults = {n: item.words for n, item in enumerate(read) if isinstance(item, AnswerFault)}
        if not faults and check is not None:
            faults.update(check(values))
        if not faults:
            return values
        questions = tuple(
            replace(question, answer=answer, fault=faults.get(number, ""))
            for number, (question, answer) in enumerate(zip(questions, answers, strict=True))
        )
    return []


def one_of(options: Sequence[Option]) -> Callable[[str], str | AnswerFault]:
    """Reads an answer that is one of the options, in any capitals; its first letter is enough."""

    def read(answer: str) -> str | AnswerFault:
        key = normal_key(answer)
        for option in options:
            if key and key in (normal_key(option.answer), option.answer[0]):
                return option.answer
        return AnswerFault(f"Answer {listed([quoted(o.answer) for o in options], 'or')}.")

    return read


def joined_by(
    asked: Sequence[ReadableQuestion[Value]], groups: Mapping[int, str]
) -> list[ReadableQuestion[Value]]:
    """The questions with the sentence in ``groups`` by which several can be confirmed at once. One
    alone is asked itself."""
    sizes = Counter(groups.values())
    return [
        replace(each, question=replace(each.question, together=groups[number]))
        if sizes[groups.get(number, "")] > 1
        else each
        for number, each in enumerate(asked)
    ]
