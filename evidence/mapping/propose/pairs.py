"""Pairs of a column of a table and a column of a register, and how certain each is.

Several independent signs are counted: how like the heading is to an accepted one, how much the
cells tell, and that nothing else fits as well.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from evidence.cells.text import normal_heading, normal_key, quoted, raw_text
from evidence.mapping.layout import HEADING_SEPARATOR
from evidence.mapping.model import BLANK, ColumnSource
from evidence.mapping.propose.column_words import WORDED, understood
from evidence.mapping.propose.likeness import (
    changed,
    heading_of_row,
    headings_alike,
    same_words,
    turned,
)
from evidence.mapping.propose.meanings import meanings_by, plain_meanings
from evidence.mapping.propose.proposals import Certainty, ColumnProposal
from evidence.mapping.propose.values import Fit, SheetColumn
from evidence.register import ColumnSpec, RegisterSpec

#: A heading that is less like every accepted spelling is not proposed.
_LEAST_ALIKE = 0.6
#: A heading that is as like a column is probably that column, not one that it is less like.
_RATHER_ALIKE = 0.4
#: A pair with a lower score of likeness and fit is not proposed either.
_LEAST_SCORE = 0.42
#: The likeness of a heading with the same words as an accepted one.
_SAME = 0.97
#: The likeness of a heading that is rather like an accepted one.
_WELL_ALIKE = 0.8
#: The likeness of a heading that is very like an accepted one.
_VERY_ALIKE = 0.9
#: The likeness of a heading that tells nothing, if the cells have the codes of the column.
_BY_CODES = 0.7
#: The same, if the cells are states one of which says yes to the column.
_STATES_ALIKE = 0.75
_ENOUGH_READ = 0.9
_MOSTLY_READ = 0.8
#: is enough below a heading that is very like an accepted one, if they have a code
_SOME_READ = 0.3
_HALF_READ = 0.5  # is enough of the cells if they have several codes
#: A pair with a score as near as this is as good.
_CLOSE = 0.06
#: A pair with a score that is farther away than this is not a rival.
_NEAR = 0.2
#: Words for a column of states, in which a word may say yes to a column such as 'cancelled'.
_STATUS = ("status", "state", "current status", "stage")
#: Those that are the state of the whole row, and of nothing in it.
_STATUS_OF_ROW = ("status", "state", "current status")
_STATUS_ALIKE = 0.66  # of a heading such as 'Certificate status'
#: Yes or no below such a heading says whether what a day is of has happened.
_HAPPENED = re.compile(
    r"\b(?:attend(?:ed|ance)?|apologies|held|happened|went ahead|go(?:ing|es)? ahead"
    r"|t(?:ook|ake) place|turn(?:ed)? up|show(?:ed|s)?|dna|cancell?ed|postponed|outstanding"
    r"|fail(?:ed)?|exempt|in?quorate|withdrawn|withdrew|refused|void|done|completed?)\b"
)
#: Parts of the name of a person or a place.
_PART_OF_NAME = re.compile(
    r"(?:(?:first|last|family|given|middle|preferred) names?|forenames?|surname|known as|initials?)"
)
_BRACKETED = re.compile(r"\[[^]\[]*+\]|\([^)(]*+\)")
_FEW_ALL_READ = 3  # different ones that are hardly there by chance, with no other word
_MANY_CODES = 4  # different ones that are hardly there by chance
_LONGEST_MARK = 2  # characters of a tick or a letter
_FEW_CODES = 8  # of a column that says who was there
#: So many points of signs are enough to be certain.
_CERTAIN = 5
#: So many points of signs are enough to be likely.
_LIKELY = 3
#: The points of a heading that is rather like an accepted one.
_ALIKE = 2
#: So many other columns that are certain by themselves show what a table is.
_KNOWN = 2


@dataclass(frozen=True, slots=True)
class ColumnPair:
    """A column of the table that may be a column of the register. ``accepted`` is 2 if its heading
    is an accepted one, 1 if it has the same words as one, otherwise 0. ``status``: the column
    has states, one of which says yes. ``ticked``: what a tick means, if the heading is a code."""

    score: float
    alike: float
    fit: Fit
    column: SheetColumn
    spec: ColumnSpec
    accepted: int
    status: bool = False
    ticked: str = ""

    @property
    def fits_heading(self) -> bool:
        """Whether the heading is like an accepted one."""
        return self.alike >= _LEAST_ALIKE

    @property
    def fits_heading_well(self) -> bool:
        """Whether the heading is an accepted one, or rather like one."""
        return self.accepted > 0 or self.alike >= _WELL_ALIKE


def pairs_of(
    register: RegisterSpec, columns: Sequence[SheetColumn], key: Mapping[str, str]
) -> Iterator[ColumnPair]:
    """Yields the pairs of these columns with those of a register that may be right. A column with
    an accepted heading is paired with no other column. ``key`` explains words of the sheet."""
    for column in columns:
        tried = [_pair(register, column, spec, key) for spec in register.columns]
        pairs = [pair for pair in tried if pair is not None]
        accepted = any(pair.accepted > 1 for pair in pairs)
        yield from (pair for pair in pairs if pair.accepted or not accepted)


def _pair(
    register: RegisterSpec, column: SheetColumn, spec: ColumnSpec, key: Mapping[str, str]
) -> ColumnPair | None:
    """A column of the table with one of the register, if its heading or its words are like it."""
    status = False
    headings = spec.headings
    of_day = spec.type == "day"
    accepted = _accepted_heading(column.label, register.title, headings, of_day=of_day)
    alike = _SAME if accepted == 1 else headings_alike(column.label, headings)
    likeness = alike
    ticked = _ticked(column, spec, alike) if spec.type == "code" else ""
    if ticked:
        likeness = max(alike, _LEAST_ALIKE)
    elif alike < _LEAST_ALIKE:
        if spec.type in ("code", "codes") and len(column.words) > 1:
            last = column.label.rpartition(HEADING_SEPARATOR)[2]
            if not _tells(column, spec) or plain_meanings(spec).of(last) is not None:
                return None  # below 'Apologies', 'Lead' is who was absent
            likeness = _BY_CODES
        elif spec.type == "yes/no" and _is_status(column, spec):
            likeness, status = _STATES_ALIKE, True
        else:
            return None
    fit = Fit(0.6, 0.8) if status or ticked else column.fit(spec, is_key=spec.name == register.key)
    readable = fit.filled_read
    if spec.type in WORDED and not (status or ticked):
        readable = max(readable, 0.9 * _meant(column, spec, key))
    score = likeness * (0.3 + 0.7 * readable)
    if score < _LEAST_SCORE or readable < 0.2:
        return None
    return ColumnPair(score, alike, fit, column, spec, accepted, status, ticked)


# A workbook repeats its headings, and a register's columns are compared with each of them.
@functools.lru_cache(maxsize=65536)
def _accepted_heading(label: str, title: str, headings: tuple[str, ...], *, of_day: bool) -> int:
    """2 if a heading is an accepted one, 1 if it has the same words as one, otherwise 0."""
    last = label.rpartition(HEADING_SEPARATOR)[2]
    plain = _BRACKETED.sub("", last)
    labels = {normal_heading(text) for text in (label, last, plain)}
    if any(normal_heading(spelling) in labels for spelling in headings):
        return 2
    labels.add(heading_of_row(plain, title))
    return int(any(same_words(text, s, of_day=of_day) for text in labels for s in headings))


def _ticked(column: SheetColumn, spec: ColumnSpec, alike: float) -> str:
    """What a tick, or yes, means in a column that says who was there: the code for those who
    attended or, if the heading is a seat and no heading of the register, the code of that seat.
    '' of any other column."""
    meanings = plain_meanings(spec)
    ticks = sum(meanings.is_tick(word) for word in column.words)
    short = sum(len(word) <= _LONGEST_MARK for word in column.words)
    if not ticks or len(spec.codes) > _FEW_CODES:
        return ""
    if alike >= _LEAST_ALIKE and (attended := meanings.accepted("attended")) is not None:
        return attended
    if alike >= _BY_CODES or short * 5 < len(column.words) * 4:
        return ""
    label = column.label.rpartition(HEADING_SEPARATOR)[2]
    meaning = meanings.of(label)
    if meaning is None or meaning.meaning not in spec.codes:
        return ""
    initials = meaning.certainty == Certainty.LIKELY and " " not in label  # such as HoPP
    return meaning.meaning if initials or meaning.certainty == Certainty.CERTAIN else ""


def _tells(column: SheetColumn, spec: ColumnSpec) -> bool:
    """Whether a column has at least two codes of a column of the register."""
    meanings = plain_meanings(spec)
    if len({meanings.accepted(word) for word in column.words} - {None}) > 1:
        return True
    if not spec.required or max(map(len, column.words)) > 60:
        return False
    meant = (meanings.of(word) for word in list(column.words)[:20])
    return len({meaning.meaning for meaning in meant if meaning is not None} - {BLANK}) > 2


def _meant(column: SheetColumn, spec: ColumnSpec, key: Mapping[str, str]) -> float:
    """The share of a column's different words that seem to have a meaning."""
    explained = any(normal_key(word) in key for word in column.words)
    meanings = meanings_by(spec, key if explained else {})
    words = list(column.words)[:20]
    known = sum(meanings.of(word) is not None for word in words)
    return known / len(words) if words else 0.0


