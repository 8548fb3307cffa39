"""The wrangling desk as wranglers use it: bins, the effect before the deed, pairs, the log; and who may enter."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from moonlit import story
from storykeep.model import story as m
from storykeep.site.tags import presets
from storykeep.site.tags.models import Tag, TagKind
from storykeep.site.works import bridge
from storykeep.site.wrangling import looking
from storykeep.site.wrangling.likeness import Name, pairs
from storykeep.site.wrangling.models import Action, Alike

pytestmark = pytest.mark.django_db
PAGES = ("", "/tags", "/tags/{tag}", "/alike", "/log")
POSTS = ("/effect", "/deeds", "/alike/look", "/alike/1", "/log/abc/undoing", "/log/abc/redoing")
DESK = "/desk/wrangling"


@pytest.fixture
def wrangler(cast):
    from storykeep.site.accounts.models import User
    from storykeep.site.accounts.roles import give

    user = User.objects.create_user("wrangler", "wrangler@example.org", "correct horse battery")
    give(user, "wrangler")
    browser = Client()
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


@pytest.fixture
def tags():
    """Works with tags that belong together, by name."""
    given = (
        (("pairing", "Ada/Bee"), ("theme", "Storms")),
        (("pairing", "Bee/Ada"), ("theme", "Storm")),
        (("theme", "Storms"),),
    )
    for number, names in enumerate(given):
        bridge.keep(story(number, f"Story {number}", tags=tuple(m.Tag(kind=kind, name=name) for kind, name in names)))
    return {tag.name: tag for tag in Tag.objects.all()}


def post(browser, where, **fields):
    return browser.post(f"{DESK}{where}", fields, follow=True)


def words(answer):
    return " ".join(re.sub(r"<[^<>]*>", " ", answer.content.decode()).split())


@pytest.mark.parametrize("page", PAGES)
def test_only_wranglers_and_archivists_see_the_desk(cast, wrangler, tags, page):
    path = DESK + page.format(tag=tags["Storms"].pk)
    for who in ("visitor", "member", "author"):
        assert cast.browsers[who].get(path).status_code == 404
    for browser in (wrangler, cast.browsers["archivist"], cast.browsers["host"]):
        assert browser.get(path).status_code == 200


@pytest.mark.parametrize("path", POSTS)
def test_only_wranglers_and_archivists_do_anything(cast, wrangler, path):
    for who in ("visitor", "member", "author"):
        assert cast.browsers[who].post(DESK + path, {"verb": "settle", "tag": "1", "said": "same"}).status_code == 404
    assert wrangler.get(DESK + path).status_code == 405
    assert not Action.objects.exists()


def test_a_wrangler_finds_the_desk_and_no_other(wrangler, cast):
    assert "/desk/wrangling" in wrangler.get("/").content.decode()
    assert wrangler.get("/desk").status_code == 404
    assert "/desk/wrangling" in cast.browsers["archivist"].get("/desk").content.decode()


def test_bins_hold_what_is_to_be_done(wrangler, tags):
    presets.apply("many-fandoms")
    listed = words(wrangler.get(f"{DESK}/tags?bin=new&kind=theme"))
    assert "2 tags" in listed
    post(wrangler, "/effect", verb="settle", tag=[tags["Storms"].pk], bin="new")
    listed = words(wrangler.get(f"{DESK}/tags?bin=new&kind=theme"))
    assert "1 tag" in listed
    assert "Storms" not in listed.partition("1 tag")[2]
    unused = words(wrangler.get(f"{DESK}/tags?bin=unused"))
    assert "Romance" in unused
    assert "Ada/Bee" not in unused
    assert "No tag is like that" in words(wrangler.get(f"{DESK}/tags?q=zebra"))


def test_characters_without_a_fandom_are_in_a_bin(wrangler):
    presets.apply("many-fandoms")
    bridge.keep(story(1, "One", tags=(m.Tag(kind="fandom", name="Quay"), m.Tag(kind="character", name="Ada"))))
    assert "Ada" in words(wrangler.get(f"{DESK}/tags?bin=loose&kind=character"))
    post(wrangler, "/deeds", verb="nest", tag=Tag.objects.get(name="Ada").pk, under="Quay")
    assert "Ada" not in words(wrangler.get(f"{DESK}/tags?bin=loose&kind=character"))
    assert set(Tag.objects.get(name="Ada").parents.all()) == {Tag.objects.get(name="Quay")}


def test_the_effect_is_shown_and_only_then_done(wrangler, tags, client):
    fields = {"verb": "merge", "tag": [tags["Storm"].pk], "into": "storms", "next": f"{DESK}/tags?bin=all"}
    shown = words(post(wrangler, "/effect", **fields))
    assert "“Storm” merged into “Storms”" in shown
    assert "1 work would be found" in shown
    assert "/browse/theme/storm would lead to /browse/theme/storms" in shown
    assert Tag.objects.get(name="Storm").synonym_of is None
    done = post(wrangler, "/deeds", **fields)
    assert done.redirect_chain[-1][0] == f"{DESK}/tags?bin=all"
    assert "“Storm” merged into “Storms”." in words(done)
    assert client.get("/browse/theme/storm")["Location"] == "/browse/theme/storms"
    (action,) = Action.objects.all()
    assert action.by.username == "wrangler"
    assert "Undone" in words(post(wrangler, f"/log/{action.ref}/undoing"))
    assert Tag.objects.get(name="Storm").synonym_of is None
    post(wrangler, f"/log/{action.ref}/redoing")
    assert Tag.objects.get(name="Storm").synonym_of == tags["Storms"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"verb": "merge", "into": "Storms"}, "Tick at least one"),
        ({"verb": "merge", "tag": "1", "into": ""}, "Name the tag"),
        ({"verb": "merge", "tag": "1", "into": "Nothing so called"}, "no tag called"),
        ({"verb": "settle", "tag": "99999999"}, "no longer there"),
        ({"verb": "move", "tag": "1", "kind_to": "zebra"}, "Choose a kind"),
        ({"verb": "explode", "tag": "1"}, "Choose what"),
        ({"verb": "rename", "tag": ["1", "2"], "name": "x"}, "one tag at a time"),
        ({"verb": "take-out", "tag": "1", "over": "x"}, "taken out"),
    ],
)
def test_what_can_not_be_done_is_said_and_nothing_breaks(wrangler, tags, fields, said):
    for where in ("/effect", "/deeds"):
        answer = post(wrangler, where, **fields)
        assert answer.status_code == 200
        assert said in words(answer)
    assert not Action.objects.exists()


def test_all_that_a_filter_shows_are_changed_together(wrangler, tags):
    post(wrangler, "/deeds", verb="settle", all="1", bin="new", kind="theme")
    assert set(Tag.objects.filter(settled=True).values_list("name", flat=True)) == {"Storms", "Storm"}
    assert Action.objects.count() == 1


def test_a_tag_can_be_renamed_split_added_and_removed(wrangler, tags):
    storm = tags["Storm"].pk
    post(wrangler, "/deeds", verb="rename", tag=storm, name="Storm at sea")
    post(wrangler, "/deeds", verb="split", tag=storm, parts="Storms\npairing: Ada/Cy")
    page = words(wrangler.get(f"{DESK}/tags/{storm}"))
    assert "stands for several" in page
    assert "Ada/Cy" in page
    assert "Was called Storm" in page
    post(wrangler, "/deeds", verb="make", name="Tides", kind_to="theme")
    post(wrangler, "/deeds", verb="remove", tag=Tag.objects.get(name="Tides").pk)
    assert not Tag.objects.filter(name="Tides").exists()
    assert wrangler.get(f"{DESK}/log").content.decode().count("<li") > 4


def test_hostile_names_are_shown_as_text(wrangler):
    name = "<script>alert(1)</script>\"'>{{7*7}}"
    bridge.keep(
        story(1, "One", tags=(m.Tag(kind="theme", name=name), m.Tag(kind="theme", name="<Script>alert(1) script")))
    )
    tag = Tag.objects.get(name=name)
    looking.look()
    for path in ("", "/tags", f"/tags/{tag.pk}", "/alike", "/log"):
        html = wrangler.get(DESK + path).content.decode()
        assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in wrangler.get(f"{DESK}/tags").content.decode()
    post(wrangler, "/deeds", verb="merge", tag=[tag.pk], into="<Script>alert(1) script")
    assert "<script>alert" not in wrangler.get(f"{DESK}/log").content.decode()


def test_pages_cost_the_same_however_many_tags_there_are(wrangler, tags):
    for path in ("", "/tags?bin=all", f"/tags/{tags['Storms'].pk}", "/alike", "/log", "/list"):
        few = queries(wrangler, path)
        more_tags(len(path))
        assert 0 < queries(wrangler, path) <= few, path


def queries(browser, path):
    browser.get(DESK + path)  # new tags are compared once
    with CaptureQueriesContext(connection) as made:
        browser.get(DESK + path)
    return len(made)


def more_tags(number):
    kind = TagKind.objects.get(key="theme")
    for each in range(20):
        made = Tag.objects.create(kind=kind, name=f"Wave {number} {chr(97 + each)}ling")
        Tag.objects.create(kind=kind, name=f"Waves {number} {chr(97 + each)}ling")
        made.parents.add(Tag.objects.get(name="Storms"))
        Action.objects.create(verb="make", words="x")


# ── pairs
def test_pairs_are_proposed_with_a_reason_and_decided_one_after_another(wrangler, tags):
    page = words(wrangler.get(f"{DESK}/alike"))
    assert "the same names in another order" in page
    assert "one is the plural" in page
    order, plural = (Alike.objects.get(reason=reason) for reason in ("order", "plural"))
    answer = post(wrangler, f"/alike/{order.pk}", said="same", at="0")
    assert "merged into" in words(answer)
    assert Tag.objects.filter(synonym_of__isnull=False).get().kind.key == "pairing"
    answer = post(wrangler, f"/alike/{plural.pk}", said="apart")
    assert "are not the same" in words(answer)
    assert "No two tags look alike" in words(answer)
    looking.look()
    assert "No two tags look alike" in words(wrangler.get(f"{DESK}/alike"))
    post(wrangler, f"/log/{Action.objects.get(verb='apart').ref}/undoing")
    assert "one is the plural" in words(wrangler.get(f"{DESK}/alike"))


def test_the_other_name_may_stay(wrangler, tags):
    wrangler.get(f"{DESK}/alike")
    plural = Alike.objects.get(reason="plural")
    post(wrangler, f"/alike/{plural.pk}", said="other-way")
    assert Tag.objects.get(name="Storms").synonym_of.name == "Storm"
    assert wrangler.post(f"{DESK}/alike/{plural.pk}", {"said": "perhaps"}).status_code == 404


def test_what_looked_like_a_merged_tag_is_proposed_for_the_other(wrangler):
    presets.apply("many-fandoms")
    kind = TagKind.objects.get(key="keyword")
    for number, name in enumerate(("Slow burn", "Slow-burn", "slow  burn!")):
        Tag.objects.create(kind=kind, name=name, uses=9 - number)
    wrangler.get(f"{DESK}/alike")
    post(wrangler, f"/alike/{Alike.objects.first().pk}", said="other-way")
    assert Alike.objects.count() == 3
    page = words(wrangler.get(f"{DESK}/alike"))
    assert "1 pair" in page
    assert "Slow-burn" in page


def found(*names, ties=False):
    """Return the pairs among names that are used ever less, as (one, other, reason)."""
    given = [Name(number, 1, name, 100 - number, ties) for number, name in enumerate(names, start=1)]
    return {(names[pair.tag - 1], names[pair.into - 1], pair.reason) for pair in pairs(given)}


@pytest.mark.parametrize(
    ("into", "tag", "reason"),
    [
        ("spike/buffy", "buffy/spike", "order"),
        ("spike & dawn", "dawn&spike", "order"),
        ("spike/buffy", "spike x buffy", "order"),
        ("post-grave", "post grave", "punctuation"),
        ("postgrave", "post-grave", "punctuation"),
        ("vampire", "vampires", "plural"),
        ("fairy tale", "fairies tale", "plural"),
        ("rain and angst", "angst and rain", "words"),
        ("end of the world", "end of world", "small"),
        ("willow", "wilow", "typo"),
        ("hurt comfort story", "hurt comfrot story", "typo"),
        ("cordelia", "cordeila", "typo"),
    ],
)
def test_what_looks_alike_and_why(into, tag, reason):
    assert found(into, tag, ties="/" in into or "&" in into) == {(tag, into, reason)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("season 1", "season 2"), ("season1", "season2"), ("cat", "bat"), ("gas", "ga"),
        ("the", "a"), ("***", "!!!"), ("future", "pasture"),
    ],
)  # fmt: skip
def test_what_is_different_is_let_alone(one, other):
    assert found(one, other) == set()


def test_a_slash_and_an_ampersand_are_two_things():
    assert found("spike/dawn", "spike & dawn", ties=True) == set()


def test_two_words_that_are_both_familiar_are_no_slip():
    many = [f"{word} {other}" for word in ("light", "night") for other in ("one", "six", "ten", "red", "sea", "sky")]
    assert not any(reason == "typo" for _, _, reason in found(*many))


def test_a_crowd_of_likenesses_stays_small():
    names = [Name(number, 1, f"alternate universe {number:05}", 1) for number in range(3000)]
    assert list(pairs(names)) == []
