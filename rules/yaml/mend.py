"""A value that a model refuses, with the proposed corrections made, so that the rest is checked."""

from __future__ import annotations

import datetime
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from rules.problem import RuleProblem, nearest
from rules.span import Span
from rules.yaml.form_errors import no_space
from rules.yaml.source import MISSING_KEY, Path, Value, YamlFile, YamlNode, path_in_words
from rules.yaml.validate import (
    keys_at,
    kind_of,
    models_at,
    path_in_file,
    read_model,
    words_expected,
    written,
)

#: The values that are made up where none can be guessed, by type and by error. No file has them,
#: so that a problem with one of them in its words is known by it.
_TEXT, _NUMBER = "?", 7777
_DAY, _SPAN = datetime.date(1900, 1, 31), f"{_NUMBER} days"
_BY_TYPE: Mapping[object, Value] = {
    str: _TEXT, datetime.date: _DAY, Span: _SPAN, int: _NUMBER, bool: True,
}  # fmt: skip
_BY_ERROR: Mapping[str, Value] = {
    "date_type": _DAY, "int_type": _NUMBER, "bool_type": True, "tuple_type": (), "model_type": {},
    "dict_type": {_TEXT: ()},
}  # fmt: skip
_MADE_UP = (f"'{_TEXT}'", str(_NUMBER), str(_DAY))
_ROUNDS = 6
#: Errors despite which the value of their line can be read.
_READABLE = re.compile(
    r"The key .* appears twice|There is no key |There is (?:a character on|no space after) "
    r"|'<<' copies |A '[&!]' |A key must be "
)
_VERSION_KEY = 3  # parts of the path of a key in a version of a duty


class Mended(NamedTuple):
    """A model of a corrected value, and the place of that value. ``cut`` are the places, in words,
    of the keys among which one was left out. ``refused`` is what the model refuses behind the
    corrections. ``lost`` are the values that were left out or replaced, and None if the model may
    lack any number."""

    model: BaseModel
    node: YamlNode
    cut: frozenset[str]
    refused: tuple[RuleProblem, ...]
    lost: tuple[Value, ...] | None

    def also(
        self, problems: Iterable[RuleProblem], known: Iterable[RuleProblem]
    ) -> Iterator[RuleProblem]:
        """Those of the problems of the model that are problems of the file: not on a line with one
        that is known, nor of what was made up or left out."""
        known = list(known)
        refused = apart_from(known, self.refused)
        others = apart_from((*known, *self.refused), problems)
        # The key that was left out may be one that is said to be missing.
        others = [problem for problem in others if problem.where not in self.cut]
        for problem in (*refused, *others):
            if not any(value in f"{problem.message} {problem.instead}" for value in _MADE_UP):
                yield problem


def apart_from(known: Iterable[RuleProblem], problems: Iterable[RuleProblem]) -> list[RuleProblem]:
    """Those of the problems that are not about a value that the known ones say cannot be read."""
    unread = defaultdict(list)
    for each in known:
        missing = MISSING_KEY.fullmatch(each.message)
        if missing is not None:  # it hides nothing but what was made up for it
            unread[each.spot].append(" > ".join(filter(None, (each.where, missing[1]))))
        elif not _READABLE.match(each.message):
            unread[each.spot].append(each.where)
    return [
        problem
        for problem in problems
        if not any(
            problem.where.startswith(where)
            or where.startswith(problem.where)
            or problem.where.split(" > ")[-1] == where.split(" > ")[-1]  # below a misspelt key
            for where in unread[problem.spot]
        )
    ]


def mend(model: type[BaseModel], node: YamlNode) -> Mended | None:
    """The model of a file whose value it refuses; None if too little of it can be guessed."""
    source, cut = node.source, set()
    lost: list[Value] | None = None if node.source.cut else []
    refused: list[RuleProblem] = []
    for number in range(_ROUNDS):
        try:
            mended_model = model.model_validate(source.value, by_alias=True, by_name=False)
        except ValidationError as error:
            details = error.errors(include_url=False)
            found = read_model(model, YamlNode(source), source.value) if number else ()
            spots = {problem.spot for problem in refused}
            if isinstance(found, tuple):
                refused += [problem for problem in found if problem.spot not in spots]
            # A misspelt key is corrected before it is missed.
            for detail in sorted(details, key=lambda each: each["type"] != "extra_forbidden"):
                mended = _mended(model, source, detail)
                if mended is None:
                    return None
                before, (source, place) = source.value, mended
                if place is not None:
                    cut.add(place)
                if lost is not None and _numbers(source.value) != _numbers(before):
                    lost = _lost(detail, lost)
        else:
            kept = None if lost is None else tuple(lost)
            return Mended(mended_model, YamlNode(source), frozenset(cut), tuple(refused), kept)
    return None


def _numbers(value: Value) -> Counter[str]:
    """How often each number is in a value and in its texts."""
    return Counter(re.findall(r"\d+", str(value)))


def _lost(detail: ErrorDetails, lost: list[Value]) -> list[Value] | None:
    """The values lost before, with the one that is corrected now; None if it may be any number."""
    if detail["loc"][-1:] == ("approved on",):
        return lost  # no number of the rule
    return None if detail["type"] == "missing" else [*lost, detail["input"]]


