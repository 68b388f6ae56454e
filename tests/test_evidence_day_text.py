"""A text is read as a day with the day first, or it is a problem; nothing is guessed."""

import datetime
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.cells.day_text import Day, DayProblem, DayReason, read_column_days, read_day
from evidence.cells.day_words import (
    MONTH_NAMES,
    WEEKDAY_NAMES,
    likely_day,
    long_day,
    number_words,
)
from evidence.cells.text import quoted

APRIL = datetime.date(2026, 4, 1)
DAYS = st.dates(datetime.date(2000, 1, 1), datetime.date(2099, 12, 31))

FORMS = {
    "1/4/2026": "{d}/{m}/{y}",
    "01/04/2026": "{d:02}/{m:02}/{y}",
    "01.04.26": "{d:02}.{m:02}.{yy:02}",
    "1-4-2026": "{d}-{m}-{y}",
    "1–4–2026": "{d}–{m}–{y}",
    "1 / 4 / 2026": "{d} / {m} / {y}",
    "01/04/2026 00:00": "{d:02}/{m:02}/{y} 00:00",
    "01/04/2026 13:45:10": "{d:02}/{m:02}/{y} 13:45:10",
    "2026-04-01": "{y}-{m:02}-{d:02}",
    "2026-04-01T00:00:00": "{y}-{m:02}-{d:02}T00:00:00",
    "2026-04-01 00:00:00": "{y}-{m:02}-{d:02} 00:00:00",
    "2026-04-01 23:59:59.999": "{y}-{m:02}-{d:02} 23:59:59.999",
    "2026/4/1": "{y}/{m}/{d}",
    "1 April 2026": "{d} {month} {y}",
    "1 April 2026 (spaces that do not break)": "{d}\N{NO-BREAK SPACE}{month}\N{NO-BREAK SPACE}{y}",
    "1st Apr 26": "{d}{th} {mon} {yy:02}",
    "1st of April, 2026": "{d}{th} of {month}, {y}",
    "1 Apr. 2026.": "{d} {mon}. {y}.",
    "1 Apr 26": "{d} {mon} {yy:02}",
    "1-Apr-26": "{d}-{mon}-{yy:02}",
    "01APR2026": "{d:02}{MON}{y}",
    "1 april '26": "{d} {low} '{yy:02}",
    "1 April 2026, 9:30 am": "{d} {month} {y}, 9:30 am",
    "Wed 1 April 2026": "{wed} {d} {month} {y}",
    "Wednesday, 1 April 2026": "{wednesday}, {d} {month} {y}",
    "  1/4/2026 ": "  {d}/{m}/{y} ",
    "'1/4/2026": "'{d}/{m}/{y}",
}
BY_NUMBERS = {
    form for form in FORMS.values() if re.search(r"\{d(:02)?\} ?[/.–-] ?\{m(:02)?\}", form)
}


def written(day: datetime.date, form: str) -> str:
    """The day in one of the forms."""
    month, weekday = MONTH_NAMES[day.month - 1], WEEKDAY_NAMES[day.weekday()]
    late = 10 <= day.day % 100 <= 20
    return form.format(
        d=day.day,
        m=day.month,
        y=day.year,
        yy=day.year % 100,
        month=month,
        low=month.lower(),
        mon=month[:3],
        MON=month[:3].upper(),
        th="th" if late else {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10, "th"),
        wed=weekday[:3],
        wednesday=weekday,
    )


def day_of(text: str) -> datetime.date | None:
    read = read_day(text)
    return read.day if isinstance(read, Day) else None


def problem(text: str) -> DayProblem:
    read = read_day(text)
    assert isinstance(read, DayProblem), read
    return read


@pytest.mark.parametrize("form", FORMS)
def test_the_forms_are_what_they_are_called(form: str) -> None:
    assert day_of(written(APRIL, FORMS[form])) == APRIL


