"""The pages of a check's results: the months before, a report, what to put right, a duty and its
review, and the rows to copy."""

from __future__ import annotations

import datetime
import hashlib
import html
import io
import re
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal
from urllib.parse import quote, urlencode

import openpyxl
import pytest
from playwright.sync_api import Browser, Page

from cli.browser.pages.problems import acknowledgeable, finding_id
from cli.browser.past_checks import without_commands
from cli.browser.site import Site
from engine.assessment import Assessment
from engine.outcome import Status
from evidence.visible import visible
from record.ledger.chain import entries
from record.ledger.review import reviews_in
from reports import view, words
from reports.json import from_json, outline_from_json, to_json
from reports.names import PersonNames
from reports.places import Places
from tests.support.assessment_sample import sample
from tests.support.browser import violations
from tests.support.browser_pages import Answer, followed, site_of, visit
from tests.support.browser_server import served
from tests.support.desk_office import called
from tests.support.hostile_texts import MARKUP, everywhere

pytestmark = pytest.mark.usefixtures("no_year_ahead")

EXAMPLE = Path(__file__).parents[1] / "examples" / "office.xlsx"
DAY, NEXT_DAY = "2026-11-24", "2026-11-25"
HERE = f"/reports/{DAY}"
DUTY = f"{HERE}/duties/refresher-training"
LEDGER = "dueregard-ledger.sqlite"
QUICK = ("--formats", "json")
AGAIN = ("--records-begin", "2026-01-01", *QUICK)
OFFICE = "version: 1\noffice: OPCC Anyshire\nevidence:\n  - office.xlsx\n"


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example office's folder, checked for two days; the tests leave it as it is."""
    folder = tmp_path_factory.mktemp("checked") / "office"
    folder.mkdir()
    shutil.copy(EXAMPLE, folder)
    (folder / "office.yaml").write_text(OFFICE, encoding="utf-8")
    for day, by in ((DAY, "Les Lead"), (NEXT_DAY, "Ann Officer")):
        formats = () if day == DAY else QUICK
        assert called(folder, "check", "--as-of", day, "--by", by, *formats).code == 1
    return folder


@pytest.fixture(scope="module")
def shared_site(checked: Path) -> Site:
    return site_of(checked)


@pytest.fixture
def office(checked: Path, tmp_path: Path) -> Path:
    """A copy of the folder that a test may change."""
    return Path(shutil.copytree(checked, tmp_path / "office"))


@pytest.fixture(scope="module")
def assessment(checked: Path) -> Assessment:
    return assessment_in(checked)


def assessment_in(folder: Path, day: str = DAY) -> Assessment:
    made = from_json((folder / "reports" / day / "assessment.json").read_bytes())
    assert isinstance(made, Assessment)
    return made


def got(site: Site, path: str, **query: str) -> Answer:
    """A page that is there."""
    answer = visit(site, "GET", f"{path}?{urlencode(query)}" if query else path)
    assert answer.status == 200, answer.words
    return answer


def links(page: Answer) -> list[str]:
    """The addresses of a page's links, in order."""
    return [html.unescape(link) for link in re.findall(r'href="([^"]*)"', page.text)]


# The months before --------------------------------------------------------------------------------


def test_the_checks_are_listed_with_the_latest_first(shared_site: Site) -> None:
    page = got(shared_site, "/reports")
    latest, first = page.words.index("25 November 2026"), page.words.index("24 November 2026")
    assert latest < first
    assert "by Ann Officer 6 13 1 47 4" in page.words
    assert [link for link in links(page) if link.startswith("/reports/")] == [
        f"/reports/{NEXT_DAY}",
        HERE,
    ]


def test_a_check_whose_reports_were_replaced_has_no_link(office: Path) -> None:
    assert called(office, "check", "--as-of", DAY, *AGAIN).code == 1
    page = got(site_of(office), "/reports")
    assert links(page).count(HERE) == 1
    assert "by Les Lead No reports of this check are in the folder" in page.words


def test_a_check_that_was_altered_or_is_gone_says_so(office: Path) -> None:
    store = office / "dueregard-ledger.assessments"
    entered = entries(office / LEDGER)
    (store / f"{entered[1].body.assessment}.json").write_bytes(b"{}")  # type: ignore[union-attr]
    (store / f"{entered[2].body.assessment}.json").unlink()  # type: ignore[union-attr]
    page = got(site_of(office), "/reports")
    assert "The assessment of entry 1 was altered after it was entered:" in page.words
    assert "The assessment of entry 2 is not at" in page.words
    assert "dueregard ledger" not in page.words


