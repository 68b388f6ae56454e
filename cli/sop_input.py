"""The SOP that a check is given, to be quoted from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from cli.exits import Stop
from engine.assessment import EvidenceStamp
from rules.model import Rulebook
from rules.sop.pins import verify
from rules.sop.problem import SopProblem, describe
from rules.sop.resolve import Cited, Quote, quotes
from rules.sop_files.read import read_sop


def given_sop(path: Path, rulebook: Rulebook) -> tuple[EvidenceStamp, Mapping[Cited, Quote]]:
    """The SOP's stamp and the paragraphs cited in it. Raises Stop where it is not the text from
    which the rules were written."""
    document = read_sop(path, rulebook.book)
    found = (document,) if isinstance(document, SopProblem) else verify(rulebook, document)
    if found or isinstance(document, SopProblem):
        lines = "\n".join(f"  {describe(each)}" for each in found)
        raise Stop(f"Stopped: the SOP and the rules do not agree.\n{lines}")
    return EvidenceStamp(document.file, document.sha256), quotes(rulebook, document)
