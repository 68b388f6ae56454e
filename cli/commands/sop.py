"""dueregard sop: compares the SOP's text with the rules that encode it."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path, PurePath
from typing import Any

from cli.arguments import Commands, add_command
from cli.exits import NOTHING_OUTSTANDING, OUTSTANDING, STOPPED, Stop
from cli.inputs import (
    command_path,
    path_words,
    read_input,
    rulebook_in,
    rulebook_of,
    rulebook_option,
    with_rulebook,
)
from cli.outputs import (
    files_in,
    make_folder,
    must_be_free,
    must_replace_no_input,
    write_new,
    write_over,
)
from cli.say import say, width
from reports import words
from reports.sop import json as sop_json
from reports.sop import text as sop_text
from reports.sop.compare import compare_html
from reports.sop.to_do import to_do_text
from rules.draft import BOOK, PINS
from rules.editor import schema_line
from rules.load import FILE_BYTES, OWN_BOOK, read_book, read_folder, without_stale_pins
from rules.model import Book, Pin, Rulebook
from rules.sop.compare import TooDifferent, compare
from rules.sop.coverage import coverage
from rules.sop.document import Document
from rules.sop.pins import (
    Fingerprints,
    Pinning,
    all_pins,
    known_pins,
    pin,
    pin_exemptions,
    pins_text,
    unpinned,
    with_fingerprints,
)
from rules.sop.problem import describe
from rules.sop.to_do import ToDo, to_do
from rules.sop_files.read import read_sop

_JSON: Mapping[str, Any] = {"action": "store_true", "help": "print JSON, for another program"}


#: The name of the to-do list in the folder of drafts.
_LIST = "to-do.txt"


def add_to(commands: Commands) -> None:
    """Adds the command and its own commands."""
    command = commands.add_parser("sop", help="compare the SOP's text and the rules")
    kinds = command.add_subparsers(title="commands", required=True, metavar="COMMAND")
    about = "show the sections and paragraphs of a SOP"
    _add(kinds, "read", about, run_read, "FILE").add_argument("--json", **_JSON)
    pin = _add(kinds, "pin", "record which paragraph each rule cites", run_pin, "FILE")
    pin.add_argument(
        "--accept", action="store_true", help="also record paragraphs whose text has changed"
    )
    about = "list the sentences that require something and have no rule"
    covering = _add(kinds, "coverage", about, run_coverage, "FILE")
    covering.add_argument(
        "--all", action="store_true", help="list every sentence that requires something"
    )
    covering.add_argument("--json", **_JSON)
    about = "show what changed in the SOP, and which duties are affected"
    comparing = _add(kinds, "compare", about, run_compare, "OLD", "NEW")
    comparing.add_argument("--json", **_JSON)
    comparing.add_argument("--html", metavar="OUT", type=Path, help="also write a web page")
    about = "also write the to-do list, and each draft of a rule, as files in a new folder"
    comparing.add_argument("--write", metavar="FOLDER", type=Path, help=about)


def _add(
    kinds: Commands, name: str, about: str, run: Callable[[argparse.Namespace], int], *files: str
) -> argparse.ArgumentParser:
    command = add_command(kinds, name, about, run)
    for file in files:
        command.add_argument(file.lower(), metavar=file, type=Path, help=".txt, .md or .docx")
    command.add_argument("--rulebook", metavar="FOLDER", type=Path, help="another rulebook")
    return command


def run_read(options: argparse.Namespace) -> int:
    """Shows the document as it was read; 2 if it is no version that the rulebook lists, or lacks
    headings of the rulebook."""
    folder = options.rulebook or OWN_BOOK
    files = read_folder(folder)
    loaded = files if isinstance(files, tuple) else read_book(files, begun=True)
    document = document_of(options.file, rulebook_of(folder, loaded).book)
    say(sop_json.read_json(document) if options.json else sop_text.read_text(document, width()))
    return STOPPED if document.all_problems else NOTHING_OUTSTANDING


def run_pin(options: argparse.Namespace) -> int:
    """Writes missing pins; 2 if a paragraph differs from its pin and that was not accepted, or if a
    citation is not in the document."""
    rulebook, stale = _with_stale_pins(options.rulebook or OWN_BOOK)
    document = document_of(options.file, rulebook.book)
    if document.no_version is not None:
        raise Stop(describe(document.no_version))
    pinning = pin(rulebook, document, accept=options.accept)
    exempting = pin_exemptions(rulebook, document, accept=options.accept)
    folder = options.rulebook or OWN_BOOK
    write_over(_pin_files(folder, rulebook, pinning, exempting, renewed=bool(stale)))
    lines = _pin_lines(rulebook, pinning, exempting, accept=options.accept)
    if stale:
        lines.append("Removed, because book.yaml names no such version or section of the SOP:")
        lines += [f"  version {version}: {old.section}, '{old.phrase}'" for version, old in stale]
    pinned = rulebook.model_copy(update={"pins": all_pins(rulebook, pinning)})
    broken = unpinned(pinned, document)
    lines += ["Not pinned:", *(f"  {describe(problem)}" for problem in broken)] if broken else []
    say(with_rulebook("\n".join(lines), options.rulebook))
    incomplete = broken or (not options.accept and (pinning.changed or exempting.changed))
    return STOPPED if incomplete else NOTHING_OUTSTANDING


def run_coverage(options: argparse.Namespace) -> int:
    """Says what the rules or the SOP leave out; 2 if there is anything."""
    rulebook = rulebook_in(options.rulebook)
    result = coverage(rulebook, document_of(options.file, rulebook.book))
    text = sop_text.coverage_text(rulebook, result, every=options.all)
    text = with_rulebook(text, options.rulebook)
    say(sop_json.coverage_json(result) if options.json else text)
    return STOPPED if result.problems else NOTHING_OUTSTANDING


def run_compare(options: argparse.Namespace) -> int:
    """Says what changed between two versions; 1 if there is any change."""
    if options.html is not None:
        versions = {"one of the two versions": [options.old, options.new]}
        rules = {"a file of the rulebook": files_in(options.rulebook or OWN_BOOK)}
        must_replace_no_input([("--html", options.html)], versions | rules)
    folder = options.rulebook or OWN_BOOK
    if options.write is not None and options.write.resolve().is_relative_to(folder.resolve()):
        raise Stop(
            f"Nothing was done: {path_words(options.write, '--write')} is in the folder of the "
            "rulebook, where drafts would be read as rules. Give another folder."
        )
    rulebook = rulebook_in(options.rulebook)
    old, new = (document_of(path, rulebook.book) for path in (options.old, options.new))
    try:
        result = compare(rulebook, old, new)
    except TooDifferent:
        both = f"{path_words(options.old)} and {path_words(options.new)}"
        raise Stop(
            f"{both} have too little in common to be compared: give two versions of one SOP."
        ) from None
    tasks = to_do(rulebook, result)
    named = command_path(options.rulebook) if rulebook_option(options.rulebook) else ""
    if options.html is not None:
        write_over({options.html: compare_html(rulebook, result, tasks, named)})
    lines = to_do_text(rulebook, tasks, old, new, width(), named) if result.changed else ""
    text = sop_text.compare_text(rulebook, result, width())
    written = _write_drafts(options.write, tasks, lines) if options.write and lines else []
    if options.json:
        say(sop_json.compare_json(rulebook, result, tasks))
    else:
        parts = [text, lines, "\n".join(f"Saved: {path}" for path in written)]
        say("\n\n".join(filter(None, parts)))
    return OUTSTANDING if result.changed else NOTHING_OUTSTANDING


def _write_drafts(folder: Path, tasks: ToDo, lines: str) -> list[Path]:
    """Writes the list and each draft, none over another file. Raises Stop if one is there."""
    files = {folder / _LIST: f"{lines}\n"}
    files |= {folder / PurePath(draft.file).name: draft.text for draft in tasks.drafts}
    for path in files:
        must_be_free(path)
    make_folder(folder, "--write")
    for path, content in files.items():
        write_new(path, content.encode("utf-8"))
    return list(files)


def document_of(path: Path, book: Book) -> Document:
    """The SOP in a file. Raises Stop if it cannot be read."""
    read = read_sop(path, book)
    if isinstance(read, Document):
        return read
    raise Stop(describe(read).rstrip())


def _with_stale_pins(folder: Path) -> tuple[Rulebook, tuple[tuple[str, Pin], ...]]:
    """The rulebook in a folder with those of its pins that are of versions and sections of the SOP
    in book.yaml, and the other pins with their versions. Raises Stop with every other problem."""
    files = read_folder(folder)
    if isinstance(files, tuple):
        return rulebook_of(folder, files), ()
    others, pins = without_stale_pins(files)
    rulebook = read_book(others)
    loaded = read_book(files)
    if isinstance(loaded, Rulebook) or not isinstance(rulebook, Rulebook) or pins is None:
        return rulebook_of(folder, loaded), ()
    kept, stale = known_pins(rulebook, pins.versions)
    if not stale:  # the pins have another error
        return rulebook_of(folder, loaded), ()
    return rulebook.model_copy(update={"pins": kept}), stale


def _pin_files(
    folder: Path,
    rulebook: Rulebook,
    pinning: Pinning,
    exempting: Fingerprints,
    *,
    renewed: bool,
) -> Mapping[Path, bytes]:
    """The files of the rulebook to write, with their bytes. Pins that are ``renewed`` are written
    in any case."""
    files: dict[Path, bytes] = {}
    pins = all_pins(rulebook, pinning)
    if renewed or pins != rulebook.pins:
        path = folder / PINS
        first = schema_line(read_input(path, FILE_BYTES)) if path.is_file() else b""
        files[path] = first + pins_text(pins).encode("utf-8")
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


def _pin_lines(
    rulebook: Rulebook, pinning: Pinning, exempting: Fingerprints, *, accept: bool
) -> list[str]:
    new = len(pinning.made) + len(exempting.made)
    changed = len(pinning.changed) + len(exempting.changed)
    several = len(rulebook.book.sop.versions) > 1
    version = f"Version {pinning.version} of the SOP: " if several else ""
    carried = f", {len(pinning.carried)} as in the previous version" if pinning.carried else ""
    lines = [f"{version}{len(pinning.pins)} pinned; {new} new{carried}."]
    if changed:
        left = "has changed and was left as it is"
        if changed > 1:
            left = "have changed and were left as they are"
        result = "pinned again" if accept else left
        lines[0] += f" {changed} {result}:"
        lines += [f"  {old.section}, '{old.phrase}'" for old, _ in pinning.changed]
        lines += [f"  {old.section}, '{old.phrase}' (exempt)" for old in exempting.changed]
    moved = Counter((pin.section, pin.found_in) for pin in pinning.carried if pin.found_in)
    if moved:
        lines.append("Found in another section, or under another number:")
        lines += [
            f"  {section}, now {found_in}: {words.count(count, 'citation')}"
            for (section, found_in), count in moved.items()
        ]
    if pinning.dropped:
        lines.append("Removed, because nothing cites them:")
        lines += [f"  {old.section}, '{old.phrase}'" for old in pinning.dropped]
    return lines
