"""The archive asks its authors; what they publish stands on their page."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from storykeep.site.accounts import belongings
from storykeep.site.claims import consent
from storykeep.site.claims.models import Claim, ClaimState
from storykeep.site.interviews.models import Answer, Interview, Question
from storykeep.site.works.models import Person

RESCUED = {"question": "Since when do you write?", "answer": "<p>Since the old days.</p>"}


@pytest.fixture
def ada(cast, works):
    person = Person.objects.get(name="Ada Vane")
    person.interview = [RESCUED]
    person.save()
    return person


@pytest.fixture
def question(db):
    return Question.objects.create(words="Where do you write?", help="A place, or a time.", place=1)


def answer(cast, person, question, text, **given):
    address = reverse("write-interview", args=[person.slug])
    browser = cast.browsers[given.get("who", "author")]
    return browser.post(address, {f"answer-{question.pk}": text, "do": given.get("do", "publish")})


def page(cast, person, who="visitor"):
    return cast.browsers[who].get(person.get_absolute_url()).content.decode()


def send(cast, *rows):
    data = {"form-TOTAL_FORMS": len(rows), "form-INITIAL_FORMS": sum("id" in row for row in rows)}
    for number, row in enumerate(rows):
        data |= {f"form-{number}-{name}": value for name, value in row.items()}
    return cast.browsers["archivist"].post(reverse("desk-interviews"), data)


def test_an_archivist_writes_questions_in_order(cast, ada):
    told = send(cast, {"words": "Why?", "place": 2}, {"words": "When?", "place": 1}, {"words": "", "place": 0})
    assert told.status_code == 302
    html = cast.browsers["author"].get(reverse("write-interview", args=[ada.slug])).content.decode()
    assert html.index("When?") < html.index("Why?")
    assert Question.objects.count() == 2


def test_a_question_without_words_is_told_and_nothing_is_saved(cast, question):
    told = send(cast, {"id": question.pk, "words": "", "place": 1})
    assert told.status_code == 422
    assert Question.objects.get().words == "Where do you write?"


def test_a_retired_question_keeps_its_answers(cast, ada, question):
    answer(cast, ada, question, "At the window.")
    send(cast, {"id": question.pk, "words": question.words, "place": 1, "retired": "on"})
    mine = cast.browsers["author"].get(reverse("write-interview", args=[ada.slug])).content.decode()
    assert "At the window." in mine
    assert "asked no more" in mine
    assert "At the window." in page(cast, ada)


def test_a_retired_question_is_not_asked_of_those_who_had_not_answered(cast, ada, question):
    Question.objects.update(retired=True)
    html = cast.browsers["author"].get(reverse("write-interview", args=[ada.slug])).content.decode()
    assert "Where do you write?" not in html


def test_a_draft_is_seen_by_nobody_else(cast, ada, question):
    answer(cast, ada, question, "At the window.", do="save")
    assert "At the window." not in page(cast, ada)
    assert "At the window." in cast.browsers["author"].get(reverse("write-interview", args=[ada.slug])).content.decode()


def test_what_is_published_stands_before_what_was_rescued(cast, ada, question):
    answer(cast, ada, question, "At the window.\n\nIn winter.")
    html = page(cast, ada)
    assert "<p>In winter.</p>" in html
    assert html.index("At the window.") < html.index("Since the old days.")


def test_publishing_again_takes_the_place_of_the_earlier_answers(cast, ada, question):
    answer(cast, ada, question, "At the window.")
    answer(cast, ada, question, "On the roof.")
    html = page(cast, ada)
    assert "On the roof." in html
    assert "At the window." not in html
    assert html.count("Since the old days.") == 1


def test_what_is_withdrawn_is_a_draft_again(cast, ada, question):
    answer(cast, ada, question, "At the window.")
    answer(cast, ada, question, "At the window.", do="withdraw")
    ada.refresh_from_db()
    assert ada.interview == [RESCUED]
    assert Answer.objects.get().typed == "At the window."


def test_an_answer_is_cleaned(cast, ada, question):
    answer(cast, ada, question, "<p>Here <em>now</em>.</p><script>alert(1)</script><p onclick='x()'>Then.</p>")
    html = page(cast, ada)
    assert "<em>now</em>" in html
    assert "alert(1)" not in html
    assert "onclick" not in html


def test_nothing_is_published_without_an_answer(cast, ada, question):
    answer(cast, ada, question, "  ")
    ada.refresh_from_db()
    assert ada.interview == [RESCUED]
    assert Interview.objects.get().published_at is None


def test_nobody_answers_for_somebody_else(cast, ada, question):
    assert answer(cast, ada, question, "Not me.", who="member").status_code == 404
    assert not Answer.objects.exists()


def test_an_unknown_deed_is_refused(cast, ada, question):
    assert answer(cast, ada, question, "At the window.", do="burn").status_code == 404
    assert not Answer.objects.exists()


def test_too_long_an_answer_is_given_back(cast, ada, question):
    told = answer(cast, ada, question, "word " * 10_001)
    assert told.status_code == 422
    assert "word word" in told.content.decode()
    assert not Answer.objects.exists()


def test_all_interviews_are_listed_for_those_who_may_read_their_author(cast, ada, client):
    assert "Ada Vane" in client.get(reverse("interviews")).content.decode()
    ada.credits.all().delete()
    assert "Ada Vane" not in client.get(reverse("interviews")).content.decode()


def test_the_list_asks_the_database_as_often_for_many(cast, ada, client, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(reverse("interviews"))
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("interviews"))
    works = [credit.work for credit in ada.credits.filter(chapter=None)]
    for number in range(5):
        person = Person.objects.create(key=f"p{number}", slug=f"p{number}", name=f"P {number}", interview=[RESCUED])
        person.credits.create(work=works[0], name=person.name, role="author", place=number + 1)
    with django_assert_num_queries(len(one)):
        assert "P 4" in client.get(reverse("interviews")).content.decode()


def test_a_new_rescue_does_not_write_over_a_published_interview(cast, ada, question):
    from storykeep.model.story import Person as StoryPerson
    from storykeep.site.works.keeping_people import keep_person

    answer(cast, ada, question, "At the window.")
    keep_person(StoryPerson(key=ada.key, name=ada.name))
    assert "At the window." in page(cast, ada)


def test_a_wrong_claim_is_taken_back_with_its_answers(cast, ada, question):
    claim = Claim.objects.create(person=ada, account=cast.users["author"], state=ClaimState.GRANTED)
    answer(cast, ada, question, "At the window.")
    consent.take_back(claim, cast.users["archivist"])
    ada.refresh_from_db()
    assert ada.interview == [RESCUED]
    assert not Answer.objects.exists()


def test_whoever_has_the_name_now_begins_anew(cast, ada, question):
    answer(cast, ada, question, "At the window.")
    Person.objects.filter(pk=ada.pk).update(account=cast.users["member"])
    seen = cast.browsers["member"].get(reverse("write-interview", args=[ada.slug])).content.decode()
    assert "At the window." not in seen
    answer(cast, ada, question, "In the cellar.", who="member")
    html = page(cast, ada)
    assert "In the cellar." in html
    assert "At the window." not in html


def test_what_was_typed_is_given_back_to_whoever_was_signed_out(cast, ada, question):
    told = answer(cast, ada, question, "At the window.", who="visitor")
    assert told.status_code == 401
    assert "At the window." in told.content.decode()


def test_a_new_question_stands_last_unless_it_is_moved(cast, question):
    html = cast.browsers["archivist"].get(reverse("desk-interviews")).content.decode()
    assert 'name="form-1-place" value="2"' in html


def test_the_download_has_the_answers(cast, ada, question):
    answer(cast, ada, question, "At the window.")
    ((name, text),) = belongings.BELONGINGS["interviews"].export(cast.users["author"])
    assert name == "interviews.json"
    assert json.loads(text)[0]["answers"] == [{"question": "Where do you write?", "typed": "At the window."}]


def test_leaving_takes_the_answers_away_and_keeps_what_was_rescued(cast, ada, question):
    answer(cast, ada, question, "At the window.")
    for _ in range(2):
        belongings.erase(cast.users["author"])
    ada.refresh_from_db()
    assert "At the window." not in json.dumps(ada.interview)
    assert not Interview.objects.exists()
    assert not Answer.objects.exists()
