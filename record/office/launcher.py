"""The file in the office's folder that opens its pages with a double click."""

from __future__ import annotations

from pathlib import PurePath
from types import MappingProxyType
from typing import NamedTuple


class Launcher(NamedTuple):
    """Its name, its text, and its mode."""

    name: str
    text: str
    mode: int


#: Its name on each platform (``sys.platform``); on any other it is that of Linux.
NAMES = MappingProxyType(
    {"win32": "Due Regard.cmd", "darwin": "Due Regard.command", "linux": "Due Regard.desktop"}
)

_WINDOWS = """\
@echo off
rem Opens the pages of this folder. Close this window, or the program in the page, to end it.
if exist "{python}" ("{python}" -P -m cli.main open "%~dp0.") else (dueregard open "%~dp0.")
if errorlevel 1 pause
"""
_MAC = """\
#!/bin/sh
# Opens the pages of this folder.
cd "$(dirname "$0")" || exit 1
if [ -x "{python}" ]; then exec "{python}" -P -m cli.main open .; fi
exec dueregard open .
"""
_LINUX = """\
[Desktop Entry]
Type=Application
Name=Due Regard
Comment=Opens the pages of this folder
Exec="{python}" -P -m cli.main open "{folder}"
Terminal=false
"""


def launcher(platform: str, python: str, folder: PurePath) -> Launcher | None:
    """The file for a platform. It starts the program with the interpreter ``python``; where that is
    missing, as on another computer that shares the folder, with the command of that computer. None
    if a path contains what such a file cannot."""
    place = str(folder)
    if any(letter in f"{python}{place}" for letter in '"%\\`$\n' if platform != "win32") or any(
        letter in f"{python}" for letter in '"%\n'
    ):
        return None
    text = {"win32": _WINDOWS.replace("\n", "\r\n"), "darwin": _MAC}.get(platform, _LINUX)
    name = NAMES.get(platform, NAMES["linux"])
    return Launcher(name, text.format(python=python, folder=place), 0o755)
