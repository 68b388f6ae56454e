"""The SOP's paragraphs beside a duty, each once, with the phrases that its citations mark."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.assessment import DutyOutcome


@dataclass(frozen=True, slots=True)
class Quoted:
    """A cited paragraph: its section, and its text in pieces, each with whether it is marked."""

    section: str
    pieces: tuple[tuple[str, bool], ...]


def quoted(duty: DutyOutcome) -> list[Quoted]:
    """The paragraphs that the duty cites, where the SOP was given; '' quotes none."""
    marks: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for cited in duty.citations:
        if cited.quote:
            marks.setdefault((cited.section, cited.quote), []).append((cited.start, cited.end))
    return [
        Quoted(section, tuple(_pieces(text, sorted(spans))))
        for (section, text), spans in marks.items()
    ]


def _pieces(text: str, spans: list[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    at = 0
    for start, end in spans:
        first = max(start, at)
        if first > at:
            yield text[at:first], False
        if end > first:
            yield text[first:end], True
        at = max(at, end)
    if at < len(text):
        yield text[at:], False
