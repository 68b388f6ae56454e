"""Writes docs/LICENCES.md from the lock: ``python -m tests.licences``."""

import re
import tomllib
from collections.abc import Iterable
from importlib.metadata import Distribution, distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.needs import ROOT

PAGE = ROOT / "docs" / "LICENCES.md"
LOCK = ROOT / "requirements.lock"

HEAD = """\
# Licences

Due Regard itself is under the MIT licence (LICENSE). What the lock installs beside it is listed
here, by each package's own statement; `python -m tests.licences` writes this page, and a test
compares it with what is installed. None of these packages is copied into the project.

- *run*: needed to run a check.
- *develop*: needed to test and build only.

| package | version | for | licence |
| --- | --- | --- | --- |
"""

# Installed on Windows only, or without a clear statement in its metadata: looked up by hand.
BY_HAND = {
    "axe-playwright-python": "MIT; carries axe-core, MPL-2.0",
    "colorama": "BSD-3-Clause",
    "cycler": "BSD-3-Clause",
    "defusedxml": "PSF-2.0",
    "docxtpl": "LGPL-2.1-only",
    "importlib-metadata": "Apache-2.0",
    "jinja2": "BSD-3-Clause",
    "kiwisolver": "BSD-3-Clause",
    "lazy-importer": "Apache-2.0",
    "libpass": "BSD-3-Clause",
    "matplotlib": "PSF-2.0, as its own licence",
    "partd": "BSD-3-Clause",
    "radicale": "GPL-3.0-or-later",
    "zict": "BSD-3-Clause",
    "zipp": "MIT",
}

# The words that packages use for a licence that has a name in SPDX. "BSD License" is not here: it
# does not say which.
SPDX = {
    "Apache 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD 2-Clause License": "BSD-2-Clause",
    "BSD 3-Clause License": "BSD-3-Clause",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}


def locked(lock: Path = LOCK) -> list[Requirement]:
    """The pinned packages of the lock, in its order."""
    lines = lock.read_text(encoding="utf-8").splitlines()
    return [Requirement(line.rstrip("\\ ")) for line in lines if re.match(r"[a-z0-9]", line)]


def version_of(requirement: Requirement) -> str:
    """The one version that a requirement of the lock allows."""
    (pin,) = requirement.specifier
    return pin.version


def installed() -> dict[str, Distribution]:
    """What is installed in this environment, by canonical name."""
    return {canonicalize_name(distribution.name): distribution for distribution in distributions()}


def stated(found: Distribution) -> str:
    """The licence that a package states, as an SPDX expression; "" where none is stated."""
    meta = found.metadata
    if "License-Expression" in meta:
        return meta["License-Expression"]
    lines = [meta["License"].partition("\n")[0].strip()] if "License" in meta else []
    lines += [text.rsplit(" :: ", 1)[-1] for text in meta.get_all("Classifier") or []]
    named = (SPDX.get(line, line if line in SPDX.values() else "") for line in lines)
    return next(filter(None, named), "")


def licence_of(name: str, here: dict[str, Distribution]) -> str:
    """The licence of a locked package; raises LookupError where nothing states it."""
    licence = BY_HAND.get(name) or (stated(here[name]) if name in here else "")
    if not licence:
        raise LookupError(f"{name} states no licence: look it up and add it to BY_HAND")
    return licence


def _names(requirements: Iterable[str]) -> list[str]:
    """The packages asked for whatever the extra, on any platform."""
    parsed = [Requirement(text) for text in requirements]
    return [canonicalize_name(r.name) for r in parsed if "extra" not in str(r.marker)]


def needed_to_run(here: dict[str, Distribution]) -> set[str]:
    """The packages that a check needs: the project's dependencies, and theirs in turn."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    seen: set[str] = set()
    waiting = _names(project["dependencies"])
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += _names(here[name].requires or []) if name in here else []
    return seen


def page() -> str:
    """The text of docs/LICENCES.md for the lock and this environment."""
    here = installed()
    run = needed_to_run(here)
    rows = [
        (r.name, version_of(r), "run" if r.name in run else "develop", licence_of(r.name, here))
        for r in locked()
    ]
    return HEAD + "".join(f"| {' | '.join(row)} |\n" for row in rows)


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
