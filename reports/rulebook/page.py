"""The rulebook as one HTML page for people, in the style of the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from reports import words
from reports.html.page import environment, page_bytes, policy, style
from reports.rulebook.example import Example, ExampleTable, examples
from rules.model import Duty, Rulebook
from rules.resolve import resolve
from rules.wording.columns import RegisterTold
from rules.wording.duty import VersionTold, ending_told, versions_told

_NOBODY: Mapping[str, str] = MappingProxyType({})
_KEY = "a short name of its own for the row"
_NEEDED = "this duty does not read it, but it may not be blank"


@dataclass(frozen=True, slots=True)
class Line:
    """One column of a register in the page: what must stand there, and the cells of the example."""

    column: str
    words: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RegisterShown:
    """One register that a duty reads: what for, its columns, and how many rows the example has."""

    title: str
    role: str
    lines: tuple[Line, ...]
    rows: int


@dataclass(frozen=True, slots=True)
class VersionShown:
    """One version of a duty: its words, its sheets with an example, and how vague phrases are
    read in it."""

    told: VersionTold
    sheets: tuple[RegisterShown, ...]
    example: Example
    readings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DutyShown:
    """One duty with all its versions; ``list`` says whether the office answers for it."""

    duty: Duty
    list: str
    owner: str
    file: str
    ending: str
    versions: tuple[VersionShown, ...]


@dataclass(frozen=True, slots=True)
class SectionShown:
    """A section of the rulebook and its duties."""

    number: str
    title: str
    duties: tuple[DutyShown, ...]


def rules_html(rulebook: Rulebook, owners: Mapping[str, str] = _NOBODY) -> bytes:
    """The whole page as UTF-8; ``owners`` are who answers for each duty, by its id, if known. It
    opens by a double click, asks nothing of any network, runs no script and prints on A4."""
    book = rulebook.book
    css = style(book.marking, f"{book.id} {book.version}", "report.css", "rules.css")
    text = (
        environment()
        .get_template("rules.html.jinja")
        .render(
            book=book,
            sha256=rulebook.sha256,
            lead=_lead(rulebook),
            sections=sections_shown(rulebook, owners),
            with_owners=bool(owners),
            css=css,
            policy=policy(css),
        )
    )
    return page_bytes(text)


def sections_shown(
    rulebook: Rulebook, owners: Mapping[str, str] = _NOBODY
) -> tuple[SectionShown, ...]:
    """Every section that has duties, with all that the page says of them."""
    shown = [
        SectionShown(
            section.number,
            section.title,
            tuple(
                _duty(rulebook, duty, owners.get(duty, ""))
                for duty in rulebook.duties
                if rulebook.sections[duty] == section.number
            ),
        )
        for section in rulebook.book.sections
    ]
    return tuple(each for each in shown if each.duties)


def _lead(rulebook: Rulebook) -> str:
    lists = {bearer.name: bearer.list for bearer in rulebook.book.bearers}
    office = sum(lists[duty.bearer] == "office" for duty in rulebook.duties.values())
    others = len(rulebook.duties) - office
    watched = f", and {words.duties(others)} of others that it watches" if others else ""
    return f"{words.duties(office)} that the office answers for{watched}."


def _duty(rulebook: Rulebook, duty_id: str, owner: str) -> DutyShown:
    duty = rulebook.duties[duty_id]
    told = versions_told(rulebook, duty_id)
    held = resolve(rulebook, duty_id).versions
    made = examples(rulebook, duty_id)
    return DutyShown(
        duty=duty,
        list=next(b.list for b in rulebook.book.bearers if b.name == duty.bearer),
        owner=owner,
        file=rulebook.sources[duty_id],
        ending=ending_told(duty),
        versions=tuple(
            VersionShown(
                said,
                _sheets(rulebook, said, example),
                example,
                tuple((each.phrase, each.reading) for each in version.version.readings),
            )
            for said, version, example in zip(told, held, made, strict=True)
        ),
    )


def _sheets(rulebook: Rulebook, told: VersionTold, example: Example) -> tuple[RegisterShown, ...]:
    """Each register with its example beside it; last what only the example needs."""
    tables = {(table.role, table.register): table for table in example.tables}
    sheets = [
        _sheet(rulebook, each, tables.pop((each.role, each.register))) for each in told.registers
    ]
    return (*sheets, *(_aside(table) for table in tables.values()))


def _sheet(rulebook: Rulebook, told: RegisterTold, table: ExampleTable) -> RegisterShown:
    """The columns in the register's own order."""
    spec = rulebook.registers[told.register]
    said = {column.name: column.words for column in told.columns}
    if spec.key is not None:
        said.setdefault(spec.key, _KEY)
    lines = tuple(
        Line(name, said.get(name, _NEEDED), _cells(table, name))
        for name in (column.name for column in spec.columns)
        if name in said or name in table.columns
    )
    return RegisterShown(told.title, told.role, lines, len(table.rows))


def _aside(table: ExampleTable) -> RegisterShown:
    lines = (Line(name, "", _cells(table, name)) for name in table.columns)
    return RegisterShown(table.title, table.role, tuple(lines), len(table.rows))


def _cells(table: ExampleTable, name: str) -> tuple[str, ...]:
    if name not in table.columns:
        return ("",) * len(table.rows)
    place = table.columns.index(name)
    return tuple(row[place] for row in table.rows)
