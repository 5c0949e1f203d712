"""Messages become sentences in the language of their reader."""

from typing import Any

import pytest

from maristan.kernel import messages
from maristan.kernel.languages import ENGLISH, URDU, Language, accepted, language, unmarked
from maristan.kernel.messages import Said, Template, text


def say(template: str, spoken: Language = ENGLISH, **params: Any) -> str:
    return Template(template).say(params, spoken).title


@pytest.mark.parametrize(
    ("template", "params", "english", "urdu"),
    [
        ("{d:day}", {"d": "2026-03-09"}, "9 March", "9 مارچ"),
        ("{d:days}", {"d": ["2026-03-09", None]}, "from 9 March", "9 مارچ سے"),
        ("{d:days}", {"d": ["2026-03-09", "2026-03-09"]}, "on 9 March", "9 مارچ کو"),
        ("{d:days}", {"d": ["2026-03-09", "2026-04-01"]}, "from 9 March to 1 April", "9 مارچ سے 1 اپریل تک"),
        ("{n:row|rows}", {"n": 1}, "1 row", "1 row"),
        ("{n:row|rows}", {"n": 0}, "0 rows", "0 rows"),
        ("{c:r=red|g=green}", {"c": "g"}, "green", "green"),
        ("{c:r=red|g=green}", {"c": "sky_blue"}, "sky blue", "sky blue"),
        ("{c:r=red|g=green}", {"c": ["g", "r"]}, "green, red", "green، red"),
        ("{t:lines}", {"t": ["A", "B"]}, "A\nB", "A\nB"),
        ("{name}", {"name": "Dr Khan"}, "Dr Khan", "Dr Khan"),
        ("{n}", {"n": 7}, "7", "7"),
    ],
)
def test_each_value_is_said_as_its_language_says_it(
    template: str, params: dict[str, Any], english: str, urdu: str
) -> None:
    assert say(template, **params) == english
    assert unmarked(say(template, URDU, **params)) == urdu


def test_a_name_of_another_direction_disturbs_no_sentence() -> None:
    assert say("{name} is here", name="Alice") == "Alice is here"
    assert say("{name} is here", name="اسلم") == "\u200e\u2068اسلم\u2069 is here"
    assert say("{name} یہاں ہے", URDU, name="Alice") == "\u200f\u2068Alice\u2069 یہاں ہے"
    assert say("یہاں {name}", URDU, name="Alice") == "یہاں \u2068Alice\u2069"


def test_a_sentence_without_its_value_is_left_out() -> None:
    template = Template("Told", ("By {by}.", "Reason: {reason}", "{count} rows."))
    assert template.say({"by": "Bob", "reason": "", "count": 0}, ENGLISH).body == "By Bob."
    assert template.say({"by": "Bob", "reason": "Rain", "count": 2}, ENGLISH).body == "By Bob. Reason: Rain 2 rows."


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("ur", "ur"), ("ur-PK,ur;q=0.9,en;q=0.8", "ur"), ("en-GB,ur;q=0.9", "en"), ("ur;q=0.1, en;q=0.2", "en"),
        ("de, ur;q=0.5", "ur"), ("", "en"), ("*", "en"), ("ur;q=0", "en"), ("ur;q=high, en", "en"), (";;,,=", "en"),
    ],
)  # fmt: skip
def test_the_language_asked_for_is_found_and_english_where_none_is_spoken(header: str, code: str) -> None:
    assert accepted(header).code == code


def test_the_first_locale_that_is_spoken_counts() -> None:
    assert [language(*each).code for each in (("", "ur_PK"), ("en", "ur"), ("de", ""), ())] == ["ur", "en", "en", "en"]


def test_a_kind_is_declared_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "_declared", {})
    kind = {"a.kind": text("name", en=Template("{name}"), ur=Template("{name}"))}
    messages.declare(kind)
    with pytest.raises(ValueError, match=r"a\.kind is declared twice"):
        messages.declare(kind)


def test_stored_words_stand_in_where_a_kind_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "_declared", {"a.kind": text("name", en=Template("Now {name}"))})
    stored = Said("Then")
    assert messages.said("a.kind", {"name": "X"}, ENGLISH, stored=stored) == Said("Now X")
    assert messages.said("a.kind", {}, ENGLISH, stored=stored) is stored
    assert messages.said("another", {"name": "X"}, ENGLISH, stored=stored) is stored
