"""Label blocks: "Rating: PG", "SUMMARY text", "Title - …", several glued in one line.

Writers put the facts about a story above it in any order and shape. A label is known by its words, so a letter inside
a story ("From: …", "Subject: …") is no label. Which field a label fills is decided here and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from storykeep.sources.pages import inline

_APOSTROPHE = r"(?:['’`´‘]|â€™|Ã¢â‚¬â„¢|\?|\\')?"

_FIELDS: dict[str, str] = {
    "title": (
        r"(?:story|fic|fanfic|full|working)? ?title|name of (?:the )?(?:story|fic)|story name|fic name|"
        r"titel|título|titre|titolo"
    ),
    "author": (
        rf"authors?(?:{_APOSTROPHE}s? name| name)?|author ?\(s\)|written by|writers?|pen ?names?|"
        rf"penned by|by|story by|fic by|posted by|name|creators?|written and posted by|"
        rf"author ?/ ?(?:artist|writer|pseud\w*|penname)|"
        rf"author \(pseud\)|authored by|autor(?:a|in|e)?|auteure?|autrice|verfasser(?:in)?|f[öo]rfattare|forfatter"
    ),
    "coauthor": r"co-?authors?|co-?written (?:by|with)|with",
    "email": (
        rf"(?:author{_APOSTROPHE}?s? )?(?:e-?mail)(?: address)?(?: the author)?|contact|addy|"
        rf"email me(?: at)?|e-?mail author"
    ),
    "summary": (
        r"(?:short |story |brief |quick )?summar(?:y|ies)|synopsis|teaser|description|blurb|"
        r"plot|premise|in (?:short|a nutshell|brief)|story summary|chapter summary|log ?line|"
        r"zusammenfassung|inhalt(?:sangabe)?|r[ée]sum[ée]|resumen|sinopsis|resumo|riassunto|sammanfattning|samenvatting"
    ),
    "rating": (
        r"(?:story |overall |fiction |current )?ratings?|rated|fiction rated|content rating|"
        r"age rating|mpaa(?: rating)?|rating/warnings?"
    ),
    "pairing": (
        r"(?:main |primary |other |romantic )?pairings?(?:/characters)?(?: ?\(s\))?|relationships?|"
        r"ships?|couples?(?: ?\(s\))?|'?ship|romance|pairings? ?/ ?(?:warnings?|rating)|"
        r"characters?/pairings?|pairings? and characters?"
    ),
    "characters": (
        r"(?:main |major |primary |other )?characters?(?: ?\(s\))?|starring|featuring|featured characters?|"
        r"people|cast|pov|point of view"
    ),
    "fandom": r"fandoms?|show|universe|original series|source|canon|crossover(?: with)?|based on|tv show|book",
    "category": r"categor(?:y|ies)(?: ?\(ies\))?|classification|section|type of story|story type|type|archive category",
    "genre": r"genres?(?: ?\(s\))?|kind|class|style",
    "warnings": (
        r"(?:content |archive |trigger |other |story |additional |optional )?warnings?(?: ?\(s\))?|"
        r"warnings?/spoilers?|squicks?(?: and kinks)?|triggers?|caution|content notes?|contains|"
        r"kinks?|rating reason"
    ),
    "spoilers": r"spoilers?(?: for| ?\(s\)| warnings?| alert)?|episode spoilers?|spoilage|spoils",
    "timeline": (
        r"time ?-?lines?|time ?-?frame|time ?-?period|takes place|set(?: in| during| after|"
        r" before)?|setting|season|episodes?(?: related)?|era|continuity|when|placement|"
        r"tag to|missing scene"
    ),
    "disclaimer": (
        r"(?:standard |usual |general |obligatory |the |legal |copyright )?disclaim(?:er|"
        r"ers|s)?|legal(?: stuff| ?ese| notice| mumbo jumbo)?|copyright(?: notice| info(?:rmation)?)?|"
        r"ownership|dis|d/c|claimer|declaimer|not mine|credits?|disclaimers? ?/ ?(?:notes?|"
        r"warnings?)"
    ),
    "notes": (
        rf"(?:(?:beginning|story|chapter|first|second|more|other|general|additional|end|final|"
        rf"starting|opening|closing|begin|quick|side|extra)? ?(?:author{_APOSTROPHE}?s?{_APOSTROPHE}? |"
        rf"writer{_APOSTROPHE}?s?{_APOSTROPHE}? |archivist{_APOSTROPHE}?s? )?(?:chapter )?(?:end ?)?notes?"
        rf"(?: from (?:the )?author| to (?:the )?readers?| by (?:the )?author| on (?:the )?(?:story|text))?)|a/?n|"
        rf"a\.n\.?|author{_APOSTROPHE}s? (?:comments?|remarks?|ramblings?|babble|rant)|n/?b|"
        rf"nb|rant|blather|comments? from the author|(?:author )?comments?|foreword|preface|"
        rf"afterword|note from the author|ps|p\.s\.|explanation|background|story background|"
        rf"history|info|fyi|important"
    ),
    "dedication": r"dedications?|dedicated to|gift for|for|recipient|written for|this (?:story|one) is for",
    "thanks": (
        r"(?:special |many |big |huge )?thanks?(?: to| go(?:es)? to)?|thank ?-?yous?(?: to)?|"
        r"acknowledge?ments?|kudos(?: to)?|betas?(?:-?readers?)?(?:'?e?d by| by)?|beta-?reader(?: ?\(s\))?|"
        r"beta ?ed by|edited by|editors?|props|shout ?outs?"
    ),
    "feedback": (
        r"feedback(?: to| is)?|feed ?back|reviews?|comments? and feedback|reviews? to|fb|"
        r"c&c|send feedback to|critique|response"
    ),
    "distribution": (
        r"distribution(?: ?/ ?archiv(?:e|ing))?|archiv(?:e|es|ing|ed|al)(?: ?/ ?distribution|"
        r" at| info| rights| permission| it)?|permission(?: to archive|s)?|dist|posting|"
        r"reposting|also (?:posted|archived) at|where|want it|disclaimer ?/ ?distribution|"
        r"redistribution|list archive"
    ),
    "series": (
        r"series(?: title| name| / sequel| ?/ ?sequel)?|part of(?: the)?(?: series)?|arc|"
        r"story arc|story series|series/sequel|verse"
    ),
    "sequel": (
        r"sequel(?: to| of)?|prequel(?: to)?|follows|companion(?: piece)?(?: to)?|continuation of|"
        r"previous(?: part| story)?|comes after"
    ),
    "challenge": (
        r"challenges?(?: #?\d*| fic| response)?|prompts?|in response to|response to|theme|"
        r"written in response to|ficathon|requirements?|request(?:ed by)?|inspired by|inspiration|"
        r"lyrics by|song by|song(?:s)?(?: used)?|music"
    ),
    "words": r"word ?-?counts?|words|approximate word count|(?:story )?length|size|no\. of words|number of words",
    "completed": r"completed?|status|story status|finished|complete\?|work in progress|wip",
    "published": (
        r"(?:first |date |originally )?(?:published|posted|archived|uploaded|submitted|added|"
        r"written|completed|created|started|finished)(?: on| date)?|date(?: ?\(s\))?(?: (?:posted|"
        r"written|published|archived|added|submitted|completed|of posting|created))?|posted|"
        r"publish date|release(?:d)?(?: date)?|print ?time"
    ),
    "updated": (
        r"(?:last |date |recently )?(?:updated?|revised|modified)(?: on)?|last (?:update|"
        r"revision)|revision date|update date"
    ),
    "chapters": r"(?:no\. of |number of |total )?chapters|parts|chapters? (?:so far|posted)",
    "part": r"part|chapter(?: title| number)?|chap|subtitle|part title|episode title|section title",
    "reads": r"reads?|hits|views|read count|times read|counter",
    "language": r"language",
    "keywords": (
        r"key ?-?words?|tags|additional tags|freeforms?|codes?|story codes?|themes?|elements|"
        r"subjects?\(s\)|identifiers?"
    ),
    "website": (
        r"(?:author's |my )?(?:web ?-?site|web ?-?page|home ?-?page|site|url|www|link|journal|"
        r"livejournal|lj|blog)(?: address)?"
    ),
    "kind": r"story ?type|format|form",
    "translator": r"translators?|translated by|translation",
}
TAG_FIELDS = (
    "fandom",
    "category",
    "pairing",
    "characters",
    "genre",
    "warnings",
    "timeline",
    "keywords",
    "challenge",
    "rating",
)
NOTE_FIELDS = (
    "notes",
    "disclaimer",
    "dedication",
    "thanks",
    "spoilers",
    "feedback",
    "distribution",
    "challenge",
    "warnings",
)
FREE = frozenset(
    (
        "summary",
        "notes",
        "disclaimer",
        "dedication",
        "thanks",
        "feedback",
        "distribution",
        "warnings",
        "spoilers",
        "challenge",
    )
)
WEAK = frozenset(
    {
        "by",
        "name",
        "with",
        "for",
        "where",
        "when",
        "set",
        "set in",
        "show",
        "book",
        "source",
        "kind",
        "class",
        "type",
        "style",
        "form",
        "part",
        "chapter",
        "chap",
        "posted",
        "read",
        "reads",
        "words",
        "size",
        "length",
        "date",
        "follows",
        "people",
        "cast",
        "plot",
        "ps",
        "p.s.",
        "p.s",
        "info",
        "important",
        "music",
        "song",
        "history",
        "background",
        "theme",
        "request",
        "requirements",
        "response",
        "link",
        "site",
        "url",
        "www",
        "journal",
        "lj",
        "blog",
        "dis",
        "contains",
        "caution",
        "previous",
        "arc",
        "verse",
        "premise",
        "era",
        "canon",
        "universe",
        "status",
        "complete",
        "completed",
        "finished",
        "credits",
        "credit",
        "legal",
        "format",
        "archive",
        "contact",
        "posting",
        "permission",
        "reviews",
        "review",
        "comments",
        "comment",
        "language",
        "section",
        "subtitle",
        "elements",
        "written",
        "added",
        "started",
        "created",
        "views",
        "hits",
        "thanks",
        "thank you",
        "copyright",
        "preface",
        "foreword",
        "explanation",
        "description",
        "rant",
        "season",
        "episode",
        "episodes",
        "setting",
        "couple",
        "romance",
        "starring",
        "featuring",
        "fyi",
        "parts",
        "chapters",
        "note",
        "notes",
        "dedicated to",
        "inspiration",
        "warning",
        "website",
        "e-mail",
        "email",
        "takes place",
    }
)
"""Labels that are ordinary words, too: they count only with a colon, and beside other labels."""

_ORDER = list(_FIELDS)
_ANY = "|".join(f"(?P<{name}>{pattern})" for name, pattern in _FIELDS.items())
_LABEL = re.compile(rf"(?:{_ANY})", re.IGNORECASE)
_OPENING = r"[\s\u00a0*_~•·\[({<>=#+|/\\.°»-]*"
_CLOSING = r"[\s\u00a0*_~\])}>]*"
_HEAD = re.compile(
    (
        rf"^{_OPENING}(?P<label>[^\W\d_](?:[\w .’'`´‘()/&?\\â€™-]{{0,38}}?)){_CLOSING}(?P<sign>:+|"
        rf"=|~|\.{{2,}}|--|[–—»;-](?=\s)|(?=\s)|$)(?P<rest>.*)$"
    ),
    re.DOTALL,
)
_GLUED = re.compile(r"(?:^|(?<=[\s\u00a0|\])}>.;,*_~-]))(?P<label>[A-Z](?:[\w’'/ ]|-(?! )){0,30}?)\s{0,2}:")


REMEMBERED = 512  # lines: a page's head is looked at by several rules
LONGEST = 30_000  # characters of a line; what is longer is a story in one paragraph


@dataclass(frozen=True, slots=True)
class Label:
    """One labelled fact: the field it fills, the label as printed, and the value as text and as inline HTML."""

    field: str
    label: str
    text: str
    html: str


@lru_cache(REMEMBERED)
def field_of(label: str) -> str:
    """Return the field that a label fills, empty when it is not known.

    >>> field_of("Author's Notes"), field_of("SUMMARY"), field_of("Subject")
    ('notes', 'summary', '')
    """
    bare = re.sub(r"[\s\u00a0]+", " ", label).strip(" *_~:.-[](){}<>#=|/•·\u00a0")
    found = _LABEL.fullmatch(bare)
    return found.lastgroup or "" if found else ""


@lru_cache(REMEMBERED)
def parse(html: str) -> tuple[Label, ...]:
    """Return the labelled facts of one line, () when it does not start with a label.

    >>> [(l.field, l.text) for l in parse("<strong>Rating:</strong> PG | Pairing: Dana/Teo")]
    [('rating', 'PG'), ('pairing', 'Dana/Teo')]
    """
    if len(html) > LONGEST:
        return ()
    text = inline.plain(html)
    if tied := ties(text):
        return tied
    first = _first(text, html)
    if first is None:
        return _facts(text)
    starts = [first, *_more(text, html, first)]
    found = []
    for number, (field, label, _, value_at) in enumerate(starts):
        stop = starts[number + 1][2] if number + 1 < len(starts) else len(text)
        value = inline.cut(html, value_at, stop)
        value = _without_signs(value)
        found.append(Label(field, label, inline.plain(value).strip(), value))
    return tuple(found)


_TIE = re.compile(
    (
        r"^\W*(?:(?:this is )?(?:an? |the )?(?P<kind>sequel|prequel|companion(?: piece)?|follow-?up) to\s+"
        r"(?P<to>[^;:.?!]{2,80}?))?"
        r"(?:(?:^\W*|\s*;\s*)(?:is )?(?:part|book|story|number|no\.?|#)\s*(?P<number>\d{1,3})\s*(?:of|in)\s+"
        r"(?-i:the\s+)?"
        r"(?P<series>(?!\d)[^;:.?!]{2,80}?)(?:\s+series)?)?[)\].]?$"
    ),
    re.IGNORECASE,
)


def ties(text: str) -> tuple[Label, ...]:
    """Return what a line without a label says of other works: sequel to which, which part of what series.

    >>> [(l.field, l.text) for l in ties("Sequel to Low Water; part 2 of The Number Nine")]
    [('sequel', 'Low Water'), ('series', 'part 2 of The Number Nine')]
    """
    found = _TIE.match(text) if len(text) < 200 else None
    if found is None or not (found["to"] or found["series"]):
        return ()
    to, series = (found["to"] or "").strip(), (found["series"] or "").strip()
    sequel = [Label("sequel", f"{found['kind']} to", to, to)] if to else []
    return (*sequel, *([Label("series", "part", f"part {found['number']} of {series}", series)] if series else []))


def _without_signs(value: str) -> str:
    """Drop the signs that parted a value from the next label, and the halves of marks around the label."""
    plain = inline.plain(value)
    stop = len(re.sub(r"(?:\s[-–]|[ |\u00a0·•])+$", "", plain))
    if plain[:stop].count("[") < plain[:stop].count("]") or plain[:stop].count("(") < plain[:stop].count(")"):
        stop = len(plain[:stop].rstrip(" ])"))
    start = len(plain) - len(plain.lstrip(" :|\u00a0~" if not plain.startswith("~*") else " "))
    for sign in ("*", "_"):
        if plain[start : start + 1] == sign and plain.count(sign) % 2 and not plain[start + 1 : start + 2].isalnum():
            start += 1
    return inline.cut(value, start, max(start, stop))


_RATINGS = re.compile(
    r"^(?:rated\s+)?(?:G|PG(?:-?1[35])?|R|NC-?17|FR\w{1,2}|T|M|MA|K\+?|E|soft R|light R|hard R)$", re.IGNORECASE
)
_PAIR = re.compile(r"^[\w.'’ -]{1,24}(?:/|\+|&| x )[\w.'’ -]{1,24}(?:(?:/|\+|&)[\w.'’ -]{1,24})*$")


def _facts(text: str) -> tuple[Label, ...]:
    """Read a line of bare facts: "G · 400 words · complete", "Dana/Teo, PG-13, angst, by ella".

    One of them must be a rating or a count of words, and all must be short: prose has neither.
    """
    if _ONLY_EMAIL.match(text):
        return (Label("email", "", text, text),)
    for field, shape in _SAYINGS:
        if len(text) < 140 and (said := shape.match(text)):
            value = said["value"].strip(" .()") if "value" in shape.groupindex else text
            return (Label(field, "", value, value),)
    pieces = [
        piece.strip(" .()[]") for piece in re.split(r"\s*[,;|·•~]\s*|\s+[-–—]\s+|\.\s+", text) if piece.strip(" .()[]")
    ]
    if not 2 <= len(pieces) <= 9 or re.search(r"\w\s+\(", text) or any(len(piece.split()) > 5 for piece in pieces):
        return ()
    found = [label for piece in pieces if (label := _fact(piece))]
    sure = [label for label in found if label.field in ("rating", "words")]
    return tuple(found) if sure and len(found) >= 0.5 * len(pieces) and not text.rstrip().endswith(("!", "?")) else ()


_SAYINGS = (
    (
        "disclaimer",
        re.compile(
            r"^\W*(?:please )?see (?:part|chapter|the first|previous|earlier) .{0,30}\bfor\b.{0,20}"
            r"(?:disclaim|note|warning|info|rating)",
            re.IGNORECASE,
        ),
    ),
    (
        "series",
        re.compile(r"^\(?(?:this is )?(?:Part|part) of (?:the )?(?P<value>[A-Z\"“][^.!?]{2,60}?)(?: series)?\)?\.?$"),
    ),
    (
        "feedback",
        re.compile(
            r"^\W*(?:feedback|reviews?|comments?) (?:is |are )?(?:always )?(?:welcome|appreciated|please|loved|to:?)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "thanks",
        re.compile(
            r"^\W*(?:based on|inspired by|beta(?:'?d|ed)? by|edited by|translated by|illustrated by|art by|"
            r"dedicated to|"
            r"with thanks to|many thanks to|thanks to|written for) .{2,60}$",
            re.IGNORECASE,
        ),
    ),
)
"""Facts that need no label, because nothing else is said so."""
_ONLY_EMAIL = re.compile(
    r"^\W*[\w.+-]+(?:@|\[at\]| at |\(at\))[\w-]+(?:(?:\.| dot |\[dot\])[\w-]+)+\W*$", re.IGNORECASE
)


def has_rating(pieces: Iterable[str]) -> bool:
    """Say whether one of some short facts is a rating."""
    return any(_RATINGS.match(piece) for piece in pieces)


def _fact(piece: str) -> Label | None:
    if _RATINGS.match(piece):
        rating = re.sub(r"^rated\s+", "", piece, flags=re.IGNORECASE)
        return Label("rating", "", rating, rating)
    if re.match(r"^(?:about |approx\.? )?\d[\d,.]*k? words?$", piece, re.IGNORECASE):
        return Label("words", "", piece, piece)
    if re.match(r"^(?:complete|finished|wip|work in progress|unfinished|in progress)$", piece, re.IGNORECASE):
        return Label("completed", "", piece, piece)
    if said := re.match(r"^(?:written )?by (?P<name>[\w.' -]{2,40})$", piece, re.IGNORECASE):
        return Label("author", "by", said["name"], said["name"])
    if _PAIR.match(piece):
        return Label("pairing", "", piece, piece)
    return Label("genre", "", piece, piece) if piece.lower() in _GENRES else None


_GENRES = frozenset(
    "angst humor humour romance drama fluff smut gen slash het action adventure mystery horror fantasy h/c au".split()
)

_Start = tuple[str, str, int, int]


def _first(text: str, html: str) -> _Start | None:
    """Return (field, label, where it starts, where its value starts) of the label that opens the line."""
    return _bare_rating(text) or _with_sign(text) or _in_bold(text, _bold_head(html)) or _bare_capitals(text)


_RATING = re.compile(
    r"^[\W_]*(?:(?:rated[: ]\s*)(?=[A-Z]{1,3}(?:-?\d\d)?\+?[\W_]*$)|(?=(?:G|PG(?:-?1[35])?|NC-?17|FR\w{1,2})[\W_]*$))",
    re.IGNORECASE,
)


def _bare_rating(text: str) -> _Start | None:
    """A rating alone on its line: PG-13, (NC-17), Rated R. A lone R is somebody's signature."""
    found = _RATING.match(text) if len(text) < 24 else None
    rated = found is not None and bool(found.group().strip("( ["))
    upper = text[found.end() :].isupper() if found else False
    return ("rating", "Rated" if rated else "", 0, found.end()) if found and upper else None