def test_a_pruned_check_has_no_numbers_and_no_name(office: Path) -> None:
    """Only what was entered before today can be pruned, so the entries are made a century old."""
    ledger = sqlite3.connect(office / LEDGER)
    with ledger:
        ledger.execute("DROP TRIGGER entries_unchanged")
        ledger.execute('UPDATE entries SET body = replace(body, \'"at":"20\', \'"at":"19\')')
    ledger.close()
    assert called(office, "ledger", "prune", "--before", "2020-01-01").code == 0
    page = got(site_of(office), "/reports")
    assert "by (name removed from the ledger)" in page.words
    assert page.words.count("What it found was removed when the ledger was pruned.") == 2
    assert "Ann Officer" not in page.words


def test_a_damaged_ledger_leaves_the_reports_in_the_folder(office: Path) -> None:
    (office / LEDGER).write_bytes(b"no ledger at all, but some text")
    page = got(site_of(office), "/reports")
    assert f"{LEDGER} is not a ledger of this program, and was left as it is." in page.words
    assert "--ledger" not in page.words
    assert HERE in links(page)
    assert "24 November 2026 Not in the ledger 6 13 1 47 4" in page.words


def test_a_folder_without_a_check_says_what_to_do(tmp_path: Path) -> None:
    assert "There is no report yet. Check the evidence first." in got(
        site_of(tmp_path), "/reports"
    ).words.replace(" .", ".")


@pytest.mark.parametrize("page", ["0", "2", "x", "-1", "9" * 40, "²"])
def test_there_is_no_page_of_checks_that_no_check_is_on(shared_site: Site, page: str) -> None:
    assert visit(shared_site, "GET", f"/reports?page={quote(page)}").status == 404


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        (
            "There is no ledger a. A check begins one beside its folder of reports; where it lies "
            "elsewhere, give it with --ledger.",
            "There is no ledger a. A check begins one beside its folder of reports.",
        ),
        (
            "Nothing was read. Make room, or give another place with --ledger.",
            "Nothing was read. Make room.",
        ),
        (
            "Entry 3 cannot be read: it was altered. 'dueregard ledger verify' reports the rest.",
            "Entry 3 cannot be read: it was altered.",
        ),
        (
            "It was never entered. Give the ledger with --ledger; run.json beside it names that.",
            "It was never entered.",
        ),
        ("The folder a has errors: run 'dueregard rules check'.", "The folder a has errors."),
        ("Give the file as it was then, or check again.",) * 2,
    ],
)
def test_a_page_says_nothing_of_commands(message: str, shown: str) -> None:
    assert without_commands(message) == shown


# One report ---------------------------------------------------------------------------------------


def test_a_report_says_what_is_overdue(shared_site: Site, assessment: Assessment) -> None:
    page = got(shared_site, HERE)
    assert view.verdict(assessment, view.OFFICE) in page.words
    overdue = [d.id for d in assessment.duties if d.status is Status.OVERDUE]
    assert {f"{HERE}/duties/{id_}" for id_ in overdue} <= set(links(page))
    assert f"{len(assessment.problems)} problems: entries that could not be read" in page.words
    assert f"{len(assessment.findings)} points to check" in page.words


def test_the_outline_says_the_same_as_the_whole(checked: Path, assessment: Assessment) -> None:
    outline = outline_from_json((checked / "reports" / DAY / "assessment.json").read_bytes())
    assert isinstance(outline, Assessment)
    assert outline.findings == assessment.findings
    for told in (view.named, view.duty_words, view.duty_counts, view.is_too_late):
        assert [*map(told, outline.duties)] == [*map(told, assessment.duties)]
    for answers in (view.OFFICE, view.OTHERS):
        assert view.verdict(outline, answers) == view.verdict(assessment, answers)
    wrong = outline_from_json(b"{}")
    assert wrong == from_json(b"{}")


def test_every_duty_is_listed(shared_site: Site, assessment: Assessment) -> None:
    page = got(shared_site, f"{HERE}/duties")
    assert [link for link in links(page) if link.startswith(f"{HERE}/duties/")] == [
        f"{HERE}/duties/{duty.id}"
        for answers in (view.OFFICE, view.OTHERS)
        for duty in view.of_list(assessment, answers)
    ]


@pytest.mark.parametrize(
    "path",
    [
        "/reports/2026-11-23",
        "/reports/..",
        "/reports/%2e%2e",
        "/reports/2026-02-31",
        f"{HERE}/nothing.txt",
        f"{HERE}/run.json",
        f"{HERE}/duties/nothing",
        f"{HERE}/duties/nothing/history",
        f"{HERE}/duties/..%2f..%2foffice.xlsx",
        f"{HERE}/rows/owner/nothing",
        f"{HERE}/rows/waiver/nothing",
        f"{HERE}/rows/acknowledge/0000000000000000",
        f"{HERE}/points?page=99",
        "/reports/2026-11-23/problems",
        "/reports/2026-11-23/pack.zip",
    ],
)
def test_only_what_exists_has_an_address(shared_site: Site, path: str) -> None:
    answer = visit(shared_site, "GET", path)
    assert (answer.status, "There is no such page" in answer.words) == (404, True)


