"""The report on a run of an estate: from the tables of two runs to a page and a workbook."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser

from cli.main import main
from estate.bodies import Failure
from estate.report import say
from estate.report.content import BodyNaming, content_by_name, content_without_names
from estate.report.figures import RunFigures, read_figures
from estate.report.position import BodyPosition, PositionChange
from estate.report.pseudonyms import KeyProblem, Pseudonyms
from estate.report.writing import PAGE, WORKBOOK, estate_report, latest_run, run_before
from tests.support.browser import must_be_accessible
from tests.support.estate_runs import DUTIES, MadeBody, overdue, write_run
from tests.support.hostile_texts import MARKUP
from tests.support.html_page import Element, parsed

NOVEMBER, DECEMBER = datetime.date(2026, 11, 1), datetime.date(2026, 12, 1)
KEY = Pseudonyms(b"k" * 32)
LATE, ALL = "refresher-training", tuple(DUTIES)


def before() -> list[MadeBody]:
    """Forty bodies: 20 with nothing overdue, 10 with one duty, 9 with six, and one not checked."""
    bodies = [overdue(f"Ashby {number:02}") for number in range(20)]
    bodies += [overdue(f"Belton {number:02}", LATE, checks=3) for number in range(10)]
    bodies += [overdue(f"Corby {number:02}", *ALL, checks=2) for number in range(9)]
    return [*bodies, MadeBody("Derby", failure="crash")]


def after() -> list[MadeBody]:
    """Six of the first are worse, two of the third are better, one is gone and two are new; one
    more is not checked, and one can be checked again."""
    bodies = {body.body: body for body in before()}
    for number in range(6):
        bodies[f"Ashby {number:02}"] = overdue(f"Ashby {number:02}", LATE, checks=4)
    for number in range(2):
        bodies[f"Corby {number:02}"] = overdue(f"Corby {number:02}", *ALL[:3])
    bodies["Ashby 19"] = MadeBody("Ashby 19", failure="evidence missing")
    bodies["Derby"] = overdue("Derby")
    del bodies["Belton 09"]
    bodies["Eaton"] = overdue("Eaton")
    bodies["Fenton"] = MadeBody(
        "Fenton",
        {LATE: ("cannot_tell", 0), "venue-hire": ("not_applicable", 0)},
        [("cell unreadable", "Training"), ("cell unreadable", "Training")],
    )
    return list(bodies.values())


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the two runs, in buckets of 15 bodies."""
    folder = tmp_path_factory.mktemp("estate")
    write_run(folder, NOVEMBER, before(), 15)
    write_run(folder, DECEMBER, after(), 15)
    return folder


@pytest.fixture(scope="module")
def figures(estate: Path) -> RunFigures:
    return read_figures(estate / "2026-12-01", estate / "2026-11-01")


def made(estate: Path, naming: BodyNaming = BodyNaming.NAMES) -> dict[str, bytes]:
    run = latest_run(estate)
    return estate_report(
        run, run_before(run), naming, KEY if naming is BodyNaming.PSEUDONYMS else None
    )


def sheet_rows(data: bytes, name: str) -> list[tuple[object, ...]]:
    book = load_workbook(io.BytesIO(data))
    return [tuple(row) for row in book[name].iter_rows(values_only=True)]


def table_rows(page: Element, heading: str) -> list[list[str]]:
    section = page.one("section", aria_labelledby=heading)
    rows = section.all("table")[0].one("tbody").all("tr")
    return [[one.text() for one in row.inside if isinstance(one, Element)] for row in rows]


# Figures -----------------------------------------------------------------------------------------


def test_the_figures_of_a_run(figures: RunFigures) -> None:
    assert figures.positions == {
        BodyPosition.NONE_OVERDUE: 15,
        BodyPosition.NOT_JUDGED: 1,
        BodyPosition.FEW_OVERDUE: 17,
        BodyPosition.MANY_OVERDUE: 7,
        BodyPosition.NOT_CHECKED: 1,
    }
    assert list(figures.positions_before.values()) == [20, 0, 10, 9, 1]
    assert (figures.failures, figures.failures_before) == (
        {"evidence missing": 1},
        {"crash": 1},
    )
    assert figures.moves[PositionChange(BodyPosition.NONE_OVERDUE, BodyPosition.FEW_OVERDUE)] == 6
    assert figures.moves[PositionChange(None, BodyPosition.NOT_JUDGED)] == 1
    assert figures.moves[PositionChange(BodyPosition.FEW_OVERDUE, None)] == 1


