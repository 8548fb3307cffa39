"""Tags go out as a table and come in from one: whatever a spreadsheet saved, errors by line, undone as one."""

import csv
import io
import tracemalloc
from dataclasses import replace
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storykeep.cli.tags import command
from storykeep.model.errors import Conflict, UsageError
from storykeep.site.tags import presets
from storykeep.site.tags.models import Tag, TagKind
from storykeep.site.works.models import Work, WorkTag
from storykeep.site.wrangling import actions, in_background, listing, long_lists, table_lines, tables, turning, verbs
from storykeep.site.wrangling.bringing_in import bring_in
from storykeep.site.wrangling.models import Action, LongList
from storykeep.site.wrangling.sheet import Sheet

pytestmark = pytest.mark.django_db
DESK = "/desk/wrangling"
TABLE = """kind,name,canonical,parents,state
fandom,Quay,,,
character,Ada,,fandom: Quay,
character,Ada Vane,Ada,,
keyword,Storms,,Weather | Sea,
keyword,"Angst, rain",,genre: Drama | Rain,split
"""


@pytest.fixture(autouse=True)
def kinds(db):
    presets.apply("many-fandoms")


@pytest.fixture
def archivist(cast):
    return cast.browsers["archivist"]


def state():
    tags = set(Tag.objects.values_list("kind__key", "name", "synonym_of__name", "joint", "settled"))
    return tags, set(Tag.parents.through.objects.values_list("from_tag__name", "to_tag__name"))


def preview(browser, data, name="tags.csv"):
    data = data if isinstance(data, bytes) else data.encode()
    return browser.post(f"{DESK}/list/preview", {"file": SimpleUploadedFile(name, data)}, follow=True)


def test_a_table_is_previewed_brought_in_and_undone_as_one(archivist):
    before = state()
    page = preview(archivist, TABLE).content.decode()
    assert "8 new tags" in page
    assert "“Ada Vane”: new, stands for “Ada”" in page
    assert state() == before
    archivist.post(f"{DESK}/list/in", {"text": TABLE})
    ada = Tag.objects.get(name="Ada")
    assert ada.parents.get().name == "Quay"
    assert ada.synonyms.get().name == "Ada Vane"
    assert set(Tag.objects.get(name="Storms").parents.values_list("name", flat=True)) == {"Weather", "Sea"}
    both = Tag.objects.get(name="Angst, rain")
    assert both.joint
    assert {over.kind.key for over in both.parents.all()} == {"genre", "keyword"}
    turning.undo(Action.objects.get(), None)
    assert state() == before


def test_bringing_the_same_table_in_again_changes_nothing(archivist):
    listing.take(None, TABLE)
    sheet = Sheet()
    bring_in(sheet, TABLE)
    assert sheet.facts() == {}
    assert "Nothing" in preview(archivist, TABLE).content.decode()


def test_what_goes_out_comes_in_again_as_it_was():
    kind = TagKind.objects.get(key="keyword")
    odd = ["=1+1", "@cmd", "+x", "-", "- x", "'quoted", 'two "words"', "a|b", "genre: not one", "Ünï", "a,b;c"]
    made = [Tag.objects.create(kind=kind, name=name) for name in odd]
    made[4].parents.set(made[7:9])
    Tag.objects.create(kind=kind, name="Same", synonym_of=made[8], settled=True)
    text = "".join(tables.table())
    before = state()
    sheet = Sheet()
    assert bring_in(sheet, text).wrong == []
    assert sheet.facts() == {}
    Tag.objects.all().delete()
    listing.take(None, text)
    assert state() == before


def test_no_cell_that_goes_out_is_a_formula(archivist):
    kind = TagKind.objects.get(key="keyword")
    for name in ("=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)"):
        Tag.objects.create(kind=kind, name=name)
    answer = archivist.get(f"{DESK}/list/out?kind=keyword")
    assert answer["Content-Type"].startswith("text/csv")
    data = b"".join(answer.streaming_content)
    assert data.startswith(b"\xef\xbb\xbf")
    cells = [cell for row in csv.reader(io.StringIO(data.decode("utf-8-sig"))) for cell in row]
    assert len(cells) > 20
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for cell in cells)


