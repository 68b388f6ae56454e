"""What a command may be told of the ledger."""

from __future__ import annotations

import argparse
from pathlib import Path

#: What the ledger is called where no other name is given.
NAME = "dueregard-ledger.sqlite"
NONE = "none"


def add_ledger_to(command: argparse.ArgumentParser) -> None:
    """Adds the option of the commands that look at a ledger."""
    command.add_argument(
        "--ledger", metavar="FILE", type=Path, default=Path(NAME), help=f"the ledger ({NAME})"
    )


def add_by_to(command: argparse.ArgumentParser) -> None:
    """Adds the option that says who does it."""
    command.add_argument("--by", metavar="NAME", help="who does this (the system's user name)")


def add_check_options_to(command: argparse.ArgumentParser) -> None:
    """Adds what a check may be told of the ledger."""
    command.add_argument(
        "--ledger",
        metavar="FILE",
        help=f"the ledger to enter the check in, or none ({NAME} beside the folder of reports)",
    )
    add_by_to(command)