def _is_status(column: SheetColumn, spec: ColumnSpec) -> bool:
    """Whether a column of states, such as 'Status', has a word that says yes to the column of the
    register, such as 'Cancelled'. Under another heading, a few words must include the very name of
    a column that ends or undoes the row."""
    meanings = plain_meanings(spec)
    states = [state for word in column.words if (state := meanings.of_status(word)) is not None]
    if headings_alike(column.heading, _STATUS) >= _STATUS_ALIKE:
        return bool(states)
    few = spec.ends_or_undoes and 1 < len(column.words) <= _FEW_CODES
    return few and any(state.certainty == Certainty.CERTAIN for state in states)


def contradicted(
    register: RegisterSpec, columns: Sequence[SheetColumn], pairs: Sequence[ColumnPair]
) -> bool:
    """Whether a required column of codes has an accepted heading and cells with other words, and
    no other column has its codes."""
    coded = {pair.spec.name for pair in pairs if distinct_codes(pair.column, pair.spec)}
    for spec in register.columns:
        if spec.type != "code" or not spec.required or spec.name in coded:
            continue
        headings = {normal_heading(spelling) for spelling in spec.headings}
        for column in columns:
            accepted = normal_heading(column.heading) in headings and len(column.sample) > 1
            if accepted and _meant(column, spec, {}) == 0 and column.fit(spec).filled_read == 0:
                return True
    return False


