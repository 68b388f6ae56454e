"""A rulebook on its way: what could be read of each file, with places, before it is linted."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from pydantic import Field

from evidence.register import Declared, Registers, RegisterSpec
from rules.model import Book, Duty, Pin
from rules.yaml.source import At


class RegistersFile(Declared):
    """registers.yaml: the lists of codes that columns share by name, and the registers."""

    lists: dict[str, dict[str, tuple[str, ...]]] = Field(default_factory=dict)
    registers: tuple[RegisterSpec, ...]


class PinsFile(Declared):
    """pins.yaml: the paragraph of the SOP that each citation was written from."""

    pins: tuple[Pin, ...]


@dataclass(frozen=True, slots=True)
class DutyFile:
    """One file of a duty: ``path`` from the rulebook's folder, ``id`` as written ('' where it
    cannot be read), ``duty`` None where the file's keys were refused."""

    at: At
    path: PurePosixPath
    id: str
    duty: Duty | None


@dataclass(frozen=True, slots=True)
class Draft:
    """What was read of a rulebook; None where a file is missing or was refused. ``unread`` are
    the names, without ending, of files whose form is so wrong that nothing of them was read."""

    book: tuple[At, Book] | None
    registers: tuple[At, RegistersFile] | None
    duties: tuple[DutyFile, ...]
    unread: frozenset[str] = frozenset()
    pins: tuple[At, PinsFile] | None = None

    @property
    def specs(self) -> Registers:
        """The registers by id; none where registers.yaml was refused."""
        if self.registers is None:
            return {}
        return {spec.id: spec for spec in self.registers[1].registers}

    def file_of(self, duty_id: str) -> DutyFile | None:
        """The first file that says it holds that duty."""
        return next((file for file in self.duties if file.id == duty_id), None)
