"""What each owner has to do: on the page, in the workbook, and as drafts of mails."""

from __future__ import annotations

import email
import io
from dataclasses import replace
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from openpyxl import load_workbook

from cli.main import main
from engine.assessment import (
    Assessment,
    ComingDate,
    OwnerShown,
    Person,
    Personal,
    ProblemShown,
)
from engine.outcome import Status
from reports.brief import brief
from reports.html.report import to_html
from reports.json import to_json
from reports.owners.mail import owner_mails
from reports.owners.tasks import DUE_NEXT, DUE_SOON, NOT_GIVEN, OVERDUE, UNTOLD, owner_tasks
from reports.xlsx.report import to_xlsx
from tests.support.assessment_builders import assessment, days, duty, obligation
from tests.support.assessment_sample import sample


def made(*owners: OwnerShown) -> Assessment:
    """Five duties; the owners on the sheet."""
    return replace(
        assessment(
            (
                duty("late", "Late", obligation(Status.OVERDUE, -3), owner=""),
                duty(
                    "unclear",
                    "Unclear",
                    obligation(Status.CANNOT_TELL, to_tell=("Correct B2.",)),
                    owner="",
                ),
                duty("soon", "Soon", obligation(Status.DUE, 30), owner=""),
                duty("next", "Next", obligation(Status.DUE, 31), owner=""),
                duty("far", "Far", obligation(Status.DUE, 91), owner=""),
            )
        ),
        owners=owners,
    )


EVERY = ("late", "unclear", "soon", "next", "far")


def groups(assessment: Assessment) -> dict[str, list[tuple[str, str]]]:
    """The groups and the duties of each owner, by name."""
    return {
        owner.name: [(task.group, task.duty.id) for task in owner.tasks]
        for owner in owner_tasks(assessment, brief(assessment).next_steps)
    }


def test_the_tasks_of_an_owner_are_in_their_groups() -> None:
    assert groups(made(OwnerShown("Chief Executive", "", EVERY))) == {
        "Chief Executive": [
            (OVERDUE, "late"),
            (UNTOLD, "unclear"),
            (DUE_SOON, "soon"),
            (DUE_NEXT, "next"),
        ]
    }


def test_an_owner_with_nothing_to_do_within_90_days_is_left_out_and_duties_without_come_last() -> (
    None
):
    found = groups(made(OwnerShown("A", "", ("far",)), OwnerShown("B", "", ("late", "soon"))))
    assert found == {
        "B": [(OVERDUE, "late"), (DUE_SOON, "soon")],
        "": [(UNTOLD, "unclear"), (DUE_NEXT, "next")],
    }


def test_two_owners_of_a_duty_both_have_it() -> None:
    found = groups(made(OwnerShown("A", "", EVERY), OwnerShown("B", "", ("late",))))
    assert found["B"] == [(OVERDUE, "late")]
    assert found["A"][0] == (OVERDUE, "late")


def test_what_to_correct_is_with_the_owner_of_the_duty() -> None:
    whole = made(OwnerShown("A", "", EVERY))
    (owner,) = owner_tasks(whole, brief(whole).next_steps)
    assert [(c.words, [d.id for d in c.duties]) for c in owner.corrections] == [
        ("Correct B2.", ["unclear"])
    ]


def test_a_blank_cell_that_a_duty_tells_to_fill_in_is_not_told_again_as_a_problem() -> None:
    """The problem and the duty name the same cell in other words."""
    advice = "Enter the ref of the person trained, as on the Staff sheet."
    problem = ProblemShown(
        kind="cell unreadable",
        register="training",
        file="registers.xlsx",
        sheet="training",
        message=f"The cell is blank. {advice}",
        column="person",
        cells=("B147",),
        count=1,
        values=(),
        more_values=0,
        duties=("late",),
    )
    told = f"Fill in B147 of training, which is blank: {advice[:1].lower()}{advice[1:]}"
    late = duty("late", "Late", obligation(Status.OVERDUE, -3, to_tell=(told,)), owner="A")
    for cell, number in (("B147", 1), ("B14", 2)):
        other = replace(problem, cells=(cell,))
        whole = replace(assessment((late,)), problems=(other,))
        (owner,) = owner_tasks(whole, brief(whole).next_steps)
        assert len(owner.corrections) == number
        assert owner.corrections[0].words == told


def test_each_owner_has_an_address_of_their_own() -> None:
    whole = made(OwnerShown("A. B", "", ("late",)), OwnerShown("A-b", "", EVERY))
    slugs = [owner.slug for owner in owner_tasks(whole, brief(whole).next_steps)]
    assert slugs == ["a-b", "a-b-2"]
    page = to_html(whole).decode()
    assert all(f'id="owner-{slug}"' in page and f'href="#owner-{slug}"' in page for slug in slugs)


def test_the_workbook_has_a_sheet_of_them() -> None:
    book = load_workbook(io.BytesIO(to_xlsx(made(OwnerShown("A", "", EVERY)))))
    rows = [row[:2] + row[3:4] for row in book["Owners"].iter_rows(min_row=3, values_only=True)]
    assert rows[0] == ("A", "Overdue", "Late")
    assert rows[-1] == ("A", "What to correct", "Unclear")


# Mails --------------------------------------------------------------------------------------------


