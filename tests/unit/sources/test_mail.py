# ruff: noqa: E501 — letters and records stand on one line
"""Mailing lists: posts told from chat, parts joined, digests opened, broken MIME read."""

from __future__ import annotations

import base64
import json
import quopri

import pytest

from remains import PEOPLE, STORIES, letter, truth, typed
from storykeep.model import bundle
from storykeep.model.story import Story
from storykeep.sources.mail import SOURCE
from storykeep.sources.mail.letterpaper import letter as bare_letter
from storykeep.sources.mail.message import read as read_message
from storykeep.sources.mail.posts import post
from storykeep.sources.parts import part_of
from storykeep.sources.subjects import subject_title

ALL = [(tale, place) for tale in STORIES for place in range(1, len(tale.parts) + 1)]


def raw(
    headers: dict[str, str],
    text: str,
    *,
    encoding: str = "cp1252",
    transfer: str = "8bit",
    charset: str = "windows-1252",
) -> bytes:
    body = text.encode(encoding)
    body = {"quoted-printable": quopri.encodestring, "base64": base64.encodebytes}.get(transfer, bytes)(body)
    head = "".join(f"{name}: {words}\n" for name, words in headers.items()).encode(
        "utf-8" if encoding == "utf-8" else "cp1252"
    )
    return (
        head
        + f"MIME-Version: 1.0\nContent-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: {transfer}\n\n".encode()
        + body
    )


def box(letters: list[bytes]) -> bytes:
    out = []
    for one in letters:
        lines = [b">" + line if line.lstrip(b">").startswith(b"From ") else line for line in one.split(b"\n")]
        out.append(b"From list@lists.example Thu May 06 11:00:00 2004\n" + b"\n".join(lines) + b"\n\n")
    return b"".join(out)


def posts(**how) -> list[bytes]:
    return [raw(*letter(tale, place), **how) for tale, place in ALL]


CHAT = [
    raw({"From": "Ana <ana@mail.example>", "Subject": "[weirlist] Sunday", "Date": "Sun, 02 May 2004 10:00:00 +0000", "Message-ID": "<c1>"}, "Who comes on Sunday?\n\n> From nine\nYes."),
    raw({"From": "Bo <bo@mail.example>", "Subject": "[weirlist] Re: FIC: The Lock-keeper's Year (1/2)", "Date": "Fri, 07 May 2004 10:00:00 +0000", "In-Reply-To": "<41.1@lists.example>", "Message-ID": "<c2>"}, "Wonderful!\n\n> TITLE: The Lock-keeper's Year\n> AUTHOR: Marit O'Dell\n> RATING: Teens\n\nMore please."),
    raw({"From": "Cy <cy@mail.example>", "Subject": "[weirlist] Re: FIC: Low Water (1/1)", "Date": "Fri, 07 May 2004 10:00:00 +0000", "Message-ID": "<c3>"}, "I loved it.\n\n-----Original Message-----\nFrom: quiet_one\nSubject: FIC: Low Water\n\nTITLE: Low Water\nAUTHOR: quiet_one\nRATING: x\n\n" + typed(STORIES[2].parts[0].blocks)),
]  # fmt: skip


def written(tmp_path, data: bytes, name: str = "weir.mbox"):
    path = tmp_path / name
    path.write_bytes(data)
    return path


def assert_whole(brought, blocks_of, *, but: tuple[int, ...] = ()) -> None:
    for tale in STORIES:
        if tale.sid not in but:
            story = brought.stories[tale.title]
            assert story.authors == (PEOPLE[tale.uid][0],)
            assert [blocks_of(chapter.body) for chapter in story.chapters] == [
                truth(part.blocks) for part in tale.parts
            ]


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"transfer": "quoted-printable"},
        {"transfer": "base64"},
        {"encoding": "utf-8", "charset": "utf-8"},
        {"encoding": "utf-8", "charset": "us-ascii"},
        {"charset": "x-unknown"},
        {"charset": "utf-8"},
    ],
)
def test_mailboxes_in_every_encoding(read, blocks_of, tmp_path, how):
    brought = read(SOURCE, written(tmp_path, box([*CHAT, *posts(**how)])))
    assert_whole(brought, blocks_of)
    assert len(brought.of(Story)) == len(STORIES)
    assert brought.archive.name == "weirlist"


