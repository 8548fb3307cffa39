"""Numbers and dates as readers type them become bounds."""

from __future__ import annotations

import re
from datetime import MINYEAR, date, timedelta

from storykeep.query.tree import Dates, Number

LARGEST = 10**12  # no work has more words

_RANGE = re.compile(r"(?P<least>\d+)?\s*(?:-|–|—|\.\.+|to)\s*(?P<most>\d+)?")
_ONE = re.compile(r"(?P<sign>[<>≤≥]=?|=)?\s*(?P<n>\d+)(?P<plus>\+)?")
_SIGNS = {"≤": "<=", "≥": ">=", "": "=", "before": "<", "after": ">", "since": ">=", "from": ">=", "until": "<=",
          "till": "<=", "to": "<="}  # fmt: skip


# ── numbers
def number(field: str, text: str) -> Number | None:
    """Return the bounds in ``text``; None when it holds none.

    >>> number("words", "1,000-5,000"), number("words", "> 20k")
    (Number(field='words', least=1000, most=5000), Number(field='words', least=20001, most=None))
    """
    bare = re.sub(r"(?<=\d)[,_](?=\d)", "", text.casefold())
    bare = re.sub(r"(?<=\d)k\b", "000", bare).strip()
    found = _RANGE.fullmatch(bare)
    if found:
        return _range(field, found["least"], found["most"])
    one = _ONE.fullmatch(bare)
    return _one(field, one) if one else None


def _range(field: str, least: str | None, most: str | None) -> Number | None:
    if least is None and most is None:
        return None
    bounds = [None if each is None else _whole(each) for each in (least, most)]
    low, high = sorted(bounds) if None not in bounds else bounds  # type: ignore[type-var] # no None among them
    return Number(field, low, high)


def _whole(digits: str) -> int:
    return int(digits) if len(digits) <= len(str(LARGEST)) and int(digits) < LARGEST else LARGEST


def _one(field: str, found: re.Match[str]) -> Number:
    number, sign = _whole(found["n"]), _SIGNS.get(found["sign"] or "", found["sign"])
    if found["plus"]:
        sign = ">="
    least = {">": number + 1, ">=": number, "=": number}.get(str(sign))
    most = {"<": number - 1, "<=": number, "=": number}.get(str(sign))
    return Number(field, least, most)


# ── dates
_DAY = r"\d{4}(?:[-/.]\d{1,2}(?:[-/.]\d{1,2})?)?"
_SPAN = re.compile(
    rf"(?P<first>{_DAY})?\s*(?:\.\.+|–|—|\s-\s|\bto\b|\buntil\b|(?<=\d{{4}})-(?=\d{{4}}))\s*(?P<last>{_DAY})?"
)
_DATE = re.compile(rf"(?P<sign>[<>≤≥]=?|=|before|after|since|from|until|till)?\s*(?P<date>{_DAY})")
_UNIT = r"(?P<unit>d(?:ays?)?|w(?:eeks?)?|m(?:onths?)?|y(?:ears?)?)"
_AGO = re.compile(rf"(?P<sign>[<>]=?|(?:in )?(?:the )?(?:last|past))?\s*(?P<n>\d{{1,4}})?\s*{_UNIT}(?P<ago>\s+ago)?")
_AGES = re.compile(rf"(?P<near>\d{{1,4}})\s*[-–]\s*(?P<far>\d{{1,4}})\s*{_UNIT}(?:\s+ago)?")
_THIS = re.compile(r"this (?P<unit>week|month|year)")
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}


def dates(field: str, text: str, today: date) -> Dates | None:
    """Return the two dates in ``text``; None when it holds none. ``today`` is what "last 2 weeks" counts from.

    >>> dates("updated", "last 2 weeks", date(2010, 3, 20))
    Dates(field='updated', first='2010-03-06', last=None)
    >>> dates("updated", "2003..2004-05", date(2010, 3, 20))
    Dates(field='updated', first='2003', last='2004-05')
    """
    bare = " ".join(re.sub(r"(?<=[a-z])-|(?<=\d)-(?=[a-z])", " ", text.casefold()).split())
    for form, absolute in ((_SPAN, _span), (_DATE, _dated)):
        found = form.fullmatch(bare)
        if found:
            return absolute(field, found)
    return _relative(field, bare, today)


