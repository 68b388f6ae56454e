"""dueregard rules impact: what a change to the rules does to the statuses of the same evidence."""

from __future__ import annotations

import argparse
from pathlib import Path

from cli.arguments import Commands, add_command
from cli.check_steps import program_and_judge, today
from cli.evidence_input import find_files, say_passed_over
from cli.exits import NOTHING_OUTSTANDING, Stop
from cli.inputs import command_path, must_be_read, path_words, rulebook_in
from cli.ledger_entry import day_of
from cli.office_folder import Office, office_in
from cli.outputs import files_in, must_replace_no_input, write_into
from cli.say import say, width
from engine.impact.impact import ImpactRequest, impact
from engine.proof.phrases import day_words
from evidence.filenames import by_name, repeated_names
from evidence.files.apart import opened
from evidence.read import read_books
from evidence.table import Evidence
from record.office.evidence_files import EvidenceFiles
from reports.impact.json import impact_json
from reports.impact.page import impact_html
from reports.impact.text import impact_text
from rules.load import OWN_BOOK
from rules.model import Rulebook

_PAGE, _JSON = "impact.html", "impact.json"


def add_to(kinds: Commands) -> None:
    """Adds the command to those of `dueregard rules`."""
    about = "compare a changed rulebook with the old one over the same evidence"
    add = add_command(kinds, "impact", about, run_impact).add_argument
    add("new", metavar="NEW", type=Path, help="the folder of the changed rulebook")
    evidence = "workbooks, CSV files, folders and patterns (default: those in office.yaml)"
    add("evidence", metavar="EVIDENCE", type=Path, nargs="*", default=[], help=evidence)
    old = "the rulebook to compare with (default: that of office.yaml, or the program's own)"
    add("--old", metavar="FOLDER", type=Path, help=old)
    days = (
        "a day to compare, once or more often (default: today, the last 12 ends of months, the "
        "next 12, and the first two days of each version that differs)"
    )
    add("--as-of", metavar="DAY", action="append", default=[], help=days)
    add("--today", metavar="DAY", help="the day that counts as today (default: today)")
    begin = "the day from which you keep these sheets (default: that of office.yaml)"
    add("--records-begin", metavar="DAY", help=begin)
    add("--out", metavar="FOLDER", type=Path, help=f"write {_PAGE} and {_JSON} there")


def run_impact(options: argparse.Namespace) -> int:
    """Prints the impact, and writes it as a page and as JSON if a folder is given."""
    as_of = day_of(options.today, "--today") if options.today else today()
    office = office_in(Path())
    files = _files(options, office)
    old_folder = options.old or (office.rulebook if office else None) or OWN_BOOK
    outputs = [(f"the {name}", options.out / name) for name in (_PAGE, _JSON) if options.out]
    inputs = {
        "evidence": list(files.files),
        "a file of the old rulebook": files_in(old_folder),
        "a file of the new rulebook": files_in(options.new),
    }
    must_replace_no_input(outputs, inputs)
    if options.new.resolve() == old_folder.resolve():
        raise Stop(
            f"{path_words(options.new)} is the rulebook in use, which cannot be compared with "
            "itself. Give a copy from before the change with --old FOLDER, or change a copy."
        )
    old, new = rulebook_in(old_folder), rulebook_in(options.new)
    if old.book.id != new.book.id:
        raise Stop(
            f"{path_words(options.new)} is the rulebook '{new.book.id}', and "
            f"{path_words(old_folder, '--old')} is '{old.book.id}': give two versions of one "
            "rulebook."
        )
    begin = day_of(options.records_begin, "--records-begin") if options.records_begin else None
    begin = begin or (office.file.records_begin if office else None)
    days = tuple(sorted({day_of(text, "--as-of") for text in options.as_of}))
    for day in (as_of, *days):
        if begin is not None and begin > day:
            raise Stop(
                f"Stopped: records begin on {day_words(begin)}, which is after "
                f"{day_words(day)}. Give another day with --records-begin, --as-of or --today."
            )
    evidence = _evidence(files, office, (old, new))
    program, decide = program_and_judge()
    found = impact(
        ImpactRequest(
            old=old,
            new=new,
            old_evidence=evidence[0],
            new_evidence=evidence[1],
            as_of=as_of,
            program=program,
            decide=decide,
            days=days,
            records_begin=begin,
            office=(office.file.office or "") if office else "",
        )
    )
    if options.out:
        pages = {_PAGE: impact_html(found), _JSON: impact_json(found)}
        write_into(options.out, pages, "--out", "place")
    say(impact_text(found, width()))
    say_passed_over(files)
    if outputs:
        say("\n".join(f"Saved: {path}" for _, path in outputs))
    return NOTHING_OUTSTANDING


def _files(options: argparse.Namespace, office: Office | None) -> EvidenceFiles:
    if options.evidence or office is None:
        if not options.evidence:
            raise Stop(
                "There is no office.yaml in this folder, so say which workbook to use, for "
                f"example: dueregard rules impact {command_path(options.new)} evidence.xlsx"
            )
        return find_files(options.evidence)
    return office.evidence()


def _evidence(
    files: EvidenceFiles, office: Office | None, rulebooks: tuple[Rulebook, Rulebook]
) -> tuple[Evidence, Evidence]:
    """The evidence as each rulebook reads it. The files are opened once; where the registers are
    the same, so is what was read. Raises Stop if a file cannot be read."""
    root = office.folder if office else None
    with opened(by_name(files.files, root)) as opened_books:
        books = list(opened_books)
    read: list[Evidence] = []
    for rulebook in rulebooks:
        if read and rulebook.registers == rulebooks[0].registers:
            read.append(read[0])
            continue
        mapping = office.mapping(rulebook.registers) if office else ()
        repeated = repeated_names(files.files, root)
        evidence = read_books(books, rulebook.registers, None, repeated, mapping)
        must_be_read(evidence, "compared")
        read.append(evidence)
    return read[0], read[1]
