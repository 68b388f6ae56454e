"""Which sheets of a file hold which registers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from evidence.cells.text import nearest, normal_heading
from evidence.problem import EvidenceProblem, ProblemKind, ReadingNote
from evidence.raw_cells import RawSheet, RawWorkbook
from evidence.register import RegisterSpec
from evidence.sheet_ref import Where
from evidence.sheets.headings import sheet_names


@dataclass(frozen=True, slots=True)
class Matched:
    """A sheet that holds a register; with a ``problem`` it is not to be read."""

    where: Where
    sheet: RawSheet
    problem: EvidenceProblem | None = None


def sheet_name(book: RawWorkbook, sheet: RawSheet) -> str:
    """The sheet's name; of a CSV file, the file's name without its folder and its ending."""
    return PurePosixPath(book.file).stem if book.format == "csv" else sheet.name


def match_sheets(
    book: RawWorkbook, registers: Mapping[str, RegisterSpec]
) -> Iterator[Matched | ReadingNote]:
    """Each sheet in the file's order: the register that it holds, or a note that it holds none.

    Two sheets whose names are one and the same as names are compared cannot both be meant:
    neither is to be read.
    """
    names = sheet_names(registers)
    normal = [normal_heading(sheet_name(book, sheet)) for sheet in book.sheets]
    times = Counter(normal)
    for sheet, name in zip(book.sheets, normal, strict=True):
        shown = sheet_name(book, sheet)
        register = names.get(name)
        if register is None:
            yield ReadingNote(book.file, shown, _unknown(shown, book, registers))
            continue
        where = Where(registers[register], book.file, shown)
        yield Matched(where, sheet, _twice(where) if times[name] > 1 else None)


def near_register(name: str, registers: Mapping[str, RegisterSpec]) -> str | None:
    """The accepted name of a sheet that this name is most like."""
    return nearest(name, [sheet for each in registers.values() for sheet in each.sheets])


def _unknown(name: str, book: RawWorkbook, registers: Mapping[str, RegisterSpec]) -> str:
    near = near_register(name, registers)
    hint = f" If '{near}' is meant, rename it." if near else ""
    what = "file" if book.format == "csv" else "sheet"
    return f"The {what} '{name}' was not read: no register has that name.{hint}"


def _twice(where: Where) -> EvidenceProblem:
    return where.problem(
        ProblemKind.SHEET_TWICE,
        f"Another sheet of this file has the same name, so the register '{where.register.title}'"
        " cannot be read. Keep one of them, or join them.",
    )


def misnamed_sheet(register: RegisterSpec, unknown: Sequence[str]) -> EvidenceProblem | None:
    """The problem of a register that no sheet holds, where one of the sheets that no register has
    (``unknown`` are their names) may be meant. Without one, the register was not provided: what
    needs it is not assessed, and there is no problem."""
    near = next((name for name in unknown if nearest(name, register.sheets)), None)
    if near is None:
        return None
    title = register.sheets[0]
    return EvidenceProblem(
        kind=ProblemKind.SHEET_MISSING,
        register=register.id,
        file="",
        sheet="",
        message=f"There is no '{title}' sheet. If the sheet '{near}' is meant, rename it.",
    )
