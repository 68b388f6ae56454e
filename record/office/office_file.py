"""office.yaml: what a check in the office's folder takes where the command line does not say."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field

from evidence.cells.day_text import Day, read_day
from evidence.mapping.model import OfficeMapping, SheetMapping
from evidence.register import Declared
from evidence.regular_file import MEGABYTE, FileStop, read_regular
from record.office.yaml_text import key_lines, scalar_text, without_key
from rules.problem import RuleProblem, file_problem, nearest
from rules.yaml.source import EMPTY, YamlFile, YamlNode, read_source
from rules.yaml.validate import read_model

#: The name of the file in the office's folder.
NAME = "office.yaml"
#: The form of the file that this program writes and reads.
VERSION = 1

_HEAD = """\
# What 'dueregard check' uses in this folder. An option that you type in a command overrides it.
# Edit it with any editor. Whatever follows a # is a note.
"""
#: What is left out where a key is, and an example of its line.
_LEFT_OUT: Mapping[str, tuple[str, str]] = {
    "office": (
        "no name at the head of the reports",
        "Anyshire County Council",
    ),
    "rulebook": ("the program's own rulebook", "rulebook"),
    "sop": ("the reports do not quote the SOP", "SOP.docx"),
    "records begin": ("what was missed before you kept these sheets counts", "2025-04-01"),
    "evidence": ("nothing can be checked", "[Registers, Training.xlsx]"),
}
_NOTE = "  # left out: "
#: The keys of the mapping of which each item has lines of its own.
_SPREAD = frozenset(("mapping", "gives", "columns"))


#: One name, or a list of them.
_NAMES = str | tuple[str, ...]
_AS_LIST = BeforeValidator(
    lambda value: (value,) if isinstance(value, str) else value, json_schema_input_type=_NAMES
)


def _as_day(value: object) -> object:
    """A text as the day that it means, day first, as in a cell."""
    if not isinstance(value, str):
        return value
    read = read_day(value)
    if not isinstance(read, Day):
        raise ValueError(f"'records begin': {read.message}", read.instruction)
    return read.day


_DAY_FIRST = BeforeValidator(
    _as_day,
    json_schema_input_type=datetime.date | Annotated[str, Field(pattern="[0-9]")],
)


class OfficeFile(Declared):
    """The contents of office.yaml. Paths are relative to its folder: ``evidence`` names files,
    folders and patterns, ``rulebook`` a folder. ``records_begin`` is the day from which the office
    keeps its registers. ``sop`` names a document for each version of the SOP that is quoted; one
    may be written without a list. ``mapping`` is how the office's own sheets are read."""

    version: int
    """The form of the file. It is 1. Example: 1"""
    office: str | None = None
    """The name of the office at the head of the reports. Example: Anyshire County Council"""
    rulebook: str | None = None
    """The folder of the rulebook. Without it, the rulebook of the program is used. Example:
    rulebook"""
    sop: Annotated[tuple[str, ...], _AS_LIST] = ()
    """The file of the SOP, whose words the reports then quote. If there are several versions, a
    list of their files. Example: SOP.docx"""
    records_begin: Annotated[datetime.date | None, _DAY_FIRST] = None
    """The day from which the office keeps its registers. Example: 2025-04-01"""
    evidence: tuple[str, ...] = ()
    """The files and folders that contain the evidence. In a name, * stands for any text. Example:
    [Registers, Training.xlsx]"""
    mapping: tuple[SheetMapping, ...] = ()
    """How the office's own sheets are read as registers."""


def read_office_file(path: Path) -> OfficeFile | tuple[RuleProblem, ...]:
    """The file at ``path``, or everything that is wrong with it, with its lines."""
    try:
        data = read_regular(path, MEGABYTE)
    except FileStop as stop:
        what, _, advice = stop.words.rpartition(": ")
        instead = f"{advice[:1].upper()}{advice[1:]}"
        return (file_problem(path.name, f"The file {what}.", instead),)
    return office_file_of(path.name, data)


def office_file_of(name: str, data: bytes) -> OfficeFile | tuple[RuleProblem, ...]:
    """The contents of an office.yaml of that name, or everything that is wrong with them."""
    source = read_source(name, data, comments=True)
    if not isinstance(source, YamlFile):
        start = f"Delete {name}, and run: dueregard start"
        return tuple(replace(p, instead=start) if p.message == EMPTY else p for p in source)
    place = YamlNode(source)
    later = _later_version(place, source.value.get("version"))
    if later:
        return (later,)
    keys = [field.alias or name for name, field in OfficeFile.model_fields.items()]
    known = {key: value for key, value in source.value.items() if key in keys}
    problems = [_unknown_key(place, key, keys) for key in source.value if key not in known]
    if "version" not in known:
        instead = f"Add the line 'version: {VERSION}' at the top."
        problems.insert(0, place.problem("The key 'version' is missing.", instead))
    office = read_model(OfficeFile, place, {"version": VERSION, **known})
    if not problems:
        return office
    return (*problems, *(office if isinstance(office, tuple) else ()))