def test_the_files_of_a_report_are_sent_as_they_are(shared_site: Site, checked: Path) -> None:
    reports = checked / "reports" / DAY
    for name in ("assessment.json", "assessment.xlsx", "summary.txt"):
        assert got(shared_site, f"{HERE}/{name}").data == (reports / name).read_bytes()
    shown = got(shared_site, f"{HERE}/assessment.html").text
    link = (
        f'<p class="unprinted"><a href="/back?day={DAY}">Back to the pages of this office</a></p>'
    )
    assert link in shown
    assert shown.replace(link, "").encode() == (reports / "assessment.html").read_bytes()


def test_a_pack_is_the_one_that_the_command_makes(office: Path) -> None:
    given = ("--evidence", "office.xlsx", "--ledger", LEDGER)
    json = f"reports/{DAY}/assessment.json"
    assert called(office, "pack", "pack.zip", json, *given).code == 0
    site = site_of(office)
    made = got(site, f"{HERE}/pack.zip")
    assert made.data == (office / "pack.zip").read_bytes()
    assert hashlib.sha256(made.data).hexdigest() in got(site, f"{HERE}/pack").words
    assert "evidence/cells.csv" in zipfile.ZipFile(io.BytesIO(made.data)).namelist()


def test_no_pack_is_made_of_other_evidence(office: Path) -> None:
    workbook = openpyxl.load_workbook(office / "office.xlsx")
    workbook["Staff"]["A1"] = "changed"
    workbook.save(office / "office.xlsx")
    answer = visit(site_of(office), "GET", f"{HERE}/pack")
    assert answer.status == 409
    assert "is not the file that was checked as office.xlsx" in answer.words
    assert "To make a pack of the evidence as it is now, check this day again." in answer.words
    (office / "office.yaml").unlink()
    answer = visit(site_of(office), "GET", f"{HERE}/pack")
    assert (answer.status, "There is no office.yaml" in answer.words) == (409, True)


# What to put right --------------------------------------------------------------------------------


def test_every_problem_is_listed_by_its_sheet(shared_site: Site, assessment: Assessment) -> None:
    page, places = got(shared_site, f"{HERE}/problems"), Places(assessment)
    for problem in assessment.problems:
        message = without_commands(visible(places.without_names(problem.message)))
        assert " ".join(message.split()) in page.words
        assert all(cell in page.words for cell in problem.cells)
    assert "dueregard template" not in page.words
    assert page.text.count("<h2") == len({(p.file, p.sheet) for p in assessment.problems})


def test_every_point_is_listed_with_the_way_to_leave_it_off(
    shared_site: Site, assessment: Assessment
) -> None:
    page = got(shared_site, f"{HERE}/points")
    ways = {link for link in links(page) if "/rows/acknowledge/" in link}
    assert ways == {
        f"{HERE}/rows/acknowledge/{finding_id(finding)}"
        for finding in assessment.findings
        if acknowledgeable(finding)
    }
    assert 0 < len(ways) < len(assessment.findings)


def test_lists_that_may_be_forwarded_name_nobody(shared_site: Site, assessment: Assessment) -> None:
    names = [
        obligation.subject_name
        for duty in assessment.duties
        for obligation in duty.obligations
        if obligation.listed_at and obligation.listed_at.register == "people"
    ]
    assert len(set(names)) > 40
    for path in (HERE, f"{HERE}/duties", f"{HERE}/problems", f"{HERE}/points"):
        shown = got(shared_site, path).words
        assert [name for name in names if name and name in shown] == []
        assert PersonNames(assessment).without(shown) == shown


# A duty -------------------------------------------------------------------------------------------


def test_every_duty_has_a_page(shared_site: Site, assessment: Assessment) -> None:
    for duty in assessment.duties:
        page = got(shared_site, f"{HERE}/duties/{duty.id}")
        assert view.named(duty) in page.words
        assert view.duty_words(duty) in page.words
        assert len(page.data) < 300_000
        history = got(shared_site, f"{HERE}/duties/{duty.id}/history")
        assert history.words.count(words.status_words(duty.status, duty.days)) >= 1


def test_a_duty_says_why_and_what_to_do(shared_site: Site) -> None:
    page = got(shared_site, DUTY)
    assert "S022 (Privet Imaginary) 33 days overdue Why Training record T00137" in page.words
    assert (
        "What to do In cell G143 of Training, enter the date that its record shows." in page.words
    )
    assert "3 checks found." in page.words
    assert "Last done" not in page.words.partition("What the SOP says")[2]
    for way in ("rows/owner/refresher-training", "rows/waiver/refresher-training?subject=S022"):
        assert f"{HERE}/{way}" in links(page)


