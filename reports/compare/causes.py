"""The causes of an obligation's other result, as far as two assessments show them."""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice

from engine.assessment import (
    Assessment,
    CauseShown,
    DutyOutcome,
    HistoryEntry,
    ItemShown,
    ObligationOutcome,
    WaiverShown,
)
from engine.outcome import HistoryOutcome, Status
from evidence.cells.text import normal_key
from reports import view, words
from reports.compare.inputs import (
    CHANGED,
    DAY,
    EVIDENCE,
    GIVEN,
    KNOWN,
    MAPPING,
    NAMES,
    NOT_GIVEN,
    RECORDS,
    RULEBOOK,
    WAIVER,
)
from reports.compare.row_index import IndexedRow, RowIndex, mapped, texts_of
from reports.compare.row_pairs import (
    NOT_SHOWN,
    KnownRows,
    PairWithRows,
    beside,
    cells_changed,
    row_words,
)
from reports.places import item_place, place_words

#: How a correction names a cell: ``Correct I13 of Action log: …``.
_CELL_OF = re.compile(r"\b[A-Z]{1,3}(\d+) of (?:[^:]{1,300}, )?([^:,]{1,300})(?=[:.,])")

#: How a reason names a row that is not there, or of which a cell cannot be read or is blank:
#: ``'SG-2026-1' is not on the Meetings sheet``.
_LACKING = re.compile(r"'([^']{1,300})' (?:cannot be read|has no date|is not on) ")

#: What is said of a row that one of the two assessments cites.
CITED = {"first": "cited before and not now", "second": "cited now and not before"}
#: So many rows or waivers are named that may be the cause, where the obligation cites none of them.
_FEW = 5


@dataclass(frozen=True)
class Both:
    """The two assessments, with one duty in each, the registers that it is known to read, the kinds
    of inputs that differ, and the rows that each is known to have had. What all obligations of the
    duty share is worked out once, not again for each."""

    old: Assessment
    new: Assessment
    before: DutyOutcome | None
    after: DutyOutcome | None
    registers: frozenset[str]
    kinds: frozenset[str]
    known: tuple[KnownRows, KnownRows]
    index: RowIndex

    def passed(self, day: datetime.date | None) -> bool:
        """Whether that day was over on one as-of date, and not on the other."""
        first, second = sorted((self.old.as_of, self.new.as_of))
        return day is not None and first <= day < second

    def came(self, day: datetime.date | None) -> bool:
        """Whether that day had come on one as-of date, and not on the other."""
        first, second = sorted((self.old.as_of, self.new.as_of))
        return day is not None and first < day <= second

    @cached_property
    def past(self) -> tuple[Mapping[tuple[str, str], HistoryEntry], ...]:
        """The history of the duty in each of the two, by subject and window."""
        return tuple(
            # the first of two with one name counts
            {(entry.subject, entry.window): entry for entry in reversed(duty.history)}
            if duty
            else {}
            for duty in (self.before, self.after)
        )

    @cached_property
    def rows_of_history(self) -> Mapping[str, tuple[list[ItemShown], list[ItemShown]]]:
        """The rows of the first windows of each subject that have another outcome in the history of
        the second than in that of the first."""
        rows: dict[str, tuple[list[ItemShown], list[ItemShown]]] = {}
        first, second = self.past
        for (subject, window), one in first.items():
            two = second.get((subject, window))
            if two and one.outcome is not two.outcome:
                olds, news = rows.setdefault(subject, ([], []))
                if len(olds) + len(news) < _FEW:
                    olds.extend(one.evidence[:_FEW])
                    news.extend(two.evidence[:_FEW])
        return rows

    def listed_by(
        self, other: ObligationOutcome | None, *, later: bool
    ) -> ObligationOutcome | None:
        """The obligation of one of the two that is listed by the row of ``other``, under another
        name perhaps."""
        row = _listing_row(other) if other else None
        return self._listed[later].get(row) if row else None

    @cached_property
    def _listed(self) -> tuple[Mapping[tuple[str, str] | None, ObligationOutcome], ...]:
        """The obligations of the duty in each of the two, by the rows that list them."""
        return tuple(
            {_listing_row(one): one for one in (duty.obligations if duty else ())}
            for duty in (self.before, self.after)
        )

    @cached_property
    def unread(self) -> tuple[Mapping[str, tuple[CauseShown, ...]], ...]:
        """The first changes in each group of rows that cannot be read and might meet several
        obligations, by the id of the group."""
        return tuple(
            {
                group.id: tuple(islice(_changes_of(self, group.rows, later=later), _FEW))
                for group in (duty.unread_rows if duty else ())
            }
            for duty, later in ((self.before, False), (self.after, True))
        )

    @cached_property
    def waivers(self) -> tuple[Mapping[str, Sequence[WaiverShown]], ...]:
        """The waivers of the duty that only one of the two has, by their subjects."""
        duty = self.after or self.before
        old, new = (
            {
                (w.subject, w.reason, w.approved_by, w.from_, w.until): w
                for w in one.waivers
                if duty and w.duty == duty.id
            }
            for one in (self.old, self.new)
        )
        alone: tuple[dict[str, list[WaiverShown]], ...] = (defaultdict(list), defaultdict(list))
        for here, there, by_subject in ((old, new, alone[0]), (new, old, alone[1])):
            for key, waiver in here.items():
                if key not in there:
                    by_subject[normal_key(waiver.subject)].append(waiver)
        return alone

    @cached_property
    def same_waivers(self) -> bool:
        """Whether the two have the same waivers."""
        return self.old.waivers == self.new.waivers