@pytest.mark.one_in(8)
@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
@given(day=DAYS)
def test_every_day_of_the_century_reads_back_in_every_form(form: str, day: datetime.date) -> None:
    read = read_day(written(day, form))
    assert isinstance(read, Day)
    assert read.day == day
    assert read.ambiguous is (form in BY_NUMBERS and day.day <= 12 and day.day != day.month)


def test_every_single_day_of_the_century_reads_back() -> None:
    day, last = datetime.date(2000, 1, 1), datetime.date(2099, 12, 31)
    while day <= last:
        assert day_of(f"{day:%d/%m/%Y}") == day == day_of(f"{day:%Y-%m-%d}")
        day += datetime.timedelta(days=1)


@given(DAYS, st.sampled_from("/.-"), st.booleans(), st.booleans())
def test_no_month_first_text_is_read_as_a_day_in_silence(
    day: datetime.date, separator: str, short: bool, padded: bool
) -> None:
    """It is a problem, or the same day both ways, or marked as one that may be another day."""
    parts = (f"{day:%m}", f"{day:%d}") if padded else (str(day.month), str(day.day))
    text = separator.join((*parts, f"{day:%y}" if short else str(day.year)))
    read = read_day(text)
    if isinstance(read, Day):
        assert read.ambiguous or read.day == day
    else:
        assert read.reason is DayReason.MONTH_FIRST
        assert read.instruction == f"If {long_day(day)} is meant, enter {day:%d/%m/%Y}."
        assert day.day > 12


@given(DAYS, st.sampled_from(["{month} {d}, {y}", "{mon} {d}{th} {y}", "{mon}-{d}-{yy:02}"]))
def test_no_month_named_first_is_read_as_a_day(day: datetime.date, form: str) -> None:
    read = problem(written(day, form))
    assert read.reason is DayReason.MONTH_FIRST
    assert long_day(day) in read.instruction


@given(st.text(max_size=20))
def test_any_text_is_a_day_or_a_problem_and_the_same_each_time(text: str) -> None:
    read = read_day(text)
    assert read == read_day(text)
    if isinstance(read, DayProblem):
        assert read.reason is DayReason.BLANK or quoted(text) in read.message
        assert read.message.endswith(".")
        assert read.instruction.endswith(".")