def test_parts_out_of_order_over_several_months(read, blocks_of, tmp_path):
    letters = posts()
    for number, one in enumerate(reversed(letters)):
        written(tmp_path, box([one, CHAT[number % 3]]), f"200{number}-May.mbox")
    assert_whole(read(SOURCE, tmp_path), blocks_of)


def test_parts_without_a_head_and_without_a_title_of_their_own(read, blocks_of, tmp_path):
    tale = STORIES[0]
    letters = [
        raw(*letter(tale, 1)),
        raw(*letter(tale, 2, head=False, subject="[weirlist] FIC: The Lock-keeper's Year 2/2")),
    ]
    long = typed(tale.parts[1].blocks)
    letters[1] = letters[1].replace(
        long.encode("cp1252"), long.encode("cp1252") + b"\n\nAnd so on it went, " + b"on and on, " * 60 + b"to the sea."
    )
    (story,) = read(SOURCE, written(tmp_path, box(letters))).of(Story)
    assert [chapter.label for chapter in story.chapters] == ["1/2", "2/2"]
    assert blocks_of(story.chapters[1].body)[:5] == truth(tale.parts[1].blocks)[:5]


def test_a_missing_part_is_told(read, tmp_path):
    headers, text = letter(STORIES[0], 1)
    headers["Subject"] = headers["Subject"].replace("1/2", "2/4")
    (story,) = read(SOURCE, written(tmp_path, box([raw(headers, text)]))).of(Story)
    assert story.chapters_planned == 4
    assert [f.where for f in story.findings if f.code == "part.missing"] == [
        "part 1 of 4",
        "part 3 of 4",
        "part 4 of 4",
    ]


def test_a_repost_counts_once_and_the_later_one_is_taken(read, blocks_of, tmp_path):
    headers, text = letter(STORIES[2], 1)
    again = {**headers, "Message-ID": "<again>", "Subject": headers["Subject"].replace("FIC:", "REPOST: FIC:")}
    brought = read(SOURCE, written(tmp_path, box([raw(headers, text.replace("mud", "sand")), raw(again, text)])))
    assert_whole(brought, blocks_of, but=(41, 42))
    assert "mail.repost" in brought.codes


YAHOO = """There are 3 messages in this issue.

Topics in this digest:

      1. FIC: Low Water
           From: quiet_one <quiet@elsewhere.example>

________________________________________________________________________
________________________________________________________________________

Message: 1
   Date: Sat, 01 Jul 2006 10:00:00 -0000
   From: quiet_one <quiet@elsewhere.example>
Subject: FIC: Low Water (1/1)

{story}


________________________________________________________________________
________________________________________________________________________

Message: 2
   Date: Sat, 01 Jul 2006 11:00:00 -0000
   From: Ana <ana@mail.example>
Subject: hello

Only me.

________________________________________________________________________

Your use of Yahoo! Groups is subject to http://docs.yahoo.com/info/terms/
"""
MAILMAN = """Send Weirlist mailing list submissions to
	weirlist@lists.example

Today's Topics:

   1. FIC: Low Water (quiet_one)

----------------------------------------------------------------------

Message: 1
Date: Sat, 01 Jul 2006 10:00:00 -0000
From: "quiet_one" <quiet@elsewhere.example>
Subject: [weirlist] FIC: Low Water (1/1)
Message-ID: <9@x>
Content-Type: text/plain; charset="iso-8859-1"

{story}


------------------------------

Message: 2
Date: Sat, 01 Jul 2006 11:00:00 -0000
From: Ana <ana@mail.example>
Subject: [weirlist] hello

Only me.

------------------------------

_______________________________________________
Weirlist mailing list
Weirlist@lists.example
http://lists.example/mailman/listinfo/weirlist


End of Weirlist Digest, Vol 3, Issue 7
**************************************
"""


@pytest.mark.parametrize("digest", [YAHOO, MAILMAN])
def test_digests(read, blocks_of, tmp_path, digest):
    text = digest.format(story=letter(STORIES[2], 1)[1])
    headers = {
        "From": "weirlist-request@lists.example",
        "Subject": "Weirlist Digest, Vol 3, Issue 7",
        "Date": "Sat, 01 Jul 2006 12:00:00 -0000",
        "Message-ID": "<d>",
    }
    brought = read(SOURCE, written(tmp_path, box([raw(headers, text)])))
    assert_whole(brought, blocks_of, but=(41, 42))
    assert len(brought.of(Story)) == 1


