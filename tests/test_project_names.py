"""A class name has one meaning in the product."""

import re
from collections import defaultdict
from pathlib import Path

from tests.test_project_quality import PACKAGES


def class_places(root: Path) -> dict[str, list[str]]:
    """The modules in which each class name is defined."""
    places: dict[str, list[str]] = defaultdict(list)
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            module = path.relative_to(root).as_posix()
            for name in re.findall(r"^ *class (\w+)[(:]", path.read_text("utf-8"), re.MULTILINE):
                places[name].append(module)
    return places


def test_no_class_name_has_two_meanings(root: Path) -> None:
    """Neither in the two evaluators nor in the verifier, which stands alone: a reader who has met
    a name in one of them may look for the same thing in the others."""
    places = class_places(root)
    assert len(places) > 300
    assert {name: modules for name, modules in places.items() if len(modules) > 1} == {}
