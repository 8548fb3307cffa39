"""Pictures in stories: the kept ones are shown, to whoever may read; nothing is fetched from elsewhere."""

import io

import pytest
from PIL import Image as Pillow

from moonlit import PEOPLE, SEEN_BY, VISIBILITIES, story
from storykeep.model import story as m
from storykeep.rescue.originals import Originals
from storykeep.site.works import bridge
from storykeep.site.works.models import Work

pytestmark = pytest.mark.django_db
ADDRESS = "http://moonlit.example/moon.png?a=1&b=2"


def png() -> bytes:
    out = io.BytesIO()
    Pillow.new("RGB", (4, 3), "navy").save(out, "PNG")
    return out.getvalue()


def keep(settings, data: bytes, *, sha256: str | None = None) -> Work:
    kept = Originals(settings.ORIGINALS).keep(data)
    image = m.Image(address=ADDRESS, sha256=kept if sha256 is None else sha256, alt="a moon")
    body = f'<p>Look: <img alt="a moon" src="{ADDRESS.replace("&", "&amp;")}"></p>'
    return bridge.keep(story(1, "Moon", chapters=(m.Chapter(key="1", body=body, images=(image,)),)))


def test_a_kept_picture_is_shown_from_here(client, settings):
    work = keep(settings, png())
    html = client.get(work.get_absolute_url()).content.decode()
    address = f"/works/{work.ref}/pictures/{Originals(settings.ORIGINALS).keep(png())}"
    assert f'src="{address}"' in html
    assert "moonlit.example/moon.png" not in html
    answer = client.get(address)
    assert (b"".join(answer.streaming_content), answer.headers["Content-Type"]) == (png(), "image/png")
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_picture_that_was_not_kept_is_words(client, settings):
    html = client.get(keep(settings, png(), sha256="").get_absolute_url()).content.decode()
    assert "[picture: a moon]" in html


def test_a_picture_that_comes_in_later_is_shown_though_the_text_is_the_same(settings):
    assert "[picture" in keep(settings, png(), sha256="").chapters.get().current.html
    work = keep(settings, png())
    assert "<img" in work.chapters.get().current.html
    assert work.chapters.get().revisions.count() == 1


@pytest.mark.parametrize("data", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<script>x()</script>", b"PNG"])
def test_what_is_no_picture_is_not_answered(client, settings, data):
    work = keep(settings, data)
    assert client.get(f"/works/{work.ref}/pictures/{Originals(settings.ORIGINALS).keep(data)}").status_code == 404


def test_other_originals_can_not_be_had_by_their_hash(client, settings):
    work = keep(settings, png())
    other = Originals(settings.ORIGINALS).keep(png() + b"x")
    assert client.get(f"/works/{work.ref}/pictures/{other}").status_code == 404
    assert client.get(f"/works/{work.ref}/pictures/..%2f..%2fsecret-key").status_code == 404


@pytest.mark.parametrize("who", PEOPLE)
def test_a_picture_is_seen_by_whom_the_work_is_seen(cast, settings, who):
    work = keep(settings, png())
    for visibility in VISIBILITIES:
        Work.objects.filter(pk=work.pk).update(visibility=visibility)
        address = f"/works/{work.ref}/pictures/{Originals(settings.ORIGINALS).keep(png())}"
        expected = visibility in SEEN_BY[who] and not (who == "author" and visibility == "draft")
        answer = cast.browsers[who].get(address)
        answer.close()
        assert (answer.status_code == 200) == expected
