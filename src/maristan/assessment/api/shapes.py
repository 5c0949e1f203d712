"""Shapes that several routes of assessment share."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from maristan.kernel.api import In, Missing, Out

Marks = Annotated[Decimal, Field(max_digits=7, decimal_places=2, allow_inf_nan=False)]
NotNegative = Annotated[Decimal, Field(max_digits=7, decimal_places=2, ge=0, allow_inf_nan=False)]
Percent = Annotated[Decimal, Field(max_digits=5, decimal_places=2, ge=0, le=100, allow_inf_nan=False)]


class Warned(Out):
    """What accompanies a move."""

    warnings: list[Missing]


class ReasonIn(In):
    """Why something is done."""

    reason: Annotated[str, Field(max_length=1000)] | None = None
