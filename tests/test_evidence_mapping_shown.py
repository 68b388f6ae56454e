"""What reports show of a mapping: texts, places, assumptions and notes."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from evidence.mapping.cell_parts import part_of_cell
from evidence.mapping.model import CellPart, mapping_json, mapping_sha256
from tests.support.mapped_sheets import (
    cells,
    own_sheet,
    raw_sheet,
    read_mapped,
    table_of,
)
from tests.support.offices import mapping_of
from tests.support.plain_mapping import PLAIN, ROWS, flow

# What a report shows --------------------------------------------------------------------------


def test_the_text_of_a_value_is_the_offices_own() -> None:
    rows = [["Who", "What", "When"], ["7", "WRAP", "MF 20/4/26"]]
    gives = """
    register: courses
    columns: {ref: not kept, person: Who, course: What, done: {from: When, part: day}}
    words: {course: {WRAP: awareness}}
    """
    evidence = own_sheet(gives, rows)
    raw = {name: cells.raw[0] for name, cells in table_of(evidence).columns.items()}
    assert (raw["course"], raw["done"]) == ("WRAP", "MF 20/4/26")
    assert (cells(evidence, "course"), cells(evidence, "done")) == (["B2"], ["C2"])


#: A table of one sheet, and two of another.
TABLES = (("A", False), ("B", False), ("B", True))


def test_the_mapping_is_named_by_the_hash_of_its_json_without_defaults() -> None:
    first = mapping_of(f"mapping:\n- {{file: a.xlsx, sheet: Own, gives: [{{{flow(PLAIN)}}}]}}")
    other = mapping_of(
        f"mapping:\n- gives: [{{{flow(PLAIN)}}}]\n  bands: no\n  sheet: Own\n  file: a.xlsx"
    )
    assert mapping_sha256(first) == mapping_sha256(other)
    assert json.loads(mapping_json(first)) == [
        {
            "file": "a.xlsx",
            "gives": [
                {
                    "columns": {
                        "course": "What",
                        "done": "When",
                        "person": "Who",
                        "ref": "not kept",
                    },
                    "register": "courses",
                }
            ],
            "sheet": "Own",
        }
    ]
    parts = [first[0].model_copy(update={"sheet": name, "bands": bands}) for name, bands in TABLES]
    assert mapping_sha256(parts) == mapping_sha256(parts[1:] + parts[:1])
    assert mapping_sha256(parts) != mapping_sha256([parts[0], *parts[:0:-1]])  # of one sheet
    changed = mapping_of(f"mapping:\n- {{file: a.xlsx, sheet: Else, gives: [{{{flow(PLAIN)}}}]}}")
    assert mapping_sha256(changed) != mapping_sha256(first)


def test_reports_state_what_the_mapping_assumes() -> None:
    gives = """
    register: courses
    only rows where: {Org: [OPCC, …]}
    except rows where: {Org: [WCC]}
    columns: {ref: not kept, person: Who, course: {always: awareness}, done: {always: blank}}
    """
    rows = [["Who", "Org"], ["7", "OPCC"]]
    used = own_sheet(gives, rows, "struck through rows: left out").mapping
    assert used is not None
    assert used.assumptions == (
        "Courses from the sheet 'Own': only rows with 'OPCC' or any entry under 'Org' count, rows"
        " with 'WCC' under 'Org' do not count, 'ref' is not kept, 'course' is always awareness and"
        " 'done' is always blank.",
        "The sheet 'Own': rows struck through are left out.",
    )


def test_a_joined_text_without_a_band_is_in_the_next_of_its_cells() -> None:
    """So that a problem of it has a place."""
    gives = PLAIN.replace("done: When", "done: {join: [{band: yes}, When]}")
    assert cells(own_sheet(gives, ROWS, "bands: yes"), "done") == ["C2", "C3"]


@pytest.mark.parametrize(
    "text",
    [
        "Booked 14/3/26",
        "14/3/26 failed",
        "did not attend 14.03.2026",
        "DNA 14/3/26",
        "14/3/26 (CANX)",
        "14/3/26 D.N.A.",
        "expires 14/3/26",
        "Valid until 14/3/26",
        "rebooked 14/3/26",
        "Day off 14/3/26",
        "Holiday 14/3/26",
        "Resigned 14/3/26",
        "ooo 14/3/26",
        "DOB 14/3/26",
        "bad 14/3/26",
        "sched. 14/3/26",
        "To attend 14/3/26",
        "waiting list 14/3/26",
        "invite sent 14/3/26",
        "hasn\u2019t passed 14/3/26",
        "No - 14/3/26",
        "14/3/26?",
        "14/3/26 half done",
        "absent 14/3/26",
        "exempt 14/3/26",
        "Extended to 14/3/26",
        "withdrawn 14/3/26",
        "N/A 14/3/26",
        "14/3/26 boo\u200bked",
        "14/3/26 can\u00adcelled",
        "14/3/26 \uff22\uff2f\uff2f\uff2b\uff25\uff24",
        "14/3/26 _booked_",
        "by 14/3/26",
        "to be done by: 14/3/26",
        "by Friday 14/3/26",
        "by the end of 14/3/26",
        "before 14/3/26",
        "no later than 14/3/26",
        "from 14/3/26",
        "valid from 14/3/26",
        "since 14/3/26",
        "was 14/3/26",
        "moved to 14/3/26",
        "rearranged 14/3/26",
        "pencilled in 14/3/26",
        "poss 14/3/26",
        "cancellation 14/3/26",
        "postponement 14/3/26",
        "None 14/3/26",
        "14/3/26 apologies",
        "must complete 14/3/26",
        "w/c 14/3/26",
        "x 14/3/26",
        "14/3/26 \u2717",
        "resit 14/3/26",
        "14/3/26 resit",
        "redo 14/3/26",
        "part-completed 14/3/26",
        "erbyn 14/3/26",
        "wedi'i ganslo 14/3/26",
        "gohiriwyd 14/3/26",
        "14/3/26 absennol",
        "heb fynychu 14/3/26",
        "i'w gwblhau 14/3/26",
        "methodd 14/3/26",
    ],
)
def test_a_date_beside_words_for_not_done_is_not_read(text: str) -> None:
    """A new 'booked' in next month's sheet must not count as done, whatever was confirmed."""
    parts: list[CellPart] = ["day", "first day", "last day", "last dated line"]
    assert [part_of_cell(text, part) for part in parts] == [text] * 4


