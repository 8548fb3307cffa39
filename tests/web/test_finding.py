"""Lists that can be narrowed: what the panel counts, what addresses say, and who learns what."""

import datetime as dt
import html as entities
import re
from urllib.parse import urlencode

import html5lib
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from moonlit import PEOPLE, SEEN_BY, story
from storykeep.model import story as m
from storykeep.site.feeds import digests
from storykeep.site.reading.models import Opened
from storykeep.site.search import indexing
from storykeep.site.search.models import Avoided, SavedSearch
from storykeep.site.tags.models import Tag, TagKind
from storykeep.site.works import bridge
from storykeep.site.works.models import Person, Work

pytestmark = pytest.mark.django_db


def tags(*given):
    return tuple(m.Tag(kind=kind, name=name) for kind, name in (each.split(":") for each in given))


def told(number, title, *labels, words=10, **more):
    text = " ".join(["lantern", *["tide"] * (words - 1)])
    chapters = tuple(
        m.Chapter(key=str(n), title=f"Part {n}", body=f"<p>{text}.</p>") for n in range(1, more.pop("n", 1) + 1)
    )
    return story(number, title, tags=tags(*labels), chapters=chapters, **more)


@pytest.fixture
def library(db):
    """Eight works whose tags overlap; ratings are a kind of which a work has one."""
    TagKind.objects.create(key="fandom", name="Fandoms", place=0)
    TagKind.objects.create(key="mood", name="Moods", place=1)
    TagKind.objects.create(key="rating", name="Ratings", place=2, many=False, open=False)
    en, de = {"language": "en"}, {"language": "de"}
    complete, going_on = {"status": m.Status.COMPLETE}, {"status": m.Status.IN_PROGRESS}
    made = [
        told(1, "Amber", "fandom:Sea", "mood:Calm", "rating:G", published="2001-02-03", **en, **complete),
        told(2, "Beryl", "fandom:Sea", "mood:Calm", "mood:Wry", "rating:PG", words=1500, published="2003-05-14", **en),
        told(
            3, "Coral", "fandom:Sea", "fandom:Sky", "mood:Wry", "rating:R", words=6000, n=2, published="2003-11", **de
        ),
        told(4, "Drift", "fandom:Sky", "mood:Calm", "rating:G", published="2010", **de, **going_on),
        told(5, "Ebb", "fandom:Sky", "mood:Grim", "rating:R", language="fr", published="2012-01-01"),
        told(6, "Flood", "fandom:Sea", "mood:Grim", "mood:Wry", "rating:PG", published="2015-06-01", **en),
        told(7, "Gale", "fandom:Sea", "mood:Calm", "rating:R", credits=(m.Credit(name="Bo Reed"),), published="2016"),
        told(8, "Hidden", "fandom:Secret", "mood:Calm", "rating:G", published="2017"),
    ]
    works = {each.title: bridge.keep(each) for each in made}
    works["Hidden"].visibility = "hidden"
    works["Hidden"].save()
    indexing.catch_up()
    return works


