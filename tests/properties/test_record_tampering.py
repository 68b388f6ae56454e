"""Hundreds of edits: each that changes a claim is found, or is found by a head kept elsewhere."""

from __future__ import annotations

import pytest

from tests.support import needs
from tests.support.altered_ledgers import BY_A_HEAD, FOUND, run

#: What changes no claim: a rule of the file (found all the same), and the bits of a file that say
#: nothing.
NO_CLAIM = {"drop_rule", "flip_anywhere"}


@pytest.mark.campaign
@pytest.mark.long
def test_every_edit_that_changes_a_claim_is_found() -> None:
    tally = run(1, 2000 if needs.CAMPAIGN else 100)
    assert tally.missed == []
    assert set(tally.claims) == {*FOUND, *BY_A_HEAD} - {"drop_rule"}
    assert set(tally.no_claim) <= NO_CLAIM
    assert sum(tally.claims.values()) > 0.85 * tally.edits
    assert tally.found["drop_rule"] == tally.no_claim["drop_rule"] > 0
    assert {name for name, number in tally.by_head.items() if number} == set(BY_A_HEAD)