def test_a_letter_inside_a_story_is_no_digest(read, tmp_path):
    body = "It came at noon.\n\n--------------------\n\nFrom: Vance\nTo: Whitlock\nSubject: boots\n\nYou were right.\n\n--------------------\n\nFrom: Whitlock\nTo: Vance\nSubject: Re: boots\n\nI know."
    (story,) = read(
        SOURCE,
        written(tmp_path, box([raw(*letter(STORIES[2], 1, body=body + "\n\n" + typed(STORIES[2].parts[0].blocks)))])),
    ).of(Story)
    assert "You were right." in story.chapters[0].body
    assert "I know." in story.chapters[0].body


def multipart(parts: list[tuple[str, str]], *, boundary: str = "b1", end: bool = True, kind: str = "mixed") -> str:
    out = [f"--{boundary}\nContent-Type: {mime}\n\n{text}\n" for mime, text in parts]
    return "This is a message in MIME format.\n\n" + "".join(out) + (f"--{boundary}--\n" if end else "")


@pytest.mark.parametrize("end", [True, False])
def test_broken_and_whole_multiparts(read, blocks_of, tmp_path, end):
    headers, text = letter(STORIES[2], 1)
    footer = "_______________________________________________\nWeirlist mailing list\nWeirlist@lists.example\n"
    data = (
        "".join(f"{name}: {words}\n" for name, words in headers.items())
        + 'Content-Type: multipart/mixed; boundary="b1"\nMIME-Version: 1.0\n\n'
    )
    data += multipart([("text/plain; charset=utf-8", text), ("text/plain", footer)], end=end)
    assert_whole(read(SOURCE, written(tmp_path, box([data.encode()]))), blocks_of, but=(41, 42))


def test_italics_are_taken_from_the_html_twin(read, blocks_of, tmp_path):
    headers, text = letter(STORIES[2], 1)
    html = (
        "<html><body><p>TITLE: Low Water<br>AUTHOR: quiet_one<br>RATING: x</p>"
        + "".join(f"<p>{b[1].replace('could', '<i>could</i>')}</p>" for b in STORIES[2].parts[0].blocks)
        + "</body></html>"
    )
    data = (
        "".join(f"{name}: {words}\n" for name, words in headers.items())
        + 'MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary="b1"\n\n'
    )
    data += multipart([("text/plain", text.split("\n\n-- ")[0]), ("text/html", html)])
    (story,) = read(SOURCE, written(tmp_path, box([data.encode()]))).of(Story)
    assert ("could",) in [italics for _, _, italics in blocks_of(story.chapters[0].body)]


def test_quoted_printable_that_no_header_tells(read, blocks_of, tmp_path):
    headers, text = letter(STORIES[0], 1)
    data = (
        "".join(f"{name}: {words}\n" for name, words in headers.items()).encode("cp1252")
        + b"\n"
        + quopri.encodestring(text.encode("cp1252"))
    )
    (story,) = read(SOURCE, written(tmp_path, box([data]))).of(Story)
    assert blocks_of(story.chapters[0].body) == truth(STORIES[0].parts[0].blocks)


@pytest.mark.parametrize(
    "ends",
    [
        lambda d: d.replace(b"\n", b"\r\n"),
        lambda d: d.replace(b"\n\nFrom list", b"\nFrom list"),
        lambda d: d.replace(b"list@lists.example Thu May", b"- Thu May"),
    ],
)
def test_line_ends_and_from_lines_of_other_programs(read, blocks_of, tmp_path, ends):
    assert_whole(read(SOURCE, written(tmp_path, ends(box([*posts(), *CHAT])))), blocks_of)


def test_a_paragraph_that_starts_with_from_is_no_new_message(read, tmp_path):
    body = (
        "She came on foot.\n\nFrom the hill you could see it all, on a Tuesday in May 2004 at least.\n\nFrom where she stood, nothing.\n\n"
        + typed(STORIES[2].parts[0].blocks)
    )
    data = box([raw(*letter(STORIES[2], 1, body=body))]).replace(b"\n>From ", b"\nFrom ")
    (story,) = read(SOURCE, written(tmp_path, data)).of(Story)
    assert "From the hill" in story.chapters[0].body
    assert "From where she stood" in story.chapters[0].body


