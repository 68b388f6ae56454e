"""Cells of each type of column: what is read as a value, and the words for what is not."""

import datetime
import itertools
import string

import pytest

from evidence.cells.entry_words import entry_words
from evidence.cells.types import blank_read, type_cells
from evidence.raw_cells import RawValue
from evidence.register import BLANK_NOTHING, ColumnSpec, ColumnType
from evidence.table import CellState, Typed

DAY = datetime.date(2026, 4, 25)
MIDNIGHT = datetime.datetime.combine(DAY, datetime.time())
LATE = datetime.datetime.combine(DAY, datetime.time(23, 59))
CODES = {"Steering Group": ("PSG", "Prevent Board"), "SWPB": (), "other body": ("other",)}
WRITE_CODE = "Enter one of these: Steering Group, SWPB or other body."


def spec(
    type_: ColumnType, blank: str = "unreadable", *, sensitive: bool = False, **more: object
) -> ColumnSpec:
    """A column of that type; codes have the words of ``CODES``."""
    fields = {"codes": CODES} if type_ in ("code", "codes") else {}
    given = {"name": "it", "type": type_, "blank": blank, "sensitive": sensitive}
    return ColumnSpec.model_validate({**given, **fields, **more})


def value(column: ColumnSpec, cell: RawValue) -> Typed:
    """The value of a cell that can be read."""
    typed = type_cells(column, [cell])
    assert (list(typed.state), typed.unread) == ([CellState.READ], {})
    return typed.value[0]


def why(column: ColumnSpec, cell: RawValue) -> str:
    """The message of a cell that cannot be read."""
    typed = type_cells(column, [cell])
    assert (typed.value, list(typed.state)) == ([None], [CellState.UNREADABLE])
    return typed.unread[0].message


# Days -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cell",
    [DAY, MIDNIGHT, LATE, "25/04/2026", "25.4.26", "2026-04-25", "25 April 2026", " 25th Apr 26 "],
)
def test_a_day_is_read(cell: RawValue) -> None:
    assert value(spec("day"), cell) == DAY
    assert type(value(spec("day"), cell)) is datetime.date


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (
            46137.0,
            "'46137' is a number, not a date, though it might be 25 April 2026."
            " Enter the date, such as 25/04/2026.",
        ),
        (7, "'7' is a number, not a date. Enter the date, such as 25/04/2026."),
        (True, "'TRUE' is not a date. Enter the date, such as 25/04/2026."),
        (datetime.time(9, 30), "'09:30:00' is not a date. Enter the date, such as 25/04/2026."),
        (
            datetime.date(2206, 4, 25),
            "'25/04/2206' is outside the years 1900 to 2099. Enter the date, such as 25/04/2026.",
        ),
        (
            "1/4/20026",
            "'1/4/20026' has the year 20026, which is outside 1900 to 2099."
            " Enter the date, such as 25/04/2026.",
        ),
        (
            "tbc",
            "'tbc' is not a date. Enter the date, such as 25/04/2026. If you do not know it yet,"
            " delete the row until you do.",
        ),
        ("LTS", "'LTS' is not a date. Enter the date, such as 25/04/2026."),
        (
            "31/02/2026",
            "'31/02/2026' is a date that does not exist: February 2026 has 28 days."
            " Enter the date, such as 25/04/2026.",
        ),
    ],
)
def test_a_text_that_is_not_a_date_says_why(cell: RawValue, message: str) -> None:
    assert why(spec("day"), cell) == message


def test_a_number_in_a_workbook_of_the_1904_system_might_be_another_day() -> None:
    typed = type_cells(spec("day"), [44675], date1904=True)
    assert "might be 25 April 2026" in typed.unread[0].message


