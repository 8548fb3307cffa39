"""Pictures are found by what the text calls them, and only sound ones leave."""

import io

from PIL import Image as Pillow

from storykeep.exports.pictures import LARGEST, Pictures, checked
from storykeep.model.identity import sha256
from storykeep.model.story import Image
from unit.exports.stories import BROKEN, GIF, JPEG, PNG, STORE, SVG, WEBP


def test_sound_pictures_are_known_by_their_bytes():
    assert [checked(data) for data in (PNG, JPEG, GIF, WEBP)] == ["PNG", "JPEG", "GIF", "WEBP"]


def test_damaged_scripted_or_foreign_pictures_are_refused():
    assert [checked(data) for data in (BROKEN, SVG, b"", b"GIF89a", b"<html>", PNG[:20])] == [""] * 6


def test_a_picture_of_too_many_points_is_refused_from_its_header():
    out = io.BytesIO()
    Pillow.new("1", (8000, LARGEST // 8000 + 1)).save(out, "PNG")
    assert checked(out.getvalue()) == ""


def test_a_picture_is_found_by_address_or_hash_once():
    asked = []

    def images(name):
        asked.append(name)
        return STORE.get(name)

    known = [Image(sha256=sha256(PNG), address="a.png", alt="a lamp")]
    library = Pictures(known, images)
    assert library.find("a.png").media_type == "image/png"
    assert library.find("a.png").name.endswith(".png")
    assert library.find(f"/media/{sha256(GIF)}.gif").sha256 == sha256(GIF)
    assert library.find("b.png") is None
    assert library.find("/media/" + "0" * 64) is None
    assert library.alt("a.png") == "a lamp"
    assert asked == [sha256(PNG), sha256(GIF), "0" * 64]
    assert library.data(library.find("a.png")) == PNG
    assert Pictures(known, None).find("a.png") is None
