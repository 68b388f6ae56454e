"""The one form of rule that the rules engine takes, and its evaluation by plain comparison.

A rule is a conjunction of comparisons of whole numbers with constants, on one situation. Nothing
wider is safe in the library that runs the rules (joins crash it, negation misleads it), so `lint`
refuses anything else. Exactly one rule must decide a situation: none, or two, is an `EngineFault`,
since a verdict that depends on the order of rules is a guess.
"""

import operator
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal, TypeGuard

Op = Literal["==", "!=", "<", "<=", ">", ">="]

OPS: Final[dict[str, Callable[[int, int], bool]]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
RESERVED: Final = frozenset({"id", "sid", "kind", "key"})

# One situation may wait at 64 branches at once; one of them is the engine's own catch-all rule.
MOST_RULES_OF_A_KEY: Final = 63
# The tests that follow one test share a table of 512 places, one of which has to stay free: a
# full table is never left again.
MOST_KEYS_OF_A_KIND: Final = 511
MOST_KINDS: Final = 99
# A situation may carry 255 properties, its kind, its key and the engine's two ids included.
MOST_FIELDS: Final = 250

_NAME: Final = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_SHOWN: Final = 5


class EngineFault(Exception):
    """The engine could not decide, or its answer is not credible; the message says why."""


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison of one field of the situation with a constant."""

    __test__ = False  # not a test case, whatever pytest makes of the name

    field: str
    op: Op
    value: int


@dataclass(frozen=True, slots=True)
class Rule:
    """The outcome of a situation whose kind and key are these and which passes all the tests.

    `kind` is 1 (obligation), 2 (duty), 3 (section) or 4 (whole), `key` the number of the duty or
    section; `outcome` is a code that the engine gives no meaning.
    """

    name: str
    kind: int
    key: int
    tests: tuple[Test, ...]
    outcome: int


@dataclass(frozen=True, slots=True)
class Situation:
    """One distinct case to decide: every field that a rule of its key may test, sorted by name."""

    kind: int
    key: int
    values: tuple[tuple[str, int], ...]

    def __str__(self) -> str:
        fields = ", ".join(f"{name} {value}" for name, value in self.values)
        return f"kind {self.kind}, key {self.key}" + (f" ({fields})" if fields else "")


@dataclass(frozen=True, slots=True)
class Decision:
    """The decision on a situation: the outcome's code, and the one rule that gave it."""

    outcome: int
    rule: str


def lint(rules: Sequence[Rule]) -> list[str]:
    """A sentence for each fault of `rules` that the rules engine must not get; [] if they are
    sound.

    Rules that are unsound by themselves are left out of the comparisons between rules.
    """
    if not rules:
        return ["There are no rules: give at least one."]
    sentences: list[str] = []
    sound: list[Rule] = []
    for rule in rules:
        problems = [f"Rule {rule.name!r}: {problem}" for problem in _rule_problems(rule)]
        sentences += problems
        sound += [] if problems else [rule]
    sentences += [
        f"Rule {name!r}: {count} rules have this name; give each rule a name of its own."
        for name, count in Counter(rule.name for rule in rules).items()
        if count > 1
    ]
    return sentences + _twins(sound) + _too_many(sound)


def lint_situations(rules: Sequence[Rule], situations: Sequence[Situation]) -> list[str]:
    """A sentence for each fault of `situations` that the rules engine must not get; [] if they are
    sound.

    Requires sound `rules`. A situation needs every field that a rule of its key tests: a test on a
    missing field would silently never pass.
    """
    tested: dict[tuple[int, int], set[str]] = {}
    for rule in rules:
        tested.setdefault((rule.kind, rule.key), set()).update(test.field for test in rule.tests)
    return [
        f"Situation of {situation}: {problem}"
        for situation in situations
        for problem in _situation_problems(situation, tested)
    ] or [
        f"Situation of {situation}: given {count} times; give each distinct situation once."
        for situation, count in Counter(situations).items()
        if count > 1
    ]


def refuse_unsound(rules: Sequence[Rule], situations: Sequence[Situation]) -> None:
    """Raises EngineFault with the sentences of `lint` and `lint_situations`, if there are any.

    Without rules and situations there is nothing to decide, so both are sound.
    """
    sentences = lint(rules) if rules or situations else []
    sentences = sentences or lint_situations(rules, situations)
    if sentences:
        raise EngineFault(_message("What the rules engine was to decide is unsound.", sentences))


def fits_plainly(rules: Sequence[Rule], situations: Sequence[Situation]) -> list[tuple[int, ...]]:
    """The positions of all rules that fit, for each situation, by plain comparison.

    Raises EngineFault unless rules and situations are sound.
    """
    refuse_unsound(rules, situations)
    keyed: dict[tuple[int, int], list[int]] = {}
    for position, rule in enumerate(rules):
        keyed.setdefault((rule.kind, rule.key), []).append(position)
    fits: list[tuple[int, ...]] = []
    for situation in situations:
        values = dict(situation.values)
        positions = keyed.get((situation.kind, situation.key), [])
        fits.append(tuple(p for p in positions if _passes(rules[p].tests, values)))
    return fits


def one_rule_each(
    rules: Sequence[Rule], situations: Sequence[Situation], fits: Sequence[Sequence[int]]
) -> list[Decision]:
    """The decision of each situation, from the positions of the rules that fit it.

    Raises EngineFault, with the situations and rules, unless exactly one fits each situation.
    """
    sentences = [
        f"{_deciding([rules[p].name for p in positions])} the situation of {situation}."
        for situation, positions in zip(situations, fits, strict=True)
        if len(positions) != 1
    ]
    if sentences:
        raise EngineFault(_message("Each situation needs exactly one rule.", sorted(sentences)))
    return [Decision(rules[p].outcome, rules[p].name) for (p,) in fits]


def decide_plainly(rules: Sequence[Rule], situations: Sequence[Situation]) -> list[Decision]:
    """The decision of each situation, in the order given, by plain comparison.

    Raises EngineFault unless rules and situations are sound and exactly one rule fits each.
    """
    return one_rule_each(rules, situations, fits_plainly(rules, situations))


def _passes(tests: Iterable[Test], values: dict[str, int]) -> bool:
    return all(OPS[test.op](values[test.field], test.value) for test in tests)


def _deciding(names: Sequence[str]) -> str:
    if not names:
        return "No rule decides"
    return f"{len(names)} rules decide ({', '.join(repr(name) for name in sorted(names))})"


def _message(heading: str, sentences: Sequence[str]) -> str:
    more = len(sentences) - _SHOWN
    return " ".join([heading, *sentences[:_SHOWN], *([f"And {more} more."] if more > 0 else [])])


def _whole(value: object) -> TypeGuard[int]:
    """Whether a value is a whole number of 64 bits. True is not, although the engine takes it for
    1."""
    return type(value) is int and -(2**63) <= value < 2**63


def _number_problems(name: str, value: object) -> Iterator[str]:
    if not _whole(value):
        yield f"{name} is {value!r}; give a whole number that fits into 64 bits."


def _kind_problems(kind: object) -> Iterator[str]:
    if not (_whole(kind) and 1 <= kind <= MOST_KINDS):
        yield f"the kind is {kind!r}; give a whole number from 1 to {MOST_KINDS}."


def _field_problems(field: object) -> Iterator[str]:
    if not isinstance(field, str) or not _NAME.fullmatch(field):
        yield f"{field!r} is not a valid field name; use small letters, digits and underscores."
    elif field in RESERVED:
        yield f"the field {field!r} is the engine's own; use another name."


def _rule_problems(rule: Rule) -> Iterator[str]:
    """What is wrong with one rule, in words that follow its name."""
    if not rule.name.strip():
        yield "the name is empty; give each rule a name of its own."
    yield from _kind_problems(rule.kind)
    yield from _number_problems("the key", rule.key)
    yield from _number_problems("the outcome", rule.outcome)
    if not rule.tests:
        yield "it tests nothing beyond its kind and key; give at least one test."
    for test in rule.tests:
        yield from _field_problems(test.field)
        if test.op not in OPS:
            yield f"{test.op!r} is not an allowed comparison; use one of {' '.join(OPS)}."
        name = f"the value that {test.field!r} is compared with"
        yield from _number_problems(name, test.value)
    texts = Counter(f"{test.field} {test.op} {test.value}" for test in rule.tests)
    for text, count in texts.items():
        if count > 1:
            yield f"it tests {text} {count} times; once is enough."


def _twins(rules: Sequence[Rule]) -> list[str]:
    """The rules that have the same tests: these cannot both be right, and from 255 on they crash
    the library."""
    names: dict[tuple[int, int, frozenset[Test]], list[str]] = {}
    for rule in rules:
        names.setdefault((rule.kind, rule.key, frozenset(rule.tests)), []).append(rule.name)
    return [
        f"Rules {' and '.join(map(repr, twins))}: they test the same; keep one of them."
        for twins in names.values()
        if len(twins) > 1
    ]


def _too_many(rules: Sequence[Rule]) -> list[str]:
    per_key = Counter((rule.kind, rule.key) for rule in rules)
    per_kind = Counter(kind for kind, _ in per_key)
    return [
        f"Kind {kind}, key {key}: {count} rules; the engine takes at most {MOST_RULES_OF_A_KEY}."
        for (kind, key), count in per_key.items()
        if count > MOST_RULES_OF_A_KEY
    ] + [
        f"Kind {kind}: {count} keys; the engine takes at most {MOST_KEYS_OF_A_KIND}."
        for kind, count in per_kind.items()
        if count > MOST_KEYS_OF_A_KIND
    ]


def _situation_problems(
    situation: Situation, tested: dict[tuple[int, int], set[str]]
) -> Iterator[str]:
    """What is wrong with one situation. ``tested`` are the fields that the rules of each kind and
    key test; a situation must have all of them."""
    problems = [*_kind_problems(situation.kind), *_number_problems("the key", situation.key)]
    for name, value in situation.values:
        problems += [*_field_problems(name), *_number_problems(f"the field {name!r}", value)]
    yield from problems
    names = [name for name, _ in situation.values]
    if not all(a < b for a, b in pairwise(map(str, names))):
        yield "its fields are not sorted by name, each once."
    if len(names) > MOST_FIELDS:
        yield f"it has {len(names)} fields; the engine takes at most {MOST_FIELDS}."
    if not problems:
        missing = tested.get((situation.kind, situation.key), set()).difference(names)
        yield from (f"a rule tests the field {name!r}, which it lacks." for name in sorted(missing))
