"""The project's rulebook with the change that docs/impact.md shows: refresher training is needed
every 18 months from 1 January 2027."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from rules.load import OWN_BOOK
from tests.support.needs import ROOT

RULE = "4.6-training/refresher-training.yaml"


def changed_rules(folder: Path) -> Path:
    """The changed rulebook, made in ``folder``."""
    shutil.copytree(OWN_BOOK, folder)
    page = (ROOT / "docs" / "impact.md").read_text(encoding="utf-8")
    (version,) = re.findall(r"^```yaml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    with (folder / RULE).open("a", encoding="utf-8") as rule:
        rule.write(version)
    return folder
