"""The archive's own texts: its name and look, its news, its rules, what stands at the foot of every page."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse

from storykeep.site.base.refs import new_ref


class Crawlers(models.TextChoices):
    """Whom the archive asks to stay away. Requests, not walls: see the explanation of robots."""

    OPEN = "open", "Everybody may read and index"
    NO_AI = "no-ai", "Search engines yes, AI crawlers no"
    NONE = "none", "Nobody may index"


class Archive(models.Model):
    """The archive itself; there is one row."""

    name = models.TextField(default="A new archive")
    slogan = models.TextField(blank=True)
    description = models.TextField(blank=True, help_text="clean HTML, shown on the first page")
    look = models.CharField(max_length=40, blank=True, help_text="name of a set of colours and faces")
    language = models.TextField(blank=True, default="en")
    software = models.TextField(blank=True)
    founded = models.TextField(blank=True)
    closed = models.TextField(blank=True)
    origin = models.TextField(blank=True, help_text="name of the archive that was rescued into this one first")
    addresses = models.JSONField(default=list, blank=True)
    tag_kinds = models.JSONField(default=list, blank=True, help_text="as they were rescued; the living ones are rows")
    questionnaire = models.JSONField(default=list, blank=True)
    crawlers = models.CharField(max_length=10, choices=Crawlers.choices, default=Crawlers.NO_AI)
    sign_up_open = models.BooleanField(default=False)
    edited = models.JSONField(default=list, blank=True, help_text="fields that a person has set")

    def __str__(self):
        return self.name

    @classmethod
    def current(cls) -> Archive:
        """Return the one row, made when it is first asked for."""
        return cls.objects.first() or cls.objects.create()


class SitePageKind(models.TextChoices):
    NEWS = "news", "News"
    POLICY = "policy", "Rules"
    ABOUT = "about", "About"
    FOOTER = "footer", "Footer text"
    LINKS = "links", "Links"
    OTHER = "other", "Other"


class SitePage(models.Model):
    """A page that is no story: news, rules, about, links; or a text at the foot of every page."""

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    key = models.TextField(unique=True, null=True, blank=True, help_text="its identity in what was rescued")
    kind = models.CharField(max_length=10, choices=SitePageKind.choices, default=SitePageKind.OTHER)
    title = models.TextField(blank=True)
    slug = models.SlugField(max_length=80, allow_unicode=True, blank=True)
    body = models.TextField(blank=True, help_text="clean HTML")
    date = models.TextField(blank=True, help_text="ISO 8601, as precise as is known")
    place = models.PositiveIntegerField(default=0)
    shown = models.BooleanField(default=True)
    addresses = models.JSONField(default=list, blank=True)
    edited = models.JSONField(default=list, blank=True, help_text="fields that a person has set")
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["kind", "place", "-date", "id"]

    def __str__(self):
        return self.title or self.get_kind_display()

    def get_absolute_url(self):
        name = "news-item" if self.kind == SitePageKind.NEWS else "page"
        return reverse(name, kwargs={"ref": self.ref, "slug": self.slug or "page"})


class Tally(models.Model):
    """How often something was done in a stretch of time, by whom: see :mod:`.limits`. Shared by all processes."""

    key = models.CharField(max_length=120, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    until = models.DateTimeField(db_index=True)

    def __str__(self):
        return f"{self.key}: {self.count}"


class Remembered(models.Model):
    """What all processes remember for a while: see :mod:`.shared_memory`."""

    key = models.CharField(max_length=250, primary_key=True)
    value = models.TextField()
    until = models.DateTimeField(null=True, db_index=True)

    def __str__(self):
        return self.key
