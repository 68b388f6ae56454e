"""The verifier reads each cell as the program does, from its raw text and its kind alone."""

from __future__ import annotations

import datetime
import random
from collections import Counter
from collections.abc import Sequence

import pytest

from evidence.cells.silence import IGNORED, WORDS, says_nothing
from evidence.cells.text import raw_text
from evidence.cells.types import type_cells
from evidence.raw_cells import RawValue
from evidence.register import ColumnSpec, PeriodKind
from evidence.table import CellState
from record.pack.book import plain_column
from record.pack.cells import kind_of
from record.recheck import recheck
from tests.support import needs

SEED = 4_104

DAYS = """
1/4/2026;01.04.26;1-4-2026;2026-04-01;2026-4-1;1 April 2026;1st Apr 26;Wed 1 April 2026
Tue 1/4/2026;1 / 4 / 2026;1/4-2026;04/25/2026;25/04/2026;13/13/2026;31/02/2026
29/02/2028;29/02/2027;April 1, 2026;April 31 2026;1 of April 2026;1April2026;1 Sept 26
Sept 2015;2026;2025/26;1 April;tbc;-;n/a;45000;1/4/20026;1/4/206;1/4/1899;1/4/1900
31/12/2099;1/1/2100;2026-04-01T10:00;1/4/2026 10:30;1/4/2026 at 9:15 am
2026-03-31T23:30:00Z;1/4/2026 25:00;01/04/2026 10:30:61;1/4/2026 10:30 +01:00
Weds 1 April 2026;'1/4/2026;1/4/2026.;1 Apr '26;1–4–2026;1/4/2026\u200b;3rd March 2026
22nd of June 2025;thurs 2 apr 2026;03/04/2026;05/05/2026;12/11/2026;2.5.2026
1.4.2026 10:00;april 5th, 2026;5 . april . 2026;1 jan. 2026
""".replace("\n", ";").split(";")
PERIODS = """
2025/26;2025-26;2025 to 26;2025/2026;FY 2025/26;FY25/26;fy2025/26;financial year 2025/26
2025/27;25/26;fy25/2026;FY 2025-6;fy 25-2026;Q1 fy25/2026;fy25/26 Q1
2025/26 Q3;Q3 2025/26;quarter 3 2025/26;2025/26 (Q3);Q5 2025/26;Q3;Q3 2025
2025/26Q3;qtr. 1, 2025/26;2025;calendar year 2025;CY 2025;year 2025;1899;2100;2025-07
2025-7;07/2025;7/2025;July 2025;jul 25;sept 2025;September '25;sep-25;2009-10;2025-13
00/2025;tbc;2025/26 Q;2026–27;FY;fy 2025;Julember 2025
""".replace("\n", ";").split(";")
CODES = """
plan;Plan;PLAN;the plan;action-plan;action plan;ActionPlan;action_plan;other;oth-er
shared;tbc;n/a;plan;plan, other;plan; other;review–plan;"plan";plan.;nil;unknown
both words;bothwords
""".replace("\n", ";").split(";")
SETS = [
    "one; two", "one;two", "one, two", "one,two;three", "one\ntwo", "one;;two", ";", "one; tbc",
    "one, nine", "three or four", "three or four; one", "one,", ", one", "tbc", "One ;TWO",
    "two\r\none",
]  # fmt: skip
NUMBERS = """
7;7.0;7.5;1,000;1,00;10,000,000;+7;-7;0;007;1e3;seven;tbc;7 ;  7;7.0000000000
1234567890123456;½;7%
""".replace("\n", ";").split(";")
YES_NO = """
yes;Yes;YES;y;no;No;N;true;TRUE;false;✓;✔;☑;✅;x;yes.;no!;tbc;n/a;ye-s;1;0;yes no;Yes *
Yes?;Y*;yes!; yes ;YES\u00a0;pending;not yet;\u200byes
""".replace("\n", ";").split(";")
TEXTS = """
a word;  a  word ;tbc;TBC;n/a;-;–;?;...;…;none;nil;N\\A;not known;to be confirmed
unknown;A.;ß;STRASSE;P 1;p1;P\u00a01;p\u200b1;tbc;To Be  Agreed;t.b.c.;na;NK;x;yes;=1+1
'quoted;T.B.A.;TBC?;(pending);[ not recorded ];<see above>;n.k.;not-yet;not  yet;pending.
pending!;tbc…;none of it;{missing};*;~;n / a;awaited by them;Awaiting;½
""".replace("\n", ";").split(";")
LINKS = [
    f"/{'a' * 1999}",
    f"/{'a' * 2000}",
    *"""
https://a.invalid;HTTPS://a.invalid/b c?d#e;https://a.invalid:80;https://;https:///a;http://a
https://a@b;https://a.invalid/"b;https://a.invalid/\u202eb;file://a/b;file:a;C:\\a b;c:/a;C:a
\\\\a\\b;\\\\?\\a;\\a;/a/b;//a/b;/;/a|b;javascript:alert(1);=1+1;tbc;a/b;\u00a0https://a ;https://a\u00a0b
""".replace("\n", ";").split(";"),
]
REAL: tuple[RawValue, ...] = (
    None, "", "  ", "\u200b", 7, 7.0, 7.5, 45000, 0, -3, True, False, 1234567890123456.0, 0.1 + 0.2,
    datetime.date(2026, 4, 1), datetime.date(2026, 4, 2), datetime.datetime(2026, 4, 1),  # noqa: DTZ001
    datetime.datetime(2026, 7, 1, 10, 30), datetime.date(1899, 12, 31), datetime.date(2100, 1, 1),  # noqa: DTZ001
    datetime.time(10, 30), datetime.timedelta(hours=30),
)  # fmt: skip

