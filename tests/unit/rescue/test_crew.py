"""Readers may crash, hang or fail: every job gets an answer all the same."""

import os
import time

from storykeep.rescue.crew import Crew, Lost, Teller


def setup(folder):
    return lambda job: work(job, folder)


def work(job, folder):
    if job == "crash":
        os._exit(9)
    if job == "crash once":
        mark = f"{folder}/crashed"
        if not os.path.exists(mark):  # noqa: PTH110 — the point is to be quick and then gone
            open(mark, "w").close()  # noqa: PTH123 — the same
            os._exit(9)
    if job == "hang":
        time.sleep(600)
    if job == "fail":
        raise ValueError("no such page")
    return f"{job} read"


def test_every_job_gets_an_answer(tmp_path):
    jobs = [*map(str, range(60)), "crash", "hang", "fail", "crash once", *map(str, range(60, 90))]
    with Crew(2, setup, (str(tmp_path),), patience=3) as crew:
        answers = list(crew.answers(jobs))
    read = {answer for answer in answers if isinstance(answer, str)}
    lost = {answer.job: answer.reason for answer in answers if isinstance(answer, Lost)}
    assert read == {f"{job} read" for job in jobs if job not in ("crash", "hang", "fail")}
    assert set(lost) == {"crash", "hang", "fail"}
    assert "crashed" in lost["crash"]
    assert "seconds" in lost["hang"]
    assert "no such page" in lost["fail"]
    assert len(answers) == len(jobs)


def test_no_process_is_left_behind(tmp_path):
    with Crew(2, setup, (str(tmp_path),)) as crew:
        assert list(crew.answers(["1"])) == ["1 read"]
        processes = [reader.process for reader in crew._readers]
    assert not any(process.is_alive() for process in processes)


def setup_teller(word):
    return lambda job: tell(job, word)


def tell(job, word):
    yield f"{job} {word}"
    if job == "crash":
        os._exit(9)
    if job == "hang":
        time.sleep(600)
    if job == "fail":
        raise ValueError("half a dump")
    yield f"{job} more"


def test_what_was_told_before_a_crash_is_kept_and_the_next_job_goes_on():
    with Teller(setup_teller, ("said",), patience=3) as teller:
        told = {job: list(teller.tell(job)) for job in ("one", "crash", "two", "fail", "hang", "three")}
    assert told["one"] == ["one said", "one more"]
    assert told["three"] == ["three said", "three more"]
    for job, reason in (("crash", "crashed"), ("fail", "half a dump"), ("hang", "3 seconds")):
        first, last = told[job]
        assert first == f"{job} said"
        assert reason in last.reason
