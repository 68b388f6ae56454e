"""The child process in which the rules library runs: JSON in at stdin, JSON out at stdout.

It is started by its path (`python -I -S child.py`), so it can import nothing of this project.
It is the only module that imports the library. It reports which rules fired for which facts, and
which facts the catch-all rule saw; the session that started it checks and decides.

The library's known faults are avoided: whole numbers only, tests on one fact only, ids of our own,
one session for each ruleset, no timer threads, actions with one positional parameter.
"""

from __future__ import annotations

import json
import os
import signal
import sys

# The type checker knows this name; importing `typing` took a sixth of a child's time.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Final

    from engine.decision.durable.session import ChildAnswer, Conjuncts, Request, Ruleset

# The most facts that an action reports at once; the library keeps the number in 16 bits.
_CAP: Final = 1000
_SESSION: Final = "check"


def load(paths: list[str]) -> Any:
    """The library's `durable.engine`, imported from `paths` after everything of Python's own."""
    sys.path.extend(paths)
    eager = sys.getdlopenflags() if hasattr(sys, "getdlopenflags") else None
    if eager is not None:
        # Python 3.13 removed a C function that the library names. Only callbacks that are never set
        # would call it, so lazy binding is enough.
        sys.setdlopenflags(os.RTLD_LAZY)
    try:
        import durable_rules_engine  # noqa: F401, PLC0415 (only here, and only in a child)
    finally:
        if eager is not None:
            sys.setdlopenflags(eager)
    import durable.engine  # noqa: PLC0415

    return durable.engine


def run(library: Any, ruleset: Ruleset) -> ChildAnswer:
    """The firings when the facts are asserted, each with its own id, in one batch.

    Raises RuntimeError when the library recorded an error of an action without raising it.
    """

    class QuietHost(library.Host):  # type: ignore[misc]
        def _run(self) -> None:
            """Starts no timer threads, which would dispatch rules outside the session."""

    answer: ChildAnswer = {"fired": [], "seen": []}
    host = QuietHost()
    host.set_rulesets({_SESSION: _definition(ruleset["rules"], answer)})
    host.assert_facts(_SESSION, [{**fact, "id": n} for n, fact in enumerate(ruleset["facts"], 1)])
    error = host.get_state(_SESSION).get("exception")
    if error:
        raise RuntimeError(str(error))
    return answer


def _definition(rules: list[Conjuncts], answer: ChildAnswer) -> dict[str, Any]:
    def see(closure: Any) -> None:
        many = closure.m if isinstance(closure.m, list) else [closure.m]
        answer["seen"].extend(fact.id for fact in many)

    definition = {
        f"r{n}": {"all": [{"m": {"$and": tests}}], "run": _log(n, answer)}
        for n, tests in enumerate(rules)
    }
    # A fact without a fitting rule would raise an error and delay the others: this one fits all.
    everything = {"m": {"$gte": {"kind": 1}}}
    definition["seen"] = {"all": [everything], "run": see, "pri": 1, "cap": _CAP}
    return definition


def _log(rule: int, answer: ChildAnswer) -> Callable[[Any], None]:
    return lambda closure: answer["fired"].append((closure.m.id, rule))


def main() -> None:
    """Loads the library from the paths in its arguments and answers the one request on stdin;
    anything that the library prints goes to stderr."""
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as out:
        os.dup2(2, 1)
        library = load(sys.argv[1:])
        request: Request = json.loads(sys.stdin.buffer.read())
        if hasattr(signal, "alarm"):
            signal.alarm(request["seconds"])  # ends it even if whoever started it is gone
        json.dump([run(library, ruleset) for ruleset in request["rulesets"]], out)


if __name__ == "__main__":
    main()