def test_a_search_finds_by_reference_name_and_status(shared_site: Site) -> None:
    for query in ("S022", "privet", "Imaginary"):
        assert "S022 (Privet Imaginary)" in got(shared_site, DUTY, q=query).words
    met = got(shared_site, DUTY, status="met").words
    assert "50 checks found." in met
    assert "overdue, cannot tell or due any status met" in met
    settled = got(shared_site, f"{HERE}/duties/channel-cooperation").words
    assert "overdue, cannot tell" not in settled
    everything = got(shared_site, DUTY, status="all")
    assert "54 found. These are the 50 most urgent" in everything.words
    assert everything.text.count('class="obligation"') == 50
    assert "None was found." in got(shared_site, DUTY, q="<script>").words
    assert "<script>alert" not in got(shared_site, DUTY, q="<script>alert").text


def test_sensitive_columns_are_not_shown(shared_site: Site, assessment: Assessment) -> None:
    duties = [
        duty
        for duty in assessment.duties
        if any(
            cell.value is None
            for obligation in duty.obligations
            for item in obligation.evidence
            for cell in item.cells
        )
    ]
    for duty in duties:
        page = got(shared_site, f"{HERE}/duties/{duty.id}", status="all")
        assert words.SENSITIVE in page.words
    assert duties


# Reviews ------------------------------------------------------------------------------------------


def review(site: Site, **more: str) -> Answer:
    sha256 = re.search(r'name="assessment" value="(\w+)"', got(site, DUTY).text)
    assert sha256
    given = {"assessment": sha256[1], "by": "Ann Auditor", "note": "", "subject": ""}
    return visit(site, "POST", DUTY, given | more)


def test_a_view_is_recorded_in_the_ledger(office: Path) -> None:
    site = site_of(office)
    answer = review(site, verdict="disagree", note="S022 has a certificate", subject="S022")
    assert answer.goes_to == f"{DUTY}#reviews"
    page = followed(site, answer)
    assert "Your view was recorded in the ledger as number 3." in page.words
    assert "Ann Auditor disagrees about S022: S022 has a certificate." in page.words
    assert "Your view was recorded" not in got(site, DUTY).words
    sha256 = hashlib.sha256((office / "reports" / DAY / "assessment.json").read_bytes())
    (recorded,) = reviews_in(entries(office / LEDGER), sha256.hexdigest())
    assert (recorded.by, recorded.view.verdict) == ("Ann Auditor", "disagree")


@pytest.mark.campaign
def test_a_view_counts_in_the_next_check_of_its_day_where_the_outcome_is_the_same(
    office: Path,
) -> None:
    site = site_of(office)
    for more in (
        {"verdict": "agree"},
        {"verdict": "agree", "subject": "S022"},
        {"verdict": "disagree", "subject": "S022", "note": "There is a certificate"},
    ):
        assert review(site, **more).status == 303
    assert called(office, "check", "--as-of", DAY, "--records-begin", "2026-01-01").code == 1
    again = got(site_of(office), DUTY).words
    counts = "It counts here too: the outcome and its rows are the same as in that check."
    for about in (
        r"Ann Auditor agrees \(entry 3",
        r"Ann Auditor disagrees about S022: There is a certificate. \(entry 5",
    ):
        assert re.search(rf"{about}, [^)]*\), in check 1 of this day\. {counts}", again)
    assert "Ann Auditor agrees about S022" not in again  # the later view replaces it
    book = openpyxl.load_workbook(office / "office.xlsx")
    book["Training"]["G143"] = datetime.date(2026, 11, 2)
    book.save(office / "office.xlsx")
    assert called(office, "check", "--as-of", DAY).code == 1
    changed = got(site_of(office), DUTY).words
    assert changed.count("It does not count here: the outcome or its rows have changed since.") == 2
    store = office / "dueregard-ledger.assessments"
    for path in store.iterdir():
        path.unlink()
    gone = got(site_of(office), DUTY).words
    assert gone.count("It does not count here: what that check found is not kept any more.") == 2


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({}, "Choose whether you agree."),
        ({"verdict": "maybe"}, "Choose whether you agree."),
        ({"verdict": "disagree", "note": " "}, "Say why you disagree"),
        ({"verdict": "agree", "assessment": "0" * 64}, "This day was checked again since"),
        ({"verdict": "agree", "subject": "S999"}, "This duty has no check of that name"),
    ],
)
def test_a_view_that_lacks_something_is_not_recorded(
    shared_site: Site, checked: Path, given: Mapping[str, str], fault: str
) -> None:
    answer = review(shared_site, **{"note": "Kept", **given})
    assert (answer.status, fault in answer.words) == (422, True)
    assert len(entries(checked / LEDGER)) == 3
    assert ("Kept" in answer.text) == ("note" not in given)


