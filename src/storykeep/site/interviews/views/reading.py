"""Who has given an interview, for readers."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.shortcuts import render

from storykeep.site.interviews import queries

A_PAGE = 50


def interviews(request):
    rows = Paginator(queries.with_interview(request.user), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "interviews/interviews.html", {"rows": rows})
