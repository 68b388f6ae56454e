"""The pieces of a document given to the sections that book.yaml names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rules.hint import nearest
from rules.model import Book, Heading
from rules.sop.document import FRONT, Paragraph, SopSection
from rules.sop.normal import plain
from rules.sop.problem import SopProblem
from rules.sop_files.pieces import Piece, looks_like_heading


@dataclass(frozen=True, slots=True)
class Known:
    """The headings that book.yaml names, by the place of the piece that is each; those that stand
    nowhere, and those that stand too often, with where."""

    at: Mapping[int, Heading]
    missing: tuple[Heading, ...]
    twice: tuple[tuple[Heading, tuple[int, ...]], ...]


def named_headings(book: Book) -> tuple[Heading, ...]:
    """Every heading that book.yaml names, those without duties too."""
    return (
        *(heading for section in book.sections for heading in section.headings),
        *book.other_headings,
    )


def heading_words(book: Book) -> frozenset[str]:
    """The normal forms of all headings' words."""
    return frozenset(
        plain(heading.heading) for heading in named_headings(book) if not heading.front_page
    )


def find_known(pieces: Sequence[Piece], book: Book) -> Known:
    """Which pieces are headings that book.yaml names. Each is found by its words; where several
    have the same words, by the number printed before them, and then by their order in book.yaml."""
    at: dict[str, list[Piece]] = defaultdict(list)
    for piece in pieces:
        if piece.alone and piece.kind != "row" and (piece.number or not piece.marker):
            at[plain(piece.text).removesuffix(":")].append(piece)
    wanted: dict[str, list[Heading]] = defaultdict(list)
    for heading in named_headings(book):
        if not heading.front_page:
            wanted[plain(heading.heading)].append(heading)
    sure = [at[words][0].place for words in wanted if len(at[words]) == 1]
    known: dict[int, Heading] = {}
    missing, twice = [], []
    for words, headings in wanted.items():
        held = _likeliest(at[words], headings, min(sure, default=0))
        known.update(
            {p.place: h for p, h in zip(_in_order(held, headings), headings, strict=False)}
        )
        missing += headings[len(held) :]
        if len(held) > len(headings):
            twice.append((headings[-1], tuple(each.place for each in held)))
    return Known(known, tuple(missing), tuple(twice))


def _likeliest(held: list[Piece], headings: Sequence[Heading], first: int) -> list[Piece]:
    """Where there are too many: those with the right number, those that the file says are headings,
    or those behind the front page (which ends at ``first`` or before), if that leaves as many
    as are needed."""
    numbers = {heading.printed for heading in headings}
    for fits in (
        lambda each: each.number in numbers,
        lambda each: each.styled,
        lambda each: each.place > first,
    ):
        chosen = [each for each in held if fits(each)]
        if len(held) > len(headings) == len(chosen):
            return chosen
    return held


def _in_order(held: list[Piece], headings: Sequence[Heading]) -> list[Piece]:
    """The pieces in the order of the headings that they are: by number, where all have one."""
    numbers = [heading.printed or "" for heading in headings]
    if sorted(each.number for each in held) == sorted(numbers):
        return sorted(held, key=lambda each: (numbers.index(each.number), each.place))
    return held


def find_apparent(pieces: Sequence[Piece], known: Known) -> frozenset[int]:
    """The places of what looks like a heading and is none that book.yaml names. Numbered pieces
    one after the other are a list; on the front page only numbered ones are headings."""
    first = next((i for i, each in enumerate(pieces) if each.place in known.at), len(pieces))
    kept = set()
    for index, each in enumerate(pieces):
        if each.place in known.at or not (each.styled or looks_like_heading(each)):
            continue
        beside = [*pieces[max(index - 1, 0) : index], *pieces[index + 1 : index + 2]]
        listed = any(p.place not in known.at and _is_listed(each, p) for p in beside)
        on_front = index < first and not each.number
        if not on_front and (each.styled or not (each.number and listed)):
            kept.add(each.place)
    return frozenset(kept)


def _is_listed(each: Piece, other: Piece) -> bool:
    """Whether two numbered pieces, one below the other, are of one list: both stand as headings do,
    or a page's end parts one from the list in which it is the next."""
    if not other.number or other.alone:
        return bool(other.number)
    numbers = (each.number, other.number)
    return all(n.isdigit() for n in numbers) and abs(int(numbers[0]) - int(numbers[1])) == 1


def divide(
    pieces: Sequence[Piece], known: Known, apparent: frozenset[int], book: Book
) -> tuple[SopSection, ...]:
    """The sections of a document, in its order; a front page only where something stands on it."""
    front = next((heading.section for heading in named_headings(book) if heading.front_page), None)
    heads: list[tuple[str, str, str, bool, int]] = []
    held: list[list[Piece]] = [[]]
    for each in pieces:
        heading = known.at.get(each.place)
        if heading is not None:
            heads.append((heading.section, each.text, each.number, True, each.place))
        elif each.place in apparent:
            id_ = _new_id(each, [head[0] for head in heads])
            heads.append((id_, each.text, each.number, False, each.place))
        else:
            held[-1].append(each)
            continue
        held.append([])
    if held[0]:
        heads.insert(0, (front or FRONT, "", "", front is not None, held[0][0].place))
    else:
        del held[0]
    return tuple(
        SopSection(
            *head,
            paragraphs=tuple(
                Paragraph(head[0], number, each.text, each.place)
                for number, each in enumerate(inside, 1)
            ),
        )
        for head, inside in zip(heads, held, strict=True)
    )


def _new_id(each: Piece, taken: Sequence[str]) -> str:
    """A section's id as book.yaml would write it: its number, or that of the section it is in."""
    above = next((found[0] for id_ in reversed(taken) if (found := re.match(r"[0-9.]+", id_))), "")
    id_ = f"{each.number or above} {each.text}".strip()
    count = sum(other == id_ or other.startswith(f"{id_} (") for other in taken)
    return f"{id_} ({count + 1})" if count else id_


def heading_problems(
    known: Known, others: Sequence[str], file: str, unit: str
) -> tuple[SopProblem, ...]:
    """What is wrong with the headings that book.yaml names, for the document ``file``; ``others``
    are the words of its other headings, ``unit`` is what its places count."""
    problems: list[SopProblem] = []
    for heading in known.missing:
        close = nearest(heading.heading, others)
        instead = (
            f"Write '{close}' if that is its name now."
            if close is not None
            else "Copy the heading exactly, or remove it if the section no longer exists."
        )
        problems.append(_problem(heading, f"{file} has no such heading.", instead))
    for heading, places in known.twice:
        listed = ", ".join(map(str, places))
        instead = (
            "Remove a list of contents from that file, or say in book.yaml which number is printed"
            " before it ('printed')."
        )
        message = f"{file} has it {len(places)} times, at {unit}s {listed}."
        problems.append(_problem(heading, message, instead))
    return tuple(problems)


def _problem(heading: Heading, message: str, instead: str) -> SopProblem:
    where = f"heading '{heading.heading}'"
    return SopProblem("book.yaml", where, heading.section, "heading", message, instead)
