"""Old addresses lead where their pages are now, in all the ways in which they were linked, saved and archived."""

import dataclasses

import pytest

from moonlit import PEOPLE, SEEN_BY, story
from storykeep.model import story as m
from storykeep.site.search import indexing
from storykeep.site.works import bridge
from storykeep.site.works.addresses import normal

pytestmark = pytest.mark.django_db


@pytest.fixture
def novel(db):
    """A work in three chapters of All About Spike's shape, whose chapters have numbers that are no order."""
    pages = ("fic.html?id=114", "chapter.html?id=114&expid=1395", "chapter.html?id=114&expid=1394")
    chapters = tuple(
        m.Chapter(key=str(n), body=f"<p>Part {n}.</p>", addresses=(f"http://www.spike.example/{page}",))
        for n, page in enumerate(pages, 1)
    )
    return bridge.keep(story(114, "The Long Night", chapters=chapters, addresses=()))


@pytest.mark.parametrize(
    ("old", "place"),
    [
        ("/fic.html?id=114", 1),
        ("/plainfic.html?id=114", 1),
        ("/FIC.html?ID=114", 1),
        ("/chapter.html?id=114&expid=1395", 2),
        ("/chapter.html?expid=1394&id=114", 3),
        ("/chapter.html?expid=1394&id=114&textsize=2", 3),
        ("/chapter.html?expid=1394&amp;id=114", 3),
        ("/chapter.html?id=114&expid=999", 1),
    ],
)
def test_an_old_page_leads_to_its_chapter(client, novel, old, place):
    answer = client.get(old)
    assert answer.status_code == 301
    assert answer.headers["Location"] == novel.chapters.get(place=place).get_absolute_url()


def test_a_print_page_that_nobody_saved_leads_to_the_whole_work(client, novel):
    assert client.get("/print.html?id=114").headers["Location"] == novel.get_absolute_url()


@pytest.mark.parametrize(
    ("saved", "asked"),
    [
        ("http://x.example/viewstory.php?sid=12", "/viewstory.php?sid=12"),
        ("http://x.example/viewstory.php?sid=12", "/viewstory.php?action=printable&sid=12&chapter=all"),
        ("http://x.example/viewstory.php?sid=12", "/viewstory.php?sid=12&chapter=7&warning=3"),
        ("http://x.example/viewstory.php?sid=12&chapter=1", "/viewstory.php?sid=12"),
        ("http://x.example/viewstory.php?sid=12", "/viewstory46a2.php?sid=12"),
        ("http://x.example/story.html?id=5", "/print.html?id=5"),
        ("http://x.example/story.html?id=5", "/plainstory.html?id=5"),
        ("http://x.example/print.php?id=5", "/story.php?id=5"),
        ("http://x.example/story.html?id=5", "/reviews.html?id=5"),
        ("https://www.fanfiction.example/s/12/1/Lanterns", "/s/12/1/Another-Title"),
        ("https://archiveofourown.example/works/77", "/works/77?view_full_work=true"),
        ("https://archiveofourown.example/works/77", "/works/77/chapters/3#main"),
        (
            "https://web.archive.org/web/20040101000000/http://x.example/archive/1/lanterns.html",
            "/archive/1/lanterns.html",
        ),
        ("http://x.example/stories.php?go=read&no=5", "/print.php?go=printable_all&no=5"),
        ("x.example/name06.html", "/name06.html"),
        ("http://x.example/caf%C3%A9.html", "/caf%C3%A9.html"),
        ("http://x.example/?sid=9", "/?sid=9"),
        ("http://x.example/viewstory.php?sid=1", "/web/20050301000000id_/http://x.example/viewstory.php?sid=1"),
        ("http://x.example/viewstory.php?sid=1", "/web/2005*/http://www.X.example:80/viewstory.php?chapter=all&sid=1"),
        ("http://x.example/fic.html?id=1", "/web/20050301/http:/x.example/fic.html?id=1"),
        ("http://x.example/fic.html?id=1", "/x.example/fic.html?id=1"),
        ("http://x.example/fic.html?id=5", "/fic.html@id=5.html"),
        ("http://x.example/fic.html?id=5", "/www.x.example/fic.html@id=5.html"),
        ("http://x.example/fic.html?id=5", "/x.example/fic4b3c.html?id=5"),
        ("http://x.example/viewstory.php?sid=5", "/x.example/viewstory4b3c.html?sid=5"),
        ("http://x.example/index.php?page=story&id=5", "/x.example/index4b3c.php?page=story&id=5"),
        ("http://x.example/fics/", "/x.example/fics/index.html"),
        ("http://x.example/fics/a.html", "/https://x.example/fics/a.html"),
    ],
)
def test_every_form_of_an_old_address_leads_to_the_work(client, db, saved, asked):
    work = bridge.keep(story(1, "Lanterns", addresses=(saved,)))
    answer = client.get(asked)
    assert (answer.status_code, answer.headers.get("Location")) == (301, work.get_absolute_url())


