"""The findings that an acknowledgement fits: those of one kind that are about one duty, or about
the rows that it names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice, product
from typing import NamedTuple

from engine.assessment import FindingShown
from engine.findings.row_names import RowNames
from engine.findings.words import NearestNames
from engine.outcome import ItemRef
from evidence.cells.text import listed, normal_heading, normal_key, quoted
from evidence.problem import ProblemKind
from rules.model import Rulebook
from rules.wording.words import titled

#: How many other names are offered.
_OFFERED = 3
_NO_EFFECT = "so the acknowledgement has no effect"
_CORRECT = "Correct the name, or delete the row if the point was dealt with."

#: The names between the semicolons of a cell, as texts are compared, in any order.
Parts = frozenset[str]


class AcknowledgementPoint(NamedTuple):
    """A finding that may be acknowledged, and the rows that it is about, each once."""

    shown: FindingShown
    refs: tuple[ItemRef, ...]


class AcknowledgementFit(NamedTuple):
    """The points that an acknowledgement fits, and the id of the duty that it names, if any.
    ``ambiguous``: its text has two meanings, and fits nothing for that reason."""

    points: Sequence[AcknowledgementPoint]
    duty: str
    ambiguous: bool


class AcknowledgementFits:
    """The findings that may be acknowledged, by their kinds and by what they are about."""

    def __init__(
        self, points: Iterable[AcknowledgementPoint], names: RowNames, rulebook: Rulebook
    ) -> None:
        self._names, self._rulebook = names, rulebook
        self._points: dict[str, list[AcknowledgementPoint]] = defaultdict(list)
        for point in points:
            self._points[normal_heading(point.shown.kind)].append(point)
        self._kinds: dict[str, _PointsOfKind] = {}
        self._duties: dict[str, set[str]] = defaultdict(set)
        for id_ in rulebook.duties:
            for name in self._duty_names(id_):
                self._duties[normal_key(name)].add(id_)
        self._nearest = NearestNames()

    def of(self, kind: str, text: str) -> AcknowledgementFit:
        """The findings of a ``kind`` that are about the duty, or the rows, that a text names. A
        text with two meanings fits nothing, even if only one of them has such a finding today."""
        points = self._of_kind(kind)
        duties = self._duties.get(normal_key(text), set())
        bearers = [self._names.bearers(name) for name in {text, *_parts(text)}]
        of_rows = points.by_parts.get(_parts(text), [])
        if len(duties) + bool(any(bearers)) > 1 or any(len(rows) > 1 for rows in bearers):
            named = {ref for rows in bearers for ref in rows}
            concerned = not duties.isdisjoint(points.by_duty) or not named.isdisjoint(points.by_ref)
            return AcknowledgementFit((), "", ambiguous=concerned)
        if duties:
            (duty,) = duties
            return AcknowledgementFit(points.by_duty.get(duty, ()), duty, ambiguous=False)
        # A name may itself contain a semicolon.
        ambiguous = len({point.refs for point in of_rows}) > 1
        return AcknowledgementFit(() if ambiguous else of_rows, "", ambiguous)

    # Why it fits nothing ------------------------------------------------------------------------

    def ambiguous_words(self, kind: str, text: str) -> str:
        """The sentence that a text has two meanings, and what to enter instead."""
        rows = {ref for name in {text, *_parts(text)} for ref in self._names.bearers(name)}
        duties = sorted(self._duties.get(normal_key(text), ()))
        meanings = [f"the duty {self._printed(duty)} ({duty})" for duty in duties]
        meanings += [self._names.where(ref) for ref in sorted(rows)[:_OFFERED]]
        if len(rows) > _OFFERED:
            meanings.append(f"{len(rows) - _OFFERED:,} more rows")
        points = (p for ref in sorted(rows) for p in self._of_kind(kind).by_ref.get(ref, ()))
        others = chain(
            (name for duty in duties for name in (self._printed(duty), duty)),
            ("; ".join(point.shown.rows) for point in points),
        )
        fitting = dict.fromkeys(islice((n for n in others if self.of(kind, n).points), _OFFERED))
        names = listed([f"'{name}'" for name in fitting], "or")
        step = f"Enter {names} instead." if names else "Give each row a reference of its own."
        return f"{quoted(text)} may mean {listed(meanings, 'or')}, {_NO_EFFECT}. {step}"

    def unfit_words(self, kind: str, text: str) -> tuple[str, str]:
        """Why a kind and a text fit no finding, with the nearest names, and the column to correct:
        the kind or the text."""
        if normal_heading(kind) in {problem.value for problem in ProblemKind}:
            words = "A cell or a sheet that cannot be read cannot be acknowledged. Correct it."
            return f"{quoted(kind)} is a problem, {_NO_EFFECT}. {words}", "finding"
        if normal_heading(kind).startswith("acknowledgement "):
            words = "Correct the row of this sheet that the point is about."
            return f"{quoted(kind)} is about an acknowledgement, {_NO_EFFECT}. {words}", "finding"
        points = self._of_kind(kind)
        if not points.by_parts and not points.by_duty:
            kinds = {point.shown.kind for points in self._points.values() for point in points}
            words = f"No point to check is of the kind {quoted(kind)}, {_NO_EFFECT}. {_CORRECT}"
            about = [f"'{other}'" for other in sorted(kinds) if self.of(other, text).points]
            if about:
                meant = f" A point about {quoted(text)} is of the kind {listed(about, 'or')}."
                return words + meant, "finding"
            return words + self._nearest.words(kind, sorted(kinds)), "finding"
        wholes = list(islice(points.with_part_of(_parts(text)), _OFFERED))
        if wholes:
            quotes = listed([f"'{'; '.join(point.shown.rows)}'" for point in wholes], "or")
            words = f"This point is about more rows than {quoted(text)}, {_NO_EFFECT}."
            return f"{words} Enter {quotes} instead.", "duty or row"
        words = f"No point of this kind is about {quoted(text)}, {_NO_EFFECT}. {_CORRECT}"
        duties = map(self._printed, points.by_duty)
        names = ("; ".join(point.shown.rows) for point in points.points)
        return words + self._nearest.words(text, chain(names, duties)), "duty or row"

    def _duty_names(self, id_: str) -> Iterator[str]:
        duty = self._rulebook.duties[id_]
        section = self._rulebook.sections[id_]
        yield from (id_, *duty.aliases, duty.title, self._printed(id_))
        yield f"{section}: {duty.title}"

    def _printed(self, id_: str) -> str:
        """A duty as reports print it."""
        return titled(self._rulebook.sections[id_], self._rulebook.duties[id_].title)

    def _of_kind(self, kind: str) -> _PointsOfKind:
        name = normal_heading(kind)
        if name not in self._kinds:
            self._kinds[name] = _PointsOfKind(self._points.get(name, ()), self._names)
        return self._kinds[name]


class _PointsOfKind:
    """The points of one kind by their duties, by each of their rows, and by all of their rows as
    each row may be called."""

    def __init__(self, points: Sequence[AcknowledgementPoint], names: RowNames) -> None:
        self.points = points
        self.by_duty: dict[str, list[AcknowledgementPoint]] = defaultdict(list)
        self.by_ref: dict[ItemRef, list[AcknowledgementPoint]] = defaultdict(list)
        self.by_parts: dict[Parts, list[AcknowledgementPoint]] = defaultdict(list)
        self._by_part: dict[str, list[tuple[Parts, AcknowledgementPoint]]] = defaultdict(list)
        for point in points:
            if point.shown.duty:
                self.by_duty[point.shown.duty].append(point)
            for ref in point.refs:
                self.by_ref[ref].append(point)
            for called in product(*(list(names.own_names(ref)) for ref in point.refs)):
                parts = _parts("; ".join(called))
                self.by_parts[parts].append(point)
                for part in parts if len(point.refs) > 1 else ():
                    self._by_part[part].append((parts, point))

    def with_part_of(self, parts: Parts) -> Iterator[AcknowledgementPoint]:
        """The points of which these parts name only some of the rows."""
        seen: set[tuple[ItemRef, ...]] = set()
        for whole, point in self._by_part.get(next(iter(sorted(parts)), ""), ()):
            if parts < whole and point.refs not in seen:
                seen.add(point.refs)
                yield point


def _parts(text: str) -> Parts:
    return frozenset(filter(None, map(normal_key, text.split(";"))))
