"""Bringing in one's own works: a file is read as a rescue reads it, shown, and becomes drafts."""

from __future__ import annotations

from django.http import Http404
from django.views.decorators.http import require_GET

from storykeep.site.writing.doors import for_writers


@require_GET
@for_writers
def bring(request):
    raise Http404


@require_GET
@for_writers
def brought(request, ref):
    raise Http404
