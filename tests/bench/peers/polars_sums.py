# SPDX-License-Identifier: MIT
"""Points a member and week, in Polars: as lazy as it can be."""

import polars as pl

DAY = (pl.col("time").dt.epoch("us") // 86_400_000_000).cast(pl.Int32)
CREDITS = {"kind": pl.String, "role": pl.Int32, "slot": pl.UInt8, "dimension": pl.Int32, "points": pl.Int64,
           "cap": pl.Int64, "each": pl.Int64, "by_pair": pl.Boolean}


def credits_of(policy, all_kinds):
    """A row a kind and role; with all_kinds, those without credit, too, as ones that are worth nothing."""
    rows = []
    for kind, credits in zip(policy.kinds, policy.credits):
        for role, credit in enumerate(credits):
            if credit:
                rows.append((kind, role, len(rows), credit.dimension, credit.points, credit.cap, credit.each,
                             credit.by_pair))
            elif all_kinds:
                rows.append((kind, role, len(rows), 3, 0, 0, 0, False))
    return pl.LazyFrame(rows, schema=CREDITS, orient="row")


def worth_of(quantity):
    """Columns p0, p1, p2: points of what counts of a quantity."""
    worth = pl.col("points") * pl.min_horizontal(quantity, "cap")
    return [pl.when(pl.col("dimension") == d).then(worth).otherwise(0).sum().alias(f"p{d}") for d in range(3)]


def sums_of(policy, events):
    credited = pl.when(pl.col("target") == pl.col("member")).then(0).otherwise(pl.col("quantity")).alias("quantity")
    day = DAY.alias("day")
    own = events.select("member", day, "kind", pl.lit(0, pl.Int32).alias("role"), credited)
    received = events.filter(pl.col("target").is_not_null()).select(
        pl.col("target").alias("member"), day, "kind", pl.lit(1, pl.Int32).alias("role"), credited)
    sums = pl.concat([own, received]).group_by("member", ((pl.col("day") + 3) // 7).alias("week"), "kind", "role").agg(
        pl.col("quantity").sum(), pl.col("day").min().alias("first_day"), pl.col("day").max().alias("last_day"))
    return sums.join(credits_of(policy, True), on=["kind", "role"]).group_by("member", "week").agg(
        *worth_of("quantity"),
        pl.when(pl.col("role") == 0).then(pl.col("last_day")).otherwise(-1).max().alias("last_day"),
        pl.col("first_day").min())


def pairs_of(credits, events):
    """Sums by pair of members, of what has limits by `each` and of what makes supporters: see duckdb_job.py."""
    member, target, nobody = pl.col("member"), pl.col("target"), pl.lit(-1, pl.Int64)
    given = events.filter(target.is_null() | (target != member)).join(
        credits.filter(pl.col("role") == 0).select("kind", "slot", "by_pair"), on="kind").select(
            "member", "week", "slot", pl.when("by_pair").then(target.fill_null(-1)).otherwise(nobody).alias("other"),
            pl.lit(False).alias("supports"), "quantity")
    received = events.filter(target != member).join(
        credits.filter(pl.col("role") == 1).select("kind", "slot", "points"), on="kind").select(
            target.alias("member"), "week", "slot", member.alias("other"), (pl.col("points") > 0).alias("supports"),
            "quantity")
    return pl.concat([given, received]).group_by("member", "week", "slot", "other").agg(
        pl.col("supports").first(), pl.col("quantity").cast(pl.Int64).sum())


def worth_by_pairs(credits, pairs, sums=(), worth=()):
    """Points, and supporters, a member and week; with further sums by slot, and what they come to."""
    supporters = pairs.filter("supports").group_by("member", "week").agg(pl.col("other").n_unique().alias("supporters"))
    limited = pl.when(pl.col("other") == -1).then(pl.col("quantity")).otherwise(pl.min_horizontal("quantity", "each"))
    counted = pairs.join(credits.select("slot", "each"), on="slot").group_by("member", "week", "slot").agg(
        limited.sum().alias("counted"), *sums)
    return counted.join(credits, on="slot").group_by("member", "week").agg(*worth_of("counted"), *worth), supporters


def sums_by_pairs(policy, events):
    """The same where quantities are limited by `each` and supporters count."""
    credits = credits_of(policy, False)
    events = events.with_columns(DAY.alias("day"), ((DAY + 3) // 7).alias("week"))
    own = events.select("member", "week", "day", pl.col("day").alias("last_day"))
    named = events.filter(pl.col("target").is_not_null()).select(
        pl.col("target").alias("member"), "week", "day", pl.lit(-1, pl.Int32).alias("last_day"))
    days = pl.concat([own, named]).group_by("member", "week").agg(
        pl.col("day").min().alias("first_day"), pl.col("last_day").max())
    worth, supporters = worth_by_pairs(credits, pairs_of(credits, events))
    return days.join(worth, on=["member", "week"], how="left").join(
        supporters, on=["member", "week"], how="left").with_columns(
            pl.col("p0", "p1", "p2", "supporters").fill_null(0).cast(pl.Int64))
