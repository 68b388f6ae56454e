"""The versions of the SOP that a check is given, each held against the rules."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path

from cli.exits import Stop
from cli.inputs import with_rulebook
from rules.model import Rulebook
from rules.sop.document import Document
from rules.sop.pins import verify
from rules.sop.problem import SopProblem, describe
from rules.sop.resolve import SopText, quotes
from rules.sop_files.read import read_sop


def sop_texts(
    paths: Sequence[Path], rulebook: Rulebook, as_of: datetime.date, folder: Path | None = None
) -> Mapping[str, SopText]:
    """The documents by the version of the SOP that each is, with the paragraphs that the rules
    cite. Raises Stop if one is no version that the rulebook lists, if two are one version, or if
    one is not the text from which the rules were written that apply on ``as_of``. Its commands
    name the ``folder`` of the rulebook."""
    problems: list[SopProblem] = []
    documents: dict[str, Document] = {}
    for path in paths:
        document = read_sop(path, rulebook.book)
        if isinstance(document, SopProblem):
            problems.append(document)
            continue
        problems += verify(rulebook, document, as_of)
        other = documents.setdefault(document.version, document)
        if other is not document and document.version:
            message = f"{other.file} is version {document.version} of the SOP too."
            instead = "Give one document for each version."
            problems.append(SopProblem(document.file, "", "", "document", message, instead))
    if problems:
        lines = "\n".join(f"  {describe(problem)}" for problem in problems)
        lines = with_rulebook(lines, folder)
        raise Stop(f"Stopped: the SOP and the rules do not agree.\n{lines}")
    return {
        version: SopText(document.file, document.sha256, quotes(rulebook, document))
        for version, document in documents.items()
    }
