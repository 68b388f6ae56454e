"""A folder of rule files as a Rulebook, or everything that is wrong with it at once."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatch
from itertools import filterfalse, islice
from pathlib import Path, PurePosixPath
from typing import TypeVar

from pydantic import BaseModel

from evidence.regular_file import MEGABYTE, FileStop, read_regular
from rules.draft import BOOK, PAPERS, PINS, REGISTERS, Draft, DutyFile, PinsFile, RegistersFile
from rules.lint.book import lint_book, lint_duty_names, lint_first_days, lint_pins
from rules.lint.duty import lint_duty
from rules.lint.duty_words import without_lost
from rules.lint.registers import lint_registers
from rules.model import Book, Duty, Rulebook
from rules.problem import Problems, RuleProblem, did_you_mean, file_problem, nearest
from rules.yaml.doubled import problems_of_first_values
from rules.yaml.form_errors import second_document
from rules.yaml.mend import Mended, apart_from, mend
from rules.yaml.source import Value, YamlFile, YamlNode, read_partly
from rules.yaml.tabs import problems_at_any_depth, tabbed_files
from rules.yaml.validate import read_model

M = TypeVar("M", bound=BaseModel)

#: In place of a list of codes that is not there.
_NO_LIST: Value = {"?": ()}

#: The rulebook that comes with the project.
OWN_BOOK = Path(__file__).parent / "prevent-opcc"
#: The ending of a case file: the cases of duty.yaml are in duty.cases.yaml beside it. They do
#: not decide a status, so no check reads them, and the rulebook's SHA-256 leaves them out.
CASES = ".cases.yaml"
#: The most bytes of one rule file, file of pins or file of cases; the largest of ours has 52 kB.
FILE_BYTES = MEGABYTE
#: The most files in the folder of a rulebook, case files included, and the most bytes in all of
#: them without the case files; ours has 107 files of rules and 104 of cases.
FOLDER_FILES = 2000
FOLDER_BYTES = 16 * MEGABYTE


def load_rulebook(folder: Path = OWN_BOOK) -> Rulebook | tuple[RuleProblem, ...]:
    """The rulebook in a folder, or its problems. Hidden files and case files are left out."""
    files = read_folder(folder)
    return files if isinstance(files, tuple) else read_book(files)


def read_folder(folder: Path) -> Mapping[str, bytes] | tuple[RuleProblem, ...]:
    """The bytes of each file of a rulebook's folder by its name from there, without hidden files,
    case files and what the papers are made from, or why they cannot be read. At most FOLDER_FILES
    files of FILE_BYTES each are read, and FOLDER_BYTES in all."""
    if not os.path.isdir(folder):  # noqa: PTH112  (Path's own raises where the name is too long)
        return (file_problem(str(folder), "There is no such folder of rules.", "Check its name."),)
    names = sorted(islice(_names(folder), FOLDER_FILES + 1))
    if len(names) > FOLDER_FILES:
        message = f"The folder contains more than {FOLDER_FILES:,} files, which no rulebook has."
        instead = "Give the folder that contains only the rulebook."
        return (file_problem(str(folder), message, instead),)
    files: dict[str, bytes] = {}
    problems = list(_lone_cases(names))
    left = FOLDER_BYTES
    for name in filterfalse(is_beside_rules, names):
        try:
            files[name] = read_regular(
                folder / name, min(FILE_BYTES, left), "check that it is a file of rules"
            )
            left -= len(files[name])
        except FileStop as stop:
            message = f"The file {stop.words}"
            problems.append(file_problem(name, message, "No rule was read from it."))
    return tuple(problems) or files


def _names(folder: Path) -> Iterator[str]:
    """The names of the files in a folder and its folders; links to folders are not followed."""
    for path, folders, names in os.walk(folder):
        folders[:] = sorted(folder for folder in folders if not folder.startswith((".", "__")))
        within = Path(path).relative_to(folder)
        yield from ((within / n).as_posix() for n in names if not n.startswith((".", "__")))


def _lone_cases(names: Sequence[str]) -> Problems:
    """A problem for each case file without a rule beside it, which may be a misnamed rule."""
    for name in filter(is_case_file, names if BOOK in names else ()):  # else it is not a rulebook
        rule = f"{name.removesuffix(CASES)}.yaml"
        if rule not in names:
            yield file_problem(
                name,
                f"There is no rule {PurePosixPath(rule).name} beside this case file.",
                f"Move it beside its rule, or rename it if it is a rule: {CASES} is only for"
                " cases.",
            )


def is_case_file(name: str) -> bool:
    """Whether a file of that name contains cases rather than a rule."""
    return name.endswith(CASES)


def is_beside_rules(name: str) -> bool:
    """Whether a file decides no status: it contains cases, or what the papers are made from."""
    return is_case_file(name) or name == PAPERS or fnmatch(name, "papers/*.docx")


def case_files(folder: Path) -> list[Path]:
    """The case files in the folder of a rulebook that load_rulebook has read without problems."""
    return [path for path in yaml_files(folder) if is_case_file(path.name)]


def yaml_files(folder: Path) -> list[Path]:
    """The rule files and case files in the folder of a rulebook."""
    return [folder / name for name in sorted(_names(folder)) if name.endswith(".yaml")]


def rule_files(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Those of a folder's files that are read as rules."""
    return {
        name: data
        for name, data in files.items()
        if PurePosixPath(name).suffix == ".yaml" and not is_beside_rules(name)
    }


