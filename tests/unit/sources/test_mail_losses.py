"""Mailboxes that suffered: strange part numbers, lost From lines, broken MIME, cut files. Nothing good is lost."""

from __future__ import annotations

import base64
import gzip
import quopri

import pytest

from remains import PEOPLE, STORIES, letter, truth
from storykeep.model import bundle
from storykeep.model.story import Story
from storykeep.sources.mail import SOURCE
from storykeep.sources.parts import part_of
from unit.sources.test_mail import ALL, CHAT, box, multipart, posts, raw

LOW = STORIES[2]
FROM_LINE = b"From list@lists.example Thu May 06 11:00:00 2004"


def brought_from(read, tmp_path, data: bytes, name: str = "weir.mbox"):
    path = tmp_path / name
    path.write_bytes(data)
    return read(SOURCE, path)


def assert_whole(brought, blocks_of, *, but: tuple[int, ...] = ()) -> None:
    for tale in STORIES:
        if tale.sid not in but:
            story = brought.stories[tale.title]
            assert story.authors == (PEOPLE[tale.uid][0],)
            assert [blocks_of(chapter.body) for chapter in story.chapters] == [truth(p.blocks) for p in tale.parts]
    shown = "".join(bundle.dumps(story) for story in brought.of(Story)) + repr(brought.findings)
    assert not any(address in shown for _, address in PEOPLE.values())


SUBJECTS = (
    "FIC: {t} {p}/{n}", "{t} [{p} of {n}]", "FIC: {t}, Chapter {p}", "FIC: {t} Pt. {p} of {n}", "FIC: {t} part {word}",
    "FIC: {t} {roman}/{all}", "FIC: {t} #{p}", "[FIC] {t} {p}/?", "new fic: {t} {p:02}/{n:02}", "{p}/{n} FIC: {t}",
    "({p}/{n}) {t}", "{t} - {p}", "Fic: {t} {p}-{n}", "(no subject)", "FIC:{t}({p}/{n})", "FW: FIC: {t} ({p}/{n})",
)  # fmt: skip


@pytest.mark.parametrize("subject", SUBJECTS)
def test_parts_are_told_apart_however_they_are_numbered(read, blocks_of, tmp_path, subject):
    letters = []
    for tale, place in ALL:
        headers, text = letter(tale, place)
        numbers = {"word": ("One", "Two")[place - 1], "roman": "I" * place, "all": "I" * len(tale.parts)}
        headers["Subject"] = subject.format(t=tale.title, p=place, n=len(tale.parts), **numbers)
        letters.append(raw(headers, text))
    brought = brought_from(read, tmp_path, box([*CHAT, *letters]))
    assert_whole(brought, blocks_of)
    assert "mail.repost" not in brought.codes


def test_two_texts_with_one_number_are_both_kept(read, blocks_of, tmp_path):
    letters = [data.replace(b"(2/2)", b"(1/2)") for data in posts()]
    brought = brought_from(read, tmp_path, box(letters))
    assert_whole(brought, blocks_of)
    assert "part.twice" in brought.codes


def test_a_cut_repost_does_not_replace_the_whole_part(read, blocks_of, tmp_path):
    headers, text = letter(LOW, 1)
    cut = raw({**headers, "Message-ID": "<again>"}, text.split("Ana found")[0] + "END")
    assert_whole(brought_from(read, tmp_path, box([raw(headers, text), cut])), blocks_of, but=(41, 42))


def test_a_part_without_a_number_stands_where_its_day_puts_it(read, blocks_of, tmp_path):
    tale = STORIES[0]
    headers, text = letter(tale, 2)
    headers["Subject"] = f"FIC: {tale.title}"
    brought = brought_from(read, tmp_path, box([raw(headers, text), raw(*letter(tale, 1))]))
    assert_whole(brought, blocks_of, but=(42, 57))
    assert "part.order" in brought.codes


@pytest.mark.parametrize(
    "line",
    [
        b"From ???@??? Thu May 06 11:00:00 2004",
        b"From - Thu May 06 11:00:00 2004",
        b"From list@lists.example",
        b"From list at lists.example",
        b"From list@lists.example  Thu May  6 11:00 EDT 2004",
        b"\x01\x01\x01\x01",
        b"",
    ],
)
def test_the_lines_between_letters_are_broken_or_lost(read, blocks_of, tmp_path, line):
    data = box([*CHAT, *posts()]).replace(FROM_LINE, line)
    assert_whole(brought_from(read, tmp_path, data), blocks_of)