def test_a_duty_is_counted_where_it_applies(figures: RunFigures) -> None:
    duties = {duty.title: duty for duty in figures.duties}
    late, hire = duties[DUTIES[LATE][1]], duties["Venue hire policy"]
    assert (late.applies, late.overdue, late.checks) == (40, 24, 9 * 3 + 7 * 2 + 2 + 6 * 4)
    assert (hire.applies, hire.overdue) == (39, 9)
    assert figures.duties[0] is late


def test_a_problem_is_counted_once_for_a_body(figures: RunFigures) -> None:
    assert [(one.kind, one.register, one.bodies) for one in figures.problems] == [
        ("cell unreadable", "Training", 1)
    ]


def test_what_became_of_each_body(figures: RunFigures) -> None:
    assert content_by_name(figures).changes == {
        "better": 2,
        "worse": 6,
        "same": 29,
        "new": 2,
        "no longer in the estate": 1,
        "not checked now": 1,
        "checked again": 1,
    }


def test_the_bodies_are_listed_the_worst_first(figures: RunFigures) -> None:
    names = [body.body for body in content_by_name(figures).bodies]
    assert names[:2] == ["Ashby 19", "Corby 02"]
    assert names[-1] == "Belton 09"


# Files -------------------------------------------------------------------------------------------


def test_the_page_and_the_workbook_say_the_same(estate: Path) -> None:
    files = made(estate)
    page = parsed(files[PAGE])
    assert table_rows(page, "positions")[2] == ["1 to 4 overdue", "17", "10"]
    summary = sheet_rows(files[WORKBOOK], "Summary")
    assert ("1 to 4 overdue", 17, 10, None) in summary
    assert ("Worse", 6, "more duties are overdue", None) in summary
    duty = ["4.6", "Refresher training (every 24 months)", "24", "40", "60%", "67"]
    assert table_rows(page, "duties")[0] == duty
    assert sheet_rows(files[WORKBOOK], "Duties")[2] == (*duty[:2], 24, 40, 60, 67, "Prevent SOP")
    assert table_rows(page, "failures")[0][:2] == ["Evidence missing", "1"]
    bodies = sheet_rows(files[WORKBOOK], "Bodies")
    assert bodies[2][:2] == ("Ashby 19", "Not checked")
    assert bodies[2][7:9] == ("Evidence missing", "evidence missing: mend it.")
    assert len(bodies) == 2 + 42


def test_without_names_small_numbers_are_not_shown(estate: Path) -> None:
    files = made(estate, BodyNaming.NOT_LISTED)
    page = parsed(files[PAGE])
    assert table_rows(page, "positions") == [
        ["None overdue", "15", "20"],
        ["None overdue, some not judged", "not shown", "0"],
        ["1 to 4 overdue", "not shown", "not shown"],
        ["5 or more overdue", "7", "9"],
        ["Not checked", "not shown", "not shown"],
        ["All bodies", "41", "40"],
    ]
    assert not page.all("section", aria_labelledby="failures")
    assert not page.all("section", aria_labelledby="bodies")
    book = load_workbook(io.BytesIO(files[WORKBOOK]))
    assert book.sheetnames == ["Summary", "Duties", "Problems", "Change", "Not checked"]
    assert sheet_rows(files[WORKBOOK], "Not checked")[2][0] == "The reasons are not shown."


@pytest.mark.parametrize("naming", [BodyNaming.PSEUDONYMS, BodyNaming.NOT_LISTED])
def test_no_byte_has_a_name(estate: Path, naming: BodyNaming) -> None:
    names = {re.sub(r"\W", "", body.body) for body in after()}
    names |= {"Ashby", "Belton", "Corby", "Derby", "Eaton", "Fenton"}
    for data in made(estate, naming).values():
        parts = [data]
        if data.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(data)) as book:
                parts = [book.read(name) for name in book.namelist()]
        for part in parts:
            assert [name for name in names if name.encode() in part] == []


def test_a_text_of_a_rulebook_with_the_name_of_a_body_is_not_shown(tmp_path: Path) -> None:
    bodies = [
        MadeBody(f"body {number}", {"Ashby review": ("overdue", 3)}, [("sheet missing", "x ASHBY")])
        for number in range(8)
    ]
    bodies.append(MadeBody("ashby", {"Ashby review": ("met", 0)}))
    content = content_without_names(read_figures(write_run(tmp_path, DECEMBER, bodies)), None)
    assert [duty.title for duty in content.duties] == ["(name not shown)"]
    assert [problem.sheet for problem in content.problems] == ["(name not shown)"]


