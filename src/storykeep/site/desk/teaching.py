"""Where an archivist teaches the pages' shape: mark what is right on one page, see what changes, apply it or not."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from storykeep.model.errors import InputError, UsageError
from storykeep.rescue import teaching
from storykeep.rescue.learn import rules_of
from storykeep.site.accounts.guards import for_archivists
from storykeep.site.desk import decisions, jobs, queries, taking_in
from storykeep.site.desk.models import Decision, Job
from storykeep.site.works.models import Visibility, Work
from storykeep.sources.pages.rules import FIELDS, SPANS, Rule

LOOKED = 300  # pages that are looked at before the archivist decides
SHOWN = 60  # differences on one page
HEAD, TAIL = 160, 60  # lines of a long page that can be marked
LONGEST = 1_000_000  # letters that may be marked
AT_ONCE = 1500  # pages of a rescue that are read anew while the archivist waits


@dataclass(frozen=True, slots=True)
class RulePlace:
    """A taught rule as a place of the desk: None where it isn't taught, so that a decision can be undone."""

    rescue: str
    rule: str

    @property
    def name(self) -> str:
        return f"rule:{self.rescue}/{self.rule}.rule"

    @property
    def row(self) -> str:
        return "This rule"

    def read(self):
        with teaching.opened_rescue(settings.HOUSE.data, self.rescue) as place:
            known = teaching.is_taught(place, self.rule)
            return known.to_plain() if known else None

    def write(self, value) -> None:
        with teaching.opened_rescue(settings.HOUSE.data, self.rescue) as place:
            rule = Rule.from_plain(value) if value else teaching.is_taught(place, self.rule)
            if rule is None:
                return
            if teaching.pages_in(place) > AT_ONCE:
                self._later(place, rule, taught=bool(value))
            else:
                self._now(place, rule, taught=bool(value))

    def _now(self, place, rule: Rule, *, taught: bool) -> None:
        do, back = (teaching.apply, teaching.undo) if taught else (teaching.undo, teaching.apply)
        try:
            do(place, rule)
            taking_in.put_into_site(place, Visibility.MEMBERS, lambda _stage, _done, _total: None)
        except BaseException:
            back(place, rule)
            raise

    def _later(self, place, rule: Rule, *, taught: bool) -> None:
        """Of many pages, leave the work to a process of its own, whose progress the desk shows."""
        others = tuple(each for each in rules_of(place.journal) if each.id != rule.id)
        teaching.keep_for_later(place, (*others, rule) if taught else others)
        brought = (place.folder / "path").read_text("utf-8", "surrogateescape")
        job = Job.objects.create(path=brought, name=place.journal.get("told"), visibility=Visibility.MEMBERS)
        transaction.on_commit(lambda: jobs.start(job))


def rule_place(name: str) -> RulePlace:
    """Return the place called ``name``: the rescue's and the rule's names."""
    rescue, _, rule = name.partition("/")
    return RulePlace(rescue, rule)


@require_GET
@for_archivists
def taught(request):
    """List what was taught, the latest first."""
    rows = queries.decided(Decision.objects.filter(verb="teach"))
    return render(request, "desk/teach_list.html", {"here": "taught", "decisions": rows[:200]})


@for_archivists
def teach(request, ref):
    """Show a page of a work to mark what is right on it; with something marked, what the rule would change."""
    work = get_object_or_404(Work.objects.prefetch_related("captures"), ref=ref)
    given = request.POST if request.method == "POST" else request.GET
    field, copies = given.get("field", ""), list(work.captures.all())
    if field and field not in FIELDS:
        raise Http404
    copy = next((each for each in copies if each.sha256 == given.get("copy")), copies[0] if copies else None)
    told = {name: given.get(name, "").strip()[:LONGEST] for name in ("value", "first", "last", "rule")}
    context = {"work": work, "copies": copies, "copy": copy, "field": field, "fields": FIELDS.items(), **told}
    try:
        with _rescue(copy) as place:
            context |= _marked(place, copy, context)
            if request.method != "POST" and context.get("chosen"):
                context |= _differences(place, context["chosen"].rule)
        if request.method == "POST" and context.get("chosen"):
            return _apply(request, work, place.folder.name, context["chosen"])
    except (InputError, UsageError) as error:
        messages.warning(request, str(error))
    return render(request, "desk/teach.html", context)


def _rescue(copy):
    name = teaching.rescue_of(settings.HOUSE.data, copy.sha256) if copy else ""
    return teaching.opened_rescue(settings.HOUSE.data, name)


def _marked(place, copy, context: dict) -> dict:
    """Return the page's lines, and when something was marked on them the rules for it and what they change."""
    lines = teaching.lines(place, copy.sha256)
    found = {"lines": _shortened(lines)}
    value = _value(lines, context)
    if not context["field"] or not value:
        return found
    try:
        offered = teaching.learn(place, copy.sha256, context["field"], value)
    except UsageError as error:
        return found | {"why_not": str(error)}
    chosen = next((each for each in offered if each.rule.id == context["rule"]), offered[0])
    return found | {"offered": offered, "chosen": chosen}


def _differences(place, rule: Rule) -> dict:
    """Return what a rule would change, page by page, and how many pages were looked at."""
    looked = touched = different = 0
    shown = []
    for look in teaching.preview(place, rule, looked=LOOKED):
        looked, touched = looked + 1, touched + look.touched
        if look.difference:
            different += 1
            shown.extend([look.difference] if len(shown) < SHOWN else [])
    return {"looked": looked, "touched": touched, "different": different, "shown": shown,
            "total": teaching.pages_in(place)}  # fmt: skip


def _shortened(lines: list[tuple[int, str]]) -> list[tuple[int, str]]:
    return lines if len(lines) <= HEAD + TAIL else [*lines[:HEAD], *lines[-TAIL:]]


def _value(lines: list[tuple[int, str]], context: dict) -> str:
    """Return what was marked: what was typed, or the lines from the first ticked to the last."""
    first, last = (int(context[end]) if context[end].isdigit() else -1 for end in ("first", "last"))
    if context["value"] or not 0 <= first < len(lines):
        return context["value"]
    last = last if context["field"] in SPANS and first <= last < len(lines) else first
    return "\n".join(text for _, text in lines[first : last + 1])


def _apply(request, work: Work, rescue: str, lesson):
    rule = lesson.rule
    words = f"Taught: {rule.words}"
    place = RulePlace(rescue, rule.id)
    decision = decisions.decide(request.user, "teach", words, [(place, rule.to_plain())], work=work)
    if decision.changes:
        messages.success(request, f"{words} The pages were read anew.", extra_tags=f"undo:{decision.ref}")
    else:
        messages.info(request, "This rule was taught already, so nothing changed.")
    return redirect("desk-taught")
