"""dueregard sign: what is signed off, and what cannot be."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli import ledger_entry
from cli.commands.record import ledger as ledger_command
from cli.commands.record import sign
from record.ledger.chain import Stamp, entries
from record.ledger.verify import verify
from tests.support.desk_office import Ended, asked, called, workbook
from tests.support.ledgers import memory

LEDGER = "dueregard-ledger.sqlite"
REPORT = "reports/2026-11-24/assessment.json"


@pytest.fixture(scope="module")
def checked() -> Iterator[Path]:
    """A folder of an office in memory, with the reports of two days that were checked on 25
    November 2026, which is today."""
    moment = datetime.datetime(2026, 11, 25, 9, tzinfo=datetime.UTC)
    with pytest.MonkeyPatch.context() as patch, memory() as folder:
        for module in (ledger_entry, ledger_command, sign):
            patch.setattr(module, "stamp", lambda by: Stamp(moment, by or "Les Lead"))
        (folder / "office.xlsx").write_bytes(workbook())
        for day in ("2026-10-01", "2026-11-24"):
            arguments = asked("office.xlsx", as_of=day, out=f"reports/{day}", ledger=LEDGER)
            called(folder, *arguments)
        yield folder


@pytest.fixture
def office(checked: Path) -> Iterator[Path]:
    """A copy of that folder, which a test may change."""
    with memory() as folder:
        yield shutil.copytree(checked, folder, dirs_exist_ok=True)


def signed(folder: Path, *more: str, **options: str) -> Ended:
    given = {"by": "Prevent Officer", "as": "lead", "on": "25/11/2026"} | options
    return called(folder, "sign", *more, *(f"--{name}={text}" for name, text in given.items()))


@pytest.mark.parametrize("what", [[], ["."], ["reports/2026-11-24"], [REPORT]])
def test_the_latest_report_is_signed_off_unless_another_is_named(
    office: Path, what: list[str]
) -> None:
    done = signed(office, *what, says="All raised.")
    head = entries(office / LEDGER)[-1].row.hash
    ledger = LEDGER if what in ([], ["."]) else done.out.split(" in ")[1].split()[0]
    assert done == Ended(
        0,
        f"Sign-off of the report of 24 November 2026 logged as number 3 in {ledger}"
        f" (fingerprint {head}). No status was changed.\n",
        "",
    )
    shown = called(office, "ledger", "show", "2").out
    line = "Looked through by Prevent Officer, as lead, on 25 November 2026: All raised. (entry 3)"
    assert f"{line}\n" in shown
    assert verify(office / LEDGER).faults == ()


def test_a_sign_off_of_a_report_that_was_replaced_says_so(office: Path) -> None:
    kept = office / "kept.json"
    kept.write_bytes((office / REPORT).read_bytes())
    (office / "office.xlsx").write_bytes(workbook(checks=[]))
    called(office, *asked("office.xlsx", out="reports/2026-11-24", ledger=LEDGER))
    done = signed(office, "kept.json", "--ledger", LEDGER)
    assert done.out.endswith(
        "No status was changed.\n"
        "That report was replaced by check 3. Sign off the new report too.\n"
    )
    assert "in entry 2, replaced by entry 3; by Les Lead\n" in called(office, "ledger", "list").out


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"as": "auditor"}, "--as: 'auditor' is not a role. Enter lead or chief-executive."),
        ({"by": " "}, "--by is empty. Enter a post, such as Chief Executive, and not a person's"),
        ({"by": "Prevent\u200bOfficer"}, "--by contains a character that cannot be seen (\\u200b)"),
        ({"by": "P" * 121}, "--by is longer than 120 characters. Shorten it."),
        ({"on": "LTS"}, "--on: 'LTS' is not a date. Enter the date, such as "),
        ({"on": "26/11/2026"}, "26 November 2026 has not come yet. Give the day of the sign-off."),
        ({"on": "24/11/2026"}, "On 24 November 2026 there was no such report: the check was made"),
        ({"says": ""}, "--says is empty. Enter what there is to say."),
        ({"says": "x" * 501}, "--says is longer than 500 characters. Shorten it."),
        ({"ledger": "no.sqlite"}, "There is no ledger no.sqlite."),
    ],
)
def test_a_sign_off_that_lacks_something(office: Path, options: dict[str, str], says: str) -> None:
    done = signed(office, **options)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(says)
    assert len(entries(office / LEDGER)) == 3


def test_there_is_something_to_sign_off(office: Path) -> None:
    (office / "empty").mkdir()
    assert signed(office, "empty").err == (
        f"There is no report in the folder {office / 'empty'}. Run a check first, or name the"
        " assessment.json of the report.\n"
    )
    assert signed(office, "absent.json").err.startswith("absent.json was not found: check")
    assert signed(office, "office.xlsx").err.startswith("office.xlsx is not an assessment.")
    assert called(office, "sign").err == (
        "Say which post signs it off (--by) and in which role (--as), for example: dueregard sign"
        ' --by "Chief Executive" --as chief-executive\n'
        "For help: dueregard sign --help\n"
    )
