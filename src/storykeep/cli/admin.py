"""storykeep admin: make the account of an archivist, or give a lost one a new way in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from storykeep.model.errors import UsageError

if TYPE_CHECKING:
    from storykeep.site.accounts.models import User


@click.command("admin")
@click.argument("name")
@click.option("--email", default="", help="An e-mail address, which can be used for signing in too.")
@click.option("--role", default="archivist", show_default=True, help="member, moderator, wrangler, archivist or host.")
@click.option("--password", default=None, help="Set this password instead of printing a link.")
@click.option("--ask", is_flag=True, help="Ask for a password instead of printing a link.")
@click.option("--forget-second-step", "forget", is_flag=True, help="The phone or key is lost: ask for it no more.")
@click.option("--data", type=click.Path(path_type=Path), help="The data folder (default: STORYKEEP_DATA).")
def command(  # noqa: PLR0913, PLR0917 — click gives each option as an argument
    name: str, email: str, role: str, password: str | None, ask: bool, forget: bool, data: Path | None
) -> None:
    """Make the account NAME, or open the way to it again.

    Without a password, prints a link that signs in once, within the hour. No mail is needed.
    """
    from storykeep.site import open_archive

    open_archive(data)
    from storykeep.site.accounts.roles import give, known

    known(role)
    if ask and not password:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    user = account(name, email)
    if password:
        set_password(user, password)
    if forget:
        forget_second_step(user)
    give(user, role)
    say(user, password)


def account(name: str, email: str) -> User:
    """Return the account called ``name``, made when there is none."""
    from allauth.account.models import EmailAddress

    from storykeep.site.accounts.models import User

    user = User.objects.filter(username__iexact=name).first()
    if user is None:
        check_name(name)
        user = User.objects.create_user(name, email)
        click.echo(f"Made the account {name}.")
    if email:
        user.email = email
        user.save(update_fields=["email"])
        values = {"verified": True, "primary": True}
        EmailAddress.objects.update_or_create(user=user, email=email.lower(), defaults=values)
    return user


def check_name(name: str) -> None:
    from django.core.exceptions import ValidationError

    from storykeep.site.accounts.models import User

    try:
        User.username_validator(name)
    except ValidationError as error:
        raise UsageError(f"{name!r} can't be the name of an account: {error.messages[0]}") from error


def set_password(user: User, password: str) -> None:
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    try:
        validate_password(password, user)
    except ValidationError as error:
        raise UsageError("This password can't be used. " + " ".join(error.messages)) from error
    user.set_password(password)
    user.save(update_fields=["password"])


def forget_second_step(user: User) -> None:
    from storykeep.site.accounts.second_factor import forget

    forget(user)
    click.echo(f"The second step of {user.username} is forgotten.")


def say(user: User, password: str | None) -> None:
    from storykeep.site.accounts.once import link_for

    if password:
        click.echo(f"{user.username} can sign in with this password.")
    else:
        click.echo(f"This link signs {user.username} in once, within the hour:\n  {link_for(user)}")
