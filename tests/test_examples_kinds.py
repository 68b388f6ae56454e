"""Spotless, neglected and large offices come out as they are meant to, whatever their size."""

import io
from collections import Counter
from pathlib import Path

import pytest
from openpyxl import load_workbook

from engine.assessment import Assessment
from engine.outcome import Status
from evidence.register import RegisterSpec
from examples.office.__main__ import main
from examples.office.build import Size, build
from examples.office.columns import COLUMNS
from examples.office.kinds import KINDS, rows_of
from examples.office.made import AS_OF
from examples.office.names import FIRST, LAST
from examples.office.training import day_in
from tests.support.example_offices import assessed, office_of, read
from tests.support.own_book import in_force, own_book

DONE = {Status.MET, Status.NOT_APPLICABLE}


def _check(kind: str, folder: Path, staff: int = 60, seed: int = 1) -> Assessment:
    evidence = read(office_of(kind, staff, seed), folder)
    assert evidence.problems == ()
    return assessed(evidence)


def _statuses(assessment: Assessment) -> dict[str, Status]:
    return {duty.id: duty.status for duty in assessment.duties}


@pytest.fixture(scope="module")
def spotless(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    return _check("spotless", tmp_path_factory.mktemp("spotless"))


@pytest.fixture(scope="module")
def neglected(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    return _check("neglected", tmp_path_factory.mktemp("neglected"))


# Spotless ---------------------------------------------------------------------------------------


def test_nothing_is_left_to_do_in_the_spotless_office(spotless: Assessment) -> None:
    found = _statuses(spotless)
    assert {duty: status for duty, status in found.items() if status not in DONE} == {}
    idle = sorted(duty for duty, status in found.items() if status is not Status.MET)
    assert idle == ["assessment-amended", "model-review-on-guidance"]


def test_the_spotless_office_did_all_of_it_in_time(spotless: Assessment) -> None:
    """By those windows that are over, too: nothing missed, lapsed or without a holder."""
    parts = [obligation for duty in spotless.duties for obligation in duty.obligations]
    assert {part.status for part in parts} <= DONE
    assert [part for part in parts if part.late_days] == []
    assert {each.outcome for duty in spotless.duties for each in duty.history} <= {
        "met",
        "in place",
    }


def test_there_is_no_finding_on_the_spotless_office(spotless: Assessment) -> None:
    """So no cross check raises a false alarm, though every column that names a row is filled."""
    assert spotless.findings == ()
    assert spotless.problems == ()
    office = office_of("spotless")
    for register, spec in own_book().registers.items():
        for column in spec.columns:
            if column.refers_to or column.refers_to_any:
                named = [row[column.name] for row in office[register] if row.get(column.name)]
                assert named != [], f"{register}: {column.name}"


@pytest.mark.campaign
@pytest.mark.parametrize(("staff", "seed"), [(7, 3), (300, 2)])
def test_a_spotless_office_of_any_size_is_spotless(staff: int, seed: int, tmp_path: Path) -> None:
    found = _check("spotless", tmp_path, staff, seed)
    assert set(_statuses(found).values()) <= DONE
    assert found.findings == ()


def test_the_commissioner_alone_is_no_spotless_office(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody is on the list of staff, and an empty list may be one that was not kept."""
    with pytest.raises(SystemExit):
        main([str(tmp_path / "x.xlsx"), "--kind", "spotless", "--staff", "1"])
    assert "too few people" in capsys.readouterr().err


# Neglected --------------------------------------------------------------------------------------


def test_most_of_the_neglected_office_is_overdue(neglected: Assessment) -> None:
    counted = Counter(_statuses(neglected).values())
    assert counted[Status.OVERDUE] > 3 * len(neglected.duties) / 4
    assert counted[Status.MET] < len(neglected.duties) / 10
    assert counted[Status.CANNOT_TELL] == 0


def test_nothing_is_met_without_evidence(neglected: Assessment, spotless: Assessment) -> None:
    for assessment in (neglected, spotless):
        met = [
            obligation
            for duty in assessment.duties
            for obligation in duty.obligations
            if obligation.status is Status.MET
        ]
        assert len(met) > 20
        assert [each for each in met if not each.evidence] == []


def test_the_neglected_office_has_done_nothing_since(neglected: Assessment) -> None:
    """What is met was met by then, or by what went on: papers of others, meetings, events."""
    went_on = {"documents", "meetings", "communications"}
    late = {
        (duty.id, item.register, item.date)
        for duty in neglected.duties
        for obligation in duty.obligations
        if obligation.status is Status.MET
        for item in obligation.evidence
        if item.date and item.date.isoformat() > "2025-06-30" and item.register not in went_on
    }
    assert late == set()


# Before anything went wrong ----------------------------------------------------------------------


def test_what_is_wrong_with_the_example_is_only_what_was_made_wrong(tmp_path: Path) -> None:
    """Without its faults there is no problem, no finding, and nothing but what is due by rights."""
    office = build(KINDS["example"].size, seed=1)
    evidence = read(office, tmp_path)
    assert evidence.problems == ()
    found = assessed(evidence)
    assert found.findings == ()
    assert set(_statuses(found).values()) == DONE | {Status.DUE}


@pytest.mark.campaign
@pytest.mark.parametrize(("kind", "staff"), [("neglected", 1), ("neglected", 7), ("large", 300)])
def test_both_evaluators_agree_on_offices_of_any_size(
    kind: str, staff: int, tmp_path: Path
) -> None:
    """``assess`` raises EngineFault where they do not."""
    found = _check(kind, tmp_path, staff)
    assert {duty.id for duty in found.duties} == in_force(AS_OF)
    people = found.duties[[duty.id for duty in found.duties].index("staff-trained")]
    nobody = Status.CANNOT_TELL
    assert (people.status is nobody) == (staff == 1)


# The generator ----------------------------------------------------------------------------------


@pytest.mark.one_in(4)
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_same_office_has_the_same_bytes(kind: str, tmp_path: Path) -> None:
    staff = [] if kind == "example" else ["--staff", "20"]
    for name in ("first", "again", "other"):
        seed = ["--seed", "2"] if name == "other" else []
        main([str(tmp_path / f"{name}.xlsx"), "--kind", kind, *staff, *seed])
    first, again, other = (
        (tmp_path / f"{n}.xlsx").read_bytes() for n in ("first", "again", "other")
    )
    assert first == again
    assert first != other


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_nobody_in_any_office_is_real(kind: str) -> None:
    size = Size(600, None, 1, 1.0)
    names = [str(row["person"]).split() for row in rows_of(kind, size, 1)["people"]]
    assert len(names) == 600
    assert {first for first, *_ in names} <= set(FIRST)
    assert {last for _, last, *_ in names} <= set(LAST)


@pytest.mark.parametrize("register", sorted(COLUMNS))
def test_the_sheets_have_every_column_that_is_asked_for(register: str) -> None:
    spec: RegisterSpec = own_book().registers[register]
    assert [c.name for c in spec.columns if c.required and c.name not in COLUMNS[register]] == []


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_register_has_a_sheet_and_every_cell_a_column(kind: str) -> None:
    office = office_of(kind)
    assert set(office) == set(COLUMNS) == set(own_book().registers)
    for register, rows in office.items():
        assert {name for row in rows for name in row} <= set(COLUMNS[register]), register


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_row_has_a_key_of_its_own(kind: str) -> None:
    """But for the one row of the example that was written twice."""
    for register, rows in office_of(kind).items():
        twice = [ref for ref, count in Counter(row.get("ref") for row in rows).items() if count > 1]
        if "ref" in COLUMNS[register]:
            assert len(twice) == (kind == "example" and register == "training"), register


def test_an_office_of_any_size_has_as_many_rows_as_asked(tmp_path: Path) -> None:
    out = tmp_path / "large.xlsx"
    main([str(out), "--kind", "large", "--staff", "40", "--training-rows", "300"])
    workbook = load_workbook(io.BytesIO(out.read_bytes()), read_only=True)
    rows = {sheet.title: sum(1 for _ in sheet.rows) - 1 for sheet in workbook.worksheets}
    assert (rows["Staff"], rows["Training"]) == (40, 300)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--kind", "large", "--staff", "40", "--training-rows", "9"], "more than 9"),
        (["--staff", "12"], "too few people"),
        (["--staff", "0"], "one person at least"),
    ],
)
def test_an_office_that_cannot_be_is_refused(
    options: list[str], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main([str(tmp_path / "x.xlsx"), *options])
    assert says in capsys.readouterr().err
    assert not (tmp_path / "x.xlsx").exists()


def test_a_careless_office_trains_some_people_late_or_not_at_all() -> None:
    careful = build(Size(200, None, 1, 1.0), seed=1)["training"]
    careless = build(Size(200, None, 1, 0.5), seed=1)["training"]
    assert len(careless) < len(careful)


def test_an_office_that_is_ahead_has_trained_whoever_has_come() -> None:
    """So more has been done by the day than in one that is in time."""
    ahead = build(Size(600, None, 1, 1.0, ahead=True), seed=1)["training"]
    in_time = build(Size(600, None, 1, 1.0), seed=1)["training"]
    assert len(ahead) > len(in_time)
    assert max(day_in(row, "completed on") for row in ahead) <= AS_OF