def _listing_row(one: ObligationOutcome) -> tuple[str, str] | None:
    """The register and the fingerprint of the row that lists an obligation."""
    row = one.listed_at
    return (row.register, row.fingerprint) if row and row.fingerprint else None


def causes(both: Both, pair: PairWithRows) -> tuple[CauseShown, ...]:
    """The possible causes of the difference. If the two list their rows, the causes are known. If
    only one kind of input differs, that is the cause, whatever was found."""
    if not both.kinds:
        return ()
    if both.index.known:
        return _known(both, pair)
    seen = tuple(dict.fromkeys(_seen(both, pair)))
    if len(both.kinds) == 1:
        (kind,) = both.kinds
        return tuple(CauseShown(kind, cause.words) for cause in seen) or (
            CauseShown(kind, f"nothing else differs than {NAMES[kind]}"),
        )
    if any(cause.kind for cause in seen):
        return seen
    names = [name for kind, name in NAMES.items() if kind in both.kinds]
    listed = " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
    return (CauseShown("", f"one of these: {listed}; the two do not tell which"), *seen)


def _known(both: Both, pair: PairWithRows) -> tuple[CauseShown, ...]:
    """The causes, where every row of both is known. The day is the cause of what nothing else
    explains."""
    if over := _over(both, pair):
        return (over,)
    found = [*_rule(both, pair), *_edited_rule(both, pair)]
    rule = [cause for cause in found if cause.kind == RULEBOOK]
    to_correct = [*_rows_to_correct(both, pair)]
    found = [
        *(cause for cause in found if cause.kind == DAY),
        *_sheets(both),
        *_known_rows(both, pair),
        *_dated_rows(both, pair),
        *to_correct,
        *_known_waiver(both, pair),
        *([] if to_correct else _mapping(both)),
        *(_records(both, pair) if RECORDS in both.kinds else ()),
    ]
    found = (
        [cause for cause in found if cause.kind != DAY]
        or ([] if rule else [*_related_rows(both, pair)])
        or [
            *(cause for cause in found if cause.kind == DAY),
            *(_day(both, pair) if DAY in both.kinds else ()),
        ]
    )
    return tuple(dict.fromkeys((*rule, *found))) or _left_over(both, pair)


