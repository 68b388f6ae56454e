"""Packs altered in every way that came to mind: what rechecking finds, and what it cannot.

An edit changes a claim of the assessment, or what it rests on. Unless it says otherwise the
manifest is put right afterwards, as whoever wants to deceive would do.

``python -m tests.support.altered_packs PACK.zip SEED COUNT`` makes COUNT edits and prints
the result of each.
"""

from __future__ import annotations

import csv
import datetime
import io
import json
import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from unittest.mock import patch

from record.recheck import recheck
from tests.support.verifier import files_in, rechecked_files, sealed, written_out

Files = dict[str, bytes]
Json = dict[str, Any]
Edit = Callable[[Files, random.Random], None]

STATUSES = (
    "met", "due", "overdue", "not_yet_due", "not_applicable", "waived", "cannot_tell",
    "not_assessed",
)  # fmt: skip


# The assessment -----------------------------------------------------------------------------------


def _assessment(change: Callable[[Json, random.Random], None]) -> Edit:
    def edit(files: Files, chance: random.Random) -> None:
        told = written_out(files["assessment.json"])
        change(told, chance)
        files["assessment.json"] = json.dumps(told).encode()

    return edit


def _of_obligation(change: Callable[[Json, random.Random], None]) -> Edit:
    """A change to one obligation, each duty as likely as any other."""

    def edit(told: Json, chance: random.Random) -> None:
        duty = chance.choice([each for each in told["duties"] if each["obligations"]])
        change(chance.choice(duty["obligations"]), chance)

    return _assessment(edit)


def _other(chance: random.Random, now: object, *others: object) -> object:
    return chance.choice([each for each in others if each != now])


def _moved(chance: random.Random, day: str | None) -> str:
    """Another day."""
    if day is None:
        return "2026-12-01"
    by = chance.choice((-366, -30, -1, 1, 30, 366))
    return (datetime.date.fromisoformat(day) + datetime.timedelta(days=by)).isoformat()


def status(each: Json, chance: random.Random) -> None:
    """Another status."""
    each["status"] = _other(chance, each["status"], *STATUSES)


def _day(name: str) -> Callable[[Json, random.Random], None]:
    def change(each: Json, chance: random.Random) -> None:
        each[name] = _moved(chance, each[name])

    return change


def _number(name: str) -> Callable[[Json, random.Random], None]:
    def change(each: Json, chance: random.Random) -> None:
        each[name] = (each[name] or 0) + chance.choice((-30, -1, 1, 30))

    return change


def too_late(each: Json, _: random.Random) -> None:
    """What can still be done is told as too late to do, or the other way round."""
    each["too_late"] = not each["too_late"]


def not_given(duty: Json, chance: random.Random) -> None:
    """A sheet more was not given, or one less."""
    if duty["not_given"] and chance.random() < 0.8:
        duty["not_given"].pop()
    else:
        duty["not_given"].append("Meetings")


@_assessment
def records_begin(told: Json, _: random.Random) -> None:
    """The office says that it keeps its registers from the day of the check on."""
    told["records_begin"] = told["as_of"]


def _met(told: Json) -> Iterator[Json]:
    for duty in told["duties"]:
        yield from (each for each in duty["obligations"] + duty["history"] if each["evidence"])


def _of_evidence(change: Callable[[Json, list[str], random.Random], None]) -> Edit:
    """A change to the evidence of an obligation, which cites rows of the assessment."""

    def edit(told: Json, chance: random.Random) -> None:
        change(told, chance.choice(list(_met(told)))["evidence"], chance)

    return _assessment(edit)


def _row(told: Json, cited: str) -> Json:
    id_, number = cited.split(".")[:2]
    row: Json = told["sheets"][id_]["rows"][number]
    return row


def another_row(told: Json, items: list[str], chance: random.Random) -> None:
    """Another row is said to have met it."""
    id_, number = items[0].split(".")[:2]
    others = [each for each in told["sheets"][id_]["rows"] if each != number]
    items[0] = f"{id_}.{chance.choice(others)}"


