"""Where an archivist corrects a work or a chapter by hand; who saves second sees what the first one did."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, redirect, render

from storykeep.site.accounts.guards import for_archivists
from storykeep.site.desk import answers, decisions, side_by_side
from storykeep.site.desk.forms import ChapterForm, WorkForm
from storykeep.site.desk.models import Decision
from storykeep.site.desk.places import Place
from storykeep.site.desk.queries import chapter_at
from storykeep.site.works.models import Chapter, Work


@for_archivists
def correct(request, ref):
    """Correct any field of a work."""
    found = get_object_or_404(Work, ref=ref)
    form, meanwhile = WorkForm(request.POST or None, initial=_as_it_is(found)), {}
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["version"] == found.version:
            changes = _work_changes(found, form)
            answers.say(request, decisions.decide(request.user, "correct", f"“{found}” corrected", changes, work=found))
            return redirect("desk-work", ref=ref)
        meanwhile = _meanwhile(form, found, _as_it_is(found))
    return render(request, "desk/correct.html", {"work": found, "form": form, **meanwhile})


@for_archivists
def correct_chapter(request, ref, place):
    """Correct a chapter's label, title or text."""
    found = chapter_at(ref, place)
    now = {"label": found.label, "title": found.title, "body": Place(found, "body").read()["body"]}
    form, meanwhile = ChapterForm(request.POST or None, initial={**now, "version": found.work.version}), {}
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["version"] == found.work.version:
            answers.say(request, _correct_chapter(request.user, found, form.cleaned_data, now))
            return redirect("desk-chapter", ref=ref, place=place)
        rows = side_by_side.rows(now["body"], form.cleaned_data["body"])
        meanwhile = _meanwhile(form, found.work, {**now, "body": form.cleaned_data["body"]})
        meanwhile["rows"] = [row for row in rows if row.differs]
    return render(
        request, "desk/correct_chapter.html", {"chapter": found, "work": found.work, "form": form, **meanwhile}
    )


def _correct_chapter(user, found: Chapter, given: dict, now: dict) -> Decision:
    changes = [(Place(found, field), given[field]) for field in ("label", "title")]
    if given["body"] != now["body"]:
        changes.append((Place(found, "body"), {"body": given["body"], "steps": [], "gaps": [], "apparatus": []}))
    return decisions.decide(user, "correct", f"“{found.work}”, {found} corrected", changes, work=found.work)


def _meanwhile(form, work: Work, now: dict) -> dict:
    """Keep what was typed, and say who changed the work meanwhile, and where that differs."""
    differs = [
        (form[name].label, _listed(now.get(name)), _listed(form.cleaned_data.get(name)))
        for name in form.fields
        if name != "version" and (now.get(name) or "") != (form.cleaned_data.get(name) or "")
    ]
    form.add_error(None, "Somebody else changed this work while you were at it. What you typed is still here. "
                         "Save again to put yours in the place of theirs.")  # fmt: skip
    form.data = {**form.data.dict(), "version": work.version}
    theirs = decisions.last_about(decisions.names_of(work))
    if theirs:
        theirs.undoable = bool(theirs.changes)
    return {"differs": differs, "theirs": theirs}


def _listed(value):
    return ", ".join(value) if isinstance(value, list) else value


def _as_it_is(work: Work) -> dict:
    """Return the values of a work as its form shows them."""
    tags = Place(work, "tags").read()
    fields = (
        "version",
        "title",
        "summary",
        "kind",
        "status",
        "language",
        "written",
        "published",
        "updated",
        "visibility",
    )
    return {
        **{field: getattr(work, field) for field in fields},
        "authors": [item["name"] for item in Place(work, "credits").read() if item.get("role", "author") == "author"],
        "notes": "".join(item["body"] for item in Place(work, "notes").read() if _is_before(item)),
        "series": [
            f"{item['title']} #{item['position']}" if item.get("position") else item["title"]
            for item in Place(work, "series").read()
        ],
        **{f"tags_{key}": [tag["name"] for tag in tags if tag["kind"] == key] for key in {tag["kind"] for tag in tags}},
    }


def _work_changes(work: Work, form: WorkForm) -> list[tuple[Place, object]]:
    given = form.cleaned_data
    plain = ("summary", "kind", "status", "language", "written", "published", "updated", "visibility")
    changes = [(Place(work, field), given[field]) for field in plain]
    before = _as_it_is(work)
    if given["notes"] != before["notes"]:
        others = [note for note in Place(work, "notes").read() if not _is_before(note)]
        new = [{"label": "Notes", "body": given["notes"]}] if given["notes"] else []
        changes.append((Place(work, "notes"), new + others))
    names, tags, series = (Place(work, part) for part in ("credits", "tags", "series"))
    return [
        *changes,
        (Place(work, "title"), given["title"] or None),
        (names, form.credits(names.read())),
        (tags, form.tags(tags.read())),
        (series, form.places(series.read())),
    ]


def _is_before(note: dict) -> bool:
    return note.get("kind", "before") == "before"
