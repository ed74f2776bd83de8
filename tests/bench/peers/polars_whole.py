# SPDX-License-Identifier: MIT
"""All that kith.score() makes of a data frame, in Polars alone: sums as lazy as they can be, then some expressions a week
that carry the members on. Usage: polars_whole.py PARQUET THREADS

Leaves out what the events do not have: leaves, and acts of nobody. The file is read into a data frame first, and only what
follows is timed, up to the four tables: the seconds are printed, too.
"""

import os
import sys
import time

os.environ["POLARS_MAX_THREADS"] = sys.argv[2]

import polars as pl  # noqa: E402  the number of threads must be known before
from fold import settle  # noqa: E402
from policy_figures import (CARRY, CORE_DAYS, DORMANT_DAYS, DROP_LEAST, DROP_PERCENT, DROP_WEEKS,  # noqa: E402
                            GRACE_WEEKS, HALF_POINTS, POINTS_MOST, RECENT_WEEKS, RISK_OUTCOMES, RISK_PERCENT,
                            RISK_PRIOR, RISK_WEEKS, SILENT_DAYS, WEIGHTS, Figures)
from polars_sums import DAY, credits_of, pairs_of, worth_by_pairs  # noqa: E402
from tables import STAGES, print_answer  # noqa: E402

c = pl.col
NUMBER = {name: number for number, name in enumerate(STAGES)}
STATE = ("first_week", "joined", "last_seen", "r0", "r1", "r2", "tier", "below", "masks", "own_days", "s1", "s2", "s3", "a1",
         "a2", "a3", "a4", "reviews", "pattern", "flags")


