"""The verifier of packs, asked as a module: about made-up cases, cells, sheets and whole packs."""

from __future__ import annotations

import datetime
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from engine.assessment import Assessment, Program
from engine.check import CheckRequest, assess
from engine.outcome import Answer
from evidence.cells.silence import says_nothing
from evidence.read import read_evidence
from evidence.table import CellState, Evidence, Table
from record.pack import pack as packing
from record.pack.book import plain_book
from record.recheck import recheck
from reports.json import to_json
from reports.json.document import AssessmentDocument, adapter
from rules.load import OWN_BOOK
from rules.model import Rulebook
from tests.support.case_generator import Case, as_read, at_edge, case, recorded
from tests.support.desk_office import BOOK as SMALL
from tests.support.judged_cases import plain_answers
from tests.support.needs import ROOT
from tests.support.own_book import book_in

OFFICE = ROOT / "examples" / "office.xlsx"
AS_OF = datetime.date(2026, 11, 24)
PROGRAM = Program("dueregard", "0.1.0", "the plain evaluator alone", "")

_STATES = {
    CellState.READ: recheck.READ,
    CellState.NOTHING: recheck.NOTHING,
    CellState.BLANK: recheck.BLANK,
    CellState.UNREADABLE: recheck.UNREADABLE,
    CellState.NO_COLUMN: recheck.UNREADABLE,
}
_KEY = ("duty", "subject", "event", "window", "register", "row", "past")
Told = dict[str, object]


# Cases --------------------------------------------------------------------------------------------


def on_edge(seed: int) -> Case:
    """The case of a seed, more often than not on an edge of its windows, and of an office that says
    from when it keeps its registers."""
    given = case(seed)
    answers = plain_answers(given)
    edges = sorted({day for answer in answers for day in (answer.opens, answer.deadline) if day})
    return recorded(at_edge(given, edges))


def tables_of(evidence: Evidence, book: recheck.Json) -> recheck.Tables:
    """Typed evidence as the verifier holds it, under a rulebook as a pack holds it."""
    return {
        id_: [_row_of(table, n, book["registers"][id_]) for n in range(len(table))]
        if table.found
        else None
        for id_, table in evidence.tables.items()
        if table.given
    }


def _row_of(table: Table, n: int, register: recheck.Json) -> recheck.RegisterRow:
    place, cells = table.place(n), {}
    for name, column in table.columns.items():
        state, text = _STATES[CellState(column.state[n])], column.raw[n]
        silent = bool(text) and says_nothing(text)
        cells[name] = recheck.Cell(state, column.value[n], text, silent)
    return recheck.RegisterRow(register, n, cells, place.file, place.sheet, place.row)


def tables_with_names(evidence: Evidence, book: recheck.Json) -> recheck.Tables:
    """The same, with what the verifier finds out by itself: which cells could name either of two
    rows, which rows are named, and which of them are the latest of their kind."""
    tables = tables_of(evidence, book)
    recheck.lose_names(tables)
    recheck.name_rows(tables)
    for rule in book["latest"]:
        recheck.fill_latest(rule, tables)
    for rule in book["days of"]:
        recheck.fill_day(rule, tables)
    return tables


#: What the verifier notes of a row on its way.
_OWN = ("letters", "unknown", "named", "named_on")


def plainly(tables: recheck.Tables) -> dict[str, list[Told] | None]:
    """The rows of each table by what they say and where they stand."""
    return {
        id_: None
        if rows is None
        else [{**vars(row), **dict.fromkeys(_OWN), "cells": _said(row)} for row in rows]
        for id_, rows in tables.items()
    }


def _said(row: recheck.RegisterRow) -> dict[str, tuple[object, ...]]:
    """How each cell was read, what it says, and its text."""
    return {name: cell[:3] for name, cell in row.cells.items()}


def told(answers: Sequence[Answer]) -> list[Told]:
    """The evaluators' answers, in the verifier's words and order."""
    made: list[Told] = [
        {
            **{name: getattr(answer.key, name) for name in _KEY[:6]},
            "version": answer.version_from,
            "status": answer.status.value,
            "past": answer.history_reason.value,
            "opens": answer.opens,
            "deadline": answer.deadline,
            "days": answer.days,
            "late_days": answer.late_days,
            "last_done": answer.last_done,
            "met_by": [(ref.register, ref.row) for ref in answer.met_by],
        }
        for answer in answers
    ]
    return sorted(made, key=_key)


def found(
    rulebook: Rulebook,
    evidence: Evidence,
    as_of: datetime.date,
    records_begin: datetime.date | None = None,
) -> list[Told]:
    """The verifier's own answers, from the rules as its pack holds them."""
    book = packed_book(rulebook)
    tables, begin = tables_with_names(evidence, book), records_begin or datetime.date.min
    made = [recheck.versions_of(duty, tables, as_of, begin) for duty in book["duties"]]
    answers = [one for each in made if each for one in recheck.judge_duty(each)]
    return sorted(map(_found, answers), key=_key)


