"""The files of a rulebook that could be read, with their places, before they are linted."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from pydantic import Field

from evidence.register import Declared, Registers, RegisterSpec
from rules.model import Book, Duty, VersionPins
from rules.yaml.source import YamlNode

BOOK = "book.yaml"
REGISTERS = "registers.yaml"
PINS = "pins.yaml"
#: What the papers contain; their templates are in the folder of that name (rules.papers).
PAPERS = "papers.yaml"


class RegistersFile(Declared):
    """registers.yaml: the lists of codes that columns share by name, and the registers."""

    lists: dict[str, dict[str, tuple[str, ...]]] = Field(default_factory=dict)
    """Lists of codes that several columns share, each under a name. A code has the other words that
    mean the same. Example: {courses: {awareness: [basic awareness, WRAP]}}"""
    registers: tuple[RegisterSpec, ...]
    """The registers: the sheets of evidence and their columns."""


class PinsFile(Declared):
    """pins.yaml: the paragraph of each version of the SOP that each citation was written from."""

    versions: tuple[VersionPins, ...]
    """The pins of each version of the SOP."""


@dataclass(frozen=True, slots=True)
class DutyFile:
    """The file of a duty: ``path`` from the rulebook's folder, ``id`` as written ('' where it
    cannot be read), ``duty`` None where the file's keys were refused."""

    node: YamlNode
    path: PurePosixPath
    id: str
    duty: Duty | None


@dataclass(frozen=True, slots=True)
class Draft:
    """The files of a rulebook, None where one is missing or was refused. ``unread`` are the names,
    without ending, of the files that are not YAML as rules use it."""

    book: tuple[YamlNode, Book] | None
    registers: tuple[YamlNode, RegistersFile] | None
    duties: tuple[DutyFile, ...]
    unread: frozenset[str] = frozenset()
    pins: tuple[YamlNode, PinsFile] | None = None

    @property
    def specs(self) -> Registers:
        """The registers by id; none where registers.yaml was refused."""
        if self.registers is None:
            return {}
        return {spec.id: spec for spec in self.registers[1].registers}

    def file_of(self, duty_id: str) -> DutyFile | None:
        """The first file with that id."""
        return next((file for file in self.duties if file.id == duty_id), None)
