"""The answers about the office's own sheets, kept in its folder until they are in office.yaml, so
that closing a window or the program loses none."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TypeAlias

from cli.outputs import write_over
from evidence.regular_file import MEGABYTE, read_form
from record.office.interview.own_sheets import OwnSheet
from record.office.interview.pages import MapPage
from record.office.own_files import HIDDEN

NAME = f"{HIDDEN}-answers.json"
_FORMAT = "dueregard-answers-1"
_MOST_BYTES = 16 * MEGABYTE

#: The answers to each page about a sheet.
Answers: TypeAlias = Sequence[Sequence[str]]


def key_of(own: OwnSheet) -> str:
    """What an address calls a sheet: the same letters for the same file and sheet."""
    text = json.dumps([own.book.file, own.proposal.sheet])
    return sha256(text.encode()).hexdigest()[:16]


def page_key(page: MapPage) -> str:
    """A digest of a page's questions: an answer to other questions is none to these."""
    asked = [[question.text, question.label] for question in page.questions]
    return sha256(json.dumps([page.title, asked]).encode()).hexdigest()[:16]


def answers_of(page: MapPage) -> list[str]:
    """The answers of a page that was answered."""
    return [question.answer for question in page.questions]


def kept_answers(folder: Path) -> Mapping[str, Answers]:
    """The answers about each sheet, by its key; none if there are none that can be read."""
    sheets = read_form(folder / NAME, _FORMAT, _MOST_BYTES).get("sheets")
    pairs = sheets.items() if isinstance(sheets, dict) else ()
    return {key: pages for key, pages in pairs if _are_answers(pages)}


def keep_answers(folder: Path, key: str, answers: Answers) -> None:
    """Keeps the answers about a sheet in place of those before. Raises Stop if they cannot be
    written."""
    sheets = {**kept_answers(folder), key: [list(page) for page in answers]}
    fields = {"format": _FORMAT, "sheets": {name: sheet for name, sheet in sheets.items() if sheet}}
    write_over({folder / NAME: json.dumps(fields, indent=1).encode() + b"\n"})


def _are_answers(pages: object) -> bool:
    return isinstance(pages, list) and all(
        isinstance(page, list) and all(isinstance(answer, str) for answer in page) for page in pages
    )