@pytest.mark.parametrize(
    "data",
    [
        "kind,name\nkeyword,Café".encode(),
        "\ufeffkind,name\r\nkeyword,Café\r\n".encode(),
        "kind;name\nkeyword;Café".encode("cp1252"),
        "kind\tname\nkeyword\tCafé".encode("utf-16"),
        'Kind , NAME\n"Keywords","Café"\n\n'.encode(),
        "name,kind,colour\nCafé,keyword,red".encode(),
    ],
)
def test_whatever_a_spreadsheet_saved_is_read(data):
    listing.take(None, table_lines.text_of(data))
    assert Tag.objects.get(kind__key="keyword").name == "Café"


def test_errors_are_told_by_line_and_the_rest_comes_in(archivist):
    table = (
        'kind,name,canonical,parents,state\nkeyword,"Two\nlines",,,\nzebra,Stripes,,,\nkeyword,,,,\nkeyword,One,,Two,\n'
        "keyword,Two,,One,\nkeyword,Self,,Self,\nkeyword,Odd,,,perhaps\nkeyword," + "x" * 151 + ",,,\nkeyword,Good,,,\n"
    )
    page = preview(archivist, table).content.decode()
    for line in (4, 5, 7, 8, 9, 10):
        assert f"Line {line}:" in page
    listing.take(None, table)
    assert {"One", "Two", "Good", "Two lines"} <= set(Tag.objects.values_list("name", flat=True))
    assert list(Tag.objects.get(name="One").parents.values_list("name", flat=True)) == ["Two"]


@pytest.mark.parametrize("data", [b"", b"a,b\n1,2", b"\0\0", b"PK\x03\x04 zip", b'kind,name\n"', bytes(range(256))])
def test_what_is_no_table_is_said_so(archivist, data):
    answer = preview(archivist, data) if data else archivist.post(f"{DESK}/list/preview", {}, follow=True)
    assert answer.status_code == 200
    assert not Action.objects.exists()


def test_a_hyphen_takes_away_and_nothing_is_left_as_it_is():
    listing.take(None, TABLE)
    listing.take(None, "kind,name,canonical,parents\ncharacter,Ada Vane,,\ncharacter,Ada,,")
    assert Tag.objects.get(name="Ada Vane").synonym_of
    listing.take(None, "kind,name,canonical,parents\ncharacter,Ada Vane,-,\ncharacter,Ada,,-")
    assert Tag.objects.get(name="Ada Vane").synonym_of is None
    assert not Tag.objects.get(name="Ada").parents.exists()


# ── tables of any length
@pytest.fixture
def in_small_parts(monkeypatch, settings, tmp_path):
    """Every table is a long one, comes in three lines at a time, and the page waits for it."""
    monkeypatch.setattr(listing, "LARGEST", 1)
    monkeypatch.setattr(long_lists, "AT_ONCE", 3)
    monkeypatch.setattr(in_background.threading, "Thread", Now)
    monkeypatch.setattr(in_background, "connection", SimpleNamespace(close=lambda: None))
    settings.HOUSE = replace(settings.HOUSE, data=tmp_path)


class Now:
    """A thread that is at its end as soon as it starts."""

    def __init__(self, target, args, **_):
        self.start = lambda: target(*args)


def sent(browser, text):
    """The page at which a long table can be let in."""
    answer = preview(browser, text)
    assert answer.status_code == 200
    return answer.redirect_chain[-1][0], answer.content.decode()