def test_a_view_that_lacks_something_stays_about_its_subject(shared_site: Site) -> None:
    answer = review(shared_site, verdict="disagree", subject="S022")
    assert (answer.status, "Only S022" in answer.words) == (422, True)
    assert 'value="S022" checked' in answer.text


@pytest.mark.campaign
def test_a_view_of_an_assessment_that_is_in_no_ledger_is_refused(office: Path) -> None:
    (office / LEDGER).unlink()
    assert "no view can be recorded" in got(site_of(office), DUTY).words
    assert called(office, "check", "--as-of", NEXT_DAY).code == 1
    answer = review(site_of(office), verdict="agree")
    assert answer.status == 409
    assert "This assessment was never entered in the ledger" in answer.words
    assert "--ledger" not in answer.words


# Sign-off -----------------------------------------------------------------------------------------


def sign_off(site: Site, **more: str) -> Answer:
    sha256 = re.search(r'name="assessment" value="(\w+)"', got(site, HERE).text)
    assert sha256
    on = datetime.datetime.now(datetime.UTC).astimezone().strftime("%d/%m/%Y")
    given = {"assessment": sha256[1], "role": "lead", "post": "Prevent Officer", "on": on}
    return visit(site, "POST", HERE, given | {"says": ""} | more)


def test_a_report_is_signed_off_on_its_page(office: Path) -> None:
    site = site_of(office)
    assert "Nobody has signed off this report." in got(site, HERE).words
    answer = sign_off(site, says="All raised.\r\n<b>Noted</b>")
    assert answer.goes_to == f"{HERE}#sign-off"
    page = followed(site, answer)
    assert "The sign-off was recorded in the ledger as number 3." in page.words
    assert "Looked through by Prevent Officer, as lead, on " in page.words
    assert ": All raised. &lt;b&gt;Noted&lt;/b&gt;. (entry 3)" in page.text
    again = sign_off(site, says="All raised.\r\n<b>Noted</b>")
    assert (again.status, "Entry 3 already contains this sign-off." in again.words) == (422, True)
    assert called(office, "check", "--as-of", DAY, *AGAIN).code == 1
    assert "(entry 3). That report was replaced by check 4." in got(site_of(office), HERE).words


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"role": ""}, "Choose what you state."),
        ({"post": " "}, "The post is empty. Enter a post, such as Chief Executive"),
        ({"on": "soon"}, "The day: 'soon' is not a date. Enter the date, such as "),
        ({"on": "24/11/2030"}, "24 November 2030 has not come yet."),
        ({"on": "24/11/2020"}, "there was no such report"),
        ({"assessment": "0" * 64}, "This day was checked again since"),
    ],
)
def test_a_sign_off_that_lacks_something_is_not_recorded(
    shared_site: Site, checked: Path, given: Mapping[str, str], fault: str
) -> None:
    answer = sign_off(shared_site, says="Kept", **given)
    assert (answer.status, fault in answer.words) == (422, True)
    assert "Kept" in answer.text
    assert len(entries(checked / LEDGER)) == 3


def test_a_report_that_is_in_no_ledger_cannot_be_signed_off(office: Path) -> None:
    (office / LEDGER).unlink()
    assert "no sign-off can be recorded" in got(site_of(office), HERE).words
    assert called(office, "check", "--as-of", NEXT_DAY, *QUICK).code == 1
    answer = sign_off(site_of(office))
    assert (answer.status, "This report was never entered" in answer.words) == (422, True)
    assert "--ledger" not in answer.words


# Rows to copy -------------------------------------------------------------------------------------


def row_of(site: Site, way: str, **answers: str) -> tuple[list[list[str]], str]:
    """The lines to copy as cells, and where to put them."""
    page = got(site, f"{HERE}/rows/{way}", row="made", **answers)
    found = re.search(r'<textarea id="line"[^>]*>(.*?)</textarea>', page.text, re.DOTALL)
    assert found, page.words
    lines = html.unescape(found[1]).split("\n")
    return [line.split("\t") for line in lines], page.words


def pasted(path: Path, sheet: str, lines: list[list[str]]) -> None:
    """Puts the lines into the first empty rows of a sheet, as a person does."""
    workbook = openpyxl.load_workbook(path)
    if sheet not in workbook.sheetnames:
        workbook.create_sheet(sheet)
    table = workbook[sheet]
    row = table.max_row + 1 if table.max_row > 1 else 1
    for number, cells in enumerate(lines, row):
        for column, text in enumerate(cells, 1):
            table.cell(number, column, text)
    workbook.save(path)


