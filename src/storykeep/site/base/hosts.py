"""The host that a browser asks for, with its port: Django compares the name only."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost

HIGHEST = 65535
USUAL = {"http": 80, "https": 443}


class PortMiddleware:
    """Refuses a port that is none, or not the archive's own where ``STORYKEEP_ORIGIN`` says which that is.

    Addresses on our pages begin with the host that was asked for. A made-up port in it would send readers who get
    that page from a cache somewhere else.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        port = request.headers.get("Host", "").rpartition("]")[2].rpartition(":")[2]
        if port.isdecimal() and not is_ours(int(port[:9])):
            raise DisallowedHost(f"Port {port[:9]} is not the archive's.")
        return self.get_response(request)


def is_ours(port: int) -> bool:
    house = settings.HOUSE
    if not house.origin:  # at home: whatever the host leads here
        return 0 < port <= HIGHEST
    origin = urlsplit(house.origin)
    return port in {house.port, origin.port or USUAL[origin.scheme], *USUAL.values()}