def read(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    html = answer.content.decode()
    html5lib.HTMLParser(strict=True).parse(html)
    return html


def titles(html):
    return re.findall(r'<h3><a href="/works/[^"]*"[^>]*><bdi>([^<]*)</bdi>', html)


def total(html):
    return int(re.search(r'data-total="(\d+)"', html)[1])


def counts(html, name="with"):
    """The choices of the panel under ``name``: {value: (count, chosen)}."""
    pattern = rf'name="{name}" value="([^"]*)"( checked)?>(?:(?!</label>).)*?<span class="count">(\d+)</span>'
    return {entities.unescape(value): (int(count), bool(chosen)) for value, chosen, count in re.findall(pattern, html)}


# ── narrowing
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("with=mood:calm", "Amber Beryl Drift Gale"),
        ("with=mood:calm&with=mood:wry", "Beryl"),
        ("with=mood:calm,mood:wry", "Amber Beryl Coral Drift Flood Gale"),
        ("with=mood:calm&with=mood:wry&any=mood", "Amber Beryl Coral Drift Flood Gale"),
        ("with=rating:g&with=rating:pg", "Amber Beryl Drift Flood"),
        ("with=mood:calm&not=rating:g", "Beryl Gale"),
        ("not=mood:calm,mood:grim", "Coral"),
        ("lang=de,fr", "Coral Drift Ebb"),
        ("lang=de&lang=fr", "Coral Drift Ebb"),
        ("words=1000-5000", "Beryl"),
        ("words-from=1,000&words-to=5.000", "Beryl"),
        ("words=1k-", "Beryl Coral"),
        ("words=5000-1000", "Beryl"),
        ("chapters=2-", "Coral"),
        ("posted=2003", "Beryl Coral"),
        ("posted=2003-06..2010", "Coral Drift"),
        ("posted-to=2003-05", "Amber Beryl"),
        ("complete=yes", "Amber"),
        ("complete=no", "Drift"),
        ("crossover=yes", "Coral"),
        ("by=bo-reed", "Gale"),
        ("q=lantern&with=fandom:sky&crossover=no", "Drift Ebb"),
        ("q=title:beryl OR title:coral&lang=de", "Coral"),
    ],
)
def test_every_condition_narrows(client, library, query, found):
    html = read(client, f"/search?{query}&order=title")
    assert titles(html) == found.split()
    assert total(html) == len(found.split())


def test_counts_are_what_each_choice_would_leave(client, library):
    address = "/search?q=lantern&with=mood:calm&lang=en,de&order=title"
    html = read(client, address)
    for name, parameter in (("with", "with"), ("lang", "lang"), ("complete", "complete")):
        for value, (count, chosen) in counts(html, name).items():
            if chosen:
                continue
            wider = address.replace("lang=en,de&", "") if name == "lang" else address
            assert total(read(client, f"{wider}&{parameter}={value}")) == count, (name, value)


def test_counts_of_a_rating_do_not_hide_the_other_ratings(client, library):
    html = read(client, "/search?with=rating:g&order=title")
    assert counts(html)["rating:g"] == (2, True)
    assert counts(html)["rating:pg"] == (2, False)
    assert counts(html)["rating:r"] == (3, False)


def test_ticking_something_else_keeps_groups_that_ticks_cannot_say(client, library):
    html = read(client, "/search?with=mood:calm,mood:grim&with=mood:wry&with=rating:pg,mood:calm&order=title")
    assert titles(html) == ["Beryl", "Flood"]
    fields = re.findall(r'type="hidden" name="(with)" value="([^"]*)"|name="(with)" value="([^"]*)" checked', html)
    query = "&".join(f"with={hidden or ticked}" for _, hidden, _, ticked in fields)
    again = client.get(f"/search?go=1&order=title&{query}")["Location"]
    assert titles(read(client, again)) == ["Beryl", "Flood"]


def test_what_is_left_out_stays_in_the_panel(client, library):
    html = read(client, "/search?not=mood:grim&order=title")
    assert titles(html) == ["Amber", "Beryl", "Coral", "Drift", "Gale"]
    assert re.search(r'name="not" value="mood:grim" checked', html)


def test_a_chip_takes_its_condition_away(client, library):
    html = read(client, "/search?q=lantern&with=mood:calm&not=rating:g&words=1000-&order=title")
    chips = {
        re.sub(r"<[^>]+>", "", words): entities.unescape(url)
        for url, words in re.findall(
            r'<a href="([^"]*)" data-narrow(?: class="not")?>(<span class="label">.*?)</a>', html
        )
    }
    assert len(chips) == 3
    found = {words.split(" ×")[0]: total(read(client, url)) for words, url in chips.items()}
    assert found == {"Moods Calm": 2, "not Ratings G": 1, "Length 1,000 words and more": 2}


