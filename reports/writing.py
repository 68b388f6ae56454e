"""The formats of a check's reports, and how the reports are written into a folder: all of them, or
none and the old ones stay whole. Whatever else depends on the formats is derived from FORMATS."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from engine.assessment import Assessment
from evidence.output_file import reason_words, write_files


def _nothing() -> None:
    """Loads nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFormat:
    """One format: the name of its file, its title in a list of files, and its media type, which
    the page in the browser sends with it. Text is shown there, and anything else is downloaded.

    ``make`` returns the bytes of the file, given the assessment and the path from the reports to
    the evidence, for links ('' if there is none). ``load`` imports what ``make`` needs, if that
    takes long, so that it can be done beside other work. ``always_names``: whether the file cannot
    do without the names of people, so that ``--without-names`` leaves it out."""

    file: str
    title: str
    media_type: str
    make: Callable[[Assessment, str], bytes]
    load: Callable[[], None] = _nothing
    always_names: bool = False


# These functions import what they need: starting the program must not load every format.


def _page(assessment: Assessment, _evidence: str) -> bytes:
    from reports.html.report import to_html  # noqa: PLC0415

    return to_html(assessment)


def _load_page() -> None:
    from reports.html.report import template  # noqa: PLC0415

    template()


def _workbook(assessment: Assessment, evidence: str) -> bytes:
    from reports.xlsx.report import to_xlsx  # noqa: PLC0415

    return to_xlsx(assessment, evidence)


def _load_workbook() -> None:
    import reports.xlsx.report  # noqa: F401, PLC0415


def _text(assessment: Assessment, _evidence: str) -> bytes:
    from evidence.visible import visible_lines  # noqa: PLC0415
    from reports.text import summary  # noqa: PLC0415

    return visible_lines(summary(assessment)).encode("utf-8", "replace")


def _data(assessment: Assessment, _evidence: str) -> bytes:
    from reports.json import to_json  # noqa: PLC0415

    return to_json(assessment)


#: Each format by its name on the command line, in the order in which a person opens the files. A
#: new format goes before 'json', which is for programs.
FORMATS: Mapping[str, ReportFormat] = MappingProxyType(
    {
        "html": ReportFormat(
            file="assessment.html",
            title="The report: what changed and why, what is overdue, who does what",
            media_type="text/html; charset=utf-8",
            make=_page,
            load=_load_page,
        ),
        "xlsx": ReportFormat(
            file="assessment.xlsx",
            title="The report as a workbook",
            media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            make=_workbook,
            load=_load_workbook,
        ),
        "text": ReportFormat(
            file="summary.txt",
            title="The summary, for a mail or a minute",
            media_type="text/plain; charset=utf-8",
            make=_text,
        ),
        "json": ReportFormat(
            file="assessment.json",
            title="The data, for other programs",
            media_type="application/json",
            make=_data,
            always_names=True,
        ),
    }
)
ALL = tuple(FORMATS)

#: The name of each format's file.
FILES: Mapping[str, str] = MappingProxyType({name: one.file for name, one in FORMATS.items()})

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
