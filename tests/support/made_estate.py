"""Made-up estates: bodies of many sizes, some with a rulebook or a mapping of their own, and a few
of them broken in one of ten ways."""

from __future__ import annotations

import datetime
import os
import shutil
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from cli.estate_body import OfficeInputs, find_inputs
from estate.bodies import Failure
from examples.office.kinds import KINDS, write_office
from rules.load import OWN_BOOK, is_case_file
from tests.support import desk_office
from tests.support import file_builders as made
from tests.support.needs import ROOT

#: In an estate of many bodies, one of so many is broken: two in a hundred.
BROKEN_OF = 50
#: One of so many has a rulebook of its own, and one a mapping.
_OWN_BOOK_OF, _MAPPED_OF = 20, 25

#: The numbers of people of the workbooks that are made, each of which many bodies share.
SIZES = (5, 8, 12, 18, 27, 40, 60, 90, 140, 210, 320, 500)

EVIDENCE = "evidence.xlsx"
_OFFICE = "version: 1\noffice: {name}\nevidence: [{evidence}]\n"
_TOO_LARGE = 101 * 1024 * 1024


def find_inputs_or_die(folder: Path, as_of: datetime.date) -> OfficeInputs:
    """The inputs of a body, except that one with a file `crash` ends the process, and one with a
    file `hang` never comes back."""
    if (folder / "crash").exists():
        os.kill(os.getpid(), signal.SIGKILL)
    if (folder / "hang").exists():
        time.sleep(3600)
    return find_inputs(folder, as_of)


def _rewrite(folder: Path, old: str, new: str) -> None:
    path = folder / "office.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def _too_large(folder: Path) -> None:
    with (folder / EVIDENCE).open("r+b") as file:
        file.truncate(_TOO_LARGE)  # a hole, which takes no room


def _link_outside(folder: Path) -> None:
    outside = folder.parent.parent / f"outside-{folder.name}.xlsx"
    (folder / EVIDENCE).replace(outside)
    (folder / EVIDENCE).symlink_to(outside)


def _no_rulebook(folder: Path) -> None:
    _rewrite(folder, "rulebook: rules\n", "")
    _rewrite(folder, "evidence:", "rulebook: our-rules\nevidence:")


#: How to break a body, and the failure that it then is.
WAYS: Mapping[str, tuple[Failure, Callable[[Path], object]]] = {
    "missing": (Failure.MISSING, lambda folder: (folder / EVIDENCE).unlink()),
    "not-a-workbook": (
        Failure.UNREADABLE,
        lambda folder: (folder / EVIDENCE).write_bytes(b"no workbook"),
    ),
    "locked": (
        Failure.LOCKED,
        lambda folder: (folder / EVIDENCE).write_bytes(
            made.compound({"EncryptionInfo": b"x", "EncryptedPackage": b"y" * 5000})
        ),
    ),
    "misspelt": (Failure.OFFICE_FILE, lambda folder: _rewrite(folder, "evidence:", "evidnce:")),
    "later": (Failure.OFFICE_FILE, lambda folder: _rewrite(folder, "version: 1", "version: 2")),
    "outside": (Failure.OUTSIDE, _link_outside),
    "crash": (Failure.CRASH, lambda folder: (folder / "crash").touch()),
    "hang": (Failure.TIME_LIMIT, lambda folder: (folder / "hang").touch()),
    "too-large": (Failure.TOO_LARGE, _too_large),
    "no-rulebook": (Failure.RULEBOOK, _no_rulebook),
}


def make_estate(folder: Path, count: int, workbooks: Path) -> None:
    """Makes so many bodies of 5 to 500 people in a folder. The workbooks are made once in another.
    Those of :func:`broken_in` are broken."""
    books = [_workbook(workbooks, size) for size in SIZES]
    mapped = ROOT / "tests" / "offices" / "training-matrix"
    for number in range(count):
        body = folder / _name(number)
        if number % _MAPPED_OF == 7:  # none of the broken ones
            shutil.copytree(mapped, body)
            continue
        body.mkdir(parents=True)
        shutil.copyfile(books[number * 7 % len(books)], body / EVIDENCE)
        _write_office(body, number)
        if number % _OWN_BOOK_OF == 3:
            _copy_rulebook(body)
        if way := _way(number):
            WAYS[way][1](body)


def broken_in(count: int) -> dict[str, Failure]:
    """The names of the broken bodies among so many, with how each fails."""
    return {_name(number): WAYS[way][0] for number in range(count) if (way := _way(number))}


def _name(number: int) -> str:
    return f"body-{number:05}"


def _way(number: int) -> str:
    """How the body of a number is broken; '' for one that is whole."""
    whole = number % BROKEN_OF != BROKEN_OF // 2
    return "" if whole else list(WAYS)[number // BROKEN_OF % len(WAYS)]


def make_small_estate(folder: Path, count: int) -> None:
    """Makes so many bodies with the small rulebook, of one person each."""
    for number in range(count):
        make_small_body(folder / _name(number), number)


def make_small_body(body: Path, number: int = 0) -> None:
    """Makes a body with the small rulebook."""
    body.mkdir(parents=True)
    (body / EVIDENCE).write_bytes(desk_office.workbook())
    shutil.copytree(desk_office.BOOK, body / "rules")
    _write_office(body, number)
    _rewrite(body, "evidence:", "rulebook: rules\nevidence:")


def _write_office(body: Path, number: int) -> None:
    text = _OFFICE.format(name=f"Office {number}", evidence=EVIDENCE)
    (body / "office.yaml").write_text(text, encoding="utf-8")


def _copy_rulebook(body: Path) -> None:
    def cases(_: str, names: list[str]) -> list[str]:
        return [name for name in names if is_case_file(name) or name.startswith("__")]

    shutil.copytree(OWN_BOOK, body / "rules", ignore=cases)
    book = body / "rules" / "book.yaml"
    text = book.read_text(encoding="utf-8")
    book.write_text(text.replace("\ntitle: ", "\ntitle: Our own "), encoding="utf-8")
    _rewrite(body, "evidence:", "rulebook: rules\nevidence:")


def _workbook(folder: Path, size: int) -> Path:
    path = folder / f"office-{size}.xlsx"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        write_office(path, "large", replace(KINDS["large"].size, staff=size, training=None), size)
    return path
