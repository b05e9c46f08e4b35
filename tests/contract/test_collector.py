"""The collector is off while large texts are read, and on again whatever comes of it."""

from __future__ import annotations

import gc

import pytest

from playground.contract import collector

LARGE = collector.FROM_SIZE


def test_it_comes_back_after_the_last_of_several_readings():
    with collector.put_off(LARGE):
        with collector.put_off(LARGE):
            inner = gc.isenabled()
        between = gc.isenabled()

    assert (inner, between, gc.isenabled()) == (False, False, True)


def test_it_comes_back_after_a_failure():
    with pytest.raises(ValueError, match="broken"), collector.put_off(LARGE):
        raise ValueError("broken")

    assert gc.isenabled()


def test_small_texts_and_a_collector_that_is_off_are_left_as_they_are():
    with collector.put_off(LARGE - 1):
        small = gc.isenabled()
    gc.disable()
    try:
        with collector.put_off(LARGE):
            pass
        stayed_off = not gc.isenabled()
    finally:
        gc.enable()

    assert small
    assert stayed_off
