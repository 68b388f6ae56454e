"""The kinds of office that can be made, and how each is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from examples.office.book import kept_sheets, plain_sheets, with_faults
from examples.office.build import Size, build
from examples.office.faults import EXAMPLE_FAULTS, spoil
from examples.office.made import Office
from examples.office.neglected import neglect
from examples.office.spotless import ahead
from examples.office.write import write_kept, write_plain

EXAMPLE = Size(staff=60, training=None, monthly=1, care=1.0)
SPOTLESS = Size(staff=60, training=None, monthly=1, care=1.0, ahead=True)
LARGE = Size(staff=20_000, training=100_000, monthly=10, care=0.97)


def _example(office: Office) -> None:
    spoil(office, EXAMPLE_FAULTS)


def _as_it_is(office: Office) -> None:
    """Nothing is changed."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of office: its size unless another is asked for, what is changed in it once it was
    built, and whether its workbook is kept by hand, with what goes wrong with sheets."""

    about: str
    size: Size
    change: Callable[[Office], None]
    kept: bool = False


KINDS: Mapping[str, Kind] = {
    "example": Kind("kept by hand, with all that a check must see", EXAMPLE, _example, kept=True),
    "spotless": Kind("everything met, nothing even due", SPOTLESS, ahead),
    "neglected": Kind("little done since the middle of 2025", EXAMPLE, neglect),
    "large": Kind("of any size; nothing wrong but late and missing training", LARGE, _as_it_is),
}


def rows_of(kind: str, size: Size, seed: int) -> Office:
    """The rows of an office of that kind. Raises ValueError where it has too few people for it."""
    office = build(size, seed)
    KINDS[kind].change(office)
    return office


def write_office(path: Path, kind: str, size: Size, seed: int) -> None:
    """Writes the workbook of an office of that kind: one kept by hand, or of values alone."""
    office = rows_of(kind, size, seed)
    if KINDS[kind].kept:
        write_kept(with_faults(kept_sheets(office)), path)
    else:
        write_plain(plain_sheets(office), path)
