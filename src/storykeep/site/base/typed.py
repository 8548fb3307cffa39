"""What came in with a request, without the one sign that nobody types and no database holds: NUL."""

from __future__ import annotations

from django.http import QueryDict

NUL = "\0"


class TypedMiddleware:
    """Takes NUL out of fields, and leaves out cookies that hold one: in PostgreSQL each of them would be a fault.

    A form is read when somebody asks for it, as ever, so that large uploads can still be taken in piece by piece.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.COOKIES = {name: value for name, value in request.COOKIES.items() if NUL not in value}
        request.GET = without_nul(request.GET)
        read = request._load_post_and_files  # noqa: SLF001 — Django has no door there, and later is too late for CSRF

        def read_typed():
            read()
            request._post = without_nul(request._post)  # noqa: SLF001 — the same

        request._load_post_and_files = read_typed  # noqa: SLF001 — the same
        return self.get_response(request)


def without_nul(fields: QueryDict) -> QueryDict:
    """Return ``fields`` as they are, or, if there is a NUL in them, what is left without."""
    if not any(NUL in name or any(NUL in value for value in values) for name, values in fields.lists()):
        return fields
    plain = QueryDict(mutable=True, encoding=fields.encoding)
    for name, values in fields.lists():
        plain.setlist(name.replace(NUL, ""), [value.replace(NUL, "") for value in values])
    plain._mutable = False  # noqa: SLF001 — as QueryDict.copy() leaves no way back either
    return plain
