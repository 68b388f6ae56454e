"""A class name has one meaning in the product."""

import ast
from collections import defaultdict
from pathlib import Path

from tests.test_project_quality import PACKAGES

#: They stand alone: whoever verifies a pack has these files and nothing else of the product.
ALONE = ("record/recheck/recheck.py", "record/recheck/recheck_mapping.py")
#: Each evaluator still has its own class of these names; no other name is allowed to be like them.
OF_BOTH_EVALUATORS = {"Listed", "Window", "_About"}


def class_places(root: Path) -> dict[str, list[str]]:
    """The modules in which each class name is defined."""
    places: dict[str, list[str]] = defaultdict(list)
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            module = path.relative_to(root).as_posix()
            tree = ast.parse(path.read_text(encoding="utf-8")) if module not in ALONE else None
            for node in ast.walk(tree) if tree else ():
                if isinstance(node, ast.ClassDef):
                    places[node.name].append(module)
    return places


def test_no_class_name_has_two_meanings(root: Path) -> None:
    places = class_places(root)
    assert len(places) > 300
    twice = {name: found for name, found in places.items() if len(found) > 1}
    assert {n: found for n, found in twice.items() if n not in OF_BOTH_EVALUATORS} == {}
    shared = [module.split("/")[1] for name in twice for module in sorted(places[name])]
    assert shared == ["frames", "plain"] * len(twice)
