"""Writes the workbook of a made-up office: python -m examples.office OUT.xlsx --kind example."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from examples.office.book import kept_sheets, plain_sheets, with_faults
from examples.office.build import Size, build
from examples.office.faults import EXAMPLE_FAULTS, spoil
from examples.office.write import write_kept, write_plain

EXAMPLE = Size(staff=60, training=None, monthly=1, care=1.0)
LARGE = Size(staff=20_000, training=100_000, monthly=10, care=0.97)


def write_office(path: Path, kind: str, size: Size, seed: int) -> None:
    """Writes an office of that kind. ``example``: kept by hand, with everything that a check must
    see. ``large``: values alone, and nothing wrong but late and missing training."""
    office = build(size, seed)
    if kind == "example":
        spoil(office, EXAMPLE_FAULTS)
        write_kept(with_faults(kept_sheets(office)), path)
    else:
        write_plain(plain_sheets(office), path)


def main(arguments: Sequence[str] | None = None) -> None:
    """Reads the command line and writes the workbook."""
    parser = argparse.ArgumentParser(prog="python -m examples.office", description=__doc__)
    parser.add_argument("out", type=Path, help="the workbook to write")
    parser.add_argument("--kind", choices=("example", "large"), default="example")
    parser.add_argument("--staff", type=int, help="how many people; as the kind has if left out")
    parser.add_argument("--training-rows", type=int, help="how many rows of training")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    whole = EXAMPLE if asked.kind == "example" else LARGE
    staff = asked.staff or whole.staff
    training = asked.training_rows or (whole.training if staff == whole.staff else None)
    try:
        size = Size(staff, training, whole.monthly, whole.care)
        write_office(asked.out, asked.kind, size, asked.seed)
    except ValueError as error:
        parser.error(str(error))


if __name__ == "__main__":
    main()
