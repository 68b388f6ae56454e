"""XML followed tag by tag, in memory that does not grow with what a file makes up.

No part is made into a tree. A part that no spreadsheet writes stops the opening: one that declares
a document type (the only way for an XML file to name other files or to swell when read), has a tag
of millions of letters, makes up names without end, or opens tags and never closes them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast
from xml.parsers import expat

from evidence.book_marks import OpeningStop, damaged
from evidence.limits import Tally

Start = Callable[[str, list[str]], None]

#: What parsing a damaged part raises: it is not well formed, has an invalid number, or names an
#: encoding that is not known.
_ERRORS = (expat.ExpatError, ValueError, LookupError)
_PIECE = 1024 * 1024
_LONGEST = 4 * _PIECE  # bytes of one tag, comment or the like
_NAMES = 20_000  # different names of elements and attributes
_OPEN = 1_000_000  # elements that are open at once
_DECLARED = len(b"\xef\xbb\xbf<?")  # where a part begins with what version of XML it is


def new_parser(part: str) -> expat.XMLParserType:
    """A parser for one part, read as UTF-8 as the reading library reads it. Handlers receive the
    attributes as a list: name, value, name, value."""
    parser = expat.ParserCreate("utf-8", intern={})
    parser.ordered_attributes = True
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise damaged(f"its part '{part}' declares a document type, which no spreadsheet does")

    parser.StartDoctypeDeclHandler = refuse
    return parser


def follow(parser: expat.XMLParserType, data: bytes, part: str, tally: Tally) -> None:
    """Calls the handlers of ``parser`` for ``data``, in its order. Stops (:class:`OpeningStop`) if
    it is not well formed or contains too much."""
    view = memoryview(data)
    depth = _Depth(parser, part)
    try:
        for start in range(0, len(data), _PIECE):
            piece = data[start : start + _PIECE]
            tags = piece.count(b"<")
            tally.add("tags", tags, part)
            depth.look_ahead(piece, tags)
            parser.Parse(view[start : start + _PIECE], False)
            if start + len(piece) - max(parser.CurrentByteIndex, 0) > _LONGEST:
                raise _unlike(part, f"has a tag of more than {_LONGEST:,} bytes")
            if len(parser.intern) > _NAMES:
                raise _unlike(part, f"uses more than {_NAMES:,} different names of tags")
        parser.Parse(b"", True)
    except _ERRORS as error:
        raise damaged(f"its part '{part}' is not well formed") from error


def pairs(attributes: list[str]) -> dict[str, str]:
    """The attributes of an element by their names."""
    return dict(zip(attributes[::2], attributes[1::2], strict=True))


def local(tag: str) -> str:
    """The name of an element or attribute without its prefix."""
    return tag.rpartition(":")[2]


def local_pairs(attributes: list[str]) -> dict[str, str]:
    """The attributes of an element by their names without a prefix; of two, the first counts."""
    values: dict[str, str] = {}
    for name, value in zip(attributes[::2], attributes[1::2], strict=True):
        values.setdefault(local(name), value)
    return values


class _Depth:
    """Counts open elements, if there may be too many: counting takes a call for each end.

    No element closes without ``</`` or ``/>``, and outside comments ``</`` occurs nowhere else, so
    the other ``<`` are at least as many as the open elements.
    """

    def __init__(self, parser: expat.XMLParserType, part: str) -> None:
        self._parser = parser
        self._part = part
        self._most = 0
        self._plain = True  # no comment or the like so far
        self._counts = False

    def look_ahead(self, piece: bytes, tags: int) -> None:
        """Adds a piece that is about to be parsed, with its number of ``<``."""
        if self._counts:
            return
        self._plain = self._plain and not has_comment(piece)
        closed = piece.count(b"</") if self._plain else 0
        self._most = max(self._most + tags - 2 * closed, 0)
        if self._most > _OPEN:
            self._count()

    def _count(self) -> None:
        """Has the parser count open tags, and stop at more of them than any spreadsheet opens."""
        self._counts = True
        start = cast("Start | None", self._parser.StartElementHandler)
        end = self._parser.EndElementHandler
        part, depth = self._part, self._most

        def opened(name: str, attributes: list[str]) -> None:
            nonlocal depth
            depth += 1
            if depth > 2 * _OPEN:
                raise _unlike(part, f"opens {_OPEN:,} tags without closing them")
            if start is not None:
                start(name, attributes)

        def closed(name: str) -> None:
            nonlocal depth
            depth -= 1
            if end is not None:
                end(name)

        self._parser.StartElementHandler = opened
        self._parser.EndElementHandler = closed


def has_comment(data: bytes) -> bool:
    """Whether there may be a comment, an instruction or the like. Only a mark is looked for, which
    is fast."""
    return (b"!" in data and b"<!" in data) or (
        data.find(b"?", _DECLARED) >= 0 and data.find(b"<?", _DECLARED) >= 0
    )


def _unlike(part: str, what: str) -> OpeningStop:
    return damaged(f"its part '{part}' {what}, which no spreadsheet does")