def all_three(site: Site, assessment: Assessment) -> dict[str, tuple[list[list[str]], str]]:
    """A row of each kind: a point acknowledged, a person's waiver, and an owner."""
    finding = next(f for f in assessment.findings if f.rows and acknowledgeable(f) and f.duty)
    return {
        "acknowledge": row_of(
            site,
            f"acknowledge/{finding_id(finding)}",
            about="; ".join(finding.rows),
            reason="Looked at, nothing to change",
            by="Prevent Lead",
            until="31 March 2030",
        ),
        "waiver": row_of(
            site,
            "waiver/refresher-training",
            subject="s022",
            reason="Long-term sickness",
            approved="Chief Executive",
            **{"from": "1/11/2026", "until": "31 March 2030"},
        ),
        "owner": row_of(site, "owner/refresher-training", owner="Business Manager"),
    }


def check_effects(folder: Path, before: Assessment) -> None:
    """The rows are read without a problem, and do what they are for."""
    assert called(folder, "check", "--as-of", DAY).code == 1
    after = assessment_in(folder)
    finding = next(f for f in before.findings if f.rows and acknowledgeable(f) and f.duty)
    assert finding not in after.findings
    assert finding in [one.finding for one in after.acknowledged]
    assert len(after.findings) <= len(before.findings)
    (duty,) = (duty for duty in after.duties if duty.id == "refresher-training")
    (waived,) = (one for one in duty.obligations if one.subject == "S022")
    assert (waived.status, duty.owner) == (Status.WAIVED, "Business Manager")
    controls = ("waivers", "acknowledgements", "owners")
    assert [p for p in after.problems if p.register in controls] == [
        p for p in before.problems if p.register in controls
    ]


@pytest.mark.campaign
def test_rows_fit_the_offices_own_sheets_and_have_their_effect(
    office: Path, assessment: Assessment
) -> None:
    site = site_of(office)
    before = (office / "office.xlsx").read_bytes()
    rows = all_three(site, assessment)
    assert (office / "office.xlsx").read_bytes() == before
    lines, where = rows["acknowledge"]
    assert "first empty row of the 'Acknowledged' sheet of office.xlsx, from column A on" in where
    assert "Point About Reason Acknowledged by Until" in where
    pasted(office / "office.xlsx", "Acknowledged", lines)
    lines, where = rows["waiver"]
    assert lines == [
        [
            *("refresher-training", "S022", "Long-term sickness", "Chief Executive"),
            *("1 November 2026", "31 March 2030"),
        ]
    ]
    assert "Duty id For whom Reason Approved by From Expires" in where
    pasted(office / "office.xlsx", "Waivers", lines)
    lines, where = rows["owner"]
    place = re.search(r"into cell (B\d+) of the 'Owners' sheet .*, in place of 'HR Officer'", where)
    assert place
    workbook = openpyxl.load_workbook(office / "office.xlsx")
    workbook["Owners"].cell(int(place[1][1:]), 2, lines[0][0])
    workbook.save(office / "office.xlsx")
    check_effects(office, assessment)


@pytest.mark.campaign
def test_rows_for_sheets_that_the_office_lacks_bring_their_headings(office: Path) -> None:
    workbook = openpyxl.load_workbook(office / "office.xlsx")
    for sheet in ("Acknowledged", "Waivers", "Owners"):
        del workbook[sheet]
    workbook.save(office / "office.xlsx")
    assert called(office, "check", "--as-of", DAY).code == 1
    before = assessment_in(office)
    rows = all_three(site_of(office), before)
    for kind, sheet in (
        ("acknowledge", "Acknowledgements"),
        ("waiver", "Waivers"),
        ("owner", "Owners"),
    ):
        lines, where = rows[kind]
        assert "Add a sheet of that name to one of them, and copy both lines" in where
        assert len(lines) == 2
        pasted(office / "office.xlsx", sheet, lines)
    check_effects(office, before)


@pytest.mark.campaign
def test_a_row_follows_the_columns_of_the_sheet(office: Path) -> None:
    """Columns of the office's own between ours stay empty, and the day of recording is filled."""
    workbook = openpyxl.load_workbook(office / "office.xlsx")
    del workbook["Waivers"]
    table = workbook.create_sheet("Waivers")
    for column, heading in enumerate(
        [
            "Our ref",
            "Until",
            "Reason",
            "Notes",
            "Duty",
            "Subject",
            "Approver",
            "From",
            "Entered on",
        ],
        2,
    ):
        table.cell(3, column, heading)
    workbook.save(office / "office.xlsx")
    lines, where = row_of(
        site_of(office),
        "waiver/refresher-training",
        subject="all",
        reason="=1+1",
        approved="Chief Executive",
        **{"from": "1/11/2026", "until": "31 March 2030"},
    )
    (cells,) = lines
    assert cells[:7] == [
        "31 March 2030",
        "'=1+1",
        "",
        "refresher-training",
        "all",
        "Chief Executive",
        "1 November 2026",
    ]
    assert re.fullmatch(r"\d+ \w+ \d{4}", cells[7])
    assert "from column C on" in where
    assert "(column E)" in where


