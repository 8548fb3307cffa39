"""Pages for what went wrong: one calm sentence, and a way on."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import Http404, HttpResponse
from django.template import TemplateDoesNotExist, loader


class Gone(Http404):
    """What was at this address has been removed by its author."""


def bad_request(request, exception=None):
    if request.method == "POST" and isinstance(exception, (RequestDataTooBig, TooManyFieldsSent)):
        return page(request, 413, "That is more than can be sent at once.")
    return page(request, 400, "This request could not be understood.")


def forbidden(request, exception=None, reason=""):
    return page(request, 403, "This form could not be sent. Please open the page again and try once more.")


def not_found(request, exception=None):
    if isinstance(exception, Gone):
        return page(request, 410, "What was here has been removed by its author.")
    return page(request, 404, "There is nothing at this address.")


def too_often(request, exception=None):
    answer = page(request, 429, "That was often enough for now. Wait a minute, then try again.")
    answer.headers["Retry-After"] = "60"
    return answer


def broken(request):
    return page(request, 500, "Something went wrong on our side. Please try again in a moment.")


def page(request, status: int, sentence: str) -> HttpResponse:
    """Answer with the template ``404.html`` or its like; with the bare sentence when that can't be shown."""
    try:
        body = loader.render_to_string(f"{status}.html", {"sentence": sentence, "status": status}, request)
    except TemplateDoesNotExist:
        body = f"<!doctype html><html lang=en><title>{status}</title><h1>{sentence}</h1><a href=/>To the first page</a>"
    return HttpResponse(body, status=status)