def test_a_pseudonym_is_the_same_in_every_report_with_the_key(estate: Path) -> None:
    first, second = (
        {body.body for body in content_without_names(read_figures(run), KEY).bodies}
        for run in (estate / "2026-11-01", estate / "2026-12-01")
    )
    assert first & second == {KEY.of(f"Ashby {n:02}") for n in range(6, 19)} | {
        KEY.of(f"Corby {n:02}") for n in range(2, 9)
    }
    assert re.fullmatch(r"[A-Z2-7]{4}(-[A-Z2-7]{4}){2}", KEY.of("Ashby 07"))
    assert Pseudonyms(b"l" * 32).of("Ashby 07") != KEY.of("Ashby 07")


def test_the_same_tables_give_the_same_bytes(estate: Path) -> None:
    for naming in BodyNaming:
        assert made(estate, naming) == made(estate, naming)


def test_a_run_without_one_before_shows_no_change(tmp_path: Path) -> None:
    run = write_run(tmp_path, DECEMBER, after())
    assert run_before(run) is None
    page = parsed(estate_report(run, None, BodyNaming.NAMES)[PAGE])
    assert not page.all("section", aria_labelledby="changes")


def test_each_kind_of_failure_has_something_to_do() -> None:
    advice = Counter(map(say.what_to_do, Failure))
    assert max(advice.values()) == 1


@pytest.mark.parametrize(
    ("naming", "width"),
    [
        (BodyNaming.NAMES, 320),
        pytest.param(BodyNaming.PSEUDONYMS, 1100, marks=pytest.mark.campaign),
        pytest.param(BodyNaming.NAMES, 1100, marks=pytest.mark.campaign),
        pytest.param(BodyNaming.PSEUDONYMS, 320, marks=pytest.mark.campaign),
    ],
)
def test_it_is_accessible_at_every_width_and_asks_nothing(
    browser: Browser, tmp_path: Path, naming: BodyNaming, width: int
) -> None:
    """Also with markup for texts."""
    long = "n" * 60
    bodies = [
        MadeBody(f"{text}{long}{n}", {text: ("overdue", 9)}, [("cell unreadable", text)])
        for n in range(6)
        for text in MARKUP
    ]
    run = write_run(tmp_path, DECEMBER, bodies)
    write_run(tmp_path, NOVEMBER, bodies)
    page = estate_report(run, run_before(run), naming, KEY)[PAGE]
    must_be_accessible(browser, tmp_path / PAGE, page, width)


# The command -------------------------------------------------------------------------------------


def test_the_command_compares_with_the_run_before(
    estate: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["estate-report", str(estate), "--out", str(tmp_path / "out")]) == 0
    assert f"Saved: {tmp_path / 'out' / PAGE}" in capsys.readouterr().out
    assert (tmp_path / "out" / PAGE).read_bytes() == made(estate)[PAGE]


def test_the_command_makes_a_key_once(
    estate: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = tmp_path / "estate.key"
    command = ["estate-report", str(estate), "--pseudonyms", str(key), "--out", str(tmp_path)]
    assert main(command) == 0
    assert "Made a new key" in capsys.readouterr().out
    data, first = key.read_bytes(), (tmp_path / PAGE).read_bytes()
    assert key.stat().st_mode & 0o777 == 0o600
    assert main(command) == 0
    assert "Made a new key" not in capsys.readouterr().out
    assert (key.read_bytes(), (tmp_path / PAGE).read_bytes()) == (data, first)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["{estate}/2026-11-01", "--since", "{estate}/2026-12-01"], "is not of an earlier day"),
        (["{empty}"], "There is no run in"),
        (["{empty}/none"], "There is no run in"),
        (["{estate}", "--pseudonyms", "{short}"], "has 5 bytes, and a key needs at least 32"),
        (["{estate}", "--pseudonyms", "k", "--without-names"], "not both"),
        (["{damaged}"], "Run 'dueregard estate' again"),
        ([], "Say which run of an estate to report on"),
    ],
)
def test_the_command_says_what_is_wrong(
    estate: Path,
    tmp_path: Path,
    arguments: list[str],
    words: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "short").write_text("short")
    (tmp_path / "empty").mkdir()
    run = write_run(tmp_path / "damaged", DECEMBER, before())
    path = run / "duties" / "bucket-0001.parquet"
    pq.write_table(pq.read_table(path).drop_columns(["section"]), path)
    names = {name: tmp_path / name for name in ("short", "empty", "damaged")} | {"estate": estate}
    assert main(["estate-report", *(one.format(**names) for one in arguments)]) == 2
    assert words in capsys.readouterr().err


def test_a_short_key_is_refused() -> None:
    with pytest.raises(KeyProblem, match="at least 32"):
        Pseudonyms(b"k" * 31)
