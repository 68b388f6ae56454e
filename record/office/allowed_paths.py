"""Paths outside an office's folder that a person has allowed on this computer.

office.yaml travels with its folder, through shares and mail. So that nobody else's file makes a
check read other folders, permission is kept per user and computer, outside the folder.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from evidence.output_file import write_file
from evidence.regular_file import read_form

_FORMAT = "dueregard-allowed-1"


def user_file(environment: Mapping[str, str], platform: str, home: Path) -> Path:
    """The file of the user's permissions, in the folder for settings of a platform
    (``sys.platform``)."""
    if platform == "win32":
        base = Path(environment.get("APPDATA") or home / "AppData" / "Roaming")
    elif platform == "darwin":
        base = home / "Library" / "Application Support"
    else:
        base = Path(environment.get("XDG_CONFIG_HOME") or home / ".config")
    return base / "dueregard" / "allowed.json"


def allowed_paths(settings: Path, folder: Path) -> tuple[Path, ...]:
    """The real paths outside the office's folder that are allowed for it; none if the file of
    permissions is missing or cannot be read."""
    return tuple(Path(path) for path in _read(settings).get(os.path.realpath(folder), ()))


def allow_paths(settings: Path, folder: Path, paths: Iterable[Path]) -> None:
    """Allows more paths for the office's folder. Raises OSError if that cannot be kept."""
    offices = _read(settings)
    office = os.path.realpath(folder)
    real = [os.path.realpath(path) for path in paths]
    offices[office] = sorted({*offices.get(office, ()), *real})
    settings.parent.mkdir(parents=True, exist_ok=True)
    fields = {"format": _FORMAT, "offices": offices}
    write_file(settings, json.dumps(fields, indent=1).encode() + b"\n")


def _read(settings: Path) -> dict[str, list[str]]:
    """The allowed paths by the office's folder."""
    offices = read_form(settings, _FORMAT).get("offices")
    return {
        office: [path for path in paths if isinstance(path, str)]
        for office, paths in (offices.items() if isinstance(offices, dict) else ())
        if isinstance(paths, list)
    }
