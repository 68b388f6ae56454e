"""A row for one of the office's control sheets, for a person to copy into it: the program never
writes into the office's evidence."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from cli.browser.site import Site
from cli.office_folder import Office
from evidence.cells.text import normal_key, quoted, sheet_text, spaced_once
from evidence.filenames import by_name
from evidence.files.apart import opened
from evidence.formula_guard import guarded
from evidence.mapping.mapped_sheet import read_mapped_sheet
from evidence.mapping.model import OfficeMapping
from evidence.raw_cells import RawWorkbook, column_letters, column_number
from evidence.register import Registers, RegisterSpec
from evidence.sheets.sheet_contents import SheetPart, read_sheet
from evidence.sheets.sheet_matching import MappedMatch, SheetMatch, match_sheets
from evidence.table import CellState


@dataclass(frozen=True, slots=True)
class RowToCopy:
    """A row under its headings. ``line`` is what to copy, with tabs between the cells, and
    ``where`` says where to put it."""

    headings: tuple[str, ...]
    cells: tuple[str, ...]
    line: str
    where: str


def row_to_copy(
    site: Site, office: Office | None, spec: RegisterSpec, values: Mapping[str, str], today: str
) -> RowToCopy:
    """The row with these values, by column of the register, as the office's own sheet has its
    columns; with the usual headings if it has no such sheet. ``today`` is for the column of the day
    on which a row was recorded, if the sheet has it."""
    own = own_sheet(site, office, spec)
    if own is None:
        return _new_sheet(spec, values)
    places = _places(own)
    if spec.recorded_on in places:
        values = {**values, spec.recorded_on: today}
    if not all(column in places or _is_given(own, column) for column in values):
        where = f"Enter these in a new row of {_name(own)}, each in the column that is for it."
        return _row([spec.column(column).usual_heading for column in values], values, where)
    headings = {places[column]: own.source.headings[column] for column in places}
    cells = {places[column]: value for column, value in values.items() if column in places}
    numbers = [column_number(label) for label in headings]
    labels = [column_letters(number) for number in range(min(numbers), max(numbers) + 1)]
    return _row(
        [headings.get(label, f"(column {label})") for label in labels],
        {label: cells.get(label, "") for label in labels},
        f"Copy it into the first empty row of {_name(own)}, from column {labels[0]} on.",
    )


def changed_row(own: SheetPart, row: int, values: Mapping[str, str], column: str) -> RowToCopy:
    """A row of a sheet (from 0) in which the value of one column is to be changed: the whole row is
    shown, and that value alone is copied."""
    place = f"{_places(own).get(column, '')}{own.rows[row]}"
    now = spaced_once(own.columns[column].raw[row])
    shown = {name: value for name, value in values.items() if name in own.source.headings}
    instead = f", in place of {quoted(now)}" if now else ""
    where = f"Copy this into cell {place} of {_name(own)}{instead}."
    if now == values[column]:
        where = f"Cell {place} of {_name(own)} says this already. Nothing has to change."
    headings = tuple(own.source.headings[name] for name in shown)
    return RowToCopy(headings, tuple(shown.values()), _line([values[column]]), where)


def row_with(own: SheetPart, column: str, value: str) -> int | None:
    """The first row with a value in a column, from 0; None if there is none."""
    texts = map(normal_key, own.columns[column].raw)
    return next((row for row, text in enumerate(texts) if text == normal_key(value)), None)


def _new_sheet(spec: RegisterSpec, values: Mapping[str, str]) -> RowToCopy:
    headings = [spec.column(column).usual_heading for column in values]
    row = _row(
        headings,
        values,
        f"Your files have no '{spec.sheets[0]}' sheet that can be read. Add a sheet of "
        "that name to one of them, and copy both lines into it, from cell A1 on.",
    )
    return replace(row, line=f"{_line(headings)}\n{row.line}")


def _row(headings: Iterable[str], values: Mapping[str, str], where: str) -> RowToCopy:
    cells = tuple(values.values())
    return RowToCopy(tuple(headings), cells, _line(cells), where)


def _places(own: SheetPart) -> dict[str, str]:
    """The letters of each column that the sheet has once for every row."""
    labels = own.source.letters.items()
    return {column: label for column, label in labels if label.isalpha() and label.isupper()}


def _is_given(own: SheetPart, column: str) -> bool:
    """Whether a row needs no cell in a column: a mapping gives the same value to every row, or the
    column may be left out."""
    has_cells = column in own.source.letters
    return not has_cells and CellState.NO_COLUMN not in own.columns[column].state


def _name(own: SheetPart) -> str:
    """What a person calls the sheet."""
    file, sheet = own.source.file, sheet_text(own.source.sheet)
    return f"the file {file}" if file.lower().endswith(".csv") else f"the '{sheet}' sheet of {file}"


def own_sheet(site: Site, office: Office | None, spec: RegisterSpec) -> SheetPart | None:
    """The first sheet of the office's evidence that has the register, as it is read; None if none
    has it."""
    if office is None or not office.file.evidence:
        return None
    written = {id_: one.written for id_, one in site.rulebook(office).registers.items()}
    titled = {
        file.name for file in site.contents(office).evidence if spec.sheets[0] in file.registers
    }
    paths = by_name(office.evidence().files, office.folder)
    with opened({name: path for name, path in paths.items() if name in titled}) as books:
        for book in books:
            if isinstance(book, RawWorkbook):
                parts = _parts_of(book, written, office.mapping(written), spec.id)
                if part := next(parts, None):
                    return part
    return None


def _parts_of(
    book: RawWorkbook, registers: Registers, mapping: OfficeMapping, id_: str
) -> Iterator[SheetPart]:
    for match in match_sheets(book, registers, mapping):
        if isinstance(match, SheetMatch) and match.where.register.id == id_ and not match.problem:
            contents = [read_sheet(match.where, match.sheet, book.date1904)]
        elif isinstance(match, MappedMatch):
            contents = [
                content
                for where, several in read_mapped_sheet(match.parts, match.sheet, book.date1904)
                for content in several
                if where.register.id == id_
            ]
        else:
            continue
        yield from (content.part for content in contents if content.part is not None)


def _line(cells: Iterable[str]) -> str:
    """The cells with tabs between them, as a spreadsheet takes them; none of them is a formula."""
    text = io.StringIO()
    csv.writer(text, delimiter="\t", lineterminator="").writerow(map(guarded, cells))
    return text.getvalue()