def _over(both: Both, pair: PairWithRows) -> CauseShown | None:
    """The day, where it alone took an obligation into history: as met as it was before."""
    one = pair.before
    if one is None or pair.after or one.status is not Status.MET or DAY not in both.kinds:
        return None
    past = both.past[1].get((one.subject, one.window))
    outcome = HistoryOutcome.MET_LATE if one.late_days else HistoryOutcome.MET
    if past is None or (past.outcome, past.late_days) != (outcome, one.late_days):
        return None
    return CauseShown(DAY, f"its period is over: {words.history_words(past)}")


def _known_rows(both: Both, pair: PairWithRows) -> Iterator[CauseShown]:
    """The rows of the obligation that only one of the two has, or that say something else. Of rows
    that cannot be read and might meet other obligations too, only a few are named."""
    for one, rows, later in ((pair.before, pair.rows[0], False), (pair.after, pair.rows[1], True)):
        yield from _changes_of(both, rows, later=later)
        for group in one.unread_groups if one else ():
            yield from both.unread[later].get(group.id, ())
    for items, later in zip(_rows_of_run(both, pair), (False, True), strict=True):
        yield from _changes_of(both, items, later=later)


def _rows_of_run(both: Both, pair: PairWithRows) -> tuple[list[ItemShown], list[ItemShown]]:
    """The rows that met earlier windows in one of the two alone, where the obligation is overdue
    since another window in each."""
    rows = both.rows_of_history.get(pair.shown.subject)
    if rows is None:
        return ([], [])
    since = [
        view.overdue_since(check.as_of, one.deadline, one.days) if one else None
        for check, one in ((both.old, pair.before), (both.new, pair.after))
    ]
    return rows if since[0] != since[1] else ([], [])


def _changes_of(both: Both, items: Sequence[ItemShown], *, later: bool) -> Iterator[CauseShown]:
    """What became of the rows of one of the two."""
    for item in items:
        kind, row = both.index.became(item.register, item.fingerprint, later=later)
        if kind == CHANGED and row is not None:
            own = both.index.new if later else both.index.old
            now = own.by_print[item.register, item.fingerprint] if later else row
            yield CauseShown(CHANGED, _changed_words(both, item, row, now, later=later))
        elif kind and item.register in both.index.old.registers & both.index.new.registers:
            yield CauseShown(kind, row_words(item))


def _dated_rows(both: Both, pair: PairWithRows) -> Iterator[CauseShown]:
    """The rows that both have, that only one of the two cites, and that are dated between the two
    days."""
    rows = beside(*pair.rows)
    for items, later in ((rows.gone, False), (rows.come, True)):
        for item in items:
            kind, _ = both.index.became(item.register, item.fingerprint, later=later)
            if not kind and both.came(item.date):
                place, date = item_place(item), words.day(item.date)
                yield CauseShown(DAY, f"{place}, is dated {date}, between the two days")


def _changed_words(
    both: Both, item: ItemShown, other: IndexedRow, now: IndexedRow, *, later: bool
) -> str:
    """Which cells of a row changed, as far as the two show them."""
    place = place_words(now.file, now.sheet, f"row {now.number}")
    if unread := both.index.unread_cells(now):
        return f"{place}: {'; '.join(f'{cell} can no longer be read' for cell in unread)}"
    shown = (both.index.old if later else both.index.new).shown(other)
    cells = (cells_changed(one, item) if later else cells_changed(item, one) for one in shown)
    return f"{place}: {next((text for text in cells if text != NOT_SHOWN), NOT_SHOWN)}"


