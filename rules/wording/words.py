"""The parts of sentences about rules: conditions, rows and evidence."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evidence.cells.text import listed
from evidence.register import Registers
from rules.condition import Ask, Condition, Listing, RowsOf

if TYPE_CHECKING:
    from rules.model import Version
    from rules.patterns.base import EvidenceQuery


#: How the name of a column ends that says whether another one names the latest of its kind.
LATEST = ": latest"


def section_words(number: str) -> str:
    """What a person calls a section of the SOP: its number, or the front page, which comes before
    the first one."""
    return "Front page" if number == "Header" else number


def titled(number: str, title: str) -> str:
    """A title after its section: ``4.6 Refresher training``, ``Front page: The SOP``."""
    section = section_words(number)
    return f"{section} {title}" if section == number else f"{section}: {title}"


def quoted(name: str) -> str:
    """A column's name in quotes, so that 'from' or 'to' differs from the words around it."""
    return f"'{name}'"


def day_of(column: str) -> str:
    """The day of the row that the sentence is about: ``the date in its 'held on'``."""
    return f"the date in its {quoted(column)}"


def quoted_list(names: Sequence[str], last: str = "and") -> str:
    """``'ended on' and 'review by'``."""
    return listed([quoted(name) for name in names], last)


def predicate_text(condition: Condition) -> str:
    """What a condition requires of its cell, without the column: ``is refresher or awareness``."""
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
    if operator == "on or before":
        cap = f" and at most {condition.within} before it" if condition.within else ""
        return f"is on or before {quoted(condition.on_or_before or '')}{cap}"
    return f"names a row{where_clause(condition.where)}" if condition.where else "is filled in"


def condition_text(ask: Ask) -> str:
    """One condition with its column, or several alternatives."""
    if isinstance(ask, Condition):
        key, latest, _ = ask.column.rpartition(LATEST)
        if latest and ask.operator == "is":  # no sheet has such a column
            return (
                f"{quoted(key)} names the latest one"
                if ask.is_
                else f"{quoted(key)} names an older one"
            )
        return f"{quoted(ask.column)} {predicate_text(ask)}"
    choices = listed([condition_text(choice) for choice in ask.any_of], "or")
    return f"either {choices}" if len(ask.any_of) > 1 else choices


def failure_text(ask: Ask) -> str:
    """Words for a condition that is not met, or for several alternatives: ``'to' is not Board``,
    ``neither 'to' is Board nor 'from' is school``."""
    if not isinstance(ask, Condition):
        if len(ask.any_of) == 1:
            return failure_text(ask.any_of[0])
        return f"neither {listed([condition_text(choice) for choice in ask.any_of], 'nor')}"
    column = quoted(ask.column)
    if ask.operator == "none of":
        return f"{column} is {listed(ask.none_of or (), 'or')}"
    if ask.operator == "at least":
        return f"{column} is less than {ask.at_least}"
    choices = ask.one_of or ()
    if any(choice.startswith("not ") for choice in choices):
        return f"{column} should be {quoted_list(choices, 'or')}"
    verb, _, rest = predicate_text(ask).partition(" ")
    verbs = {"is": "is not", "includes": "does not include", "names": "does not name"}
    return f"{column} {verbs[verb]} {rest}"


def condition_columns(asks: Iterable[Ask]) -> Iterator[tuple[str, str]]:
    """Each column on which there is a condition, with the requirement in words."""
    for ask in asks:
        unless = "" if isinstance(ask, Condition) else ", unless another choice applies"
        yield from (
            (alternative.column, f"{predicate_text(alternative)}{unless}")
            for alternative in ask.alternatives
        )


def _in_line(phrases: Sequence[str]) -> str:
    """Phrases in one line, separated by semicolons, unless they are two plain ones."""
    if len(phrases) == 2 and not any(" and " in phrase for phrase in phrases):
        short = not any(mark in phrase for phrase in phrases for mark in (",", " or "))
        return (" and " if short else ", and ").join(phrases)
    return phrases[0] if len(phrases) == 1 else "; ".join([*phrases[:-1], f"and {phrases[-1]}"])


def conditions_text(asks: Iterable[Ask]) -> str:
    """All conditions on a row in one line: ``'from' is school and 'to' is Board``."""
    return _in_line([condition_text(ask) for ask in asks])


