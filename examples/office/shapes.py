"""Workbooks of unusual shapes, of any size: python -m examples.office.shapes NAME COUNT OUT.xlsx

Each is the office of so many people with one thing about it changed throughout, so that whatever
takes time, memory or room out of proportion shows.
"""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from examples.office.book import TITLES, Sheet, plain_sheets
from examples.office.build import Size
from examples.office.kinds import rows_of
from examples.office.made import Office, Row
from examples.office.write import write_plain

#: Changes the rows of an office of so many people; returns the columns that its sheets lack.
Change = Callable[[Office, int], Iterable[tuple[str, str]]]
#: So many rows of training, or of events, for each person.
EACH = 7
#: So many times fewer people are in the shapes that are not about people, and these few at least.
_FEWER, _FEWEST = 10, 20


def _without_level(_: Office, __: int) -> Iterable[tuple[str, str]]:
    return [("training", "level")]


def _without_course(_: Office, __: int) -> Iterable[tuple[str, str]]:
    return [("training", "course")]


def _blank_persons(office: Office, _: int) -> Iterable[tuple[str, str]]:
    for row in office["training"][::5]:
        row["person"] = None
    return []


def _no_persons(office: Office, _: int) -> Iterable[tuple[str, str]]:
    for row in office["training"]:
        row["person"] = None
    return []


def _nobody_passed(office: Office, _: int) -> Iterable[tuple[str, str]]:
    """Nobody is named, and nothing could count if somebody were."""
    for row in office["training"]:
        row["person"], row["passed"] = None, "no"
    return []


def _unlisted_persons(office: Office, _: int) -> Iterable[tuple[str, str]]:
    for number, row in enumerate(office["training"]):
        row["person"] = f"Q-{number:06}"
    return ()


def _unknown_words(office: Office, _: int) -> Iterable[tuple[str, str]]:
    for at, row in enumerate(office["training"]):
        row["level"] = f"word {at}"
    return []


def _one_unreadable_day(office: Office, _: int) -> Iterable[tuple[str, str]]:
    for row in office["training"]:
        row["completed on"] = "soon"
    return []


def _unreadable_days(office: Office, _: int) -> Iterable[tuple[str, str]]:
    for at, row in enumerate(office["training"]):
        row["completed on"] = f"31/02/2026 ({at})" if at % 2 else f"Sept {2026 + at}"
    return []


def _blank_cells(office: Office, _: int) -> Iterable[tuple[str, str]]:
    """Whole columns, and every other cell of one."""
    for at, row in enumerate(office["training"]):
        row["completed on"] = row["course"] = None
        row["person"] = None if at % 2 else row["person"]
    return []


def _one_key(office: Office, _: int) -> Iterable[tuple[str, str]]:
    for row in office["training"]:
        row["ref"] = "T1"
    return []


def _one_person(office: Office, _: int) -> Iterable[tuple[str, str]]:
    who = office["people"][0]["ref"]
    for row in office["training"]:
        row["person"] = who
    return []


def _nothing_done(office: Office, _: int) -> Iterable[tuple[str, str]]:
    """People, meetings and issues, and no row about anything that was done."""
    for register, rows in office.items():
        if register not in ("people", "meetings", "issues"):
            rows.clear()
    return []


