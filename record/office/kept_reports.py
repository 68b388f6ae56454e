"""The reports of earlier checks in an office's folder: a folder for each day."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

from record.office.office_file import NAME
from reports.writing import FILES

#: The folder of the reports, in the office's folder.
REPORTS = "reports"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def days_with_reports(folder: Path) -> list[datetime.date]:
    """The days of which there are reports in the office's folder, the latest first."""
    reports = folder / REPORTS
    if not reports.is_dir():
        return []
    names = sorted((path.name for path in reports.iterdir()), reverse=True)
    return [
        day
        for name in names
        if (day := _day_of(name)) and (reports / name / FILES["json"]).is_file()
    ]


def latest_report() -> str:
    """The assessment of the last check in the office's folder, if the command runs there; ''
    otherwise."""
    days = days_with_reports(Path()) if (Path() / NAME).is_file() else []
    return f"{REPORTS}/{days[0].isoformat()}/{FILES['json']}" if days else ""


def _day_of(name: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(name) if _DAY.fullmatch(name) else None
    except ValueError:  # 2026-02-31
        return None