def another_line(told: Json, items: list[str], chance: random.Random) -> None:
    """A row is said to stand elsewhere in its sheet."""
    id_, number, *view = items[0].split(".")
    rows, new = told["sheets"][id_]["rows"], str(int(number) + chance.choice((1, 7, 1000)))
    rows[new] = rows[number]
    items[0] = ".".join((id_, new, *view))


def another_cell(told: Json, items: list[str], chance: random.Random) -> None:
    """A cell is shown with another text."""
    cells = _row(told, items[-1])["cells"]
    letters = chance.choice(list(cells))
    cells[letters] = f"{cells[letters]}0"


def another_key(told: Json, items: list[str], chance: random.Random) -> None:
    """A row is shown under another key."""
    _row(told, items[-1])["key"] += str(chance.randrange(9))


def another_address(told: Json, items: list[str], chance: random.Random) -> None:
    """A cell is shown under another column."""
    columns = told["sheets"][items[-1].split(".")[0]]["columns"]
    letters = chance.choice(list(_row(told, items[-1])["cells"]))
    columns[letters] = f"{columns[letters]} too"


def no_item(_: Json, items: list[str], chance: random.Random) -> None:
    """An item is left out."""
    items.pop(chance.randrange(len(items)))


def two_items(_: Json, items: list[str], chance: random.Random) -> None:
    """An item stands there twice."""
    items.append(items[chance.randrange(len(items))])


def another_date(told: Json, items: list[str], chance: random.Random) -> None:
    """An item is said to be of another day."""
    row, view = _row(told, items[0]), items[0].split(".")[2:]
    days, name = (row["dates"], view[0]) if view else (row, "date")
    days[name] = _moved(chance, days.get(name, row["date"]))


@_assessment
def no_obligation(told: Json, chance: random.Random) -> None:
    """An obligation is left out."""
    duty = chance.choice([each for each in told["duties"] if each["obligations"]])
    duty["obligations"].pop(chance.randrange(len(duty["obligations"])))


@_assessment
def two_obligations(told: Json, chance: random.Random) -> None:
    """An obligation stands there twice."""
    duty = chance.choice([each for each in told["duties"] if each["obligations"]])
    duty["obligations"].append(chance.choice(duty["obligations"]))


@_assessment
def no_history(told: Json, chance: random.Random) -> None:
    """What was missed is left out."""
    duty = chance.choice([each for each in told["duties"] if each["history"]])
    duty["history"].pop(chance.randrange(len(duty["history"])))


@_assessment
def better_history(told: Json, chance: random.Random) -> None:
    """What was missed, or met late, is told as met."""
    past = [e for d in told["duties"] for e in d["history"] if e["outcome"] != "met"]
    chance.choice(past)["outcome"] = "met"


@_assessment
def no_duty(told: Json, chance: random.Random) -> None:
    """A duty is left out."""
    told["duties"].pop(chance.randrange(len(told["duties"])))


@_assessment
def duty_aside(told: Json, chance: random.Random) -> None:
    """A duty is told as not in force."""
    duty = told["duties"].pop(chance.randrange(len(told["duties"])))
    words = {name: duty[name] for name in ("id", "title", "section")}
    told["not_in_force"].append(words | {"words": "not in force until 1 April 2031"})


@_assessment
def all_overdue_met(told: Json, chance: random.Random) -> None:
    """One overdue duty is told as met throughout, and its sums with it."""
    duty = chance.choice([each for each in told["duties"] if each["status"] == "overdue"])
    for each in duty["obligations"]:
        each["status"] = "met"
    duty["status"] = "met"
    duty["counts"]["met"] += duty["counts"]["overdue"]
    duty["counts"]["overdue"] = 0


def _of_duty(name: str, change: Callable[[Json, random.Random], None]) -> Edit:
    def edit(told: Json, chance: random.Random) -> None:
        change(chance.choice([each for each in told["duties"] if each[name] is not None]), chance)

    return _assessment(edit)


def _words(name: str) -> Callable[[Json, random.Random], None]:
    def change(each: Json, _: random.Random) -> None:
        each[name] = f"{each[name]} otherwise"

    return change


