"""``dueregard map`` on the command line: the list, the questions, what is saved and when."""

from __future__ import annotations

import contextlib
import io
import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cli.exits import Stop
from cli.inputs import rulebook_in
from cli.main import main
from cli.mapping_file import save_mapping, sheets_to_map
from cli.office_folder import office_in
from evidence.mapping.model import ColumnSource, Constant, RegisterMapping, SheetMapping
from tests.support.desk_office import PROGRAM, Ended, around, called
from tests.support.offices import OFFICES
from tests.test_cli_mapping import DAY, MATRIX, PEOPLE, settings

__all__ = ["settings"]

#: What a person of the office answers about the training matrix.
ANSWERS = {
    "Is the sheet 'Matrix'": "yes",
    "Does 'Staff / P/No' give 'person'": "y",
    "is 'passed' of Training?": "always yes",
    "Which column of the sheet 'Matrix'": "no",
    "struck through. Left out, or counted?": "left out",
    "Save them in office.yaml?": "yes",
}
HOW = (
    "Nothing was asked, because nobody can answer here. To confirm proposals, run 'dueregard map'"
    " in Command Prompt and answer, or write them into office.yaml, under mapping.\n"
)


_COLUMNS: dict[str, ColumnSource] = {
    spec.name: Constant(always="blank") if spec.ends_or_undoes else "not kept"
    for spec in rulebook_in(None).registers["people"].written.columns
    if spec.required or spec.ends_or_undoes
}
#: A list of people in which everything else is blank or not kept.
NAMES_ONLY = RegisterMapping(register_id="people", columns={**_COLUMNS, "ref": "Staff / P/No"})


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """The folder of an office with a training matrix, a list of its people and nothing mapped."""
    folder = tmp_path / "office"
    folder.mkdir()
    shutil.copy(OFFICES / "training-matrix" / MATRIX, folder)
    (folder / "People.csv").write_text(PEOPLE, encoding="utf-8")
    (folder / "office.yaml").write_text(
        "# Ours\nversion: 1\nevidence:\n  - People.csv  # from HR\n", encoding="utf-8"
    )
    return folder


class _Person(io.StringIO):
    """A person at a terminal, who reads each question and answers it."""

    def __init__(self, out: io.StringIO, answers: dict[str, str]) -> None:
        super().__init__()
        self._out, self._answers, self._count, self._seen = out, answers, 0, 0

    def isatty(self) -> bool:
        return True

    def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]  # noqa: ARG002
        self._count += 1
        assert self._count < 60, self._out.getvalue()[-2000:]
        shown = self._out.getvalue()
        question = " ".join(shown[self._seen :].split())
        self._seen = len(shown)
        answer = next((a for text, a in self._answers.items() if text in question), "yes")
        return "" if answer == "^D" else f"{answer}\n"