def chosen_pairs(pairs: list[ColumnPair]) -> list[tuple[ColumnPair, int]]:
    """The best pairs, with each heading and each column of the register once; of two pairs that
    are as good, the one of the earlier heading. Each has its points for being unique
    (``_uniqueness``). A pair that does not fit its heading, and has a rival, is left out."""
    pairs.sort(key=lambda pair: (-pair.score, pair.column.heading, pair.spec.name))
    chosen: list[ColumnPair] = []
    by_heading: dict[str, ColumnPair] = {}
    by_name: dict[str, ColumnPair] = {}
    for pair in pairs:
        if pair.column.heading not in by_heading and pair.spec.name not in by_name:
            chosen.append(pair)
            by_heading[pair.column.heading] = by_name[pair.spec.name] = pair
    unique = [(pair, _uniqueness(pair, pairs, by_heading, by_name)) for pair in chosen]
    return [(pair, points) for pair, points in unique if pair.fits_heading or points >= 0]


def _uniqueness(
    pair: ColumnPair,
    pairs: Sequence[ColumnPair],
    by_heading: Mapping[str, ColumnPair],
    by_name: Mapping[str, ColumnPair],
) -> int:
    """1 if no other pair with the column or the heading comes near, -3 if one is as good, and 0
    if one is nearly as good. A pair whose other half is better used elsewhere is not a rival."""
    worst = 1
    for other in pairs:
        if other is pair:
            continue
        if other.column is pair.column:
            settled = by_name.get(other.spec.name)
        elif other.spec is pair.spec:
            settled = by_heading.get(other.column.heading)
        else:
            continue
        if other.accepted < pair.accepted:
            continue
        if not pair.accepted and other.score < pair.score - _NEAR:
            continue
        if settled is not None and settled.score > other.score + _CLOSE:
            continue
        if pair.accepted or other.score >= pair.score - _CLOSE:
            return -3
        worst = 0
    return worst