@pytest.mark.parametrize(
    ("text", "reason", "words"),
    [
        ("", DayReason.BLANK, "blank"),
        (" \N{NO-BREAK SPACE}\N{ZERO WIDTH SPACE}", DayReason.BLANK, "blank"),
        ("tbc", DayReason.NOT_A_DAY, "'tbc' is not a date."),
        ("TBC.", DayReason.NOT_A_DAY, "'TBC.'"),
        ("n/a", DayReason.NOT_A_DAY, "'n/a'"),
        ("N/A", DayReason.NOT_A_DAY, "'N/A'"),
        ("-", DayReason.NOT_A_DAY, "'-'"),
        ("–", DayReason.NOT_A_DAY, "'–'"),
        ("…", DayReason.NOT_A_DAY, "'…'"),
        ("asap", DayReason.NOT_A_DAY, "'asap'"),
        ("in progress", DayReason.NOT_A_DAY, "'in progress'"),
        ("To be  confirmed", DayReason.NOT_A_DAY, "is not a date"),
        ("31/02/2026", DayReason.NO_SUCH_DAY, "February 2026 has 28 days"),
        ("29/02/2100", DayReason.YEAR_OUT_OF_RANGE, "the year 2100, which is outside 1900 to"),
        ("29/02/2027", DayReason.NO_SUCH_DAY, "February 2027 has 28 days"),
        ("31 April 2026", DayReason.NO_SUCH_DAY, "April 2026 has 30 days"),
        ("25/25/2026", DayReason.NO_SUCH_DAY, "there is no month 25"),
        ("04/31/2026", DayReason.NO_SUCH_DAY, "there is no month 31"),
        ("32/01/2026", DayReason.NO_SUCH_DAY, "January 2026 has 31 days"),
        ("0/1/2026", DayReason.NO_SUCH_DAY, "January 2026"),
        ("2026-25-04", DayReason.NO_SUCH_DAY, "there is no month 25"),
        ("04/25/2026", DayReason.MONTH_FIRST, "the month before the day"),
        ("Sept 2015", DayReason.NO_DAY, "has no day of the month"),
        ("April", DayReason.NO_DAY, "has no day"),
        ("Apr-26", DayReason.NO_DAY, "has no day"),
        ("04/2026", DayReason.NO_DAY, "has no day"),
        ("2026-04", DayReason.NO_DAY, "has no day"),
        ("2026", DayReason.NO_DAY, "has no day"),
        ("2025/26", DayReason.NO_DAY, "has no day"),
        ("1 April", DayReason.NO_YEAR, "has no year"),
        ("25/04", DayReason.NO_YEAR, "has no year"),
        ("26-Apr", DayReason.NO_YEAR, "has no year"),
        ("1/4/20026", DayReason.YEAR_OUT_OF_RANGE, "the year 20026"),
        ("1/4/226", DayReason.YEAR_OUT_OF_RANGE, "the year 226"),
        ("1 April 1899", DayReason.YEAR_OUT_OF_RANGE, "the year 1899"),
        ("20026-04-01", DayReason.YEAR_OUT_OF_RANGE, "the year 20026"),
        ("1/4/" + "9" * 5000, DayReason.YEAR_OUT_OF_RANGE, "has the year 9999"),
        ("Mon 1 April 2026", DayReason.WRONG_WEEKDAY, "Monday, but 1 April 2026 is a Wednesday"),
        ("2026-03-31T23:30:00Z", DayReason.TIME_ZONE, "the date may be different here"),
        ("2026-04-01 00:00+01:00", DayReason.TIME_ZONE, "time zone"),
        ("2026-04-01 24:00", DayReason.NOT_A_DAY, "a time that does not exist"),
        ("45000", DayReason.BARE_NUMBER, "a number, not a date, though it might be 15 March 2023."),
        ("45000.75", DayReason.BARE_NUMBER, "it might be 15 March 2023."),
        ("7", DayReason.BARE_NUMBER, "'7' is a number, not a date."),
        ("20260401", DayReason.BARE_NUMBER, "is a number, not a date."),
        ("9" * 500, DayReason.BARE_NUMBER, "is a number, not a date."),
        ("by 1 April 2026", DayReason.NOT_A_DAY, "is not a date"),
        ("25.04.15 (DP)", DayReason.NOT_A_DAY, "is not a date"),
        ("1/4/2026 - 3/4/2026", DayReason.NOT_A_DAY, "is not a date"),
        ("1/4-2026", DayReason.NOT_A_DAY, "is not a date"),
        ("001/04/2026", DayReason.NOT_A_DAY, "is not a date"),
        ("12:30", DayReason.NOT_A_DAY, "is not a date"),
        ("\u0661/\u0664/2026", DayReason.NOT_A_DAY, "is not a date"),
    ],
)
def test_a_text_that_is_not_a_date_says_why(text: str, reason: DayReason, words: str) -> None:
    read = problem(text)
    assert read.reason is reason
    assert words in read.message


def test_a_whole_problem_is_as_its_class_describes_it() -> None:
    assert problem("04/25/2026") == DayProblem(
        reason=DayReason.MONTH_FIRST,
        message="'04/25/2026' has the month before the day.",
        instruction="If 25 April 2026 is meant, enter 25/04/2026.",
        detail="25 April 2026?",
        shared_instruction="Enter the day before the month, such as 25/04/2026.",
    )


def test_instructions_say_what_to_enter() -> None:
    assert problem("garbage").instruction == "Enter the date, such as 25/04/2026."
    assert problem("4/25/26").instruction == "If 25 April 2026 is meant, enter 25/04/2026."


def test_two_figures_are_of_this_century() -> None:
    assert (day_of("31.12.99"), day_of("1/1/00")) == (
        datetime.date(2099, 12, 31),
        datetime.date(2000, 1, 1),
    )
    assert (day_of("31/12/1999"), day_of("1 Jan 1900")) == (
        datetime.date(1999, 12, 31),
        datetime.date(1900, 1, 1),
    )