def test_a_column_that_mixes_orders_reads_no_day_that_could_be_either() -> None:
    cells: list[RawValue] = [
        "03/04/2026",
        "04/25/2026",
        "25/04/2026",
        DAY,
        "3 April 2026",
        "04/04/2026",
    ]
    typed = type_cells(spec("day"), cells)
    read, unread = CellState.READ, CellState.UNREADABLE
    assert list(typed.state) == [unread, unread, read, read, read, read]
    assert typed.unread[0].message == (
        "'03/04/2026' may be 3 April 2026 or 4 March 2026, because '04/25/2026' has the month"
        " first. Enter it with the month in words: 3 April 2026 or 4 March 2026. Cells that the"
        " spreadsheet stores as dates are read as it shows them."
    )
    texts = type_cells(spec("day"), ["03/04/2026", "04/25/2026"])  # of a CSV file, say
    assert texts.unread[0].message.endswith("3 April 2026 or 4 March 2026.")


def test_a_date_without_its_day_is_not_to_be_left_out() -> None:
    """A blank would lose that there is a date."""
    assert why(spec("day", "nothing"), "Sept 2026") == (
        "'Sept 2026' has no day of the month. Enter the date, such as 25/04/2026."
    )


def test_where_blank_means_nothing_the_message_allows_a_blank() -> None:
    assert why(spec("day", "nothing"), "n/a") == (
        "'n/a' is not a date. Enter the date, such as 25/04/2026, or leave the cell blank."
    )


# Codes ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("Steering Group", "Steering Group"),
        ("steering-group", "Steering Group"),
        (" STEERING\u00a0 GROUP\n", "Steering Group"),
        ("psg", "Steering Group"),
        ("prevent board", "Steering Group"),
        ("Other", "other body"),
    ],
)
def test_a_code_is_read_in_its_spellings_and_synonyms(cell: str, code: str) -> None:
    assert value(spec("code"), cell) == code


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (
            "Stering Group",
            "'Stering Group' is not an option in this column. Did you mean Steering Group?",
        ),
        ("Cabinet", f"'Cabinet' is not an option in this column. {WRITE_CODE}"),
        ("?", f"'?' is not an option in this column. {WRITE_CODE}"),
        (3.0, f"'3' is not an option in this column. {WRITE_CODE}"),
    ],
)
def test_an_unknown_code_gives_the_nearest_and_some(cell: RawValue, message: str) -> None:
    assert why(spec("code"), cell) == message


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        ("pathway", "Did you mean referral pathway?"),
        ("Escalate", "Did you mean escalation?"),
        ("guidance", "Enter one of these"),  # of two codes
        ("path", "Enter one of these"),  # too short to be no chance
        ("n/a", "Enter one of these"),
    ],
)
def test_a_part_of_the_words_for_one_code_means_that_code(cell: str, meant: str) -> None:
    codes = {
        "referral pathway": ("route",),
        "escalation": ("escalate concerns",),
        "national guidance": (),
        "staff guidance": (),
    }
    assert meant in why(spec("code", codes=codes), cell)


@pytest.mark.parametrize(
    ("column", "cell", "instead"),
    [
        (spec("code"), "Cabinet", ""),
        (spec("code"), "n/a", ", or leave the cell blank"),
        (spec("yes/no"), "signed", ""),
        (spec("day"), "done", ", or leave the cell blank while there is none"),
        (spec("day"), "n/a", ", or leave the cell blank"),
        (spec("day").model_copy(update={"ends_or_undoes": True}), "ongoing",
         ", or leave the cell blank"),
    ],
)  # fmt: skip
def test_a_blank_cell_is_offered_only_where_the_text_may_mean_it(
    column: ColumnSpec, cell: str, instead: str
) -> None:
    message = why(column.model_copy(update={"blank": BLANK_NOTHING}), cell)
    assert message.endswith(f"{instead}.")
    assert ("blank" in message) is bool(instead)


OF_TEMPLATE = "(every option is on the Options sheet of the blank workbook)"


@pytest.mark.parametrize(
    ("type_", "few", "many"),
    [
        ("code", "one of these: w0, w1, w2", "the nearest option"),
        (
            "codes",
            "one or more of these, separated by semicolons: w0, w1, w2",
            "one or more options, separated by semicolons",
        ),
    ],
)
def test_a_long_list_of_codes_is_that_of_the_template(
    type_: ColumnType, few: str, many: str
) -> None:
    twelve = {f"w{i}": () for i in range(12)}
    message = why(spec(type_, codes=twelve), "x")
    assert f"Enter {few}" in message
    assert message.endswith(" w10 or w11.")
    assert why(spec(type_, codes=twelve | {"w12": ()}), "x").endswith(
        f"Enter {many}, such as w0, w1 or w2 {OF_TEMPLATE}."
    )


