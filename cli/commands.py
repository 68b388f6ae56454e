"""The commands, and what each may be given."""

from __future__ import annotations

import argparse

from cli import check, rules, sop, template


def parser() -> argparse.ArgumentParser:
    """The commands and their options; ``run`` of what it parses is what to call with it."""
    made = argparse.ArgumentParser(
        prog="dueregard",
        description="Checks an office's evidence against the duties of its Prevent duty SOP.",
    )
    commands = made.add_subparsers(title="commands", required=True, metavar="COMMAND")
    check.add_to(commands)
    template.add_to(commands)
    rules.add_to(commands)
    sop.add_to(commands)
    return made