def _count(counts: Json, chance: random.Random) -> None:
    name = chance.choice(list(counts))
    counts[name] = counts[name] + 1


@_assessment
def duty_count(told: Json, chance: random.Random) -> None:
    """A count of a duty."""
    _count(chance.choice(told["duties"])["counts"], chance)


@_assessment
def section_count(told: Json, chance: random.Random) -> None:
    """A count of a section."""
    _count(chance.choice(told["sections"])[chance.choice(("duties", "obligations"))], chance)


@_assessment
def section_status(told: Json, chance: random.Random) -> None:
    """The status of a section."""
    status(chance.choice(told["sections"]), chance)


@_assessment
def whole_count(told: Json, chance: random.Random) -> None:
    """A count of the whole."""
    whole = told["status"][chance.choice(("office", "others"))]
    _count(whole[chance.choice(("duties", "obligations"))], chance)


@_assessment
def whole_status(told: Json, chance: random.Random) -> None:
    """The status of the whole."""
    status(told["status"][chance.choice(("office", "others"))], chance)


@_assessment
def waiver(told: Json, chance: random.Random) -> None:
    """A waiver on record."""
    one = chance.choice(told["waivers"])
    name = chance.choice(("reason", "approved_by", "subject", "state", "place"))
    one[name] = f"{one[name]} otherwise"


@_assessment
def no_problem(told: Json, chance: random.Random) -> None:
    """A cell that cannot be read is told of no more."""
    cells = [each for each in told["problems"] if each["cells"]]
    told["problems"].remove(chance.choice(cells))


@_assessment
def fewer_cells(told: Json, chance: random.Random) -> None:
    """Some of the cells that cannot be read for one reason are told of no more."""
    several = chance.choice([each for each in told["problems"] if len(each["cells"]) > 1])
    several["cells"].pop(chance.randrange(len(several["cells"])))


@_assessment
def more_cells(told: Json, chance: random.Random) -> None:
    """A range of cells that cannot be read is told of with one cell more."""
    one = chance.choice([each for each in told["problems"] if each["count"] == 1])
    (cell,) = one["cells"]
    letters = cell.rstrip("0123456789")
    one["cells"] = [f"{cell}:{letters}{int(cell.removeprefix(letters)) + 1}"]


@_assessment
def a_problem(told: Json, chance: random.Random) -> None:
    """A cell that can be read is told of as one that cannot."""
    item = recheck.cited_row(told, chance.choice(list(_met(told)))["evidence"][0])
    made = dict(chance.choice([each for each in told["problems"] if each["cells"]]))
    made |= {name: item[name] for name in ("file", "sheet", "register")}
    told["problems"].append(made | {"cells": [item["cells"][0]["cell"]], "count": 1})


@_assessment
def another_day(told: Json, chance: random.Random) -> None:
    """The day that the check speaks for."""
    told["as_of"] = _moved(chance, told["as_of"])


@_assessment
def a_reading(told: Json, chance: random.Random) -> None:
    """How a phrase was read."""
    one = chance.choice(told["readings"])
    one[chance.choice(("phrase", "reading"))] += " otherwise"


@_assessment
def evidence_hash(told: Json, chance: random.Random) -> None:
    """Which file it was."""
    told["evidence"][0]["sha256"] = f"{chance.randrange(16**64):064x}"


@_assessment
def rulebook_stamp(told: Json, chance: random.Random) -> None:
    """Which rulebook it was."""
    name = chance.choice(("sha256", "version", "title", "marking", "sop"))
    told["rulebook"][name] = f"{told['rulebook'][name]}0"


# What it rests on ---------------------------------------------------------------------------------