@dataclass(frozen=True, slots=True)
class Signs:
    """The points of the independent signs that a pair is right. ``heading``, 0 to 4: how like it is
    to an accepted one. ``cells``, 0 to 3: how many can be read, and whether they have codes.
    ``uniqueness``, -3 to 1: whether anything else fits. ``codes``, 0 to 2: codes that no other
    column of any register has. ``own``, 0 or 1: no other column of this register has these codes,
    or the cells are its keys. ``known``, 0 or 1: the other columns show what the table is.
    ``left``, -1 to 1: whether the other columns leave anything else of its kind."""

    heading: int
    cells: int
    uniqueness: int
    codes: int = 0
    own: int = 0
    known: int = 0
    left: int = 0

    def certainty(self) -> Certainty:
        """How certain the pair is; never less with more points. Neither the heading nor the cells
        are enough, and something else that fits nearly as well is too much."""
        points = self.heading + self.cells + self.uniqueness + max(self.codes - 1, 0) + self.known
        named = self.heading + self.codes + min(self.heading, self.own, self.known)
        single = self.uniqueness > 0 and (self.left >= 0 or self.heading > _ALIKE or self.codes > 0)
        if points + max(self.left, 0) >= _CERTAIN and named > 1 and self.cells and single:
            return Certainty.CERTAIN
        if points >= _LIKELY and named and max(self.heading, self.cells, self.known + 1) > 1:
            return Certainty.LIKELY
        return Certainty.POSSIBLE


def column_proposals(
    register: RegisterSpec,
    columns: Sequence[SheetColumn],
    pairs: Sequence[tuple[ColumnPair, int]],
    weights: Mapping[str, float],
    key: Mapping[str, str],
) -> list[ColumnProposal]:
    """The proposal for each of the ``pairs``, which have their points for being unique.
    ``weights`` are 1 for a column whose codes, or name, no other register has. Each column that is
    certain is a sign for the others, so the proposals are made again until no more are certain."""
    headed = [pair for pair, _ in pairs if pair.fits_heading]
    settled: set[int] = set()
    while True:
        proposals = []
        for number, (pair, uniqueness) in enumerate(pairs):
            others = [pairs[other][0] for other in sorted(settled - {number})]
            known = len(others) >= _KNOWN
            left = _left(register, columns, pair, others, headed)
            proposals.append(
                _column_proposal(
                    register, columns, pair, uniqueness, weights, key, known=int(known), left=left
                )
            )
        more = {n for n, p in enumerate(proposals) if p.certainty == Certainty.CERTAIN} - settled
        if not more:
            return _unless_only_names(register, proposals)
        settled |= more


def _unless_only_names(
    register: RegisterSpec, proposals: list[ColumnProposal]
) -> list[ColumnProposal]:
    """The proposals; none is certain if only the reference and the name of each row are. A list of
    days of leave has these as well."""
    certain = {proposal.column for proposal in proposals if proposal.certainty == Certainty.CERTAIN}
    if not certain or certain - {register.key, register.label}:
        return proposals
    return [
        replace(proposal, certainty=Certainty.LIKELY) if proposal.column in certain else proposal
        for proposal in proposals
    ]


def _left(
    register: RegisterSpec,
    columns: Sequence[SheetColumn],
    pair: ColumnPair,
    settled: Sequence[ColumnPair],
    headed: Sequence[ColumnPair],
) -> int:
    """Whether something of the same kind is left beside a pair, once the ``settled`` pairs and the
    ``headed`` ones, which fit their headings, are used: -1 if another column of the table has such
    cells, 0 if another required column of the register takes them, otherwise 1. It is 0 for a
    kind that any text may be."""
    spec = pair.spec
    is_key = pair.spec.name == register.key
    if spec.type not in (*WORDED, "day") and not is_key:
        return 0  # any text may be one
    used = {id(other.column) for other in (pair, *settled, *headed)}
    for column in columns:
        of_kind = column.sample and column.fit(spec, is_key=is_key).filled_read >= _HALF_READ
        if not of_kind or id(column) in used or turned(column.heading, spec.headings):
            continue
        alike = {s.name: headings_alike(column.label, s.headings) for s in register.columns}
        if max(alike.values()) < max(_RATHER_ALIKE, alike[spec.name] + _CLOSE):
            return -1
    names = {other.spec.name for other in (pair, *settled)}
    kin = (
        other.type == spec.type and other.codes == spec.codes and other.name not in names
        for other in register.written.columns
        if other.required
    )
    return 0 if any(kin) else 1


def is_known(proposals: Sequence[ColumnProposal]) -> bool:
    """Whether so many of these columns are certain that they show what the table is."""
    return sum(proposal.certainty == Certainty.CERTAIN for proposal in proposals) >= _KNOWN


