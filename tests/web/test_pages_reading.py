"""What readers see: every page for the whole cast, valid HTML, and no page that tells more than it may."""

import json
import re

import html5lib
import pytest
from django.contrib.auth import get_user_model
from lxml import etree

import quay
from storykeep.exports import FORMATS
from storykeep.site.accounts import roles
from storykeep.site.base.models import SitePage
from storykeep.site.reading.views.texts import page_url
from storykeep.site.works.models import Person, Series, Visibility

pytestmark = pytest.mark.django_db


@pytest.fixture
def works(settings, tmp_path):
    settings.ORIGINALS = tmp_path / "originals"
    return quay.build()


@pytest.fixture(params=["visitor", "member", "archivist"])
def reader(request, client):
    """Everybody in the cast, one after the other."""
    return enter(client, request.param)


def enter(client, role):
    if role != "visitor":
        account = get_user_model().objects.create_user(role, password="kept-for-tests")
        roles.give(account, role)
        client.force_login(account)
    client.role = role
    return client


def addresses(works):
    """Every kind of page that a visitor may open."""
    shapes, texts = works["shapes"].get_absolute_url(), SitePage.objects.exclude(kind="footer")
    return [
        "/",
        "/new",
        "/updated",
        "/titles",
        "/titles/S",
        "/titles/0-9",
        "/authors",
        "/authors/under/I",
        "/series",
        "/browse",
        "/browse/rating",
        "/browse/rating/pg-13",
        "/search",
        "/search?q=lantern",
        "/news",
        "/authors/ilse-marrow",
        Series.objects.get().get_absolute_url(),
        *(f"{shapes}{form}" for form in ("", "/2", "/3", "/whole", "/contents", "/plain", "/print")),
        *(works[name].get_absolute_url() for name in ("tide", "letter", "lost", "hostile")),
        *(page_url(text) for text in texts),
        "/account/login/",
        "/account/password/reset/",
        "/account/signup/",
    ]  # fmt: skip — a list of addresses


def valid(answer):
    html = answer.content.decode()
    html5lib.HTMLParser(strict=True).parse(html)
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids)), "an id stands twice"
    return html


def test_every_page_is_there_and_valid(reader, works):
    for address in addresses(works):
        answer = reader.get(address, follow=True)
        assert answer.status_code == 200, (address, answer.status_code)
        html = valid(answer)
        assert html.count("<h1") == 1, address
        assert re.search(r'<html[^>]* lang="[a-z]', html), address


def test_pages_run_no_strangers_code_and_ask_no_stranger(client, works):
    for address in addresses(works):
        answer = client.get(address, follow=True)
        html = answer.content.decode()
        assert "alert(1)" not in re.sub(r"&lt;script&gt;alert\(1\)|\\u003cscript\\u003ealert\(1\)", "", html), address
        assert not re.search(
            r'(?:src|href)="(?:https?:)?//(?!testserver|example\.org|www\.ilse\.example)',
            html.replace('rel="canonical"', ""),
        ), address
        assert not re.search(r"<[^>]+\s(?:style|on\w+)=", html), address
        assert "javascript:" not in html
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "require-trusted-types-for 'script'" in policy


def test_names_of_either_direction_are_kept_apart(client, works):
    html = client.get("/titles").content.decode()
    assert "<bdi>מכתב</bdi>" in html


def test_a_name_cannot_turn_the_rest_of_the_page(client, works):
    html = client.get(works["hostile"].get_absolute_url()).content.decode()
    assert "\u202e" not in re.search(r"<title>.*?</title>", html, re.DOTALL)[0]
    outside = re.sub(r"<bdi\b.*?</bdi>|<script type=\"application/ld\+json\">.*?</script>", "", html, flags=re.DOTALL)
    assert "\u202e" not in outside


def test_a_story_page_says_what_it_is(client, works):
    html = valid(client.get(works["shapes"].get_absolute_url()))
    assert "Part 2 of Harbour Stories" in html
    assert 'rel="next"' in html
    assert 'rel="canonical"' in html
    for words in (
        "PG-13",
        "Ilse/Marrow",
        "Sequel to",
        "translated by",
        "3 of 5 chapters",
        "14 July 2003",
        "Prologue",
        "Dice",
    ):
        assert words in html
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html)[1])
    assert data["@type"] == "Chapter"
    assert data["isPartOf"]["@type"] == "Book"
    assert data["isPartOf"]["isPartOf"][0]["name"] == "Harbour Stories"
    assert 'type="application/epub+zip"' in html
    assert 'property="og:title" content="Every Shape of Paragraph"' in html