def _days(count: int) -> Iterator[datetime.date]:
    """So many days, from the first to the last of 780 at every count, so that an office of more
    rows has the same share of them before each deadline."""
    first = datetime.date(2024, 10, 2)
    return (first + datetime.timedelta(days=780 * at // count) for at in range(count))


def _many_events(office: Office, count: int) -> Iterable[tuple[str, str]]:
    issue = office["issues"][0]
    office["issues"] = [
        issue
        | {
            "ref": f"I-{at}",
            "identified on": day,
            "needs disruption": "Yes",
        }
        for at, day in enumerate(_days(EACH * count))
    ]
    return []


def _many_meetings(office: Office, count: int) -> Iterable[tuple[str, str]]:
    group = next(row for row in office["meetings"] if row["body"] == "Steering Group")
    minute = office["minutes"][0]
    office["meetings"] = [
        group | {"ref": f"SG-{at}", "held on": day} for at, day in enumerate(_days(count))
    ]
    office["minutes"] = [
        minute | {"ref": f"M-{at}", "meeting": f"SG-{at // 3}"} for at in range(3 * count)
    ]
    return []


def _shared_keys(office: Office, count: int) -> Iterable[tuple[str, str]]:
    """Two meetings bear each key that minutes name."""
    _many_meetings(office, count)
    for at, row in enumerate(office["meetings"]):
        row["ref"] = f"SG-{at // 2}"
    return []


_WAIVER: Row = {
    "duty": "staff-trained",
    "reason": "long leave",
    "approved by": "Chief Executive",
    "from": datetime.date(2026, 1, 1),
    "until": datetime.date(2027, 1, 1),
}


def _wrong_waivers(office: Office, count: int) -> Iterable[tuple[str, str]]:
    office["waivers"] = [_WAIVER | {"subject": f"Nobody {at}"} for at in range(count)]
    return []


def _right_waivers(office: Office, _: int) -> Iterable[tuple[str, str]]:
    """Each covers a person whose refresher is asked for."""
    office["waivers"] = [
        _WAIVER | {"duty": "refresher-training", "subject": row["ref"]} for row in office["people"]
    ]
    return []


def _late_training(office: Office, count: int) -> list[Row]:
    """Records that are dated after the check, each of which is a point to check, and for each an
    acknowledgement by its reference."""
    late = office["training"][:count]
    for row in late:
        row |= {"course": "refresher", "completed on": datetime.date(2027, 1, 4), "passed": "Yes"}
    return [
        {
            "finding": "Dated after the check",
            "duty or row": row["ref"],
            "reason": "booked",
            "by post": "HR Officer",
            "until": datetime.date(2027, 1, 4),
        }
        for row in late
    ]


def _wrong_acknowledgements(office: Office, count: int) -> Iterable[tuple[str, str]]:
    rows = _late_training(office, count)
    office["acknowledgements"] = [
        row | {"duty or row": f"Nobody {at}"} for at, row in enumerate(rows)
    ]
    return []


def _right_acknowledgements(office: Office, count: int) -> Iterable[tuple[str, str]]:
    office["acknowledgements"] = _late_training(office, count)
    return []


def _nothing_changed(_: Office, __: int) -> Iterable[tuple[str, str]]:
    return []


MANY_SHEETS = "many sheets"
_NOT_OF_PEOPLE = ("many events", "many meetings", "keys that two rows bear", MANY_SHEETS)
SHAPES: Mapping[str, Change] = {
    "without a column that a duty requires": _without_level,
    "without a required column": _without_course,
    "a fifth of the keys blank": _blank_persons,
    "all keys blank": _no_persons,
    "nobody named, nothing passed": _nobody_passed,
    "people who are on no list": _unlisted_persons,
    "no word known": _unknown_words,
    "one text in place of all dates": _one_unreadable_day,
    "another text in place of each date": _unreadable_days,
    "blank cells": _blank_cells,
    "one key": _one_key,
    "one person": _one_person,
    "nothing done": _nothing_done,
    "many events": _many_events,
    "many meetings": _many_meetings,
    "keys that two rows bear": _shared_keys,
    "many wrong waivers": _wrong_waivers,
    "many right waivers": _right_waivers,
    "many wrong acknowledgements": _wrong_acknowledgements,
    "many right acknowledgements": _right_acknowledgements,
    MANY_SHEETS: _nothing_changed,
}


def write_shape(name: str, count: int, path: Path) -> None:
    """The workbook of an office of so many people, in that shape."""
    staff = max(count // _FEWER, _FEWEST) if name in _NOT_OF_PEOPLE else count
    office = rows_of("large", Size(staff=staff, training=EACH * staff, monthly=1, care=0.97), 1)
    lacks = set(SHAPES[name](office, count))
    sheets = [_without(sheet, lacks) for sheet in plain_sheets(office)]
    if name == MANY_SHEETS:
        columns, row = (("note", "Note"),), Row(note="of no register")
        sheets += [Sheet(f"Notes {at}", (), columns, [row]) for at in range(count)]
    write_plain(sheets, path)


def _without(sheet: Sheet, lacks: set[tuple[str, str]]) -> Sheet:
    register = next((name for name, title in TITLES.items() if title[0] == sheet.name), "")
    return replace(
        sheet,
        columns=tuple(column for column in sheet.columns if (register, column[0]) not in lacks),
    )


if __name__ == "__main__":
    write_shape(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