def test_a_form_leads_to_one_short_address(client, library):
    sent = "go=1&q=&with=rating:pg&with=rating:g&with=mood:calm&words-from=10&words-to=&complete=&lang=de&lang=en"
    answer = client.get(f"/search?{sent}")
    assert answer.status_code == 302
    assert answer["Location"] == "/search?with=mood:calm&with=rating:g,rating:pg&lang=de,en&words=10-"
    other = client.get("/search?go=1&lang=en,de&words=10-&with=mood:calm&with=rating:g&with=rating:pg&utm=x")
    assert other["Location"] == answer["Location"]


def test_the_address_of_the_page_is_its_canonical_one(client, library):
    html = read(client, "/search?utm_source=x&lang=en,de&with=mood:calm")
    assert '<link rel="canonical" href="http://testserver/search?with=mood:calm&amp;lang=de,en">' in html


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("with=mood:nothing-like-it", "There is no tag “mood:nothing-like-it” here"),
        ("with=fandom:secret", "There is no tag “fandom:secret” here"),
        ("words=many", "“many” is no number of words"),
        ("posted=soon", "“soon” is no date"),
        ("posted=2003-13", "“2003-13” is no date"),
        ("posted=2003-02-30", "“2003-02-30” is no date"),
        ("order=sideways", "There is no order “sideways”"),
        ("by=nobody", "Nobody is called “nobody” here"),
        ("words=9-5", "From 9 to 5 words there is nothing; the two were exchanged."),
        ("with=%00&not=:::&lang=%3Cb%3E", "is no language"),
    ],
)
def test_wrong_values_are_explained_and_the_rest_is_used(client, library, query, said):
    html = entities.unescape(read(client, f"/search?{query}&q=lantern"))
    assert said in html


def test_what_only_hidden_works_have_is_nowhere(client, library):
    lists = ["/search?q=lantern", "/new", "/browse", "/browse/fandom", "/browse/mood/calm", "/new?more=fandom"]
    asked = ["/search/names?q=secret", "/search/suggest?q=secret", "/new?more=fandom&find=secret"]
    for address in (*lists, *asked, "/new?more=fandom&form=json&find=sec"):
        words = (
            client.get(address)
            .content.decode()
            .replace("secret&quot;", "")
            .replace('value="secret"', "")
            .replace("q=secret", "")
            .replace("find=secret", "")
        )
        assert "Secret" not in words, address
        assert "fandom:secret" not in words, address
        assert "Hidden" not in words, address


def test_nothing_found_tells_what_to_loosen(client, library):
    html = read(client, "/search?with=mood:calm&with=mood:grim&lang=de")
    assert total(html) == 0
    ways = {
        entities.unescape(words): int(count)
        for words, count in re.findall(
            r"<bdi>([^<]*)</bdi></a> <span class=\"count\">(\d+)</span></li>", html.split('class="nothing"')[1]
        )
    }
    assert ways == {"without Grim": 1, "any one of Calm and Grim": 1}
    for url in re.findall(r'<li><a href="([^"]*)" data-narrow><bdi>', html.split('class="nothing"')[1]):
        assert total(read(client, entities.unescape(url))) > 0


def test_bars_show_lengths_and_lead_to_them(client, library):
    html = read(client, "/new")
    bars = dict(re.findall(r'<a href="([^"]*)" data-narrow title="([^"]*)">', html))
    assert set(bars.values()) == {"under 1,000 words: 5", "1,000 to 2,499 words: 1", "10,000 to 24,999 words: 1"}
    for url, said in bars.items():
        assert total(read(client, entities.unescape(url))) == int(said.rsplit(": ")[-1])