def _column_proposal(
    register: RegisterSpec,
    columns: Sequence[SheetColumn],
    pair: ColumnPair,
    uniqueness: int,
    weights: Mapping[str, float],
    key: Mapping[str, str],
    *,
    known: int,
    left: int,
) -> ColumnProposal:
    """The proposal for the column of a pair. ``known``, ``left`` and ``uniqueness`` are signs of
    how certain it is (Signs)."""
    spec = pair.spec
    column = pair.column
    fit = pair.fit
    readable = max(fit.filled_read, understood(column, spec, key))
    source: ColumnSource = column.heading if pair.status or pair.ticked else column.source(fit)
    if turned(column.heading, spec.headings):
        certainty = Certainty.POSSIBLE
    elif pair.status or pair.ticked:
        words_fit = _is_state_of_row(pair) if pair.status else _only_ticks(pair)
        sure = uniqueness > 0 and words_fit and (pair.accepted or pair.status or known)
        certainty = Certainty.CERTAIN if sure else Certainty.POSSIBLE
    else:
        cells = _cell_points(pair, readable) if column.sample else 0
        codes = _code_points(pair) if cells > 1 and weights[spec.name] == 1 else 0
        same = [other for other in register.columns if other.codes == spec.codes]
        own = int(left > 0 if spec.name == register.key else cells > 1 and len(same) == 1)
        signs = Signs(_heading_points(pair), cells, uniqueness, codes, own, known, left)
        certainty = signs.certainty()
    if certainty == Certainty.CERTAIN and _is_doubtful(register, columns, pair, key):
        certainty = Certainty.LIKELY
    if spec.named and not pair.accepted:
        certainty = Certainty.POSSIBLE
    examples = () if spec.sensitive else column.examples()
    return ColumnProposal(spec.name, source, certainty, _reason(pair, readable), examples)


def _reason(pair: ColumnPair, readable: float) -> str:
    """Why a column is proposed: ``'Date done' is an accepted heading, and 96 % of its cells can be
    read.``"""
    spec = pair.spec
    title = quoted(pair.column.heading)
    share = f"{round(readable * 100)} % of its cells can be read"
    if not pair.column.sample:
        share = "its cells are blank"
    if pair.status:
        return f"{title} has a word that is like '{spec.usual_heading}'."
    if pair.ticked:
        return f"{title} is '{pair.ticked}', and has ticks or letters in its cells."
    if pair.accepted:
        return f"{title} is an accepted heading, and {share}."
    if pair.alike >= _WELL_ALIKE:
        return f"{title} is like '{spec.usual_heading}', and {share}."
    return f"{title} may be '{spec.usual_heading}': {share}."


def _is_doubtful(
    register: RegisterSpec,
    columns: Sequence[SheetColumn],
    pair: ColumnPair,
    key: Mapping[str, str],
) -> bool:
    """Whether a pair with all the signs of a certain one may be wrong all the same."""
    fit = pair.fit
    # A part that fits nearly every cell is as good as the cell: '1.2 Map contacts', '2/2/27 (tbc)'.
    whole = pair.column.is_read_whole(fit) or (fit.part == "day" and fit.whole >= _MOSTLY_READ)
    return (
        not whole
        or normal_key(pair.column.heading) in key
        or _rivalled(register, columns, pair)
        or _has_names(pair)
        or _may_be_other_keys(register, columns, pair)
    )


def _rivalled(register: RegisterSpec, columns: Sequence[SheetColumn], pair: ColumnPair) -> bool:
    """Whether another column of the table makes a heading doubtful. It may have another part of the
    name ('Surname' beside 'Name'), say yes or no to the question of a day ('Attended' beside 'Date
    attended'), or have a later day ('Rearranged to' beside 'Date')."""
    others = [column for column in columns if column is not pair.column and column.sample]
    if pair.spec.name == register.label:
        parts = (_PART_OF_NAME.fullmatch(normal_heading(c.heading)) for c in (pair.column, *others))
        return next(parts) is not None and any(parts)
    if pair.spec.type != "day" or pair.spec.ends_or_undoes:
        return False
    specs = [spec for spec in register.columns if spec is not pair.spec]

    def is_free(column: SheetColumn) -> bool:
        """Whether the heading is of no column of the register that may have such cells."""
        named = (s for s in specs if headings_alike(column.label, s.headings) >= _WELL_ALIKE)
        return not any(s.type == "yes/no" or not column.is_answered for s in named)

    free = filter(is_free, others)
    ordering = pair.spec.name == register.dated_by
    return any(
        (other.is_answered and headings_alike(other.label, pair.spec.headings) >= _WELL_ALIKE)
        or (ordering and other.is_answered and _HAPPENED.search(normal_heading(other.label)))
        or (
            changed(other.label, (*pair.spec.headings, pair.column.label))
            and other.fit(pair.spec).filled_read >= _HALF_READ
        )
        for other in free
    )


