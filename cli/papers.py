"""The papers of a check, from the templates of the office, of its rulebook or of the program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.assessment import Assessment


@dataclass(frozen=True, slots=True)
class PaperInputs:
    """What papers are made with besides the assessment. ``office``: the office's folder, for its
    own templates, and ``rulebook`` the folder of its rulebook; None for none. ``sign_offs``: those
    of the report, in words. ``pdf``: whether LibreOffice makes a PDF of each paper."""

    office: Path | None = None
    rulebook: Path | None = None
    sign_offs: Sequence[str] = ()
    pdf: bool = False


def write_papers(
    folder: Path, assessment: Assessment, before: Assessment | None, inputs: PaperInputs
) -> list[Path]:
    """Writes the papers of a check into a folder of reports, all or none, and returns their paths.
    ``before``: the assessment with which it was compared, whose people are not named either;
    without it, the paper does not say in detail why something changed. Raises Stop for a template
    that cannot be used, and if LibreOffice is asked for a PDF and makes none."""
    raise NotImplementedError


def make_papers(
    assessment: Assessment, before: Assessment | None, inputs: PaperInputs
) -> dict[str, bytes]:
    """The papers by the names of their files; see :func:`write_papers`."""
    raise NotImplementedError
