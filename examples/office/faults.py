"""What has gone wrong in the example office, one function for each thing that a check must see.

Each takes the office and changes its rows. A cell that holds the text '#REF!' is an error cell,
and one that begins with '=' a formula whose result is not stored.
"""

from __future__ import annotations

from collections.abc import Sequence

from examples.office.changes import Change
from examples.office.everyday import EVERYDAY
from examples.office.faults_records import FAULTS_OF_RECORDS
from examples.office.faults_training import FAULTS_OF_TRAINING
from examples.office.made import Office

EXAMPLE_FAULTS: tuple[Change, ...] = (*FAULTS_OF_TRAINING, *FAULTS_OF_RECORDS, *EVERYDAY)

#: In what order rows stand that were written down as things happened.
_KEPT_BY = {
    "training": ("recorded on",),
    "checks": ("checked on", "event on"),
    "reviews": ("recorded on",),
    "minutes": ("minuted on",),
}


def spoil(office: Office, faults: Sequence[Change]) -> None:
    """Every fault made in the office, and the rows that came with them put in their places.
    Raises ValueError where the office has too few people for that."""
    for fault in faults:
        fault(office)
    for register, columns in _KEPT_BY.items():
        office[register].sort(
            key=lambda row: next((str(row[name]) for name in columns if row.get(name)), "")
        )