NAMES = (
    "q", "with", "not", "by", "series", "lang", "kind", "words", "words-from", "words-to", "chapters",
    "single", "updated", "updated-from", "posted", "complete", "crossover", "order", "page", "any", "more", "find",
    "letter", "form", "go",
)  # fmt: skip
VALUES = (
    "", "mood:calm", "mood:calm,mood:wry,x", ":", "a:b:c", "1-", "-1", "9" * 30, "0000", "9999..", "..", "-", "yes",
    "en,en,EN", "title:", "\x00", "\u202e", "a" * 3000, "mood", "json", "2003-02-31..2001",
    "(((", "kind:%", "1e9", "٣", "bo-reed",
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(VALUES) | st.text(max_size=20)), max_size=8))
def test_no_address_breaks_a_list(client, library, pairs):
    query = urlencode(pairs, errors="replace")
    for path in ("/search", "/browse/mood/calm"):
        answer = client.get(f"{path}?{query}")
        assert answer.status_code in {200, 302, 404}, query
        if answer.status_code == 302:
            assert client.get(answer["Location"]).status_code in {200, 302}, query


# ── the same panel everywhere
@pytest.mark.parametrize("address", ["/new", "/updated", "/browse/mood/calm", "/authors/bo-reed", "/search?q=lantern"])
def test_every_list_has_the_panel_and_a_constant_number_of_queries(client, library, address):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    assert 'id="filters"' in read(client, address)
    with CaptureQueriesContext(connection) as few:
        read(client, address)
    more = [
        told(n, f"More {n}", "fandom:Sea", "mood:Calm", f"mood:M{n}", credits=(m.Credit(name="Bo Reed"),), n=2)
        for n in range(100, 130)
    ]
    bridge.keep_all(more)
    indexing.catch_up()
    read(client, address)
    with CaptureQueriesContext(connection) as many:
        read(client, address)
    assert len(many) <= len(few)
    assert len(many) < 26


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/titles",
        "/authors",
        "/series",
        "/browse",
        "/browse/mood",
        "/new?more=mood",
        "/search/names?q=m",
        "/feed/new",
    ],
)
def test_every_index_costs_the_same_however_long_it_is(client, library, address):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    more = [
        told(n, f"M{n}", f"mood:M{n}", credits=(m.Credit(name=f"M {n}"),), series=(m.SeriesPlace(title=f"M{n}"),))
        for n in range(100, 130)
    ]
    bridge.keep_all(more)
    indexing.catch_up()
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert 0 < len(many) <= len(few) + 3  # names of sorts that were not there before


def test_the_page_of_an_empty_search_has_everything_and_says_what_can_be_asked(client, library):
    html = read(client, "/search")
    assert total(html) == 7
    assert "What you can ask" in html


def test_a_series_is_narrowed_in_its_own_order(client, db):
    place = [m.SeriesPlace(title="Tides", position=n) for n in (3, 1, 2)]
    bridge.keep_all(
        [told(n, f"Part {'cab'[n - 1]}", f"mood:{'AAB'[n - 1]}", series=(place[n - 1],)) for n in (1, 2, 3)]
    )
    indexing.catch_up()
    address = Work.objects.first().series_places.first().series.get_absolute_url()
    assert titles(read(client, address)) == ["Part a", "Part b", "Part c"]
    assert titles(read(client, f"{address}?with=mood:a")) == ["Part a", "Part c"]
    assert titles(read(client, f"{address}?order=title&with=mood:a")) == ["Part a", "Part c"]


def test_pages_of_a_list_hold_every_work_once(client, db):
    bridge.keep_all([told(n, f"W{n:02}", "mood:Calm", "mood:Wry") for n in range(45)])
    indexing.catch_up()
    seen = [
        title
        for page in (1, 2, 3)
        for title in titles(read(client, f"/browse/mood/calm?with=mood:wry&order=title&page={page}"))
    ]
    assert seen == [f"W{n:02}" for n in range(45)]
    assert client.get("/browse/mood/calm?page=99&with=mood:wry")["Location"] == "/browse/mood/calm?with=mood:wry&page=3"


