"""Texts of period cells: each spelling read as one period, or refused with a reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.cells.periods import NoPeriod, Period, period_words, read_period

READ = {
    # financial years
    "2025/26": "2025/26",
    "2025-26": "2025/26",
    "2025\u201326": "2025/26",
    "2025/2026": "2025/26",
    "2025 - 2026": "2025/26",
    "2025 to 2026": "2025/26",
    "FY 2025/26": "2025/26",
    "FY2025/26": "2025/26",
    "FY25/26": "2025/26",
    "Financial year\u00a02025-26": "2025/26",
    "1999/00": "1999/00",
    "1999/2000": "1999/00",
    # quarters of it
    "2025/26 Q3": "2025/26 Q3",
    "2025/26Q3": "2025/26 Q3",
    "Q3 2025/26": "2025/26 Q3",
    "q3 2025-26": "2025/26 Q3",
    "Quarter 3 2025/26": "2025/26 Q3",
    "2025/26, quarter 4": "2025/26 Q4",
    "FY25/26 Q1": "2025/26 Q1",
    # calendar years
    "2025": "2025",
    " calendar year 2025 ": "2025",
    # months
    "2025-07": "2025-07",
    "07/2025": "2025-07",
    "July 2025": "2025-07",
    "jul 2025": "2025-07",
    "Jul-25": "2025-07",
    "Sept 2025": "2025-09",
    "May 2025": "2025-05",
}

REFUSED = {
    "2025/27": "'2025/27' is not a financial year: its two years are not consecutive.",
    "2026/25": "'2026/25' is not a financial year: its two years are not consecutive.",
    "2025/07": "'2025/07' is not a financial year: its two years are not consecutive.",
    "2025/26 Q5": "'2025/26 Q5' is not a quarter: a year has quarters Q1 to Q4.",
    "Q0 2025/26": "'Q0 2025/26' is not a quarter: a year has quarters Q1 to Q4.",
    "Q3 2025": "'Q3 2025' does not say which financial year.",
    "Q3": "'Q3' does not say which financial year.",
    "2025/27 Q1": "'2025/27 Q1' is not a financial year: its two years are not consecutive.",
    "FY 2025": "'FY 2025' does not say which two years the financial year covers.",
    "2010-11": "'2010-11' could mean the financial year 2010/11 or the month 2010-11.",
    "1899/00": "'1899/00' is outside the years 1900 to 2099.",
    "2100": "'2100' is outside the years 1900 to 2099.",
    "25/27": "'25/27' is not a period.",
    "11/12": "'11/12' is not a period.",
    "2025-13": "'2025-13' is not a financial year: its two years are not consecutive.",
    "1850-07": "'1850-07' is not a financial year: its two years are not consecutive.",
    "25 July 2025": "'25 July 2025' is not a period.",
    "Juli 2025": "'Juli 2025' is not a period.",
    "last year": "'last year' is not a period.",
    "": "'' is not a period.",
}


@pytest.mark.parametrize(("text", "label"), READ.items())
def test_each_spelling_of_a_period_is_read(text: str, label: str) -> None:
    answer = read_period(text)
    assert isinstance(answer, Period)
    assert answer.label == label


@pytest.mark.parametrize(("text", "why"), REFUSED.items())
def test_a_text_that_is_not_a_period_says_why(text: str, why: str) -> None:
    assert read_period(text) == NoPeriod(why)


def test_a_short_financial_year_is_refused_with_the_one_that_is_meant() -> None:
    meant = NoPeriod("'25/26' is not a financial year. Did you mean 2025/26?", "2025/26")
    assert read_period("25/26", ["financial year"]) == meant
    any_kind = NoPeriod("'25/26' is not a period. Did you mean 2025/26?", "2025/26")
    assert read_period("25/26") == any_kind
    assert read_period("25/26", ["month"]) == NoPeriod("'25/26' is not a month.")


def test_a_spelling_with_two_meanings_has_the_one_that_its_column_takes() -> None:
    assert read_period("2010-11", ["financial year"]) == Period("2010/11", "financial year")
    assert read_period("2010-11", ["month", "quarter"]) == Period("2010-11", "month")


def test_a_period_of_another_kind_is_refused() -> None:
    assert read_period("2025", ["financial year", "quarter"]) == NoPeriod(
        "'2025' is a calendar year, which this column does not accept."
    )


def test_a_column_of_periods_shows_examples_of_what_to_enter() -> None:
    assert period_words(["financial year", "quarter"]) == (
        "a financial year such as 2025/26 or a quarter of the financial year such as 2025/26 Q3"
    )
    assert period_words(()).startswith("a financial year such as 2025/26, a calendar year")


@given(st.integers(1900, 2098), st.integers(1, 4), st.integers(1, 12))
def test_each_canonical_label_reads_as_itself(year: int, quarter: int, month: int) -> None:
    """What the engine calls a period is always one of its spellings."""
    whole = f"{year}/{(year + 1) % 100:02}"
    assert read_period(whole) == Period(whole, "financial year")
    assert read_period(f"{whole} Q{quarter}") == Period(f"{whole} Q{quarter}", "quarter")
    assert read_period(str(year)) == Period(str(year), "calendar year")
    written = f"{year}-{month:02}"
    assert read_period(written, ["month"]) == Period(written, "month")


@given(st.text(max_size=12))
def test_any_text_is_a_period_or_a_sentence(text: str) -> None:
    answer = read_period(text)
    assert isinstance(answer, Period) or answer.message.endswith(".")
