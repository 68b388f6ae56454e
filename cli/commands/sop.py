"""dueregard sop: the SOP's own text, beside the rules that encode it."""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Mapping
from pathlib import Path

from cli.arguments import Commands
from cli.exits import NOTHING_OUTSTANDING, OUTSTANDING, STOPPED, Stop
from cli.inputs import named, read_input, rulebook_in
from cli.outputs import files_in, must_replace_no_input, write_over
from cli.say import say
from reports.sop import json as sop_json
from reports.sop import text as sop_text
from reports.sop.compare import compare_html
from rules.draft import BOOK, PINS
from rules.load import FILE_BYTES, OWN_BOOK
from rules.model import Book, Rulebook
from rules.sop.compare import TooDifferent, compare
from rules.sop.coverage import coverage
from rules.sop.document import Document
from rules.sop.pins import (
    Fingerprints,
    Pinning,
    pin,
    pin_exemptions,
    pins_text,
    unpinned,
    with_fingerprints,
)
from rules.sop.problem import describe
from rules.sop_files.read import read_sop


def add_to(commands: Commands) -> None:
    """Adds the command and its own commands."""
    made = commands.add_parser("sop", help="compare the SOP's text and the rules")
    kinds = made.add_subparsers(title="commands", required=True, metavar="COMMAND")
    read = _add(kinds, "read", "show the sections and paragraphs of a SOP", "FILE")
    read.add_argument("--json", action="store_true", help="print JSON, for another program")
    read.set_defaults(run=run_read)
    pinned = _add(kinds, "pin", "record which paragraph each rule cites", "FILE")
    pinned.add_argument(
        "--accept", action="store_true", help="also record paragraphs whose text has changed"
    )
    pinned.set_defaults(run=run_pin)
    covered = _add(
        kinds, "coverage", "list the sentences that require something and have no rule", "FILE"
    )
    covered.add_argument(
        "--all", action="store_true", help="list every sentence that requires something"
    )
    covered.add_argument("--json", action="store_true", help="print JSON, for another program")
    covered.set_defaults(run=run_coverage)
    compared = _add(
        kinds,
        "compare",
        "show what changed in the SOP, and which duties are affected",
        "OLD",
        "NEW",
    )
    compared.add_argument("--json", action="store_true", help="print JSON, for another program")
    compared.add_argument("--html", metavar="OUT", type=Path, help="also write a web page")
    compared.set_defaults(run=run_compare)


def _add(kinds: Commands, name: str, what: str, *files: str) -> argparse.ArgumentParser:
    made = kinds.add_parser(name, help=what)
    for file in files:
        made.add_argument(file.lower(), metavar=file, type=Path, help=".txt, .md or .docx")
    made.add_argument("--rulebook", metavar="FOLDER", type=Path, help="another rulebook")
    return made


def run_read(asked: argparse.Namespace) -> int:
    """Shows the document as it was read; 2 where headings of the rulebook are not there."""
    document = _document(asked.file, rulebook_in(asked.rulebook).book)
    say(sop_json.read_json(document) if asked.json else sop_text.read_text(document, _width()))
    return STOPPED if document.problems else NOTHING_OUTSTANDING


def run_pin(asked: argparse.Namespace) -> int:
    """Writes what is not pinned yet; 2 where a paragraph differs from its pin and that was not
    accepted, or where a citation stands nowhere."""
    rulebook = rulebook_in(asked.rulebook)
    document = _document(asked.file, rulebook.book)
    pinning = pin(rulebook, document, accept=asked.accept)
    exempting = pin_exemptions(rulebook, document, accept=asked.accept)
    write_over(_pin_files(asked.rulebook or OWN_BOOK, rulebook, pinning, exempting))
    lines = _pin_lines(pinning, exempting, accept=asked.accept)
    broken = unpinned(rulebook, document)
    lines += ["Not pinned:", *(f"  {describe(each)}" for each in broken)] if broken else []
    say("\n".join(lines))
    left = broken or (not asked.accept and (pinning.changed or exempting.changed))
    return STOPPED if left else NOTHING_OUTSTANDING


def run_coverage(asked: argparse.Namespace) -> int:
    """Says what is left out of the SOP or of the rules; 2 where anything is."""
    rulebook = rulebook_in(asked.rulebook)
    found = coverage(rulebook, _document(asked.file, rulebook.book))
    text = sop_text.coverage_text(rulebook, found, every=asked.all)
    say(sop_json.coverage_json(found) if asked.json else text)
    return STOPPED if found.problems else NOTHING_OUTSTANDING


def run_compare(asked: argparse.Namespace) -> int:
    """Says what changed between two versions; 1 where anything did."""
    if asked.html is not None:
        versions = {"one of the two versions": [asked.old, asked.new]}
        rules = {"a file of the rulebook": files_in(asked.rulebook or OWN_BOOK)}
        must_replace_no_input([("--html", asked.html)], versions | rules)
    rulebook = rulebook_in(asked.rulebook)
    old, new = (_document(path, rulebook.book) for path in (asked.old, asked.new))
    try:
        found = compare(rulebook, old, new)
    except TooDifferent:
        raise Stop(
            f"{named(asked.old)} and {named(asked.new)} have too little in common to be compared:"
            " give two versions of one SOP."
        ) from None
    if asked.html is not None:
        write_over({asked.html: compare_html(rulebook, found)})
    text = sop_text.compare_text(rulebook, found, _width())
    say(sop_json.compare_json(rulebook, found) if asked.json else text)
    return OUTSTANDING if found.changed else NOTHING_OUTSTANDING


def _document(path: Path, book: Book) -> Document:
    read = read_sop(path, book)
    if isinstance(read, Document):
        return read
    raise Stop(describe(read).rstrip())


def _width() -> int:
    return shutil.get_terminal_size((100, 24)).columns


def _pin_files(
    folder: Path, rulebook: Rulebook, pinning: Pinning, exempting: Fingerprints
) -> Mapping[Path, bytes]:
    """The files of the rulebook that are to be written anew."""
    files: dict[Path, bytes] = {}
    if pinning.pins != rulebook.pins:
        files[folder / PINS] = pins_text(pinning.pins).encode("utf-8")
    if exempting.write:
        try:
            data = read_input(folder / BOOK, FILE_BYTES)
            files[folder / BOOK] = with_fingerprints(data, exempting.write)
        except ValueError as error:
            raise Stop(
                f"{folder / BOOK}: the fingerprints could not be added ({error}). Write each "
                "key of an exemption on a line of its own. Nothing was written."
            ) from None
    return files


def _pin_lines(pinning: Pinning, exempting: Fingerprints, *, accept: bool) -> list[str]:
    made = len(pinning.made) + len(exempting.made)
    changed = len(pinning.changed) + len(exempting.changed)
    lines = [f"{len(pinning.pins)} pinned; {made} new."]
    if changed:
        lines[0] += (
            f" {changed} {'pinned again' if accept else 'have changed and were left as they are'}:"
        )
        lines += [f"  {old.section}, '{old.phrase}'" for old, _ in pinning.changed]
        lines += [f"  {each.section}, '{each.phrase}' (exempt)" for each in exempting.changed]
    if pinning.dropped:
        lines.append("Removed, because nothing cites them:")
        lines += [f"  {each.section}, '{each.phrase}'" for each in pinning.dropped]
    return lines
