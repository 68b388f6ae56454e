"""Questions to a person on the terminal."""

from __future__ import annotations

from cli.exits import Stop
from cli.say import say
from evidence.cells.text import normal_heading

_YES = frozenset(("y", "yes"))
_NO = frozenset(("", "n", "no"))


_NO_ANSWER = (
    "Stopped: there was no answer, and office.yaml was not written. With --yes, nothing is asked."
)


def ask(question: str, no_answer: str = _NO_ANSWER) -> str:
    """The answer to a question, in one line; '' for none. Raises Stop with ``no_answer`` at the end
    of the input."""
    say(question)
    try:
        return input("> ").strip()
    except EOFError:
        raise Stop(no_answer) from None


def ask_yes(question: str) -> bool:
    """Whether the answer is yes; asks until it is yes or no. No answer is no."""
    while True:
        answer = normal_heading(ask(f"{question} (yes or no)"))
        if answer in _YES | _NO:
            return answer in _YES
        say("Enter yes or no.")