def read_book(
    files: Mapping[str, bytes], *, begun: bool = False
) -> Rulebook | tuple[RuleProblem, ...]:
    """The rulebook in ``files`` (names from its folder, with '/', to bytes), or its problems.

    There is one book.yaml, one registers.yaml, perhaps one pins.yaml, and for each duty one file in
    the folder of its section. The order of ``files`` changes nothing. Problems are sorted by file
    and line; without a book.yaml the folder is the wrong one, and no other problem is reported.
    A rulebook that is only ``begun`` may be without duties.
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
        if PurePosixPath(name).suffix not in {".yaml", ".md"} and not is_beside_rules(name)
    ]
    tabbed = tabbed_files(rule_files(files))
    if tabbed:
        problems += [problem for name in tabbed for problem in read_partly(name, files[name])[1]]
        problems += problems_at_any_depth(
            tabbed, lambda spaced: _problems({**files, **spaced}, begun=begun)
        )
        return tuple(sorted(set(problems)))
    sources, unread = _read_files(files, problems)
    draft, refused = _draft(sources, unread, problems)
    problems.extend(_lint(draft, begun=begun))
    for path, mended in refused:
        problems.extend(list(mended.also(_lint_mended(path, mended, draft), problems)))
    problems += problems_of_first_values(
        files, sources.values(), lambda firsts: _problems(firsts, begun=begun)
    )
    if problems or draft.book is None:
        return tuple(sorted(set(problems)))
    book = draft.book[1]
    numbers = {section.folder: section.number for section in book.sections}
    order = list(numbers)
    duties = sorted(draft.duties, key=lambda file: (order.index(file.path.parent.name), file.id))
    return Rulebook(
        book=book,
        registers=dict(draft.specs),
        duties={file.id: file.duty for file in duties if file.duty is not None},
        sections={file.id: numbers[file.path.parent.name] for file in duties},
        sources={file.id: file.node.source.file for file in duties},
        sha256=fingerprint(files),
        pins={own.version: own.pins for own in draft.pins[1].versions} if draft.pins else {},
        files={name: data.decode() for name, data in sorted(rule_files(files).items())},
    )


def _problems(files: Mapping[str, bytes], *, begun: bool) -> tuple[RuleProblem, ...]:
    book = read_book(files, begun=begun)
    return book if isinstance(book, tuple) else ()


def fingerprint(files: Mapping[str, bytes]) -> str:
    """The SHA-256 over the names and bytes of the rule files, in the order of their names. Case
    files and the papers are left out: they decide no status."""
    digest = hashlib.sha256()
    for name in sorted(rule_files(files)):
        for part in (name.encode(), files[name]):
            digest.update(len(part).to_bytes(8, "big"))
            digest.update(part)
    return digest.hexdigest()


def _read_files(
    files: Mapping[str, bytes], problems: list[RuleProblem]
) -> tuple[dict[str, YamlFile], set[str]]:
    """What can be read of each file, and the names, without endings, of those with errors of form,
    which are added to ``problems``. The second duty in a file counts as a file of its own."""
    sources: dict[str, YamlFile] = {}
    unread = set()
    for name in sorted(rule_files(files)):
        second = None if name in {BOOK, REGISTERS, PINS} else second_document(files[name])
        for data in (files[name], second):
            if data is None:
                continue
            source, form = read_partly(name, data)
            problems += form
            own = PurePosixPath(name)
            if data is second and source is not None:
                own = own.parent / f"{source.value.get('id')}.yaml"
            if form:
                unread.add(own.stem)
            if source is not None:
                sources.setdefault(str(own), source)
    return sources, unread


def _draft(
    sources: Mapping[str, YamlFile], unread: set[str], problems: list[RuleProblem]
) -> tuple[Draft, list[tuple[PurePosixPath, Mended]]]:
    """The files that can be read, and what can be checked of the others, by name. Adds to
    ``problems`` why those cannot be read."""
    refused: list[tuple[PurePosixPath, Mended]] = []

    def read(model: type[M], name: str) -> tuple[YamlNode, M] | None:
        if name not in sources:
            return None
        node = YamlNode(sources[name])
        result = read_model(model, node, node.source.value)
        if isinstance(result, model) and PurePosixPath(name).stem not in unread:
            return node, result
        problems.extend(apart_from(problems, result if isinstance(result, tuple) else ()))
        mended = mend(model, node)
        if mended is not None:
            refused.append((PurePosixPath(name), mended))
        return None

    if REGISTERS in sources:
        unknown = list(_put_lists(YamlNode(sources[REGISTERS])))
        problems += unknown
        unread.update(PurePosixPath(REGISTERS).stem for _ in unknown)
    duties = []
    for name, source in sources.items():
        if name not in {BOOK, REGISTERS, PINS}:
            id_, duty = source.value.get("id"), read(Duty, name)
            id_ = id_ if isinstance(id_, str) else ""
            path = PurePosixPath(name)
            duties.append(DutyFile(YamlNode(source), path, id_, duty[1] if duty else None))
    draft = Draft(
        book=read(Book, BOOK),
        registers=read(RegistersFile, REGISTERS),
        duties=tuple(duties),
        pins=read(PinsFile, PINS),
        unread=frozenset(unread),
    )
    return draft, refused


def _lint_mended(path: PurePosixPath, mended: Mended, draft: Draft) -> Problems:
    """The problems of a file that was refused, as far as it could be read."""
    node, model = mended.node, mended.model
    match model:
        case Book():
            yield from lint_book(node, model)
        case RegistersFile():
            yield from lint_registers(node, model)
        case PinsFile():
            yield from lint_pins(node, model, draft)
        case Duty():
            model = without_lost(model, mended.lost)
            file = DutyFile(node, path, model.id, model)
            yield from lint_duty(file, draft)
            others = (other for other in draft.duties if other.path != path)
            whole = replace(draft, duties=(*others, file))
            yield from lint_duty_names(whole)
            yield from lint_first_days(whole)


def _put_lists(node: YamlNode) -> Problems:
    """Replaces the name of each list of codes by the list; a problem for each unknown name."""
    lists = node.source.value.get("lists", {})
    if not isinstance(lists, dict):
        return
    for i, register in _keyed(node.source.value.get("registers")):
        for j, column in _keyed(register.get("columns")):
            codes = column.get("codes")
            if not isinstance(codes, str):
                continue
            if codes not in lists:
                child = node / "registers" / i / "columns" / j / "codes"
                message = f"There is no list of codes '{codes}'."
                yield child.problem(message, did_you_mean(codes, lists))
            # Behind an error the list is taken that may be meant, so that the rest is checked.
            column["codes"] = lists.get(codes, lists.get(nearest(codes, lists) or "", _NO_LIST))


def _keyed(items: Value | None) -> Iterator[tuple[int, dict[str, Value]]]:
    """The items of a list that contain keys, each with its number."""
    for index, item in enumerate(items if isinstance(items, tuple) else ()):
        if isinstance(item, dict):
            yield index, item


def without_stale_pins(files: Mapping[str, bytes]) -> tuple[dict[str, bytes], PinsFile | None]:
    """The files of a rulebook without pins.yaml, and what that file contains if it can be read.
    Its pins may be of versions and sections of the SOP that book.yaml no longer names."""
    others = {name: data for name, data in files.items() if name != PINS}
    source, problems = read_partly(PINS, files.get(PINS, b""))
    if source is None or problems:
        return others, None
    pins = read_model(PinsFile, YamlNode(source), source.value)
    return others, pins if isinstance(pins, PinsFile) else None


def _lint(draft: Draft, *, begun: bool = False) -> Problems:
    """The problems of the files that could be read.

    A register that no rule reads is not a problem (semantics.md: What must always hold).
    """
    if draft.book is not None:
        yield from lint_book(*draft.book)
    if draft.pins is not None:
        yield from lint_pins(*draft.pins, draft)
    if draft.registers is not None:
        yield from lint_registers(*draft.registers)
    if draft.duties or not begun:
        yield from lint_duty_names(draft)
    yield from lint_first_days(draft)
    for file in draft.duties:
        yield from lint_duty(file, draft)