# Columns -----------------------------------------------------------------------------------------


def test_a_column_that_holds_a_day_month_first_has_no_ambiguous_days() -> None:
    texts = ["03/04/2026", "25/04/2026", None, "04/25/2026", "2026-04-03", "3 April 2026", "5/5/26"]
    mixed, plain, none, swapped, iso, named, same = read_column_days(texts)
    assert isinstance(mixed, DayProblem)
    assert mixed.reason is DayReason.MIXED_ORDERS
    assert mixed.message == (
        "'03/04/2026' may be 3 April 2026 or 4 March 2026, because '04/25/2026' has the month"
        " first."
    )
    assert mixed.instruction == "Enter it with the month in words: 3 April 2026 or 4 March 2026."
    assert plain == Day(datetime.date(2026, 4, 25))
    assert none is None
    assert swapped == read_day("04/25/2026")
    assert iso == named == Day(datetime.date(2026, 4, 3))
    assert same == Day(datetime.date(2026, 5, 5))


def test_a_column_in_one_order_is_read_day_first() -> None:
    assert read_column_days(["03/04/2026", "25/04/2026", "31/02/2026", "tbc"]) == [
        Day(datetime.date(2026, 4, 3), ambiguous=True),
        Day(datetime.date(2026, 4, 25)),
        read_day("31/02/2026"),
        read_day("tbc"),
    ]


def test_a_month_named_first_shows_the_order_too() -> None:
    first = read_column_days(["03/04/2026", "April 25, 2026"])[0]
    assert isinstance(first, DayProblem)


def test_blank_cells_stay_none() -> None:
    assert read_column_days([None, "", "  ", "\N{NO-BREAK SPACE}"]) == [None] * 4


COLUMN = st.lists(
    st.one_of(
        st.none(),
        DAYS.map(lambda day: f"{day:%d/%m/%Y}"),
        DAYS.map(lambda day: f"{day:%m/%d/%Y}"),
        DAYS.map(lambda day: f"{day:%Y-%m-%d}"),
        st.sampled_from(["tbc", "", "31/02/2026"]),
    ),
    max_size=8,
)


@given(st.data(), COLUMN)
def test_the_order_of_the_rows_changes_nothing(
    data: st.DataObject, texts: list[str | None]
) -> None:
    order = data.draw(st.permutations(range(len(texts))))
    read = read_column_days(texts)
    assert read_column_days([texts[at] for at in order]) == [read[at] for at in order]


@given(COLUMN)
def test_a_column_of_mixed_orders_holds_no_day_that_may_be_another(
    texts: list[str | None],
) -> None:
    read = read_column_days(texts)
    swapped = any(
        isinstance(result, DayProblem) and result.reason is DayReason.MONTH_FIRST for result in read
    )
    assert not (swapped and any(isinstance(result, Day) and result.ambiguous for result in read))


# Numbers -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "in_1900", "in_1904"),
    [
        (45000, datetime.date(2023, 3, 15), datetime.date(2027, 3, 16)),
        (45000.99, datetime.date(2023, 3, 15), datetime.date(2027, 3, 16)),
        (60, None, None),
        (0.5, None, None),
        (-1, None, None),
        (2958466, None, None),
        (1e300, None, None),
        (float("nan"), None, None),
        (float("inf"), None, None),
    ],
)
def test_the_number_of_a_day(
    number: float, in_1900: datetime.date | None, in_1904: datetime.date | None
) -> None:
    assert likely_day(number) == in_1900
    assert likely_day(number, date1904=True) == in_1904


def test_only_a_likely_day_is_named_beside_a_number() -> None:
    assert likely_day(18263) is None  # 31 December 1949
    assert likely_day(18264) == datetime.date(1950, 1, 1)
    assert likely_day(73050) == datetime.date(2099, 12, 31)
    assert likely_day(73051) is None
    assert number_words(45000) == ", though it might be 15 March 2023"
    assert number_words(43538, date1904=True) == ", though it might be 15 March 2023"
    assert number_words(3) == ""
