"""office.yaml: what a check in the office's folder takes where the command line does not say."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from evidence.register import Declared
from evidence.regular_file import MEGABYTE, FileStop, read_regular
from rules.problem import RuleProblem, file_problem, nearest
from rules.yaml.source import YamlFile, YamlNode, read_plain, read_source
from rules.yaml.validate import read_model

#: The name of the file in the office's folder.
NAME = "office.yaml"
#: The form of the file that this program writes and reads.
VERSION = 1

_HEAD = """\
# What 'dueregard check' takes in this folder. Options on the command line go before it.
# Edit it with any editor. Whatever follows a # is a note.
"""
#: What is left out where a key is, and an example of its line.
_LEFT_OUT: Mapping[str, tuple[str, str]] = {
    "office": (
        "no name at the head of the reports",
        "Office of the Police and Crime Commissioner for Anyshire",
    ),
    "rulebook": ("the program's own rulebook", "rulebook"),
    "sop": ("the reports do not quote the SOP", "SOP.docx"),
    "records begin": ("what was missed before you kept these sheets counts", "2025-04-01"),
    "evidence": ("nothing can be checked", "[Registers, Training.xlsx]"),
}
#: What to do about a file of a later version of the program.
_NEWEST = "Install the newest version of dueregard, or ask whoever installed it."
#: A text that reads as itself without quotes, whatever it begins with.
_PLAIN = re.compile(r"[^\W_](?:[\w./' ()&+-]*[\w./')+])?")


class OfficeFile(Declared):
    """The contents of office.yaml. Paths are relative to its folder: ``evidence`` names files,
    folders and patterns, ``rulebook`` a folder. ``records_begin`` is the day from which the office
    keeps its registers."""

    version: int
    office: str | None = None
    rulebook: str | None = None
    sop: str | None = None
    records_begin: datetime.date | None = None
    evidence: tuple[str, ...] = ()


def read_office_file(path: Path) -> OfficeFile | tuple[RuleProblem, ...]:
    """The file at ``path``, or everything that is wrong with it, with its lines."""
    try:
        data = read_regular(path, MEGABYTE)
    except FileStop as stop:
        what, _, advice = stop.words.rpartition(": ")
        instead = f"{advice[:1].upper()}{advice[1:]}"
        return (file_problem(path.name, f"The file {what}.", instead),)
    source = read_source(path.name, data)
    if not isinstance(source, YamlFile):
        return source
    place = YamlNode(source)
    later = _later_version(place, source.value.get("version"))
    if later:
        return (later,)
    keys = [field.alias or name for name, field in OfficeFile.model_fields.items()]
    known = {key: value for key, value in source.value.items() if key in keys}
    unknown = [_unknown_key(place, key, keys) for key in source.value if key not in known]
    office = read_model(OfficeFile, place, known)
    if not unknown:
        return office
    return (*unknown, *(office if isinstance(office, tuple) else ()))


def _unknown_key(place: YamlNode, key: str, keys: Sequence[str]) -> RuleProblem:
    near = nearest(key, keys)
    instead = f"change {key} to {near}" if near else f"delete {key} and the lines under it"
    message = f"There is no key '{key}' here."
    return (place / key).problem(message, f"Open {NAME} in Notepad and {instead}.")


def _later_version(place: YamlNode, version: object) -> RuleProblem | None:
    """The problem of a file in a form that this program does not know; None if it knows it."""
    if not isinstance(version, int) or isinstance(version, bool) or version == VERSION:
        return None
    if version > VERSION:
        message = f"The file was written by a later version of the program (its form is {version})."
        return (place / "version").problem(message, _NEWEST)
    message = f"There is no form {version} of this file."
    return (place / "version").problem(message, f"Write 'version: {VERSION}'.")


def office_file_text(office: OfficeFile) -> str:
    """The text of office.yaml for these contents, always the same, with a note for each key that is
    left out. It is read back as the same contents."""
    lines = [f"version: {office.version}", *_lines(office)]
    return _HEAD + "\n" + "\n".join(lines) + "\n"


def _lines(office: OfficeFile) -> Iterator[str]:
    values = office.model_dump(by_alias=True)
    for key, (without, example) in _LEFT_OUT.items():
        value = values[key]
        if not value:
            yield f"# {key}: {example}  # left out: {without}"
        elif isinstance(value, tuple):
            yield f"{key}:"
            yield from (f"  - {_scalar(item)}" for item in value)
        else:
            yield f"{key}: {_scalar(value)}"


def _scalar(value: object) -> str:
    """A text as YAML, in quotes where it would be read as anything else; a day as it is."""
    if not isinstance(value, str):
        return str(value)
    if _PLAIN.fullmatch(value) and read_plain(value) == value:
        return value
    escaped = value.replace("\\", r"\\").replace('"', r"\"")
    shown = (mark if mark.isprintable() else f"\\U{ord(mark):08x}" for mark in escaped)
    return f'"{"".join(shown)}"'