def _with_sign(text: str) -> _Start | None:
    for found in _heads(text):
        label, sign = found["label"].strip(), found["sign"]
        field = field_of(label)
        if not field or not sign:
            continue
        if sign.startswith(":") or sign == "=" or (label.lower() not in WEAK and len(text) < 400):
            return field, label, 0, found.start("rest")
    return None


def _heads(text: str) -> Iterator[re.Match[str]]:
    """Yield the ways to read the start of ``text`` as a label and a sign, the colon first."""
    colon = re.match(
        rf"^{_OPENING}(?P<label>[^\W\d_][^:\n]{{0,44}}?){_CLOSING}(?P<sign>:+){_CLOSING}(?P<rest>.*)$", text, re.DOTALL
    )
    if colon:
        yield colon
    other = re.match(
        (
            rf"^{_OPENING}(?P<label>[^\W\d_][\w .’'/()-]{{0,36}}?){_CLOSING}\s*(?P<sign>=|~|\.{{2,}}|"
            rf"--|[–—»;-](?=\s))\s*(?P<rest>.*)$"
        ),
        text,
        re.DOTALL,
    )
    if other:
        yield other


def _in_bold(text: str, bold: int) -> _Start | None:
    """A label in bold needs no colon: <b>Rating</b> PG."""
    label = text[:bold].strip()
    if not bold or bold >= len(text) or len(label) > 40:
        return None
    field = field_of(label)
    return (
        (field, label.strip(" *_~[](){}"), 0, bold)
        if (field and field != "author") or label.lower() in ("author", "authors")
        else None
    )


