"""Proposes by which column of a list the names in a column can be matched with its rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter

from evidence.cells.silence import says_nothing
from evidence.cells.text import normal_key, raw_text
from evidence.mapping.list_names import ListNames, ListSheets, name_key
from evidence.mapping.model import Joined, MatchedName
from evidence.mapping.propose.proposals import Certainty

#: Fewer names than these may be on a list by chance.
_LEAST = 2
#: So many names are hardly on a list by chance.
_LEAST_SURE = 3


@dataclass(frozen=True, slots=True)
class NameProposal:
    """How names may be matched with the rows of a list, and how many different names are on it
    once, more than once, and not at all. The ``source`` does not say yet where the names are."""

    source: MatchedName
    certainty: Certainty
    once: int
    several: Sequence[str]
    unknown: Sequence[str]

    @property
    def is_sure(self) -> bool:
        """Whether most of the names are on the lists once, so that they can hardly be there by
        chance."""
        others = len(self.several) + len(self.unknown)
        return self.once >= _LEAST_SURE and self.once > 2 * others


class NameProposals:
    """Proposes how names are matched with the rows of the lists of some registers."""

    def __init__(self, lists: ListSheets, registers: Collection[str]) -> None:
        self._sheets = [sheet for sheet in lists if sheet.register in registers]
        self._registers = registers
        self._keys = {key for sheet in self._sheets for key in sheet.keys if key}
        self._headings = self._sheets[0].headings if self._sheets else {}

    @cached_property
    def _texts(self) -> Mapping[bool, Mapping[str, Set[str]]]:
        """The texts below each heading that all sheets have once, as names are compared: as they
        are written, and with the surname first."""
        texts: dict[bool, dict[str, set[str]]] = {False: {}, True: {}}
        for heading in self._headings:
            if all(heading in sheet.cells.keys() - sheet.repeated for sheet in self._sheets):
                cells = {raw_text(cell) for sheet in self._sheets for cell in sheet.cells[heading]}
                for surname_first, by_heading in texts.items():
                    names = {name_key(text, surname_first=surname_first) for text in cells}
                    by_heading[heading] = names - {""}
        return texts

    def has_references(self, texts: Iterable[str]) -> bool:
        """Whether most of these texts are references of the lists."""
        distinct = set(map(normal_key, texts)) - {""}
        return len(distinct & self._keys) * 2 >= max(len(distinct), 1)

    def propose(self, names: Iterable[str]) -> NameProposal | None:
        """The way in which most of these names are on the lists; None if too few are, or if most
        of them are references of the lists."""
        distinct = [name for name in dict.fromkeys(map(normal_key, names)) if name]
        distinct = [name for name in distinct if not says_nothing(name)]
        if not distinct or self.has_references(distinct):
            return None
        proposals = [self._proposal(distinct, source) for source in self._candidates(distinct)]
        best = max(proposals, key=attrgetter("once"), default=None)  # of equal ones the simplest
        if best is None or best.once < _LEAST or best.once * 5 < len(distinct):
            return None
        return best

    def _proposal(self, names: Sequence[str], source: MatchedName) -> NameProposal:
        rows = ListNames(self._sheets, self._registers, source)
        counts = {name: len(rows.rows(name)) for name in names}
        unknown = [name for name, number in counts.items() if number == 0]
        several = [name for name, number in counts.items() if number > 1]
        certainty = Certainty.LIKELY if len(unknown) * 5 <= len(names) else Certainty.POSSIBLE
        once = len(names) - len(unknown) - len(several)
        return NameProposal(source, certainty, once, several, unknown)

    def _candidates(self, names: Sequence[str]) -> Iterator[MatchedName]:
        """The ways to match that are worth a try, the simplest first: by the heading below which
        most of the names are, or by two of them, each as it is written and with the surname
        first."""
        for surname_first, texts in self._texts.items():
            wanted = {name_key(name, surname_first=surname_first) for name in names}
            counts = {heading: len(wanted & known) for heading, known in texts.items()}
            whole = max(counts, key=lambda heading: counts[heading], default="")
            if counts.get(whole):
                yield _source(self._headings[whole], surname_first=surname_first)
            before = _best([_parts(name, before=True) for name in wanted], texts)
            after = _best([_parts(name, before=False) for name in wanted], texts)
            if before and after and before != after:
                joined = Joined(join=(self._headings[before], self._headings[after]))
                yield _source(joined, surname_first=surname_first)


def _source(matched_by: str | Joined, *, surname_first: bool) -> MatchedName:
    return MatchedName(from_="", matched_by=matched_by, surname_first=surname_first)


def _parts(name: str, *, before: bool) -> Set[str]:
    """The words of a name before each of its spaces, or after."""
    words = name.split()
    spaces = range(1, len(words))
    return {" ".join(words[:space] if before else words[space:]) for space in spaces}


def _best(parts: Sequence[Set[str]], texts: Mapping[str, Set[str]]) -> str:
    """The heading below which parts of most names are; '' if there is none."""
    counts = {
        heading: sum(not known.isdisjoint(of_name) for of_name in parts)
        for heading, known in texts.items()
    }
    best = max(counts, key=lambda heading: counts[heading], default="")
    return best if counts.get(best) else ""
