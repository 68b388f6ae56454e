"""The container of .xls, and of a workbook that is locked with a password: a small file system.

Only what lies at its root is read: a workbook that is embedded in another lies deeper.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from evidence.book_marks import OpeningStop, damaged
from evidence.raw_cells import OpeningCode

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST = 0xFFFFFFFA  # this number and those above it end a chain
_ENTRY = 128
_FREE = 0xFFFFFFFF
_TABLE = 0xFFFFFFFD
_END = 0xFFFFFFFE
_SECTOR = 4096  # of a container made here
_SHIFTS = ((9, 6), (12, 6))  # the sizes of sectors and small sectors, as powers of two
_MORE_TABLES = 2  # more tables than are needed to list every sector
_SMALL_TABLE = 4 * 1024 * 1024  # bytes of the table of small sectors


@dataclass(frozen=True, slots=True)
class _DirectoryEntry:
    name: str
    kind: int
    left: int
    right: int
    child: int
    start: int
    size: int


class Compound:
    """The streams at the root of one container."""

    def __init__(self, data: bytes) -> None:
        """Reads the directory. Stops (:class:`OpeningStop`) where it is broken."""
        self._data = data
        try:
            self._read_tables()
            entries = self._chain(self._directory)
            places = range(0, len(entries) - _ENTRY + 1, _ENTRY)
            self._entries = [_entry(entries[start : start + _ENTRY]) for start in places]
            self._root = self._root_entries()
        except (struct.error, IndexError) as error:
            raise damaged("its inner table of contents cannot be read") from error

    @property
    def names(self) -> frozenset[str]:
        """The names of what lies at the root."""
        return frozenset(self._root)

    def stream(self, name: str) -> bytes:
        """The bytes of a stream at the root. Stops where its parts cannot be found."""
        try:
            entry = self._root[name]
            if entry.size >= self._small:
                return self._chain(entry.start)[: entry.size]
            data = self._chain(self._entries[0].start)
            size = self._small_sector
            numbers = islice(_follow(entry.start, self._small_next), self._small // size)
            sectors = (data[number * size : (number + 1) * size] for number in numbers)
            return b"".join(sectors)[: entry.size]
        except (struct.error, IndexError, KeyError) as error:
            raise damaged(f"its inner part '{name}' cannot be read") from error

    def _read_tables(self) -> None:
        """Reads the tables that say which sector follows which. Raises IndexError or struct.error
        if the file is damaged; a damaged file cannot claim more tables than its size allows."""
        shifts = struct.unpack_from("<HH", self._data, 30)
        if shifts not in _SHIFTS:
            raise IndexError(shifts)
        self._sector, self._small_sector = (1 << shift for shift in shifts)
        self._directory, self._small = struct.unpack_from("<I4xI", self._data, 48)
        small_start, _, extra, extra_count = struct.unpack_from("<4I", self._data, 60)
        numbers = list(struct.unpack_from("<109I", self._data, 76))
        most = len(self._data) // self._sector // (self._sector // 4) + _MORE_TABLES
        for _ in range(min(extra_count, most)):
            *more, extra = self._numbers(self._sector_at(extra))
            numbers += more
        tables = [table for table in numbers if table < _LAST]
        if len(tables) > most:
            raise IndexError(len(tables))
        self._next: tuple[int, ...] = tuple(
            number for table in tables for number in self._numbers(self._sector_at(table))
        )
        small = self._chain(small_start, _SMALL_TABLE) if small_start < _LAST else b""
        self._small_next = self._numbers(small)

    def _sector_at(self, number: int) -> bytes:
        start = (number + 1) * self._sector
        if start >= len(self._data):
            raise IndexError(number)
        return self._data[start : start + self._sector]

    @staticmethod
    def _numbers(raw: bytes) -> tuple[int, ...]:
        return struct.unpack(f"<{len(raw) // 4}I", raw[: len(raw) // 4 * 4])

    def _chain(self, start: int, most: int | None = None) -> bytes:
        """The contents of a chain of sectors, or at least the first ``most`` bytes of it."""
        numbers = _follow(start, self._next)
        sectors = islice(numbers, None if most is None else -(-most // self._sector))
        return b"".join(self._sector_at(number) for number in sectors)

    def _root_entries(self) -> Mapping[str, _DirectoryEntry]:
        entries: dict[str, _DirectoryEntry] = {}
        waiting = [self._entries[0].child]
        seen: set[int] = set()
        while waiting:
            number = waiting.pop()
            if number >= _LAST or number in seen:
                continue
            seen.add(number)
            entry = self._entries[number]
            entries[entry.name] = entry
            waiting += [entry.left, entry.right]
        return entries


def wrapped(name: str, stream: bytes) -> bytes:
    """A new container with this one stream.

    The reading library follows whatever a container's tables say, in circles too, and takes the
    first stream of the right name, even an embedded workbook's. So it is given the stream found
    here.
    """
    sectors = -(-max(len(stream), 1) // _SECTOR)
    tables = -(-(sectors + 1) // (_SECTOR // 4 - 1))  # the table lists its own sectors too
    if tables > 109:
        raise OpeningStop(OpeningCode.TOO_LARGE, "is too large: save it as .xlsx.")
    after = [*range(1, sectors), _END, _END, *[_TABLE] * tables]
    after += [_FREE] * (tables * _SECTOR // 4 - len(after))
    lists = [*range(sectors + 1, sectors + 1 + tables), *[_FREE] * (109 - tables)]
    header = SIGNATURE + bytes(16) + struct.pack("<5H6x", 0x3E, 4, 0xFFFE, 12, 6)
    header += struct.pack("<9I", 1, tables, sectors, 0, 4096, _END, 0, _END, 0)
    header += struct.pack("<109I", *lists)
    entries = _new_entry("Root Entry", 5, 1, 0) + _new_entry(name, 2, _FREE, sectors * _SECTOR)
    return b"".join(
        (
            header.ljust(_SECTOR, b"\0"),
            stream.ljust(sectors * _SECTOR, b"\0"),
            entries.ljust(_SECTOR, b"\0"),
            struct.pack(f"<{len(after)}I", *after),
        )
    )


def _new_entry(name: str, kind: int, child: int, size: int) -> bytes:
    wide = (name + "\0").encode("utf-16-le")
    links = struct.pack("<HBBIII", len(wide), kind, 1, _FREE, _FREE, child)
    return wide.ljust(64, b"\0") + links + bytes(36) + struct.pack("<IQ", 0, size)


def _follow(start: int, after: tuple[int, ...]) -> Iterator[int]:
    number = start
    for _ in range(len(after) + 1):
        if number >= _LAST:
            return
        yield number
        number = after[number]
    raise IndexError(start)  # the chain is circular


def _entry(raw: bytes) -> _DirectoryEntry:
    length, kind, left, right, child = struct.unpack_from("<HBxIII", raw, 64)
    start, size = struct.unpack_from("<II", raw, 116)
    name = raw[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
    return _DirectoryEntry(name, kind, left, right, child, start, size)
