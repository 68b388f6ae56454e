"""The differences between two rulebooks in one duty, which are the causes of another result."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from engine.impact.evaluation import cuts
from engine.needs import needed_registers
from evidence.cells.day_words import long_day
from evidence.register import Declared, spaced
from rules.condition import AnyOf, Condition
from rules.model import ABOUT_APPROVAL, Duty, Reading, Rulebook, Version
from rules.resolve import resolve
from rules.wording.words import condition_text

#: What an edit is about. ``pattern``: lengths of time and whatever else the pattern sets.
Part = Literal[
    "pattern", "condition", "reading", "evidence", "end", "duty", "wording", "register", "base"
]
How = Literal["added", "removed", "edited"]

#: The keys of a duty and of a version that are text for people.
_WORDING = ("title", "in_brief", "to_do", "strength", "citations", "remarks")
#: The keys of a register and of a column that no status depends on.
_REGISTER_WORDING = ("title", "about", "example", "fault", "note", "personal")


@dataclass(frozen=True, slots=True)
class Edit:
    """One difference: ``words`` say where it is, what it was and what it is."""

    part: Part
    words: str


@dataclass(frozen=True, slots=True)
class VersionRevision:
    """A version that was added, removed or edited, by its first day. An added one is compared with
    the version before it. ``changes_past``: it held on a day before the day of the comparison."""

    begins: datetime.date
    how: How
    changes_past: bool
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class Revision:
    """What differs in one duty: its own keys, its registers and the duty that it cuts (``edits``),
    and its versions. ``changes_past``: something of it held on an earlier day; for a difference in
    a register, which has no date, a status or deadline differs on a compared day that is past.
    ``first_days``: the days from which it differs, where a version begins or the duty has ended."""

    how: How
    changes_past: bool
    edits: tuple[Edit, ...] = ()
    versions: tuple[VersionRevision, ...] = ()
    first_days: tuple[datetime.date, ...] = ()


def revisions(old: Rulebook, new: Rulebook, as_of: datetime.date) -> Mapping[str, Revision]:
    """What differs in each duty that differs, by its id, in the order of the new rulebook and then
    of the old. Days before ``as_of`` are past."""
    by_id = {
        id_: _revision(old, new, id_, as_of) for id_ in dict.fromkeys((*new.duties, *old.duties))
    }
    return {id_: revision for id_, revision in by_id.items() if revision is not None}


def next_day(day: datetime.date) -> datetime.date:
    """The next day; ``date.max`` for ``date.max``."""
    return day if day == datetime.date.max else day + datetime.timedelta(days=1)


def _revision(old: Rulebook, new: Rulebook, id_: str, as_of: datetime.date) -> Revision | None:
    """How the rule of a duty differs: added, removed or edited; None if it does not differ. A
    content duty also differs where the duty that it is cut from does."""
    before = old.duties.get(id_)
    after = new.duties.get(id_)
    if before is None or after is None:
        duty = after or before
        assert duty is not None, "the id is in one of the two"
        return _whole(duty, "removed" if after is None else "added", as_of)
    ended = tuple(_end(before, after))
    duty_edits = tuple(_duty_edits(before, after))
    registers = tuple(_read_edits(old, new, id_))
    versions = tuple(_versions(before.versions, after.versions, as_of))
    # Who bears a duty and whether it can be waived have no dates.
    past = any(edit.part == "duty" for edit in duty_edits)
    past |= _past_end(before, after, as_of)
    base_edits: list[Edit] = []
    for cut in cuts(new, id_):  # only the versions of that duty matter here
        base = _revision(old, new, cut, as_of) if cut in old.duties else None
        if base is not None and base.versions:
            words = f"it adds to '{new.duties[cut].title}', which differs: see there"
            base_edits.append(Edit("base", words))
            versions += base.versions
    edits = (*ended, *duty_edits, *registers, *base_edits)
    if not edits and not versions:
        return None
    past |= any(version.changes_past for version in versions)
    days = {version.begins for version in versions}
    if ended:
        days |= {next_day(duty.until) for duty in (before, after) if duty.until}
    return Revision("edited", past, edits, versions, tuple(sorted(days)))


def _whole(duty: Duty, how: How, as_of: datetime.date) -> Revision:
    begins = duty.in_force_from
    if how == "added":
        end = f" to {long_day(duty.until)}" if duty.until else ""
        words = f"the duty is added, from {long_day(begins)}{end}"
    else:
        words = "the duty is removed from the rulebook: a duty that ends has 'until' instead"
    return Revision(how, begins < as_of, (Edit("duty", words),), first_days=(begins,))


def _end(before: Duty, after: Duty) -> Iterator[Edit]:
    was, now = before.until, after.until
    if was == now:
        return
    not_before = f", not on {long_day(was)}" if was and now else ""
    if now:
        yield Edit("end", f"the duty ends on {long_day(now)}{not_before}")
    elif was:
        yield Edit("end", f"the duty no longer ends on {long_day(was)}")


def _past_end(before: Duty, after: Duty, as_of: datetime.date) -> bool:
    """Whether the duty was in force on a past day by only one of the two rulebooks."""
    ends = [duty.until for duty in (before, after) if duty.until]
    return before.until != after.until and next_day(min(ends)) < as_of


def _duty_edits(before: Duty, after: Duty) -> Iterator[Edit]:
    for name in Duty.model_fields:
        if name not in ("id", "until", "versions"):
            part: Part = "wording" if name in _WORDING else "duty"
            yield from _edits(getattr(before, name), getattr(after, name), part, spaced(name))


def _read_edits(old: Rulebook, new: Rulebook, id_: str) -> Iterator[Edit]:
    """What differs in the registers that the duty reads."""
    versions = [version.rule for version in resolve(new, id_).versions]
    groups = needed_registers(versions, new.registers)
    yield from register_edits(old, new, (name for group in groups for name in group))


def register_edits(old: Rulebook, new: Rulebook, names: Iterable[str]) -> Iterator[Edit]:
    """What differs in these registers."""
    for name in dict.fromkeys(names):
        before = old.registers.get(name)
        after = new.registers.get(name)
        yield from _edits(before, after, "register", f"register {name}")


def _versions(
    before: Sequence[Version], after: Sequence[Version], as_of: datetime.date
) -> Iterator[VersionRevision]:
    """The versions that were added, removed or edited, by their first days. An added one is
    compared with the version before it."""
    olds = {version.from_: version for version in before}
    news = {version.from_: version for version in after}
    for begins in sorted(olds.keys() | news.keys()):
        was, now = olds.get(begins), news.get(begins)
        past = begins < as_of
        if was is None and now is not None:
            earlier = [version for version in after if version.from_ < begins][-1:]
            edits = tuple(edit for version in earlier for edit in _version_edits(version, now))
            yield VersionRevision(begins, "added", past, edits)
        elif now is None:
            yield VersionRevision(begins, "removed", past)
        elif was is not None and (edits := tuple(_version_edits(was, now))):
            yield VersionRevision(begins, "edited", past, edits)


def _version_edits(before: Version, after: Version) -> Iterator[Edit]:
    for name in Version.model_fields:
        if name == "from_" or name in ABOUT_APPROVAL:
            continue
        part: Part = "pattern" if name in ("pattern", "lapse") else "evidence"
        part = "wording" if name in _WORDING else part
        yield from _edits(getattr(before, name), getattr(after, name), part, spaced(name))


# Values -----------------------------------------------------------------------------------------


def _edits(old: object, new: object, part: Part, path: str) -> Iterator[Edit]:
    """Each difference between two values of a rule, with its path in the file."""
    if old == new:
        return
    if isinstance(old, Declared) and type(old) is type(new):
        for name in type(old).model_fields:
            inner = f"{path} > {spaced(name)}"
            text = part == "register" and name in _REGISTER_WORDING
            yield from _edits(
                getattr(old, name), getattr(new, name), "wording" if text else part, inner
            )
    elif isinstance(old, dict) and isinstance(new, dict):
        for key in {**old, **new}:
            was, now = _entry(old, key), _entry(new, key)
            if not was or not now:
                yield Edit(part, f"{path}: {was or now}, {'removed' if was else 'added'}")
            elif was != now:
                yield Edit(part, f"{path}: {was}, now {now}")
    elif isinstance(old, tuple) and isinstance(new, tuple):
        yield from _item_edits(old, new, part, path)
    else:
        yield Edit(part, f"{path}: {_value(old)}, now {_value(new)}")


def _entry(entries: dict[object, object], key: object) -> str:
    """An entry as text; '' where there is none with that key."""
    if key not in entries:
        return ""
    return f"{_value(key)}{f' ({_value(entries[key])})' if entries[key] else ''}"


def _item_edits(
    old: tuple[object, ...], new: tuple[object, ...], part: Part, path: str
) -> Iterator[Edit]:
    """The items of a list that were removed, added or put in the place of others."""
    texts = [_value(item) for item in old], [_value(item) for item in new]
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, *texts, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        removed, added = old[i1:i2], new[j1:j2]
        paired = min(len(removed), len(added))
        for was, now in zip(removed[:paired], added[:paired], strict=True):
            name = _name(was)
            if isinstance(was, Reading) and isinstance(now, Reading) and name == _name(now):
                words = f"'{was.reading}', now '{now.reading}'"
                yield Edit("reading", f"reading of '{name}': {words}")
            elif name and name == _name(now):
                yield from _edits(was, now, part, f"{path} {name}")
            else:
                yield _item(was, part, path, f"{_value(was)}, now {_value(now)}")
        for item in removed[paired:]:
            yield _item(item, part, path, f"{_value(item)}, removed")
        for item in added[paired:]:
            yield _item(item, part, path, f"{_value(item)}, added")


def _name(item: object) -> str:
    """The text by which an item of a list is recognised after a change to the rest of it; '' if
    nothing names the item."""
    names = (getattr(item, name, "") for name in ("id", "name", "phrase"))
    return next((name for name in names if isinstance(name, str) and name), "")


def _item(item: object, part: Part, path: str, words: str) -> Edit:
    match item:
        case Condition() | AnyOf():
            return Edit("condition" if part != "register" else part, f"{path}: {words}")
        case Reading():
            return Edit("reading", f"reading: {words}")
        case _:
            return Edit(part, f"{path}: {words}")


def _value(value: object) -> str:
    """A value of a rule in one line."""
    match value:
        case None | bool():
            return {None: "none", True: "yes", False: "no"}[value]
        case datetime.date():
            return long_day(value)
        case Condition() | AnyOf():
            return condition_text(value)
        case Reading():
            return f"'{value.phrase}' means '{value.reading}'"
        case Declared():
            return f"({'; '.join(_set_keys(value))})"
        case tuple() | list() | frozenset():
            return _listed(map(_value, value))
        case dict():
            return _listed(f"{key}: {_value(item)}" for key, item in value.items())
        case str():
            return f"'{value}'"
        case _:
            return str(value)


def _set_keys(value: Declared) -> Iterator[str]:
    for name in type(value).model_fields:
        if name in value.model_fields_set:
            yield f"{spaced(name)}: {_value(getattr(value, name))}"


def _listed(texts: Iterable[str]) -> str:
    return ", ".join(texts) or "none"
