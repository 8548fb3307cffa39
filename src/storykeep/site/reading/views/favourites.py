"""A member keeps a tag as a favourite, or lets it go."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from storykeep.model.errors import UsageError
from storykeep.site.search.naming import used
from storykeep.site.tags import favourites
from storykeep.site.works import queries


@never_cache
@login_required
@require_POST
def favourite(request, kind: str, slug: str):
    """Keep the tag, or let it go where ``keep`` is empty. A tag that finds nothing for this member is not there."""
    tag = queries.tag_page(kind, slug)
    if tag is None or not used(request.user, [tag.pk]):
        raise Http404
    if not request.POST.get("keep"):
        favourites.let_go(request.user, tag)
        messages.success(request, f"“{tag}” is no favourite any longer.")
        return redirect(tag)
    try:
        favourites.keep(request.user, tag)
        messages.success(request, f"“{tag}” is a favourite now. It stands on the first page and among the subjects.")
    except UsageError as error:
        messages.warning(request, str(error))
    return redirect(tag)
