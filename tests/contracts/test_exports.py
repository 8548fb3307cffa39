"""Every way out keeps to the same contract, and the reference describes each of them and every field of the bundle."""

import dataclasses
import io
import re
from dataclasses import replace
from pathlib import Path

import pytest

from storykeep.exports import FORMATS, by_suffix
from storykeep.model import bundle, provenance, story
from storykeep.model.errors import UsageError
from storykeep.model.story import Story
from unit.exports.stories import STORE, STORIES

DOCS = Path(__file__).resolve().parents[2] / "docs" / "reference"
every_format = pytest.mark.parametrize("form", FORMATS.values(), ids=list(FORMATS))


class WriteOnly(io.RawIOBase):
    """A pipe: it can't be read, sought or told where it is."""

    def __init__(self):
        self.parts = []

    def writable(self):
        return True

    def write(self, data):
        self.parts.append(bytes(data))
        return len(data)


def written(form, record, **options):
    out = io.BytesIO()
    form.write(record, out, **options)
    return out.getvalue()


@every_format
@pytest.mark.parametrize("name", STORIES)
def test_every_story_leaves_in_every_format(form, name):
    made = written(form, STORIES[name], images=STORE.get)
    assert made
    if not form.suffix.endswith(".epub"):
        made.decode("utf-8")


@every_format
def test_equal_stories_give_equal_bytes(form):
    record = STORIES["rich"]
    assert written(form, record) == written(form, replace(record))


@every_format
def test_a_writer_only_writes(form):
    pipe = WriteOnly()
    form.write(STORIES["rich"], pipe)
    assert b"".join(pipe.parts) == written(form, STORIES["rich"])


@every_format
def test_long_stories_are_written_chapter_by_chapter(form):
    pipe = WriteOnly()
    form.write(STORIES["long"], pipe)
    whole = sum(map(len, pipe.parts))
    if form.suffix != ".json":
        assert max(map(len, pipe.parts)) < whole / 3


def test_suffixes_tell_formats_apart():
    assert len({form.suffix for form in FORMATS.values()}) == len(FORMATS)
    for form in FORMATS.values():
        assert by_suffix(f"A.b{form.suffix.upper()}") is form
    with pytest.raises(UsageError, match=r"\.epub, \.html, \.txt, \.md, \.kepub\.epub, \.json"):
        by_suffix("story.docx")


def test_the_bundle_comes_back_whole():
    for name, record in STORIES.items():
        if name != "hostile":  # a lone surrogate can't be written as UTF-8
            assert bundle.loads(written(FORMATS["bundle"], record)) == record


def test_the_reference_names_every_format():
    text = (DOCS / "formats.md").read_text("utf-8")
    for code, form in FORMATS.items():
        assert f"| `{code}` | `{form.suffix}` | `{form.media_type}` |" in text


def records():
    for module in (story, provenance):
        for record in vars(module).values():
            public = dataclasses.is_dataclass(record) and record.__module__ == module.__name__
            if public and not record.__name__.startswith("_"):
                yield record


@pytest.mark.parametrize("record", [record for record in records() if record.__name__ != "Contact"])
def test_the_reference_describes_every_field_of_the_bundle(record):
    text = (DOCS / "bundle.md").read_text("utf-8")
    section = re.search(rf"^### {record.__name__}\n(.*?)(?=^##|\Z)", text, re.DOTALL | re.MULTILINE)
    assert section, f"docs/reference/bundle.md has no section on {record.__name__}"
    described = re.findall(r"^\| `(\w+)` \|", section[1], re.MULTILINE)
    assert described == [field.name for field in dataclasses.fields(record)]


def test_the_reference_names_every_choice_and_no_private_record():
    text = (DOCS / "bundle.md").read_text("utf-8")
    enums = [item for module in (story, provenance) for item in vars(module).values() if isinstance(item, type)]
    for enum in enums:
        if issubclass(enum, story.StrEnum) and enum is not story.StrEnum:
            for choice in enum:
                assert f"`{choice.value}`" in text, choice
    assert "### Contact" not in text


def test_the_example_of_the_reference_is_a_bundle():
    text = (DOCS / "bundle.md").read_text("utf-8")
    example = re.search(r"```json\n(.*?)```", text, re.DOTALL)[1]
    assert isinstance(bundle.loads(example), Story)