def _lines(files: Files) -> list[list[str]]:
    text = files["evidence/cells.csv"].decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def _written(lines: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(lines)
    return text.getvalue().encode("utf-8-sig")


def _shown(files: Files) -> set[tuple[str, ...]]:
    """The cells that the assessment shows."""
    told = json.loads(files["assessment.json"])
    return {
        (item["file"], item["sheet"], cell["cell"])
        for item in recheck.cited_rows(told)
        for cell in item["cells"]
        if cell["value"]
    }


def _shown_line(files: Files, chance: random.Random) -> tuple[list[list[str]], int]:
    lines, shown = _lines(files), _shown(files)
    at = [n for n, e in enumerate(lines) if (e[0], e[1], f"{e[3]}{e[2]}") in shown]
    return lines, chance.choice(at)


def cell_text(files: Files, chance: random.Random) -> None:
    """A cell that the assessment shows has another text."""
    lines, n = _shown_line(files, chance)
    lines[n][6] = chance.choice(("2026-10-01", "tbc", f"{lines[n][6]}0", "2024-10-02"))
    files["evidence/cells.csv"] = _written(lines)


def cell_gone(files: Files, chance: random.Random) -> None:
    """A cell that the assessment shows is gone."""
    lines, n = _shown_line(files, chance)
    del lines[n]
    files["evidence/cells.csv"] = _written(lines)


def cell_elsewhere(files: Files, chance: random.Random) -> None:
    """A cell that the assessment shows stands in another row or column."""
    lines, n = _shown_line(files, chance)
    if chance.random() < 0.5:
        lines[n][2] = str(int(lines[n][2]) + 1)
    else:
        lines[n][3] = f"A{lines[n][3]}"
    files["evidence/cells.csv"] = _written(lines)


def row_left_out(files: Files, chance: random.Random) -> None:
    """A row is passed off as no row of its register."""
    lines = _lines(files)
    file, sheet, row = chance.choice([e[:3] for e in lines if e[10] == "row" and e[5]])
    kind = chance.choice(("total", "headings again", "beside", "above", "not read"))
    for line in lines:
        if line[:3] == [file, sheet, row]:
            line[10] = kind
    files["evidence/cells.csv"] = _written(lines)


def headings_swapped(files: Files, chance: random.Random) -> None:
    """Two columns of a sheet are taken for one another."""
    lines = _lines(files)
    heads = [line for line in lines if line[10] == "headings" and line[5]]
    sheet = chance.choice(heads)[:2]
    one, other = chance.sample([head[5] for head in heads if head[:2] == sheet], 2)
    for line in lines:
        if line[:2] == sheet:
            line[5] = {one: other, other: one}.get(line[5], line[5])
    files["evidence/cells.csv"] = _written(lines)


def sheet_unread(files: Files, chance: random.Random) -> None:
    """A sheet is passed off as one that could not be read, or as one of no register."""
    text = files["evidence/sheets.csv"].decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text, newline="")))
    line = chance.choice([line for line in lines[1:] if line[2] and not line[3]])
    at, value = chance.choice(((2, ""), (3, "no headings"), (3, "same name"), (2, "people ")))
    line[at] = value
    files["evidence/sheets.csv"] = _written(lines)


def file_altered(files: Files, chance: random.Random) -> None:
    """The file of evidence is another."""
    name = chance.choice([file for file in files if file.startswith("evidence/files/")])
    files[name] += bytes([chance.randrange(256)])


def rule_altered(files: Files, chance: random.Random) -> None:
    """A rule file says something else."""
    name = chance.choice([file for file in files if file.startswith("rulebook/")])
    files[name] += b"# otherwise\n"


def rule_renamed(files: Files, chance: random.Random) -> None:
    """A rule file stands elsewhere, or is gone."""
    name = chance.choice([file for file in files if file.startswith("rulebook/")])
    data = files.pop(name)
    if chance.random() < 0.5:
        files[f"{name.removesuffix('.yaml')}-2.yaml"] = data


def rule_easier(files: Files, chance: random.Random) -> None:
    """The plain rules ask for less: spans ten times as long, and any word in a condition."""
    book = json.loads(files["rulebook.json"])
    duty = chance.choice(book["duties"])
    text = json.dumps(duty["versions"])
    longer = re.sub(r'\[(-?[1-9][0-9]*), "(days|months)"\]', r'[\g<1>0, "\2"]', text)
    duty["versions"] = json.loads(longer)
    files["rulebook.json"] = json.dumps(book).encode()