def where_clause(asks: Sequence[Ask]) -> str:
    """The conditions as the end of a phrase about rows; '' for none."""
    if not asks:
        return ""
    return f" {'whose' if isinstance(asks[0], Condition) else 'where'} {conditions_text(asks)}"


def rows_text(rows: RowsOf, registers: Registers) -> str:
    """``row in Meetings whose 'body' is Board``."""
    return f"row in {registers[rows.register].title}{where_clause(rows.asks)}"


@dataclass(frozen=True, slots=True)
class Wording:
    """What a sentence about a version needs: the version, its first day, the day on which its duty
    came into force, the registers it names, and 'must' or 'should'."""

    version: Version
    begins: datetime.date
    in_force_from: datetime.date
    registers: Registers
    must: str

    @property
    def query(self) -> EvidenceQuery:
        """The version's evidence. Raises ValueError for a pattern that has none."""
        return self.version.query

    @property
    def title(self) -> str:
        """The title of the register of the version's evidence."""
        return self.registers[self.query.register].title

    @property
    def scope(self) -> str:
        """The subjects, events or records that the duty covers, or the events of each subject."""
        version, phrases = self.version, []
        if version.population is not None:
            phrases.append(f"each {rows_text(version.population, self.registers)}")
        if version.members:
            phrases.append(f"each of {listed([member.id for member in version.members])}")
        if version.events is not None:
            phrases.append(f"each {rows_text(version.events, self.registers)}")
        return f"for {', '.join(phrases)}" if len(phrases) > 1 else "".join(phrases)


def shows(days: tuple[str, ...], asks: tuple[Ask, ...]) -> str:
    """What the row of the event, or the record itself, must show: the end of 'must show …'."""
    phrases = [f"{quoted(name)} contains a date" for name in days]
    phrases += [condition_text(ask) for ask in asks]
    return f"that {_in_line(phrases)}" if phrases else "that it was done"


def own_day(wording: Wording) -> tuple[str, ...]:
    """The column of the event's own row, other than the event's date, that must contain a date."""
    name, events = wording.query.dated, wording.version.events
    return () if name is None or (events is not None and name == events.dated) else (name,)


def many(wording: Wording) -> str:
    """How many rows are needed: ``at least 2 rows in Meetings``."""
    query, title = wording.query, wording.title
    if query.needed_from is not None:
        return f"as many rows in {title} as its {quoted(query.needed_from)} says"
    return f"a row in {title}" if query.needed == 1 else f"at least {query.needed} rows in {title}"


def row_links(wording: Wording) -> str:
    """How a row names what it is about, and its conditions, as the end of a phrase about rows."""
    query, version = wording.query, wording.version
    both = query.event is not None and query.subject is not None
    names = "names" if query.needed == 1 and query.needed_from is None else "name"
    links = []
    for name, rows in ((query.event, version.events), (query.subject, version.population)):
        if name is not None and rows is not None:
            about = f"the row in {wording.registers[rows.register].title}" if both else "it"
            links.append(f"{names} {about} in {quoted(name)}")
    if query.named_by_subject is not None:
        links.append(f"it names in its {quoted(query.named_by_subject)}")
    if version.named_in is not None:
        pronoun = "it" if query.event is None else "which of them"
        links.append(f"{names} {pronoun} in {quoted(version.named_in)}")
    that, where = f" that {listed(links)}" if links else "", where_clause(query.asks)
    comma = "," if where.startswith(" where") else " and"
    return f"{that}{comma}{where}" if that and where else that + where


def empty_is_fair(title: str) -> str:
    """How the sentence begins by which an empty list is a fair answer."""
    return f"If {title} has no such row, nothing is required"


def empty_is_unknown(title: str) -> str:
    """How the sentence begins by which an empty list is none."""
    return f"If {title} has no such row, there is not enough information"


def empty_text(listing: Listing, registers: Registers) -> Iterator[str]:
    """What an empty list means, in one sentence."""
    title = registers[listing.register].title
    nil = listing.nil_return
    nil_row = f"a nil return for '{nil.list}', given for each {nil.each}" if nil else ""
    if listing.empty == "fair":
        confirmed = f"; {nil_row}, may confirm it" if nil else ""
        yield f"{empty_is_fair(title)}{confirmed}."
    elif nil is not None:
        yield f"{empty_is_unknown(title)}, unless {nil_row}, says that there was none."
    else:
        yield f"{empty_is_unknown(title)}."
