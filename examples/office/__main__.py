"""Writes the workbook of a made-up office: python -m examples.office OUT.xlsx --kind example."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from examples.office.build import Size
from examples.office.kinds import KINDS, write_office


def main(arguments: Sequence[str] | None = None) -> None:
    """Reads the command line and writes the workbook."""
    parser = argparse.ArgumentParser(prog="python -m examples.office", description=__doc__)
    parser.add_argument("out", type=Path, help="the workbook to write")
    about = "; ".join(f"{name}: {kind.about}" for name, kind in KINDS.items())
    parser.add_argument("--kind", choices=KINDS, default="example", help=about)
    parser.add_argument("--staff", type=int, help="how many people; as the kind has if left out")
    parser.add_argument("--training-rows", type=int, help="how many rows of training")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    try:
        size = _size(KINDS[asked.kind].size, asked.staff, asked.training_rows)
        write_office(asked.out, asked.kind, size, asked.seed)
    except ValueError as error:
        parser.error(str(error))


def _size(whole: Size, staff: int | None, training: int | None) -> Size:
    """The kind's own size, or another; the rows of training that people make are all that there
    are, unless as many are asked for. Raises ValueError where there is nobody."""
    if staff is None:
        return replace(whole, training=training or whole.training)
    if staff < 1:
        raise ValueError("there must be one person at least")
    own = whole.training if staff == whole.staff else None
    return replace(whole, staff=staff, training=training or own)


if __name__ == "__main__":
    main()
