"""The session with the rules library: that it decides as plain comparison does, or says it fails.

The library itself runs in all but a few of these tests. Bounds that were measured are kept here
as tests, so that a newer library, or a newer Python, cannot quietly break them.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.decision.durable import available, decide, session
from engine.decision.durable.session import fits_by_engine
from engine.decision.rule import (
    MOST_RULES_OF_A_KEY,
    Decision,
    EngineFault,
    Op,
    Rule,
    Situation,
    Test,
    decide_plainly,
    fits_plainly,
    lint,
)
from tests.support.needs import CAMPAIGN

CHILD = Path(session.__file__).with_name("child.py")
MET = Rule("a-duty/met", 1, 7, (Test("enough", "==", 1),), 30)
UNMET = Rule("a-duty/due", 1, 7, (Test("enough", "!=", 1),), 20)
DONE = Situation(1, 7, (("enough", 1),))
NOT_DONE = Situation(1, 7, (("enough", 0),))

FIELDS = ("a", "b", "cc", "d_1")
ENDS = (-(2**63), -(2**31) - 1, 2**31, 2**53 + 1, 2**63 - 1)


def meaning(shape: tuple[int, int, list[Test]]) -> tuple[int, int, frozenset[Test]]:
    """What two rules may not share: kind, key, and the tests in any order."""
    kind, key, tests = shape
    return kind, key, frozenset(tests)


numbers = st.integers(-2, 2) | st.sampled_from(ENDS)
ops: st.SearchStrategy[Op] = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
conjuncts = st.builds(Test, st.sampled_from(FIELDS), ops, numbers)
shapes = st.tuples(
    st.integers(1, 2),
    st.sampled_from((-3, 1, 40189, 797186)),
    st.lists(conjuncts, min_size=1, max_size=5, unique=True),
)
rule_sets = st.lists(shapes, min_size=1, max_size=40, unique_by=meaning)
cases = st.builds(
    lambda kind, key, values: Situation(kind, key, tuple(zip(FIELDS, values, strict=True))),
    st.integers(1, 2),
    st.sampled_from((-3, 1, 40189, 797186)),
    st.tuples(numbers, numbers, numbers, numbers),
)


def made_up(
    seed: int, keys: int, rules_a_key: int, count: int
) -> tuple[list[Rule], list[Situation]]:
    """Rules and situations by chance, the same for the same seed; many overlap or leave gaps."""
    chance = random.Random(seed)
    operators: list[Op] = ["==", "!=", "<", "<=", ">", ">="]
    drawn: dict[tuple[int, frozenset[Test]], Rule] = {}
    for key in range(keys):
        while sum(at == key for at, _ in drawn) < rules_a_key:
            tests = {
                Test(chance.choice(FIELDS), chance.choice(operators), chance.randint(-1, 3)): None
                for _ in range(chance.randint(1, 4))
            }
            name = f"duty-{key}/{len(drawn)}"
            rule = Rule(name, 1, key, tuple(tests), chance.randint(0, 6))
            drawn.setdefault((key, frozenset(tests)), rule)
    situations: dict[Situation, None] = {}
    while len(situations) < count:
        values = tuple((field, chance.randint(-3, 5)) for field in FIELDS)
        situations[Situation(1, chance.randrange(keys), values)] = None
    return list(drawn.values()), list(situations)


def ruled_out_by_lint(monkeypatch: pytest.MonkeyPatch, rules: list[Rule]) -> None:
    """Lets rules past that lint refuses, to see what lies behind the refusal."""
    assert lint(rules)
    monkeypatch.setattr(session, "refuse_unsound", lambda _rules, _situations: None)


# In an ordinary run half as many examples as of other properties: each starts a process, and holds
# up to forty rules and forty situations.
@settings(max_examples=settings().max_examples // (1 if CAMPAIGN else 2))
@given(rule_sets, st.lists(cases, min_size=1, max_size=40, unique=True))
def test_the_engine_finds_the_rules_that_plain_comparison_finds(
    drawn: list[tuple[int, int, list[Test]]], situations: list[Situation]
) -> None:
    rules = [Rule(f"r{n}", *shape[:2], tuple(shape[2]), n) for n, shape in enumerate(drawn)]
    assert fits_by_engine(rules, situations) == fits_plainly(rules, situations)


@pytest.mark.one_in(5)
@pytest.mark.parametrize("seed", range(5))
def test_the_engine_agrees_over_many_duties_and_situations(seed: int) -> None:
    rules, situations = made_up(seed, keys=40, rules_a_key=13, count=1500)
    verdicts = fits_by_engine(rules, situations)
    assert verdicts == fits_plainly(rules, situations)
    assert {0, 1, 2} <= {len(positions) for positions in verdicts}


def test_the_engine_agrees_when_the_work_is_spread_over_several_children(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rules, situations = made_up(5, keys=3, rules_a_key=20, count=700)
    monkeypatch.setattr(session, "_MOST_FACTS", 50)
    monkeypatch.setattr(session, "_MOST_RULES", 30)
    monkeypatch.setattr(session, "_MOST_RULESETS", 5)
    started: list[int] = []
    verdicts = fits_by_engine(rules, situations, on_start=started.append)
    assert verdicts == fits_plainly(rules, situations)
    assert len(started) >= 3


def test_the_decisions_come_in_the_order_of_the_situations() -> None:
    met, due = Decision(30, "a-duty/met"), Decision(20, "a-duty/due")
    assert decide([MET, UNMET], [NOT_DONE, DONE]) == [due, met]
    assert decide([UNMET, MET], [DONE, NOT_DONE]) == [met, due]


def test_the_order_of_rules_and_situations_changes_nothing() -> None:
    rules, situations = made_up(6, keys=10, rules_a_key=10, count=200)
    fits = dict(zip(situations, fits_by_engine(rules, situations), strict=True))
    names = {s: {rules[p].name for p in positions} for s, positions in fits.items()}
    for seed in range(3):
        rules = random.Random(seed).sample(rules, len(rules))
        situations = random.Random(seed).sample(situations, len(situations))
        again = fits_by_engine(rules, situations)
        assert {
            s: {rules[p].name for p in positions}
            for s, positions in zip(situations, again, strict=True)
        } == names


def raw_request(rules: list[Rule], situations: list[Situation]) -> bytes:
    batches = next(session._by_child(rules, situations))
    rulesets = [session._ruleset(batch, rules, situations) for batch in batches]
    return json.dumps({"seconds": 60, "rulesets": rulesets}).encode()


def test_the_child_answers_the_same_bytes_under_every_hash_seed() -> None:
    request = raw_request(*made_up(7, keys=10, rules_a_key=10, count=200))
    answers = set()
    for seed in range(8):
        done = subprocess.run(
            [sys.executable, "-P", "-S", "-W", "ignore", str(CHILD), *session._paths()],
            input=request,
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
        )
        answers.add(done.stdout)
    assert len(answers) == 1
    assert len(answers.pop()) > 1000


def test_as_many_rules_as_lint_allows_may_all_fit_one_situation() -> None:
    rules = [Rule(f"r{n}", 1, 1, (Test("a", ">=", -n),), 1) for n in range(MOST_RULES_OF_A_KEY)]
    assert not lint(rules)
    verdicts = fits_by_engine(rules, [Situation(1, 1, (("a", 0),))])
    assert verdicts == [tuple(range(MOST_RULES_OF_A_KEY))]


def test_more_rules_than_lint_allows_would_be_a_fault_and_no_outcome(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rules = [Rule(f"r{n}", 1, 1, (Test("a", ">=", -n),), 1) for n in range(70)]
    ruled_out_by_lint(monkeypatch, rules)
    with pytest.raises(EngineFault, match="303"):
        decide(rules, [Situation(1, 1, (("a", 0),))])


def test_as_many_keys_as_lint_allows_work_in_one_ruleset(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = [Rule(f"r{n}", 1, n, (Test("a", "==", 1),), n) for n in range(511)]
    assert not lint(rules)
    monkeypatch.setattr(session, "_MOST_RULES", 1_000)
    situations = [Situation(1, n, (("a", 1),)) for n in range(511)]
    assert [decision.outcome for decision in decide(rules, situations)] == list(range(511))


def test_a_library_that_hangs_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = [Rule(f"r{n}", 1, n, (Test("a", "==", 1),), n) for n in range(512)]
    ruled_out_by_lint(monkeypatch, rules)
    monkeypatch.setattr(session, "_MOST_RULES", 1_000)
    situations = [Situation(1, n, (("a", 1),)) for n in range(512)]
    with pytest.raises(EngineFault, match=r"no answer within 0\.5 seconds"):
        decide(rules, situations, timeout=0.5)


def test_a_child_that_hangs_is_ended_in_time() -> None:
    pids: list[int] = []

    def stop(pid: int) -> None:
        pids.append(pid)
        os.kill(pid, signal.SIGSTOP)

    with pytest.raises(EngineFault, match=r"no answer within 0\.2 seconds"):
        decide([MET], [DONE], timeout=0.2, on_start=stop)
    with pytest.raises(ProcessLookupError):
        os.kill(pids[0], 0)


@pytest.mark.parametrize("name", ["SIGKILL", "SIGSEGV", "SIGABRT"])
def test_a_child_that_dies_is_a_fault_at_once_and_names_the_signal(name: str) -> None:
    def strike(pid: int) -> None:
        os.kill(pid, getattr(signal, name))

    began = time.monotonic()
    with pytest.raises(EngineFault, match=f"ended by {name}"):
        decide([MET], [DONE], on_start=strike)
    assert time.monotonic() - began < 5


def test_a_child_that_dies_with_a_large_request_unread_is_a_fault_too() -> None:
    rules, situations = made_up(8, keys=20, rules_a_key=20, count=3000)
    with pytest.raises(EngineFault, match="ended by SIGKILL"):
        decide(rules, situations, on_start=lambda pid: os.kill(pid, signal.SIGKILL))


def test_no_child_is_left_behind_when_the_caller_stops() -> None:
    pids: list[int] = []

    def interrupt(pid: int) -> None:
        pids.append(pid)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        decide([MET], [DONE], on_start=interrupt)
    with pytest.raises(ProcessLookupError):
        os.kill(pids[0], 0)


def test_none_or_two_fitting_rules_are_the_same_fault_as_in_plain_comparison() -> None:
    double = Rule("a-duty/any", 1, 7, (Test("enough", ">=", 0),), 30)
    for rules in ([MET], [MET, UNMET, double]):
        with pytest.raises(EngineFault) as by_engine:
            decide(rules, [DONE, NOT_DONE])
        with pytest.raises(EngineFault) as plainly:
            decide_plainly(rules, [DONE, NOT_DONE])
        assert str(by_engine.value) == str(plainly.value)


def test_unsound_rules_never_reach_a_child() -> None:
    started: list[int] = []
    with pytest.raises(EngineFault, match="tests nothing beyond its kind and key"):
        decide([Rule("r", 1, 7, (), 0)], [DONE], on_start=started.append)
    with pytest.raises(EngineFault, match="given 2 times"):
        decide([MET], [DONE, DONE], on_start=started.append)
    assert not started


def test_a_sentence_says_that_no_child_can_be_started(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """So that a check goes on with the plain evaluator alone, and says why."""
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    assert (available() or "").startswith(
        "The rules engine (durable_rules) is installed and cannot be used. "
        "The rules engine could not be started: "
    )


def test_with_nothing_to_decide_no_child_is_started() -> None:
    started: list[int] = []
    assert decide([MET], [], on_start=started.append) == []
    assert decide([], [], on_start=started.append) == []
    assert not started


SEEN = [{"fired": [[1, 0]], "seen": [1]}]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (SEEN, None),
        ([{"fired": [[1, 0]], "seen": []}], "looked at 0 of 1 situations"),
        ([{"fired": [[1, 0]], "seen": [1, 1]}], "looked at 1 of 1 situations"),
        ([{"fired": [[2, 0]], "seen": [1]}], "decided a situation, 2, that it never had"),
        ([{"fired": [], "seen": [1]}], "No rule decides"),
        ([{"fired": [[1, 0], [1, 0]], "seen": [1]}], "2 rules decide"),
    ],
)
def test_an_answer_that_leaves_out_or_repeats_a_situation_is_not_believed(
    monkeypatch: pytest.MonkeyPatch, answer: object, words: str | None
) -> None:
    monkeypatch.setattr(session, "_ask", lambda *_: answer)
    if words is None:
        assert decide([MET], [DONE]) == [Decision(30, "a-duty/met")]
        return
    with pytest.raises(EngineFault, match=words):
        decide([MET], [DONE])


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_an_answer_cut_short_is_a_fault(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    half = written(tmp_path / "half.py", "print('[{', end='')")
    monkeypatch.setattr(session, "_CHILD", half)
    with pytest.raises(EngineFault, match="answer could not be read"):
        decide([MET], [DONE])


def changed_child(folder: Path, before: str = "", after: str = "") -> Path:
    """The child with a line run before it answers and one after."""
    lines = (
        "import json, os, threading",
        "from importlib.util import module_from_spec, spec_from_file_location",
        f"spec = spec_from_file_location('child', {str(CHILD)!r})",
        "child = module_from_spec(spec)",
        "spec.loader.exec_module(child)",
        before,
        "child.main()",
        after,
    )
    return written(folder / "changed.py", "\n".join(lines))


def test_an_error_that_the_library_keeps_to_itself_is_a_fault(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    failing = "child._log = lambda rule, answer: lambda closure: 1 / 0"
    monkeypatch.setattr(session, "_CHILD", changed_child(tmp_path, failing))
    with pytest.raises(EngineFault, match="RuntimeError: exception caught division by zero"):
        decide([MET], [DONE])


def test_the_library_starts_no_threads(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    counting = "assert threading.active_count() == 1, threading.enumerate()"
    monkeypatch.setattr(session, "_CHILD", changed_child(tmp_path, after=counting))
    assert decide([MET], [DONE]) == [Decision(30, "a-duty/met")]


def test_what_the_library_prints_does_not_spoil_the_answer(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    noisy = "load = child.load; child.load = lambda paths: (os.write(1, b'noise'), load(paths))[1]"
    monkeypatch.setattr(session, "_CHILD", changed_child(tmp_path, noisy))
    assert decide([MET], [DONE]) == [Decision(30, "a-duty/met")]


def test_a_python_that_cannot_be_started_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    with pytest.raises(EngineFault, match="could not be started"):
        decide([MET], [DONE])


def test_the_library_is_available_and_never_loaded_into_this_process() -> None:
    assert available() is None
    assert decide([MET], [DONE]) == [Decision(30, "a-duty/met")]
    assert "durable_rules_engine" not in sys.modules
    assert "durable" not in sys.modules


def test_a_sentence_says_that_the_library_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("durable", "durable_rules_engine"):
        monkeypatch.setitem(sys.modules, name, None)
    assert available() == (
        "The rules engine (durable_rules) is not installed: "
        "durable and durable_rules_engine not found."
    )
    with pytest.raises(EngineFault, match="ModuleNotFoundError"):
        decide([MET], [DONE])


def test_a_sentence_says_that_the_library_cannot_be_loaded(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    written(tmp_path / "durable_rules_engine.py", "raise ImportError('undefined symbol: PyOld')")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert available() == (
        "The rules engine (durable_rules) is installed and cannot be used. "
        "The rules engine failed: ImportError: undefined symbol: PyOld."
    )


@pytest.fixture
def hung(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A library that hangs on loading; in this file stands the id of the process that does."""
    pid = tmp_path / "pid"
    says = f"import os, pathlib\npathlib.Path({str(pid)!r}).write_text(str(os.getpid()))"
    hangs = f"{says}\nimport time\ntime.sleep(600)"
    written(tmp_path / "durable_rules_engine.py", hangs)
    monkeypatch.syspath_prepend(str(tmp_path))
    return pid


