"""A file as a Document: the SOP in the sections that book.yaml names."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from itertools import accumulate
from pathlib import Path, PurePath

from evidence.book_marks import OpeningStop
from evidence.filenames import as_text
from evidence.files.apart import Child
from evidence.limits import LIMITS
from evidence.raw_cells import OpeningCode
from evidence.regular_file import MEGABYTE, FileStop, read_regular
from evidence.visible import visible
from rules.model import Book, Heading
from rules.problem import nearest
from rules.sop.document import FRONT, Document, Paragraph, SopSection
from rules.sop.normal import plain
from rules.sop.problem import SopProblem
from rules.sop.versions import find_version, stated_version
from rules.sop_files.pieces import (
    BROKEN,
    CannotRead,
    Piece,
    bounded,
    looks_like_heading,
    without_furniture,
)
from rules.sop_files.text import text_pieces

LIMIT_BYTES = 50 * MEGABYTE
"""The largest Word document that is read: 50 MB (of 1,048,576 bytes)."""

TEXT_BYTES = MEGABYTE // 2
"""The largest text that is read: half a MB, twenty times a SOP of thirty pages."""

#: The endings of files that are read, and what their places count.
UNITS = {".txt": "line", ".md": "line", ".docx": "paragraph"}


def read_sop(path: Path, book: Book) -> Document | SopProblem:
    """The SOP in a file, or why it cannot be read; see read_bytes."""
    name = visible(as_text(path.name))
    try:
        data = read_regular(path, LIMIT_BYTES, "save it without pictures")
    except FileStop as stop:
        return SopProblem(name, "", "", "document", f"The file {stop.words}", "")
    return read_bytes(name, data, book)


def read_bytes(name: str, data: bytes, book: Book) -> Document | SopProblem:
    """The SOP called ``name``, in the sections that ``book`` names, or why it cannot be read.

    Text and Markdown must be UTF-8. Headings that ``book`` names and that do not appear exactly
    once are among the document's own problems.
    """
    unit = UNITS.get(PurePath(name).suffix.lower())
    if unit is None:
        message = "Only .txt, .md and .docx files can be read."
        instead = "Save it as a Word document (.docx), or as plain text."
        return SopProblem(name, "", "", "document", message, instead)
    try:
        pieces = _word(data) if unit == "paragraph" else _text(data, book)
    except CannotRead as error:
        return SopProblem(name, "", "", "document", f"The file {error}", "")
    known, missing, repeated = _find_known(pieces, book)
    pieces = without_furniture(pieces, book.marking, frozenset(known))
    apparent = _find_apparent(pieces, known)
    if not any(piece.place not in known and piece.place not in apparent for piece in pieces):
        instead = "Check that it is the right one."
        return SopProblem(name, "", "", "document", "The file is empty.", instead)
    others = [piece.text for piece in pieces if piece.place in apparent]
    sections, sha256 = _divide(pieces, known, apparent, book), hashlib.sha256(data).hexdigest()
    states = stated_version(_front_texts(sections, book))
    version = find_version(book.sop, name, sha256, states)
    return Document(
        file=name,
        unit=unit,
        sha256=sha256,
        sections=sections,
        version="" if isinstance(version, SopProblem) else version.version,
        no_version=version if isinstance(version, SopProblem) else None,
        states=states,
        problems=(
            *(_missing_heading(heading, others, name) for heading in missing),
            *(_repeated_heading(heading, places, name, unit) for heading, places in repeated),
        ),
    )


def _front_texts(sections: Sequence[SopSection], book: Book) -> Iterator[str]:
    """The texts before the first section: a title is a heading too, and has no number."""
    titles = {heading.section for heading in book.other_headings}
    for section in sections:
        if section.heading and section.id not in titles:
            break
        yield section.heading
        yield from (paragraph.text for paragraph in section.paragraphs)


def _word(data: bytes) -> list[Piece]:
    """The pieces of a Word document, which is opened as evidence is, within a bound on memory."""
    try:
        with closing(Child("rules.sop_files.docx:hand_over_pieces", "docx", LIMITS, data)) as child:
            pieces = child.received()
    except OpeningStop as stop:
        if stop.code is not OpeningCode.TOO_MUCH_MEMORY:
            raise CannotRead(BROKEN) from stop
        raise CannotRead(
            "needs more memory to read than is available (the limit is"
            f" {LIMITS.memory // MEGABYTE:,} MB): save a copy that contains only the SOP."
        ) from stop
    if isinstance(pieces, CannotRead):
        raise pieces
    assert isinstance(pieces, list)
    return pieces


def _text(data: bytes, book: Book) -> list[Piece]:
    if len(data) > TEXT_BYTES:
        raise CannotRead(
            "contains more than 0.5 MB of text: give a file that contains only the SOP."
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CannotRead("is not saved as UTF-8: save it again as UTF-8.") from None
    headings = frozenset(plain(h.heading) for h in book.headings if not h.front_page)
    return bounded(text_pieces(text.replace("\r\n", "\n"), book.marking, headings))


# Headings ---------------------------------------------------------------------------------------


def _find_known(
    pieces: Sequence[Piece], book: Book
) -> tuple[dict[int, Heading], list[Heading], list[tuple[Heading, list[int]]]]:
    """The headings of book.yaml by the places of their pieces, the missing, and the repeated."""
    candidates: dict[str, list[Piece]] = defaultdict(list)
    for piece in pieces:
        if piece.alone and piece.kind != "row" and (piece.number or not piece.marker):
            candidates[plain(piece.text).removesuffix(":")].append(piece)
            if piece.marker.isdigit():  # which may be in the heading of book.yaml
                candidates[plain(f"{piece.marker} {piece.text}")].append(piece)
    by_words: dict[str, list[Heading]] = defaultdict(list)
    for heading in book.headings:
        if not heading.front_page:
            by_words[plain(heading.heading)].append(heading)
    single = [candidates[words][0].place for words in by_words if len(candidates[words]) == 1]
    known: dict[int, Heading] = {}
    missing: list[Heading] = []
    repeated = []
    for words, headings in by_words.items():  # then by printed number, then in the book's order
        matches = _likeliest(candidates[words], headings, min(single, default=0))
        if len(matches) > len(headings):
            repeated.append((headings[-1], [piece.place for piece in matches]))
        numbers = [heading.printed or "" for heading in headings]
        if sorted(piece.number for piece in matches) == sorted(numbers):
            matches = [p for n in dict.fromkeys(numbers) for p in matches if p.number == n]
        known |= {piece.place: h for piece, h in zip(matches, headings, strict=False)}
        missing += headings[len(matches) :]
    return known, missing, repeated


def _likeliest(pieces: list[Piece], headings: Sequence[Heading], first: int) -> list[Piece]:
    """Of too many pieces, those with the right number, those that the file marks as headings, or
    those behind the front page (which ends at ``first`` or before), if the number is then right."""
    numbers = {heading.printed for heading in headings}
    for fits in (
        lambda piece: piece.number in numbers,
        lambda piece: piece.styled,
        lambda piece: piece.place > first,
    ):
        chosen = [piece for piece in pieces if fits(piece)]
        if len(pieces) > len(headings) == len(chosen):
            return chosen
    return pieces


def _find_apparent(pieces: Sequence[Piece], known: Mapping[int, Heading]) -> frozenset[int]:
    """The places of other headings, which book.yaml does not name."""
    first = next((i for i, piece in enumerate(pieces) if piece.place in known), len(pieces))
    apparent = set()
    for index, piece in enumerate(pieces):
        if piece.place in known or not (piece.styled or looks_like_heading(piece)):
            continue
        # numbered pieces one after the other are a list; the front page has only numbered headings
        beside = [*pieces[max(index - 1, 0) : index], *pieces[index + 1 : index + 2]]
        in_list = any(p.place not in known and _in_one_list(piece, p) for p in beside)
        on_front = index < first and not (piece.number or (piece.styled and not known))
        if not on_front and (piece.styled or not (piece.number and in_list)):
            apparent.add(piece.place)
    return frozenset(apparent)


def _in_one_list(piece: Piece, other: Piece) -> bool:
    """Whether a numbered piece and the one above or below are of one list, and no headings."""
    if not other.number or other.alone:
        return bool(other.number)
    numbers = (piece.number, other.number)
    return all(n.isdigit() for n in numbers) and abs(int(numbers[0]) - int(numbers[1])) == 1


def _divide(
    pieces: Sequence[Piece], known: Mapping[int, Heading], apparent: frozenset[int], book: Book
) -> tuple[SopSection, ...]:
    """The sections of a document, in its order; a front page only where it has a paragraph."""
    front = next((heading.section for heading in book.headings if heading.front_page), None)
    numbers = _numbers_here(pieces, known, book)
    heads = [(front or FRONT, "", "", front is not None, pieces[0].place, front or FRONT)]
    inside: list[list[Piece]] = [[]]
    for piece in pieces:
        heading = known.get(piece.place)
        if heading is None and piece.place not in apparent:
            inside[-1].append(piece)
            continue
        id_ = heading.section if heading else _new_id(piece, [head[0] for head in heads[1:]])
        name = _name_here(id_, numbers) if heading else id_
        heads.append((id_, piece.text, piece.number, heading is not None, piece.place, name))
        inside.append([])
    return tuple(
        SopSection(
            *head,
            tuple(Paragraph(head[0], n, piece.text, piece.place) for n, piece in enumerate(own, 1)),
        )
        for head, own in zip(heads, inside, strict=True)
        if own or head is not heads[0]
    )


def _numbers_here(
    pieces: Sequence[Piece], known: Mapping[int, Heading], book: Book
) -> Mapping[str, str]:
    """The last part of the number that the document prints for each section of the book whose name
    begins with its number, by the section: ``{'2 Trustees': '3', '4.7': '8'}``. Those of one
    number together are not below it, so that number alone has a part only if it is of one."""
    own = {s.headings[0].section: s.number for s in book.sections if s.headings}
    numbers: dict[str, str] = {}
    by_number: dict[str, list[str]] = defaultdict(list)
    for piece in pieces:
        heading = known.get(piece.place)
        if heading is None or not piece.number or not heading.printed:
            continue
        number = heading.section.partition(" ")[0]
        if heading.section != number and heading.section not in own:
            continue  # its number is that of the section that it is in
        meant = (number, own.get(heading.section, number))
        if _last_part(heading.printed) in map(_last_part, meant) and number[:1].isdigit():
            numbers[heading.section] = _last_part(piece.number)
            by_number[number].append(_last_part(piece.number))
    return {number: ones[0] for number, ones in by_number.items() if len(ones) == 1} | numbers


def _name_here(section: str, numbers: Mapping[str, str]) -> str:
    """A section of the book by its numbers in a document, and those of the sections around it."""
    number, space, words = section.partition(" ")
    parts = number.split(".")
    around = accumulate(parts, "{}.{}".format)
    here = [numbers.get(each, part) for each, part in zip(around, parts, strict=True)]
    here[-1] = numbers.get(section, here[-1])
    return f"{'.'.join(here)}{space}{words}"


def _last_part(number: str) -> str:
    return number.rpartition(".")[2]


def _new_id(piece: Piece, ids: Sequence[str]) -> str:
    """A section's id as book.yaml would write it: its number, or that of the section it is in."""
    above = next((match[0] for id_ in reversed(ids) if (match := re.match(r"[0-9.]+", id_))), "")
    id_ = f"{piece.number or above} {piece.text}".strip()
    count = sum(other == id_ or other.startswith(f"{id_} (") for other in ids)
    return f"{id_} ({count + 1})" if count else id_


def _missing_heading(heading: Heading, others: Sequence[str], file: str) -> SopProblem:
    close = nearest(heading.heading, others)
    instead = "Copy the heading exactly, or remove it if the section no longer exists."
    if close is not None:
        instead = f"Write '{close}' if that is its name now."
    return _heading_problem(heading, f"{file} has no such heading.", instead)


def _repeated_heading(heading: Heading, places: list[int], file: str, unit: str) -> SopProblem:
    return _heading_problem(
        heading,
        f"{file} has it {len(places)} times, at {unit}s {', '.join(map(str, places))}.",
        "Remove a list of contents from that file, or say in book.yaml which number is printed"
        " before it ('printed').",
    )


def _heading_problem(heading: Heading, message: str, instead: str) -> SopProblem:
    where = f"heading '{heading.heading}'"
    return SopProblem("book.yaml", where, heading.section, "heading", message, instead)
