# SPDX-License-Identifier: MIT
"""Policies: read, written, changed, compared, pickled; and what is wrong with one."""

from __future__ import annotations

import copy
import datetime as dt
import pickle
from pathlib import Path
from random import Random
from typing import Any

import generate_policy
import kith
import model_policy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

some = settings(max_examples=60, deadline=None)
policy_texts = st.tuples(st.integers(0, 2**32), st.booleans()).map(
    lambda drawn: generate_policy.draw_policy(Random(drawn[0]), drawn[1])
)


# ---- as a whole ----


@some
@given(policy_texts)
def test_what_is_written_is_read_as_the_same(text: str | None) -> None:
    policy = kith.Policy.parse(text) if text is not None else kith.Policy()
    again = kith.Policy.parse(str(policy))
    assert again == policy and hash(again) == hash(policy)
    assert str(again) == str(policy)
    for copied in (pickle.loads(pickle.dumps(policy)), copy.copy(policy), copy.deepcopy(policy)):
        assert copied == policy


@some
@given(policy_texts)
def test_a_policy_is_what_the_second_implementation_reads(text: str | None) -> None:
    policy = kith.Policy.parse(text) if text is not None else kith.Policy()
    read = model_policy.read_policy(text)
    assert [tier.name for tier in policy.tiers] == [tier.name for tier in read.tiers]
    assert [round(tier.promote_at * 100) for tier in policy.tiers] == [tier.promote_at for tier in read.tiers]
    assert [round(tier.keep_at * 100) for tier in policy.tiers] == [tier.keep_at for tier in read.tiers]
    assert [tier.min_active_days for tier in policy.tiers] == [tier.min_active_days for tier in read.tiers]
    assert [tier.min_supporters for tier in policy.tiers] == [tier.min_supporters for tier in read.tiers]
    assert {kind.name.encode() for kind in policy.kinds} == set(read.kinds)
    for kind in policy.kinds:
        other = read.kinds[kind.name.encode()]
        assert kind.leave == other.leave
        for credit, expected in ((kind.gives, other.gives), (kind.receives, other.receives)):
            assert (credit is None) == (expected is None)
            if credit and expected:
                assert (credit.dimension, round(credit.points * 1000)) == (expected.dimension, expected.points)
                assert (credit.cap, credit.each) == (expected.cap, expected.each)
    assert policy.utc_offset == dt.timedelta(seconds=read.utc_offset)
    assert policy.week_start == read.week_start


def test_the_default_policy() -> None:
    policy = kith.Policy()
    kinds = str(policy).count("\n[kind ")
    assert repr(policy) == f"<kith.Policy: {kinds} kinds; tiers newcomer, active, veteran, mentor>"
    assert policy == kith.Policy.parse("") == kith.Policy.parse("; nothing\n")
    assert policy.tiers[2] == kith.Tier("veteran", 15.0, 12.0, 0, 3)
    like = next(kind for kind in policy.kinds if kind.name == "like")
    assert like == kith.Kind(
        "like", False, kith.Credit("interaction", 1.0, 30, 10), kith.Credit("content", 1.0, 500, 10)
    )
    assert (policy.utc_offset, policy.week_start) == (dt.timedelta(0), 0)
    with pytest.raises(AttributeError):
        like.name = "dislike"  # type: ignore[misc]


def test_policies_are_equal_by_their_figures() -> None:
    policy = kith.Policy()
    assert policy != kith.Policy.parse("[churn]\nsilent_days = 8\n")
    assert policy == kith.Policy.parse("[churn]\nsilent_days = 7 ; as ever\n")
    assert policy != str(policy)
    assert len({policy, kith.Policy(), policy.with_(silent_days=8)}) == 2


def test_weeks_begin_on_the_clock_of_the_community() -> None:
    policy = kith.Policy.parse("[calendar]\nutc_offset = +05:30\nweek_start = sunday\n")
    assert (policy.utc_offset, policy.week_start) == (dt.timedelta(hours=5, minutes=30), 6)
    east = dt.timezone(dt.timedelta(hours=5, minutes=30))
    last, first = dt.datetime(2026, 3, 7, 23, 59, 59), dt.datetime(2026, 3, 8)
    for week, moment in ((dt.date(2026, 3, 1), last), (dt.date(2026, 3, 8), first)):
        told = moment.replace(tzinfo=east)
        for same in (
            moment,
            told,
            told.astimezone(dt.UTC),
            int(told.timestamp()),
            f"{moment}",
            f"{told:%Y-%m-%dT%H:%M:%S%z}",
        ):
            assert policy.week(same) == week
    assert policy.week(first.date()) == dt.date(2026, 3, 8)


