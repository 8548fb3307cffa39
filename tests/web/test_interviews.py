"""The archive asks its authors; what they publish stands on their page."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from storykeep.site.accounts import belongings
from storykeep.site.claims import consent
from storykeep.site.claims.models import Claim, ClaimState
from storykeep.site.interviews import queries
from storykeep.site.interviews.models import Answer, Hidden, Interview, Question, Questionnaire
from storykeep.site.works.models import Person

RESCUED = {"question": "Since when do you write?", "answer": "<p>Since the old days.</p>"}


@pytest.fixture
def ada(cast, works):
    person = Person.objects.get(name="Ada Vane")
    person.interview = [RESCUED]
    person.save()
    return person


@pytest.fixture
def asked(db):
    return Questionnaire.objects.create(name="First questions")


@pytest.fixture
def question(asked):
    return ask(asked, "Where do you write?", help="A place, or a time.")


def ask(asked, words, place=1, **more):
    return Question.objects.create(questionnaire=asked, words=words, place=place, **more)


def at(person, question):
    return reverse("write-interview", args=[person.slug, question.questionnaire.ref])


def answer(cast, person, question, text, **given):
    address = at(person, question)
    browser = cast.browsers[given.get("who", "author")]
    return browser.post(address, {f"answer-{question.pk}": text, "do": given.get("do", "publish")})


def page(cast, person, who="visitor"):
    return cast.browsers[who].get(person.get_absolute_url()).content.decode()


def send(cast, asked, *rows, move=""):
    data = {"form-TOTAL_FORMS": len(rows), "form-INITIAL_FORMS": sum("id" in row for row in rows)}
    for number, row in enumerate(rows):
        data |= {f"form-{number}-{name}": value for name, value in row.items()}
    data |= {"name": "First questions", "open": "on", "move": move}
    return cast.browsers["archivist"].post(reverse("desk-questionnaire", args=[asked.ref]), data)


def test_an_archivist_writes_questions_in_order(cast, ada, asked):
    told = send(cast, asked, {"words": "Why?", "place": 2}, {"words": "When?", "place": 1}, {"words": "", "place": 0})
    assert told.status_code == 302
    html = cast.browsers["author"].get(at(ada, Question.objects.first())).content.decode()
    assert html.index("When?") < html.index("Why?")
    assert Question.objects.count() == 2


def test_a_question_without_words_is_told_and_nothing_is_saved(cast, question):
    told = send(cast, question.questionnaire, {"id": question.pk, "words": "", "place": 1})
    assert told.status_code == 422
    assert Question.objects.get().words == "Where do you write?"


def test_a_retired_question_keeps_its_answers(cast, ada, question):
    answer(cast, ada, question, "At the window.")
    send(cast, question.questionnaire, {"id": question.pk, "words": question.words, "place": 1, "retired": "on"})
    mine = cast.browsers["author"].get(at(ada, question)).content.decode()
    assert "At the window." in mine
    assert "asked no more" in mine
    assert "At the window." in page(cast, ada)


def test_a_retired_question_is_not_asked_of_those_who_had_not_answered(cast, ada, question):
    ask(question.questionnaire, "Why?", 2)
    Question.objects.filter(pk=question.pk).update(retired=True)
    html = cast.browsers["author"].get(at(ada, question)).content.decode()
    assert "Where do you write?" not in html


def test_a_draft_is_seen_by_nobody_else(cast, ada, question):
    answer(cast, ada, question, "At the window.", do="save")
    assert "At the window." not in page(cast, ada)
    assert "At the window." in cast.browsers["author"].get(at(ada, question)).content.decode()


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
    seen = cast.browsers["member"].get(at(ada, question)).content.decode()
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
    html = (
        cast.browsers["archivist"]
        .get(reverse("desk-questionnaire", args=[question.questionnaire.ref]))
        .content.decode()
    )
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


# ── saved by itself, looked at
def typing(browser, person, question, text, was):
    sent = {f"answer-{question.pk}": text, "was": json.dumps({f"answer-{question.pk}": was}), "auto": "1"}
    return browser.post(at(person, question), sent, headers={"Accept": "application/json"})


def test_what_is_typed_is_saved_by_itself_as_a_draft(cast, ada, question):
    told = typing(cast.browsers["author"], ada, question, "<p>At the <em>window</em>.</p>", "").json()
    assert told["was"] == {f"answer-{question.pk}": "At the <em>window</em>."}
    assert "window" not in page(cast, ada)
    assert Answer.objects.get().typed == "At the <em>window</em>."


def test_two_pages_of_one_author_do_not_write_over_each_other(cast, ada, question):
    typing(cast.browsers["author"], ada, question, "At the window.", "")
    told = typing(cast.browsers["author"], ada, question, "On the roof.", "").json()
    assert told["conflicts"] == {f"answer-{question.pk}": "At the window."}
    assert Answer.objects.get().typed == "At the window."
    sent = {f"answer-{question.pk}": "On the roof.", "was": "{}", "do": "save"}
    sent["was"] = json.dumps({f"answer-{question.pk}": ""})
    told = cast.browsers["author"].post(at(ada, question), sent)
    assert told.status_code == 409
    assert all(each in told.content.decode() for each in ("At the window.", "On the roof."))
    typing(cast.browsers["author"], ada, question, "On the roof.", "At the window.")
    assert Answer.objects.get().typed == "On the roof."


def test_signed_out_the_page_is_told_to_keep_what_was_typed(cast, ada, question):
    assert typing(cast.browsers["visitor"], ada, question, "At the window.", "").status_code == 401


def test_the_preview_shows_the_answers_as_readers_will_see_them(cast, ada, question):
    told = answer(cast, ada, question, "At the *window*.\n\nIn winter.", do="preview")
    html = cast.browsers["author"].get(told.headers["Location"]).content.decode()
    assert "<p>In winter.</p>" in html
    assert "In winter." not in page(cast, ada)
    assert cast.browsers["member"].get(told.headers["Location"]).status_code == 404


def test_the_editor_and_the_plain_field_keep_the_same_words(cast, ada, question):
    answer(cast, ada, question, "One\ntwo\n\n* * *\n\nThree", do="save")
    first = Answer.objects.get().typed
    answer(cast, ada, question, '<p>One<br>two</p>\n<hr class="scene">\n<p>Three</p>', do="save")
    assert Answer.objects.get().typed == first


# ── time after time
def test_a_second_questionnaire_stands_before_the_first_and_takes_nothing_away(cast, ada, question):
    answer(cast, ada, question, "At the window.")
    later = ask(Questionnaire.objects.create(name="Ten years on"), "Do you write still?")
    answer(cast, ada, later, "Every day.")
    html = page(cast, ada)
    places = [
        html.index(each)
        for each in ("Ten years on", "Every day.", "First questions", "At the window.", "Since the old")
    ]
    assert places == sorted(places)


def test_a_closed_questionnaire_is_begun_by_nobody_and_its_answers_can_be_changed(cast, ada, question):
    other = Person.objects.create(key="pen/b", slug="bee", name="Bee", account=cast.users["author"])
    answer(cast, ada, question, "At the window.")
    Questionnaire.objects.update(open=False)
    assert answer(cast, other, question, "Here.").status_code == 404
    answer(cast, ada, question, "On the roof.")
    assert "On the roof." in page(cast, ada)


def test_a_question_is_moved_by_one_and_published_answers_stay(cast, ada, question, asked):
    second = ask(asked, "Why?", 2)
    answer(cast, ada, question, "At the window.")
    rows = [{"id": each.pk, "words": each.words, "place": each.place} for each in (question, second)]
    send(cast, asked, *rows, move=f"up:{second.pk}")
    assert [each.words for each in asked.questions.all()] == ["Why?", "Where do you write?"]
    assert "At the window." in page(cast, ada)


def test_a_new_questionnaire_is_begun_at_the_desk(cast):
    told = cast.browsers["archivist"].post(reverse("desk-interviews"), {"name": "Ten years on", "open": "on"})
    assert told.status_code == 302
    assert "Ten years on" in cast.browsers["archivist"].get(reverse("desk-interviews")).content.decode()
    assert cast.browsers["author"].get(told.headers["Location"]).status_code == 404


# ── two who are one
@pytest.fixture
def merged(cast, ada, question):
    """Another entry of Ada, with an account and an interview, that an archivist brings together with hers."""
    from storykeep.site.desk import together
    from storykeep.site.desk.models import PeopleAlike

    other = Person.objects.create(key="x/vane", slug="a-vane", name="A. Vane", account=cast.users["author"])
    answer(cast, other, question, "On the roof.")
    answer(cast, ada, question, "At the window.")
    pair = PeopleAlike.objects.create(one=ada, other=other, confidence=0.9)
    return together.same_person(cast.users["archivist"], pair, ada)


def test_answers_move_when_two_people_are_one_and_back(cast, ada, question, merged):
    from storykeep.site.desk import decisions

    html = page(cast, ada)
    assert "At the window." in html
    assert "On the roof." in html
    decisions.undo(merged, cast.users["archivist"])
    assert "On the roof." not in page(cast, ada)
    assert "On the roof." in json.dumps(Person.objects.get(slug="a-vane").interview)


def test_whoever_became_another_one_can_still_change_what_they_answered(cast, ada, question, merged):
    other = Person.objects.get(slug="a-vane")
    assert "now <bdi>Ada Vane" in cast.browsers["author"].get(reverse("write-interviews")).content.decode()
    answer(cast, other, question, "In the cellar.")
    assert "In the cellar." in page(cast, ada)


def test_an_interview_that_came_by_a_merging_is_found_in_the_lists(cast, ada, question, merged, client):
    Person.objects.filter(pk=ada.pk).update(interview=[])
    assert "Ada Vane" in client.get(reverse("interviews")).content.decode()


# ── an archivist hides one
def hide(cast, person, key, reason="It names somebody."):
    return cast.browsers["archivist"].post(
        reverse("desk-interview", args=[person.slug]), {"part": key, "reason": reason}
    )


def test_an_archivist_hides_an_interview_with_a_reason_that_its_author_reads(cast, ada, question):
    answer(cast, ada, question, "At the window.")
    assert hide(cast, ada, Interview.objects.get().pk).status_code == 302
    html = page(cast, ada)
    assert "At the window." not in html
    assert "Since the old days." in html
    assert "It names somebody." in cast.browsers["author"].get(at(ada, question)).content.decode()
    answer(cast, ada, question, "On the roof.")
    assert "On the roof." not in page(cast, ada)
    hide(cast, ada, Interview.objects.get().pk)
    assert "On the roof." in page(cast, ada)
    assert not Hidden.objects.exists()


def test_a_rescued_interview_is_hidden_and_comes_back(cast, ada, question):
    answer(cast, ada, question, "At the window.")
    hide(cast, ada, 0)
    assert "Since the old days." not in page(cast, ada)
    answer(cast, ada, question, "On the roof.")
    hide(cast, ada, 0)
    html = page(cast, ada)
    assert html.index("On the roof.") < html.index("Since the old days.")


def test_hiding_needs_a_reason_and_an_archivist(cast, ada, question):
    assert hide(cast, ada, 0, " ").status_code == 422
    told = cast.browsers["author"].post(reverse("desk-interview", args=[ada.slug]), {"part": 0, "reason": "No."})
    assert told.status_code == 404
    assert not Hidden.objects.exists()


def test_hiding_is_undone_at_the_desk(cast, ada, question):
    from storykeep.site.desk import decisions
    from storykeep.site.desk.models import Decision

    hide(cast, ada, 0)
    decisions.undo(Decision.objects.latest("pk"), cast.users["archivist"])
    assert "Since the old days." in page(cast, ada)
    assert [part.hidden for part in queries.parts_of(Person.objects.get(pk=ada.pk))] == [None]


# ── found
def test_who_gave_an_interview_is_marked_among_the_authors_and_linked_on_their_page(cast, ada, client):
    html = client.get(reverse("authors")).content.decode()
    assert '>Ada Vane</bdi></a> <span class="by"><bdi>interview</bdi>' in html
    assert html.count("<bdi>interview</bdi>") == 1
    assert 'href="#interview"' in page(cast, ada)