# ── more tags
def test_all_tags_of_a_kind_under_the_list(client, db):
    bridge.keep_all([told(n, f"W{n}", f"mood:Mood {n:02}", "mood:Common") for n in range(14)])
    indexing.catch_up()
    html = read(client, "/new")
    more = entities.unescape(re.search(r'<a href="([^"]*more=mood)"', html)[1])
    html = read(client, more)
    assert html.count("Mood ") >= 14
    html = read(client, f"{more}&find=moood 07")
    assert "Mood 07" in html
    assert "Mood 03" not in html
    (first, *_) = client.get(f"{more}&form=json&find=mood 0").json()["tags"]
    assert first["count"] == 1
    assert titles(read(client, f"/new?with={first['value']}"))


# ── suggestions
def test_suggestions_forgive_a_typo_and_lead_on(client, library):
    names = client.get("/search/suggest?q=ber").json()["names"]
    assert ("Beryl", "Title") in {(each["words"], each["kind"]) for each in names}
    names = client.get("/search/suggest?q=bo ree").json()["names"]
    assert {(each["words"], each["url"]) for each in names} >= {("Bo Reed", "/authors/bo-reed")}
    names = client.get("/search/suggest?q=corak").json()["names"]
    assert "Coral" in {each["words"] for each in names}
    assert client.get("/search/suggest?q=").json() == {"names": []}


def test_authors_series_and_subjects_are_searched_too(client, library):
    html = read(client, "/search/names?q=calm")
    assert 'href="/browse/mood/calm"' in html
    assert 'href="/authors/bo-reed"' in read(client, "/search/names?q=reed")
    assert "No author, series or subject" in read(client, "/search/names?q=zzzz")


# ── never show me
@pytest.fixture
def member(cast):
    return cast.browsers["member"]


def avoid(member, **what):
    answer = member.post("/never/ask", what)
    assert answer.status_code == 302, what
    return answer


def test_what_is_avoided_is_nowhere_and_counts_agree(member, library):
    before = read(member, "/search?q=lantern&order=title")
    assert len(titles(before)) == 7
    avoid(member, tag="mood:grim")
    avoid(member, person="bo-reed")
    avoid(member, work=library["Amber"].ref)
    html = read(member, "/search?q=lantern&order=title")
    assert titles(html) == ["Beryl", "Coral", "Drift"]
    assert total(html) == 3
    assert "mood:grim" not in counts(html)
    assert counts(html)["mood:calm"] == (2, False)
    lists = ["/", "/new", "/updated", "/titles", "/authors", "/browse", "/browse/mood", "/browse/mood/calm"]
    for address in (*lists, "/search/suggest?q=am", "/search/suggest?q=gal", "/search/names?q=grim"):
        words = member.get(address).content.decode()
        for gone in ("Amber", "Gale", "Ebb", "Flood", "Bo Reed"):
            assert gone not in words, (address, gone)
    found = {member.get("/random")["Location"] for _ in range(20)}
    assert found <= {library[title].get_absolute_url() for title in ("Beryl", "Coral", "Drift")}


def test_a_tag_is_avoided_with_all_under_it(member, library):
    over = Tag.objects.create(kind=TagKind.objects.get(key="mood"), name="Feelings")
    for tag in Tag.objects.filter(kind__key="mood", slug__in=("calm", "grim")):
        tag.parents.add(over)
    indexing.rebuild()
    avoid(member, tag="mood:feelings")
    assert titles(read(member, "/search?q=lantern&order=title")) == ["Coral"]
    assert "Amber" not in member.get("/titles").content.decode()


def test_avoiding_can_be_undone_at_once_and_later(member, library):
    avoid(member, work=library["Amber"].ref)
    html = read(member, "/new")
    assert "You will not meet “Amber” again." in html
    (undo,) = re.findall(r'name="id" value="(undo-\d+)"', html)
    assert "Amber" in read(member, "/never")
    assert member.post("/never/again", {"id": undo}).status_code == 302
    assert not Avoided.objects.exists()
    assert "Amber" in titles(read(member, "/new"))


