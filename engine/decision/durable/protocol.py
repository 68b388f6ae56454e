"""What the session and its child process say to each other, for the type checker of both."""

from typing import Any, TypedDict

# A rule is its kind, its key and its tests, in the engine's own spelling; a fact is what it holds.
Conjuncts = list[dict[str, Any]]
Fact = dict[str, int]


class Ruleset(TypedDict):
    """One ruleset and the facts it is to decide; the facts' ids count from 1 in each."""

    rules: list[Conjuncts]
    facts: list[Fact]


class Request(TypedDict):
    """What the child is asked, and how many seconds it may live from then on."""

    seconds: int
    rulesets: list[Ruleset]


class ChildAnswer(TypedDict):
    """What fired in one ruleset: pairs of fact id and rule position; the ids that were seen."""

    fired: list[tuple[int, int]]
    seen: list[int]