def _mended(
    model: type[BaseModel], source: YamlFile, detail: ErrorDetails
) -> tuple[YamlFile, str | None] | None:
    """The file with one value corrected, and the place from which a key was left out."""
    kind, loc = detail["type"], detail["loc"]
    path = tuple(path_in_file(source.value, loc))
    if loc[-1:] == ("[key]",):
        near = nearest(str(detail["input"]), words_expected(detail.get("ctx", {})))
        return None if near is None else (_renamed(source, path, near), None)
    if kind == "extra_forbidden":
        if path[-1:] != loc[-1:]:
            return source, None
        near = nearest(str(loc[-1]), keys_at(model, loc[:-1]))
        beside = _value_at(source.value, path[:-1])
        if near is not None and isinstance(beside, dict) and near not in beside:
            return _renamed(source, path, near), None
        if len(path) == _VERSION_KEY:
            return None  # without such a key, what follows is not what was meant
        place = path_in_words(path[:-1]) if len(path) > _VERSION_KEY else None
        return _with(source, path, None), place
    if kind == "missing":
        if path[-1:] == loc[-1:]:
            return source, None  # a misspelt key that has been corrected
        path = (*path, loc[-1])
        value = _of_key(model, loc)
    elif kind == "union_tag_invalid":
        words = [kind_of(choice) for choice in models_at(model, loc)]
        path, value = (*path, "kind"), nearest(str(detail.get("ctx", {})["tag"]), words)
    elif kind == "union_tag_not_found":
        path, value = (*path, "kind"), _likely_kind(models_at(model, loc), detail["input"])
    else:
        value = _instead(kind, detail)
    if value is None:
        return None
    return _with(source, path, value), None


def _likely_kind(models: Sequence[type[BaseModel]], refused: object) -> str | None:
    """The kind of the only model that has the most of the keys."""
    keys = set(refused) if isinstance(refused, dict) else set()
    known = [(len(keys.intersection(keys_at(model, ()))), kind_of(model)) for model in models]
    most = max(number for number, _ in known)
    fitting = [kind for number, kind in known if number == most]
    return fitting[0] if len(fitting) == 1 else None


def _instead(kind: str, detail: ErrorDetails) -> Value | None:
    """What is taken in place of a value of the wrong type or of no known meaning."""
    refused = detail["input"]
    if kind == "string_type":
        return _TEXT if isinstance(refused, dict | tuple) else written(refused)
    if isinstance(refused, str) and no_space(refused) is not None:
        key, _, value = refused.partition(":")
        return {key: value}
    if kind == "tuple_type" and refused and isinstance(refused, str | int | datetime.date):
        return (refused,)
    if kind == "dict_type" and isinstance(refused, tuple):  # codes without their other words
        return {str(code): () for code in refused}
    if kind == "literal_error":
        words = words_expected(detail.get("ctx", {}))
        return (nearest(str(refused), words) or words[0]) if words else True
    if kind == "value_error":
        if isinstance(refused, dict):  # a condition without one operator
            return {"column": refused["column"], "filled": True}
        return _SPAN
    return _BY_ERROR.get(kind)


def _of_key(model: type[BaseModel], loc: tuple[str | int, ...]) -> Value | None:
    """A value of the type of a key."""
    for each in models_at(model, loc[:-1]):
        for name, field in each.model_fields.items():
            if (field.alias or name) == loc[-1]:
                return _of_type(field.annotation)
    return None


def _of_type(annotation: object) -> Value | None:
    """A value of a type, or of one of its parts."""
    if isinstance(annotation, str):  # one of a few words
        return annotation
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {}
    if annotation in _BY_TYPE:
        return _BY_TYPE[annotation]
    values = (_of_type(part) for part in get_args(annotation))
    return next((value for value in values if value is not None), None)


def _value_at(value: Value, path: Path) -> Value:
    for part in path:
        value = value[part]  # type: ignore[index]
    return value


def _with(source: YamlFile, path: Path, new: Value | None) -> YamlFile:
    """A file with another value at a path; None takes the key away."""
    value = _changed(source.value, path, new)
    assert isinstance(value, dict)
    return replace(source, value=value)


def _changed(value: Value, path: Path, new: Value | None) -> Value:
    if not path:
        assert new is not None
        return new
    part, rest = path[0], path[1:]
    if isinstance(value, dict):
        others = {key: item for key, item in value.items() if key != part}
        if new is None and not rest:
            return others
        return {**others, str(part): _changed(value.get(str(part), ""), rest, new)}
    assert isinstance(value, tuple)
    return tuple(
        _changed(item, rest, new) if index == part else item for index, item in enumerate(value)
    )


def _renamed(source: YamlFile, path: Path, name: str) -> YamlFile:
    """A file with another name for a key."""
    new = (*path[:-1], name)
    lines = {
        (*new, *each[len(path) :]) if each[: len(path)] == path else each: line
        for each, line in source.lines.items()
    }
    without = replace(_with(source, path, None), lines=lines)
    return _with(without, new, _value_at(source.value, path))
