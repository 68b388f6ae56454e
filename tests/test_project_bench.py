"""The pieces of the bench run on small input; nothing here asserts how long anything takes."""

import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bench.__main__ import main
from bench.cases import CASES, FIRST, Case, check_command, workbook
from bench.harness import Run, RunFailed, in_turn, median, run_once
from bench.measure import STARTING, Measured, growth, measure, steps_of, table_of
from bench.shapes import SHAPES, ShapeMeasured, Size, measure_shape, shape_table
from tests.support.needs import ROOT
from tests.support.own_book import book_in

pytestmark = pytest.mark.skipif(
    not hasattr(os, "wait4"), reason="Windows lacks os.wait4, which tells a process's peak memory"
)

ONE_SECOND = Run(1.0, 0.5, 100.0)


def _measured(name: str, seconds: float) -> Measured:
    run = Run(seconds, seconds / 2, 50 * seconds)
    return Measured(CASES[name], run, ONE_SECOND, {"read": seconds / 4, "judge": seconds / 2})


def test_a_run_tells_its_times_and_its_peak_memory() -> None:
    held = "text = 'x' * (200 * 1024 * 1024)"
    run = run_once([sys.executable, "-c", held])
    assert run.seconds > 0
    assert run.processor > 0
    assert 200 < run.peak < 2000


def test_the_process_that_measures_stays_small() -> None:
    """A new process begins with the peak memory of the one that starts it."""
    heavy = (
        "sorted({'numpy', 'pandas', 'openpyxl', 'python_calamine', 'pydantic'} & set(sys.modules))"
    )
    code = f"import sys, bench.__main__; sys.exit(', '.join({heavy}) or 0)"
    assert run_once([sys.executable, "-c", code]).seconds > 0


def test_a_run_that_ends_badly_says_what_it_said() -> None:
    with pytest.raises(RunFailed, match=r"(?s)ended with 3.*no such luck"):
        run_once(
            [
                sys.executable,
                "-c",
                "import sys; print('no such luck', file=sys.stderr); sys.exit(3)",
            ]
        )


def test_a_code_that_is_allowed_is_no_failure() -> None:
    assert run_once([sys.executable, "-c", "raise SystemExit(1)"], allowed=(0, 1)).seconds > 0


def test_what_is_timed_takes_turns_after_a_round_that_does_not_count() -> None:
    order: list[str] = []

    def timed(name: str) -> Run:
        order.append(name)
        return Run(float(len(order)), 0.0, 0.0)

    first, second = in_turn([lambda: timed("a"), lambda: timed("b")], runs=2)
    assert order == ["a", "b"] * 3
    assert [run.seconds for run in first] == [3.0, 5.0]
    assert [run.seconds for run in second] == [4.0, 6.0]


def test_each_figure_has_its_own_median() -> None:
    runs = [Run(1.0, 9.0, 5.0), Run(3.0, 7.0, 1.0), Run(2.0, 8.0, 9.0)]
    assert median(runs) == Run(2.0, 8.0, 5.0)


def test_the_floor_reads_every_sheet() -> None:
    from bench.floor import read_all  # noqa: PLC0415  (pandas takes a second to load)

    frames = read_all(ROOT / "examples" / "office.xlsx")
    assert len(frames["Training"]) > 200
    assert {"Staff", "Meetings", "Owners"} <= frames.keys()


def test_a_workbook_is_made_once_and_named_after_what_makes_it(tmp_path: Path) -> None:
    small = Case("small", "", ("--staff", "10", "--training-rows", "60"), "json")
    made = workbook(small, tmp_path / "books")
    stamp = made.stat().st_mtime_ns
    assert workbook(small, tmp_path / "books") == made
    assert made.stat().st_mtime_ns == stamp
    other = Case("small", "", ("--staff", "11", "--training-rows", "70"), "json")
    assert workbook(other, tmp_path / "books") != made


def test_a_case_is_checked_as_a_person_would_check_it(tmp_path: Path) -> None:
    command = check_command(CASES["large"], tmp_path / "book.xlsx", tmp_path)
    assert command[1:3] == ["check", str(tmp_path / "book.xlsx")]
    assert command[command.index("--formats") :][:2] == ["--formats", "json"]
    assert "--formats" not in check_command(CASES["office"], tmp_path / "book.xlsx", tmp_path)


def test_the_first_duties_are_a_rulebook_of_their_own(tmp_path: Path) -> None:
    command = check_command(CASES["first-office"], tmp_path / "book.xlsx", tmp_path)
    folder = Path(command[command.index("--rulebook") + 1])
    book = book_in(folder)
    assert len(FIRST) == 22
    assert book.duties.keys() == FIRST


@pytest.mark.campaign
def test_the_office_is_measured_beside_its_floor(tmp_path: Path) -> None:
    """By fewer duties and for one report: it is run, and not timed for anybody."""
    found = measure(replace(CASES["first-office"], formats="json"), 1, tmp_path)
    assert found.steps.keys() >= {STARTING, "read", "match", "judge", "plain evaluator", "write"}
    assert all(seconds >= 0 for seconds in found.steps.values())
    assert found.check.peak > 0
    assert found.floor.seconds > 0


def test_the_tables_name_each_case_and_each_step() -> None:
    measured = [_measured("office", 2.0), _measured("large", 8.0)]
    lines = [*table_of(measured), *steps_of(measured)]
    assert [line.split()[0] for line in lines] == [
        "case", "office", "large", "step", "read", "judge"
    ]  # fmt: skip
    assert "2.00 s   1.00 s    2.0   1.00 s   0.50 s    2.0   100 MB   100 MB" in lines[1]
    assert lines[4].split() == ["read", "0.50", "s", "25", "%", "2.00", "s", "25", "%"]


def test_growth_is_told_where_both_sizes_were_measured() -> None:
    both = [_measured("tenth", 2.0), _measured("large", 8.0)]
    assert "4.0 times the time" in growth(both)
    assert growth(both[:1]) == ""


def test_each_shape_is_measured_and_no_other() -> None:
    from examples.office.shapes import SHAPES as MADE  # noqa: PLC0415  (needs openpyxl)

    assert set(SHAPES) == set(MADE)


@pytest.mark.campaign
def test_a_shape_is_measured_at_two_sizes(tmp_path: Path) -> None:
    found = measure_shape("many sheets", 5, 1, tmp_path)
    assert (found.few.count, found.many.count) == (5, 20)
    assert min(found.few.output, found.many.output) > 100_000
    assert found.many.check.processor > found.many.floor.processor > 0
    assert {path.name.rsplit("-", 1)[0] for path in tmp_path.iterdir()} == {
        "many-sheets-5",
        "many-sheets-20",
    }


def test_the_table_of_shapes_says_how_each_grows() -> None:
    few = Size(5, Run(1.0, 1.0, 100.0), ONE_SECOND, 1_000_000)
    many = Size(20, Run(4.0, 4.0, 200.0), ONE_SECOND, 8_000_000)
    lines = list(shape_table([ShapeMeasured("one key", few, many)]))
    assert lines[1].split() == [
        *("one", "key", "20", "4.00", "s", "0.50", "s", "8.0", "200", "MB", "8.0", "MB"),
        *("1.00", "0.50", "1.50"),
    ]


def test_a_case_that_does_not_exist_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--only", "office,huge"])
    assert (
        "--only takes some of office, first-office, tenth, large, first-large"
        in capsys.readouterr().err
    )