def _known_waiver(both: Both, pair: PairWithRows) -> Iterator[CauseShown]:
    """The waivers of the duty, where only one of the two counts it as waived."""
    one, two = (
        side is not None and side.status is Status.WAIVED for side in (pair.before, pair.after)
    )
    if one == two:
        return
    by_subject, shown = both.waivers[two], pair.shown
    keys = (item.key for item in (*pair.rows[0], *pair.rows[1]))
    names = ("office", "all", shown.subject, *shown.subject.split(", "), shown.subject_name, *keys)
    own = (by_subject.get(name, ()) for name in dict.fromkeys(map(normal_key, names)))
    # a waiver that names it in another way is among the others
    alone = list(islice(chain.from_iterable(own), _FEW))
    alone = alone or list(islice(chain.from_iterable(by_subject.values()), _FEW))
    for waiver in alone:
        until = f" until {words.day(waiver.until)}" if waiver.until else ""
        kind = "new" if two else "no longer there"
        yield CauseShown(WAIVER, f"the waiver of {waiver.subject}{until} is {kind}: {waiver.place}")
    if not alone:
        yield CauseShown(DAY, "a waiver covers it on one of the two days alone")


def _mapping(both: Both) -> Iterator[CauseShown]:
    """The registers of the duty that are mapped otherwise."""
    first, second = mapped(both.old), mapped(both.new)
    for register in sorted(both.registers):
        if first.get(register) != second.get(register):
            yield CauseShown(MAPPING, f"the mapping of '{register}' changed")


def _rows_to_correct(both: Both, pair: PairWithRows) -> Iterator[CauseShown]:
    """The changed rows of which a cell has to be corrected before the obligation can be judged, and
    those that its reason names."""
    for one, rows, later in (
        (pair.before or both.listed_by(pair.after, later=False), both.index.old, False),
        (pair.after or both.listed_by(pair.before, later=True), both.index.new, True),
    ):
        keys = _LACKING.findall(one.unmet_reason) if one else ()
        named = both.index.related(both.registers, (), keys) if keys else ()
        for kind, row in islice(named, _FEW):
            yield CauseShown(kind, both.index.row_words(row))
        for number, sheet in _CELL_OF.findall(" ".join(one.to_tell) if one else ""):
            for register in rows.registers:
                for row in rows.by_place.get((register, sheet, int(number)), ()):
                    kind, _ = both.index.became(register, row.fingerprint, later=later)
                    if kind:
                        yield CauseShown(kind, both.index.row_words(row))


def _related_rows(both: Both, pair: PairWithRows) -> Iterator[CauseShown]:
    """The first rows that were added, changed or removed and that name a row of the obligation, or
    are named by one."""
    items = [*pair.rows[0], *pair.rows[1], *chain(*_rows_of_run(both, pair))]
    keys = {pair.shown.subject, *(item.key for item in items)} - {"", "office"}
    texts = {text for item in items for text in texts_of(item)}
    for kind, row in islice(both.index.related(both.registers, keys, texts), _FEW):
        yield CauseShown(kind, both.index.row_words(row))


def _left_over(both: Both, pair: PairWithRows) -> tuple[CauseShown, ...]:
    """What may be the cause of a difference that no row, rule or day of the obligation explains:
    the day or the program, or else other rows of the registers that the duty reads."""
    others = both.kinds - {EVIDENCE, MAPPING, RULEBOOK}
    if DAY in others:
        others -= {RECORDS}  # which _records() has found, if it is the cause
    if others and not _applied_before(both, pair):
        alone = both.kinds == others
        return tuple(
            CauseShown(
                kind,
                f"nothing else differs than {NAMES[kind]}" if alone else "nothing else explains it",
            )
            for kind in NAMES
            if kind in others
        )
    near = islice(both.index.changes_of(both.registers), _FEW)
    return tuple(CauseShown(kind, both.index.row_words(row)) for kind, row in near)


def _applied_before(both: Both, pair: PairWithRows) -> bool:
    """Whether it applies in one of the two alone, where that was settled before both days."""
    sides = [one for one in (pair.before, pair.after) if one]
    deadlines = [one.deadline for one in sides if one.status is not Status.NOT_APPLICABLE]
    first = min(both.old.as_of, both.new.as_of)
    return len(sides) > len(deadlines) == 1 and deadlines[0] is not None and deadlines[0] < first


