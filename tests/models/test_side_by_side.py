"""Answers come in the order of the questions, few at a time, and an error is not lost."""

from __future__ import annotations

import threading

import pytest

from models.side_by_side import cores, in_order


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_answers_come_in_order(threads) -> None:
    assert list(in_order(lambda number: number * number, range(40), threads)) == [n * n for n in range(40)]


def test_the_second_question_does_not_wait_for_the_first() -> None:
    second = threading.Event()

    def work(number: int) -> bool:
        if number == 0:
            return second.wait(30)
        second.set()
        return True

    assert list(in_order(work, range(2), 2)) == [True, True]


def test_questions_are_taken_up_as_they_are_answered() -> None:
    asked = []

    def questions():
        for number in range(50):
            asked.append(number)
            yield number

    answers = in_order(lambda number: number, questions(), 2)
    next(answers)
    assert len(asked) == 3


def test_an_error_comes_when_its_turn_comes() -> None:
    answers = in_order(lambda number: 1 // number, [1, 0, 1], 2)
    assert next(answers) == 1
    with pytest.raises(ZeroDivisionError):
        next(answers)


def test_there_is_a_core() -> None:
    assert cores() >= 1
