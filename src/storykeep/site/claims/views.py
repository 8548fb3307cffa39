"""For authors: find yourself in the archive, show that it is you, and decide about your works."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.mail import EmailMessage
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from storykeep.model.errors import UsageError
from storykeep.site.base import limits
from storykeep.site.base.models import Archive
from storykeep.site.claims import choices, consent, letters
from storykeep.site.claims import words as thread
from storykeep.site.claims.belongings import has_another_author
from storykeep.site.claims.forms import AskForm, DecisionForm, NameForm
from storykeep.site.claims.models import Claim, ClaimState
from storykeep.site.works.models import Person, Visibility
from storykeep.text.fold import fold

FOUND = 40  # names shown for one question


@never_cache
def find(request):
    """Let an author find their name. People whose works are for members are found too: the question is theirs."""
    words = request.GET.get("q", "").strip()[:100]
    named = Q(folded__contains=fold(words)) | Q(pen_names__name__icontains=words)
    people = Person.objects.filter(named, account=None, merged_into=None).distinct().order_by("folded") if words else []
    return render(request, "claims/find.html", {"words": words, "people": people[:FOUND]})


@never_cache
def ask(request, slug):
    """Take the old address or a statement. The answer is the same whether the address is known or not."""
    person = get_object_or_404(Person, slug=slug, account=None)
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not limits.allow(request, "claim", most=5, seconds=3600):
            form.add_error(None, "That was often enough for now. Try again in an hour.")
        elif form.cleaned_data["email"] and not letters.can_write():
            form.add_error("email", "This archive can't send letters yet. Tell the archivist who you are instead.")
        elif form.cleaned_data["email"]:
            _write_to(request, person, form.cleaned_data["email"])
            return render(request, "claims/asked.html", {"person": person})
        elif not request.user.is_authenticated:
            form.add_error(None, "Sign in first, so that the archivist can answer you.")
        else:
            _note(request, person, form.cleaned_data["statement"])
            return render(request, "claims/asked.html", {"person": person, "by_word": True})
    return render(request, "claims/ask.html", {"person": person, "form": form})


@never_cache
def letter(request, token):
    """Show what a letter was about. Nothing happens until somebody signs in and presses the button."""
    way = letters.read_token(token)
    if way is None or way.person.account_id:
        return render(request, "claims/stale.html", status=404)
    if request.method == "POST" and request.user.is_authenticated:
        claim, _ = Claim.objects.get_or_create(person=way.person, account=request.user)
        claim.state = ClaimState.SHOWN
        claim.save()
        consent.grant(claim)
        messages.success(request, f"Welcome back, {way.person}. These works are yours to decide about.")
        return redirect("my-works")
    request.session["claiming"] = way.person.pk  # whoever holds a letter may make an account, even if sign-up is closed
    context = {"person": way.person, "works": _works(way.person), "next": request.path}
    return render(request, "claims/letter.html", context)


@csrf_exempt  # a mail program presses the button of its own (RFC 8058); only who has the link can
@never_cache
def never(request, token):
    """Never write again: asked for with a button, since some mail programs open every link by themselves."""
    way = letters.read_token(token, days=None)  # to be left alone is never too late
    if way is None:
        return render(request, "claims/stale.html", status=404)
    if request.method == "POST":
        consent.silence(way)
        return render(request, "claims/never.html", {"done": True})
    return render(request, "claims/never.html", {"done": False})


@login_required
@never_cache
def words(request, ref):
    """What the claimant and the archivist write to one another."""
    claim = get_object_or_404(request.user.claims.select_related("person", "account"), ref=ref)
    if request.method == "POST":
        if not limits.allow(request, "claim-words", most=20, seconds=3600):
            messages.warning(request, "That was often enough for now. Try again in an hour.")
        elif thread.say(claim, request.user, request.POST.get("text", "")):
            messages.success(request, "The archivist reads it and answers here.")
        return redirect("claim-words", ref=ref)
    return render(request, "claims/words.html", {"claim": claim, "words": claim.words.select_related("by")})


@login_required
@never_cache
def mine(request):
    people = request.user.people.all()
    return render(request, "claims/mine.html", {"people": people, "works": consent.works_of(request.user)})


@login_required
@reauthentication_required
@never_cache
def decide(request, ref):
    """Decide about one work: it may be gone afterwards, so the password is asked for again."""
    work = get_object_or_404(consent.works_of(request.user).exclude(visibility=Visibility.REMOVED), ref=ref)
    form = DecisionForm(request.POST or None, initial={"choice": "keep"})
    if request.method == "POST" and form.is_valid() and stays_for_others(form, work, request.user):
        if form.cleaned_data["coauthor"]:
            with choices.noted(work, request.user, "coauthor"):
                consent.add_author(work, form.cleaned_data["coauthor"])
        try:
            _act(work, form.cleaned_data["choice"], request.user)
        except UsageError as error:
            messages.warning(request, str(error))
            return redirect("my-work", work.ref)
        if form.cleaned_data["choice"] == "remove" and form.cleaned_data["never"]:
            consent.never_again(work)
        messages.success(request, f"Done: “{work}”.")
        return redirect("my-works")
    return render(request, "claims/decide.html", {"work": work, "form": form})


@login_required
@never_cache
def rename(request, slug):
    person = get_object_or_404(request.user.people, slug=slug)
    form = NameForm(request.POST or None, initial={"name": person.name})
    if request.method == "POST" and form.is_valid():
        consent.rename(person, form.cleaned_data["name"].strip())
        messages.success(request, f"Your works now stand under the name {person.name}.")
        return redirect("my-works")
    return render(request, "claims/rename.html", {"person": person, "form": form})


def stays_for_others(form, work, user) -> bool:
    """Say whether the choice takes nothing from another author who is here; tell what can be done instead."""
    if form.cleaned_data["choice"] == "remove" and has_another_author(work, user):
        form.add_error("choice", "Somebody else here wrote it, too, so it stays. You can leave it without your name.")
    return form.is_valid()


def _act(work, choice: str, user) -> None:
    acts = {
        "public": lambda: consent.show_to(work, Visibility.PUBLIC),
        "members": lambda: consent.show_to(work, Visibility.MEMBERS),
        "hidden": lambda: consent.show_to(work, Visibility.HIDDEN),
        "orphan": lambda: consent.orphan(work, user, keep_name=False),
        "orphan-name": lambda: consent.orphan(work, user, keep_name=True),
        "remove": lambda: consent.remove(work),
    }
    if choice in acts:
        with choices.noted(work, user, choice):
            acts[choice]()


def _write_to(request, person: Person, email: str) -> None:
    """Write to the address, if it is the person's; the page says the same either way."""
    way = consent.ways_to(person, email).first()
    if way is None:
        return
    link = request.build_absolute_uri(reverse("claim-letter", args=[letters.make_token(way)]))
    body = (
        f"Somebody, you we hope, asked for the works of {person.name} in {Archive.current().name}.\n\n"
        f"To see them and decide about them, open this page, and sign in:\n\n{link}\n\n"
        "If it wasn't you, do nothing: nothing happens by itself.\n"
    )
    subject = " ".join(f"The works of {person.name}".split())
    EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [email]).send(fail_silently=False)


def _note(request, person: Person, statement: str) -> None:
    claim, new = Claim.objects.get_or_create(person=person, account=request.user, defaults={"statement": statement})
    if not new and claim.state != ClaimState.GRANTED:
        thread.say(claim, request.user, statement)


def _works(person: Person):
    credited = person.credits.select_related("work").exclude(work__visibility=Visibility.LED)
    return [credit.work for credit in credited.order_by("work__sort_title")]
