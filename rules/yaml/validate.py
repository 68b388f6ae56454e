"""Values of a rule file as strict models; what a model refuses, in sentences with a line."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from rules.problem import RuleProblem, did_you_mean, nearest
from rules.yaml.form_errors import no_space
from rules.yaml.source import Value, YamlNode

M = TypeVar("M", bound=BaseModel)

_DEEPEST = 4  # keys within keys
_FEW = 6  # words that are all listed beside the likeliest
_NEEDED = {  # what the model requires, in words, and how to write it
    "string_type": ("must be text", "Write text after the colon."),
    "bool_type": ("must be yes or no", "Write yes or no, without quotes."),
    "int_type": ("must be a whole number", "Write a number such as 2, without quotes."),
    "date_type": ("must be a date", "Write year-month-day without quotes, such as 2024-10-01."),
    "tuple_type": ("must be a list", "Write each on a line that begins with '- ', or [one, two]."),
    "dict_type": ("must contain keys", "Write 'key: value' lines under it, indented."),
    "model_type": ("must contain keys", "Write 'key: value' lines under it, indented."),
}  # fmt: skip


def read_model(model: type[M], node: YamlNode, value: Value) -> M | tuple[RuleProblem, ...]:
    """The value as a model, or everything in it that the model refuses.

    ``node`` is the place of ``value`` in its file. Keys are those of the YAML ('dated by'), never
    the names of fields; nothing is converted.
    """
    try:
        return model.model_validate(value, by_alias=True, by_name=False)
    except ValidationError as error:
        details = error.errors(include_url=False)
        found = [(detail, _problem(model, node, value, detail)) for detail in details]
        return tuple(
            problem for detail, problem in found if not _explained(detail, model, node, details)
        )


def _explained(
    missing: ErrorDetails,
    model: type[BaseModel],
    node: YamlNode,
    details: Sequence[ErrorDetails],
) -> bool:
    """Whether a key or its value is missing because the key is misspelt, or because lines could not
    be read."""
    if missing["type"] != "missing":
        return bool(node.source.cut) and missing["input"] == ""
    place = missing["loc"][:-1]
    return any(str(missing["loc"][-1]) in line for line in node.source.cut) or any(
        other["type"] == "extra_forbidden"
        and other["loc"][:-1] == place
        and nearest(str(other["loc"][-1]), keys_at(model, place)) == missing["loc"][-1]
        for other in details
    )


def keys_at(model: type[BaseModel], loc: tuple[str | int, ...]) -> list[str]:
    """The keys that are possible at a place."""
    models = models_at(model, loc)
    return [field.alias or name for each in models for name, field in each.model_fields.items()]


def _problem(
    model: type[BaseModel], node: YamlNode, value: Value, detail: ErrorDetails
) -> RuleProblem:
    kind, loc, refused = detail["type"], detail["loc"], detail["input"]
    last = str(loc[-1]) if loc else ""
    path = tuple(path_in_file(value, loc[:-1] if kind == "missing" else loc))
    for part in path:
        node = node / part
    if kind == "missing":
        return node.problem(f"The key '{last}' is missing.", f"Add a line '{last}: ...' here.")
    if kind == "extra_forbidden":
        known = keys_at(model, loc[:-1])
        own = tuple(part for part in path if isinstance(part, str))[:-1]
        places = "" if nearest(last, known) else _places(model, last, own)
        instead = f"It belongs {places}." if places else did_you_mean(last, known)
        return node.problem(f"There is no key '{last}' here.", instead)
    if last == "[key]":
        instead = did_you_mean(str(refused), words_expected(detail.get("ctx", {})))
        return node.problem(f"There is no key '{refused}' here.", instead)
    kinds = [kind_of(choice) for choice in models_at(model, loc)]
    if kind == "union_tag_invalid":
        tag = str(detail["ctx"]["tag"])
        return (node / "kind").problem(f"There is no kind '{tag}'.", did_you_mean(tag, kinds))
    if kind == "union_tag_not_found":
        instead = f"Add 'kind: ', one of: {', '.join(kinds)}."
        return node.problem("The key 'kind' is missing.", instead)
    names = [part for part in path if isinstance(part, str)]
    name = f"'{names[-1]}'" if names else "The file"
    if names and isinstance(path[-1], int):
        name = f"Each of {name}"
    return node.problem(*_value_in_words(name, kind, refused, detail.get("ctx", {})))


def _value_in_words(
    name: str, kind: str, refused: object, ctx: Mapping[str, Any]
) -> tuple[str, str]:
    cannot = f"{name} cannot be {_shown(refused)}."
    if kind == "literal_error":
        known = words_expected(ctx)
        if not known:
            return f"{name} can only be yes.", "Write yes, or leave the key out."
        hint = did_you_mean(str(refused), known)
        others = f" It is one of: {', '.join(sorted(known))}." if 1 < len(known) <= _FEW else ""
        return cannot, hint if hint.startswith("Write one of") else hint + others
    if kind == "value_error":
        error = ctx.get("error", "")
        parts: tuple[str, ...] = getattr(error, "args", ())
        if len(parts) == 2:  # of several keys together: message and instead
            return parts[0], parts[1]
        instead = str(error)
        return cannot, f"{instead[:1].upper()}{instead[1:]}."
    unspaced = no_space(refused) if isinstance(refused, str) else None
    if unspaced is not None and kind in {"dict_type", "model_type", "model_attributes_type"}:
        return unspaced
    if kind in _NEEDED:
        needed, instead = _NEEDED[kind]
        if kind == "string_type" and isinstance(refused, bool | int | datetime.date):
            instead = f'Write it in quotes: "{written(refused)}".'
            if name == "'equals'" and isinstance(refused, bool):
                instead += f" For a column of type yes/no, write 'is: {written(refused)}'."
        if name == "'equals'" and isinstance(refused, tuple):
            instead = "Write one text after the colon, or write 'one of' instead of 'equals'."
        if kind == "dict_type" and isinstance(refused, tuple) and refused:
            instead = f"Write each on a line of its own, indented, as '{written(refused[0])}: []'."
        return f"{name} {needed}, not {_shown(refused)}.", instead
    return cannot, "Compare it with another rule of this kind."


def words_expected(ctx: Mapping[str, Any]) -> list[str]:
    """The words of which one is expected; none where only yes is."""
    # pydantic quotes a word with an apostrophe in double quotes
    quoted = re.findall(r"'([^']*)'|\"([^\"]*)\"", str(ctx.get("expected", "")))
    return [single or double for single, double in quoted]


def path_in_file(value: Value, loc: tuple[str | int, ...]) -> Iterator[str | int]:
    """The parts of a place in the model that are in the file, without names of kinds and models."""
    for part in loc:
        inside: Value | None = None
        if isinstance(value, dict) and isinstance(part, str):
            inside = value.get(part)
        elif isinstance(value, tuple) and isinstance(part, int) and part < len(value):
            inside = value[part]
        if inside is not None:
            value = inside
            yield part


def models_at(model: type[BaseModel], loc: tuple[str | int, ...]) -> list[type[BaseModel]]:
    """The models that are possible at a place; a part of ``loc`` may be the name of a kind."""
    models = [model]
    for part in loc:
        models_named = [model for model in models if part in {kind_of(model), model.__name__}]
        fields = [f for model in models for f in model.model_fields.values() if f.alias == part]
        if models_named:
            models = models_named
        elif fields:
            models = [inner for field in fields for inner in _models_in(field.annotation)]
    return models


def _places(model: type[BaseModel], key: str, own: tuple[str, ...]) -> str:
    """Where else in the file a key is possible, in words: the places nearest to its top. '' if
    there is none, or if a model that is possible at its ``own`` place has it."""
    level: list[tuple[tuple[str, ...], type[BaseModel]]] = [((), model)]
    for _ in range(_DEEPEST):
        paths = dict.fromkeys(path for path, each in level if key in keys_at(each, ()))
        if own in paths:
            return ""
        if paths:
            words = [f"under '{' > '.join(path)}'" if path else "at the top" for path in paths]
            return " or ".join(words)
        level = [
            ((*path, field.alias or name), inner)
            for path, each in level
            for name, field in each.model_fields.items()
            for inner in _models_in(field.annotation)
        ]
    return ""


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)


def kind_of(model: type[BaseModel]) -> str:
    """The word of the key 'kind' by which a model is chosen; '' without one."""
    field = model.model_fields.get("kind")
    return str(get_args(field.annotation)[0]) if field else ""


def written(refused: object) -> str:
    """A value as it is written in the file."""
    return {"True": "yes", "False": "no"}.get(str(refused), str(refused))


def _shown(refused: object) -> str:
    if isinstance(refused, dict):
        return "keys of its own"
    if isinstance(refused, tuple):
        return "a list"
    text = written(refused)
    return f"'{text[:37]}...'" if len(text) > 40 else f"'{text}'"