def test_yahoo_groups_archives(read, blocks_of, tmp_path):
    folder = tmp_path / "weirlist" / "email"
    folder.mkdir(parents=True)
    for number, data in enumerate([*posts(encoding="utf-8", charset="utf-8"), *CHAT], 1):
        text = data.decode("utf-8", "replace").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        (folder / f"{number}_raw.json").write_text(json.dumps({"msgId": number, "subject": "x", "rawEmail": text}))
        (folder / f"{number}.json").write_text(json.dumps({"msgId": number, "subject": "x", "messageBody": "abridged"}))
    brought = read(SOURCE, tmp_path / "weirlist")
    assert_whole(brought, blocks_of)
    assert len(brought.of(Story)) == len(STORIES)


def test_a_text_that_yahoo_cut_off_is_told(read, tmp_path):
    headers, text = letter(STORIES[2], 1)
    brought = read(
        SOURCE, written(tmp_path, box([raw(headers, text.split("\n\nEND")[0] + "\n\n(Message over 64 KB, truncated)")]))
    )
    assert "text.truncated" in brought.codes


def test_no_address_is_in_any_record(read, tmp_path):
    brought = read(SOURCE, written(tmp_path, box([*CHAT, *posts()])))
    text = "\n".join([*(bundle.dumps(record) for record in brought.of(Story)), *map(repr, brought.findings)])
    for _, mail in PEOPLE.values():
        assert mail not in text
    assert {contact.email for contact in brought.contacts} == {PEOPLE[tale.uid][1] for tale in STORIES}


def test_spreading_the_letters_over_single_files(read, blocks_of, tmp_path):
    for number, data in enumerate([*posts(), *CHAT]):
        written(tmp_path, data, f"{number:04}.eml")
    assert_whole(read(SOURCE, tmp_path), blocks_of)


@pytest.mark.parametrize(
    ("subject", "stem", "label", "order", "total"),
    [
        ("FIC: Salt (2/5)", "FIC: Salt", "2/5", 2, 5),
        ("Salt [3/?] PG", "Salt PG", "3/?", 3, 0),
        ("Salt 01/12", "Salt", "01/12", 1, 12),
        ("Salt, Part Two", "Salt", "Part Two", 2, 0),
        ("Salt - Epilogue", "Salt", "Epilogue", 9000, 0),
        ("Salt 2b/4", "Salt", "2b/4", 2.02, 4),
        ("Salt (0/4)", "Salt", "0/4", 0.25, 4),
        ("Catch 22", "Catch 22", "", 0, 0),
        ("9/11/2001", "9/11/2001", "", 0, 0),
        ("Part of the Family", "Part of the Family", "", 0, 0),
    ],
)
def test_part_marks(subject, stem, label, order, total):
    found, mark = part_of(subject)
    assert (found, mark.label, mark.order, mark.total) == (stem, label, order, total)


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        ("NEW: Salt and Signal [PG-13]", "Salt and Signal"),
        ("FIC: Salt (R, slash)", "Salt"),
        ("[FIC] Salt by Wren", "Salt"),
        ("REPOST: FIC: Salt", "Salt"),
        ("Salt", "Salt"),
    ],
)
def test_titles_in_subjects(subject, title):
    assert subject_title(subject) == title


@pytest.mark.parametrize(
    "end",
    [
        "\n-- \nWren\nhttp://wren.example\n",
        "\n\n\n_______________________________________________\nWeirlist mailing list\nWeirlist@lists.example\nhttp://lists.example/mailman/listinfo/weirlist\n",
        "\n\n\n------------------------ Yahoo! Groups Sponsor ---------------------~-->\nBuy ink!\nhttp://us.click.yahoo.com/xyz\n---------------------------------------------------------------------~->\n\nTo unsubscribe from this group, send an email to:\nweir-unsubscribe@egroups.com\n\n\nYour use of Yahoo! Groups is subject to http://docs.yahoo.com/info/terms/ \n",
        "\n\n__________________________________________________\nDo You Yahoo!?\nGet email alerts\n",
    ],
)
def test_what_is_around_a_letter_goes(end):
    assert bare_letter("It lit.\n\nIt never went out." + end) == "It lit.\n\nIt never went out."


def test_ordinary_letters_are_no_stories():
    for data in CHAT:
        (message,) = read_message(data)
        assert post(message, bare_letter(message.text)) is None
