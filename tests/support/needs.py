"""What some tests need that a machine may not have, and where it is.

A test says what it needs with ``@pytest.mark.needs("chromium", "shared")``, or by asking for the
fixture of that name; conftest.py leaves it out where that is not found, and counts it.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType

ROOT = Path(__file__).resolve().parent.parent.parent

# Where the SOP lies, beside the project: the user's document, never part of the project.
SHARED = ROOT.parent / "shared"

# Set by .ci/run: there everything is installed, so a test that was not run is a failure.
ALL_MUST_RUN = os.environ.get("DUEREGARD_ALL", "") not in ("", "0")

# "" in an ordinary run; "1" for the long campaign, the same every time; "random" for one with new
# inputs every time.
CAMPAIGN = os.environ.get("DUEREGARD_LONG", "").removeprefix("0")

# What Chromium is started with: no sandbox, since a build machine runs as root, and no network. Its
# address bar has pages of its own, loaded for each window (0.3 s). Only the last list of features
# counts, so this one repeats what Playwright leaves out as well and might show in a test.
CHROMIUM_ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,PaintHolding,HttpsUpgrades,LensOverlay",
)


def _program(*names: str) -> Callable[[], Path | None]:
    def find() -> Path | None:
        found = next(filter(None, map(shutil.which, names)), None)
        return Path(found) if found else None

    return find


def _shared() -> Path | None:
    return SHARED if (SHARED / "sop" / "duties.csv").is_file() else None


def _index() -> Path | None:
    """This Python, where pip reaches an index of packages."""
    pip = [sys.executable, "-m", "pip", "--retries", "0", "--timeout", "5"]
    done = subprocess.run([*pip, "index", "versions", "uv"], capture_output=True, check=False)
    return None if done.returncode else Path(sys.executable)


def _radicale() -> Path | None:
    """This Python, where it has the CalDAV server."""
    return Path(sys.executable) if find_spec("radicale") else None


FINDERS: Mapping[str, Callable[[], Path | None]] = MappingProxyType(
    {
        "git": _program("git"),
        "openssl": _program("openssl"),
        "chromium": _program("chromium", "chromium-browser", "google-chrome"),
        "libreoffice": _program("soffice", "libreoffice"),
        "pdftoppm": _program("pdftoppm"),
        "shared": _shared,
        "index": _index,
        "radicale": _radicale,
    }
)


def find(name: str) -> Path | None:
    """Where the thing called ``name`` in FINDERS is, or None where it is not found."""
    return FINDERS[name]()


def need(name: str) -> Path:
    """Where the thing called ``name`` is, for a test that declares that it needs it.

    Raises LookupError where it is not found: the test was run without its mark.
    """
    path = find(name)
    if path is None:
        raise LookupError(f"{name} was not found: mark the test with needs({name!r})")
    return path


def axe_script() -> Path:
    """The file axe.min.js of axe-core, to be injected into a page under test."""
    return Path(str(files("axe_playwright_python") / "axe.min.js"))