@pytest.mark.parametrize("moment", [1.5, True, None, b"2026-03-01", [1], dt.time(1)], ids=repr)
def test_what_is_no_moment_is_refused(moment: Any) -> None:
    with pytest.raises(TypeError, match="expected a"):
        kith.Policy().week(moment)


@pytest.mark.parametrize(
    "moment",
    [
        -1,
        2**62,
        "yesterday",
        "",
        "2026-02-30",
        dt.date(1969, 1, 1),
        dt.date.max,
        dt.datetime.min,
        dt.datetime.max.replace(tzinfo=dt.UTC),
    ],
    ids=repr,
)
def test_a_moment_that_no_event_can_have_is_refused(moment: Any) -> None:
    with pytest.raises(kith.BadArgumentError):
        kith.Policy().week(moment)
    with pytest.raises((OverflowError, kith.BadArgumentError)):
        kith.Policy().week(2**70)


# ---- files ----


def test_a_file_is_read_by_any_path(tmp_path: Path) -> None:
    path = tmp_path / "ünser.ini"
    path.write_text("[churn]\nsilent_days = 9\n")
    for given_path in (path, str(path)):
        assert kith.Policy.load(given_path) == kith.Policy().with_(silent_days=9)
    with pytest.raises(kith.InputOutputError) as caught:
        kith.Policy.load(tmp_path / "nowhere.ini")
    assert caught.value.file is not None and caught.value.file.endswith("nowhere.ini")
    assert isinstance(caught.value, OSError)
    with pytest.raises(kith.InputOutputError):
        kith.Policy.load(tmp_path)
    for wrong in (5, None, ["a"]):
        with pytest.raises(TypeError):
            kith.Policy.load(wrong)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="null"):
        kith.Policy.load("a\0b")


def test_every_fault_is_told() -> None:
    text = "[churn]\nsilent_days = many\n\n[tier x\n[weights]\ncontent = 2\nnonsense = 1\n"
    with pytest.raises(kith.BadPolicyError) as caught:
        kith.Policy.parse(text, "ours.ini")
    error = caught.value
    assert isinstance(error, ValueError)
    assert (error.status, error.file, error.line, error.field, error.value) == (
        "KITH_BAD_POLICY",
        "ours.ini",
        2,
        "silent_days",
        "many",
    )
    assert error.column is not None
    assert error.faults[0] == str(error)
    assert len(error.faults) >= 3
    assert all("ours.ini:" in fault for fault in error.faults)
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), again.line, again.faults) == (type(error), str(error), 2, error.faults)
    assert kith.Error.faults == [], "what one error has is not on the class"


@pytest.mark.parametrize(
    "text", ["\0", "[churn]\nsilent_days = 7\0", "x" * 2**20 + "x", "\ud800", "[", "=", "[]\n", "\ufeff["]
)
def test_text_that_is_no_policy_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        kith.Policy.parse(text)


def test_only_text_is_parsed() -> None:
    for wrong in (b"[churn]", 5, None):
        with pytest.raises(TypeError):
            kith.Policy.parse(wrong)  # type: ignore[arg-type]


# ---- with_() ----


def figures(policy: kith.Policy) -> dict[tuple[str, str], str]:
    """What a policy says, by section and key, less comments."""
    read, section = {}, ""
    for line in str(policy).split("\n"):
        bare = line if line.startswith("[") else line.split(" ;")[0].strip()
        if bare.startswith("["):
            section = bare.rstrip()[1:-1]
        elif "=" in bare and not bare.startswith(";"):
            key, _, value = bare.partition("=")
            read[section, key.strip()] = value.strip()
    return read


CHANGES: list[tuple[dict[str, Any], tuple[str, str], str]] = [
    ({"half_life_weeks": 8}, ("memory", "half_life_weeks"), "8"),
    ({"half_life_weeks": 0.5}, ("memory", "half_life_weeks"), "0.5"),
    ({"silent_days": 5}, ("churn", "silent_days"), "5"),
    ({"grace_weeks": 4}, ("demotion", "grace_weeks"), "4"),
    ({"utc_offset": "-03:30"}, ("calendar", "utc_offset"), "-03:30"),
    ({"week_start": "sunday"}, ("calendar", "week_start"), "sunday"),
    ({"left_out": "*-bot ci-*"}, ("members", "left_out"), "*-bot ci-*"),
    ({"members": {"left_out": "a?b"}}, ("members", "left_out"), "a?b"),
    ({"half_points": {"content": 12.5}}, ("half_points", "content"), "12.5"),
    ({"tiers": {"mentor": {"promote_at": 40}}}, ("tier mentor", "promote_at"), "40"),
    ({"tiers": {"mentor": {"min_active_days": 3}}}, ("tier mentor", "min_active_days"), "3"),
    ({"kinds": {"like": {"gives": "interaction 2 cap 10"}}}, ("kind like", "gives"), "interaction 2 cap 10"),
    ({"kinds": {"post": {"receives": "community -1.5"}}}, ("kind post", "receives"), "community -1.5"),
    ({"kinds": {"vote": {"leave": True}}}, ("kind vote", "leave"), "yes"),
    ({"kinds": {"vote": {"leave": "yes"}}}, ("kind vote", "leave"), "yes"),
]


