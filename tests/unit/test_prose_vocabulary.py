"""What the sanitiser lets through has a look, on the site and in exports."""

import re
from pathlib import Path

import pytest

import storykeep
from storykeep.text import legacy

HOME = Path(storykeep.__file__).parent
SHEETS = [HOME / "site/base/static/storykeep/storykeep.css", HOME / "exports/assets/prose.css"]
SAID_OTHERWISE = {"drawn"}  # a mark for the sanitiser; readers see the elements that it made


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_every_class_of_the_vocabulary_has_a_look(sheet):
    known = set(re.findall(r"\.([a-z][a-z-]*)", sheet.read_text("utf-8")))
    kinds = {name for name in legacy.VOCABULARY if name.startswith("gap-")} | {"scene"}  # drawn as gap and hr
    assert legacy.VOCABULARY - known - kinds - SAID_OTHERWISE == set()


def test_every_colour_and_file_of_the_site_is_its_own():
    css = SHEETS[0].read_text("utf-8")
    assert "@import" not in css
    assert not [url for url in re.findall(r"url\(([^)]*)\)", css) if not url.startswith('"data:')]
