"""The child process in which the reading library reads a large workbook.

It is started by :mod:`evidence.files.apart` as a script of its own, with the folders that hold the
library, the most memory that it may use (0 for no bound) and the most characters in all cells. It
takes the workbook's bytes from standard input, and gives what stands in it on standard output,
pickled piece by piece, so that neither side holds it twice.
"""

import contextlib
import pickle
import sys
from collections.abc import Iterator
from pathlib import Path

_PIECE = 1000  # rows that are handed over at once


def _told(data: bytes, most_text: int) -> Iterator[object]:
    """What is handed over: of each sheet what it is, its rows in pieces, and None; then a word."""
    from evidence.files.library import ReadingFailed, characters, read_values  # noqa: PLC0415 (bound)

    left = most_text
    try:
        for sheet in read_values(data):
            yield sheet.with_rows(())
            for at in range(0, len(sheet.rows), _PIECE):
                rows = sheet.rows[at : at + _PIECE]
                left -= characters(rows)
                if left < 0:
                    yield "text"
                    return
                yield rows
            yield None
        yield "done"
    except ReadingFailed as failed:
        yield failed.what, failed.index
    except MemoryError:
        yield "memory"


def main() -> None:
    """Answers the one request, and ends."""
    folders, memory, most_text = sys.argv[1].split("\n"), int(sys.argv[2]), int(sys.argv[3])
    sys.path[:0] = [str(Path(__file__).resolve().parents[2]), *folders]
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415 (not there on every system)

        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        most = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    for told in _told(sys.stdin.buffer.read(), most_text):
        pickle.dump(told, sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)


if __name__ == "__main__":
    main()