#: The words that say nothing, as the verifier compares them.
SILENT = frozenset(recheck.normal(word).translate(recheck.IGNORED) for word in WORDS)

CODE_WORDS = {
    "plan": ("action plan", "shared"),
    "other": ("both words", "shared", "review plan"),
    "n/a code": (),
}
SET_WORDS = {"one": (), "two": ("zwei",), "three or four": ("three", "3, 4")}
YES_NO_WORDS = {"yes": ("cancelled", "x"), "No": ("went ahead",)}
KINDS: tuple[PeriodKind, ...] = ("financial year", "calendar year", "quarter", "month")


def column(kind: str, blank: str = "unreadable", **more: object) -> ColumnSpec:
    return ColumnSpec.model_validate({"name": "c", "type": kind, "blank": blank, **more})


COLUMNS: Sequence[tuple[ColumnSpec, Sequence[str]]] = (
    (column("day"), DAYS),
    (column("day", "nothing"), DAYS),
    (column("period", periods=KINDS), PERIODS),
    (column("period", periods=("financial year", "quarter")), PERIODS),
    (column("period", periods=("month", "calendar year")), PERIODS),
    (column("code", codes=CODE_WORDS), CODES),
    (column("code", "plan", codes=CODE_WORDS), CODES),
    (column("codes", codes=SET_WORDS), SETS),
    (column("codes", "nothing", codes=SET_WORDS), SETS),
    (column("yes/no"), YES_NO),
    (column("yes/no", "no"), YES_NO),
    (column("yes/no", codes=YES_NO_WORDS), [*YES_NO, "Cancelled", "can-celled", "went  ahead"]),
    (column("number"), NUMBERS),
    (column("text"), TEXTS),
    (column("link"), [*LINKS, *TEXTS]),
    (column("link", "nothing"), LINKS),
    (column("key"), TEXTS),
    (column("keys"), [*SETS, *TEXTS]),
)


def program(spec: ColumnSpec, cells: Sequence[RawValue]) -> list[recheck.Cell]:
    """What the program reads."""
    read = type_cells(spec, cells)
    names = {
        CellState.READ: recheck.READ, CellState.NOTHING: recheck.NOTHING,
        CellState.BLANK: recheck.BLANK, CellState.UNREADABLE: recheck.UNREADABLE,
    }  # fmt: skip
    states = [names[CellState(state)] for state in read.state]
    return [recheck.Cell(*each) for each in zip(states, read.value, read.raw, strict=True)]


