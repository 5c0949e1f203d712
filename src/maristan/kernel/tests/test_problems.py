"""What the database refuses is told apart: come back in a moment, or try the same again."""

import pytest
from django.db import OperationalError, connection

from maristan.kernel.problems import refusal_of


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sqlstate", "code"),
    [
        ("57P01", "unavailable"), ("57P02", "unavailable"), ("57P03", "unavailable"), ("08006", "unavailable"),
        ("53300", "unavailable"), ("57014", "try_again"), ("55P03", "try_again"), ("40P01", "try_again"),
    ],
)  # fmt: skip
def test_a_server_that_ends_is_away_and_one_that_is_held_up_is_busy(sqlstate: str, code: str) -> None:
    with pytest.raises(OperationalError) as met, connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{sqlstate}'; END $$")
    refusal = refusal_of(met.value)
    assert (refusal.status, refusal.code) == (503, code)