def packed_book(rulebook: Rulebook) -> recheck.Json:
    """A rulebook as the verifier reads it from a pack."""
    book: recheck.Json = json.loads(json.dumps(plain_book(rulebook)))
    return book


def _found(answer: recheck.RecheckedObligation) -> Told:
    """An answer of the verifier by the names that the evaluators use."""
    uncertain, event = answer.uncertain_row, answer.event
    same = ("status", "past", "opens", "deadline", "days", "late_days", "last_done")
    return {
        "duty": answer.version.duty["id"],
        "subject": "" if uncertain else answer.subject.key,
        "event": "" if uncertain else event.key,
        "window": "" if uncertain else answer.window,
        "register": uncertain.register["id"] if uncertain else "",
        "row": uncertain.n if uncertain else -1,
        "version": answer.version.begins,
        "met_by": [(item.register, item.n) for item in answer.met_by],
        **{name: getattr(answer, name) for name in same},
    }


def found_in(case: Case) -> list[Told]:
    """Its answers on a made-up case, from its sheets."""
    return found(case.rulebook, as_read(case.seed).evidence, case.as_of, case.records_begin)


def _key(each: Told) -> list[str]:
    return [str(each[name]) for name in _KEY]


def differences(rulebook: Rulebook, evidence: Evidence, claimed: recheck.Json) -> list[str]:
    """What the verifier finds to be otherwise than the assessment of this evidence says."""
    book = packed_book(rulebook)
    tables = tables_with_names(evidence, book)
    for duty in claimed["duties"]:
        duty["nothing_to_check"] = bool(duty["nothing_to_check"])
    pack = object.__new__(recheck.Pack)  # one without files
    pack.differences = []
    days = (claimed["as_of"], claimed["records_begin"] or "0001-01-01")
    pack.assessment, pack.book = claimed, book
    recheck.compare_whole(pack, tables, *map(datetime.date.fromisoformat, days))
    return pack.differences


def written_out(data: bytes) -> recheck.Json:
    """An assessment as its file has it, with what is left out there."""
    whole = adapter(AssessmentDocument)
    told: recheck.Json = whole.dump_python(whole.validate_json(data), mode="json", by_alias=True)
    return told


# Packs --------------------------------------------------------------------------------------------


def assessed(
    evidence: Sequence[Path],
    as_of: datetime.date = AS_OF,
    *,
    folder: Path = OWN_BOOK,
    known: datetime.date | None = None,
    records_begin: datetime.date | None = None,
) -> Assessment:
    """The assessment of these files, decided by the plain evaluator alone, without the year ahead:
    no pack is asked about that, and it would take longer than the rest."""
    rulebook = book_in(folder)
    read = read_evidence(list(evidence), rulebook.registers, known)
    assert not read.fatal
    request = CheckRequest(
        rulebook, read, as_of, PROGRAM, None, known, records_begin=records_begin, ahead=False
    )
    return assess(request)


def packed(
    folder: Path,
    evidence: Sequence[Path],
    as_of: datetime.date = AS_OF,
    *,
    rulebook: Path = SMALL,
    known: datetime.date | None = None,
    records_begin: datetime.date | None = None,
) -> dict[str, bytes]:
    """The files of the pack of a check of this evidence; ``folder`` is for the assessment."""
    path = folder / "assessment.json"
    made = assessed(evidence, as_of, folder=rulebook, known=known, records_begin=records_begin)
    path.write_bytes(to_json(made))
    return files_in(packing.pack(path, tuple(evidence), rulebook))


def files_in(archive: bytes) -> dict[str, bytes]:
    """The files of an archive by name."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def sealed(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files with their hashes in the manifest put right, as who alters a pack would."""
    manifest = json.loads(files["manifest.json"])
    others = {name: data for name, data in files.items() if name != "manifest.json"}
    manifest["files"] = {name: recheck.sha256(data) for name, data in others.items()}
    return others | {"manifest.json": json.dumps(manifest).encode()}


@dataclass(frozen=True, slots=True)
class Ended:
    """How a recheck ended, and what it printed."""

    code: int
    out: str

    @property
    def differences(self) -> list[str]:
        """The differences that it found."""
        return [line[11:] for line in self.out.splitlines() if line.startswith("DIFFERENCE ")]


def rechecked(path: Path) -> Ended:
    """What the verifier says of a pack."""
    out = io.StringIO()
    with redirect_stdout(out):
        code = recheck.main([str(path)])
    return Ended(code, out.getvalue())


def rechecked_files(files: Mapping[str, bytes], at: Path) -> Ended:
    """What it says of a pack of these files."""
    at.write_bytes(packing.archive(files))
    return rechecked(at)
