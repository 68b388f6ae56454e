"""The papers of a check, from the templates of the office, of its rulebook or of the program."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cli.exits import Stop
from cli.inputs import path_words, read_input, rulebook_in
from engine.assessment import Assessment
from evidence.regular_file import MEGABYTE
from reports.without_names import texts_without_names, without_names
from rules.load import OWN_BOOK
from rules.papers import PAPER, STATEMENT, PapersFile, read_papers, template_of
from rules.problem import describe_all

#: The most bytes of a template.
TEMPLATE_BYTES = 16 * MEGABYTE


def make_papers(
    assessment: Assessment,
    before: Assessment | None,
    office: Path | None = None,
    rulebook: Path | None = None,
    sign_offs: Sequence[str] = (),
    *,
    pdf: bool = False,
) -> dict[str, bytes]:
    """The papers of a check by the names of their files.

    Args:
        assessment: the check.
        before: the assessment with which it was compared, whose people are not named either;
            without it, the paper does not say in detail why something changed.
        office: the office's folder, for its own templates.
        rulebook: the folder of its rulebook, if not the program's own.
        sign_offs: those of the report, in words.
        pdf: whether LibreOffice makes a PDF of each paper.

    Raises:
        Stop: a template cannot be used, or LibreOffice makes no PDF.
    """
    contents = papers_of(rulebook)
    # Word documents and pictures take a second to load, which a check does without
    from reports.papers.fields import PaperFields, StatementFields  # noqa: PLC0415
    from reports.papers.paper import paper_fields  # noqa: PLC0415
    from reports.papers.statement import statement_fields  # noqa: PLC0415
    from reports.papers.template import TemplateStop  # noqa: PLC0415
    from reports.papers.word import filled  # noqa: PLC0415

    both = (assessment, before) if before else (assessment,)
    shown = without_names(assessment, both)
    signed = texts_without_names(sign_offs, both)
    paper = paper_fields(
        shown,
        contents.paper,
        signed,
        causes=before is not None,
        statement=contents.statement.duty if contents.statement else "",
        private={
            register.id
            for register in rulebook_in(rulebook).registers.values()
            if any(column.personal or column.sensitive for column in register.columns)
        },
    )
    fields: dict[str, PaperFields | StatementFields] = {PAPER: paper}
    if contents.statement:
        fields[STATEMENT] = statement_fields(shown, contents.statement, signed)
    papers = dict[str, bytes]()
    for name, values in fields.items():
        template = template_of(name, office, rulebook)
        data = read_input(template, TEMPLATE_BYTES)
        try:
            papers[name] = filled(data, path_words(template), values, assessment.as_of)
        except TemplateStop as stop:
            raise Stop(f"No paper was written. {stop}") from None
    if pdf:
        from cli.commands.papers.pdf import to_pdfs  # noqa: PLC0415

        papers |= to_pdfs(papers)
    return papers


def papers_of(rulebook: Path | None) -> PapersFile:
    """What the papers of a rulebook contain. Raises Stop with all that is wrong in it."""
    folder = rulebook or OWN_BOOK
    contents = read_papers(folder, rulebook_in(rulebook))
    if isinstance(contents, PapersFile):
        return contents
    lines = "\n".join(f"  {line}" for line in describe_all(contents))
    raise Stop(f"Stopped: the rulebook {path_words(folder)} has errors.\n{lines}")
