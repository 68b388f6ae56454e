"""What tests expect where it is long: whole texts in tests/golden, tables in tests/cases."""

from __future__ import annotations

from typing import Any

import yaml

from tests.support.needs import ROOT


def golden(name: str) -> str:
    """The whole text of a file in tests/golden."""
    return (ROOT / "tests" / "golden" / name).read_text(encoding="utf-8")


def case_table(name: str) -> Any:
    """A table in tests/cases: by name what is given and what is expected, or a list of both."""
    return yaml.safe_load((ROOT / "tests" / "cases" / f"{name}.yaml").read_text(encoding="utf-8"))
