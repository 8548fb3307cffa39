"""Records survive the exchange format whole, and a damaged bundle says which field is wrong."""

import dataclasses
import json
import types
import typing
from enum import StrEnum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storykeep.model import bundle
from storykeep.model.errors import BadBundle
from storykeep.model.story import Archive, Page, Person, Series, Story

SCALARS = {
    str: st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    float: st.floats(min_value=0, max_value=1),
    bool: st.booleans(),
    int: st.integers(0, 10**6),
}


def values(wanted):
    origin = typing.get_origin(wanted)
    if origin is tuple:
        return st.lists(values(typing.get_args(wanted)[0]), max_size=2).map(tuple)
    if origin is types.UnionType:
        return st.none() | values(typing.get_args(wanted)[0])
    if dataclasses.is_dataclass(wanted):
        hints = typing.get_type_hints(wanted)
        return st.builds(wanted, **{name: values(hint) for name, hint in hints.items()})
    if issubclass(wanted, StrEnum):
        return st.sampled_from(list(wanted))
    return SCALARS[wanted]


@pytest.mark.parametrize("record_type", [Story, Person, Series, Page, Archive])
def test_every_record_comes_back_equal(record_type):
    @given(values(record_type))
    @settings(max_examples=25, deadline=None)
    def there_and_back(record):
        text = bundle.dumps(record)
        assert bundle.loads(text) == record
        assert bundle.dumps(bundle.loads(text)) == text

    there_and_back()


def whole(record):
    return json.dumps({"format": "storykeep", "version": 1, "type": "story", "record": record})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not JSON"),
        ("[]", "not a Storykeep bundle"),
        ('{"format": "storykeep", "version": 99}', "version 99"),
        (whole({"key": "a", "colour": "red"}), "unknown field 'colour'"),
        (whole({}), "lacks a field"),
        (whole({"key": 7}), "story.key should be str"),
        (whole({"key": "a", "status": "eaten"}), "story.status is 'eaten'"),
        (whole({"key": "a", "chapters": [{"key": "1", "notes": {}}]}), "story.chapters.0.notes should be a list"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_a_bad_bundle_names_what_is_wrong(text, said):
    with pytest.raises(BadBundle, match=said):
        bundle.loads(text)