def parsed(data: bytes) -> EmailMessage:
    """A draft, parsed again by the standard library."""
    message = email.message_from_bytes(data, policy=default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    assert not any(part.defects for part in message.walk())
    return message


def test_a_mail_is_a_draft_with_a_text_and_a_page() -> None:
    owner = OwnerShown("Zoë O'Hara", "zoe@office.example", EVERY)
    (name, data), *_ = owner_mails(made(owner)).items()
    mail = parsed(data)
    assert name == "zoe-o-hara.eml"
    assert mail["X-Unsent"] == "1"
    assert mail["To"] == "zoe@office.example"
    title = made().rulebook.title
    assert mail["Subject"] == f"4 duties need your action (24 November 2026): {title}"
    assert mail["Date"] == "Tue, 24 Nov 2026 00:00:00 +0000"
    text, page = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert page is not None
    for part in (text.get_content(), page.get_content()):
        assert "OFFICIAL" in part or made().rulebook.marking in part
        assert "4 duties need action: 1 overdue, 1 cannot tell, 1 due within 30 days, " in part
        assert "Correct B2." in part


def test_the_same_assessment_gives_the_same_bytes() -> None:
    whole = made(OwnerShown("A", "a@office.example", EVERY))
    assert owner_mails(whole) == owner_mails(whole)
    other = made(OwnerShown("A", "a@office.example", ("late",)))
    ids = {parsed(owner_mails(each)["a.eml"])["Message-ID"] for each in (whole, other)}
    assert len(ids) == 2


@pytest.mark.parametrize("address", ["", "none", "a@", "a@b\nBcc: c@d", "a b@c", "a@b, c@d", "é@b"])
def test_what_is_no_address_is_left_out(address: str) -> None:
    mail = parsed(owner_mails(made(OwnerShown("A", address, EVERY)))["a.eml"])
    assert mail["To"] is None
    assert mail["Bcc"] is None


def test_the_duties_without_an_owner_are_in_one_draft_without_an_address() -> None:
    mail = parsed(owner_mails(made())["no-owner.eml"])
    assert mail["To"] is None
    title = made().rulebook.title
    assert mail["Subject"] == f"4 duties need an owner (24 November 2026): {title}"
    parts = mail.get_body(("plain",)), mail.get_body(("html",))
    for part in parts:
        assert part is not None
        text = " ".join(part.get_content().split())
        assert "For: No owner recorded" in text
        assert "No owner is recorded for these duties. Send this to whoever does them" in text
        assert "4 duties need action: 1 overdue, 1 cannot tell, 1 due within 30 days, " in text


def test_a_name_cannot_add_a_header_or_markup() -> None:
    owner = OwnerShown("A\r\nBcc: c@d <script>", "", EVERY)
    ((_, data),) = owner_mails(made(owner)).items()
    assert parsed(data)["Bcc"] is None
    page = parsed(data).get_body(("html",))
    assert page is not None
    assert "<script>" not in page.get_content()


def test_a_mail_names_nobody_but_its_owner() -> None:
    people = Person("staff", ("S-1", "Ann Lee")), Person("owner", ("Bo Ray",))
    cells = ("Correct B2, which says Ann Lee.", "Ask Bo Ray.")
    whole = replace(
        assessment((duty("x", "X", obligation(Status.CANNOT_TELL, to_tell=cells)),)),
        owners=(OwnerShown("Bo Ray", "bo@office.example", ("x",)), OwnerShown("Di", "", ("x",))),
        personal=Personal(people=people),
    )
    mails = owner_mails(whole)
    assert set(mails) == {"bo-ray.eml", "di.eml"}
    text = parsed(mails["di.eml"]).get_body(("plain",))
    assert text is not None
    assert "which says a member of staff (1)" in text.get_content()
    assert not any(name in mails["di.eml"] for name in (b"Ann", b"Bo Ray", b"bo@"))
    assert b"Ann" not in mails["bo-ray.eml"]


def test_the_command_writes_the_drafts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "reports" / "2026-11-24"
    folder.mkdir(parents=True)
    (folder / "assessment.json").write_bytes(to_json(sample()))
    (folder / "owners").mkdir()
    (folder / "owners" / "gone.eml").write_bytes(b"")
    assert main(["owners", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert f"Saved: {folder / 'owners' / 'head-of-people.eml'}" in printed
    assert "still there from before: gone.eml" in printed
    assert main(["owners", str(folder / "assessment.json"), "--out", str(tmp_path / "o")]) == 0
    mail = (tmp_path / "o" / "head-of-people.eml").read_bytes()
    assert mail == (folder / "owners" / "head-of-people.eml").read_bytes()


def test_the_command_says_where_there_is_no_assessment(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["owners", str(tmp_path)]) == 2
    assert "There is no report in the folder" in capsys.readouterr().err


def test_an_owner_has_the_dates_within_90_days_of_what_is_not_due_and_no_sheet_was_given_for() -> (
    None
):
    ahead = tuple(
        ComingDate(id_, "office", "", Status.MET, None, days(left + 1))
        for id_, left in (("kept", 16), ("soon", 30), ("kept", 91))
    )
    whole = replace(
        assessment(
            (
                duty("kept", "Kept", obligation(Status.MET)),
                duty("soon", "Soon", obligation(Status.DUE, 30)),
                duty("none", "None", obligation(Status.NOT_ASSESSED), not_given=("Venues",)),
            )
        ),
        owners=(OwnerShown("A", "", ("kept",)), OwnerShown("B", "", ("soon", "none"))),
        year_ahead=ahead,
    )
    one, other = owner_tasks(whole, brief(whole).next_steps)
    assert (one.tasks, [line.date.last_day for line in one.dates]) == ((), [days(16)])
    assert other.dates == ()
    assert next((task.group, task.step) for task in other.tasks) == (
        NOT_GIVEN,
        "No 'Venues' sheet was provided.",
    )
    mail = parsed(owner_mails(whole)["a.eml"])
    assert mail["Subject"].startswith("1 date to keep (24 November 2026): ")
    text = mail.get_body(("plain",))
    assert text is not None
    assert "- by 10 December 2026: 4.6 Kept" in text.get_content()
