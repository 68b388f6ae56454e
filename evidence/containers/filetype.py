"""The format of a file by its contents, whatever its name says."""

from __future__ import annotations

from typing import NamedTuple

from evidence.book_marks import OpeningStop, locked
from evidence.containers.compound import SIGNATURE, Compound
from evidence.containers.package import Package
from evidence.limits import LIMITS, Limits
from evidence.raw_cells import OpeningCode

Container = Package | Compound


class FileKind(NamedTuple):
    """What a file is: the family of formats ('' if a check does not read it), and what people call
    it."""

    family: str
    words: str


_FOLDERS = {
    "xl": FileKind("xlsx", "an Excel workbook (.xlsx)"),
    "word": FileKind("", "a Word document"),
    "ppt": FileKind("", "a presentation"),
}
_SHORT = 1024 * 1024  # bytes of a part with one word
_PLAIN_TEXT = "plain text"
_ZIPS = (b"PK\x03\x04", b"PK\x05\x06")
_BEGINNINGS = {
    b"%PDF": "a PDF",
    b"{\\rtf": "a rich text document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
}


def open_container(data: bytes, ending: str, limits: Limits = LIMITS) -> Container | None:
    """The opened container of a file whose name ends in ``ending``; None for a CSV file. Stops
    (:class:`OpeningStop`) if it needs a password, or its contents are not of that format."""
    container: Container | None = None
    if data.startswith(_ZIPS):
        container = Package(data, limits=limits)
        kind = _in_package(container)
    elif data.startswith(SIGNATURE):
        container = Compound(data)
        kind = _in_compound(container)
    else:
        words = _plain(data)
        kind = FileKind("csv" if words == _PLAIN_TEXT else "", words)
    if kind.family != ("xlsx" if ending == "xlsm" else ending):
        raise OpeningStop(
            OpeningCode.NOT_A_WORKBOOK,
            f"has a name that ends in .{ending} but is {kind.words}: open it in Excel (or in the"
            " program that it came from) and save a copy as Excel Workbook (.xlsx).",
        )
    return container


def _in_package(package: Package) -> FileKind:
    """The kind of a zip container."""
    names = package.names()
    if "xl/workbook.bin" in names:
        return FileKind("xlsb", "an Excel binary workbook (.xlsb)")
    folders = {name.partition("/")[0] for name in names if "/" in name}
    for folder, kind in _FOLDERS.items():
        if folder in folders:
            return kind
    if "content.xml" in names or "meta-inf/manifest.xml" in names:
        mimetype = package.read("mimetype", _SHORT) if "mimetype" in package else b"spreadsheet"
        if b"spreadsheet" in mimetype:
            return FileKind("ods", "an OpenDocument spreadsheet (.ods)")
        return FileKind("", "an OpenDocument text or drawing")
    return FileKind("", "a compressed folder (zip)")


def _in_compound(compound: Compound) -> FileKind:
    """The kind of a compound file. Stops if it needs a password."""
    if "EncryptedPackage" in compound.names:
        raise locked()
    if compound.names & {"Workbook", "Book"}:
        return FileKind("xls", "an older Excel workbook (.xls)")
    if "WordDocument" in compound.names:
        return FileKind("", "a Word document")
    return FileKind("", "not a workbook")


def _plain(data: bytes) -> str:
    """What a file without a container seems to be."""
    for beginning, what in _BEGINNINGS.items():
        if data.startswith(beginning):
            return what
    text = data[:2048].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith((b"<!doctype html", b"<html", b"<table", b"<head")):
        return "a web page (HTML)"
    if text.startswith(b"<?xml"):
        return "XML"
    utf_16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\x00" in data[:2048] and not utf_16:
        return "not a workbook"
    return _PLAIN_TEXT