def test_the_text_carries_language_and_direction(client, works):
    html = client.get(works["letter"].get_absolute_url()).content.decode()
    assert re.search(r'<div class="text[^"]*" lang="he" dir="rtl">', html)
    assert '<p dir="ltr">Dear Ilse, she wrote.</p>' in html
    mixed = client.get(works["shapes"].get_absolute_url()).content.decode()
    assert '<p dir="rtl">مرحبا' in mixed


def test_a_gap_is_said_quietly_and_explained(client, works):
    html = client.get(works["shapes"].get_absolute_url()).content.decode()
    assert "[a line is missing in the surviving copy]" in html
    assert 'href="#this-copy"' in html
    assert 'id="this-copy"' in html
    assert "nothing was put in its stead" in html


def test_what_broke_off_says_so(client, works):
    html = client.get(f"{works['shapes'].get_absolute_url()}/3").content.decode()
    assert "The surviving copy breaks off here." in html


def test_a_lost_title_is_shown_as_lost(client, works):
    html = client.get(works["lost"].get_absolute_url()).content.decode()
    assert "Untitled" in html
    assert "did not survive" in html


def test_chapters_have_one_address_each(client, works):
    shapes = works["shapes"]
    url = shapes.get_absolute_url()
    assert client.get(f"{url}/1").headers["Location"] == url
    assert client.get(f"/works/{shapes.ref}").headers["Location"] == url
    assert client.get(f"/works/{shapes.ref}/another-slug").status_code == 301
    assert client.get(f"/works/{shapes.ref}/another-slug/2").headers["Location"] == f"{url}/2"
    for wrong in (f"{url}/4", f"{url}/0", f"{url}/x", f"/works/{shapes.ref}x/y", f"{url}/whole/x"):
        assert client.get(wrong).status_code == 404, wrong


def test_the_whole_story_has_every_chapter_once(client, works):
    html = client.get(f"{works['shapes'].get_absolute_url()}/whole").content.decode()
    assert [html.count(f'id="chapter-{number}"') for number in (1, 2, 3)] == [1, 1, 1]
    assert html.count("The end,") == 1


def test_the_plain_version_is_nothing_but_words(client, works):
    html = valid(client.get(f"{works['shapes'].get_absolute_url()}/plain"))
    assert "<script" not in html
    assert "stylesheet" not in html
    assert "The end," in html
    assert "Afterwards." in html
    assert "Thank you for reading." in html


def test_the_print_version_is_whole_and_bare(client, works):
    html = valid(client.get(f"{works['shapes'].get_absolute_url()}/print"))
    assert "The end," in html
    assert "site-header" not in html
    assert "<script" not in html


def test_who_may_not_see_a_work_learns_nothing(reader, works):
    allowed = {"visitor": [], "member": ["members"], "archivist": ["members", "hidden"]}[reader.role]
    for name in ("members", "hidden"):
        work = works[name]
        url = work.get_absolute_url()
        expected = 200 if name in allowed else 404
        for address in (
            url,
            f"{url}/whole",
            f"{url}/contents",
            f"{url}/plain",
            f"{url}/print",
            f"{url}.epub",
            f"{url}.txt",
            f"{url}.json",
        ):
            assert reader.get(address).status_code == expected, (reader.role, address)
        for listing in ("/", "/new", "/titles", "/authors", "/search?q=secret"):
            assert (work.ref in reader.get(listing).content.decode()) <= (name in allowed), (reader.role, listing)


def test_lists_answer_odd_questions_calmly(client, works):
    for query in (
        "page=99999999",
        "page=-1",
        "page=NaN",
        "page=1&page=2",
        "page[]=3",
        "size=1000000000",
        "q=%00",
        "page=%00",
    ):
        for address in ("/new", "/search", "/news", "/browse/rating/g"):
            assert client.get(f"{address}?{query}").status_code in {200, 302, 400, 404}, (address, query)
    for wrong in (
        "/titles/ZZ",
        "/authors/under/Q",
        "/authors/nobody",
        "/browse/nothing",
        "/browse/rating/nothing",
        "/series/x/y",
        "/news/x/y",
    ):
        assert client.get(wrong).status_code == 404, wrong


@pytest.mark.parametrize("form", FORMATS.values(), ids=FORMATS)
def test_downloads_are_named_and_stay_the_same(client, works, form):
    address = works["shapes"].get_absolute_url() + form.suffix
    assert f'href="{address}"' in client.get(works["shapes"].get_absolute_url()).content.decode()
    first = client.get(address)
    body = b"".join(first.streaming_content)
    assert first.headers["Content-Type"] == form.media_type
    assert first.headers["Content-Disposition"].startswith("attachment; filename=")
    assert form.suffix in first.headers["Content-Disposition"]
    assert int(first.headers["Content-Length"]) == len(body) > 100
    assert b"".join(client.get(address).streaming_content) == body
    assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert client.head(address).status_code == 200
    assert client.post(address).status_code == 405


