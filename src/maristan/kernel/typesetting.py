"""Typeset documents: a template and plain data become a PDF.

The data reaches the template as one JSON text and is shown as text: nothing in it is ever run as markup.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import typst

# Families in order of preference; typesetting goes on with the next where one is not installed. The last is part of
# the typesetter. Arabic script needs one of the middle ones (Debian: fonts-noto-core or fonts-dejavu-core).
FAMILIES = (
    "Noto Sans", "Liberation Sans", "Arial", "Noto Naskh Arabic", "Noto Sans Arabic", "DejaVu Sans",
    "Libertinus Serif",
)  # fmt: skip
# Families with every letter of Urdu; without any of them, letters that others lack are set as their nearest kin.
WHOLE_ARABIC = frozenset({"noto naskh arabic", "noto sans arabic", "arial"})
NEAREST = str.maketrans({"ہ": "ه", "ۂ": "ۀ", "ۃ": "ة", "ے": "ى", "ۓ": "ى", "۔": "."})
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ps", "sd", "ug", "ur", "yi"})


def is_right_to_left(locale: str) -> bool:
    """True for a locale, such as `ur-PK`, whose script runs from right to left."""
    return locale.replace("_", "-").split("-")[0].lower() in RIGHT_TO_LEFT


@cache
def families() -> list[str]:
    """The preferred families that can be had here, found once for the process."""
    had = {name.casefold() for name in typst.Fonts().families()}
    return [name for name in FAMILIES if name.casefold() in had]


def pdf(template: Path, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """A tagged PDF of `data` by a template that reads `sys.inputs.data`; `at` is its date of creation."""
    return bytes(_compiled(template, data, at, format="pdf"))


def image(template: Path, data: Mapping[str, Any], *, at: datetime, dots_per_inch: float = 100) -> list[bytes]:
    """The same as PNG images, one for each page."""
    made = _compiled(template, data, at, format="png", ppi=dots_per_inch)
    return made if isinstance(made, list) else [made]


def _compiled(template: Path, data: Mapping[str, Any], at: datetime, **options: Any) -> Any:
    text = orjson.dumps({**data, "families": families()}, default=str).decode()
    if not WHOLE_ARABIC.intersection(name.casefold() for name in families()):
        text = text.translate(NEAREST)
    inputs = {"data": text}
    return typst.compile(str(template), sys_inputs=inputs, timestamp=at.replace(microsecond=0), **options)
