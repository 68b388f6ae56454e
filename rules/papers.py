"""The papers of a rulebook: papers.yaml says what they contain, and the Word templates in its
folder of papers how they look. No check reads them."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from evidence.output_file import taken
from evidence.register import Declared
from evidence.regular_file import FileStop, read_regular
from rules.draft import PAPERS
from rules.load import FILE_BYTES, OWN_BOOK
from rules.model import Rulebook
from rules.problem import Problems, RuleProblem, did_you_mean, file_problem
from rules.yaml.source import YamlFile, YamlNode, read_source
from rules.yaml.validate import read_model

#: The folder of the templates, in a rulebook and in an office's folder.
FOLDER = "papers"
#: The papers, by the names of their templates.
PAPER, STATEMENT = "paper.docx", "statement.docx"


class StatementSection(Declared):
    """A section of the assurance statement: its duties, and what a person has to judge."""

    heading: str
    """The heading of the section. Example: Training"""
    sections: tuple[str, ...] = ()
    """The sections of the report whose duties it states. Example: ['4.6']"""
    duties: tuple[str, ...] = ()
    """Other duties that it states, by their ids. Example: [pathway-assurance]"""
    judgement: tuple[str, ...] = ()
    """What a person has to judge and write in, as questions. Example: [Is the training enough?]"""


class StatementContents(Declared):
    """What the assurance statement contains."""

    title: str
    """The title of the statement. Example: Annual assurance statement"""
    audience: str
    """Whom it is for, without 'the'. Example: trustees"""
    duty: str = ""
    """The duty to make the statement, by its id: its period is what the statement is for. Without
    it, the statement is for the 12 months up to the check. Example: assurance-statement"""
    sections: tuple[StatementSection, ...]
    """Its sections, in order."""


class PaperContents(Declared):
    """What the paper on the position is called."""

    title: str = "Position and next steps"
    """The title of the paper. Example: Position of the safeguarding duties"""
    audience: str = ""
    """Whom it is for, without 'the'. Example: trustees"""


class PapersFile(Declared):
    """papers.yaml: what the papers of a rulebook contain. Without a statement, none is written."""

    paper: PaperContents = PaperContents()
    """The paper on the position: what changed, what is overdue and what is coming."""
    statement: StatementContents | None = None
    """The assurance statement. Without it, no statement is written."""


def read_papers(folder: Path, rulebook: Rulebook) -> PapersFile | tuple[RuleProblem, ...]:
    """What papers.yaml of the folder of a rulebook says, or its problems. A rulebook may have no
    such file."""
    path = folder / PAPERS
    if not taken(path):
        return PapersFile()
    try:
        source = read_source(PAPERS, read_regular(path, FILE_BYTES))
    except FileStop as stop:
        return (file_problem(PAPERS, f"The file {stop.words}", "No paper was written."),)
    if not isinstance(source, YamlFile):
        return source
    node = YamlNode(source)
    papers = read_model(PapersFile, node, source.value)
    if not isinstance(papers, PapersFile):
        return papers
    return tuple(_lint(node, papers, rulebook)) or papers


def template_of(name: str, *folders: Path | None) -> Path:
    """The template of a paper: that of the first folder that has one, or else the program's own.
    ``folders``: the office's folder and its rulebook's; None for one that there is not."""
    for folder in (*folders, OWN_BOOK):
        if folder is not None and taken(folder / FOLDER / name):
            return folder / FOLDER / name
    return OWN_BOOK / FOLDER / name


def _lint(node: YamlNode, papers: PapersFile, rulebook: Rulebook) -> Problems:
    """What the statement names and the rulebook does not have."""
    sections = papers.statement.sections if papers.statement else ()
    if papers.statement and papers.statement.duty:
        child = node / "statement" / "duty"
        yield from _lint_name(child, papers.statement.duty, rulebook.duties, "duty")
    numbers = {section.number for section in rulebook.book.sections}
    for index, section in enumerate(sections):
        child = node / "statement" / "sections" / index
        if not section.sections and not section.duties:
            message = "This section states no duty."
            yield child.problem(message, "Add 'sections' or 'duties'.")
        for key, names, known, kind in (
            ("sections", section.sections, numbers, "section"),
            ("duties", section.duties, rulebook.duties, "duty"),
        ):
            for number, name in enumerate(names):
                yield from _lint_name(child / key / number, name, known, kind)


def _lint_name(node: YamlNode, name: str, known: Collection[str], kind: str) -> Problems:
    if name not in known:
        yield node.problem(f"The rulebook has no {kind} '{name}'.", did_you_mean(name, known))
