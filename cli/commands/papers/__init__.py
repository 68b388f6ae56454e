"""dueregard papers: writes a paper for a meeting and the assurance statement, as Word documents."""

from __future__ import annotations

import argparse
from pathlib import Path

from cli.arguments import Commands, add_command
from cli.commands.papers.make import TEMPLATE_BYTES, make_papers, papers_of
from cli.exits import NOTHING_OUTSTANDING, Stop
from cli.inputs import path_words, read_assessment, read_input
from cli.ledger_entry import in_words, ledger_for
from cli.office_folder import office_in, report_in
from cli.outputs import make_folder, write_into, write_new
from cli.say import say
from engine.assessment import Assessment
from evidence.output_file import taken
from record.ledger.chain import entries
from record.ledger.database import size_of
from record.ledger.earlier_checks import compared_with
from record.ledger.entries import digest
from record.ledger.sign_off import sign_offs_of_day
from record.ledger.text import sign_off_words
from rules.papers import FOLDER, PAPER, STATEMENT, template_of


def add_to(commands: Commands) -> None:
    """Adds the command."""
    about = "write a paper for a meeting and the assurance statement, as Word documents"
    add = add_command(commands, "papers", about, run).add_argument
    given = "the office's folder, for its latest report, or an assessment.json (this folder)"
    add("report", metavar="FOLDER|ASSESSMENT", type=Path, nargs="?", default=Path(), help=given)
    add("--out", metavar="FOLDER", type=Path, help="where to write them (default: in its folder)")
    add("--pdf", action="store_true", help="write each as PDF too, by LibreOffice")
    add("--rulebook", metavar="FOLDER", type=Path, help="another rulebook")
    templates = "copy the Word templates into the office's folder, where they can be changed"
    add("--templates", action="store_true", help=templates)


def run(options: argparse.Namespace) -> int:
    """Writes the papers, or copies the templates."""
    folder = options.report if options.report.is_dir() else Path()
    office = office_in(folder) or office_in(Path())
    rulebook = options.rulebook or (office.rulebook if office else None)
    if options.templates:
        if office is None:
            raise Stop(
                f"There is no office.yaml in {path_words(folder.absolute())}. Copy the templates "
                "into the office's folder; 'dueregard start' sets one up."
            )
        _copy_templates(office.folder, rulebook)
        return NOTHING_OUTSTANDING
    path = report_in(options.report)
    assessment, data = read_assessment(path, command="dueregard papers {}")
    before, sign_offs = _recorded(ledger_for(path.parent), assessment, digest(data))
    own = office.folder if office else None
    papers = make_papers(assessment, before, own, rulebook, sign_offs, pdf=options.pdf)
    written = write_into(options.out or path.parent, papers)
    say("\n".join(f"Saved: {paper}" for paper in written))
    return NOTHING_OUTSTANDING


def _copy_templates(office: Path, rulebook: Path | None) -> None:
    """Copies the originals. A template that is there already is left as it is."""
    folder = office / FOLDER
    make_folder(folder)
    for name in (PAPER, STATEMENT) if papers_of(rulebook).statement else (PAPER,):
        original = read_input(template_of(name, rulebook), TEMPLATE_BYTES)
        path = folder / name
        if not taken(path):
            write_new(path, original)
            say(f"Saved: {path_words(path)}")
        elif read_input(path, TEMPLATE_BYTES) == original:
            say(f"{path_words(path)} is the original already.")
        else:
            say(
                f"{path_words(path)} is not the original, so it was left as it is. To begin again, "
                "move it away first."
            )


def _recorded(
    ledger: Path, assessment: Assessment, sha256: str
) -> tuple[Assessment | None, list[str]]:
    """What the ledger has of a report: the assessment with which it was compared, and the sign-offs
    of its day, in words."""
    with in_words(" No paper was written."):
        recorded = entries(ledger) if size_of(ledger) else []
        found = sign_offs_of_day(recorded, assessment.as_of, assessment.known_by)
        before = compared_with(ledger, recorded, assessment, sha256)
    return before, [sign_off_words(one) for one in found]