def _relative(field: str, bare: str, today: date) -> Dates | None:
    for form, read in ((_AGES, _ages), (_AGO, _ago), (_THIS, _this)):
        found = form.fullmatch(bare)
        if found:
            return read(field, found, today)
    if bare in {"today", "yesterday"}:
        day = today - timedelta(days=bare == "yesterday")
        return Dates(field, day.isoformat(), day.isoformat())
    return None


def _span(field: str, found: re.Match[str]) -> Dates | None:
    if not (found["first"] or found["last"]):
        return None
    first, last = (each and _iso(each) for each in (found["first"], found["last"]))
    if (found["first"] and not first) or (found["last"] and not last):
        return None
    if first and last and first > last:
        first, last = last, first
    return Dates(field, first or None, last or None)


def _dated(field: str, found: re.Match[str]) -> Dates | None:
    day, sign = _iso(found["date"]), _SIGNS.get(found["sign"] or "", found["sign"])
    if not day:
        return None
    if sign == "<":
        return Dates(field, None, _step(day, -1))
    if sign == ">":
        return Dates(field, _step(day, 1), None)
    return Dates(field, None if sign == "<=" else day, None if sign == ">=" else day)


def _ages(field: str, found: re.Match[str], today: date) -> Dates:
    near, far = sorted((int(found["near"]), int(found["far"])))
    return Dates(field, _before(today, far, found["unit"]).isoformat(), _before(today, near, found["unit"]).isoformat())


def _ago(field: str, found: re.Match[str], today: date) -> Dates | None:
    sign, count = found["sign"] or "", int(found["n"] or 1)
    if not (found["n"] or sign.endswith(("last", "past"))):
        return None
    day = _before(today, count, found["unit"]).isoformat()
    if sign.startswith(">"):
        return Dates(field, None, day)
    if found["ago"] and not sign:
        nearer = _before(today, count - 1, found["unit"]) - timedelta(days=found["unit"][0] != "d")
        return Dates(field, day, max(day, nearer.isoformat()) if found["unit"][0] != "d" else day)
    return Dates(field, day, None)


def _this(field: str, found: re.Match[str], today: date) -> Dates:
    first = {
        "week": (today - timedelta(days=today.weekday())).isoformat(),
        "month": today.isoformat()[:7],
        "year": today.isoformat()[:4],
    }
    return Dates(field, first[found["unit"]], None)


def _before(today: date, count: int, unit: str) -> date:
    days = count * _DAYS[unit[0]]
    return today - timedelta(days=min(days, (today - date(MINYEAR, 1, 1)).days))


def _iso(text: str) -> str:
    """Return "2003/5/1" as 2003-05-01; "" when there is no such day."""
    parts = [int(part) for part in re.split(r"[-/.]", text)]
    try:
        date(*[*parts, 1, 1][:3])
    except ValueError:
        return ""
    return "-".join([f"{parts[0]:04}", *(f"{part:02}" for part in parts[1:])])


def _step(day: str, by: int) -> str:
    """Return the year, month or day after ``day`` (before it with ``by=-1``), as precise as it is."""
    parts = [int(part) for part in day.split("-")]
    if len(parts) == 1:
        return f"{min(max(parts[0] + by, 1), 9999):04}"
    if len(parts) == 2:  # noqa: PLR2004 — a year and a month
        months = parts[0] * 12 + parts[1] - 1 + by
        return f"{min(max(months // 12, 1), 9999):04}-{months % 12 + 1:02}"
    known = date(*parts)
    return (known + timedelta(days=by)).isoformat() if date.min < known < date.max else day
