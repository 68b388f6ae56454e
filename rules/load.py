"""A folder of rule files as a Rulebook, or everything that is wrong with it at once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from rules.draft import Draft, DutyFile, PinsFile, RegistersFile
from rules.folder import BOOK, PINS, REGISTERS, file_problem, read_folder, rule_files
from rules.hint import did_you_mean
from rules.lint.all import lint
from rules.model import Book, Duty, Rulebook
from rules.problem import RuleProblem
from rules.yaml.source import At, Value, YamlFile, read_source
from rules.yaml.validate import read_model

#: The rulebook that comes with the project.
OWN_BOOK = Path(__file__).parent / "prevent-opcc"


def load_rulebook(folder: Path = OWN_BOOK) -> Rulebook | tuple[RuleProblem, ...]:
    """Read every file of a rulebook's folder; see read_book. Hidden files and case files are left
    out."""
    files = read_folder(folder)
    return files if isinstance(files, tuple) else read_book(files)


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
    sources = {name: _read(name, files[name], problems) for name in sorted(rule_files(files))}
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
    """The SHA-256 over the names and bytes of the rule files, in the order of their names. Case
    files are left out: they decide no status."""
    digest = hashlib.sha256()
    for name in sorted(rule_files(files)):
        for part in (name.encode(), files[name]):
            digest.update(len(part).to_bytes(8, "big"))
            digest.update(part)
    return digest.hexdigest()


def _missing_files(files: Mapping[str, bytes]) -> tuple[RuleProblem, ...]:
    return tuple(
        file_problem(name, "The rulebook has no such file.", f"Add {name} beside the folders.")
        for name in (BOOK, REGISTERS)
        if name not in files
    )


def _strange_files(files: Mapping[str, bytes]) -> list[RuleProblem]:
    return [
        file_problem(
            name,
            "This file would not be read, and a duty in it would be left out without a word.",
            "Give it the ending .yaml if it is a rule (.md if it is a note), or move it away.",
        )
        for name in files
        if PurePosixPath(name).suffix not in {".yaml", ".md"}
    ]


def _read(name: str, data: bytes, problems: list[RuleProblem]) -> YamlFile | None:
    source = read_source(name, data)
    if isinstance(source, YamlFile):
        return source
    problems.extend(source)
    return None


def _book(source: YamlFile | None, problems: list[RuleProblem]) -> tuple[At, Book] | None:
    if source is None:
        return None
    book = read_model(Book, At(source), source.value)
    if isinstance(book, Book):
        return At(source), book
    problems.extend(book)
    return None


def _pins(source: YamlFile | None, problems: list[RuleProblem]) -> tuple[At, PinsFile] | None:
    if source is None:
        return None
    read = read_model(PinsFile, At(source), source.value)
    if isinstance(read, PinsFile):
        return At(source), read
    problems.extend(read)
    return None


def _registers(
    source: YamlFile | None, problems: list[RuleProblem]
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


def _duty(source: YamlFile, problems: list[RuleProblem]) -> DutyFile:
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