def _unsealed_flip(files: Files, chance: random.Random) -> None:
    name = chance.choice([file for file in files if files[file]])
    data = bytearray(files[name])
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    files[name] = bytes(data)


def _unsealed_swap(files: Files, chance: random.Random) -> None:
    one, other = chance.sample(sorted(file for file in files if file != "README.txt"), 2)
    files[one], files[other] = files[other], files[one]


def _unsealed_less(files: Files, chance: random.Random) -> None:
    del files[chance.choice(sorted(files))]


def _unsealed_more(files: Files, chance: random.Random) -> None:
    files[chance.choice(("rulebook/more.yaml", "evidence/files/9-x.csv", "note.txt"))] = b"more"


def ledger_line(files: Files, chance: random.Random) -> None:
    """A line of the ledger's chain."""
    lines = files["ledger.txt"].decode().splitlines()
    n = chance.randrange(len(lines))
    lines[n] = lines[n].replace("2026", "2025", 1) if n + 1 < len(lines) else ""
    files["ledger.txt"] = "\n".join(lines).encode()


def ledger_entry(files: Files, chance: random.Random) -> None:
    """The ledger's entry of the check, which is the last, says something else of it."""
    *lines, last = files["ledger.txt"].decode().splitlines()
    entry = json.loads(last)
    name = chance.choice(("as_of", "evidence", "rulebook", "position", "program", "records_begin"))
    match entry[name]:
        case dict(fields):
            field = chance.choice([key for key in fields if key != "kept"])
            fields[field] = f"{fields[field]}0"
        case list(hashes):
            hashes.append("0" * 64)
        case day:
            entry[name] = _moved(chance, day)
    files["ledger.txt"] = "\n".join([*lines, json.dumps(entry)]).encode()


def file_more(files: Files, chance: random.Random) -> None:
    """A file that the check did not read is put in."""
    name = chance.choice(("note.txt", "rulebook/note.txt", "evidence/files/9-x.csv", "evidence/x"))
    files[name] = b"more"


#: Edits of claims, or of what they rest on; the manifest is put right after each.
SEALED: Mapping[str, Edit] = {
    "status of an obligation": _of_obligation(status),
    "deadline of an obligation": _of_obligation(_day("deadline")),
    "opening of an obligation": _of_obligation(_day("opens")),
    "days of an obligation": _of_obligation(_number("days")),
    "days late": _of_obligation(_number("late_days")),
    "when it was last done": _of_obligation(_day("last_done")),
    "version that judged": _of_obligation(_day("version_from")),
    "subject": _of_obligation(_words("subject")),
    "name of a subject": _of_obligation(_words("subject_name")),
    "window": _of_obligation(_words("window")),
    "too late to do": _of_obligation(too_late),
    "another row of evidence": _of_evidence(another_row),
    "another line of a row": _of_evidence(another_line),
    "another key of a row": _of_evidence(another_key),
    "another text of a cell shown": _of_evidence(another_cell),
    "another address of a cell shown": _of_evidence(another_address),
    "evidence left out": _of_evidence(no_item),
    "evidence twice": _of_evidence(two_items),
    "another date of evidence": _of_evidence(another_date),
    "obligation left out": no_obligation,
    "obligation twice": two_obligations,
    "history left out": no_history,
    "history made better": better_history,
    "duty left out": no_duty,
    "duty put aside": duty_aside,
    "overdue duty met throughout": all_overdue_met,
    "status of a duty": _of_duty("status", status),
    "deadline of a duty": _of_duty("deadline", _day("deadline")),
    "days of a duty": _of_duty("days", _number("days")),
    "next due of a duty": _of_duty("id", _day("next_due")),
    "last done of a duty": _of_duty("id", _day("last_done")),
    "bearer of a duty": _of_duty("id", _words("bearer")),
    "strength of a duty": _of_duty("id", _words("strength")),
    "owner of a duty": _of_duty("id", _words("owner")),
    "title of a duty": _of_duty("id", _words("title")),
    "sheets not given": _of_duty("id", not_given),
    "count of a duty": duty_count,
    "count of a section": section_count,
    "status of a section": section_status,
    "count of the whole": whole_count,
    "status of the whole": whole_status,
    "waiver": waiver,
    "problem left out": no_problem,
    "problem made up": a_problem,
    "day of the check": another_day,
    "day from which records are kept": records_begin,
    "reading": a_reading,
    "hash of the evidence": evidence_hash,
    "rulebook named": rulebook_stamp,
    "text of a cell": cell_text,
    "cell gone": cell_gone,
    "cell elsewhere": cell_elsewhere,
    "row left out": row_left_out,
    "headings swapped": headings_swapped,
    "sheet unread": sheet_unread,
    "file of evidence altered": file_altered,
    "rule file altered": rule_altered,
    "rule file elsewhere": rule_renamed,
    "file put in": file_more,
    "ledger": ledger_line,
    "ledger's entry of the check": ledger_entry,
}