@pytest.mark.parametrize("joint", [" and ", " & ", "/", " + "])
def test_several_options_are_to_be_separated_by_semicolons(joint: str) -> None:
    colours = {"red": (), "dark blue": ("navy",)}
    assert why(spec("codes", codes=colours), f"Red{joint}NAVY") == (
        f"'Red{joint}NAVY' is several options. Put semicolons between them: red; dark blue."
    )


def test_several_options_where_one_is_taken_ask_for_one_and_another_row() -> None:
    column = spec("code", codes={"red": (), "dark blue": ("navy",)})
    assert why(column, "Red; NAVY") == (
        "'Red; NAVY' is several options, and this column takes one. Enter red or dark blue. If the"
        " row needs another as well, add a row for it."
    )
    assert "several" not in why(column, "Red; green")


def test_options_with_another_word_between_them_are_no_options() -> None:
    message = why(spec("codes", codes={"red": (), "blue": ()}), "red or blue")
    assert message.startswith("'red or blue' is not an option in this column.")


def test_a_blank_cell_asks_for_what_the_note_of_its_column_describes() -> None:
    many = {f"w{i}": () for i in range(13)}
    post = spec("code", codes=many).model_copy(update={"note": "The job title, not the name"})
    assert entry_words(post) == f"the job title, such as w0, w1 or w2 {OF_TEMPLATE}"
    reason = spec("text").model_copy(update={"note": "Why nothing has to change; no names"})
    read = blank_read(reason)[3]
    assert read
    assert read.message == "The cell is blank. Enter why nothing has to change."
    named = spec("key").model_copy(
        update={"refers_to": "people", "note": "The ref of the person, from the People sheet"}
    )
    assert entry_words(named, {"people": "Staff"}) == "the ref of the person, as on the Staff sheet"


def test_a_placeholder_that_is_declared_as_a_code_is_that_code() -> None:
    column = spec("code", codes={"none": ("n/a", "-")})
    assert value(column, "N/A") == "none"


def test_a_word_that_two_codes_claim_stands_for_neither() -> None:
    column = spec("code", codes={"one": ("both",), "two": ("both",)})
    assert "is not an option" in why(column, "both")


@pytest.mark.parametrize(
    "cell", ["PSG; SWPB", "swpb;psg;", "PSG\nSWPB", "PSG, SWPB", "SWPB ;\u00a0psg; PSG"]
)
def test_a_set_of_codes_is_read(cell: str) -> None:
    assert value(spec("codes"), cell) == frozenset({"Steering Group", "SWPB"})


@pytest.mark.parametrize("cell", ["PSG; Cabinet", "PSG, Cabinet", ";", "tbc", "PSG; ?"])
def test_a_set_with_one_unknown_code_is_not_read_at_all(cell: str) -> None:
    assert why(spec("codes"), cell).endswith(
        " Enter one or more of these, separated by semicolons: Steering Group, SWPB or other body."
    )


@pytest.mark.parametrize(
    ("cell", "answer"),
    [
        *[(cell, True) for cell in ("yes", "Y", " YES ", "true", True, "\u2713", "\u2714")],
        *[(cell, False) for cell in ("no", "N", "No", "FALSE", False)],
    ],
)
def test_yes_and_no_are_read(cell: RawValue, answer: bool) -> None:
    assert value(spec("yes/no"), cell) is answer


def test_yes_and_no_may_have_synonyms() -> None:
    column = spec("yes/no", codes={"yes": ("cancelled",), "no": ("went ahead",)})
    assert value(column, "Cancelled") is True
    assert value(column, " Went Ahead") is False
    assert (value(column, "Yes"), value(column, "NO")) == (True, False)


@pytest.mark.parametrize("cell", ["y", "true", True, "\u2713", "n", False])
def test_where_the_register_gives_words_the_usual_ones_are_not_read(cell: RawValue) -> None:
    column = spec("yes/no", codes={"yes": ("cancelled",)})
    assert why(column, cell).endswith(" Enter yes or no.")
    assert (value(column, "Yes"), value(column, "no")) == (True, False)


