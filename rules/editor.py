"""The schemas by which an editor completes, explains and marks the keys of rule files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from rules.draft import BOOK, PAPERS, PINS, REGISTERS
from rules.load import is_case_file

#: The folder of the schemas, which tests.rule_schemas writes from the models.
SCHEMAS = Path(__file__).parent / "schemas"
#: The folder of their copies in a rulebook. It is hidden, so that nothing in it is read as a rule.
COPIES = ".schemas"
_NAMES_SCHEMA = b"# yaml-language-server: $schema="


def schema_kind(name: str) -> str:
    """The kind of a file of a rulebook, after which its schema is called."""
    if is_case_file(name):
        return "cases"
    return PurePosixPath(name).stem if name in {BOOK, REGISTERS, PINS, PAPERS} else "duty"


def schema_copies() -> Mapping[str, bytes]:
    """The schemas, by the names of their copies from the folder of a rulebook."""
    paths = sorted(SCHEMAS.glob("*.json"))
    return {f"{COPIES}/{path.name}": path.read_bytes() for path in paths}


def schema_line(data: bytes) -> bytes:
    """The first line of a file if it names a schema; nothing otherwise."""
    line = data.partition(b"\n")[0]
    return line + b"\n" if line.startswith(_NAMES_SCHEMA) else b""


def with_schema_line(name: str, data: bytes, folder: str = COPIES) -> bytes:
    """The bytes of a file of a rulebook, with a first line that names its schema in a ``folder``,
    which is given as seen from the rulebook."""
    up = "../" * (len(PurePosixPath(name).parts) - 1)
    line = _NAMES_SCHEMA + f"{up}{folder}/{schema_kind(name)}.schema.json\n".encode()
    return line + data.removeprefix(b"\xef\xbb\xbf").removeprefix(schema_line(data))


def schema_folder(book: bytes) -> str | None:
    """The folder of the schemas, as the first line of book.yaml names it; None if it names none."""
    line = schema_line(book).removeprefix(_NAMES_SCHEMA).decode(errors="replace")
    return line.strip().rpartition("/")[0] or None
