"""The zip container of .xlsx, .xlsm, .xlsb and .ods: opened, bounded and checked.

The members are read here once in full before the reading library sees the file, so that a
damaged member, or one that unpacks to far more than it says, stops the opening with a sentence.
"""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree as ET

from evidence.marks import XML_ERRORS, OpeningStop, damaged
from evidence.rawcells import OpeningCode

MAX_UNPACKED = 1024 * 1024 * 1024
"""The most bytes that all members of one file may unpack to: 1 GiB."""

_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
    RuntimeError,  # an encrypted member; NotImplementedError: an unknown way of packing
)
_READ = ("xml", "rels", "bin")  # the endings of the members that hold cells; pictures are not read


class Package:
    """The members of one zip container, by name without regard to case or slash."""

    def __init__(self, data: bytes, limit: int = MAX_UNPACKED) -> None:
        """Open the container. Stops (:class:`OpeningStop`) when it is not a zip file, or when
        its members say that they unpack to more than ``limit`` bytes."""
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _BROKEN as error:
            raise damaged("it cannot be unpacked") from error
        members = self._zip.infolist()
        if sum(member.file_size for member in members) > limit:
            raise OpeningStop(
                OpeningCode.TOO_LARGE,
                f"unpacks to more than {limit // 1024**2:,} MB: save only the registers in a copy,"
                " without pictures.",
            )
        self._members = {_plain(member.filename): member for member in members}

    def __contains__(self, name: str) -> bool:
        return _plain(name) in self._members

    def read(self, name: str) -> bytes:
        """The bytes of a member. Stops when it is missing or damaged."""
        member = self._members.get(_plain(name))
        if member is None:
            raise damaged(f"its part '{name}' is missing")
        try:
            return self._zip.read(member)
        except _BROKEN as error:
            raise damaged(f"its part '{name}' cannot be unpacked") from error

    def xml(self, name: str) -> ET.Element:
        """A small XML member as a tree. Stops when it is not well formed or declares entities."""
        data = self.read(name)
        refuse_doctype(data, name)
        try:
            return ET.fromstring(data)
        except (ET.ParseError, *XML_ERRORS) as error:
            raise damaged(f"its part '{name}' is not well formed") from error

    def check_rest(self, read_already: Iterator[str] | list[str]) -> None:
        """Unpack every other member that holds cells, texts or styles. Stops at a damaged one."""
        done = {_plain(name) for name in read_already}
        for name in self._members:
            if name not in done and name.rpartition(".")[2] in _READ:
                self.read(name)

    def names(self) -> list[str]:
        """The members' names, in lower case with forward slashes."""
        return list(self._members)


def refuse_doctype(data: bytes, name: str) -> None:
    """Stop at a document type declaration: no spreadsheet writes one, and it is the only way for
    an XML file to name other files or to swell when read."""
    if b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data[:4096]:
        raise damaged(f"its part '{name}' declares a document type, which no spreadsheet does")


def local(tag: str) -> str:
    """The name of an element or attribute without its namespace, in braces or as a prefix."""
    return tag.rpartition("}")[2].rpartition(":")[2]


def attribute(element: ET.Element, name: str) -> str:
    """The value of the attribute of that local name, or '' where there is none."""
    for key, value in element.attrib.items():
        if local(key) == name:
            return value
    return ""


def related(package: Package, part: str) -> Mapping[str, tuple[str, str]]:
    """The parts that ``part`` names: relationship id to (last word of its type, part name)."""
    folder, _, file = part.rpartition("/")
    name = f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels"
    if name not in package:
        return {}
    return {
        attribute(element, "Id"): (
            attribute(element, "Type").rpartition("/")[2],
            _target(folder, attribute(element, "Target")),
        )
        for element in package.xml(name)
    }


def main_part(package: Package, usual: str) -> str:
    """The name of the part that lists the sheets; ``usual`` where the container does not say."""
    for kind, target in related(package, "").values():
        if kind == "officeDocument":
            return target
    return usual


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _target(folder: str, target: str) -> str:
    target = target.replace("\\", "/")
    if target.startswith("/"):
        return target.lstrip("/")
    return posixpath.normpath(posixpath.join(folder, target))