def _has_names(pair: ColumnPair) -> bool:
    """Whether a column of references to another list has names instead: texts without a figure, or
    days. 'PSG' below 'Meeting' is the body that met, not the meeting."""
    if not pair.spec.named or pair.spec.personal:
        return False
    texts = {raw_text(cell) for cell in pair.column.values}
    figures = sum(any(map(str.isdigit, text)) for text in texts)
    return figures * 2 < len(texts) or pair.column.kinds().count("day") * 2 > len(texts)


def _may_be_other_keys(
    register: RegisterSpec, columns: Sequence[SheetColumn], pair: ColumnPair
) -> bool:
    """Whether the cells for the key may be keys of another list, or numbers of something: some rows
    have none ('Plan ref'), or they are bare numbers in no order ('Number' of readers)."""
    if pair.spec.name != register.key:
        return False
    fullest = max(len(column.sample) for column in columns)
    texts = [raw_text(cell) for cell in pair.column.values]
    bare = not pair.accepted and all(map(str.isdecimal, texts))
    if pair.spec.personal and pair.column.only_counts:
        return True
    return len(texts) * 10 < fullest * 9 or (bare and texts != sorted(texts, key=int))


def _code_points(pair: ColumnPair) -> int:
    """The points for codes that only this column has: 2 for many different ones, otherwise 1."""
    codes = distinct_codes(pair.column, pair.spec)
    return 1 + (codes >= _MANY_CODES or (codes >= _FEW_ALL_READ and pair.fit.filled_read == 1))


def _heading_points(pair: ColumnPair) -> int:
    """The points for a heading: 4 if it is an accepted one, otherwise by how like it is to one."""
    if pair.accepted:
        return 4
    return sum(pair.alike >= least for least in (_LEAST_ALIKE, _WELL_ALIKE, _VERY_ALIKE))


def _cell_points(pair: ColumnPair, readable: float) -> int:
    """The points for cells of which this share is readable: codes of the column tell more than
    cells of its type."""
    codes = distinct_codes(pair.column, pair.spec)
    if codes > 1 and readable >= _ENOUGH_READ:
        return 3
    if codes >= _MANY_CODES or (codes > 1 and readable >= _HALF_READ):
        return 2
    some = codes > 0 and readable >= _SOME_READ and _heading_points(pair) > _ALIKE
    return int(some or readable >= _MOSTLY_READ)


def _is_state_of_row(pair: ColumnPair) -> bool:
    """Whether a column has states of the whole row, one of which is the name of the column of the
    register."""
    if normal_heading(pair.column.heading) not in _STATUS_OF_ROW:
        return False
    meanings = map(plain_meanings(pair.spec).of_status, pair.column.words)
    return any(m is not None and m.certainty == Certainty.CERTAIN for m in meanings)


def _only_ticks(pair: ColumnPair) -> bool:
    """Whether a column that says who was there is headed so, and each of its words is a tick, a
    cross or a word with a meaning."""
    meanings = plain_meanings(pair.spec)
    return pair.fits_heading_well and all(
        meanings.is_tick(word) or meanings.of(word) is not None or meanings.is_cross(word)
        for word in pair.column.words
    )


def ends_before_it_begins(register: RegisterSpec, pairs: Sequence[ColumnPair]) -> bool:
    """Whether most last days are before the first ones, so that the headings or the dates are
    swapped."""
    days = {
        pair.spec.name: {  # a moment is a date, too, and its text would be after that of its day
            line: str(day)[:10] for line, day in pair.column.sample if isinstance(day, date)
        }
        for pair in pairs
        if pair.spec.name in (register.begins, register.ends)
    }
    if len(days) < 2:
        return False
    begun = days[register.begins or ""]
    ended = days[register.ends or ""]
    both = [line for line in ended if line in begun]
    return sum(ended[line] < begun[line] for line in both) * 2 > len(both)


def distinct_codes(column: SheetColumn, spec: ColumnSpec) -> int:
    """How many codes of a column of the register are in a column as words that are certain."""
    if spec.type not in ("code", "codes"):
        return 0
    meanings = map(plain_meanings(spec).of, column.words)
    sure = {m.meaning for m in meanings if m is not None and m.certainty == Certainty.CERTAIN}
    return len(sure - {BLANK})
