"""Reports without names: no text of a personal column is in any byte of them."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from cli.main import main
from engine.assessment import Assessment, Person, Personal
from reports.json import from_json, to_json
from reports.names import NOT_SHOWN
from reports.without_names import _WithoutNames, texts_without_names, without_names
from reports.writing import FILES
from tests.support.assessment_sample import sample

#: The beginning of every seeded name, number and address.
SEED = "zq"
#: The page names the hashes of its style and script, in which any two letters may stand.
HASH = re.compile(rb"sha256-[a-z0-9+/=]+")
OFFICE = Path("examples/office.xlsx")


def seeded(path: Path) -> None:
    """The example's workbook with seeded texts in every personal column, and in other cells that
    mention people."""
    book = load_workbook(OFFICE)
    staff = [row[:2] for row in book["Staff"].iter_rows(min_row=5, values_only=True) if row[0]]
    names = {str(name): f"Zqfore{ref} Zqsur{ref}" for ref, name in staff if name}
    for sheet in book:
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            if isinstance(cell.value, str):
                text = names.get(cell.value) or cell.value
                cell.value = re.sub(r"\bS(\d{3})\b", r"ZQ-\1", text)
    training = book["Training"]
    for row, text in enumerate(("ZQ-9999", "Zqnobody Zqknown", "zq-001 (Zqfore)"), 5):
        training.cell(row, 2).value = text
    owners = book["Owners"]
    owners.cell(1, 3).value = "Email"
    for row in range(2, 40):
        owners.cell(row, 2).value = f"Zqowner Zqnumber{row % 3}"
        owners.cell(row, 3).value = f"zqowner{row % 3}@zq.example"
    owners.cell(40, 2).value = "Zqforeno Zqstaff"
    book.save(path)


def contents(path: Path) -> dict[str, bytes]:
    """The bytes of a file, and those of each member of a zip."""
    if not zipfile.is_zipfile(path):
        return {path.name: path.read_bytes()}
    with zipfile.ZipFile(path) as members:
        return {f"{path.name}/{name}": members.read(name) for name in members.namelist()}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the reports of the seeded office: with names in ``with``, without in ``no``."""
    folder = tmp_path_factory.mktemp("seeded")
    seeded(folder / "office.xlsx")
    check = ["check", str(folder / "office.xlsx"), "--as-of", "2026-11-24", "--ledger", "none"]
    old = folder / "old" / "assessment.json"
    with pytest.MonkeyPatch.context() as patch:  # only what changed since is shown of it
        patch.setattr("engine.check.year_ahead", lambda *_: ())
        main([*check[:3], "2026-08-03", *check[4:], "--out", str(old.parent), "--formats", "json"])
    main([*check, "--out", str(folder / "with"), "--since", str(old)])
    main([*check, "--out", str(folder / "no"), "--since", str(old), "--without-names"])
    return folder


def test_no_seeded_text_is_in_any_byte(made: Path) -> None:
    found = {
        name: text[max(0, at - 60) : at + 60]
        for path in sorted((made / "no").rglob("*"))
        if path.is_file()
        for name, data in contents(path).items()
        if (at := (text := HASH.sub(b"", data.lower())).find(SEED.encode())) >= 0
    }
    assert found == {}
    assert b"a member of staff (" in (made / "no" / "assessment.html").read_bytes()


def test_the_seeded_texts_are_in_the_reports_with_names(made: Path) -> None:
    """Of the formats that name people; another one may name nobody."""
    for name in ("html", "xlsx", "text", "json"):
        path = made / "with" / FILES[name]
        assert any(SEED.encode() in data.lower() for data in contents(path).values()), path


def nameless(*people: Person, message: str) -> str:
    """A message of a finding without the names of these people."""
    assessment: Assessment = sample()
    finding = assessment.findings[0]
    changed = replace(
        assessment, personal=Personal(people=people), findings=(replace(finding, message=message),)
    )
    return without_names(changed).findings[0].message


