"""An explanation of a duty as a part of a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from types import SimpleNamespace
from typing import TypeAlias

from jinja2 import Template
from markupsafe import Markup

from engine.assessment import ObligationOutcome
from reports import examined, provided, view
from reports.explain.explanation import Explanation, quoted
from reports.html.page import environment
from reports.next_step import NextSteps
from reports.places import Places

#: A link: its address, and its words.
Link: TypeAlias = tuple[str, str]


def explanation_html(
    explanation: Explanation,
    places: Places,
    links: Callable[[ObligationOutcome], Sequence[Link]],
) -> Markup:
    """The explanation, with links below each of its obligations."""
    assessment = explanation.assessment
    return Markup(
        _template().render(
            e=explanation,
            a=assessment,
            b=SimpleNamespace(places=places, next_steps=NextSteps(assessment, places)),
            links=links,
            shared_untold=(),
        )
    )


@cache
def _template() -> Template:
    names = {"view": view, "quoted": quoted, "examined": examined, "provided": provided}
    return environment(**names).get_template("explanation.html.jinja")