def _bold_head(html: str) -> int:
    """Return how many letters at the start of the line stand in bold, underlined or italic marks."""
    runs = inline.runs_of(html)
    if runs and set(runs[0][1]) & {"strong", "u", "em"}:
        return len(runs[0][0])
    return 0


_CAPITALS = re.compile(r"^[\W_]*(?P<label>[A-Z][A-Z/’' -]{3,30}?)\s+(?P<rest>(?![A-Z]{2}\b(?!-|\d)).+)$", re.DOTALL)


def _bare_capitals(text: str) -> _Start | None:
    """RATING PG-13, DISCLAIMER I own nothing: known words in capitals, or a few that nothing else starts with."""
    words = text.split()
    for count in range(min(3, len(words) - 1), 0, -1):
        label = " ".join(words[:count])
        field = field_of(label)
        if not field or label.lower() in WEAK:
            continue
        capital = label.isupper() and not " ".join(words[count : count + 2]).isupper()
        plainly = (
            field in ("disclaimer", "spoilers", "rating", "summary", "pairing", "distribution", "feedback")
            and label[:1].isupper()
            and count == 1
        )
        follows = words[count][:1].isupper() or words[count][:1].isdigit() or words[count][:1] in "\"“‘'("
        if capital or (plainly and follows):
            return field, label, 0, text.index(label) + len(label)
    return None


