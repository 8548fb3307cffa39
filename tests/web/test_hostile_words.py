"""Words that were made to break something are words: shown as they are, everywhere, and nothing more."""

import html
import json
import re
import unicodedata

import pytest

from moonlit import story
from storykeep.model import story as m
from storykeep.site.works import bridge

pytestmark = [pytest.mark.django_db, pytest.mark.shared]
SETS = (
    "blns",
    "other-sqli",
    "other-ssti",
    "other-crlf",
    "other-open-redirect",
    "other-path-traversal",
    "other-csv-formula",
)
DANGER = re.compile(r"<script[^>]*>(?!\s*\{)[^<]*alert|<[a-z]+[^>]*\son\w+=", re.IGNORECASE)


def words_of(shared, name, most):
    """Return up to ``most`` strings of a set, evenly chosen."""
    cases = json.loads((shared / "data/other" / f"{name}.json").read_text("utf-8"))
    texts = [case["input"] if isinstance(case, dict) else case for case in cases]
    return texts[:: max(1, len(texts) // most)]


def seen(text):
    """Return ``text`` as a reader compares it: controls and spaces don't count."""
    return "".join(c for c in text if not c.isspace() and unicodedata.category(c) not in {"Cc", "Cf", "Cs"})


def dangerous(text):
    """Whether a page holds an element that would run something; what stands in quotes is only a value."""
    return bool(DANGER.search(re.sub(r'="[^"]*"', '=""', text)))


@pytest.mark.parametrize("name", SETS)
def test_hostile_words_in_title_name_and_tag_are_shown_as_they_are(client, shared, name):
    for number, words in enumerate(words_of(shared, name, 20)):
        given = {"credits": (m.Credit(name=words or "x"),), "tags": (m.Tag(kind="mood", name=words or "x"),)}
        work = bridge.keep(story(number, words, **given))
        answer = client.get(work.get_absolute_url())
        text = answer.content.decode()
        assert answer.status_code == 200, words
        assert seen(html.unescape(re.sub(r"<[^>]*>", "", text))).count(seen(words)) >= 3, words
        assert not dangerous(text), words


@pytest.mark.parametrize("name", SETS)
def test_hostile_words_in_the_search_box_come_back_as_they_are(client, db, shared, name):
    for words in words_of(shared, name, 60):
        answer = client.get("/search", {"q": words})
        assert answer.status_code == 200, words
        text = answer.content.decode()
        box = html.unescape(re.search(r'<input id="q"[^>]*? value="([^"]*)"', text)[1])
        assert seen(box) == seen(words[:2000].strip()), words
        assert not dangerous(text), words


def test_no_hostile_address_leads_away_or_breaks_the_site(client, db, shared):
    for name in ("other-open-redirect", "other-path-traversal", "other-ssrf-url", "other-cache-deception"):
        for words in words_of(shared, name, 60):
            answer = client.get(f"/{words.replace('#', '%23')}"[:1500])
            assert answer.status_code in {200, 301, 302, 400, 404}, words
            target = answer.headers.get("Location", "/")
            assert target.startswith("/"), words
            assert not target.startswith(("//", "/\\")), words