def test_a_word_that_the_register_gives_to_both_is_neither() -> None:
    column = spec("yes/no", codes={"yes": ("held", "y"), "no": ("held", "y")})
    for word in ("held", "y"):
        assert why(column, word).endswith(" is not yes or no. Enter yes or no.")


@pytest.mark.parametrize(
    "cell",
    [
        "x",
        "1",
        1,
        0.0,
        "maybe",
        "yes and no",
        "Yes?",
        "Y*",
        "yes!",
        "yes.",
        "(yes)",
        "y e s",
        "no?",
    ],
)
def test_what_is_neither_yes_nor_no_is_not_guessed(cell: RawValue) -> None:
    assert why(spec("yes/no"), cell).endswith(" is not yes or no. Enter yes or no.")


# Numbers, periods, texts and keys ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "number"),
    [(7, 7), (7.0, 7), ("7", 7), ("1,200", 1200), (" 12 ", 12), ("7.0", 7), ("-3", -3), ("007", 7)],
)
def test_a_whole_number_is_read(cell: RawValue, number: int) -> None:
    assert value(spec("number"), cell) == number


@pytest.mark.parametrize(
    "cell", [7.5, "7.5", "£7", "12,00", "seven", "9" * 5000, float("inf"), "٣", True, DAY]
)
def test_a_text_that_is_not_a_whole_number_is_not_read(cell: RawValue) -> None:
    message = why(spec("number"), cell)
    assert " number. " in message
    meant = "Did you mean 7?" if cell == "£7" else "Enter a whole number such as 12."
    assert message.endswith(meant)
    assert len(message) < 120


def test_a_period_is_read_by_its_column() -> None:
    column = spec("period", periods=("financial year", "quarter"))
    assert value(column, "FY 2025-26") == "2025/26"
    assert value(column, "Q3 2025/26") == "2025/26 Q3"
    assert why(column, "2025/27") == (
        "'2025/27' is not a financial year: its two years are not consecutive. Enter a financial"
        " year such as 2025/26 or a quarter of the financial year such as 2025/26 Q3."
    )
    assert why(column, 2025.0).startswith(
        "'2025' is a calendar year, which this column does not accept."
    )
    assert value(spec("period", periods=("calendar year",)), 2025.0) == "2025"


def test_a_month_that_a_spreadsheet_made_a_day_of_is_still_that_month() -> None:
    month = spec("period", periods=("month",))
    assert value(month, datetime.date(2025, 7, 1)) == "2025-07"
    assert why(month, datetime.date(2025, 7, 2)) == (
        "'2025-07-02' is a date, not a month. Enter a month such as 2025-07."
    )
    assert "is a date" in why(spec("period", periods=("quarter",)), datetime.date(2025, 7, 1))


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("007", "007"),
        (7.0, "7"),
        (7.5, "7.5"),
        (0.1 + 0.2, "0.3"),
        (True, "TRUE"),
        (DAY, "2026-04-25"),
        (" two words ", "two words"),
        ("=1+1", "=1+1"),
        ("<b>bold</b><script>alert(1)</script>", "<b>bold</b><script>alert(1)</script>"),
        ("\U0001f600 fine", "\U0001f600 fine"),
    ],
)
def test_a_text_is_data_whatever_it_holds(cell: RawValue, text: str) -> None:
    assert value(spec("text"), cell) == text


SILENT = [
    *(
        "tbc",
        "N/A",
        "-",
        "?",
        "\u2013",
        " T.B.C. ",
        "T.B.A.",
        "t.b.d.",
        "TBC?",
        "n.k.",
        "(pending)",
        "tbc\u2026",
        "To follow\u2026?",
    ),
    *("Not yet", "NOT RECORDED", "[see above]", "awaiting", "none", "Nil.", "\U0001f600", "***"),
]


REFUSED = {
    "code": "is not an option in this column",
    "codes": "is not an option in this column",
    "number": "is not a whole number",
    "period": "is not a period",
    "day": "is not a date",
    "yes/no": "is not yes or no",
}