def verifier(spec: ColumnSpec, cells: Sequence[RawValue]) -> list[recheck.Cell]:
    """What the verifier reads of the same cells, as a pack holds them."""
    raws = [recheck.Raw(raw_text(cell), kind_of(cell, None)) for cell in cells]
    typed = recheck.read_column(plain_column(spec), raws, SILENT)
    return [cell._replace(silent=False) for cell in typed]


def mangled(chance: random.Random, text: str) -> str:
    """The text with a mark put in, left out, doubled or made another."""
    at = chance.randrange(len(text) + 1)
    mark = chance.choice(" /-.,;'0123456789qtaQ\u2013\u00a0\n")
    cut = text[:at] + text[at + 1 :]
    return chance.choice((text[:at] + mark + text[at:], cut, text[:at] + mark + text[at + 1 :]))


@pytest.mark.parametrize(("spec", "texts"), COLUMNS, ids=lambda each: getattr(each, "type", ""))
def test_each_text_alone_is_read_alike(spec: ColumnSpec, texts: Sequence[str]) -> None:
    for cell in (*texts, *REAL):
        alone: Sequence[RawValue] = (cell,)
        assert verifier(spec, alone) == program(spec, alone), repr(cell)


@pytest.mark.long
@pytest.mark.parametrize(("spec", "texts"), COLUMNS, ids=lambda each: getattr(each, "type", ""))
def test_columns_of_them_and_of_mangled_ones_are_read_alike(
    spec: ColumnSpec, texts: Sequence[str]
) -> None:
    chance, read = random.Random(SEED), Counter[str]()
    for _ in range(4_000 if needs.CAMPAIGN else 150):
        cells: list[RawValue] = list(chance.sample(list(texts), 4))
        cells += [mangled(chance, chance.choice(texts)) for _ in range(5)] + [chance.choice(REAL)]
        answer = verifier(spec, cells)
        assert answer == program(spec, cells), cells
        read.update(cell.state for cell in answer)
    assert read[recheck.READ] > 50
    as_blank = spec.type in ("text", "key", "keys")  # what says nothing
    assert read[recheck.BLANK if as_blank else recheck.UNREADABLE] > 50


def test_one_day_month_first_makes_the_others_ambiguous() -> None:
    cells: list[RawValue] = ["03/04/2026", "25/04/2026", "2026-04-03", "04/25/2026"]
    cells.append(datetime.date(2026, 4, 3))
    states = [cell.state for cell in verifier(column("day"), cells)]
    read, lost = recheck.READ, recheck.UNREADABLE
    assert states == [lost, read, read, lost, read]


def test_an_error_and_a_formula_without_a_result_cannot_be_read() -> None:
    declared = plain_column(column("text", "nothing"))
    raws = [recheck.Raw("#REF!", "error"), recheck.Raw("", "formula"), recheck.Raw("", "text")]
    assert recheck.read_column(declared, raws, SILENT) == [
        recheck.Cell(recheck.UNREADABLE, None, "#REF!"),
        recheck.Cell(recheck.UNREADABLE, None, ""),
        recheck.Cell(recheck.NOTHING, None, ""),
    ]


def test_both_know_the_same_words_that_say_nothing() -> None:
    chance, said = random.Random(SEED), Counter[bool]()
    for _ in range(20_000):
        text = chance.choice((*WORDS, "ready", "p1"))
        for _ in range(chance.randrange(4)):
            at = chance.randrange(len(text) + 1)
            text = text[:at] + chance.choice(f"{IGNORED}Ax*-\u00a0\u200b") + text[at:]
        text = chance.choice((text, text.upper(), text.title()))
        said[recheck.says_nothing(text, SILENT)] += 1
        assert recheck.says_nothing(text, SILENT) == says_nothing(text), text
    assert min(said.values()) > 5_000


def test_of_a_day_that_cannot_be_read_it_knows_whether_it_says_nothing() -> None:
    raws = [recheck.Raw("tbc"), recheck.Raw("soon"), recheck.Raw("")]
    read = recheck.read_column(plain_column(column("day")), raws, SILENT)
    assert [(cell.state, cell.silent) for cell in read] == [
        (recheck.UNREADABLE, True),
        (recheck.UNREADABLE, False),
        (recheck.BLANK, False),
    ]