def _more(text: str, html: str, first: _Start) -> Iterator[_Start]:
    """Yield further labels glued into the line: after a sentence's end, a sign or, in short facts, any space."""
    field = first[0]
    marked = _marked_places(html)
    for found in _GLUED.finditer(text, first[3]):
        start, label = _shortest(found["label"], found.start("label"))
        name = field_of(label) if label else ""
        if not name:
            continue
        before = text[first[3] : start].rstrip(" \u00a0")
        ended = before[-1:] in ".!?”\"')]}|;,-–~*_…" or text[start - 2 : start] in ("  ", "\u00a0 ", "\u00a0\u00a0")
        weak = label.lower() in WEAK
        if (
            start in marked
            or ((field not in FREE or ended) and not weak)
            or (field not in {*FREE, "title", "author"} or (ended and field != "title" and not weak))
        ):
            yield name, label.strip(" -"), start, found.end()
            field = name


def _shortest(label: str, at: int) -> tuple[int, str]:
    """Return the known label that ends a run of words: "Ninth Lantern Characters" ends with "Characters"."""
    words = [(m.start(), m.group()) for m in re.finditer(r"\S+", label)]
    for start, _ in words:
        if field_of(label[start:]):
            return at + start, label[start:]
    return at, ""


def _marked_places(html: str) -> frozenset[int]:
    """Return the offsets at which a bold, underlined or otherwise marked run starts."""
    at = 0
    found = set()
    before: tuple[str, ...] = ()
    for words, marks in inline.runs_of(html):
        if set(marks) - set(before):
            found.add(at + len(words) - len(words.lstrip()))
        at += len(words)
        before = marks
    return frozenset(found)