def test_letters_without_labels_are_known_by_their_subject(read, blocks_of, tmp_path):
    letters = [raw(*letter(tale, place, head=False)) for tale, place in ALL]
    brought = brought_from(read, tmp_path, box([*CHAT, *letters]))
    assert_whole(brought, blocks_of)
    assert not {"title.missing", "author.missing"} & set(brought.codes)


def test_a_story_that_nothing_announces_is_brought_in_and_named(read, tmp_path):
    talk = "“It’s late,” said Ana, and put the lamp down.\n\nHe didn’t look up. “It was late an hour ago.”\n\n"
    headers = {"From": "oar <oar@mail.example>", "Subject": "The Nets", "Date": "Sun, 02 May 2004 10:00:00 +0000"}
    brought = brought_from(read, tmp_path, box([*CHAT, raw(headers, talk * 20 + "The End\n")]))
    assert [story.title for story in brought.of(Story)] == ["The Nets"]
    assert "mail.story-guess" in brought.codes


def test_a_letter_that_promises_a_story_and_is_cut_is_kept_and_named(read, tmp_path):
    headers, text = letter(LOW, 1, head=False)
    brought = brought_from(read, tmp_path, box([*posts()[:2], raw(headers, text[:60])]))
    (told,) = [finding for finding in brought.findings if finding.code == "mail.story-short"]
    assert "Low Water" in told.evidence
    assert b"In August" in brought.kept[told.capture]


TEXT = letter(LOW, 1)[1]
HTML = (
    "<html><body><p>TITLE: Low Water<br>AUTHOR: quiet_one<br>RATING: x<br>SUMMARY: Summer.</p>"
    + "".join(f"<p>{block[1]}</p>" for block in LOW.parts[0].blocks)
    + "</body></html>"
)
B64 = base64.encodebytes(TEXT.encode("cp1252")).decode()
QP = quopri.encodestring(TEXT.encode("cp1252")).decode()
MIME = {
    "quoted-printable, not told": ("Content-Type: text/plain", QP),
    "quoted-printable, told and not true": ("Content-Transfer-Encoding: quoted-printable", TEXT),
    "quoted-printable with spaces": ("Content-Transfer-Encoding: quoted-printable", QP.replace("=\n", "= \n")),
    "base64, not told": ("Content-Type: text/plain", B64),
    "base64, told and not true": ("Content-Transfer-Encoding: base64", TEXT),
    "base64, cut": ("Content-Transfer-Encoding: base64", B64[:-9]),
    "base64 with a footer": ("Content-Transfer-Encoding: base64", f"{B64}\n____________\nWeirlist mailing list\n"),
    "only html": ("Content-Type: text/html; charset=windows-1252", HTML),
    "html, told as plain": ("Content-Type: text/plain", HTML),
    "another boundary": (
        'Content-Type: multipart/mixed; boundary="b1"',
        multipart([("text/plain", TEXT)], boundary="b2"),
    ),
    "no boundary": ("Content-Type: multipart/mixed", multipart([("text/plain", TEXT)])),
    "a page beside a greeting": (
        'Content-Type: multipart/mixed; boundary="b1"',
        multipart([("text/plain", "Here it is."), ('text/html; name="low.html"', HTML)]),
    ),
}  # fmt: skip


@pytest.mark.parametrize("how", MIME)
def test_mime_that_lies(read, blocks_of, tmp_path, how):
    told, body = MIME[how]
    head = "".join(f"{name}: {words}\n" for name, words in letter(LOW, 1)[0].items())
    data = f"{head}MIME-Version: 1.0\n{told}\n\n{body}".encode("cp1252")
    assert_whole(brought_from(read, tmp_path, box([data, *posts()[:3]])), blocks_of)


def test_a_packed_mailbox_that_is_cut_off_says_so(read, blocks_of, tmp_path):
    packed = gzip.compress(box([*posts(), *CHAT * 9]))
    brought = brought_from(read, tmp_path, packed[: int(len(packed) * 0.9)], "2004-May.txt.gz")
    assert "input.truncated" in brought.codes
    assert_whole(brought, blocks_of, but=(57,))


@pytest.mark.parametrize(
    ("subject", "stem", "label", "order", "total"),
    [
        ("(2/5) Salt", "Salt", "2/5", 2, 5),
        ("2/5: Salt", "Salt", "2/5", 2, 5),
        ("Salt II/IV", "Salt", "II/IV", 2, 4),
        ("Salt #3", "Salt", "Part 3", 3, 0),
        ("1/2 a Life", "1/2 a Life", "", 0, 0),
        ("Henry V", "Henry V", "", 0, 0),
    ],
)
def test_more_part_marks(subject, stem, label, order, total):
    found, mark = part_of(subject)
    assert (found, mark.label, mark.order, mark.total) == (stem, label, order, total)
