"""storykeep doctor says that all is well, or what is not and what to do."""

import pytest
from click.testing import CliRunner

from moonlit import story
from storykeep.cli.doctor import command
from storykeep.site.search import checkup, indexing
from storykeep.site.works import bridge
from storykeep.site.works.models import Change, Work

pytestmark = pytest.mark.django_db


def looked(*arguments):
    ran = CliRunner().invoke(command, arguments)
    return ran.exit_code, ran.output


def test_all_is_well_with_a_healthy_archive(works):
    indexing.catch_up()
    code, said = looked()
    assert "All is well." in said
    assert code == 0
    assert "search index: It holds what the database holds" in said
    assert "were read, and are as they came in" in said


def test_a_work_that_the_index_lacks_is_told_and_a_rebuild_brings_it_in(db):
    bridge.keep(story(1, "Forgotten"))
    Change.objects.all().delete()
    code, said = looked()
    assert (code, "TO DO  search index: Works missing: 1" in said) == (1, True)
    code, said = looked("--rebuild-index")
    assert (code, "made anew with 1 works" in said) == (0, True)


def test_originals_that_were_changed_are_named(works, settings):
    indexing.catch_up()
    changed = next(path for path in settings.ORIGINALS.rglob("*") if path.is_file())
    changed.chmod(0o600)
    changed.write_bytes(b"something else")
    code, said = looked("--all-originals")
    assert code == 1
    assert "TO DO  originals: 1 of" in said


def test_a_damaged_index_is_told(works, settings):
    indexing.catch_up()
    for file in settings.INDEX.rglob("*.term"):
        data = file.read_bytes()
        file.write_bytes(bytes([data[0] ^ 255]) + data[1:])
    code, said = looked()
    assert code == 1
    assert "TO DO  search index: It is damaged" in said


def test_a_disk_that_is_nearly_full_is_told(works, monkeypatch):
    monkeypatch.setattr(checkup, "LOW", 10**18)
    code, said = looked()
    assert code == 1
    assert "Make room" in said
    assert Work.objects.exists()
