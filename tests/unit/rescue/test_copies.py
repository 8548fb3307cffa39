"""Copies of one text are found by their words, not by titles, and different texts are left apart."""

import random

from storykeep.rescue.copies import Copies

WORDS = [
    f"{a}{b}" for a in ("lamp", "sea", "grey", "hill", "door", "salt") for b in ("", "s", "ed", "er", "wind", "light")
]


def text(seed, size=400):
    dice = random.Random(seed)
    return " ".join(dice.choices(WORDS, k=size))


def found(chapters, **options):
    with Copies() as copies:
        for (story, chapter), body in chapters.items():
            copies.add(story, chapter, body)
        return {(copy.one, copy.other) for copy in copies.pairs(**options)}


def test_copies_on_two_sites_are_found_in_spite_of_damage():
    whole = text(1)
    lines = whole.split(" ")
    damaged = " ".join(word for number, word in enumerate(lines) if number % 40)
    pairs = found({("a", "1"): f"<p>{whole}</p>", ("b", "1"): damaged.upper(), ("c", "1"): text(2)})
    assert pairs == {(("a", "1"), ("b", "1"))}


def test_a_chapter_inside_a_whole_story_is_found():
    one, two = text(3), text(4)
    assert found({("a", "1"): one, ("b", "whole"): f"{two} {one}"}, least=0.9) == {(("a", "1"), ("b", "whole"))}


def test_a_disclaimer_that_everybody_uses_makes_no_copies():
    disclaimer = "I own none of this and make no money from it please do not sue me I only have a cat. " * 3
    assert found({(f"s{n}", "1"): disclaimer + text(n) for n in range(40)}) == set()


def test_a_chapter_that_is_added_again_replaces_its_sketch():
    with Copies() as copies:
        copies.add("a", "1", text(5))
        copies.add("b", "1", text(5))
        copies.add("b", "1", text(6))
        assert list(copies.pairs()) == []


def test_empty_and_tiny_chapters_are_no_copies_of_anything():
    assert found({("a", "1"): "", ("b", "1"): "", ("c", "1"): "The end.", ("d", "1"): "The end."}) == set()
