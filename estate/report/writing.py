"""The files of a report on a run of an estate."""

from __future__ import annotations

from pathlib import Path

from estate.report.book import estate_xlsx
from estate.report.content import BodyNaming, content_by_name, content_without_names
from estate.report.figures import RunProblem, read_figures
from estate.report.page import estate_html
from estate.report.pseudonyms import Pseudonyms
from evidence.visible import visible
from reports.tables.run_folder import days_of_run

#: The names of the files.
PAGE, WORKBOOK = "estate.html", "estate.xlsx"

#: The marking of each page, if no other is given. The tables of a run contain none.
MARKING = "OFFICIAL"


def estate_report(
    run: Path,
    since: Path | None,
    naming: BodyNaming,
    pseudonyms: Pseudonyms | None = None,
    marking: str = MARKING,
) -> dict[str, bytes]:
    """The page and the workbook by their names: the same bytes for the same tables.

    Args:
        run: the folder of the run, named after its day.
        since: the folder of the run before; None if there is none.
        naming: how bodies are listed; numbers under five are withheld unless it is by name.
        pseudonyms: those of BodyNaming.PSEUDONYMS.
        marking: stands above and below each page.

    Raises:
        RunProblem: one of the folders has no tables of a run, or the two are of one day.
    """
    figures = read_figures(run, since)
    if figures.since is not None and figures.since >= figures.as_of:
        raise RunProblem(
            f"{visible(str(since))} is not of an earlier day than {visible(str(run))}: give an "
            "earlier run with --since."
        )
    if naming is BodyNaming.NAMES:
        content = content_by_name(figures)
    else:
        content = content_without_names(figures, pseudonyms)
    return {PAGE: estate_html(content, marking), WORKBOOK: estate_xlsx(content, marking)}


def latest_run(folder: Path) -> Path:
    """The folder of the latest day of a run, or the folder itself if it is that of a day. Raises
    RunProblem if it is neither."""
    days = days_of_run(folder)
    if not days:
        raise RunProblem(
            f"There is no run in {visible(str(folder))}. Give the folder that 'dueregard estate' "
            "wrote, or that of one day in it."
        )
    return days[-1]


def run_before(run: Path) -> Path | None:
    """The run of the latest earlier day beside a run."""
    beside = days_of_run(run.absolute().parent)
    return max((day for day in beside if day.name < run.absolute().name), default=None)
