"""Promise 8 in a transition: both evaluators and the verifier give the same answers."""

from __future__ import annotations

from collections import Counter

import pytest

from engine.agree import differences
from engine.outcome import Status
from tests.support import needs
from tests.support.judged_cases import plain_answers
from tests.support.promise_cases import SEED, vectorised_answers
from tests.support.transition_generator import transition_as_read, transition_case
from tests.support.verifier import found, told


@pytest.mark.campaign
@pytest.mark.long
def test_all_three_agree_about_the_days_of_a_transition() -> None:
    """Some are met by the previous version alone, some have its last day as their deadline."""
    times: Counter[str] = Counter()
    for seed in range(SEED, SEED + (6_000 if needs.CAMPAIGN else 250)):
        given, read = transition_case(seed), transition_as_read(seed)
        if given is None or read is None:
            continue
        answers = plain_answers(given)
        assert differences(vectorised_answers(given), answers) == [], f"seed {seed}"
        verified = found(given.rulebook, read.evidence, given.as_of, given.records_begin)
        assert verified == told(answers), f"seed {seed}"
        (duty,) = given.rulebook.duties.values()
        newest = [version for version in duty.versions if version.from_ <= given.as_of][-1]
        last_days = {version.transition_until for version in duty.versions}
        for answer in answers:
            before = answer.version_from != newest.from_
            assert not before or answer.status is Status.MET
            times["before"] += before
            times[f"{answer.status.value} at the end"] += answer.deadline in last_days
    assert min(times[name] for name in ("before", "due at the end", "overdue at the end")) >= 3