@pytest.mark.parametrize(
    "text",
    [
        "MF 14/3/26",
        "14/3/26 (resit)",
        "Nil MF 14/3/26",
        "14/3/26 (by MF)",
        "seen by MF 14/3/26",
        "passed 14/3/26",
        "certificate from MF 14/3/26",
        "Max 14/3/26",
        "wedi pasio 14/3/26",
        "Nott, A 14/3/26",
        "no concerns 14/3/26",
        "Expo team 14/3/26",
        "NA 14/3/26",
        "Will Hope 14/3/26",
        "half day 14/3/26",
        "Minuted, and noted 14/3/26",
    ],
)
def test_other_words_beside_a_date_leave_its_day(text: str) -> None:
    assert part_of_cell(text, "day") == "14/3/26"


def test_a_word_beside_one_of_two_things_is_about_that_one() -> None:
    """The day of a meeting, and of its minutes."""
    assert part_of_cell("14/10/26 / not yet", "first day") == "14/10/26"
    assert part_of_cell("14/10/26; due 28/10/26", "first day") == "14/10/26"
    assert part_of_cell("14/10/26; due 28/10/26", "last day") == "14/10/26; due 28/10/26"
    assert part_of_cell("14/10/26 / not yet", "day") == "14/10/26 / not yet"


@pytest.mark.parametrize("text", ["21/4/26, 20/4/26 MF", "4/20/26 MF", "20/4 26", "tbc"])
def test_a_text_that_is_not_one_date_keeps_its_figures_in_their_order(text: str) -> None:
    assert part_of_cell(text, "month first") == text


