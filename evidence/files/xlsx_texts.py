"""The texts that an .xlsx keeps once and shows in many cells: how many there are, and how long."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from evidence.book_marks import damaged
from evidence.containers.xml_stream import follow, local, local_pairs, new_parser
from evidence.limits import Tally

_SAID_AT_LEAST = 1_000_000


def shared_texts(data: bytes, part: str, tally: Tally) -> Sequence[int]:
    """The length of each shared text.

    Stops (:class:`OpeningStop`) at a list that says that it holds far more than it
    does: the reading library would set memory aside for all of them, and end the program where
    there is less.
    """
    lengths = array("L")
    said = 0

    def start(name: str, attributes: list[str]) -> None:
        nonlocal said
        if name in ("t", "r"):
            return
        if local(name) == "si":
            lengths.append(0)
            if len(lengths) > tally.limits.all_cells:
                raise too_many
        elif local(name) == "sst":
            count = local_pairs(attributes).get("uniqueCount", "").strip()
            said = max(said, int(count) if count.isdecimal() else 0)

    def text(letters: str) -> None:
        if lengths:
            lengths[-1] += len(letters)

    too_many = damaged(f"its part '{part}' gives more texts than its sheets can show")
    parser = new_parser(part)
    parser.StartElementHandler = start
    parser.CharacterDataHandler = text
    follow(parser, data, part, tally)
    if said > max(len(lengths), _SAID_AT_LEAST):
        raise damaged(f"its part '{part}' gives a number of texts that cannot be")
    return lengths


def most_shared(data: bytes, lengths: Sequence[int]) -> int:
    """No more characters than these does a worksheet part show of shared texts: it would be so if
    half of its tags were cells, each with the longest text."""
    return data.count(b"<") // 2 * max(lengths, default=0)


def count_shared(data: bytes, part: str, tally: Tally, lengths: Sequence[int]) -> None:
    """Count the characters of shared texts that the cells of a worksheet part show."""
    counter = _Counter(tally, lengths)
    parser = new_parser(part)
    parser.StartElementHandler = counter.start
    parser.CharacterDataHandler = counter.text
    follow(parser, data, part, tally)
    counter.finish()


class _Counter:
    def __init__(self, tally: Tally, lengths: Sequence[int]) -> None:
        self._tally = tally
        self._lengths = lengths
        self._longest = max(lengths, default=0)
        self._shares = False  # whether the cell shows a shared text
        self._which: list[str] = []

    def start(self, name: str, attributes: list[str]) -> None:
        """An element begins."""
        if name == "v" or name.endswith(":v"):
            self.finish()
        elif name == "c" or name.endswith(":c"):
            self.finish()
            self._shares = "s" in attributes[1::2]

    def text(self, letters: str) -> None:
        """Text is found; in a value it may be the number of a shared text."""
        if self._shares:
            self._which.append(letters)

    def finish(self) -> None:
        """Count the text that the last value names."""
        if self._which:
            which = "".join(self._which).strip()
            self._which.clear()
            if which:
                known = len(which) < 10 and which.isdecimal() and int(which) < len(self._lengths)
                self._tally.add_text(self._lengths[int(which)] if known else self._longest)
