"""Writes the reports into a folder: all of them, or none and the old ones stay whole."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from engine.assessment import Assessment
from evidence.output_file import reason_words, write_files
from reports.formats import ALL, FILES, FORMATS

#: Why a folder cannot be written to, where the usual words do not fit the reports in it.
_WHY = {
    errno.ENOENT: "",
    errno.ENOTDIR: ": a file has its name",
    errno.EISDIR: ": a folder in it has the name of a report",
    errno.EACCES: ": close the reports if they are open, or ask for permission to write there",
}


class CannotWrite(Exception):
    """The reports could not be written; ``str()`` of it is the whole message."""


def write_reports(
    assessment: Assessment,
    folder: Path,
    *,
    formats: Sequence[str] = ALL,
    evidence: Path | None = None,
    made: Mapping[str, bytes] = MappingProxyType({}),
) -> list[Path]:
    """Writes the ``formats`` (keys of FORMATS) into ``folder``, which is made where it is
    not there, and returns their paths in that order. ``evidence`` is the folder of evidence, for
    the workbook's links; ``made`` gives the bytes of formats that were made already.

    Each report is first written whole beside the one it replaces. Raises CannotWrite where that
    or a replacing fails; every old report is then as it was.
    """
    way = _way(folder, evidence)
    try:
        reports = {
            folder / FILES[name]: made.get(name) or FORMATS[name].make(assessment, way)
            for name in formats
        }
        folder.mkdir(parents=True, exist_ok=True)
        write_files(reports)
    except OSError as error:
        old = any(os.path.isfile(folder / FILES[name]) for name in formats)  # noqa: PTH113
        kept = "; the earlier one is unchanged" if old else ""
        why = _WHY.get(error.errno or 0, reason_words(error))
        raise CannotWrite(
            f"The folder {folder} cannot be written to{why}. No report was saved{kept}. Choose"
            " another folder with --out."
        ) from error
    return list(reports)


def load(formats: Iterable[str]) -> None:
    """Imports what writes these formats. That takes a while, and can be done beside other work;
    write_reports does what was not done."""
    for name in formats:
        FORMATS[name].load()


def _way(folder: Path, evidence: Path | None) -> str:
    """The path from the reports to the evidence; '' where there is none (another drive)."""
    if evidence is None:
        return ""
    try:
        return Path(os.path.relpath(evidence, folder)).as_posix()
    except ValueError:
        return ""
