"""The zip container of .xlsx, .xlsm, .xlsb and .ods: opened, bounded and checked.

The members are unpacked here piece by piece before the reading library sees the file, so that a
damaged member, or one that unpacks to far more than it says, stops the opening with a sentence.
"""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping

from evidence.book_marks import damaged
from evidence.containers.xml_stream import follow, local, local_pairs, new_parser
from evidence.limits import LIMITS, Limits, Tally, passed, too_large_unpacked

_PIECE = 1024 * 1024
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
_ENTRY = b"PK\x01\x02"  # what each member's entry in the table of contents begins with
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_READ = ("xml", "rels", "bin")  # the endings of the members with cells; pictures are not read

Element = tuple[str, dict[str, str]]
"""An element's name and its attributes, all names without a prefix."""


class Package:
    """The members of one zip container, by name without regard to case or slash."""

    def __init__(self, data: bytes, limit: int | None = None, limits: Limits = LIMITS) -> None:
        """Opens the container. Stops (:class:`OpeningStop`) if it is not a zip file. ``limit``
        replaces the most bytes of ``limits`` that its members may unpack to."""
        if data.count(_ENTRY) > limits.parts:
            raise passed("parts", limits)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _BROKEN as error:
            raise damaged("it cannot be unpacked") from error
        self._limits = limits
        self._most = limits.unpacked_bytes if limit is None else limit
        self._members = {_plain(member.filename): member for member in self._zip.infolist()}
        self._sizes: dict[str, int] = {}
        self.unpacked = 0  # bytes that all members read so far unpacked to
        self.kept: dict[str, bytes] = {}

    def __contains__(self, name: str) -> bool:
        return _plain(name) in self._members

    def read(self, name: str, most: int | None = None) -> bytes:
        """The bytes of a member. Stops if it is missing or damaged, or really unpacks to too
        much."""
        plain = _plain(name)
        if plain in self.kept:
            return self.kept[plain]
        member = self._members.get(plain)
        if member is None:
            raise damaged(f"its part '{name}' is missing")
        if member.compress_type not in _PACKED:
            raise damaged(f"its part '{name}' is packed in a way that no spreadsheet uses")
        self.unpacked -= self._sizes.pop(plain, 0)
        try:
            data = self._unpacked(member, name, self._limits.part_bytes if most is None else most)
        except _BROKEN as error:
            raise damaged(f"its part '{name}' cannot be unpacked") from error
        self._sizes[plain] = len(data)
        self.unpacked += len(data)
        return data

    def _unpacked(self, member: zipfile.ZipInfo, name: str, most: int) -> bytes:
        left = self._most - self.unpacked
        unpacked = io.BytesIO()  # of which the bytes are had without a copy
        with self._zip.open(member) as packed:
            while piece := packed.read(_PIECE):  # read at once, it would unpack to any size
                if unpacked.tell() + len(piece) > left:
                    raise too_large_unpacked(self._most)
                if unpacked.tell() + len(piece) > most:
                    raise too_large_unpacked(most, name)
                unpacked.write(piece)
        return unpacked.getvalue()

    def keep(self, name: str) -> bytes:
        """The bytes of a member, which are kept for :meth:`repacked`."""
        data = self.read(name)
        self.kept[_plain(name)] = data
        return data

    def elements(self, name: str, tally: Tally) -> list[Element]:
        """The elements of a small XML member in their order, by their names without a prefix."""
        elements: list[Element] = []
        data = self.read(name, self._limits.listing_bytes)

        def start(tag: str, attributes: list[str]) -> None:
            elements.append((local(tag), local_pairs(attributes)))

        parser = new_parser(name)
        parser.StartElementHandler = start
        follow(parser, data, name, tally)
        return elements

    def names(self) -> list[str]:
        """The members' names, in lower case with forward slashes."""
        return list(self._members)

    def cell_parts(self) -> list[str]:
        """The names of all members that may contain cells, texts or styles."""
        return [name for name in self._members if name.rpartition(".")[2] in _READ]

    def repacked(self, names: Iterable[str]) -> bytes:
        """A new container with these members, if present, and nothing else: the reading library
        then reads the very bytes that were searched here. Kept members are given up."""
        container = io.BytesIO()
        with zipfile.ZipFile(container, "w", zipfile.ZIP_STORED) as packed:
            for plain in dict.fromkeys(map(_plain, names)):
                if plain in self._members:
                    data = self.kept.pop(plain, None)
                    data = self.read(plain) if data is None else data
                    packed.writestr(zipfile.ZipInfo(self._members[plain].filename), data)
        return container.getvalue()


def related(package: Package, part: str, tally: Tally) -> Mapping[str, tuple[str, str]]:
    """The parts that ``part`` names: relationship id to (last word of its type, part name)."""
    folder, _, file = part.rpartition("/")
    name = f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels"
    if name not in package:
        return {}
    return {
        attributes.get("Id", ""): (
            attributes.get("Type", "").rpartition("/")[2],
            _target(folder, attributes.get("Target", "")),
        )
        for _, attributes in package.elements(name, tally)
    }


def main_part(package: Package, usual: str, tally: Tally) -> str:
    """The name of the part that lists the sheets; ``usual`` where the container does not say."""
    for kind, target in related(package, "", tally).values():
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
