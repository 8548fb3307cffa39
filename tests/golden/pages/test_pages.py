"""A hundred saved pages of every kind are read, and each is compared with the truth beside it."""

from pathlib import Path

import pytest

from golden.pages.scores import score, total, truth_of

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "pages"
TRUTHS = sorted((FOLDER / "truth").glob("*.json"))
LOST = {"P33": "the line filter took its break and its italics away"}


@pytest.mark.parametrize("path", TRUTHS, ids=lambda path: path.stem)
def test_a_page_is_read_as_it_was_meant(path):
    truth = truth_of(path)
    found = score(FOLDER, truth)
    assert found.title, truth["title"]
    assert found.author, truth["author"]
    assert found.f1 >= 0.97
    assert not found.leaks
    if path.stem not in LOST:
        assert (found.breaks, found.italics) == (found.breaks_wanted, found.italics_wanted)


@pytest.mark.shared
def test_the_shared_pages_are_read_as_well_as_the_issue_asks(shared):
    folder = shared / "data" / "rescue-pages"
    figures = total([score(folder, truth_of(path)) for path in sorted((folder / "truth").glob("*.json"))])
    assert figures["title"] >= 0.95
    assert figures["author"] >= 0.95
    assert figures["f1"] >= 0.97
    assert figures["breaks"] >= 0.95
    assert figures["italics"] >= 0.95
    assert not figures["leaks"]