def test_another_member_takes_nothing_back(cast, library):
    avoid(cast.browsers["member"], work=library["Amber"].ref)
    cast.browsers["author"].post("/never/again", {"id": Avoided.objects.get().pk})
    assert Avoided.objects.count() == 1
    assert "Amber" not in read(cast.browsers["author"], "/never")


def test_a_work_that_is_avoided_says_so_at_its_address(member, library):
    avoid(member, tag="mood:calm")
    url = library["Amber"].get_absolute_url()
    html = read(member, url)
    assert "You asked never to be shown" in html
    assert "Calm" in html
    assert "lantern" not in html
    shown = read(member, f"{url}?anyway=1")
    assert "lantern" in shown


def test_nobody_hides_what_they_may_not_see(member, library):
    assert member.post("/never/ask", {"work": library["Hidden"].ref}).status_code == 404
    assert member.post("/never/ask", {"tag": "fandom:secret"}).status_code == 404
    assert member.get(f"/never/ask?work={library['Hidden'].ref}").status_code == 404


def test_strangers_are_asked_to_sign_in(client, library):
    for address in ("/never", "/never/ask?tag=mood:calm", "/search/saved", "/search/saved/new?of=/new", "/reading-log"):
        assert client.get(address)["Location"].startswith("/account/login/")


# ── saved searches and feeds
def save(member, of, name="Mine"):
    assert member.post("/search/saved/new", {"of": of, "name": name}).status_code == 302
    return SavedSearch.objects.get(name=name)


def test_a_search_is_saved_opened_renamed_and_deleted(member, library):
    row = save(member, "/browse/mood/calm?utm=1&lang=en&page=3")
    assert row.address == "/browse/mood/calm?lang=en"
    assert member.get(f"/search/saved/{row.ref}")["Location"] == row.address
    member.post(f"/search/saved/{row.ref}/edit", {"name": "Calm ones"})
    assert "Calm ones" in read(member, "/search/saved")
    member.post(f"/search/saved/{row.ref}/delete")
    assert not SavedSearch.objects.exists()


def test_saved_searches_tell_what_is_new(member, library):
    row = save(member, "/browse/mood/calm")
    assert "badge" not in read(member, "/search/saved")
    bridge.keep_all([told(50, "Fresh", "mood:Calm"), told(51, "Other", "mood:Grim")])
    indexing.catch_up()
    assert "1 new</span>" in read(member, "/search/saved")
    opened = member.get(f"/search/saved/{row.ref}", follow=True)
    assert opened.redirect_chain[-1][0] == "/browse/mood/calm?order=newest"
    page = opened.content.decode()
    assert "1 new since you last looked" in page
    assert re.search("<h3><a [^>]*><bdi>(.*?)<", page)[1] == "Fresh"
    assert "badge" not in read(member, "/search/saved")
    assert member.get(f"/search/saved/{row.ref}")["Location"] == row.address


def test_letters_are_asked_for_where_a_search_is_saved_and_begin_then(member, library, with_mail):
    assert "Once a week" in read(member, "/search/saved/new?of=/new")
    member.post("/search/saved/new", {"of": "/new", "name": "Weekly", "mail": "weekly"})
    member.post("/search/saved/new", {"of": "/updated", "name": "Odd", "mail": "hourly"})
    assert dict(SavedSearch.objects.values_list("name", "mail")) == {"Weekly": "weekly", "Odd": ""}
    row = SavedSearch.objects.get(name="Odd")
    member.post(f"/search/saved/{row.ref}/edit", {"name": "Odd", "mail": "daily"})
    assert SavedSearch.objects.get(name="Odd").mailed_at > row.mailed_at


def test_nobody_opens_the_searches_of_others(cast, library):
    row = save(cast.browsers["member"], "/new")
    for action in ("", "/edit", "/delete"):
        assert cast.browsers["author"].get(f"/search/saved/{row.ref}{action}").status_code == 404
    assert "Mine" not in read(cast.browsers["author"], "/search/saved")