def asked(
    folder: Path, answers: dict[str, str], monkeypatch: pytest.MonkeyPatch, *arguments: str
) -> Ended:
    """``map`` in a folder, answered by a person."""
    out, err = io.StringIO(), io.StringIO()
    monkeypatch.setattr(sys, "stdin", _Person(out, answers))
    with (
        contextlib.chdir(folder),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        code = main(["map", *arguments])
    return Ended(code, out.getvalue(), err.getvalue())


@pytest.mark.parametrize("command", ["map", "start"])
def test_a_workbook_in_place_of_a_folder_is_called_a_file(tmp_path: Path, command: str) -> None:
    (tmp_path / "own.xlsx").write_bytes(b"")
    done = called(tmp_path, command, "own.xlsx")
    assert (done.code, done.out) == (2, "")
    assert done.err == f"own.xlsx is a file. Give the folder that it is in: {tmp_path}\n"


def test_what_is_proposed_is_listed_and_not_used(office: Path) -> None:
    text = (office / "office.yaml").read_text(encoding="utf-8")
    listed = called(office, "map", "--list")
    assert (listed.code, listed.err) == (0, "")
    assert listed.out.startswith(
        "The sheet 'Matrix' of 'Training matrix OPCC.xlsx'\n  Training (likely): "
    )
    assert "    'Staff / Post' -> role (certain) [C7: CEX; " in listed.out
    assert "    To answer: passed\n" in listed.out
    assert called(office, "map") == Ended(0, f"{listed.out}{HOW}", "")
    assert called(office.parent, "map", "office", "--list") == listed
    assert (office / "office.yaml").read_text(encoding="utf-8") == text


def test_what_is_confirmed_is_saved_and_used(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = asked(office, ANSWERS, monkeypatch)
    assert (ended.code, ended.err) == (0, "")
    assert "  'Staff / Post' -> role (certain)\n" in ended.out
    assert "    C7: CEX; C11: Head of Policy; " in ended.out
    assert "Training: 51 rows read; 1 cell cannot be read.\n" in ended.out
    assert ended.out.endswith("Saved: office.yaml\nNext: run 'dueregard check'.\n")
    text = (office / "office.yaml").read_text(encoding="utf-8")
    assert text.startswith(
        f"# Ours\nversion: 1\nevidence:\n  - People.csv\n  - {MATRIX}\nmapping:\n"
    )
    assert "          passed: {always: yes}\n" in text
    assert "    struck through rows: left out\n" in text
    assert asked(office, {}, monkeypatch) == Ended(
        0, "Every sheet is known. Nothing is left to map.\n", ""
    )
    check = called(office, "check", *DAY)
    assert "Training from the sheet 'Matrix': 'ref' is not kept and 'passed' is always yes.\n" in (
        check.out
    )
    assert "was not used" not in check.out


@pytest.mark.campaign
@pytest.mark.parametrize("end", ["stop", "^D"])
def test_it_can_be_stopped_and_gone_on_with(
    office: Path, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    shutil.copy(OFFICES / "it-assurance-emails" / "ICT assurance e-mails.xlsx", office)
    answers = {"Is the sheet 'E-mail log'": "later", "Is the sheet 'Matrix'": "later"}
    later = asked(office, answers, monkeypatch)
    assert later.out.count("Left for later.\n") == 2
    assert later.out.endswith(
        "2 sheets are left. To go on, run 'dueregard map'.\nNext: run 'dueregard check'.\n"
    )
    first = asked(
        office, {**ANSWERS, "E-mail log": "later", "is 'passed' of Training?": end}, monkeypatch
    )
    assert first.code == 0
    assert "Stopped.\n2 sheets are left. To go on, run 'dueregard map'.\n" in first.out
    assert "mapping" not in (office / "office.yaml").read_text(encoding="utf-8")
    second = asked(office, {"Is the sheet 'E-mail log'": "later", **ANSWERS}, monkeypatch)
    assert "Saved: office.yaml\n1 sheet is left." in second.out
    third = asked(office, {"Is the sheet 'E-mail log'": end}, monkeypatch)
    assert "1 sheet is not known." in third.out


def test_a_page_is_asked_question_by_question_and_faults_again(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is proposed is above the question by which it is confirmed. After the last question of a
    page, those are asked again whose answers could not be taken, with what was wrong."""
    (office / MATRIX).unlink()
    shutil.copy(OFFICES / "action-log" / "Prevent Delivery Plan action log v9.xlsx", office)
    answers = {
        "There is no heading 'Cancelled'": "^D",
        "Is it right that it has none of them?": "yes",
        "are certain. Are all of them right?": "no",
        "is 'cancelled' of Actions?": "Cancelled",
    }
    out = " ".join(asked(office, answers, monkeypatch).out.split())
    together = out.index(
        "are certain. Are all of them right? 'no' asks about each. [yes, no, back, stop]"
    )
    assert out.index("'PSG / Agreed' -> agreed on (certain)") < together
    assert out.index("Does 'PSG / Agreed' give 'agreed on' of Actions?") > together
    assert "Which column of the sheet 'Action log 24-26' is 'risk'" not in out
    questions = out[out.index("There is no heading 'Cancelled'.") :]
    assert questions.count("[") == 1
    assert "is 'cancelled' of Actions?" in questions


def test_an_answer_that_is_neither_yes_nor_no_is_said_to_be_so_and_nothing_is_repeated(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (office / MATRIX).unlink()
    shutil.copy(OFFICES / "action-log" / "Prevent Delivery Plan action log v9.xlsx", office)
    answers = {"are certain. Are all of them right?": "", "Enter yes or no.": "^D"}
    out = " ".join(asked(office, answers, monkeypatch).out.split())
    assert "Enter yes or no. [yes, no, back, stop]" in out
    assert out.count("are certain. Are all of them right?") == 1


def test_answers_that_are_not_saved_change_nothing(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (office / "office.yaml").read_text(encoding="utf-8")
    ended = asked(office, {**ANSWERS, "Save them in office.yaml?": "no"}, monkeypatch)
    assert "Saved" not in ended.out
    assert "> Not saved.\n" in ended.out
    assert (office / "office.yaml").read_text(encoding="utf-8") == text


def test_a_sheet_that_is_no_evidence_is_not_asked_about_again(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = {"Answer 'no evidence'": "no evidence", "Is the sheet 'Matrix'": "no"}
    assert "        gives: []\n" not in asked(office, answers, monkeypatch).out
    assert "    gives: []\n" in (office / "office.yaml").read_text(encoding="utf-8")
    assert "Every sheet is known." in asked(office, {}, monkeypatch).out


def test_a_mapping_is_saved_once_and_its_file_named(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What saves it prints nothing, and changes nothing where office.yaml would be wrong."""
    registers = rulebook_in(None).registers
    part = SheetMapping(file=MATRIX, sheet="Matrix", gives=(NAMES_ONLY,))
    wrong = NAMES_ONLY.model_copy(update={"register_id": "peple"})
    text = (office / "office.yaml").read_text(encoding="utf-8")
    with pytest.raises(Stop, match="There is no register 'peple'"):
        save_mapping(office, None, [part.model_copy(update={"gives": (wrong,)})], registers)
    assert (office / "office.yaml").read_text(encoding="utf-8") == text
    assert save_mapping(office, None, [part], registers) == office / "office.yaml"
    saved = office_in(office)
    assert saved is not None
    assert saved.file.mapping == (part,)
    assert saved.file.evidence == ("People.csv", MATRIX)
    with pytest.raises(Stop, match="give 'people' twice"):
        save_mapping(office, None, [part], registers)
    (office / "office.yaml").unlink()
    with pytest.raises(Stop, match="is not there any more"):
        save_mapping(office, None, [part], registers)
    assert capsys.readouterr() == ("", "")


def test_a_file_that_cannot_be_opened_is_named_and_left_out(office: Path) -> None:
    (office / "Broken.xlsx").write_bytes(b"PK\x03\x04")
    here = office_in(office)
    assert here is not None
    sheets, unopened = sheets_to_map(here, rulebook_in(None), ())
    assert [own.proposal.sheet for own in sheets] == ["Matrix"]
    assert len(unopened) == 1
    listed = called(office, "map", "--list")
    assert (listed.code, listed.err) == (0, f"{unopened[0]}\n")


def test_a_folder_without_office_yaml_is_set_up_first(tmp_path: Path) -> None:
    assert called(tmp_path, "map") == Ended(
        2,
        "",
        f"There is no office.yaml in {tmp_path}. To set it up, run: dueregard start\n",
    )


def test_a_mapping_with_a_fault_stops_it(office: Path) -> None:
    with (office / "office.yaml").open("a", encoding="utf-8") as file:
        file.write("mapping:\n  - {file: a.csv, gives: [{register: peple}]}\n")
    assert called(office, "map").err == (
        "Stopped: 1 error in office.yaml.\n  office.yaml, line 6 (mapping 1 > gives 1 > register):"
        " There is no register 'peple'. Write 'people' if that is what you mean.\n"
    )


@pytest.mark.campaign
def test_it_asks_on_a_real_terminal(office: Path) -> None:
    """The command as it was installed, on a terminal of its own, ended by its person."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [PROGRAM, "map"], cwd=office, env=around(), stdin=theirs, stdout=subprocess.PIPE
    )
    os.close(theirs)
    os.write(ours, b"stop\n")
    out, _ = process.communicate(timeout=60)
    os.close(ours)
    assert process.returncode == 0
    assert b"Is the sheet 'Matrix' of 'Training matrix OPCC.xlsx' your list 'Training'?" in out
    assert b"Stopped." in out


def _meetings(folder: Path) -> None:
    """A sheet of meetings that has too few columns, and a note that one was cancelled."""
    (folder / MATRIX).unlink()
    (folder / "Meetings log.csv").write_text(
        "Date,Meeting,Who went,Notes\n"
        "22/01/2026,Steering Group,BR,\n"
        "23/04/2026,Steering Group,BR,cancelled - rearranged\n"
        "30/07/2026,Steering Group,CD,\n"
        "22/10/2026,Town forum,CD,\n"
        "23/10/2026,Parish forum,CD,\n",
        encoding="utf-8",
    )


def test_columns_that_are_not_kept_are_confirmed_together_after_what_was_found(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each with what it is for, and how many duties read it; one that undoes a row alone."""
    _meetings(office)
    answers = {"is 'cancelled' of Meetings?": "no", "is 'minutes": "no"}
    ended = asked(office, answers, monkeypatch)
    out = " ".join(ended.out.split())
    assert (
        "'who attended for the OPCC': Who attended for the office: lead (the Prevent Lead), deputy"
        " (a named deputy) or none; 2 duties read it 'Prevent on agenda': For SWPB: enter no if"
        " Prevent was not on the agenda; 1 duty reads it"
    ) in out
    assert (
        "The rules use these columns, and they were not found in the file 'Meetings log.csv':"
        " 'ref', 'who attended for the OPCC', 'Prevent on agenda' and 'priorities recorded'. No"
        " column of Meetings comes from 'Who went' and 'Notes' so far. Is it right that the office"
        " keeps none of them in this sheet? If one of them is always the same, answer 'no'. 'no'"
        " asks about each. [yes, no, back, stop]"
    ) in out
    assert out.index("Does 'Meeting' give 'body'") < out.index("The rules use these columns")
    text = (office / "office.yaml").read_text(encoding="utf-8")
    assert "          OPCC present: not kept\n" in text
    assert "          cancelled: {always: blank}\n" in text


def test_before_saving_it_says_what_may_undo_a_row_and_what_cannot_be_shown(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _meetings(office)
    ended = asked(office, {"is 'cancelled' of Meetings?": "no"}, monkeypatch)
    assert (
        "'Notes' is not used, but may say that rows do not count: D3 'cancelled - rearranged'. If"
        " it does, put these rows right in the sheet, or answer with 'Notes' where 'cancelled' is"
        " asked for.\n"
    ) in ended.out
    assert (
        "No column of the sheet 'Meetings log.csv' is read as 'who attended for the OPCC',"
        " 'chair or officer present' or 'priorities recorded', so its rows cannot show"
        " that these duties were done: 4.1 Chair or Prevent Officer at SWPB, 4.1 Steering Group"
        " attendance and 4.2 Q4 CTLP workshop.\n"
    ) in ended.out
    (office / "office.yaml").write_text("version: 1\nevidence: []\n", encoding="utf-8")
    answers = {"is 'cancelled' of Meetings?": "Notes", "Is 'cancelled - rearranged'": "yes"}
    assert "may say that rows" not in asked(office, answers, monkeypatch).out
    assert "cancelled: Notes\n" in (office / "office.yaml").read_text(encoding="utf-8")


def test_words_without_a_meaning_are_left_as_they_are_together(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _meetings(office)
    ended = asked(office, {"is 'cancelled' of Meetings?": "no"}, monkeypatch)
    assert (
        "No meaning was found for these words in 'body': 'Town forum' and 'Parish forum'. Leave all"
        " of them as they are? A report then says that their cells cannot be read, and their rows"
        " count for nothing. 'no' asks about each. [yes, no, back, stop]"
    ) in " ".join(ended.out.split())
    assert "Town forum" not in (office / "office.yaml").read_text(encoding="utf-8")


class _Script(_Person):
    """A person who gives these answers in turn, and 'yes' after them."""

    def __init__(self, out: io.StringIO, answers: dict[str, str], turns: list[str]) -> None:
        super().__init__(out, answers)
        self._turns = turns

    def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]
        answer = super().readline(size)
        return f"{self._turns.pop(0)}\n" if self._turns else answer


def test_back_leads_to_the_question_before_and_the_page_before(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _meetings(office)
    turns = ["back", "yes", "back", "yes", "yes", "back", "yes", "yes", "yes", "no"]
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdin", _Script(out, {}, turns))
    with contextlib.chdir(office), contextlib.redirect_stdout(out):
        assert main(["map"]) == 0
    shown = " ".join(out.getvalue().split())
    assert shown.count("This is the first question about the sheet.") == 1
    assert shown.count("Which list") + shown.count("your list 'Meetings'?") == 3
    assert "Saved: office.yaml" in shown


def test_back_from_the_end_asks_the_last_page_again(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was answered before is kept, and only the last page is asked again."""
    _meetings(office)
    answers = {"is 'cancelled' of Meetings?": "no", "Save them in office.yaml?": "back"}

    class _Once(_Person):
        def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]
            answer = super().readline(size)
            if answer == "back\n":
                self._answers["Save them in office.yaml?"] = "yes"
            return answer

    out = io.StringIO()
    monkeypatch.setattr(sys, "stdin", _Once(out, answers))
    with contextlib.chdir(office), contextlib.redirect_stdout(out):
        assert main(["map"]) == 0
    assert out.getvalue().count("Your answers:\n") == 2
    shown = " ".join(out.getvalue().split())
    assert shown.count("is 'cancelled' of Meetings?") == 1
    assert shown.count("Leave all of them as they are?") == 2


def test_a_sheet_is_asked_about_again_and_its_answers_replaced(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _meetings(office)
    asked(office, {"is 'cancelled' of Meetings?": "no"}, monkeypatch)
    text = (office / "office.yaml").read_text(encoding="utf-8")
    assert called(office, "map", "--again", "Minutes") == Ended(
        2, "", "'Minutes' is not in the mapping of office.yaml. There are: 'Meetings log.csv'.\n"
    )
    again = ("--again", "Meetings log.csv")
    asked(office, {"your list 'Meetings'?": "stop"}, monkeypatch, *again)
    assert (office / "office.yaml").read_text(encoding="utf-8") == text
    answers = {"is 'cancelled' of Meetings?": "Notes", "Is 'cancelled - rearranged'": "yes"}
    assert "Saved: office.yaml" in asked(office, answers, monkeypatch, *again).out
    text = (office / "office.yaml").read_text(encoding="utf-8")
    assert text.count("register: meetings") == 1
    assert "cancelled: Notes\n" in text


def test_columns_of_one_kind_come_first_and_can_be_put_right(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """'no' to them is put right where their columns are then asked about again."""
    out = io.StringIO()
    answers = {**ANSWERS, "No columns of one kind were chosen.": "yes", "are of one kind": "no"}
    monkeypatch.setattr(sys, "stdin", _Person(out, answers))
    with contextlib.chdir(office), contextlib.redirect_stdout(out):
        assert main(["map"]) == 0
    shown = " ".join(out.getvalue().split())
    assert "of its own. 'yes' means 'GOV.UK e-learning / Awareness (L1)', " in shown
    assert shown.index("are of one kind") < shown.index("give 'course' of Training?")
    assert shown.count("No columns of one kind were chosen. Choose some, or give another") == 5
    assert "Training: 51 rows read; 1 cell cannot be read." in shown


def test_a_sheet_with_the_name_of_a_list_and_half_of_its_columns_is_asked_about(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise the owners would be unknown, and nobody would be asked for the heading."""
    (office / MATRIX).unlink()
    (office / "Owners.csv").write_text(
        "Duty,Who does it\nrefresher-training,Policy Officer\n", encoding="utf-8"
    )
    answers = {
        "Which list is": "Owners",
        "is 'owner' of Owners?": "Who does it",
        "is 'duty' of Owners?": "1",
        "Which column of": "no",
    }
    out = asked(office, answers, monkeypatch).out
    assert "1 of 1: the file 'Owners.csv'\n" in out
    assert "Owners: 1 row read; 0 cells cannot be read.\n" in out
    assert "owner: Who does it\n" in (office / "office.yaml").read_text(encoding="utf-8")
