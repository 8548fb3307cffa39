"""What the page's script asks for: a fresh token, another way of entry, cleaned words from a clipboard."""

from __future__ import annotations

from django.contrib import messages
from django.http import JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from storykeep.model.errors import TooLarge
from storykeep.site.writing import entry
from storykeep.site.writing.doors import for_writers, own_work
from storykeep.site.writing.models import Unsaved
from storykeep.site.writing.paragraphs import tidy
from storykeep.text.paste import paste


@require_GET
@never_cache
def token(request):
    """Give the token that a page needs after its reader signed in again elsewhere."""
    if not request.user.is_authenticated:
        return JsonResponse({"signed_out": True}, status=401)
    return JsonResponse({"token": get_token(request)})


@require_POST
@for_writers
def convert(request):
    """Give a text in another way of entry, and as the clean body that would be kept."""
    try:
        body = entry.body(request.POST.get("text", ""), request.POST.get("from", "html"))
    except TooLarge as error:
        return JsonResponse({"told": str(error)}, status=413)
    way = request.POST.get("to", "html")
    return JsonResponse({"body": body, "source": entry.source(body, way)})


@require_POST
@for_writers
def pasted(request):
    """Clean what was copied out of another program."""
    try:
        found = paste(request.POST.get("html", ""))
        return JsonResponse({"body": tidy(found.body), "changes": found.changes, "program": found.program})
    except TooLarge as error:
        return JsonResponse({"told": str(error)}, status=413)


@require_POST
@for_writers
def forget(request, ref):
    """Throw away what was typed about a published work and not saved."""
    found = own_work(request, ref)
    Unsaved.objects.filter(work=found, account=request.user).delete()
    messages.success(request, "Thrown away. The work is as your readers see it.")
    return redirect("write-work", found.ref)
