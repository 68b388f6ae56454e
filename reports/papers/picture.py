"""The picture of a paper, as PNG: the same assessment gives the same bytes."""

from __future__ import annotations

import io
import logging
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from engine.assessment import Assessment, Counts, TrendPoint
from engine.outcome import WORST_FIRST, Status
from evidence.cells.text import listed
from reports import view, words
from reports.papers.fields import Picture
from reports.papers.shared import judged
from reports.trend import LONG_DAYS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: In inches, as in the paper: its width, the height of a trend and of each bar; its dots an inch.
_WIDTH, _TREND, _BAR, _DOTS = 6.7, 2.2, 0.14, 200
#: What a digit on a bar takes of the width of the widest bar.
_DIGIT = 0.01
#: A trend has so many months at least; fewer are bars.
_LEAST = 3
#: So many months have a name below a trend, and so many bars a number above them.
_MONTHS, _NUMBERS = 8, 18

_INK, _LINE = "#0b0c0c", "#b1b8be"
#: The colour of each status and, for the number on it, of the text.
_COLOURS: Mapping[Status, tuple[str, str]] = MappingProxyType(
    {
        Status.OVERDUE: ("#942514", "white"),
        Status.CANNOT_TELL: ("#4c2c92", "white"),
        Status.NOT_ASSESSED: ("#e7b7cf", _INK),
        Status.DUE: ("#f0c24b", _INK),
        Status.MET: ("#00703c", "white"),
        Status.NOT_YET_DUE: ("#a9c8ea", _INK),
        Status.WAIVED: ("#9fc7c7", _INK),
        Status.NOT_APPLICABLE: ("#d5d9dc", _INK),
    }
)


def picture(assessment: Assessment) -> Picture:
    """The trend over the months of the ledger; where there is no third month, the office's duties
    by status at both checks, and of a first check by section and status."""
    from matplotlib import rc_context, rcParamsDefault  # noqa: PLC0415  (takes half a second)

    now = assessment.status.office.duties
    # at its first use, it says that it looks for the fonts of the computer
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    with rc_context({**rcParamsDefault, "backend": "agg"}):  # and not the settings of the user
        if len(assessment.trend) >= _LEAST:
            return Picture(_trend(assessment.trend), _trend_words(assessment.trend))
        if changes := assessment.changes:
            counts = ((changes.since, changes.counts), (assessment.as_of, now))
            bars = {words.day(day): _by_status(each) for day, each in counts}
            shown = "; ".join(f"{words.day(day)}, {words.counts_words(c)}" for day, c in counts)
            title = "Duties by status"
            return Picture(_bars(title, bars), judged(f"{title}: {shown}."))
        sections = {
            words.under_section(row.section, row.title): dict(row.counts)
            for row in view.section_rows(assessment, view.OFFICE)
        }
        called, shown = assessment.rulebook.body.called, words.counts_words(now)
        about = f"The duties of the {called} by section and status: {shown}."
        return Picture(_bars("Duties by section and status", sections), judged(about))


def _by_status(counts: Counts) -> dict[Status, int]:
    return {status: words.number_of(counts, status) for status in WORST_FIRST}


