"""What the templates of accounts may use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from storykeep.site.accounts import belongings, invitations, mail, sessions
from storykeep.site.accounts.models import Deed, User
from storykeep.site.accounts.roles import GIVEN_BY, ROLES, may


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPage:
    """One's own account at a glance."""

    name: str
    email: str
    has_password: bool
    has_app: bool
    passkeys: int
    places: int
    invitations: int | None
    sends_mail: bool
    roles: list[tuple[str, str]]
    mine: list[belongings.Page]


def account_page(user: User) -> AccountPage:
    """Return what stands on the account's first page."""
    steps = list(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    held = [role for role in ROLES if role in user.roles or (role == "host" and user.is_superuser)]
    return AccountPage(
        name=user.username,
        email=user.email,
        has_password=user.has_usable_password(),
        has_app=Authenticator.Type.TOTP in steps,
        passkeys=steps.count(Authenticator.Type.WEBAUTHN),
        places=UserSession.objects.filter(user=user).count(),
        invitations=invitations.left(user),
        sends_mail=mail.can_send(),
        roles=[(role, ROLES[role]) for role in held if role != "member"],
        mine=belongings.pages(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Somewhere that one is signed in."""

    key: str
    browser: str
    address: str
    since: datetime
    seen: datetime
    here: bool


def sessions_page(living: list[UserSession]) -> list[Place]:
    """Return the places where the account is signed in; this one first."""
    current = context.request.session.session_key
    places = [
        Place(
            key=str(each.pk),
            browser=sessions.described(each.user_agent),
            address=each.ip,
            since=each.created_at,
            seen=each.last_seen_at,
            here=each.session_key == current,
        )
        for each in living
    ]
    return sorted(places, key=lambda place: not place.here)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberPage:
    """An account, as somebody with a role sees it, and what they may do."""

    member: User
    held: list[str]
    giveable: list[str]
    takeable: list[str]
    may_suspend: bool
    may_give_way_in: bool
    has_second_step: bool
    deeds: list[Deed]
    link: str

    @classmethod
    def of(cls, viewer: User, member: User, link: str) -> MemberPage:
        held = [role for role in GIVEN_BY if role in member.roles or (role == "host" and member.is_superuser)]
        in_reach = [role for role in GIVEN_BY if may(viewer, GIVEN_BY[role])]
        other = viewer.pk != member.pk and all(role in in_reach for role in held)
        return cls(
            member=member,
            held=held,
            giveable=[role for role in in_reach if role not in held],
            takeable=[role for role in in_reach if role in held],
            may_suspend=other and may(viewer, "suspend accounts"),
            may_give_way_in=other and may(viewer, "give a way in"),
            has_second_step=Authenticator.objects.filter(user=member).exists(),
            deeds=list(member.deeds.select_related("by")[:50]),
            link=link,
        )