def test_sheets_of_one_name_are_called_as_their_sheet_is() -> None:
    """A staff number may look like a part of a sheet's name."""
    whole = sample()
    problem = replace(whole.problems[0], sheet="Rota 40102", sheets=("Rota 40102", "rota 40102"))
    people = (Person("staff", ("40102", "Ann Lee")),)
    (shown, *_) = without_names(
        replace(whole, personal=Personal(people=people), problems=(problem,))
    ).problems
    assert (shown.sheet, shown.sheets) == (problem.sheet, problem.sheets)


@pytest.mark.parametrize(
    ("text", "message", "shown"),
    [
        ("S-12", "S-12 and S-123", "a member of staff (1) and S-123"),
        ("S-12", "'s-12' is not on", "'a member of staff (1)' is not on"),
        ("104", "104 and 104 days, 104 of 200", "a member of staff (1) and 104 days, 104 of 200"),
        ("12", "12 days, row 12, '12'", "12 days, row 12, 'a member of staff (1)'"),
        ("2024", "from 2 May 2024", "from 2 May 2024"),
        ("May", "May, by 2 May 2026", "a member of staff (1), by 2 May 2026"),
        ("Will", "It will do", "It will do"),
        ("Zoë O'Hara", "zoë o'hara's row", "a member of staff (1)'s row"),
        ("Ann Lee", "Joann Leeds", "Joann Leeds"),
    ],
)
def test_names_in_a_text(text: str, message: str, shown: str) -> None:
    assert nameless(Person("staff", (text,)), message=message) == shown


def test_two_people_of_one_name_are_not_told_apart() -> None:
    people = Person("staff", ("S-1", "Ann Lee")), Person("staff", ("S-2", "Ann Lee"))
    message = f"{NOT_SHOWN}: a member of staff (2)"
    assert nameless(*people, message="Ann Lee: S-2") == message


def _comparisons(count: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """How often a name is compared with a text, for so many people of one first name and as many
    texts, each of which names one of them and the first name by itself."""
    compared = list[str]()
    is_at = _WithoutNames._is_at

    def counted(
        of: _WithoutNames, text: str, folded: str, name: str, *at: int, **how: bool
    ) -> bool:
        compared.append(name)
        return is_at(of, text, folded, name, *at, **how)

    with monkeypatch.context() as patch:
        patch.setattr(_WithoutNames, "_is_at", counted)
        people = [Person("staff", (f"S-{n}", f"Ann Lee{n}")) for n in range(count)]
        made = replace(sample(), personal=Personal(people=tuple(people)))
        shown = texts_without_names((f"Ann told Ann Lee{n}" for n in range(count)), [made])
    assert shown == tuple(f"Ann told a member of staff ({n + 1})" for n in range(count))
    return len(compared)


def test_a_text_is_not_compared_with_everybody_of_one_first_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert _comparisons(400, monkeypatch) <= 4 * _comparisons(100, monkeypatch)


def test_a_person_has_one_number_in_both_assessments() -> None:
    ann, lee = Person("staff", ("S-1",)), Person("staff", ("S-2",))
    new = replace(sample(), personal=Personal(people=(lee,)), office="S-2")
    old = replace(sample(), personal=Personal(people=(ann, lee)), office="S-1 S-2")
    assert without_names(new, (new, old)).office == "a member of staff (1)"
    shown = without_names(old, (new, old)).office
    assert shown == "a member of staff (2) a member of staff (1)"


def test_assessment_json_is_not_written_without_names(
    made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not (made / "no" / "assessment.json").exists()
    arguments = ["check", str(made / "office.xlsx"), "--without-names", "--formats", "json"]
    assert main(arguments) == 2
    assert "assessment.json contains names" in capsys.readouterr().err


def test_an_assessment_read_back_gives_the_same_without_names(made: Path) -> None:
    data = (made / "with" / "assessment.json").read_bytes()
    read = from_json(data)
    assert isinstance(read, Assessment)
    assert SEED.encode() not in to_json(without_names(read)).lower()