MAPPED = """\
mapping:
  - file: office.xlsx
    sheet: Exemptions
    gives:
      - register: waivers
        columns:
          duty: Which duty
          subject: Who
          reason: Grounds we saw
          approved by: {always: Chief Executive}
          from: Begins
          until: Last day of it
"""


def test_a_row_fits_a_sheet_that_a_mapping_reads(office: Path) -> None:
    """What the mapping says is always the same has no cell in the row. The office has only the
    sheets that the duty needs, since each is looked at for what it may be."""
    workbook = openpyxl.load_workbook(office / "office.xlsx")
    for sheet in {*workbook.sheetnames} - {"Staff", "Training"}:
        del workbook[sheet]
    table = workbook.create_sheet("Exemptions")
    table.append(["Which duty", "Who", "Grounds we saw", "Begins", "Last day of it"])
    table.append(["staff-trained", "S001", "Parental leave", "1 May 2026", "1 June 2026"])
    workbook.save(office / "office.xlsx")
    (office / "office.yaml").write_text(OFFICE + MAPPED, encoding="utf-8")
    lines, where = row_of(
        site_of(office),
        "waiver/refresher-training",
        subject="S022",
        reason="Long-term sickness",
        approved="Chief Executive",
        **{"from": "1/11/2026", "until": "31 March 2030"},
    )
    assert "first empty row of the 'Exemptions' sheet of office.xlsx, from column A on" in where
    pasted(office / "office.xlsx", "Exemptions", lines)
    assert called(office, "check", "--as-of", DAY).code == 1
    after = assessment_in(office)
    assert [w.state for w in after.waivers if w.subject == "S022"] == ["in force"]


@pytest.mark.parametrize(
    ("way", "answers", "fault"),
    [
        ("owner/refresher-training", {"owner": "none"}, "Enter a job title."),
        ("owner/refresher-training", {"owner": "x" * 501}, "Use at most 500 letters."),
        ("waiver/refresher-training", {"subject": "S999"}, "This duty has no check of 'S999'."),
        ("waiver/refresher-training", {"until": "31/02/2027"}, "not exist"),
        (
            "waiver/refresher-training",
            {"from": "1/12/2027", "until": "1/11/2027"},
            "Enter 1 December 2027 or a later day.",
        ),
        ("waiver/refresher-training", {}, "Say in a few words why."),
        ("waiver/it-filter-assurance", {"subject": "nobody"}, "Choose one of these."),
    ],
)
def test_an_answer_that_does_not_fit_is_asked_for_again(
    shared_site: Site, assessment: Assessment, way: str, answers: dict[str, str], fault: str
) -> None:
    if "it-filter" in way:
        duty = next(d for d in assessment.duties if "IT filter" in d.title)
        way = f"waiver/{duty.id}"
    page = got(shared_site, f"{HERE}/rows/{way}", row="made", **answers)
    assert fault in page.words
    assert "Make the row" in page.words
    fresh = got(shared_site, f"{HERE}/rows/{way}")
    assert 'class="fault"' not in fresh.text
    # a waiver that begins on the report's day counts when that day is checked again
    assert ('name="from" value="24 November 2026"' in fresh.text) == way.startswith("waiver")


def test_a_duty_that_cannot_be_waived_has_no_waiver(
    shared_site: Site, assessment: Assessment
) -> None:
    rules = shared_site.rulebook(None).duties
    ids = [duty.id for duty in assessment.duties if not rules[duty.id].waivable]
    for id_ in ids[:3]:
        assert visit(shared_site, "GET", f"{HERE}/rows/waiver/{id_}").status == 404
        assert not any(
            "/waiver/" in link for link in links(got(shared_site, f"{HERE}/duties/{id_}"))
        )


def test_the_page_of_a_report_says_what_is_coming(tmp_path: Path) -> None:
    folder = tmp_path / "reports" / DAY
    folder.mkdir(parents=True)
    (folder / "assessment.json").write_bytes(to_json(sample()))
    page = got(site_of(tmp_path), HERE).text
    assert "Coming within a year" in page
    assert "1 January 2027: 4.6 Refresher training (every 24 months) (HR Officer), new" in page
    (folder / "assessment.json").write_bytes(to_json(sample(coming=())))
    assert "Coming within a year" not in got(site_of(tmp_path), HERE).text


# Hostile texts ------------------------------------------------------------------------------------


