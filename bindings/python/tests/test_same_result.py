# SPDX-License-Identifier: MIT
"""The order of rows, how they are dealt, threads, and a snapshot in the middle change nothing."""

from __future__ import annotations

from random import Random
from typing import Any

import kith
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st
from support import BEGIN, DAY, Event, Tables, columns_of, community, tables_of

TYPES = pa.schema(
    {"time": pa.int64(), "member": pa.string(), "kind": pa.string(), "target": pa.string(), "quantity": pa.int64()}
)
few = settings(max_examples=40, deadline=None)

names = st.sampled_from(["ana", "ben", "cleo", "dov", "a rather long name of a member", "ü", "0"])
rows = st.builds(
    Event,
    time=st.integers(BEGIN, BEGIN + 90 * DAY),
    member=names,
    kind=st.sampled_from([kind.name for kind in kith.Policy().kinds]),
    target=st.none() | names,
    quantity=st.none() | st.integers(1, 40) | st.just(1_000_000_000),
)
events_of_all_sorts = st.lists(rows, min_size=1, max_size=60) | st.integers(0, 10**6).map(
    lambda seed: community(seed, 8, 8)
)


def table_of(events: list[Event]) -> pa.Table:
    return pa.table(columns_of(events), TYPES)


def expected_of(events: list[Event]) -> Tables:
    return tables_of(kith.score(table_of(events), history=True, threads=1))


def tables_of_reviews(reviews: list[kith.Review]) -> dict[str, str]:
    """The tables of reviews one behind the other; of standings, the last."""
    tables = {"standings": reviews[-1].standings.to_csv()}
    for name in ("changes", "flags", "weeks", "history"):
        texts = [getattr(review, name).to_csv() for review in reviews]
        header = texts[0].split("\n", 1)[0]
        tables[name] = header + "\n" + "".join(text.split("\n", 1)[1] for text in texts)
    return tables


def tables_of_one(result: kith.Result) -> dict[str, str]:
    return tables_of_reviews([result.review])


@few
@given(events_of_all_sorts, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(events: list[Event], random: Random) -> None:
    shuffled = random.sample(events, len(events))
    assert tables_of(kith.score(table_of(shuffled), history=True)) == expected_of(events)


@few
@given(events_of_all_sorts, st.lists(st.integers(1, 40), min_size=1, max_size=50), st.integers(1, 16))
def test_chunks_and_threads_change_nothing(events: list[Event], sizes: list[int], threads: int) -> None:
    parts, begin = [], 0
    while begin < len(events):
        parts.append(events[begin : begin + sizes[len(parts) % len(sizes)]])
        begin += len(parts[-1])
    expected = expected_of(events)
    chunks = pa.concat_tables([table_of(part) for part in parts])
    assert tables_of(kith.score(chunks, history=True, threads=threads)) == expected
    batches = (table_of(part) for part in parts)
    assert tables_of(kith.score(batches, history=True, threads=threads)) == expected


@few
@given(events_of_all_sorts, st.data())
def test_one_call_or_several_even_event_by_event_change_nothing(events: list[Event], data: st.DataObject) -> None:
    engine = kith.Engine(history=True, threads=data.draw(st.integers(1, 3)))
    begin = 0
    while begin < len(events):
        count = data.draw(st.integers(1, 30))
        part = events[begin : begin + count]
        way = data.draw(st.sampled_from(["table", "lists", "events"]))
        if way == "events":
            for event in part:
                engine.add_event(event.kind, event.time, event.member, event.target, event.quantity or 1)
        else:
            engine.add(table_of(part) if way == "table" else columns_of(part))
        begin += count
    tables = tables_of_reviews([engine.review()])
    assert tables == tables_of_one(kith.score(table_of(events), history=True))


@few
@given(events_of_all_sorts, st.data())
def test_a_snapshot_in_the_middle_changes_nothing(events: list[Event], data: st.DataObject) -> None:
    """Also where some of the weeks have been reviewed."""
    events = sorted(events, key=lambda event: event.time)
    engine = kith.Engine(history=True)
    reviews: list[kith.Review] = []
    begin = 0
    while begin < len(events):
        count = data.draw(st.integers(1, 40))
        engine.add(table_of(events[begin : begin + count]))
        begin += count
        if begin < len(events) and data.draw(st.booleans()):
            reviews.append(engine.review(events[begin].time))
        if data.draw(st.booleans()):
            engine = kith.Engine.load(engine.freeze().to_bytes(), history=True, threads=data.draw(st.integers(1, 4)))
    reviews.append(engine.review())
    one = kith.score(table_of(events), history=True)
    tables = tables_of_reviews(reviews)
    assert tables == tables_of_one(one)


@few
@given(events_of_all_sorts)
def test_an_engine_that_is_loaded_gives_the_same_snapshot(events: list[Event]) -> None:
    engine = kith.Engine()
    engine.add(table_of(events))
    content = engine.freeze(b"here").to_bytes()
    loaded = kith.Engine.load(content)
    assert (loaded.position, loaded.freeze(b"here").to_bytes()) == (b"here", content)
    more = [event._replace(time=event.time + 7 * DAY) for event in events]
    for each in (engine, loaded):
        each.add(table_of(more), name="more")
        each.review(BEGIN + 21 * DAY)
    assert loaded.freeze().to_bytes() == engine.freeze().to_bytes()


@few
@given(events_of_all_sorts, st.data())
def test_repeating_what_has_an_id_changes_nothing(events: list[Event], data: st.DataObject) -> None:
    whole = table_of(events).append_column("id", pa.array([f"{number}" for number in range(len(events))]))
    again = data.draw(st.lists(st.integers(0, len(events) - 1)))
    repeated = pa.concat_tables([whole, whole.take(pa.array(again, pa.int64()))])
    result: Any = kith.score(repeated, history=True)
    assert result.added.skipped == len(again)
    assert tables_of(result) == expected_of(events)