def test_there_is_no_download_in_a_form_that_nobody_writes(client, works):
    assert client.get(f"{works['shapes'].get_absolute_url()}.exe").status_code == 404


def test_a_hostile_title_makes_a_harmless_file_name(client, works):
    answer = client.get(f"{works['hostile'].get_absolute_url()}.txt")
    assert not set(answer.headers["Content-Disposition"]) & set("\r\n<>\u202e")


def test_the_saved_page_is_for_archivists(reader, works):
    work = works["tide"]
    sha = work.captures.get().sha256
    base = f"{work.get_absolute_url()}/saved"
    for address in (base, f"{base}/{sha}", f"{base}/{sha}/page", f"{base}/{sha}/bytes"):
        answer = reader.get(address)
        answer.close()
        assert answer.status_code == (200 if reader.role == "archivist" else 404), address
        if reader.role == "archivist":
            assert "no-store" in answer.headers["Cache-Control"]
    shown = reader.get(work.get_absolute_url()).content.decode()
    assert ("As it was saved" in shown) is (reader.role == "archivist")


def test_the_saved_page_is_sealed(client, works):
    enter(client, "archivist")
    sha = works["tide"].captures.get().sha256
    base = f"{works['tide'].get_absolute_url()}/saved/{sha}"
    page = valid(client.get(base))
    assert "it’ll do" in page
    assert "alert(2)" in page
    assert "<script>alert(2)" not in page
    assert "repair.elision" in page
    assert "sandbox title" in page
    frame = client.get(f"{base}/page")
    policy = frame.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox;")
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert frame.headers["X-Frame-Options"] == "SAMEORIGIN"
    original = client.get(f"{base}/bytes")
    assert b"".join(original.streaming_content) == quay.OLD_PAGE
    assert original.headers["Content-Disposition"].startswith("attachment")
    assert client.get(f"{works['tide'].get_absolute_url()}/saved/{'0' * 64}").status_code == 404


def test_an_author_page_has_the_interview_and_safe_links(client, works):
    html = client.get("/authors/ilse-marrow").content.decode()
    assert "When did you begin?" in html
    assert "At low water." in html
    assert "also <bdi>imarrow</bdi>" in html
    assert 'href="http://www.ilse.example/"' in html
    assert "ugc" in html
    assert "javascript" not in html


def test_a_page_costs_a_bounded_number_of_queries(client, works, django_assert_max_num_queries):
    for address in (
        "/new",
        "/titles",
        "/authors",
        works["shapes"].get_absolute_url(),
        f"{works['shapes'].get_absolute_url()}/whole",
        "/",
    ):
        with django_assert_max_num_queries(26):
            assert client.get(address).status_code == 200, address


def test_an_empty_archive_has_pages_too(client, db):
    for address in ("/", "/new", "/titles", "/authors", "/series", "/browse", "/news", "/search"):
        valid(client.get(address))
    assert client.get("/random").headers["Location"] == "/"


def test_a_long_index_is_cut_by_letter(client, works, monkeypatch):
    from storykeep.site.reading.views import lists

    monkeypatch.setattr(lists, "WHOLE_INDEX", 2)
    html = valid(client.get("/titles"))
    assert "Every Shape" in html
    assert "Slack Tide" not in html
    assert 'href="/titles/S"' in html


def test_browsers_learn_how_to_search(client, works):
    answer = client.get("/opensearch.xml")
    template = etree.fromstring(answer.content).find("{*}Url").get("template")
    assert template == "http://testserver/search?q={searchTerms}"


def test_errors_are_pages_of_the_archive(client, works):
    html = valid(client.get("/nothing-here"))
    assert "The Quay" in html
    assert "There is nothing at this address." in html


def test_a_removed_work_says_so_to_everybody(reader, works):
    url = quay.seen_by(works["tide"], Visibility.REMOVED).get_absolute_url()
    for address in (url, f"{url}/whole", f"{url}/plain", f"{url}.epub"):
        answer = reader.get(address)
        assert answer.status_code == 410, address
        assert "lantern" not in answer.content.decode()
    assert "Slack Tide" not in reader.get("/titles").content.decode()


def test_people_without_an_account_leave_no_trace(client, works):
    assert not client.get(works["tide"].get_absolute_url()).cookies
    assert Person.objects.filter(account__isnull=False).count() == 0