def gone(file: Path) -> bool:
    """Whether the process whose id stands in the file is no more."""
    try:
        os.kill(int(file.read_text()), 0)
    except ProcessLookupError:
        return True
    return False


def test_a_sentence_says_that_the_library_hangs(
    hung: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "_TIMEOUT", 1.5)
    assert available() == (
        "The rules engine (durable_rules) is installed and cannot be used. "
        "The rules engine gave no answer within 1.5 seconds and was ended."
    )
    assert not hung.exists() or gone(hung)


def test_a_sentence_says_that_the_trial_child_died(monkeypatch: pytest.MonkeyPatch) -> None:
    true = session._started

    def dead() -> subprocess.Popen[bytes]:
        child = true()
        child.kill()
        child.wait()
        return child

    monkeypatch.setattr(session, "_started", dead)
    assert available() == (
        "The rules engine (durable_rules) is installed and cannot be used. "
        "The rules engine crashed: its process was ended by SIGKILL."
    )


def test_the_environment_changes_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    written(tmp_path / "json.py", "raise ImportError('not the real one')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("PYTHONWARNINGS", "error")
    assert decide([MET, UNMET], [DONE]) == [Decision(30, "a-duty/met")]


@pytest.mark.parametrize("first", ["a", "z"])
def test_the_child_looks_for_the_library_in_the_order_of_its_parent(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, first: str
) -> None:
    second = "az".replace(first, "")
    for folder, module in ((first, "durable_rules_engine"), (second, "durable")):
        (tmp_path / folder).mkdir()
        written(tmp_path / folder / f"{module}.py", "")
    monkeypatch.setattr(sys, "path", [str(tmp_path / first), str(tmp_path / second), *sys.path])
    assert session._paths() == [str(tmp_path / first), str(tmp_path / second)]


@pytest.mark.parametrize(
    ("count", "fewest_rulesets", "fewest_children"), [(600, 3, 1), (12_500, 13, 2)]
)
def test_rulesets_and_children_stay_within_the_sizes_that_were_measured(
    count: int, fewest_rulesets: int, fewest_children: int
) -> None:
    rules, situations = made_up(10, keys=120, rules_a_key=12, count=count)
    children = list(session._by_child(rules, situations))
    rulesets = [batch for child in children for batch in child]
    assert all(len(batch.rules) <= 480 for batch in rulesets)
    assert all(len(batch.situations) <= 1_000 for batch in rulesets)
    assert all(sum(len(batch.situations) for batch in child) <= 10_000 for child in children)
    positions = sorted(position for batch in rulesets for position in batch.situations)
    assert positions == list(range(count))
    assert fewest_rulesets <= len(rulesets) <= fewest_rulesets + 1
    assert len(children) == fewest_children


def test_no_rule_is_registered_that_no_situation_reaches() -> None:
    other = Rule("b-duty/met", 1, 8, MET.tests, 30)
    ((batch,),) = session._by_child([other, MET, UNMET], [DONE])
    assert [[other, MET, UNMET][position] for position in batch.rules] == [UNMET, MET]


def timed(work: Callable[[], object]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began


def test_a_whole_rulebook_is_decided_within_a_few_seconds() -> None:
    rules, situations = made_up(9, keys=104, rules_a_key=12, count=2000)
    assert timed(lambda: fits_by_engine(rules, situations)) < 5  # 0.2 s on an idle machine