def test_rows_that_are_left_out_and_rows_below_the_end_are_named() -> None:
    """Otherwise a row lost to a blank line or to a new word in a filter would go unseen."""
    rows = [*ROWS, [], ["P9", "awareness", "25/04/2026"]]
    evidence = own_sheet(PLAIN, rows, "ends at: blank line")
    assert f"Below the end of the table and not read: row {len(rows)}." in [
        note.message for note in evidence.notes
    ]
    first = ROWS[1][0]
    filtered = own_sheet(PLAIN + f"only rows where: {{Who: ['{first}']}}\n", ROWS)
    assert "Left out, as the mapping in office.yaml says: row 3." in [
        note.message for note in filtered.notes
    ]


@pytest.mark.parametrize(
    ("others", "new"),
    [
        (", other columns: [Job, Awareness]", ["1 column of 'Own' is new, and was", "'Jan 27'."]),
        (", other columns: []", ["2 columns of 'Own' are new, and were", "'Job' and 'Jan 27'."]),
        (", other columns: [job, jan 27, Gone]", []),
        ("", []),
    ],
)
def test_a_column_that_is_new_beside_wide_ones_is_named_at_the_head(
    others: str, new: list[str]
) -> None:
    """Without that, a month that was added would go unseen."""
    gives = f"""
        register: courses
        wide: {{columns: [Dec 26]{others}}}
        columns:
          ref: not kept
          person: Who
          course: {{always: awareness}}
          done: {{wide: cell}}
          passed: {{always: yes}}
    """
    evidence = own_sheet(gives, [["Who", "Job", "Dec 26", "Jan 27"], ["101", "", "", "03/01/2027"]])
    assert evidence.mapping is not None
    sentences = [line.partition(" Answer")[0] for line in evidence.mapping.assumptions]
    assert sentences[:-1] == ([" not read: ".join(new)] if new else [])


COURSE = "columns: {ref: not kept, person: Who, course: Course, done: Done, passed: {always: yes}}"
VISIT = "columns: {visitor: Visitor, on: Day}"


def noted(mapping: str, *rows: Sequence[object]) -> list[str]:
    """The notes on a sheet that a mapping reads."""
    return [note.message for note in read_mapped(mapping, raw_sheet(list(rows))).notes]


def test_a_row_that_another_list_of_the_table_reads_is_not_noted_as_ignored() -> None:
    mapping = f"""
        - file: Own.xlsx
          sheet: Own
          headings: 1
          gives:
            - register: courses
              {COURSE}
            - register: visits
              {VISIT}
    """
    notes = noted(
        mapping,
        ["Who", "Course", "Done", "Visitor", "Day", "Remark"],
        ["101", "awareness", "25/04/2026", "", "", ""],
        ["", "", "", "Nott", "26/04/2026", ""],
        ["", "", "", "", "", "Ask again"],
    )
    ignored = "Row 4 has nothing in the columns that are read and was ignored."
    assert notes == [ignored, "Not used: 'Remark' (column F)."]


def test_no_note_says_that_a_row_was_ignored_which_another_table_reads() -> None:
    mapping = f"""
        - file: Own.xlsx
          sheet: Own
          headings: 2
          ends at: blank line
          gives:
            - register: courses
              {COURSE}
        - file: Own.xlsx
          sheet: Own
          headings: 6
          gives:
            - register: visits
              {VISIT}
    """
    table = [
        ["Who", "Course", "Done"],
        ["101", "awareness", "25/04/2026"],
        [],
        ["Visits"],
        ["Visitor", "Day"],
        ["Nott", "26/04/2026"],
    ]
    assert noted(mapping, ["Training"], *table) == [
        "Headings found in row 2. Rows above it were ignored.",
        "Below the end of the table and not read: row 5.",
        "Headings found in row 6. Rows above it were ignored.",
    ]
    assert noted(mapping, [], *table[:3], [], *table[4:]) == []
