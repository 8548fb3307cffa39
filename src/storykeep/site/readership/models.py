"""How many people opened a work, day by day. Who they were is nowhere: not even as long as the day lasts."""

from __future__ import annotations

from django.db import models

from storykeep.site.works.models import Work


class Way(models.TextChoices):
    """How somebody took a work."""

    READ = "read", "Read here"
    TAKEN = "taken", "Downloaded"


class Visit(models.Model):
    """Somebody opened this work today. ``digest`` tells two visitors of one work and day apart, and nothing else.

    It is made with a secret that is thrown away when the day is over; the rows go then, too, and only their number
    stays (:class:`Day`). The work is part of it, so two works of one visitor have nothing in common.
    """

    work = models.ForeignKey(Work, models.CASCADE, related_name="+")
    day = models.DateField()
    way = models.CharField(max_length=5, choices=Way.choices)
    digest = models.CharField(max_length=22)
    counted = models.BooleanField(default=False, db_default=False, help_text="whether the work's number has them")

    class Meta:
        indexes = [models.Index("work", "id", condition=models.Q(counted=False), name="visit_uncounted")]
        constraints = [models.UniqueConstraint(fields=["day", "work", "way", "digest"], name="visit_once_a_day")]

    def __str__(self):
        return f"{self.work_id} on {self.day}"


class Day(models.Model):
    """How many people opened a work on a day that is over (UTC)."""

    work = models.ForeignKey(Work, models.CASCADE, related_name="days")
    day = models.DateField()
    way = models.CharField(max_length=5, choices=Way.choices)
    readers = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["work", "day", "way"], name="day_once_per_work")]
        indexes = [models.Index(fields=["day"], name="day_of_all_works")]

    def __str__(self):
        return f"{self.work_id} on {self.day}: {self.readers}"
