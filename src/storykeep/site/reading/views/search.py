"""Search: one box over titles, authors, summaries and texts."""

from __future__ import annotations

from django.shortcuts import render
from django.urls import reverse

from storykeep.site.reading.pages import Head, SearchPage


def search(request):
    query = request.GET.get("q", "")[:400].replace("\0", "").strip()
    page = SearchPage(
        head=Head(
            title=f"Search: {query}" if query else "Search",
            canonical=request.build_absolute_uri(reverse("search")),
            hidden=True,
        ),
        query=query,
        entries=(),
        said="",
        problem="",
    )
    return render(request, "reading/search.html", {"page": page})
