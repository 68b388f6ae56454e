"""A small form whose answers become a row: what is asked, what was answered, and what is wrong."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from evidence.cells.day_text import Day, read_day
from evidence.cells.silence import says_nothing
from evidence.cells.text import spaced_once
from evidence.filenames import as_text
from reports import words

#: The most letters of an answer.
MOST_LETTERS = 500
#: The field that says that the form was filled in.
SENT = "row"


@dataclass(frozen=True, slots=True)
class FormField:
    """A field, with the answer that is in it. ``options`` are answers and their words; without any,
    the answer is typed. ``fault`` says what is wrong with it."""

    name: str
    label: str
    hint: str
    value: str
    fault: str = ""
    options: tuple[tuple[str, str], ...] = ()
    long: bool = False


@dataclass(slots=True)
class RowForm:
    """The form that an address contains the answers of, so that a reload and the back button lose
    nothing. Each method asks for one field and returns its answer."""

    query: Mapping[str, str]
    fields: list[FormField] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Whether the form was filled in, and nothing is wrong in it."""
        return self._sent and not any(one.fault for one in self.fields)

    def text(
        self,
        name: str,
        label: str,
        hint: str,
        missing: str,
        default: str = "",
        *,
        long: bool = False,
    ) -> str:
        """A text that says something; ``missing`` is what to say of one that does not."""
        value = spaced_once(as_text(self.query.get(name, default)))
        fault = missing if not value or says_nothing(value) else ""
        if len(value) > MOST_LETTERS:
            fault = f"Use at most {MOST_LETTERS} letters."
        self._add(FormField(name, label, hint, value, fault, long=long))
        return value

    def day(
        self, name: str, label: str, hint: str, default: str, first: datetime.date | None = None
    ) -> datetime.date:
        """A day, not before ``first``."""
        value = spaced_once(self.query.get(name, default))
        read = read_day(value)
        fault, answer = "", datetime.date.max
        if not isinstance(read, Day):
            fault = f"{read.message} {read.instruction}" if value else "Enter a day."
        else:
            answer = read.day
            if first and answer < first:
                fault = f"Enter {words.day(first)} or a later day."
        self._add(FormField(name, label, hint, value, fault))
        return answer

    def choice(
        self,
        name: str,
        label: str,
        hint: str,
        options: Sequence[tuple[str, str]],
        default: str = "",
    ) -> str:
        """One of the options."""
        value = self.query.get(name, default)
        fault = "" if value in dict(options) else "Choose one of these."
        self._add(FormField(name, label, hint, value, fault, tuple(options)))
        return value

    @property
    def _sent(self) -> bool:
        return self.query.get(SENT) == "made"

    def refuse(self, name: str, fault: str) -> None:
        """Says what is wrong with the answer in a field, if the form was filled in."""
        if self._sent:
            self.fields = [
                replace(one, fault=fault) if one.name == name else one for one in self.fields
            ]

    def _add(self, one: FormField) -> None:
        self.fields.append(one if self._sent else replace(one, fault=""))
