"""Where cited rows stand now, in words and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from pydantic import TypeAdapter

from engine.assessment import Assessment, EvidenceStamp
from record.locate.locate import CellChanged, Found, Located
from reports import view, words

FORMAT = "dueregard-located-1"

_WORDS: Mapping[Found, str] = MappingProxyType(
    {
        Found.SAME: "at the same place",
        Found.MOVED: "moved",
        Found.CHANGED: "changed",
        Found.GONE: "gone",
        Found.NOT_FOUND: "not found as they were",
    }
)


def located_text(assessment: Assessment, rows: Sequence[Located]) -> str:
    """How many of the cited rows stand where they did, and each of the others."""
    counts = Counter(each.found for each in rows)
    cited = f"{words.count(len(rows), 'row')} cited by the check"
    lines = [f"{cited} as of {words.day(assessment.as_of)}{':' if rows else '.'}"]
    lines += [f"  {counts[each]:,} {_WORDS[each]}" for each in Found if counts[each]]
    for found in (Found.MOVED, Found.CHANGED, Found.GONE, Found.NOT_FOUND):
        mine = [each for each in rows if each.found is found]
        if mine:
            lines += ["", _WORDS[found].upper()]
            lines += [f"  {line}" for each in mine for line in _row(each)]
    return "\n".join(words.shown(line) for line in lines)


def _row(located: Located) -> Iterator[str]:
    stands = located.now_row  # then its old row is told beside the new one
    was = view.place_words(located.file, located.sheet, 0 if stands else located.row)
    cited = f"cited by {_some(located.cited_by)}"
    note = f" ({located.note})" if located.note else ""
    yield f"{was}: {_now(located)}{note}; {cited}"
    yield from (f"  {_change(change)}" for change in located.changes)


def _now(located: Located) -> str:
    """``was row 14, now row 19``, with the sheet and the file where they are others."""
    if not located.now_row:
        return _WORDS[located.found].replace("as they were", "as it was")
    parts = [f"row {located.now_row}"]
    if located.now_sheet != located.sheet:
        parts.append(f"of the sheet {located.now_sheet}")
    if located.now_file != located.file:
        parts.append(f"in {located.now_file}")
    return f"was row {located.row}, now {' '.join(parts)}"


def _some(ids: Sequence[str], most: int = 3) -> str:
    more = f" and {len(ids) - most} more" if len(ids) > most else ""
    return f"{', '.join(ids[:most])}{more}"


def _change(change: CellChanged) -> str:
    if change.was is None or change.now is None:
        return f"{change.column}: changed {words.SENSITIVE}"
    return f"{change.column}: {_cell(change.was)}, now {_cell(change.now)}"


def _cell(text: str) -> str:
    return f"'{text}'" if text else "(blank)"


# As JSON ----------------------------------------------------------------------------------------


def located_json(
    assessment: Assessment, looked_in: Sequence[EvidenceStamp], rows: Sequence[Located]
) -> str:
    """All of it as JSON, one value a line; ``looked_in`` are the files of the later copy."""
    counts = Counter(each.found for each in rows)
    document: dict[str, object] = {
        "format": FORMAT,
        "as_of": assessment.as_of,
        "checked": assessment.evidence,
        "looked_in": tuple(looked_in),
        "counts": {each: counts[each] for each in Found},
        "rows": tuple(rows),
    }
    return TypeAdapter(dict[str, object]).dump_json(document, indent=1).decode()