def _figure(height: float) -> Figure:
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure((_WIDTH, height), _DOTS, layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def _png(figure: Figure) -> bytes:
    data = io.BytesIO()
    figure.savefig(data, format="png", metadata={"Software": None})
    return data.getvalue()


def _plain(axes: Axes, title: str, *hidden: str) -> None:
    """Gives the axes a title and a plain frame."""
    axes.set_title(title, loc="left", fontsize=8.5, fontweight="bold", color=_INK)
    axes.tick_params(labelsize=7.5, colors=_INK, length=0)
    for side in ("top", "right", *hidden):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(_LINE)


# The trend --------------------------------------------------------------------------------------


def _trend(points: Sequence[TrendPoint]) -> bytes:
    """The office's duties by status, a line each; beside them what has been overdue for long."""
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415

    figure = _figure(_TREND)
    duties, gaps = figure.subplots(1, 2, width_ratios=(3, 2))
    _plain(duties, "Duties at the last check of each month")
    _plain(gaps, f"Overdue for {LONG_DAYS} days or longer")
    places = range(len(points))
    ends = list[tuple[int, str, str]]()
    for status, mark in ((Status.MET, "o"), (Status.DUE, "s"), (Status.OVERDUE, "D")):
        values = [int(getattr(point, status.value)) for point in points]
        colour = "#8a6500" if status is Status.DUE else _COLOURS[status][0]  # a text needs contrast
        duties.plot(places, values, color=colour, marker=mark, markersize=3, linewidth=1.6)
        ends.append((values[-1], words.STATUS[status], colour))
    top = max(max(point.met, point.due, point.overdue, 1) for point in points)
    least, last = top * 0.1, -float(top)
    for value, name, colour in sorted(ends):
        last = max(value, last + least)  # no name on another
        duties.annotate(
            f"{value:,} {name}",
            (len(points) - 1, last),
            xytext=(5, 0),
            textcoords="offset points",
            color=colour,
            fontsize=8,
            fontweight="bold",
            va="center",
            annotation_clip=False,
        )
    duties.set_ylim(0, top * 1.1)
    duties.grid(axis="y", color=_LINE, linewidth=0.4)
    numbers = [point.long_overdue for point in points]
    bars = gaps.bar(places, numbers, color=_COLOURS[Status.OVERDUE][0], width=0.6)
    every = -(-len(points) // _NUMBERS)
    labels = [f"{n:,}" if (len(points) - 1 - i) % every == 0 else "" for i, n in enumerate(numbers)]
    gaps.bar_label(bars, labels, fontsize=7.5, padding=1)
    gaps.set_xlim(-0.75, max(len(points), 4) - 0.25)
    gaps.set_ylim(0, max(*numbers, 1) * 1.2)
    step = -(-len(points) // _MONTHS)
    shown = places[::-step][::-1]
    for axes, few in ((duties, shown), (gaps, shown[::-2][::-1] if len(shown) > 4 else shown)):
        axes.set_xticks(few, [_month(points[place]) for place in few])
        axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    return _png(figure)


def _month(point: TrendPoint) -> str:
    """``Nov 26``."""
    _, month, year = words.day(point.as_of).split()
    return f"{month[:3]} {year[2:]}"


def _trend_words(points: Sequence[TrendPoint]) -> str:
    first, last = points[0], points[-1]
    days = f"Between {words.day(first.as_of)} and {words.day(last.as_of)}"
    moved = [
        f"from {before:,} to {after:,} {name}"
        for name, before, after in (
            ("duties met", first.met, last.met),
            ("due", first.due, last.due),
            ("overdue", first.overdue, last.overdue),
            (
                f"duties overdue for {LONG_DAYS} days or longer",
                first.long_overdue,
                last.long_overdue,
            ),
        )
    ]
    return f"{days}, the position went {listed(moved)}."


# The bars ---------------------------------------------------------------------------------------


def _bars(title: str, rows: Mapping[str, Mapping[Status, int]]) -> bytes:
    """A bar for each row, with the number of its duties of each status."""
    figure = _figure(0.62 + _BAR * len(rows))
    axes = figure.add_subplot()
    _plain(axes, title, "bottom", "left")
    places, starts = range(len(rows)), [0] * len(rows)
    widest = max((sum(counts.values()) for counts in rows.values()), default=0)
    for status in (Status.MET, *(s for s in WORST_FIRST if s is not Status.MET)):
        numbers = [counts.get(status, 0) for counts in rows.values()]
        if any(numbers):
            colour, ink = _COLOURS[status]
            bars = axes.barh(
                places, numbers, 0.8, starts, color=colour, label=judged(words.STATUS[status]),
                edgecolor="white", linewidth=0.6,
            )  # fmt: skip
            labels = [_label(number, widest) for number in numbers]
            axes.bar_label(bars, labels, label_type="center", color=ink, fontsize=7)
            starts = [start + number for start, number in zip(starts, numbers, strict=True)]
    axes.set_yticks(places, list(rows))
    axes.invert_yaxis()
    axes.set_xticks([])
    axes.margins(y=0.01)
    axes.set_xlim(0, max(widest, 1) * 1.03)  # room for the whole number on the last narrow part
    if rows:
        axes.legend(
            loc="upper center", bbox_to_anchor=(0.5, 0), ncols=8, frameon=False, fontsize=7,
            handlelength=1, columnspacing=1.2,
        )  # fmt: skip
    return _png(figure)


def _label(number: int, widest: int) -> str:
    """The number on a part of a bar, if the part is wide enough for it."""
    return f"{number}" if number > widest * _DIGIT * len(f"{number}") else ""
