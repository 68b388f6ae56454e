"""A folder of rule files as a Rulebook, or everything that is wrong with it at once."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path, PurePosixPath

from evidence.regular_file import MEGABYTE, FileStop, read_regular
from rules.draft import Draft, DutyFile, PinsFile, RegistersFile
from rules.hint import did_you_mean
from rules.lint import lint
from rules.model import Book, Duty, Rulebook
from rules.problem import RuleProblem
from rules.refuse import read_model
from rules.source import At, Source, Value, read_source

BOOK = "book.yaml"
REGISTERS = "registers.yaml"
PINS = "pins.yaml"
#: The rulebook that comes with the project.
OWN_BOOK = Path(__file__).parent / "prevent-opcc"
#: The most bytes of one rule file, file of pins or file of cases; the largest of ours has 52 kB.
FILE_BYTES = MEGABYTE
#: The most files in the folder of a rulebook, and the most bytes in all of them; ours has 107.
FOLDER_FILES = 2000
FOLDER_BYTES = 16 * MEGABYTE
_SHORTER = "check that it is a file of rules"


def load_rulebook(folder: Path = OWN_BOOK) -> Rulebook | tuple[RuleProblem, ...]:
    """Read every file of a rulebook's folder; see read_book. Hidden files are passed over."""
    files = read_folder(folder)
    return files if isinstance(files, tuple) else read_book(files)


def read_folder(folder: Path = OWN_BOOK) -> Mapping[str, bytes] | tuple[RuleProblem, ...]:
    """The bytes of each file of a rulebook's folder by its name from there, without hidden files,
    or why they cannot be read. No more than FOLDER_FILES files of FILE_BYTES each are read, and
    FOLDER_BYTES in all."""
    if not os.path.isdir(folder):  # noqa: PTH112  (Path's own raises where the name is too long)
        return (_file_problem(str(folder), "There is no such folder of rules.", "Check its name."),)
    names = sorted(islice(_names(folder), FOLDER_FILES + 1))
    if len(names) > FOLDER_FILES:
        message = f"The folder holds more than {FOLDER_FILES:,} files, and no rulebook has so many."
        return (_file_problem(str(folder), message, "Give the folder of the rulebook alone."),)
    files: dict[str, bytes] = {}
    problems: list[RuleProblem] = []
    left = FOLDER_BYTES
    for name in names:
        try:
            files[name] = read_regular(folder / name, min(FILE_BYTES, left), _SHORTER)
            left -= len(files[name])
        except FileStop as stop:
            message = f"The file {stop.words}"
            problems.append(_file_problem(name, message, "No rule was read from it."))
    return tuple(problems) or files


def _names(folder: Path) -> Iterator[str]:
    """The names of the files in a folder and its folders; links to folders are not followed."""
    for at, folders, names in os.walk(folder):
        folders[:] = sorted(each for each in folders if not each.startswith((".", "__")))
        within = Path(at).relative_to(folder)
        yield from ((within / n).as_posix() for n in names if not n.startswith((".", "__")))