def sums_of(figures, events):
    """A row a member and week, in order of the weeks."""
    credits = credits_of(figures, False)
    second = (c("time").dt.epoch("us") // 1_000_000).alias("second")
    events = events.with_columns(second, ((DAY + 3) // 7).cast(pl.Int64).alias("week"),
                                 (2 ** ((DAY + 3) % 7)).cast(pl.Int64).alias("mask"))
    own = events.select("member", "week", "second", c("second").alias("last"), "mask")
    named = events.filter(c("target").is_not_null()).select(
        c("target").alias("member"), "week", "second", pl.lit(-1, pl.Int64).alias("last"), pl.lit(0, pl.Int64).alias("mask"))
    days = pl.concat([own, named]).group_by("member", "week").agg(
        c("second").min().alias("first"), c("last").max(), c("mask").bitwise_or())
    acts = pl.when((c("role") == 0) & (c("dimension") == 1)).then(c("quantity")).otherwise(0).sum().alias("acts")
    worth, supporters = worth_by_pairs(credits, pairs_of(credits, events), [c("quantity").sum()], [acts])
    return days.join(worth, on=["member", "week"], how="left").join(
        supporters, on=["member", "week"], how="left").with_columns(
            c("p0", "p1", "p2", "acts", "supporters").fill_null(0).cast(pl.Int64)).collect(engine="streaming")


def carried(state, sums, week):
    """Each member with what the week brought, before any rule."""
    joint = state.lazy().join(sums.lazy(), on="member", how="full", coalesce=True)
    was = {name: c(name).fill_null(0) for name in STATE}
    acted, mask = c("last").fill_null(-1) >= 0, c("mask").fill_null(0)
    remembered = [pl.min_horizontal(pl.max_horizontal(was[f"r{d}"] * CARRY // 65536 + c(f"p{d}").fill_null(0), 0),
                                    POINTS_MOST).alias(f"r{d}") for d in range(3)]
    moved = [was[name].alias(name) for name in ("s1", "s2", "s3", "a1", "a2", "a3", "a4")]
    frame = joint.select(
        "member", c("first_week").fill_null(week), pl.coalesce("joined", "first").alias("joined"),
        pl.max_horizontal(c("last_seen").fill_null(-1), c("last").fill_null(-1)).alias("last_seen"), acted.alias("acted"),
        *remembered, was["tier"], was["below"],
        ((was["masks"] * 128 + mask) % (1 << 7 * RECENT_WEEKS)).alias("masks"),
        pl.min_horizontal(2, was["own_days"] + mask.bitwise_count_ones().cast(pl.Int64)).alias("own_days"),
        c("supporters").fill_null(0).alias("s0"), c("acts").fill_null(0).alias("a0"), *moved, was["reviews"],
        ((was["pattern"] * 2 + acted.cast(pl.Int64)) % 65536).alias("pattern"), was["flags"])
    frame = frame.with_columns(
        *[(10000 * c(f"r{d}") // (c(f"r{d}") + HALF_POINTS[d])).alias(f"d{d}") for d in range(3)],
        c("masks").bitwise_count_ones().cast(pl.Int64).alias("active_days"),
        pl.max_horizontal("s0", "s1", "s2", "s3").alias("supporters"),
        pl.max_horizontal(0, 7 * week + 3 - pl.when(c("last_seen") >= 0).then("last_seen").otherwise("joined")
                          // 86400).alias("silent_days"))
    weighted = sum(WEIGHTS[d] * c(f"d{d}") for d in range(3))
    return frame.with_columns((weighted // 1000).alias("score"), (c("pattern") % 256).alias("recent"),
                              pl.min_horizontal(week - c("first_week"), 7).alias("age")).collect()


def situated(counts):
    recent = c("recent")
    return counts.with_columns(recent.bitwise_count_ones().cast(pl.Int64).alias("weeks_active"),
                               (recent & -recent).alias("z"))


PATTERNS, AGES = range(1, 256), range(8)
SITUATIONS = situated(pl.DataFrame({"recent": PATTERNS}).join(pl.DataFrame({"age": AGES}), how="cross"))


def count_outcomes(counts, frame, week):
    """What became of members in each situation, this week's outcomes among them."""
    began = week - RISK_WEEKS
    outcomes = frame.lazy().filter((c("first_week") <= began) & (c("pattern") >= 256)).group_by(
        (c("pattern") // 256).alias("recent"), pl.min_horizontal(began - c("first_week"), 7).alias("age")).agg(
            (c("recent") == 0).cast(pl.Int64).sum().alias("y"), pl.len().cast(pl.Int64).alias("n")).collect()
    return pl.concat([counts, outcomes]).group_by("recent", "age").agg(c("y").sum(), c("n").sum())


def with_risk(frame, counts):
    everybody = counts["n"].sum()
    if everybody < RISK_OUTCOMES:
        return frame.with_columns(pl.lit(-1, pl.Int64).alias("risk"))
    share = 10000 * (counts["y"].sum() + 1) // (everybody + 2)
    known = situated(counts)
    alike = known.group_by("z", "weeks_active").agg(c("y").sum().alias("alike_y"), c("n").sum().alias("alike_n"))
    risks = SITUATIONS.join(alike, on=["z", "weeks_active"], how="left").join(
        known.select("recent", "age", "y", "n"), on=["recent", "age"], how="left").with_columns(
            pl.col("y", "n", "alike_y", "alike_n").fill_null(0))
    near = (10000 * c("alike_y") + RISK_PRIOR * share) // (c("alike_n") + RISK_PRIOR)
    risks = risks.select("recent", "age", ((10000 * c("y") + RISK_PRIOR * near) // (c("n") + RISK_PRIOR)).alias("risk"))
    return frame.join(risks, on=["recent", "age"], how="left").with_columns(c("risk").fill_null(-1))


def one_of(cases, otherwise):
    """The value of the first case that holds."""
    (holds, value), *others = cases
    chain = pl.when(holds).then(value)
    for holds, value in others:
        chain = chain.when(holds).then(value)
    return chain.otherwise(otherwise)


def ruled(figures, frame, week):
    """The rules of tiers, flags and stages. Reasons are numbered; 4 is one more week below."""
    tiers = range(len(figures.promote_at) - 1, 0, -1)
    opens = one_of([(c("acted") & (c("score") >= figures.promote_at[t]) & (c("supporters") >= figures.min_supporters[t]),
                     pl.lit(t, pl.Int64)) for t in tiers], pl.lit(0, pl.Int64))
    keep_at = one_of([(c("tier") == t, figures.keep_at[t]) for t in tiers], 0)
    above = c("tier") > 0
    reason = one_of([
        (c("up") > c("tier"), (c("up") > c("tier") + 1).cast(pl.Int64)),
        (above & (c("silent_days") >= DORMANT_DAYS), 2),
        (above & (c("score") < keep_at), pl.when(c("below") + 1 >= GRACE_WEEKS).then(3).otherwise(4)),
    ], -1)
    base = c("a1") + c("a2") + c("a3") + c("a4")
    flags = [
        c("silent_days") >= SILENT_DAYS,
        c("silent_days") >= DORMANT_DAYS,
        (c("reviews") >= DROP_WEEKS) & (base > 0) & (base >= DROP_WEEKS * DROP_LEAST)
        & (c("a0") * (DROP_WEEKS * 100) <= base * (100 - DROP_PERCENT)),
        (c("silent_days") >= SILENT_DAYS) & (7 * week + 3 - c("joined") // 86400 < DORMANT_DAYS) & (c("own_days") <= 1),
        c("acted") & (c("flags") // 2 % 2 == 1),
        c("risk") >= 100 * RISK_PERCENT,
    ]
    stage = one_of([
        (c("first_week") == week, NUMBER["new"]), (flags[4], NUMBER["returned"]),
        (c("active_days") >= CORE_DAYS, NUMBER["core"]), (c("acted"), NUMBER["active"]),
        (flags[1], NUMBER["dormant"]),
    ], NUMBER["silent"])
    return frame.lazy().with_columns(opens.alias("up")).with_columns(reason.alias("reason")).with_columns(
        one_of([(c("reason").is_in([0, 1]), c("up")), (c("reason").is_in([2, 3]), c("tier") - 1)], c("tier")).alias("after"),
        sum(flag.cast(pl.Int64) * (1 << number) for number, flag in enumerate(flags)).alias("now_flags"),
        stage.cast(pl.Int64).alias("stage")).collect()


def carry_on(frame):
    """The state that the next week begins with."""
    return frame.select(
        "member", "first_week", "joined", "last_seen", "r0", "r1", "r2", c("after").alias("tier"),
        pl.when(c("reason") == 4).then(c("below") + 1).otherwise(0).alias("below"), "masks", "own_days",
        c("s0").alias("s1"), c("s1").alias("s2"), c("s2").alias("s3"), c("a0").alias("a1"), c("a1").alias("a2"),
        c("a2").alias("a3"), c("a3").alias("a4"), c("reviews") + 1, "pattern", c("now_flags").alias("flags"))


def report(frame, figures, first_day, tables):
    """Adds the week's rows to the tables."""
    day = pl.lit(first_day, pl.Int64).alias("week")
    tables["changes"].append(frame.lazy().filter(c("after") != c("tier")).select(
        day, "member", c("tier").alias("before"), "after", "reason", "score").collect())
    tables["flags"].append(frame.lazy().select(day, "member", (c("now_flags") & ~c("flags")).alias("raised")).filter(
        c("raised") != 0).collect())
    tables["weeks"].append(frame.lazy().select(
        day, pl.len().cast(pl.Int64).alias("members"), c("acted").sum().cast(pl.Int64).alias("active_members"),
        (c("score").sum() // pl.len()).cast(pl.Int64).alias("mean_score"),
        *[(c("stage") == number).sum().cast(pl.Int64).alias(stage) for stage, number in NUMBER.items()],
        *[(c("after") == t).sum().cast(pl.Int64).alias(f"tier_{t}") for t in range(len(figures.promote_at))]).collect())


def score(events, figures):
    sums = sums_of(figures, events.lazy())
    weeks = {key[0]: rows.drop("week") for key, rows in sums.partition_by("week", as_dict=True).items()}
    state = pl.DataFrame(schema={name: pl.Int64 for name in ("member", *STATE)})
    counts = pl.DataFrame(schema={name: pl.Int64 for name in ("recent", "age", "y", "n")})
    tables = {"changes": [], "flags": [], "weeks": []}
    for week in range(min(weeks), max(weeks) + 1):
        frame = carried(state, weeks.get(week, sums.clear().drop("week")), week)
        counts = count_outcomes(counts, frame, week)
        frame = ruled(figures, with_risk(frame, counts), week)
        report(frame, figures, 7 * week - 3, tables)
        state = carry_on(frame)
    flags = pl.concat(tables["flags"]).with_columns(
        pl.concat_list([pl.when(c("raised") // (1 << flag) % 2 == 1).then(flag) for flag in range(6)]).list.drop_nulls()
        .alias("flag")).explode("flag")
    return {
        "standings": frame.sort(["score", "member"], descending=[True, False]).select(
            "member", "score", c("d0").alias("content"), c("d1").alias("interaction"), c("d2").alias("community"),
            c("after").alias("tier"), "stage", c("now_flags").alias("flags"), "risk", "active_days", "silent_days", "joined",
            "last_seen"),
        "changes": pl.concat(tables["changes"]).sort("week", "member"),
        "flags": flags.select("week", "member", "flag").sort("week", "member", "flag"),
        "weeks": pl.concat(tables["weeks"]),
    }


def main():
    path, _ = sys.argv[1:]
    events = pl.read_parquet(path)
    settle(path)
    begin = time.monotonic()
    tables = score(events, Figures("default"))
    seconds = time.monotonic() - begin
    print_answer({name: {column: table[column].to_numpy() for column in table.columns} for name, table in tables.items()})
    print(f"seconds {seconds:.6f}")


main()
