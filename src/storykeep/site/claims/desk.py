"""For archivists: letters to authors, claims to settle, those who said never, and the date of opening."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from storykeep.model.errors import UsageError
from storykeep.site.accounts.guards import for_archivists
from storykeep.site.claims import bounces, consent, letters, words
from storykeep.site.claims.forms import LetterForm, NeverForm, OpeningForm
from storykeep.site.claims.models import Choice, Claim, ClaimState, Letter, Never, Opening, Way
from storykeep.site.works import opening as opening_dates

MOST_FILES, SHOWN = 200, 200
WAITING_DAYS = 90  # suggested between the letters and the opening


@for_archivists
def claims(request):
    rows = Claim.objects.select_related("person", "account", "decided_by")
    context = {
        "here": "claims",
        "waiting": rows.filter(state=ClaimState.ASKED),
        "settled": rows.exclude(state=ClaimState.ASKED)[:100],
    }
    return render(request, "claims/desk_claims.html", context)


@for_archivists
def settle(request, ref):
    claim = get_object_or_404(Claim.objects.select_related("person", "account", "decided_by"), ref=ref)
    if request.method != "POST":
        return shown(request, claim)
    verb, answer = request.POST.get("verb"), request.POST.get("answer", "").strip()[:4000]
    acts = {
        "grant": lambda: consent.grant(claim, request.user, answer),
        "refuse": lambda: consent.refuse(claim, request.user, answer),
        "take-back": lambda: consent.take_back(claim, request.user),
    }
    if verb == "say":
        words.say(claim, request.user, request.POST.get("text", ""))
        return redirect("desk-claim", ref=ref)
    if verb not in acts:
        raise Http404
    try:
        acts[verb]()
        messages.success(request, f"{claim}: {claim.get_state_display().lower()}.")
    except UsageError as error:
        messages.warning(request, str(error))
    return redirect("desk-claims")


def shown(request, claim: Claim):
    decisions = Choice.objects.filter(account=claim.account, undone_at=None, at__gte=claim.asked_at).count()
    context = {"here": "claims", "claim": claim, "words": claim.words.select_related("by"), "decisions": decisions}
    return render(request, "claims/desk_claim.html", context)


@for_archivists
def write(request):
    """Write a new letter; nothing is sent from here."""
    form = LetterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        letter = Letter.objects.create(**form.cleaned_data, made_by=request.user)
        return redirect("desk-letter", ref=letter.ref)
    context = {
        "here": "letters",
        "form": form,
        "letters": Letter.objects.all(),
        "reachable": letters.reachable().count(),
    }
    return render(request, "claims/desk_letters.html", context)


@for_archivists
def letter(request, ref):
    """Look at the letter as the first author would get it, and send it."""
    found = get_object_or_404(Letter, ref=ref)
    people = letters.reachable()
    if request.method == "POST":
        try:
            messages.success(request, sent(request, found))
        except UsageError as error:
            messages.warning(request, str(error))
        return redirect("desk-letter", ref=ref)
    first = people.first()
    example = (
        letters.written(found, first, settings.HOUSE.origin or request.build_absolute_uri("/").rstrip("/"))
        if first
        else ""
    )
    context = {
        "here": "letters",
        "letter": found,
        "people": people,
        "example": example,
        "subject": letters.subject_of(found, first) if first else found.subject,
        "sendings": found.sendings.select_related("person"),
    }
    return render(request, "claims/desk_letter.html", context)


def sent(request, found: Letter) -> str:
    """Send the letter to the archivist, or to all who have not had it; return what to say."""
    origin = settings.HOUSE.origin or request.build_absolute_uri("/").rstrip("/")
    if "to-me" in request.POST:
        return f"A copy is on its way to {letters.send_to_oneself(found, request.user, origin)}."
    counts = letters.send(found, settings.HOUSE.origin)
    return f"{counts['sent']} sent, {counts['failed']} failed."


@for_archivists
def came_back(request):
    """Take letters that came back, as files; or say that an address works after all."""
    if "again" in request.POST:
        bounces.works_again(get_object_or_404(Way, pk=number(request.POST["again"])))
        messages.success(request, "It can be written to again.")
    elif request.method == "POST":
        files = request.FILES.getlist("files")[:MOST_FILES]
        notices = [each for file in files for each in bounces.read(file.read(bounces.LARGEST))]
        messages.success(request, str(bounces.take(notices)))
    if request.method == "POST":
        return redirect("desk-bounces")
    back = Way.objects.exclude(bounced_at=None).select_related("person").order_by("-bounced_at")
    context = {"here": "letters", "back": back[:SHOWN], "total": back.count(), "others": bounces.others()}
    return render(request, "claims/desk_bounces.html", context)


def number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 18 else 0  # noqa: PLR2004 — digits of a key


@for_archivists
def never(request):
    form = NeverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        consent.never(**form.cleaned_data)
        messages.success(request, "Noted. It holds from now on, for every later rescue.")
        return redirect("desk-never")
    counts = {what: Never.objects.filter(what=what).count() for what in ("import", "write")}
    return render(request, "claims/desk_never.html", {"here": "never", "form": form, "counts": counts})


@for_archivists
def opening(request):
    """Set the date from which unclaimed, rescued works are open to everybody. Nothing opens without it."""
    waiting = opening_dates.waiting()
    form = OpeningForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        date = form.cleaned_data["date"]
        changed = waiting.update(opens_on=date)
        Opening.objects.create(date=date, reason=form.cleaned_data["reason"], works=changed, by=request.user)
        said = f"{changed} works open on {date:%d.%m.%Y}." if date else f"{changed} works stay with the members."
        messages.success(request, said)
        return redirect("desk-opening")
    last = Letter.objects.exclude(sent_at=None).order_by("-sent_at").first()
    suggested = (last.sent_at if last else timezone.now()).date() + dt.timedelta(days=WAITING_DAYS)
    context = {"here": "opening", "form": form, "waiting": waiting.count(), "last": last, "suggested": suggested}
    context["dates"] = Opening.objects.select_related("by")[:SHOWN]
    return render(request, "claims/desk_opening.html", context)
