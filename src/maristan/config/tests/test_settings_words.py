"""Every setting of an institution has a title and a sentence in both languages of the client."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from maristan.kernel import options

TEXTS = Path(__file__).resolve().parents[4] / "web" / "src" / "i18n"


def said(texts: Mapping[str, Any], key: str) -> str:
    """The text of a key with a prefix or without."""
    found: Any = texts
    for part in key.split("."):
        found = found.get(part, {}) if isinstance(found, Mapping) else {}
    return found if isinstance(found, str) else ""


@pytest.mark.parametrize("language", ["en", "ur"])
@pytest.mark.parametrize("kind", ["setting", "settingNote"])
def test_every_setting_is_named_and_explained(language: str, kind: str) -> None:
    texts = json.loads((TEXTS / language / "administration.json").read_text(encoding="utf-8"))
    assert [key for key in options.declared() if not said(texts[kind], key)] == []
    assert said(texts[kind], "timetable.nothing") == ""