@pytest.mark.parametrize("cell", SILENT)
@pytest.mark.parametrize("type_", REFUSED)
def test_words_that_say_nothing_are_read_nowhere(type_: ColumnType, cell: str) -> None:
    assert f"{REFUSED[type_]}. Enter " in why(spec(type_), cell)


@pytest.mark.parametrize("cell", SILENT)
@pytest.mark.parametrize("type_", ["text", "key", "keys"])
def test_in_a_text_or_a_key_they_are_as_blank(type_: ColumnType, cell: str) -> None:
    (message,) = _states(spec(type_), cell, CellState.BLANK)
    assert message.startswith(f"'{cell.strip()}' says nothing. Enter ")
    assert _states(spec(type_, blank=BLANK_NOTHING), cell, CellState.NOTHING) == []


def _states(column: ColumnSpec, cell: str, state: CellState) -> list[str]:
    """The messages about a cell that holds no value, and is in that state."""
    typed = type_cells(column, [cell])
    assert (typed.raw, typed.value, list(typed.state)) == ([cell], [None], [state])
    return [why.message for why in typed.unread.values()]


@pytest.mark.parametrize(
    "cell", ["tbc later", "none found", "pending review", "na\u00efve", "n", "1", "to follow up"]
)
def test_more_than_such_a_word_says_something(cell: str) -> None:
    assert value(spec("text"), cell) == cell


def test_a_register_may_give_such_a_word_a_meaning() -> None:
    column = spec("code", codes={"none": ("absent", "n/a"), "lead": ()})
    assert (value(column, "None"), value(column, "N/A")) == ("none", "none")
    assert "'nil' is not an option in this column. Enter " in why(column, "nil")


def test_a_placeholder_among_keys_names_no_row() -> None:
    assert value(spec("keys"), "D-1; tbc") == frozenset({"d-1"})


@pytest.mark.parametrize(
    ("cell", "key"),
    [
        ("007", "007"),
        (7.0, "7"),
        (7, "7"),
        (" SG-2026\u00a0 1\n", "sg-2026 1"),
        ("Stra\u00dfe", "strasse"),
        ("=HYPERLINK(1)", "=hyperlink(1)"),
        ("\u200bT-1", "t-1"),
    ],
)
def test_a_key_is_compared_trimmed_and_in_any_case(cell: RawValue, key: str) -> None:
    typed = type_cells(spec("key"), [cell])
    assert typed.value == [key]
    assert typed.raw == [cell if isinstance(cell, str) else "7"]


def test_007_and_7_are_two_keys() -> None:
    assert type_cells(spec("key"), ["007", 7.0, "7"]).value == ["007", "7", "7"]


def test_a_key_says_where_it_stands() -> None:
    assert _states(spec("key", refers_to="people"), "none", CellState.BLANK) == [
        "'none' says nothing. Enter a reference from the People sheet."
    ]
    (message,) = _states(spec("key", refers_to_any=("documents", "venues")), "", CellState.BLANK)
    assert message.endswith("Enter a reference from the Documents or Venues sheet.")


def test_keys_are_a_set() -> None:
    assert value(spec("keys"), "SG-1; sg-1;SG-2\n") == frozenset({"sg-1", "sg-2"})


# Blanks, faults and what is said of them --------------------------------------------------------