NO_LISTS = (
    "//evil.example/new", "https://evil.example/new", "/account/login/", "/works/x", "/nowhere", "",
    "/browse/fandom/secret",
)  # fmt: skip


@pytest.mark.parametrize("of", NO_LISTS)
def test_only_lists_of_this_archive_are_saved(member, library, of):
    assert member.post("/search/saved/new", {"of": of, "name": "x"}).status_code == 404


def test_every_list_has_a_feed(client, library):
    from lxml import etree

    html = read(client, "/browse/mood/calm?lang=en")
    (address,) = set(re.findall(r'href="(/feed/[^"]*)"', html))
    answer = client.get(entities.unescape(address))
    assert answer["Content-Type"].startswith("application/atom+xml")
    feed = etree.fromstring(answer.content)
    assert [each.text for each in feed.findall("{*}entry/{*}title")] == ["Beryl", "Amber"]
    assert feed.find("{*}link[@rel='alternate']").get("href") == "http://testserver/browse/mood/calm?lang=en"
    for entry in feed.findall("{*}entry"):
        for name in ("id", "updated", "published", "author", "summary"):
            assert entry.find(f"{{*}}{name}") is not None


def test_feeds_show_what_their_readers_may_see(cast, client, library):
    hidden = client.get("/feed/search?q=lantern").content.decode()
    assert "Hidden" not in hidden
    assert client.get("/feed/browse/fandom/secret").status_code == 404
    assert client.get("/feed/account/login/").status_code == 404
    avoid(cast.browsers["member"], work=library["Amber"].ref)
    row = save(cast.browsers["member"], "/search?q=lantern")
    own = client.get(f"/feed/saved/{row.token}").content.decode()
    assert "Beryl" in own
    assert "Amber" not in own
    assert client.get("/feed/saved/not-a-token").status_code == 404


# ── the reading log
def test_lists_tell_what_was_read_and_what_is_new(member, library):
    work = library["Coral"]
    member.get(work.get_absolute_url())
    assert "Opened to chapter 1" in read(member, "/new")
    member.get(f"{work.get_absolute_url()}/2")
    assert '<li class="badge">Read</li>' in read(member, "/new")
    bridge.keep(told(3, "Coral", "mood:Wry", n=4))
    indexing.catch_up()
    assert "2 new chapters" in read(member, "/new")


def test_what_a_browser_fetches_ahead_is_not_read(member, library):
    member.get(library["Amber"].get_absolute_url(), headers={"sec-purpose": "prefetch"})
    assert not Opened.objects.exists()


def test_the_log_is_off_by_one_switch_and_can_be_emptied_and_taken_along(member, library):
    member.get(library["Amber"].get_absolute_url())
    assert "Amber" in member.get("/reading-log/as-csv").content.decode()
    assert "Amber" in read(member, "/reading-log")
    member.post("/reading-log", {"off": ""})
    member.get(library["Beryl"].get_absolute_url())
    assert Opened.objects.count() == 1
    assert "badge" not in read(member, "/new")
    member.post("/reading-log", {"empty": ""})
    assert not Opened.objects.exists()


def test_visitors_leave_no_trace(client, library):
    client.get(library["Amber"].get_absolute_url())
    assert not Opened.objects.exists()


# ── more like this
def test_a_story_tells_which_are_like_it(client, library):
    html = read(client, library["Amber"].get_absolute_url())
    assert "More like this" in html
    assert "Hidden" not in html


@pytest.mark.parametrize("who", PEOPLE)
def test_lists_show_what_each_may_see(cast, works, who):
    indexing.catch_up()
    seen = (
        {works[visibility].title for visibility in SEEN_BY[who]}
        if isinstance(SEEN_BY, dict) and who in SEEN_BY
        else None
    )
    html = read(cast.browsers[who], "/browse/mood/calm?order=title")
    if seen is not None:
        assert set(titles(html)) == seen