def rule_files(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Those of a folder's files that are read as rules."""
    return {name: files[name] for name in _rule_files(files)}


def read_book(files: Mapping[str, bytes]) -> Rulebook | tuple[RuleProblem, ...]:
    """The rulebook in ``files`` (names from its folder, with '/', to bytes), or its problems.

    One book.yaml, one registers.yaml, and for each duty one file in the folder of its section;
    there may be a pins.yaml.
    The order of ``files`` changes nothing. Problems are sorted by file and line; without a
    book.yaml it is the wrong folder, and that is all that is said.
    """
    missing = _missing_files(files)
    if BOOK not in files:
        return missing
    problems: list[RuleProblem] = [*missing, *_strange_files(files)]
    sources = {name: _read(name, files[name], problems) for name in sorted(_rule_files(files))}
    draft = Draft(
        book=_book(sources.get(BOOK), problems),
        registers=_registers(sources.get(REGISTERS), problems),
        duties=tuple(
            _duty(source, problems)
            for name, source in sources.items()
            if source is not None and name not in {BOOK, REGISTERS, PINS}
        ),
        pins=_pins(sources.get(PINS), problems),
        unread=frozenset(PurePosixPath(n).stem for n, source in sources.items() if source is None),
    )
    problems.extend(lint(draft))
    return tuple(sorted(set(problems))) or _rulebook(draft, files)


def fingerprint(files: Mapping[str, bytes]) -> str:
    """The SHA-256 over the names and bytes of the rule files, in the order of their names."""
    digest = hashlib.sha256()
    for name in sorted(_rule_files(files)):
        for part in (name.encode(), files[name]):
            digest.update(len(part).to_bytes(8, "big"))
            digest.update(part)
    return digest.hexdigest()


def _rule_files(files: Mapping[str, bytes]) -> list[str]:
    return [name for name in files if PurePosixPath(name).suffix == ".yaml"]


def _missing_files(files: Mapping[str, bytes]) -> tuple[RuleProblem, ...]:
    return tuple(
        _file_problem(name, "The rulebook has no such file.", f"Add {name} beside the folders.")
        for name in (BOOK, REGISTERS)
        if name not in files
    )


def _strange_files(files: Mapping[str, bytes]) -> list[RuleProblem]:
    return [
        _file_problem(
            name,
            "This file would not be read, and a duty in it would be left out without a word.",
            "Give it the ending .yaml if it is a rule (.md if it is a note), or move it away.",
        )
        for name in files
        if PurePosixPath(name).suffix not in {".yaml", ".md"}
    ]


def _read(name: str, data: bytes, problems: list[RuleProblem]) -> Source | None:
    source = read_source(name, data)
    if isinstance(source, Source):
        return source
    problems.extend(source)
    return None


def _book(source: Source | None, problems: list[RuleProblem]) -> tuple[At, Book] | None:
    if source is None:
        return None
    book = read_model(Book, At(source), source.value)
    if isinstance(book, Book):
        return At(source), book
    problems.extend(book)
    return None


def _pins(source: Source | None, problems: list[RuleProblem]) -> tuple[At, PinsFile] | None:
    if source is None:
        return None
    read = read_model(PinsFile, At(source), source.value)
    if isinstance(read, PinsFile):
        return At(source), read
    problems.extend(read)
    return None


def _registers(
    source: Source | None, problems: list[RuleProblem]
) -> tuple[At, RegistersFile] | None:
    if source is None:
        return None
    unknown: list[RuleProblem] = []
    read = read_model(RegistersFile, At(source), _with_lists(At(source), unknown))
    problems.extend(unknown)
    if isinstance(read, RegistersFile):
        return None if unknown else (At(source), read)
    problems.extend(read)
    return None


def _with_lists(at: At, unknown: list[RuleProblem]) -> Value:
    """The file's value with each named list of codes in the place of its name."""
    value = at.source.value
    lists, registers = value.get("lists", {}), value.get("registers")
    if not isinstance(lists, dict) or not isinstance(registers, tuple):
        return value

    def column(held: Value, here: At) -> Value:
        codes = held.get("codes") if isinstance(held, dict) else None
        if not isinstance(held, dict) or not isinstance(codes, str):
            return held
        if codes not in lists:
            message = f"There is no list of codes '{codes}'."
            unknown.append((here / "codes").problem(message, did_you_mean(codes, lists)))
        return {**held, "codes": lists.get(codes, {})}

    def register(held: Value, here: At) -> Value:
        columns = held.get("columns") if isinstance(held, dict) else None
        if not isinstance(held, dict) or not isinstance(columns, tuple):
            return held
        read = tuple(column(each, here / "columns" / i) for i, each in enumerate(columns))
        return {**held, "columns": read}

    read = tuple(register(each, at / "registers" / i) for i, each in enumerate(registers))
    return {**value, "registers": read}


def _duty(source: Source, problems: list[RuleProblem]) -> DutyFile:
    written = source.value.get("id")
    duty_id = written if isinstance(written, str) else ""
    duty = read_model(Duty, At(source), source.value)
    if isinstance(duty, Duty):
        return DutyFile(At(source), duty_id, duty)
    problems.extend(duty)
    return DutyFile(At(source), duty_id, None)


def _rulebook(draft: Draft, files: Mapping[str, bytes]) -> Rulebook:
    assert draft.book is not None
    book = draft.book[1]
    numbers = {section.folder: section.number for section in book.sections}
    order = list(numbers)
    held = sorted(draft.duties, key=lambda file: (order.index(file.path.parent.name), file.id))
    return Rulebook(
        book=book,
        registers=dict(draft.specs),
        duties={file.id: file.duty for file in held if file.duty is not None},
        sections={file.id: numbers[file.path.parent.name] for file in held},
        sources={file.id: file.at.source.file for file in held},
        sha256=fingerprint(files),
        pins=draft.pins[1].pins if draft.pins is not None else (),
    )


def _file_problem(name: str, message: str, instead: str) -> RuleProblem:
    return RuleProblem(name, 0, "", message, instead)