@pytest.mark.parametrize("cell", ["", None, "  ", "\u00a0", "\n", "\u200b"])
@pytest.mark.parametrize(
    ("column", "state", "reads", "message"),
    [
        (
            spec("day"),
            CellState.BLANK,
            None,
            "The cell is blank. Enter the date, such as 25/04/2026. If you do not know it yet,"
            " delete the row until you do.",
        ),
        (
            spec("day").model_copy(update={"planned": True}),
            CellState.BLANK,
            None,
            "The cell is blank. Enter the date, such as 25/04/2026. It may be a planned date.",
        ),
        (spec("text"), CellState.BLANK, None, "The 'it' cell is blank. Enter text."),
        (
            spec("text", note="The post that approved it; not a name"),
            CellState.BLANK,
            None,
            "The cell is blank. Enter the post that approved it.",
        ),
        (
            spec("key", note="A short name of your own, such as R-12"),
            CellState.BLANK,
            None,
            "The cell is blank. Enter a short name of your own, such as R-12.",
        ),
        (spec("day", "nothing"), CellState.NOTHING, None, ""),
        (spec("yes/no", "no"), CellState.READ, False, ""),
        (spec("code", "SWPB"), CellState.READ, "SWPB", ""),
        (spec("codes", "SWPB"), CellState.READ, frozenset({"SWPB"}), ""),
        (spec("number", "0"), CellState.READ, 0, ""),
    ],
)
def test_a_blank_cell_means_what_its_column_says(
    cell: RawValue, column: ColumnSpec, state: CellState, reads: Typed, message: str
) -> None:
    typed = type_cells(column, [cell])
    assert [each.message for each in typed.unread.values()] == ([message] if message else [])
    assert (typed.raw, typed.value, typed.state) == ([""], [reads], bytearray([state]))
    assert blank_read(column)[:3] == ("", reads, state)


def test_a_cell_with_a_fault_is_a_problem_even_where_blank_means_nothing() -> None:
    typed = type_cells(spec("day", "nothing"), ["", "", DAY], {0: "#REF!", 1: ""})
    unread = CellState.UNREADABLE
    assert list(typed.state) == [unread, unread, CellState.READ]
    assert (typed.raw, typed.value) == (["#REF!", "", "2026-04-25"], [None, None, DAY])
    assert {at: each.message for at, each in typed.unread.items()} == {
        0: "The cell shows the error #REF!. Correct its formula, or enter the date, such as"
        " 25/04/2026, or leave the cell blank.",
        1: "The result of this formula is missing."
        " Open the workbook in Excel, save it and run the check again.",
    }


@pytest.mark.parametrize("type_", ["day", "code", "codes", "yes/no", "number", "period"])
def test_a_message_about_a_sensitive_cell_quotes_nothing(type_: ColumnType) -> None:
    message = why(spec(type_, sensitive=True), "Stering secret")
    assert message.startswith("The cell cannot be read. Enter ")
    assert "secret" not in message
    assert "Did you mean" not in message


def test_cells_that_are_equal_in_value_but_not_in_kind_are_kept_apart() -> None:
    typed = type_cells(spec("text"), [True, 1, 1.0, "1", False, 0])
    assert typed.raw == ["TRUE", "1", "1", "1", "FALSE", "0"]


def test_only_so_many_unknown_codes_are_compared_with_the_known_ones() -> None:
    letters = itertools.product(f"{string.ascii_lowercase}{string.digits}", repeat=3)
    texts = [f"Steering Group {''.join(three)}" for three in itertools.islice(letters, 20_000)]
    typed = type_cells(spec("code"), texts)
    hinted = [i for i, each in typed.unread.items() if "Did you mean" in each.message]
    assert (hinted, len(typed.unread)) == (list(range(500)), 20_000)


def test_a_long_text_is_cut_in_its_message_and_not_in_its_cell() -> None:
    long = "word " * 1000
    typed = type_cells(spec("day"), [long])
    assert typed.raw == [long]
    assert len(typed.unread[0].message) < 200


def test_a_word_that_only_shares_letters_with_an_option_is_not_taken_for_it() -> None:
    post = ColumnSpec(name="post", type="code", codes={"IT Manager": (), "HR Officer": ()})
    cells = type_cells(post, ["Line manager", "IT Mangaer", "HR Oficer"])
    messages = [cells.unread[row].message for row in range(3)]
    assert "Did you mean" not in messages[0]
    assert "Did you mean IT Manager?" in messages[1]
    assert "Did you mean HR Officer?" in messages[2]


def test_many_options_name_the_one_for_what_none_of_them_fits() -> None:
    words = (*(f"w{number}" for number in range(13)), "other post")
    codes: dict[str, tuple[str, ...]] = dict.fromkeys(words, ())
    post = ColumnSpec(name="post", type="code", codes=codes, note="The job title")
    assert entry_words(post).startswith(
        "the job title, such as w0, w1 or w2, or other post if none fits ("
    )
