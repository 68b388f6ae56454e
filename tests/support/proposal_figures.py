"""How many proposals for the mapping of an office are right: ``python -m
tests.support.proposal_figures [FOLDER …]`` prints the figures of the offices in tests/offices.

What is right is derived from right.csv, which names the cell of each value, and from the words in
facts.yaml that mean nothing.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from string import digits

import yaml

from evidence.cells.merges import cell_grid
from evidence.cells.periods import Period, read_period
from evidence.cells.text import normal_key, raw_text
from evidence.files.opening import open_file
from evidence.mapping.layout import HEADING_SEPARATOR, lay_out
from evidence.mapping.model import (
    BLANK,
    NOT_DONE,
    FixedCell,
    RegisterMapping,
    SheetMapping,
    UnheadedColumn,
    WideCell,
    cells_of_source,
)
from evidence.mapping.propose.proposals import (
    ColumnProposal,
    RegisterProposal,
    SheetProposal,
    TableProposal,
    WordProposal,
)
from evidence.mapping.propose.sheets import propose
from evidence.raw_cells import RawSheet, RawWorkbook, column_number
from evidence.register import ColumnSpec, RegisterSpec
from tests.support.needs import ROOT
from tests.support.offices import OFFICES, normal, office_files
from tests.support.own_book import book_in

_CELL = re.compile(r"(.*)!([A-Z]+)([0-9]+)")
KINDS = ("certain", "likely", "possible")


@dataclass
class Figures:
    """Proposals right and wrong, by certainty; what is right and was not proposed; and in words the
    wrong ones, and the right ones that are not certain, each with its reason."""

    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    none: int = 0
    errors: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    doubted: list[str] = field(default_factory=list)

    def add(self, other: Figures) -> None:
        """Adds the figures of another office."""
        self.right.update(other.right)
        self.wrong.update(other.wrong)
        self.none += other.none
        self.errors.extend(other.errors)
        self.missing.extend(other.missing)
        self.doubted.extend(other.doubted)

    def certain_share(self) -> float:
        """The share of the right proposals that are certain."""
        return self.right["certain"] / max(self.right.total(), 1)

    def line(self, name: str) -> str:
        """A line of a table: right, wrong by certainty, and none."""
        cells = [f"{self.right[kind]:>4}/{self.wrong[kind]:<3}" for kind in KINDS]
        return f"{name:<24}{'  '.join(cells)}  none {self.none:>3}"


@dataclass
class Truth:
    """What is right for a sheet: for each column of a register the lines (letters, or row numbers)
    or the cell from which it comes, and what its texts mean."""

    lines: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    words: dict[tuple[str, str], dict[str, set[str]]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    constants: set[tuple[str, str, str]] = field(default_factory=set)
    addresses: dict[tuple[str, str], set[str]] = field(default_factory=dict)


@cache
def registers() -> Mapping[str, RegisterSpec]:
    """The registers of the rulebook."""
    book = book_in(ROOT / "rules" / "prevent-opcc")
    return book.registers


def opened(folder: Path) -> list[RawWorkbook]:
    """The workbooks of an office."""
    books = [open_file(path, path.name) for path in office_files(folder)]
    return [book for book in books if isinstance(book, RawWorkbook)]


@cache
def office_proposals(folder: Path) -> list[tuple[RawSheet, SheetProposal]]:
    """Each sheet of an office, with what is proposed for it."""
    return [
        pair
        for book in opened(folder)
        for pair in zip(book.sheets, propose(book, registers()), strict=True)
    ]


def _truths(folder: Path, books: list[RawWorkbook]) -> dict[str, Truth]:
    """What is right, by sheet."""
    sheets = {_name(book, sheet): sheet for book in books for sheet in book.sheets}
    cells: dict[tuple[str, str, str], list[tuple[str, int, str]]] = defaultdict(list)
    constants: set[tuple[str, str, str]] = set()
    with (folder / "right.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if match := _CELL.fullmatch(row["cell"]):
                where = match[1], row["register"], row["column"]
                cells[where].append((match[2], int(match[3]), row["value"]))
            else:
                constants.add((row["register"], row["column"], normal(row["value"])))
    truths: dict[str, Truth] = {name: Truth(constants=constants) for name in sheets}
    for (name, register, column), placed in cells.items():
        truth, sheet = truths[name], sheets[name]
        truth.lines[register, column] = _lines([(letters, number) for letters, number, _ in placed])
        addresses = {f"{letters}{number}" for letters, number, _ in placed}
        truth.addresses[register, column] = addresses
        texts = truth.words[register, column]
        grid = cell_grid(sheet)
        for letters, number, value in placed:
            line = grid.rows[number - sheet.first_row]
            cell = line[column_number(letters) - sheet.first_column]
            texts.setdefault(normal_key(raw_text(cell)), set()).add(normal(value))
    return truths


def _lines(cells: list[tuple[str, int]]) -> set[str]:
    """The few lines in which cells are, those with most first; otherwise the letters of all."""
    left = set(cells)
    if len(left) == 1 and len(cells) > 1:
        return {f"{cells[0][0]}{cells[0][1]}"}
    found: set[str] = set()
    while len(left) * 8 > len(set(cells)):
        votes = Counter([letters for letters, _ in left] + [str(row) for _, row in left])
        line = max(sorted(votes), key=lambda name: (votes[name], name.isalpha()))
        found.add(line)
        left = {(letters, row) for letters, row in left if line not in (letters, str(row))}
    return found if len(found) <= 3 else {"wide", *(letters for letters, _ in cells)}


def _name(book: RawWorkbook, sheet: RawSheet) -> str:
    return Path(book.file).stem if book.format == "csv" else sheet.name


def _shape(table: TableProposal) -> SheetMapping:
    headings = table.headings if len(table.headings) > 1 else table.headings[0]
    gives = (RegisterMapping(register_id=""),)
    return SheetMapping(
        file="",
        only_columns=table.only_columns,
        records=table.records,
        headings=headings,
        gives=gives,
    )


def source_lines(
    sheet: RawSheet, table: TableProposal, item: RegisterProposal, column: ColumnProposal
) -> set[str]:
    """The lines or cells from which a proposed column comes, as in Truth."""
    laid_out = lay_out(sheet, _shape(table))
    wide = list(item.wide.columns) if item.wide else []
    found: set[str] = set()
    for cell in list(cells_of_source(column.source))[:1]:
        if isinstance(cell, str):
            (index,) = laid_out.columns_of(cell)
            found.add(laid_out.column_label(index))
        elif isinstance(cell, UnheadedColumn):
            found.add(str(cell.column))
        elif isinstance(cell, FixedCell):
            found.add(cell.cell)
        elif isinstance(cell, WideCell) and cell.wide == "heading":
            found.update(map(str, table.headings))
        elif isinstance(cell, WideCell):
            found.update(laid_out.column_label(laid_out.columns_of(text)[0]) for text in wide)
            found.add("wide")
    return found


def column_figures(
    proposal: SheetProposal, sheet: RawSheet, truth: Truth
) -> tuple[Figures, set[tuple[str, str]]]:
    """The figures of the columns of a sheet, and the columns that were right."""
    figures, right = Figures(), set()
    seen: set[tuple[str, str, str]] = set()
    for table in proposal.tables:
        for item in table.gives:
            for column in item.columns:
                where = (item.register_id, column.column)
                lines = source_lines(sheet, table, item, column)
                true = truth.lines.get(where, set())
                kind = str(column.certainty)
                wide = len(true & lines) >= (0.6 * len(true) if "wide" in true else 1)
                if "wide" in lines and not wide:  # of a few rows and of as few columns
                    addresses = truth.addresses.get(where, set())
                    cells = {address.rstrip(digits) for address in addresses}
                    wide = bool(cells) and cells <= lines
                if isinstance(column.source, FixedCell) and lines <= truth.addresses.get(
                    where, set()
                ):
                    wide = True
                elif isinstance(column.source, FixedCell) and not true:
                    # the title says what right.csv has as a constant
                    said = {normal(w.meaning) for w in item.words if w.column == column.column}
                    wide = any((*where, meaning) in truth.constants for meaning in said)
                if wide:
                    figures.right[kind] += 1
                    if kind != KINDS[0]:
                        why = f"list {item.certainty}; {column.reason}"
                        figures.doubted.append(f"{proposal.sheet}: {where} {kind}: {why}")
                    right.add(where)
                    seen.update(
                        (*where, line) for line in (true if "wide" in {*true, *lines} else lines)
                    )
                else:
                    figures.wrong[kind] += 1
                    places = f"from {sorted(lines)}, not {sorted(true)}"
                    figures.errors.append(f"{proposal.sheet}: {where} {kind} {places}")
    for (register, name), lines in truth.lines.items():
        wanted = {"wide"} if "wide" in lines else lines
        if not any((register, name, line) in seen for line in wanted):
            figures.none += 1
            figures.missing.append(f"{proposal.sheet}: {register}.{name} from {sorted(lines)}")
    return figures, right


def _is_period(spec: ColumnSpec, text: str) -> bool:
    return isinstance(read_period(text, spec.periods), Period)


def word_figures(proposal: SheetProposal, truth: Truth, nothing: set[tuple[str, str]]) -> Figures:
    """The figures of the words of a sheet. ``nothing`` are headings and words that mean nothing."""
    figures = Figures()
    for (register, name), texts in truth.words.items():
        spec = registers()[register].column(name)
        if spec.type not in ("code", "codes", "yes/no", "period", "day"):
            continue
        meanings: dict[str, WordProposal] = {}
        proposed = False
        for table in proposal.tables:
            for item in table.gives:
                if item.register_id == register:
                    proposed = proposed or any(c.column == name for c in item.columns)
                    for word in item.words:
                        if word.column == name:
                            upper, _, last = word.word.rpartition(HEADING_SEPARATOR)
                            meanings[normal_key(word.word)] = word
                            meanings.setdefault(normal_key(last), word)
                            meanings.setdefault(normal_key(upper), word)
        for text, values in texts.items():
            parts = [text] if text in meanings else re.split(r"\s*[;,\n]\s*", text)
            found = [meanings[part] for part in parts if part in meanings]
            if spec.type == "day":
                if found and found[0].meaning in (BLANK, NOT_DONE):
                    figures.wrong[str(found[0].certainty)] += 1
                    figures.errors.append(f"{proposal.sheet}: {name} {text!r} is a date")
                continue
            if proposed and spec.type == "period" and _is_period(spec, text):
                continue  # read as it is, so that no proposal is needed
            if len(found) < len(parts):
                figures.none += 1
                figures.missing.append(f"{proposal.sheet}: {name} {text!r} means {sorted(values)}")
                continue
            kind = max((KINDS.index(word.certainty) for word in found), default=0)
            codes = [code for word in found for code in word.meaning.split("; ")]
            meaning = set(map(normal, codes))
            if meaning in [set(value.split("; ")) for value in values]:
                figures.right[KINDS[kind]] += 1
                if kind:
                    why = found[0].reason
                    figures.doubted.append(f"{proposal.sheet}: {name} {KINDS[kind]}: {why}")
            else:
                figures.wrong[KINDS[kind]] += 1
                shown = (
                    f"{proposal.sheet}: {name} {text!r} is {sorted(values)}, not {sorted(meaning)}"
                )
                figures.errors.append(f"{shown} ({KINDS[kind]})")
    for heading, text in sorted(nothing):
        for table in proposal.tables:
            for item in table.gives:
                for column in item.columns:
                    sources = [c for c in cells_of_source(column.source) if isinstance(c, str)]
                    if not any(s.rpartition(HEADING_SEPARATOR)[2] == heading for s in sources):
                        continue
                    for word in item.words:
                        if word.column == column.column and normal_key(word.word) == text:
                            good = word.meaning in (BLANK, NOT_DONE)
                            (figures.right if good else figures.wrong)[str(word.certainty)] += 1
                            if not good:
                                figures.errors.append(f"{proposal.sheet}: {text!r} means nothing")
    return figures


def office_figures(folder: Path) -> tuple[Figures, Figures]:
    """The figures of an office: of its columns, and of its words."""
    books = opened(folder)
    truths = _truths(folder, books)
    facts = yaml.safe_load((folder / "facts.yaml").read_text(encoding="utf-8"))
    columns, words = Figures(), Figures()
    for book in books:
        for sheet, proposal in zip(book.sheets, propose(book, registers()), strict=True):
            name = _name(book, sheet)
            nothing = {
                (fact["heading"], normal_key(str(fact["word"])))
                for fact in facts["words"]
                if fact["sheet"] == name and fact["means"] in ("nothing", "not done")
            }
            new, _ = column_figures(proposal, sheet, truths[name])
            columns.add(new)
            words.add(word_figures(proposal, truths[name], nothing))
    return columns, words


def report(folders: list[Path]) -> Iterator[str]:
    """The figures of some offices, as lines of text."""
    all_columns, all_words = Figures(), Figures()
    yield f"{'':<24}{'  '.join(f'{kind:<8}' for kind in KINDS)}  (right/wrong)"
    for folder in folders:
        columns, words = office_figures(folder)
        yield columns.line(f"{folder.name}: columns"[:24])
        yield words.line(f"{'':<12}words")
        if len(folders) < 12:
            yield from (f"    wrong: {text}" for text in (*columns.errors, *words.errors))
            yield from (f"    none: {text}" for text in (*columns.missing, *words.missing))
            yield from (f"    right: {text}" for text in (*columns.doubted, *words.doubted))
        all_columns.add(columns)
        all_words.add(words)
    yield all_columns.line("all columns")
    yield all_words.line("all words")
    both = Figures()
    both.add(all_columns)
    both.add(all_words)
    yield both.line("both")
    for name, figures in (("columns", all_columns), ("words", all_words), ("both", both)):
        yield f"certain among the right, {name}: {figures.certain_share():.0%}"


if __name__ == "__main__":
    chosen = [OFFICES / name for name in sys.argv[1:]] or sorted(OFFICES.iterdir())
    print("\n".join(report(chosen)))
