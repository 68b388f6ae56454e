"""The session with the rules engine: the requests, the child processes, and the checked answers.

The library can crash or hang its process, so it never runs in this one. Each child is short-lived
and gets one request; its death, its silence and an answer that leaves out a situation are an
`EngineFault`, never an outcome.
"""

import json
import signal
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import Any, Final, NamedTuple, TypedDict

from engine.decision.rule import (
    Decision,
    EngineFault,
    Rule,
    Situation,
    one_rule_each,
    refuse_unsound,
)

# The messages between the session and its child process. A rule is its kind, its key and its tests,
# in the engine's own spelling; a fact is its fields.
Conjuncts = list[dict[str, Any]]


class Ruleset(TypedDict):
    """One ruleset and the facts that it decides; the facts' ids count from 1 in each."""

    rules: list[Conjuncts]
    facts: list[dict[str, int]]


class Request(TypedDict):
    """The rulesets for the child, and the seconds that it may run from then on."""

    seconds: int
    rulesets: list[Ruleset]


class ChildAnswer(TypedDict):
    """The fact id and rule position of each firing in one ruleset; the ids that were seen."""

    fired: list[tuple[int, int]]
    seen: list[int]


_MODULES: Final = ("durable", "durable_rules_engine")
_CHILD: Final = Path(__file__).with_name("child.py")
_OPS: Final = {"!=": "$neq", "<": "$lt", "<=": "$lte", ">": "$gt", ">=": "$gte"}

# A ruleset of these sizes was never seen to go wrong; memory grows with each and is not given
# back before the child ends.
_MOST_FACTS: Final = 1_000
_MOST_RULES: Final = 480
_MOST_RULESETS: Final = 10  # of this size, in one child

_TIMEOUT: Final = 120.0

Start = Callable[[int], None]


class _Batch(NamedTuple):
    """Positions of the rules and situations that share one ruleset."""

    rules: tuple[int, ...]
    situations: tuple[int, ...]


def available() -> str | None:
    """None when the rules library can be used here; otherwise the reason why not, as a sentence.

    A child without rulesets loads the library, which this process never does. That takes some 30
    milliseconds.
    """
    missing = [name for name in _MODULES if _place(name) is None]
    if missing:
        names = " and ".join(missing)
        return f"The rules engine (durable_rules) is not installed: {names} not found."
    try:
        _ask([], _TIMEOUT)
    except EngineFault as fault:
        return f"The rules engine (durable_rules) is installed and cannot be used. {fault}"
    return None


def decide(
    rules: Sequence[Rule],
    situations: Sequence[Situation],
    *,
    timeout: float = _TIMEOUT,
    on_start: Start | None = None,
) -> list[Decision]:
    """The decision of each situation, in the order given, by the rules engine.

    `timeout` is in seconds for each child process (one for every 10,000 situations); `on_start`
    is called with the id of each as it gets its request. Raises EngineFault when rules or
    situations are unsound, when not exactly one rule fits each situation, and when a child dies,
    hangs or leaves something out.
    """
    fits = fits_by_engine(rules, situations, timeout=timeout, on_start=on_start)
    return one_rule_each(rules, situations, fits)


def fits_by_engine(
    rules: Sequence[Rule],
    situations: Sequence[Situation],
    *,
    timeout: float = _TIMEOUT,
    on_start: Start | None = None,
) -> list[tuple[int, ...]]:
    """The positions of all rules that fit, for each situation; raises as `decide` does."""
    refuse_unsound(rules, situations)
    fits: dict[int, tuple[int, ...]] = {}
    for batches in _by_child(rules, situations):
        rulesets = [_ruleset(batch, rules, situations) for batch in batches]
        for batch, answer in zip(batches, _ask(rulesets, timeout, on_start), strict=True):
            fits |= _read(batch, answer)
    return [fits[position] for position in range(len(situations))]


def _place(module: str) -> str | None:
    """The folder from which the module would be imported; it is not imported here."""
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).absolute()
    return str(path.parent.parent if spec.submodule_search_locations else path.parent)


def _paths() -> list[str]:
    """The folders of the library, in the order of this process's path."""
    searched = [str(Path(entry).absolute()) for entry in sys.path]
    places = {place for place in map(_place, _MODULES) if place}
    return sorted(places, key=lambda p: (searched.index(p) if p in searched else len(searched), p))


def _by_child(rules: Sequence[Rule], situations: Sequence[Situation]) -> Iterator[list[_Batch]]:
    """The batches of each child, one for each ruleset."""
    groups = _grouped(_by_key(rules, situations), _MOST_FACTS, _MOST_RULES)
    rulesets = (
        _Batch(
            tuple(rule for batch in group for rule in batch.rules),
            tuple(situation for batch in group for situation in batch.situations),
        )
        for group in groups
    )
    return _grouped(rulesets, _MOST_RULESETS * _MOST_FACTS, _MOST_RULESETS * _MOST_RULES)