def test_a_long_table_comes_in_part_by_part_and_is_undone_as_one(archivist, in_small_parts, tmp_path):
    before = state()
    address, page = sent(archivist, TABLE + "zebra,Stripes,,,\n")
    assert "It has 6 lines" in page
    assert "8 new tags" in page
    assert state() == before
    said = archivist.post(address, follow=True).content.decode()
    assert "A list of 6 lines brought in: 8 new, 1 left out" in said
    assert "Line 7: There is no kind of tags called “zebra”" in said
    assert Tag.objects.get(name="Ada Vane").synonym_of.name == "Ada"
    assert b"7,There is no kind" in b"".join(archivist.get(f"{address}/left-out").streaming_content)
    assert not list((tmp_path / "lists").iterdir())
    assert archivist.get(f"{address}/progress").json() == {"running": False, "done": 12, "total": 12}
    action = Action.objects.get()
    turning.undo(action, None)
    assert state() == before
    turning.redo(action, None)
    assert Tag.objects.get(name="Angst, rain").joint


def test_a_long_list_is_undone_in_the_background_and_done_again(archivist, in_small_parts, monkeypatch):
    before = state()
    address, _ = sent(archivist, TABLE)
    archivist.post(address)
    after = state()
    monkeypatch.setattr(in_background, "FEW", 3)
    log = f"{DESK}/log/{Action.objects.get().ref}"
    said = archivist.post(f"{log}/undoing", follow=True)
    assert said.redirect_chain[-1][0] == log
    assert "Undone: A list of 5 lines brought in" in said.content.decode()
    assert state() == before
    told = archivist.get(f"{log}/progress").json()
    assert not told["running"]
    assert told["done"] == told["total"] > 1
    assert archivist.post(f"{log}/redoing", follow=True).status_code == 200
    assert state() == after


def test_a_long_undoing_that_stops_goes_on_where_it_stopped(archivist, in_small_parts, monkeypatch):
    before = state()
    address, _ = sent(archivist, TABLE)
    archivist.post(address)
    action = Action.objects.get()

    def stop(done, total):
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        turning.undo(action, None, stop)
    assert state() != before
    turning.undo(action, None)
    assert state() == before
    with pytest.raises(UsageError, match="undone already"):
        turning.undo(action, None)
    with pytest.raises(KeyboardInterrupt):
        turning.redo(action, None, stop)
    turning.undo(action, None)
    assert state() == before


def test_what_others_built_on_a_long_list_is_seen_before_any_of_it_is_undone(archivist, in_small_parts):
    address, _ = sent(archivist, TABLE)
    archivist.post(address)
    ada = Tag.objects.get(name="Ada")
    actions.do(None, "make", lambda sheet: verbs.nest(sheet, [sheet.new(ada.kind_id, "Somebody else")], ada.pk))
    after = state()
    with pytest.raises(Conflict, match="tied to “Ada”"):
        turning.undo(Action.objects.get(verb="import"), None)
    assert state() == after


def test_a_tag_of_a_long_list_that_works_use_by_now_stays_and_may_come_again(archivist, in_small_parts):
    address, _ = sent(archivist, TABLE)
    archivist.post(address)
    after = state()
    used = Tag.objects.get(name="Ada Vane")
    WorkTag.objects.create(work=Work.objects.create(title="The Lamp"), tag=used)
    action = Action.objects.get()
    assert turning.undo(action, None) == 1
    assert Tag.objects.get(name="Ada Vane").synonym_of is None
    turning.redo(action, None)
    assert [row[:3] for row in state()[0]] == [row[:3] for row in after[0]]


@given(
    st.lists(
        st.tuples(
            st.sampled_from("abcdef"), st.sampled_from(["", "", *"abcdef-"]), st.sampled_from(["", "", *"abcdef-"]),
            st.sampled_from(["", "good", "new", "split"]),
        ),
        min_size=1, max_size=12,
    )
)  # fmt: skip
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_table_in_parts_can_always_be_undone(in_small_parts, tmp_path, rows):
    Action.objects.all().delete()
    before = state()
    path = tmp_path / "rows.csv"
    lines = ["kind,name,canonical,parents,state", *(f"keyword,{','.join(row)}" for row in rows)]
    path.write_text("\n".join(lines), "utf-8")
    action, bringing = long_lists.bring_in(None, path)
    assert bringing.lines == len(rows)
    assert {row[0] for n, row in enumerate(rows, 2) if n not in bringing.left_out} <= {
        name for _, name, *_ in state()[0]
    }
    turning.undo(action, None)
    assert state() == before


