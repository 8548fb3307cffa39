"""Tags go out as a table and come in from one: whatever a spreadsheet saved, errors by line, undone as one."""

import csv
import io

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile

from storykeep.cli.tags import command
from storykeep.site.tags import presets
from storykeep.site.tags.models import Tag, TagKind
from storykeep.site.wrangling import actions, listing, tables
from storykeep.site.wrangling.bringing_in import bring_in
from storykeep.site.wrangling.models import Action
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
    actions.undo(Action.objects.get(), None)
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
    listing.take(None, tables.text_of(data))
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