def _unknown_key(place: YamlNode, key: str, keys: Sequence[str]) -> RuleProblem:
    near = nearest(key, keys)
    instead = f"change {key} to {near}" if near else f"delete {key} and the lines under it"
    message = f"There is no key '{key}' here."
    return (place / key).problem(message, f"Open {NAME} in Notepad and {instead}.")


def place_of_mapping(path: Path) -> YamlNode:
    """The place of the mapping in the file at ``path``, by which its problems name their lines."""
    return _place_of(path) / "mapping"


def _place_of(path: Path) -> YamlNode:
    """The place of the file at ``path``, without lines if it cannot be read any more."""
    try:
        source = read_source(path.name, read_regular(path, MEGABYTE), comments=True)
    except FileStop:
        source = ()
    return YamlNode(source if isinstance(source, YamlFile) else YamlFile(path.name, {}, {}))


def line_words(path: Path, name: Path) -> str:
    """A sentence that says which line of the file at ``path`` names a file or folder of evidence:
    `` Line 4 of office.yaml names it.``; '' if none does."""
    office = read_office_file(path)
    for number, own in enumerate(office.evidence if isinstance(office, OfficeFile) else ()):
        named = path.parent / separated(own)
        if path.parent / name in (named, *named.parents):
            line = (_place_of(path) / "evidence" / number).problem("", "").line
            return f" Line {line} of {path.name} names it."
    return ""


def separated(name: str) -> str:
    r"""A name of office.yaml with the separator of every system: ``Registers\Training.xlsx`` was
    written on Windows."""
    return name.replace("\\", "/")


def _later_version(place: YamlNode, version: object) -> RuleProblem | None:
    """The problem of a file in a form that this program does not know; None if it knows it."""
    if not isinstance(version, int) or isinstance(version, bool) or version == VERSION:
        return None
    if version > VERSION:
        message = f"The file was written by a later version of the program ('version: {version}')."
        instead = "Install the newest version of dueregard, or ask whoever installed it."
        return (place / "version").problem(message, instead)
    message = f"'version: {version}' is not known."
    return (place / "version").problem(message, f"Write 'version: {VERSION}'.")


def office_file_text(office: OfficeFile) -> str:
    """The text of office.yaml for these contents, always the same, with a note for each key that is
    left out. It is read back as the same contents."""
    lines = [f"version: {office.version}"]
    for key in (*_LEFT_OUT, "mapping"):
        lines += _lines(office, key)
    return _HEAD + "\n" + "\n".join(lines) + "\n"


def with_keys(text: str, office: OfficeFile, keys: Sequence[str]) -> str:
    """The text of an office.yaml with the values of some keys as in ``office``, and everything else
    as a person wrote it. If it is laid out so that this cannot be done, all is written anew."""
    lines: list[str] = []
    for key in keys:
        note = f"# {key}: "
        text = "".join(
            line
            for line in without_key(text, key).splitlines(keepends=True)
            if not (line.startswith(note) and _NOTE in line)
        )
        lines += _lines(office, key)
    text = "\n".join((text.rstrip("\n"), *lines)) + "\n"
    kept = office_file_of(NAME, text.encode()) == office
    return text if kept else office_file_text(office)


def mapping_lines(mapping: OfficeMapping) -> list[str]:
    """The lines of a mapping in office.yaml; none of an empty one."""
    sheets = tuple(part.model_dump(by_alias=True, exclude_defaults=True) for part in mapping)
    return list(key_lines("mapping", sheets, "", _SPREAD)) if sheets else []


def _lines(office: OfficeFile, key: str) -> Iterator[str]:
    if key == "mapping":
        yield from mapping_lines(office.mapping)
        return
    value = office.model_dump(by_alias=True, exclude={"mapping"})[key]
    if not value:
        without, example = _LEFT_OUT[key]
        yield f"# {key}: {example}{_NOTE}{without}"
    elif key == "sop" and len(value) == 1:
        yield f"{key}: {scalar_text(value[0])}"
    elif isinstance(value, tuple):
        yield f"{key}:"
        yield from (f"  - {scalar_text(item)}" for item in value)
    else:
        yield f"{key}: {scalar_text(value)}"
