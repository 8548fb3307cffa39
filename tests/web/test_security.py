"""What every answer tells a browser, for every page that links lead to; and what a stranger can't find out."""

import re
from urllib.parse import urlsplit

import pytest
from django.test import Client

from moonlit import PEOPLE, SEEN_BY, VISIBILITIES
from storykeep.site.base.models import Archive, SitePage
from storykeep.site.search import indexing
from storykeep.site.works.models import Work
from walk import crawl

pytestmark = pytest.mark.django_db

WANTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
}
FRAMED = re.compile(r"/saved/[0-9a-f]+/page$")  # a page as it was saved, shown in a frame of our own


def check_headers(answer, path):
    for name, value in WANTED.items():
        if not FRAMED.search(path):
            assert answer.headers.get(name) == value, (path, name)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy, path
    if "sandbox" not in policy:
        assert "require-trusted-types-for 'script'" in policy, path
        assert "unsafe" not in policy, path
        assert "base-uri 'none'" in policy, path
        assert "frame-ancestors 'none'" in policy, path
    assert "camera=()" in answer.headers["Permissions-Policy"], path
    assert answer.headers.get("Cache-Control"), path


@pytest.mark.parametrize("who", ["visitor", "archivist"])
def test_every_page_that_links_lead_to_answers_and_has_all_headers(cast, works, who):
    SitePage.objects.create(kind="about", title="About", slug="about", body="<p>Hello.</p>")
    indexing.catch_up()
    paths = set()
    for path, answer in crawl(cast.browsers[who]):
        paths.add(path)
        assert answer.status_code in {200, 301, 302} or is_feed_of_what_strangers_do_not_see(answer, path), path
        check_headers(answer, path)
    assert works["public"].get_absolute_url() in paths
    assert len(paths) > 25


def is_feed_of_what_strangers_do_not_see(answer, path):
    """A feed shows what strangers see: where they find no list, there is no feed, whoever asks."""
    return (
        path.startswith("/feed/") and answer.status_code == Client().get(path.removeprefix("/feed")).status_code == 404
    )


@pytest.mark.parametrize(
    "path", ["/nothing", "/works/zzzzzzzz/none", "/static/nothing.css", "/fic.html?id=1", "/%00", "/%ff"]
)
def test_pages_that_do_not_exist_have_all_headers(client, path):
    answer = client.get(path)
    assert answer.status_code in {400, 404}
    check_headers(answer, path)


def test_a_forged_form_is_refused_in_words(db, works):
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post("/account/login/", {"login": "x", "password": "y"})
    assert answer.status_code == 403
    assert "could not be sent" in answer.content.decode()
    check_headers(answer, "/account/login/")


def test_a_fault_of_ours_is_a_calm_page(db, monkeypatch):
    from storykeep.site.reading.views import works

    def broken(*_, **__):
        raise RuntimeError

    monkeypatch.setattr(works.listings, "newest", broken)
    answer = Client(raise_request_exception=False).get("/new")
    assert answer.status_code == 500
    assert "Traceback" not in answer.content.decode()
    check_headers(answer, "/new")