def test_nobody_takes_one_long_table_in_twice(archivist, in_small_parts):
    address, _ = sent(archivist, TABLE)
    archivist.post(address)
    archivist.post(address)
    assert Action.objects.count() == 1


def test_what_is_undone_on_its_way_goes_no_further(archivist, in_small_parts, tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("kind,name\n" + "".join(f"keyword,k{n}\n" for n in range(9)), "utf-8")
    action = long_lists.begin(None)

    def undo(done, total):
        if done == 3:
            turning.undo(action, None)

    with pytest.raises(UsageError, match="undone before"):
        long_lists.bring_in(None, path, undo, action)
    assert not Tag.objects.filter(name__startswith="k", kind__key="keyword").exists()


def test_a_list_whose_process_ended_says_so(archivist, in_small_parts):
    address, _ = sent(archivist, TABLE)
    LongList.objects.update(state="running", alive_at=timezone.now() - in_background.STILL)
    assert "It stopped on its way" in archivist.get(address).content.decode()
    assert archivist.get(f"{address}/progress").json()["running"] is False


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ('keyword,"Unclosed', "never ends"),
        ("keyword," + "y" * 140_000, "at most 150"),
        ("keyword,\0", "needs a name"),
        ("zebra,x", "no kind"),
        ('keyword,"a"b"c,', ""),
    ],
)
def test_one_bad_row_never_stops_the_rest(tmp_path, wrong, why):
    path = tmp_path / "rows.csv"
    good = [f"keyword,Good {n}" for n in range(60)]
    path.write_text("\n".join(["kind,name", *good[:5], wrong, *good[5:]]) + "\n", "utf-8")
    _, bringing = long_lists.bring_in(None, path)
    assert Tag.objects.filter(name__startswith="Good ").count() == 60
    assert [number for number, _ in bringing.wrong] == ([7] if why else [])
    assert all(why in words for _, words in bringing.wrong)


def test_reading_a_table_holds_a_few_lines_at_a_time(tmp_path):
    path = tmp_path / "long.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("kind,name\n")
        file.writelines(f"keyword,Name {n}\n" for n in range(200_000))
    tracemalloc.start()
    assert sum(1 for _ in table_lines.lines_of_file(path)) == 200_000
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 5_000_000


@pytest.mark.parametrize("path", ["/list", "/list/out"])
@pytest.mark.parametrize("who", ["visitor", "member", "author", "archivist", "host"])
def test_only_wranglers_see_lists(cast, who, path):
    allowed = who in {"archivist", "host"}
    assert cast.browsers[who].get(DESK + path).status_code == (200 if allowed else 404)
    for post in ("/list/preview", "/list/in"):
        assert cast.browsers[who].post(DESK + post, {}).status_code == (302 if allowed else 404)


def test_the_command_line_takes_tables_of_any_length(tmp_path, monkeypatch):
    monkeypatch.setattr("storykeep.site.open_archive", lambda _: None)
    file = tmp_path / "tags.csv"
    file.write_text(TABLE + "zebra,Stripes,,,\n", "utf-8")
    dry = CliRunner().invoke(command, ["import", str(file), "--dry-run"])
    assert "8 new, 1 left out" in dry.output
    assert "line 7: There is no kind" in dry.output
    assert not Action.objects.exists()
    assert "8 new" in CliRunner().invoke(command, ["import", str(file)]).output
    assert Tag.objects.get(name="Ada Vane").synonym_of
    assert "character,Ada Vane,Ada," in CliRunner().invoke(command, ["export", "--kind", "character"]).output