def _by_key(rules: Sequence[Rule], situations: Sequence[Situation]) -> Iterator[_Batch]:
    """The situations of one kind and key with the rules of it, in pieces, always in one order."""
    rules_of: dict[tuple[int, int], list[int]] = defaultdict(list)
    for position in sorted(range(len(rules)), key=lambda p: rules[p].name):
        rules_of[rules[position].kind, rules[position].key].append(position)

    def address(position: int) -> tuple[int, int]:
        return situations[position].kind, situations[position].key

    order = sorted(range(len(situations)), key=lambda p: (address(p), situations[p].values))
    for kind_and_key, group in groupby(order, address):
        members = tuple(group)
        for start in range(0, len(members), _MOST_FACTS):
            yield _Batch(tuple(rules_of[kind_and_key]), members[start : start + _MOST_FACTS])


def _grouped(batches: Iterable[_Batch], most_facts: int, most_rules: int) -> Iterator[list[_Batch]]:
    """The batches in groups within these numbers of facts and rules, or of one batch."""
    group: list[_Batch] = []
    facts = rules = 0
    for batch in batches:
        facts += len(batch.situations)
        rules += len(batch.rules)
        if group and (facts > most_facts or rules > most_rules):
            yield group
            group = []
            facts = len(batch.situations)
            rules = len(batch.rules)
        group.append(batch)
    if group:
        yield group


def _ruleset(batch: _Batch, rules: Sequence[Rule], situations: Sequence[Situation]) -> Ruleset:
    facts = [situations[position] for position in batch.situations]
    return {
        "rules": [_conjuncts(rules[position]) for position in batch.rules],
        "facts": [{"kind": fact.kind, "key": fact.key, **dict(fact.values)} for fact in facts],
    }


def _conjuncts(rule: Rule) -> Conjuncts:
    """The rule's tests as the library spells them: the kind, then the key, then the others."""
    spelt = [
        {test.field: test.value} if test.op == "==" else {_OPS[test.op]: {test.field: test.value}}
        for test in rule.tests
    ]
    return [{"kind": rule.kind}, {"key": rule.key}, *spelt]


def _ask(
    rulesets: list[Ruleset], timeout: float, on_start: Start | None = None
) -> list[ChildAnswer]:
    """The answers of a child. Raises EngineFault unless one starts and answers in time."""
    # Ten seconds later a child that nobody has ended ends itself.
    request: Request = {"seconds": int(timeout) + 10, "rulesets": rulesets}
    with _started() as child:
        try:
            if on_start:
                on_start(child.pid)
            out, err = child.communicate(json.dumps(request).encode(), timeout)
        except subprocess.TimeoutExpired as error:
            raise EngineFault(
                f"The rules engine gave no answer within {timeout:g} seconds and was ended."
            ) from error
        finally:
            child.kill()
    if child.returncode:
        raise EngineFault(_death(child.returncode, err))
    try:
        answers: list[ChildAnswer] = json.loads(out)
    except ValueError as error:
        raise EngineFault(f"The rules engine's answer could not be read: {error}.") from error
    return answers


def _started() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-I", "-S", "-W", "ignore", str(_CHILD), *_paths()]
    pipe = subprocess.PIPE
    try:
        return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe)
    except OSError as error:
        raise EngineFault(f"The rules engine could not be started: {error}.") from error


def _death(code: int, err: bytes) -> str:
    if code < 0:
        names = {int(member): member.name for member in signal.Signals}
        return f"The rules engine crashed: its process was ended by {names.get(-code, -code)}."
    last = err.decode(errors="replace").strip().splitlines()[-1:]
    return f"The rules engine failed: {last[0] if last else f'it ended with code {code}'}."


def _read(batch: _Batch, answer: ChildAnswer) -> dict[int, tuple[int, ...]]:
    """The positions of the rules that fired, for each situation's position."""
    ids = range(1, len(batch.situations) + 1)
    if sorted(answer["seen"]) != list(ids):
        looked_at = len(set(answer["seen"]).intersection(ids))
        raise EngineFault(f"The rules engine looked at {looked_at} of {len(ids)} situations.")
    fits: dict[int, list[int]] = {position: [] for position in batch.situations}
    for fact, rule in answer["fired"]:
        if fact not in ids:
            raise EngineFault(f"The rules engine decided a situation, {fact}, that it never had.")
        fits[batch.situations[fact - 1]].append(batch.rules[rule])
    return {position: tuple(sorted(fired)) for position, fired in fits.items()}