def test_another_host_is_not_answered(client, db):
    answer = client.get("/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    check_headers(answer, "/")


@pytest.mark.parametrize("who", PEOPLE)
def test_every_form_of_a_work_is_there_for_those_who_may_see_it_and_for_nobody_else(cast, works, who):
    for visibility in VISIBILITIES:
        base = works[visibility].get_absolute_url()
        forms = ["", "/2", "/whole", "/contents", "/plain", "/print", ".epub", ".html", ".txt", ".md", ".json"]
        expected = 200 if visibility in SEEN_BY[who] else 404
        answers = {form: cast.browsers[who].get(base + form).status_code for form in forms}
        assert answers == dict.fromkeys(forms, expected), (who, visibility)


@pytest.mark.parametrize("who", PEOPLE)
def test_lists_name_what_may_be_seen_and_nothing_else(cast, works, who):
    indexing.catch_up()
    lists = [
        "/",
        "/new",
        "/titles",
        "/authors/ada-vane",
        "/browse/mood",
        "/browse/mood/calm",
        "/search?q=harbour",
        "/series",
    ]
    for path in lists:
        html = cast.browsers[who].get(path).content.decode()
        for visibility in VISIBILITIES:
            named = any(
                words in html for words in (f"A {visibility} harbour", f"Mood {visibility}", f"Series {visibility}")
            )
            if visibility not in SEEN_BY[who]:
                assert not named, (path, visibility)
            elif path != "/":
                assert named, (path, visibility)


def test_the_map_for_search_engines_names_public_works_only(cast, works):
    browser = cast.browsers["archivist"]
    index = browser.get("/sitemap.xml").content.decode()
    maps = [urlsplit(url).path for url in re.findall("<loc>([^<]+)</loc>", index)]
    text = "".join(browser.get(path).content.decode() for path in maps)
    assert works["public"].get_absolute_url() in text
    assert all(works[each].get_absolute_url() not in text for each in VISIBILITIES[1:])
    assert "/authors/ada-vane" in text


@pytest.mark.parametrize("path", ["sitemap-0", "sitemap-2", "sitemap-people-0", "sitemap-people-99", "sitemap-works-1"])
def test_a_map_that_is_named_nowhere_is_not_there(client, works, path):
    assert client.get(f"/{path}.xml").status_code == 404


def test_many_people_and_series_fill_several_maps(client, works, monkeypatch):
    monkeypatch.setattr("storykeep.site.works.views.PER_FILE", 2)
    index = client.get("/sitemap.xml").content.decode()
    maps = [urlsplit(url).path for url in re.findall("<loc>([^<]+)</loc>", index)]
    found = [re.findall("<loc>([^<]+)</loc>", client.get(path).content.decode()) for path in maps]
    assert all(len(each) <= 2 for each in found)
    names = [url for each in found for url in each]
    assert len(names) == len(set(names))
    assert sum("/authors/" in url for url in names) == 1


def test_robots_are_asked_what_the_archivist_chose(client, db):
    text = client.get("/robots.txt").content.decode()
    assert "User-agent: GPTBot\n" in text
    assert "Disallow: /search\n" in text
    assert "Sitemap: http://testserver/sitemap.xml" in text
    row = Archive.current()
    row.crawlers = "open"
    row.save()
    assert "GPTBot" not in client.get("/robots.txt").content.decode()
    row.crawlers = "none"
    row.save()
    assert client.get("/robots.txt").content.decode() == "User-agent: *\nDisallow: /\n"
    assert client.get("/sitemap.xml").status_code == 404


def test_addresses_of_works_can_not_be_counted_or_guessed(works):
    refs = list(Work.objects.order_by("pk").values_list("ref", flat=True))
    assert all(re.fullmatch("[2-9bcdfghjkmnpqrstvwxz]{8}", ref) for ref in refs)
    assert len({ref[:3] for ref in refs}) == len(refs)


def test_a_signed_in_page_is_never_kept_by_shared_caches(cast, works):
    answer = cast.browsers["member"].get("/")
    assert "public" not in answer.headers["Cache-Control"]


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(cast, client):
    client.post("/account/login/", {"login": "member", "password": "correct horse battery"})
    cookie = client.cookies["session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_machines_are_asked_to_list_nothing_that_is_not_for_everybody(cast, works):
    forms = ("", "/whole", "/plain", "/print", "/contents", ".epub", ".txt")
    for name, asked in (("public", None), ("members", "noindex, noarchive")):
        for form in forms:
            answer = cast.browsers["member"].get(works[name].get_absolute_url() + form)
            assert (answer.status_code, answer.headers.get("X-Robots-Tag")) == (200, asked), (name, form)


def test_an_archive_that_waits_for_its_authors_says_so_on_its_first_page(cast, works):
    Work.objects.filter(visibility="public").update(visibility="members")
    first = cast.browsers["visitor"].get("/").content.decode()
    assert "wait until their authors were asked" in first
    assert "Find your works" in first
    assert "wait until their authors were asked" not in cast.browsers["member"].get("/").content.decode()
