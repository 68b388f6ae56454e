"""Days as whole numbers: proleptic ordinals (``date.toordinal``)."""

from __future__ import annotations

import datetime
from functools import lru_cache

#: In place of a day, where there is none. It is less than every day, so a comparison that must be
#: false without a day has to test for it.
NO_DAY = 0
#: Later than every day: the deadline of an item that is in place for good.
FOR_EVER = 9_999_999


@lru_cache(maxsize=65_536)  # few days are distinct, and their dates are then shared
def as_date(day: int) -> datetime.date | None:
    """The date of a day, None for NO_DAY and FOR_EVER."""
    return None if day == NO_DAY or day >= FOR_EVER else datetime.date.fromordinal(day)
