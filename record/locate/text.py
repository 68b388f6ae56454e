"""Where cited rows are now, in words and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from pydantic import TypeAdapter

from engine.assessment import Assessment, EvidenceStamp
from record.locate.locate import Found, Located
from reports import words
from reports.places import place_words, row_words

FORMAT = "dueregard-located-1"

#: At most this many of the duties that cite a row are named.
_FEW = 3

_WORDS: Mapping[Found, str] = {
    Found.SAME: "at the same place",
    Found.MOVED: "moved",
    Found.CHANGED: "changed",
    Found.GONE: "gone",
    Found.NOT_FOUND: "not found as they were",
}


def located_text(assessment: Assessment, rows: Sequence[Located]) -> str:
    """The number of cited rows that are where they were, and each of the others."""
    counts = Counter(row.found for row in rows)
    cited = f"{words.count(len(rows), 'row')} cited by the check"
    lines = [f"{cited} as of {words.day(assessment.as_of)}{':' if rows else '.'}"]
    lines += [f"  {counts[found]:,} {_WORDS[found]}" for found in Found if counts[found]]
    for found in (Found.MOVED, Found.CHANGED, Found.GONE, Found.NOT_FOUND):
        of_kind = [row for row in rows if row.found is found]
        if of_kind:
            lines += ["", _WORDS[found].upper()]
            lines += [f"  {line}" for row in of_kind for line in _row(row)]
    return "\n".join(words.shown(line) for line in lines)


def _row(located: Located) -> Iterator[str]:
    """The old and the new place of a row, which duties cite it, and its changes. A row that was
    found has its old number beside the new one."""
    was = place_words(
        located.file, located.sheet, "" if located.now_row else row_words(located.row)
    )
    ids = located.cited_by
    cited = ", ".join(ids[:_FEW]) + (f" and {len(ids) - _FEW} more" if len(ids) > _FEW else "")
    note = f" ({located.note})" if located.note else ""
    yield f"{was}: {_now(located)}{note}; cited by {cited}"
    for change in located.changes:
        if change.was is None or change.now is None:
            yield f"  {change.column}: changed {words.SENSITIVE}"
        else:
            old, new = (f"'{text}'" if text else "(blank)" for text in (change.was, change.now))
            yield f"  {change.column}: {old}, now {new}"


def _now(located: Located) -> str:
    """``was row 14, now row 19``, with the sheet and the file where they are others."""
    if not located.now_row:
        return _WORDS[located.found].replace("as they were", "as it was")
    now = f"row {located.now_row}"
    if located.now_sheet != located.sheet:
        now += f" of the sheet {located.now_sheet}"
    if located.now_file != located.file:
        now += f" in {located.now_file}"
    return f"was row {located.row}, now {now}"


def located_json(
    assessment: Assessment, looked_in: Sequence[EvidenceStamp], rows: Sequence[Located]
) -> str:
    """The result as JSON, one value a line; ``looked_in`` are the files of the later copy."""
    counts = Counter(row.found for row in rows)
    document: dict[str, object] = {
        "format": FORMAT,
        "as_of": assessment.as_of,
        "checked": assessment.evidence,
        "looked_in": tuple(looked_in),
        "counts": {found: counts[found] for found in Found},
        "rows": tuple(rows),
    }
    return TypeAdapter(dict[str, object]).dump_json(document, indent=1).decode()
