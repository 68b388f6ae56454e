"""The rulebook as one HTML page for people, in the style of the report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import NamedTuple

from reports import words
from reports.html.page import environment, page_bytes, policy, style
from reports.rulebook.example import Example, ExampleTable, examples
from rules.model import Reading, Rulebook
from rules.resolve import resolve
from rules.wording.duty import VersionText, ending_text, version_texts

_NOBODY: Mapping[str, str] = MappingProxyType({})
_KEY = "a short name of its own for the row"
_NEEDED = "this duty does not read it, but it may not be blank"


class Line(NamedTuple):
    """One column of a register in the page: what it must contain, and the cells of the example."""

    column: str
    words: str
    cells: tuple[str, ...]


class SheetShown(NamedTuple):
    """One register that a duty reads: its role, its columns, and the number of example rows."""

    title: str
    role: str
    lines: tuple[Line, ...]
    rows: int


class VersionShown(NamedTuple):
    """One version of a duty: its words, its sheets with an example, and its readings of vague
    phrases."""

    told: VersionText
    sheets: tuple[SheetShown, ...]
    example: Example
    readings: Iterable[Reading]


def rules_html(rulebook: Rulebook, owners: Mapping[str, str] = _NOBODY) -> bytes:
    """The page as UTF-8; ``owners`` are the owners of duties, by the duties' ids. It needs no
    network, runs no script and prints on A4."""
    book = rulebook.book
    of_section = {
        section: [id_ for id_ in rulebook.duties if rulebook.sections[id_] == section.number]
        for section in book.sections
    }
    lists = {bearer.name: bearer.list for bearer in book.bearers}
    office = sum(lists[duty.bearer] == "office" for duty in rulebook.duties.values())
    others = len(rulebook.duties) - office
    called = book.body.called
    watched = f", and {words.duties(others)} of others that it watches" if others else ""
    css = style(book.marking, f"{book.id} {book.version}", "report.css", "rules.css")
    template = environment(versions=partial(_versions, rulebook)).get_template("rules.html.jinja")
    text = template.render(
        book=book,
        rulebook=rulebook,
        lead=f"{words.duties(office)} that the {called} answers for{watched}.",
        sections={section: duties for section, duties in of_section.items() if duties},
        lists=lists,
        owners=owners,
        ending_text=ending_text,
        css=css,
        policy=policy(css),
    )
    return page_bytes(text)


def _versions(rulebook: Rulebook, duty_id: str) -> list[VersionShown]:
    versions = zip(
        version_texts(rulebook, duty_id),
        resolve(rulebook, duty_id).versions,
        examples(rulebook, duty_id),
        strict=True,
    )
    return [
        VersionShown(told, tuple(_sheets(rulebook, told, example)), example, dated.rule.readings)
        for told, dated, example in versions
    ]


def _sheets(rulebook: Rulebook, told: VersionText, example: Example) -> Iterator[SheetShown]:
    """Each register with its example, its columns in their own order; last the registers that only
    the example needs."""
    tables = {(table.role, table.register): table for table in example.tables}
    for register in told.registers:
        table = tables.pop((register.role, register.register))
        spec = rulebook.registers[register.register]
        texts = {column.name: column.words for column in register.columns}
        if spec.key is not None:
            texts.setdefault(spec.key, _KEY)
        columns = {
            column.name: texts.get(column.name, _NEEDED)
            for column in spec.columns
            if column.name in texts or column.name in table.columns
        }
        yield _sheet(register.title, table, columns)
    for table in tables.values():
        yield _sheet(table.title, table, dict.fromkeys(table.columns, ""))


def _sheet(title: str, table: ExampleTable, columns: Mapping[str, str]) -> SheetShown:
    cells = dict(zip(table.columns, zip(*table.rows, strict=True), strict=True))
    blank = ("",) * len(table.rows)
    lines = (Line(name, text, cells.get(name, blank)) for name, text in columns.items())
    return SheetShown(title, table.role, tuple(lines), len(table.rows))
