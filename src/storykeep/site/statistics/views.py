"""The numbers of one's own works: all of them, one of them, and as a table to take along."""

from __future__ import annotations

import csv
from collections import Counter
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from storykeep.site.statistics import few, followers
from storykeep.site.statistics.measures import MEASURES, Counted
from storykeep.site.statistics.numbers import Numbers, numbers, span_of, works_of
from storykeep.site.statistics.pages import Choice, Line, StatisticsPage
from storykeep.site.statistics.plots import per_cent, plot
from storykeep.text.cells import defused

SPANS = (("month", "30 days"), ("year", "12 months"), ("all", "All years"))
MOST_LINES = 100
SHOWN = ("ref", "title", "reads", "read_here")


@never_cache
@login_required
@require_safe
def mine(request):
    works = list(works_of(request.user).only(*SHOWN).order_by("sort_title", "pk"))
    return page(request, "Statistics", works)


@never_cache
@login_required
@require_safe
def one(request, ref: str):
    work = get_object_or_404(works_of(request.user), ref=ref)
    return page(request, str(work), [work], work_url=work.get_absolute_url())


@never_cache
@login_required
@require_safe
def table(request):
    """Give every number of the span as one line: day, work, what, how many. Days with few readers are one line."""
    works = {work.pk: work for work in works_of(request.user).only(*SHOWN)}
    found = numbers(works, span_of(request.GET.get("span", "all"), works))
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="statistics.csv"'
    rows = csv.writer(answer)
    rows.writerow(["day (UTC)", "work", "address", "what", "number"])
    for measure in MEASURES:
        counted = found.counted[measure.key]
        for day, work, number in few.by_months(counted) if measure.quiet else by_days(counted):
            url = request.build_absolute_uri(works[work].get_absolute_url())
            rows.writerow([day, defused(works[work]), url, measure.key, number])
    following = followers.of(request.user, works.values())
    began = Counter((0, day) for day in following.days if found.span.at(day) is not None)
    rows.writerows([day, "", "", following.key, number] for day, _, number in few.by_months(began))
    return answer


def by_days(counted: Counted) -> list[tuple[str, int, int]]:
    return sorted((day.isoformat(), work, number) for (work, day), number in counted.items())


# ── the page
def page(request, heading: str, works: list, work_url: str = ""):
    ids = [work.pk for work in works]
    span = request.GET.get("span", "month")
    by = request.GET.get("by", MEASURES[0].key)
    by = by if by in {each.key for each in MEASURES} else MEASURES[0].key
    found = numbers(ids, span_of(span, ids))
    following = followers.of(request.user, works, page=not work_url)
    shown = StatisticsPage(
        heading=heading,
        work_url=work_url,
        spans=tuple(Choice(words, address(request, span=key, by=by), key == found.span.key) for key, words in SPANS),
        orders=tuple(
            Choice(each.words, address(request, span=found.span.key, by=each.key) + "#works", each.key == by)
            for each in MEASURES
        ),
        plots=(
            *(plot(each, found.span, found.by_bar(each.key)) for each in MEASURES),
            *([plot(following, found.span, following.by_bar(found.span))] if following.days else ()),
        ),
        lines=() if work_url else lines(works, found, by),
        more=max(0, len(works) - MOST_LINES),
        earlier=sum(work.reads for work in works),
        csv=f"{reverse('statistics-csv')}?span={found.span.key}",
        any_works=bool(works),
        followers=len(following.days),
    )
    return render(request, "statistics/mine.html", {"page": shown})


def address(request, **given: str) -> str:
    return f"{request.path}?{urlencode(given)}"


def lines(works: list, found: Numbers, by: str) -> tuple[Line, ...]:
    """Return the works, the one with the highest number first."""
    counted = {each.key: found.by_work(each.key) for each in MEASURES}
    most = max(counted[by].values(), default=0) or 1
    ordered = sorted(works, key=lambda work: -counted[by][work.pk])[:MOST_LINES]
    return tuple(
        Line(
            title=str(work),
            url=reverse("statistics-work", args=[work.ref]),
            width=per_cent(100 * counted[by][work.pk] / most),
            said=", ".join(said(each, counted[each.key][work.pk]) for each in MEASURES if counted[each.key][work.pk]),
            earlier=work.reads,
        )
        for work in ordered
    )


def said(measure, number: int) -> str:
    return f"{number} {measure.one if number == 1 else measure.words.lower()}"
