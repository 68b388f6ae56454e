"""Matches: the obligations of a pattern with their windows, their results and the items that met
them.

If a version moves a deadline, it moves it to no day before the version's own first day.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd

from engine.columns.days import Flags, Ints, subtract_each
from engine.day_number import NO_DAY
from engine.frames.schema import MET, OBLIGATIONS, RESULTS, flags, ints, make_frame
from engine.frames.scope import VersionTable
from engine.obligation import NO_MEMBER, Anchor, SubjectState


class Matches(NamedTuple):
    """The obligations of a pattern with their results (a frame MATCHED), and the items that met
    them (a frame MET)."""

    frame: pd.DataFrame
    met: pd.DataFrame


class WindowDays(NamedTuple):
    """The first and the last day of each obligation's window; NO_DAY where that is unknown."""

    opens: Ints
    deadline: Ints


def with_results(obligations: pd.DataFrame, **columns: object) -> pd.DataFrame:
    """Obligations with their results (a frame MATCHED)."""
    results = make_frame(RESULTS, len(obligations), **columns).set_axis(obligations.index)
    return pd.concat([obligations, results], axis="columns")


def match_nothing(obligations: pd.DataFrame, _: VersionTable) -> Matches:
    """Obligations for which no evidence is looked up."""
    return Matches(with_results(obligations), make_frame(MET, 0))


def cannot_tell(
    matches: Matches, unclear: Flags, state: SubjectState = SubjectState.UNREAD
) -> Matches:
    """The matches, without windows and with this ``state`` for the obligations whose result is
    unclear."""
    if not unclear.any():
        return matches
    values = {"state": int(state), "opens": NO_DAY, "deadline": NO_DAY}
    columns = {n: np.where(unclear, v, ints(matches.frame, n)) for n, v in values.items()}
    return matches._replace(frame=matches.frame.assign(**columns))


# Deadlines under a new version ------------------------------------------------------------------

#: The deadlines of obligations by the version of each (its ``version_index``).
DeadlinesOf = Callable[[pd.DataFrame], Ints]


def limit_deadlines(
    obligations: pd.DataFrame, versions: VersionTable, deadlines_of: DeadlinesOf
) -> tuple[Ints, Flags]:
    """The deadlines, limited by the first day of the version that gives them (semantics.md:
    Versions and clocks) or by the last day of its transition (semantics.md: Transition); and a mask
    of the deadlines that were limited.

    If a version would move a deadline to before that day, the deadline is that day. If the deadline
    under the previous version passes by then, it stays; in a transition only if it is later.
    ``deadlines_of`` gives the deadlines of obligations by the versions in them. It is called for
    these obligations, and for the same ones under the versions before.
    """
    deadline = deadlines_of(obligations)
    index = ints(obligations, "version_index")
    until = transition_ends(obligations, versions)
    limit = np.where(until == NO_DAY, versions.begins[index], until)
    early = (deadline < limit) & (deadline != NO_DAY)
    early &= versions.number[index] > 0
    if not early.any():
        return deadline, early
    limited = limit[early]
    older, covers = _under_version_before(obligations[early], versions)
    older = older[covers]
    before = limit_deadlines(older, versions, deadlines_of)[0]
    # NO_DAY is less than any day, and a version that gave no deadline limits none.
    limited[covers] = np.where(
        before == NO_DAY, limited[covers], np.minimum(limited[covers], before)
    )
    keeps_own = (until[early] != NO_DAY) & (limited <= deadline[early])
    early[early] = ~keeps_own
    deadline = deadline.copy()
    deadline[early] = limited[~keeps_own]
    return deadline, early


def transition_ends(obligations: pd.DataFrame, versions: VersionTable) -> Ints:
    """The last day of the transition of each obligation's version; NO_DAY where there is none for
    it, because the previous version did not find it met (semantics.md: Transition)."""
    index = ints(obligations, "version_index")
    ends = np.full(len(index), NO_DAY, dtype=np.int64)
    for version, rows in versions.rows_by_version(index):
        until = versions.rules[version].transition_until
        if version in versions.met_before and until is not None:
            met = [versions.names.number(subject) for subject in versions.met_before[version]]
            found_met = np.isin(ints(obligations, "subject")[rows], met)
            ends[rows] = np.where(found_met, until.toordinal(), NO_DAY)
    return ends


def _under_version_before(
    obligations: pd.DataFrame, versions: VersionTable
) -> tuple[pd.DataFrame, Flags]:
    """The obligations as the versions before list them, and which of them they cover."""
    index = ints(obligations, "version_index")
    members = ints(obligations, "member").copy()
    covers = np.ones(len(index), dtype=np.bool_)
    for newer, rows in versions.rows_by_version(index):
        now = versions.rules[newer]
        then = versions.rules[newer - 1]
        if type(now.pattern) is not type(then.pattern):  # refused by rules.lint.duty
            covers[rows] = False
        elif then.members:
            positions = {other.id: position for position, other in enumerate(then.members)}
            positions_then = np.array(
                [positions.get(member.id, NO_MEMBER) for member in now.members] or [NO_MEMBER]
            )
            members[rows] = positions_then[members[rows]]
            covers[rows] = members[rows] != NO_MEMBER
        else:
            covers[rows] = (now.population is None) == (then.population is None)
    return obligations.assign(version_index=index - 1, member=members), covers


# Lasting obligations: rolling and standing ------------------------------------------------------