def _seen(both: Both, pair: PairWithRows) -> Iterator[CauseShown]:
    yield from _rule(both, pair)
    if EVIDENCE in both.kinds:
        yield from _sheets(both)
    yield from _rows(both, pair)
    yield from _waiver(both, pair)
    if RECORDS in both.kinds:
        yield from _records(both, pair)
    if DAY in both.kinds:
        yield from _day(both, pair)


def _rule(both: Both, pair: PairWithRows) -> Iterator[CauseShown]:
    kind = RULEBOOK if RULEBOOK in both.kinds else DAY
    if pair.before and pair.after and pair.before.version_from != pair.after.version_from:
        yield CauseShown(
            kind,
            f"judged by the rule in force from {words.day(pair.after.version_from)}, before by "
            f"that from {words.day(pair.before.version_from)}",
        )
    old, new = both.before, both.after
    if kind == RULEBOOK and old and new and old.pattern != new.pattern:
        yield CauseShown(kind, f"the rule asks for: {new.pattern}; before: {old.pattern}")
    if kind == RULEBOOK and (old is None or new is None):
        yield CauseShown(kind, "the duty is in one of the two assessments alone")


def _edited_rule(both: Both, pair: PairWithRows) -> Iterator[CauseShown]:
    """That the version which judged the obligation decides otherwise in the second rulebook."""
    old, new = (dict(duty.versions) if duty else {} for duty in (both.before, both.after))
    judged = {one.version_from for one in (pair.before, pair.after) if one}
    for begins in sorted(judged & old.keys() & new.keys()):
        if old[begins] != new[begins]:
            yield CauseShown(RULEBOOK, f"the rule in force from {words.day(begins)} was edited")


def _sheets(both: Both) -> Iterator[CauseShown]:
    """The sheets that the duty needs and that only one of the two had."""
    old = both.before.not_given if both.before else ()
    new = both.after.not_given if both.after else ()
    for missing, there, which in ((old, new, "first"), (new, old, "second")):
        for title in missing:
            if title not in there and both.index.known:
                yield CauseShown(GIVEN if which == "first" else NOT_GIVEN, f"'{title}'")
            elif title not in there:
                yield CauseShown(EVIDENCE, f"no '{title}' sheet was provided for the {which}")


def _rows(both: Both, pair: PairWithRows) -> Iterator[CauseShown]:
    """The causes that the rows show. If the files are the same, a row that only one of the two
    cites was there in both. If more than the evidence differs, the day may be why only one cites a
    row, or the row may be in only one file. The assessments show that only for the rows that they
    cite (docs/ledger.md). Another mapping may read another text, or other rows, from the same
    file."""
    rows, (old, new) = beside(*pair.rows), both.known
    read_otherwise = both.kinds & {EVIDENCE, MAPPING}
    files_differ = bool(read_otherwise)
    kind = next(iter(read_otherwise)) if len(read_otherwise) == 1 else ""
    for one, two in rows.changed if files_differ else ():
        if not (old.among(new, one) or new.among(old, two)):  # otherwise it moved
            fault = "was changed" if EVIDENCE in read_otherwise else "is read in another way"
            yield CauseShown(kind, f"{item_place(two)} {fault}: {cells_changed(one, two)}")
    later = "second" if both.old.as_of < both.new.as_of else "first"
    alone = [(item, "first") for item in rows.gone] + [(item, "second") for item in rows.come]
    for item, which in alone:
        here, there, other = (old, new, "second") if which == "first" else (new, old, "first")
        dated_between = DAY in both.kinds and both.came(item.date)
        if both.kinds in ({EVIDENCE}, {MAPPING}):
            yield CauseShown(kind, f"{CITED[which]}: {row_words(item)}")
        elif dated_between and (which == later or not files_differ):
            place, date = item_place(item), words.day(item.date)
            yield CauseShown(DAY, f"{place}, is dated {date}, between the two days")
        elif files_differ and not here.among(there, item):
            yield CauseShown(
                "",
                f"{CITED[which]}: {row_words(item)}; the two do not tell whether the "
                f"files of the {other} have it",
            )
        elif not files_differ and DAY not in both.kinds and KNOWN in both.kinds:
            yield CauseShown(KNOWN, f"{row_words(item)} counts in one of the two alone")