def test_people_with_nothing_to_see_are_not_named(client, works):
    Work.objects.all().update(visibility="hidden")
    indexing.rebuild()
    slug = Person.objects.get(name="Ada Vane").slug
    assert "Ada Vane" not in read(client, f"/search?by={slug}&q=lantern")


def test_the_page_of_saved_searches_costs_the_same_for_one_and_for_many(member, library):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    of = ["/browse/mood/calm", "/authors/bo-reed", "/new?with=mood:wry", "/search?q=tide&by=bo-reed", "/new?lang=de"]
    save(member, of[0], "0")
    read(member, "/search/saved")
    with CaptureQueriesContext(connection) as one:
        read(member, "/search/saved")
    for name, address in enumerate(of, 1):
        save(member, address, str(name))
    with CaptureQueriesContext(connection) as many:
        html = read(member, "/search/saved")
    assert len(many) <= len(one) + 3  # people are looked up, too
    assert "not here" not in html


def test_members_take_along_what_they_kept_and_erase_it(member, cast, library):
    from storykeep.site.reading.belongings import BELONGING

    user = cast.users["member"]
    avoid(member, tag="mood:grim")
    save(member, "/new?lang=de")
    member.get(library["Amber"].get_absolute_url())
    files = {name: data.decode() for name, data in BELONGING.export(user)}
    assert "Grim" in files["never-shown.json"]
    assert "/new?lang=de" in files["saved-searches.json"]
    assert "Amber" in files["reading-log.json"]
    BELONGING.erase(user)
    assert not any(model.objects.exists() for model in (Avoided, SavedSearch, Opened))


# ── letters about what is new
@pytest.fixture
def with_mail(settings):
    from dataclasses import replace

    settings.HOUSE = replace(settings.HOUSE, mail="smtp://mail.example")


def wait_a_week():
    for row in SavedSearch.objects.all():
        row.mailed_at -= dt.timedelta(days=8)
        row.looked_at -= dt.timedelta(days=8)
        row.save()


def test_one_letter_tells_what_is_new_and_nothing_else(member, library, with_mail, mailoutbox):
    first, second = save(member, "/browse/mood/calm", "Calm ones"), save(member, "/new?lang=fr", "French")
    for row in (first, second):
        assert "Once a week" in read(member, f"/search/saved/{row.ref}/edit")
        member.post(f"/search/saved/{row.ref}/edit", {"name": row.name, "mail": "weekly"})
    assert digests.send_due() == 0
    wait_a_week()
    assert digests.send_due() == 1
    (letter,) = mailoutbox
    assert letter.to == ["member@example.org"]
    assert "Calm ones (4 new)" in letter.body
    assert "French (1 new)" in letter.body
    assert library["Amber"].get_absolute_url() in letter.body
    assert "Hidden" not in letter.body
    assert letter.extra_headers["List-Unsubscribe"]
    assert digests.send_due() == 0


def test_letters_end_by_a_button_without_signing_in(member, client, library, with_mail, mailoutbox):
    row = save(member, "/browse/mood/calm")
    SavedSearch.objects.update(mail="daily")
    wait_a_week()
    digests.send_due()
    off = re.search(r"No more such letters: http://[^/]+(\S+)", mailoutbox[0].body)[1]
    assert "Shall no more letters come" in read(client, off)
    row.refresh_from_db()
    assert row.mail == "daily"
    assert "No more letters come" in client.post(off).content.decode()
    wait_a_week()
    assert digests.send_due() == 0
    assert client.get("/feed/letters/forged/off").status_code == 404


def test_without_a_mail_server_there_are_no_letters(member, library, mailoutbox):
    row = save(member, "/browse/mood/calm")
    assert "Once a week" not in read(member, f"/search/saved/{row.ref}/edit")
    SavedSearch.objects.update(mail="daily")
    wait_a_week()
    assert digests.send_due() == 0
    assert mailoutbox == []