#: Edits of anything in the pack, after which the manifest is left as it was.
UNSEALED: Mapping[str, Edit] = {
    "a bit flipped": _unsealed_flip,
    "two files swapped": _unsealed_swap,
    "a file less": _unsealed_less,
    "a file more": _unsealed_more,
    "plain rules": rule_easier,
}


def _said(name: str) -> Edit:
    return _of_obligation(_words(name))


@_assessment
def a_finding(told: Json, chance: random.Random) -> None:
    """A finding is left out."""
    told["findings"].pop(chance.randrange(len(told["findings"])))


@_assessment
def the_program(told: Json, _: random.Random) -> None:
    """Which program it was."""
    told["program"]["version"] = "9.9"


@_assessment
def what_is_not_checked(told: Json, _: random.Random) -> None:
    """What the assessment says that it did not look at."""
    told["not_checked"].pop()


@_assessment
def the_headings(told: Json, _: random.Random) -> None:
    """What the office's own headings are."""
    told["sheet_headings"].pop()


def hidden_cell(files: Files, chance: random.Random) -> None:
    """A cell is passed off as one that is hidden, or the other way round."""
    lines = _lines(files)
    line = chance.choice(lines[1:])
    line[9] = "" if line[9] else "yes"
    files["evidence/cells.csv"] = _written(lines)


#: What is not found by design, once the manifest is put right.
NOT_FOUND: Mapping[str, Edit] = {
    "how a window came to be": _said("derivation"),
    "why it is not met": _said("unmet_reason"),
    "a finding": a_finding,
    "the program": the_program,
    "what was not looked at": what_is_not_checked,
    "the headings": the_headings,
    "a hidden cell": hidden_cell,
}


def edited(files: Mapping[str, bytes], name: str, chance: random.Random) -> Files | None:
    """The pack with one edit made; None where it changed nothing."""
    made = dict(files)
    edit = {**SEALED, **UNSEALED, **NOT_FOUND}[name]
    edit(made, chance)
    if made == files:
        return None
    return made if name in UNSEALED else sealed(made)


def main(arguments: list[str]) -> int:
    """Makes many edits, rechecks each by Python alone, and prints what came of them; 1 where one
    was not found. The pack's ledger is left out: it gives away each edit of the assessment."""
    files, count = files_in(Path(arguments[0]).read_bytes()), int(arguments[2])
    files.pop("ledger.txt", None)
    names = [name for name in (*SEALED, *UNSEALED) if not name.startswith("ledger")]
    ends, made = Counter[int](), 0
    with tempfile.TemporaryDirectory() as folder, patch.dict(sys.modules, {"openpyxl": None}):
        for n in range(count):
            name, seed = names[n % len(names)], int(arguments[1]) + n
            altered = edited(sealed(files), name, random.Random(seed))
            if altered is None:
                continue
            made += 1
            ended = rechecked_files(altered, Path(folder) / "pack.zip")
            ends[ended.code] += 1
            if ended.code == 0:
                print(f"NOT FOUND: {name} (seed {seed})")
    print(f"{made} edits of {len(names)} kinds: {ends[1]} differences, {ends[2]} not checkable")
    return 1 if ends[0] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