@pytest.mark.parametrize(("change", "place", "value"), CHANGES, ids=[str(change[0]) for change in CHANGES])
def test_with_sets_what_it_says_and_nothing_else(change: dict[str, Any], place: tuple[str, str], value: str) -> None:
    before = kith.Policy()
    after = before.with_(**change)
    assert figures(after) == {**figures(before), place: value}
    assert before == kith.Policy()
    assert after != before


def test_with_takes_several_at_once_and_takes_keys_out() -> None:
    policy = kith.Policy().with_(
        silent_days=5,
        weights={"content": 0.5, "interaction": 0.3, "community": 0.2},
        kinds={"like": {"receives": None}, "vote": {"gives": None}},
        tiers={"veteran": {"min_supporters": None}},
    )
    said = figures(policy)
    assert said["weights", "content"] == "0.5" and said["churn", "silent_days"] == "5"
    kinds = {kind.name: kind for kind in policy.kinds}
    assert kinds["like"].receives is None and kinds["like"].gives is not None and kinds["vote"].gives is None
    assert policy.tiers[2].min_supporters == 0
    assert policy.with_() == policy
    assert policy.with_(silent_days=5) == policy


@some
@given(policy_texts, st.integers(1, 60), st.data())
def test_with_changes_any_policy(text: str | None, days: int, data: st.DataObject) -> None:
    """Whatever its tiers and kinds are called."""
    policy = kith.Policy.parse(text) if text is not None else kith.Policy()
    kind = data.draw(st.sampled_from(policy.kinds))
    before = figures(policy)
    changed = policy.with_(dormant_days=days + 7, silent_days=7, kinds={kind.name: {"gives": f"content {days}"}})
    after = {**before, ("churn", "dormant_days"): str(days + 7), ("churn", "silent_days"): "7"}
    after[f"kind {kind.name}", "gives"] = f"content {days}"
    assert figures(changed) == after
    tier = data.draw(st.sampled_from(policy.tiers[1:]))
    assert (
        policy.with_(tiers={tier.name: {"min_active_days": 28}}).tiers[policy.tiers.index(tier)].min_active_days == 28
    )


def test_with_refuses_what_is_not_there() -> None:
    policy = kith.Policy()
    for change in (
        {"nonsense": 1},
        {"nonsense": {"a": 1}},
        {"tiers": {"wizard": {"keep_at": 1}}},
        {"kinds": {"dance": {"gives": "content 1"}}},
    ):
        with pytest.raises(KeyError, match="no"):
            policy.with_(**change)  # type: ignore[arg-type]
    with pytest.raises(KeyError, match="weights and half_points.*say which"):
        policy.with_(content=1)


@pytest.mark.parametrize(
    "change",
    [
        {"silent_days": -1},
        {"silent_days": 1.5},
        {"week_start": "someday"},
        {"silent_days": ""},
        {"weights": {"content": 1}},
        {"tiers": {"mentor": {"height": 3}}},
        {"half_life_weeks": 1e-9},
        {"half_life_weeks": float("nan")},
        {"kinds": {"like": {"gives": "money 1"}}},
    ],
)
def test_with_refuses_values_that_cannot_be(change: dict[str, Any]) -> None:
    with pytest.raises(kith.BadPolicyError):
        kith.Policy().with_(**change)


def test_a_policy_may_be_given_as_the_path_of_its_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.ini"
    path.write_text("[churn]\nsilent_days = 3\n")
    data = {"time": ["2026-03-02"], "member": ["ana"], "kind": ["post"]}
    for given_path in (path, str(path)):
        assert kith.score(data, given_path).policy == kith.Policy.load(path)
        assert kith.score(data, policy=given_path).engine.policy == kith.Policy.load(path)
        assert kith.Engine(given_path).policy == kith.Policy.load(path)
    export = tmp_path / "e.csv"
    export.write_text("time,member,kind\n2026-03-02,ana,post\n")
    assert kith.inspect(export, policy=path).rows == 1
    with pytest.raises(kith.InputOutputError):
        kith.score(data, tmp_path / "none.ini")
    with pytest.raises(TypeError, match="policy: expected a Policy, or the path of a policy file, not dict"):
        kith.score(data, {"silent_days": 3})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("value", ["7\n[kind dance]", "7\r", "*-bot ; and more"])
def test_a_value_cannot_be_more_than_a_value(value: str) -> None:
    with pytest.raises(ValueError):
        kith.Policy().with_(left_out=value)