def _waiver(both: Both, pair: PairWithRows) -> Iterator[CauseShown]:
    statuses = {one.status for one in (pair.before, pair.after) if one}
    if Status.WAIVED in statuses and len(statuses) > 1:
        if both.same_waivers or EVIDENCE not in both.kinds:
            yield CauseShown(DAY, "a waiver covers it on one of the two days alone")
        else:
            yield CauseShown(EVIDENCE, "the register of waivers says otherwise of it")


def _records(both: Both, pair: PairWithRows) -> Iterator[CauseShown]:
    """Windows before the day on which records begin, in only one of the two."""
    for here, history, there, as_of, which in (
        (both.old, both.past[0], pair.after, both.new.as_of, "first"),
        (both.new, both.past[1], pair.before, both.old.as_of, "second"),
    ):
        begin = here.records_begin
        if begin is None or there is None:
            continue
        before = f"before {words.day(begin)}, when records begin in the {which}"
        past = history.get((there.subject, there.window))
        since = view.overdue_since(as_of, there.deadline, there.days)
        if past is not None and past.outcome is HistoryOutcome.BEFORE_RECORDS:
            yield CauseShown(RECORDS, f"its deadline, {words.day(there.deadline)}, was {before}")
        elif since is not None and since < begin:
            yield CauseShown(RECORDS, f"windows that were missed {before}, do not count there")


def _day(both: Both, pair: PairWithRows) -> Iterator[CauseShown]:
    one, two, rows = pair.before, pair.after, pair.rows
    if one is None or two is None:
        shown = pair.shown
        if both.came(shown.opens):
            yield CauseShown(DAY, f"it opened on {words.day(shown.opens)}, between the two days")
        past = None if two else both.past[1].get((shown.subject, shown.window))
        if past is not None:
            yield CauseShown(DAY, f"its period is over: {words.history_words(past)}")
        return
    if both.old.as_of > both.new.as_of:
        one, two, rows = two, one, rows[::-1]
    if one.window != two.window:
        yield CauseShown(DAY, f"the window {two.window} took the place of {one.window}")
    dated = {item.date for item in beside(*rows).come}
    applies = not _applied_before(both, pair)
    done = applies and two.last_done != one.last_done and both.came(two.last_done)
    if done and two.last_done not in dated:
        yield CauseShown(DAY, f"it was done on {words.day(two.last_done)}, between the two days")
    if one.status is not two.status:
        yield from _step(both, one, two)


def _step(both: Both, one: ObligationOutcome, two: ObligationOutcome) -> Iterator[CauseShown]:
    """The days of its window between the two as-of dates; ``one`` is as of the earlier one."""
    if one.status is Status.NOT_YET_DUE and both.came(two.opens):
        yield CauseShown(DAY, f"it opened on {words.day(two.opens)}, between the two days")
    undone = one.status is Status.MET and one.last_done != two.last_done
    if two.status is Status.OVERDUE and both.passed(one.deadline) and not undone:
        yield CauseShown(
            DAY, f"its deadline, {words.day(one.deadline)}, passed between the two days"
        )
    kept = one.deadline == two.deadline and not undone
    if (one.status, two.status) == (Status.MET, Status.DUE) and kept:
        yield CauseShown(
            DAY, f"notice of its deadline, {words.day(two.deadline)}, began between them"
        )
