"""The child process that opens files of evidence, within a bound on its memory.

:mod:`.apart` starts it as a script, with the most memory that it may use and the folder
that contains the library. Standard input gives the limits and the files, pickled. Standard output
takes each file's sheets, their rows in pieces before them, and then its workbook without sheets:
so neither process has a sheet in memory twice. Like a terminal, it has a text for a fault.
"""

import contextlib
import gc
import os
import pickle
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

NO_MEMORY = 77
"""The exit code where Python itself is refused memory."""

_PIECE = 1000  # rows that are handed over at once


def _bound(memory: int) -> None:
    """Have the system refuse this process more memory than that, where it can."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415 (not there on every system)

        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        bounds = [each for each in (memory, soft, hard) if each != resource.RLIM_INFINITY]
        resource.setrlimit(resource.RLIMIT_AS, (min(bounds), hard))


def _tell(thing: object) -> None:
    pickle.dump(thing, sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)


def _open_all() -> None:
    from evidence.files.opening import open_file  # noqa: PLC0415 (within the bound)
    from evidence.raw_cells import RawSheet  # noqa: PLC0415

    def hand_over(sheets: Iterable[RawSheet]) -> tuple[RawSheet, ...]:
        for sheet in sheets:
            for at in range(0, len(sheet.rows), _PIECE):
                _tell(sheet.rows[at : at + _PIECE])
            _tell(replace(sheet, rows=()))
        return ()

    limits, files = pickle.load(sys.stdin.buffer)
    for name, path in files:
        _tell(open_file(Path(os.fsdecode(path)), name, limits, hand_over))
        sys.stdout.buffer.flush()
        gc.collect()  # the next file finds as much memory as this one


def main() -> int:
    """Opens the files that are asked for, and returns the exit code."""
    memory, folder = int(sys.argv[1]), sys.argv[2]
    sys.path[:0] = [str(Path(__file__).resolve().parents[2]), folder]
    gc.disable()  # cells are in no ring of objects, and to look for one takes long
    _bound(memory)
    try:
        _open_all()
    except (MemoryError, ImportError):  # a library that does not fit in cannot be imported
        return NO_MEMORY
    except Exception:  # noqa: BLE001 (whatever it is, the process that asks must report it)
        import traceback  # noqa: PLC0415 (rarely needed)

        _tell(traceback.format_exc())
    return 0


if __name__ == "__main__":
    sys.exit(main())
