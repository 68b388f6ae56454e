"""The formats of a check's reports. Whatever else depends on them is derived from this list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.assessment import Assessment


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
