"""What a pattern or its subjects can be asked is asked of them: few places ask which one it is."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGES = ("evidence", "rules", "engine", "reports", "record", "cli")

# Where all that is known of a pattern stands: its declaration, and how each evaluator judges it.
PLACES = ("rules/patterns/", "engine/frames/", "engine/plain/")

# Patterns, whom they ask, and what they are about.
CLASSES = {
    "Periodic", "Rolling", "Triggered", "BeforeEvent", "Standing", "Completeness", "Content",
    "Population", "FixedList", "Member", "Listing", "Events", "Joining", "Carried",
}  # fmt: skip
WORDS = {
    "periodic", "rolling", "triggered", "before event", "standing", "completeness", "content",
    "population", "fixed list",
}  # fmt: skip

# So many tests on kinds there are outside those places: a lower number may take its place.
MOST = 44


def _names(node: ast.AST) -> set[str]:
    found = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    return found | {each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)}


def _words(nodes: list[ast.expr]) -> int:
    inner = (each for node in nodes for each in ast.walk(node))
    return sum(isinstance(each, ast.Constant) and each.value in WORDS for each in inner)


def _tests_a_kind(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Name(id="isinstance" | "issubclass"), args=[_, kinds]):
            return bool(_names(kinds) & CLASSES)
        case ast.Call(func=ast.Attribute(value=text, attr="startswith" | "endswith")):
            return "pattern" in _names(text)
        case ast.MatchClass(cls=kind):
            return bool(_names(kind) & CLASSES)
        case ast.MatchValue(value=value):
            return _words([value]) > 0
        case ast.Compare(left=left, comparators=others):
            classes = any(isinstance(each, ast.Name) and each.id in CLASSES for each in others)
            word = isinstance(left, ast.Attribute) and left.attr == "kind"
            of_pattern = word and bool(_names(left) & {"pattern", "subjects"})
            return classes or of_pattern or _words([left, *others]) > 0
        case ast.Dict(keys=keys):  # a table of what is done with each
            given = [key for key in keys if key is not None]
            named = [each for each in given if isinstance(each, ast.Name) and each.id in CLASSES]
            return bool(named) or _words(given) > 1
        case ast.Assign(value=ast.Tuple(elts=words) | ast.Set(elts=words)):  # for one to be in
            return _words(words) > 1
    return False


def _kind_tests(tree: ast.AST) -> Iterator[ast.AST]:
    return (node for node in ast.walk(tree) if _tests_a_kind(node))


def test_few_places_ask_which_pattern_it_is(root: Path) -> None:
    found: Counter[str] = Counter()
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            name = path.relative_to(root).as_posix()
            if not name.startswith(PLACES):
                found[name] += sum(1 for _ in _kind_tests(ast.parse(path.read_bytes())))
    assert found.total() <= MOST, +found


@pytest.mark.parametrize(
    "text",
    [
        "isinstance(version.pattern, Standing)",
        "isinstance(version.pattern, patterns.Rolling | patterns.Standing)",
        "match pattern:\n    case Periodic(part=part): pass",
        "match pattern.kind:\n    case 'periodic': pass",
        "type(pattern) is Rolling",
        "version.pattern.kind != other",
        "look.pattern in ('triggered', 'before event')",
        "TABLE = {Periodic: judge_periodic, Rolling: judge_rolling}",
        "TABLE = {'periodic': judge_periodic, 'rolling': judge_rolling}",
        "ABOUT_EVENTS = ('triggered', 'before event')",
        "duty.pattern.startswith('before')",
        "duty.pattern.startswith(BEGINNINGS)",
    ],
)
def test_each_way_to_ask_is_counted(text: str) -> None:
    assert len(list(_kind_tests(ast.parse(text)))) == 1


@pytest.mark.parametrize(
    "text",
    ["version.pattern.lasting", "version.population is not None", "isinstance(ask, Condition)"],
)
def test_a_question_put_to_the_pattern_is_not_counted(text: str) -> None:
    assert list(_kind_tests(ast.parse(text))) == []


@pytest.mark.parametrize("place", ["rules/patterns", "engine/frames", "engine/plain"])
def test_each_pattern_has_its_module(root: Path, place: str) -> None:
    named = {path.stem for path in (root / place).glob("*.py")}
    assert {word.replace(" ", "_") for word in WORDS} - {"population", "fixed_list"} <= named