class LastingItems(NamedTuple):
    """The items of rolling or standing obligations, one value for each obligation.

    ``first_deadline`` is the deadline without any item, and ``until`` the last day on which the
    items are valid (NO_DAY without any). ``anchor`` says what the deadline was counted from, and
    ``anchor_day`` from which day. ``last_done`` is the day of the latest item, and ``met`` are the
    items (a frame MET). ``unclear``: whether the holder of the role is unknown (None: no obligation
    is about a role).
    """

    first_deadline: Ints
    until: Ints
    anchor: Ints
    anchor_day: Ints
    last_done: Ints
    met: pd.DataFrame
    unclear: Flags | None = None

    @property
    def deadline(self) -> Ints:
        """The end of the items, and no earlier than the first deadline."""
        return np.maximum(self.first_deadline, self.until)


def opening_days(obligations: pd.DataFrame, versions: VersionTable) -> Ints:
    """The day on which each obligation opens: the later of in force and the subject's joining."""
    in_force_from = versions.in_force_from[ints(obligations, "version_index")]
    return np.maximum(ints(obligations, "joined"), in_force_from)


def match_lasting(
    obligations: pd.DataFrame,
    versions: VersionTable,
    items_of: Callable[[pd.DataFrame], LastingItems],
) -> Matches:
    """Match rolling or standing obligations to the items that ``items_of`` gives for them."""
    items = items_of(obligations)
    deadline, limited = limit_deadlines(
        obligations,
        versions,
        lambda rows: (items if rows is obligations else items_of(rows)).deadline,
    )
    index = ints(obligations, "version_index")
    as_of_day = versions.as_of_day
    lasts = (items.until != NO_DAY) & (items.until >= as_of_day)
    # Met or not by the version's own deadline: a limited one only gives more time.
    within_notice = _notice_from(items.deadline, index, versions) <= as_of_day
    deadline = np.where(lasts & ~within_notice, items.deadline, deadline)
    in_transition = transition_ends(obligations, versions)
    of_limit = np.where(in_transition != NO_DAY, Anchor.TRANSITION, Anchor.VERSION)
    anchor = np.where(limited & (deadline != items.deadline), of_limit, items.anchor)
    frame = with_results(
        obligations,
        opens=opening_days(obligations, versions),
        deadline=deadline,
        overdue_since=deadline,
        next_deadline=deadline,
        still_lasts=lasts,
        within_notice=within_notice,
        ever_done=items.last_done != NO_DAY,
        last_done=items.last_done,
        anchor=anchor,
        anchor_day=items.anchor_day,
    )
    matches = Matches(frame, items.met)
    if items.unclear is not None:
        matches = cannot_tell(matches, items.unclear, SubjectState.UNCLEAR_HOLDER)
    if (in_transition >= as_of_day).any():
        return _with_met_before(matches, versions, in_transition, items_of)
    return matches


def _notice_from(deadline: Ints, version_index: Ints, versions: VersionTable) -> Ints:
    """The first day of the notice before each deadline, by the version in the same position."""
    notice = [rule.pattern.warning for rule in versions.rules]
    return subtract_each(deadline, version_index, notice)


def _with_met_before(
    matches: Matches,
    versions: VersionTable,
    in_transition: Ints,
    items_of: Callable[[pd.DataFrame], LastingItems],
) -> Matches:
    """The matches in which, in a transition, the previous version judges the obligations that it
    still finds met and the new version does not. ``in_transition``: the last days of the
    transitions (semantics.md: Transition)."""
    frame = matches.frame
    met = flags(frame, "still_lasts") & ~flags(frame, "within_notice")
    readable = ints(frame, "state") == SubjectState.READABLE
    candidates = np.flatnonzero((in_transition >= versions.as_of_day) & ~met & readable)
    older, covers = _under_version_before(frame.take(candidates)[list(OBLIGATIONS)], versions)
    older, candidates = older[covers], candidates[covers]
    items = items_of(older)
    index = ints(older, "version_index")
    deadline = np.minimum(items.deadline, in_transition[candidates])
    still_met = (items.until != NO_DAY) & (items.until >= versions.as_of_day)
    still_met &= _notice_from(deadline, index, versions) > versions.as_of_day
    if items.unclear is not None:
        still_met &= ~items.unclear
    met_by_older = candidates[still_met]
    values = {
        "version_index": index,
        "member": ints(older, "member"),
        "deadline": deadline,
        "overdue_since": deadline,
        "next_deadline": deadline,
        "still_lasts": np.ones(len(candidates), np.bool_),
        "within_notice": np.zeros(len(candidates), np.bool_),
        "ever_done": np.ones(len(candidates), np.bool_),
        "last_done": items.last_done,
        "anchor": np.where(deadline == items.deadline, items.anchor, Anchor.TRANSITION),
        "anchor_day": items.anchor_day,
    }
    columns = {name: frame[name].to_numpy().copy() for name in values}
    for name, column in columns.items():
        column[met_by_older] = values[name][still_met]
    on_first_day = _items_on_first_day(frame, versions, met_by_older)
    on_d = items.met.assign(obligation=candidates[ints(items.met, "obligation")])
    on_d = on_d[np.isin(ints(on_d, "obligation"), met_by_older)]
    others = matches.met[~np.isin(ints(matches.met, "obligation"), met_by_older)]
    rows = pd.concat([others, on_first_day, on_d], ignore_index=True).drop_duplicates(keep="last")
    return Matches(frame.assign(**columns), rows)


def _items_on_first_day(
    frame: pd.DataFrame, versions: VersionTable, positions: Ints
) -> pd.DataFrame:
    """The items (a frame MET) by which the previous version found the obligations in these
    ``positions`` met on the first day of their own version."""
    names = versions.names
    own_version = ints(frame, "version_index")[positions].tolist()
    subjects = names.texts(ints(frame, "subject")[positions])
    items = [
        (position, names.number(ref.register), ref.row)
        for position, version, subject in zip(
            positions.tolist(), own_version, subjects, strict=True
        )
        for ref in versions.met_before[version][subject]
    ]
    return pd.DataFrame(items, columns=list(MET), dtype=np.int64)