def test_the_first_page_of_the_old_site_is_the_first_page_here(client, db):
    bridge.keep(story(1, "Lanterns", addresses=("http://x.example/fic.html?id=1",)))
    for asked in ("/web/2005/http://www.x.example/", "/x.example/index.html"):
        assert client.get(asked).headers["Location"] == "/"
    assert client.get("/web/2005/http://evil.example/").status_code == 404


@pytest.mark.parametrize(
    "there", ["//evil.example/fic.html?id=1", "/web/2005/http://evil.example/fic.html?id=1", "/evil.example/x"]
)
def test_no_old_address_leads_to_another_site(client, db, there):
    bridge.keep(story(1, "Lanterns", addresses=("http://x.example/fic.html?id=1",)))
    assert "evil.example" not in client.get(there).headers.get("Location", "")


@pytest.mark.parametrize(
    "address",
    [
        "https://web.archive.org/web/20040607id_/http://www.moonlit.example:80/fic.html?b=1&a=2#top",
        "http://MOONLIT.example/fic.html?a=2&b=1&PHPSESSID=abc",
        "moonlit.example/fic.html?a=2&b=1",
        "//www.moonlit.example//fic.html?b=1&a=2&",
    ],
)
def test_one_page_has_one_normal_form(address):
    assert normal(address) == ("moonlit.example", "/fic.html?a=2&b=1")


@pytest.mark.parametrize(
    "junk", ["", "?", "http://[", "http://a b/ü?%zz=%", "%00", "/" * 3000, "https://web.archive.org/web/2004/"]
)
def test_no_address_is_an_error(junk):
    host, path = normal(junk)
    assert path.startswith("/")
    assert len(host) <= 255
    assert len(path) <= 600


def test_a_number_that_means_something_else_does_not_lead_to_a_work(client, db):
    bridge.keep(story(1, "Lanterns", addresses=("http://x.example/story.html?id=5",)))
    assert client.get("/auth.html?id=5").status_code == 404
    assert client.get("/print.html?id=6").status_code == 404


def test_an_author_page_and_a_news_page_lead_to_theirs(client, db):
    person = bridge.keep(m.Person(key="moonlit/ada", name="Ada", addresses=("http://moonlit.example/auth.html?au=7",)))
    bridge.keep(story(1, "One", credits=(m.Credit(name="Ada", person="moonlit/ada"),)))
    page = bridge.keep(
        m.Page(key="n", kind=m.PageKind.NEWS, title="Open", addresses=("http://moonlit.example/news.htm",))
    )
    assert client.get("/auth.html?au=7").headers["Location"] == person.get_absolute_url()
    assert client.get("/news.htm").headers["Location"] == page.get_absolute_url()


def test_two_archives_may_have_used_the_same_address(client, db):
    one = bridge.keep(story(1, "One", addresses=("http://a.example/fic.html?id=1",)))
    two = bridge.keep(story(2, "Two", addresses=("http://b.example/fic.html?id=1",)))
    from storykeep.site.works.old_addresses import found_at

    assert found_at("a.example", "/fic.html?id=1").work == one
    assert found_at("b.example", "/fic.html?id=1").work == two
    assert client.get("/fic.html?id=1").status_code == 404


@pytest.mark.parametrize("who", PEOPLE)
def test_an_old_address_tells_nobody_of_a_work_that_is_not_theirs_to_see(cast, works, who):
    for number, (visibility, work) in enumerate(works.items(), 1):
        answer = cast.browsers[who].get(f"/fic.html?id={number}")
        if visibility in SEEN_BY[who]:
            assert answer.headers["Location"] == work.get_absolute_url()
        else:
            assert answer.status_code == 404
            assert work.title not in answer.content.decode()


def test_an_unknown_old_address_is_a_page_that_offers_what_may_have_been_meant(client, works):
    indexing.catch_up()
    answer = client.get("/archive/3/public_harbour-2.html?sid=99")
    html = answer.content.decode()
    assert answer.status_code == 404
    assert "public harbour" in html
    assert works["public"].get_absolute_url() in html


def test_hostile_old_addresses_are_shown_back_escaped(client, db):
    html = client.get("/<script>alert(1)</script>.html?<b>").content.decode()
    assert "<script>alert" not in html


def test_the_old_hosts_of_an_archive_lead_to_its_new_home(client, db, settings):
    settings.HOUSE = dataclasses.replace(settings.HOUSE, origin="https://new.example")
    settings.ALLOWED_HOSTS = ["new.example", "www.moonlit.example", "localhost"]
    work = bridge.keep(story(5, "Lanterns"))
    old = {"host": "www.moonlit.example"}
    home = "https://new.example"
    assert client.get("/fic.html?id=5", headers=old).headers["Location"] == home + work.get_absolute_url()
    assert client.get("/titles?x=1", headers=old).headers["Location"] == f"{home}/titles?x=1"
    assert client.get("/", headers=old).headers["Location"] == f"{home}/"
    assert client.get("/titles", headers={"host": "new.example"}).status_code == 200
    assert client.get("/titles", headers={"host": "localhost"}).status_code == 200
