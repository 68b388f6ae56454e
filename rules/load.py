"""A folder of rule files as a Rulebook, or everything that is wrong with it at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import TypeVar

from pydantic import BaseModel

from rules.draft import Draft, DutyFile, PinsFile, RegistersFile
from rules.folder import BOOK, PINS, REGISTERS, file_problem, read_folder, rule_files
from rules.hint import did_you_mean
from rules.lint.book import lint_book, lint_duty_names, lint_pins
from rules.lint.duty import lint_duty
from rules.lint.registers import lint_registers
from rules.model import Book, Duty, Rulebook
from rules.problem import Problems, RuleProblem
from rules.yaml.source import At, Value, YamlFile, read_source
from rules.yaml.validate import read_model

M = TypeVar("M", bound=BaseModel)

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
    problems = [
        file_problem(name, "The rulebook has no such file.", f"Add {name} beside the folders.")
        for name in (BOOK, REGISTERS)
        if name not in files
    ]
    if BOOK not in files:
        return tuple(problems)
    problems += [
        file_problem(
            name,
            "This file would not be read, and a duty in it would be left out without a message.",
            "Give it the ending .yaml if it is a rule (.md if it is a note), or move it away.",
        )
        for name in files
        if PurePosixPath(name).suffix not in {".yaml", ".md"}
    ]
    draft = _draft(files, problems)
    problems.extend(_lint(draft))
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


def _draft(files: Mapping[str, bytes], problems: list[RuleProblem]) -> Draft:
    """What can be read of each file; adds to ``problems`` why the rest cannot."""
    sources: dict[str, YamlFile] = {}
    unread = set()
    for name in sorted(rule_files(files)):
        source = read_source(name, files[name])
        if isinstance(source, YamlFile):
            sources[name] = source
        else:
            problems.extend(source)
            unread.add(PurePosixPath(name).stem)
    book, registers, pins = (sources.pop(name, None) for name in (BOOK, REGISTERS, PINS))
    unknown = list(_put_lists(At(registers))) if registers is not None else []
    problems += unknown
    read = _read(RegistersFile, registers, problems)
    return Draft(
        book=_read(Book, book, problems),
        registers=None if unknown else read,
        duties=tuple(_duty(source, problems) for source in sources.values()),
        pins=_read(PinsFile, pins, problems),
        unread=frozenset(unread),
    )


def _read(
    model: type[M], source: YamlFile | None, problems: list[RuleProblem]
) -> tuple[At, M] | None:
    if source is None:
        return None
    read = read_model(model, At(source), source.value)
    if isinstance(read, tuple):
        problems.extend(read)
        return None
    return At(source), read


def _put_lists(at: At) -> Problems:
    """Puts each named list of codes in the place of its name; a problem for each unknown name."""
    lists = at.source.value.get("lists", {})
    if not isinstance(lists, dict):
        return
    for i, register in _keyed(at.source.value.get("registers")):
        for j, column in _keyed(register.get("columns")):
            codes = column.get("codes")
            if not isinstance(codes, str):
                continue
            if codes not in lists:
                here = at / "registers" / i / "columns" / j / "codes"
                message = f"There is no list of codes '{codes}'."
                yield here.problem(message, did_you_mean(codes, lists))
            column["codes"] = lists.get(codes, {})


def _keyed(items: Value | None) -> Iterator[tuple[int, dict[str, Value]]]:
    """The items of a list that hold keys, each with its number."""
    for index, item in enumerate(items if isinstance(items, tuple) else ()):
        if isinstance(item, dict):
            yield index, item


def _duty(source: YamlFile, problems: list[RuleProblem]) -> DutyFile:
    written, read = source.value.get("id"), _read(Duty, source, problems)
    duty_id = written if isinstance(written, str) else ""
    return DutyFile(At(source), PurePosixPath(source.file), duty_id, read[1] if read else None)


def _lint(draft: Draft) -> Problems:
    """The problems of what could be read; what was refused before is not judged again.

    A register that no rule reads is no problem (semantics.md, What must always hold, 4).
    """
    if draft.book is not None:
        yield from lint_book(*draft.book)
    if draft.pins is not None:
        yield from lint_pins(*draft.pins, draft)
    if draft.registers is not None:
        yield from lint_registers(*draft.registers)
    yield from lint_duty_names(draft)
    for file in draft.duties:
        yield from lint_duty(file, draft)


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