@pytest.mark.one_in(5)
@pytest.mark.parametrize("text", MARKUP[:5])
def test_what_was_read_is_only_ever_text(tmp_path: Path, text: str) -> None:
    """Also of a duty with an id that no rulebook has; only a / in it would be another address."""
    kept = {duty.id for duty in sample().duties} if "/" in text else set()
    calm = everywhere(sample("A notice."), lambda was: was if was in kept else f"x{was}")
    wild = everywhere(sample("A notice."), lambda was: was if was in kept else f"{text}{was}")
    tags = []
    for made, name in ((calm, "calm"), (wild, "wild")):
        folder = tmp_path / name / "reports" / DAY
        folder.mkdir(parents=True)
        (folder / "assessment.json").write_bytes(to_json(made))
        site = site_of(tmp_path / name)
        paths = [HERE, f"{HERE}/duties", f"{HERE}/problems", f"{HERE}/points", "/reports"]
        duties = [f"{HERE}/duties/{quote(duty.id, safe='')}" for duty in made.duties]
        paths += [*duties, *(f"{duty}/history" for duty in duties)]
        ways = [link for link in links(got(site, f"{HERE}/points")) if "/rows/ack" in link]
        owners = [f"{HERE}/rows/owner/{quote(duty.id, safe='')}" for duty in made.duties]
        pages = [got(site, path) for path in [*paths, *ways, *owners]]
        assert all("alert(1)" not in page.headers.values() for page in pages)
        tags.append([re.findall(r"</?\w+", page.text) for page in pages])
    assert tags[0] == tags[1]


# In a browser -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def address(checked: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("served") / "office"
    with served(Path(shutil.copytree(checked, folder))) as site:
        yield site.session.address


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1100, "height": 800})
    one = context.new_page()
    one.goto(address)
    yield one
    context.close()


def path_of(page: Page) -> str:
    return str(page.evaluate("location.pathname"))


@pytest.mark.campaign
def test_from_the_report_to_a_row_a_duty_and_a_review(page: Page) -> None:
    page.get_by_role("link", name="Reports", exact=True).click()
    page.get_by_role("link", name="24 November 2026").click()
    page.get_by_role("link", name="entries that could not be read").click()
    assert page.get_by_role("heading", name="Date completed").count() == 1
    page.get_by_role("link", name="points to check").click()
    page.get_by_role("link", name="Leave it off the list").first.click()
    page.get_by_label("Why does nothing have to change?").fill("Looked at")
    page.get_by_label("Who has looked at it?").select_option("Prevent Lead")
    page.get_by_label("Until which day?").fill("31/03/2030")
    page.get_by_role("button", name="Make the row").click()
    line = page.get_by_label("To copy")
    assert line.input_value().split("\t")[2:] == ["Looked at", "Prevent Lead", "31 March 2030"]
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy it").click()
    page.get_by_text("Copied.").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == line.input_value()
    page.reload()
    assert page.get_by_label("To copy").input_value().startswith("Decision to note\t")
    page.get_by_role("link", name="Change the answers").click()
    assert page.get_by_label("Why does nothing have to change?").input_value() == "Looked at"
    page.goto(page.url.split("/reports/")[0] + DUTY)
    page.get_by_role("textbox", name="Search for a reference or a name").fill("S022")
    page.get_by_role("button", name="Search").click()
    page.get_by_text("1 check found.").wait_for()
    page.get_by_label("I disagree").check()
    page.get_by_role("button", name="Record my view").click()
    page.get_by_text("Say why you disagree").wait_for()
    page.get_by_label("Why", exact=True).fill("She has a certificate")
    page.get_by_role("button", name="Record my view").click()
    page.get_by_text("Your view was recorded in the ledger").wait_for()
    assert path_of(page) == DUTY
    page.reload()
    assert page.get_by_text("disagrees: She has a certificate.").count() == 1


PAGES = {
    "/reports": 15,
    HERE: 15,
    f"{HERE}/duties": 15,
    f"{HERE}/pack": 15,
    f"{HERE}/problems": 15,
    f"{HERE}/points": 15,
    DUTY: 15,
    f"{DUTY}?status=all": 15,
    f"{DUTY}/history": 15,
    f"{HERE}/rows/waiver/refresher-training?row=made": 15,
    f"{HERE}/rows/owner/refresher-training?row=made&owner=PCC": 15,
}


@pytest.mark.campaign
@pytest.mark.parametrize(("width", "media"), [(320, "screen"), (1100, "screen"), (1100, "print")])
def test_axe_finds_nothing_on_any_page(
    page: Page, width: int, media: Literal["print", "screen"]
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(media=media)
    root = page.url.rstrip("/")
    page.goto(f"{root}{HERE}/points")
    point = page.locator("a[href*='/rows/acknowledge/']").first.get_attribute("href")
    assert point
    for path, passes in {**PAGES, point: 15}.items():
        page.goto(root + path)
        assert violations(page, passes) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
