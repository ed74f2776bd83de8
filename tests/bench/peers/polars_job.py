# SPDX-License-Identifier: MIT
"""The comparison's job in Polars, as lazy as it can be. Usage: polars_job.py csv|parquet|table FILE THREADS plain|default

With `table`, the file is read into a data frame first, and only what follows is timed: the seconds are printed, too.
"""

import os
import sys
import time

os.environ["POLARS_MAX_THREADS"] = sys.argv[3]

import polars as pl  # noqa: E402  the number of threads must be known before
from fold import fold, settle  # noqa: E402
from policy_figures import Figures  # noqa: E402


def events_of(form, path):
    if form == "parquet":
        return pl.scan_parquet(path)
    if form == "table":
        return pl.read_parquet(path).lazy()
    schema = {"time": pl.String, "member": pl.String, "kind": pl.String, "target": pl.String, "quantity": pl.Int64}
    return pl.scan_csv(path, schema=schema, quote_char=None).with_columns(
        pl.col("time").str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_unit="us"),
        pl.col("member").str.slice(1).cast(pl.Int64),
        pl.col("target").str.slice(1).cast(pl.Int64),
        pl.col("quantity").fill_null(1))


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


def sums_by_pairs(policy, events):
    """The same where quantities are limited by `each` and supporters count: see duckdb_job.py."""
    credits = credits_of(policy, False)
    member, target, nobody = pl.col("member"), pl.col("target"), pl.lit(-1, pl.Int64)
    events = events.with_columns(DAY.alias("day"), ((DAY + 3) // 7).alias("week"))
    own = events.select("member", "week", "day", pl.col("day").alias("last_day"))
    named = events.filter(target.is_not_null()).select(
        target.alias("member"), "week", "day", pl.lit(-1, pl.Int32).alias("last_day"))
    days = pl.concat([own, named]).group_by("member", "week").agg(
        pl.col("day").min().alias("first_day"), pl.col("last_day").max())
    given = events.filter(target.is_null() | (target != member)).join(
        credits.filter(pl.col("role") == 0).select("kind", "slot", "by_pair"), on="kind").select(
            "member", "week", "slot", pl.when("by_pair").then(target.fill_null(-1)).otherwise(nobody).alias("other"),
            pl.lit(False).alias("supports"), "quantity")
    received = events.filter(target != member).join(
        credits.filter(pl.col("role") == 1).select("kind", "slot", "points"), on="kind").select(
            target.alias("member"), "week", "slot", member.alias("other"), (pl.col("points") > 0).alias("supports"),
            "quantity")
    pairs = pl.concat([given, received]).group_by("member", "week", "slot", "other").agg(
        pl.col("supports").first(), pl.col("quantity").cast(pl.Int64).sum())
    supporters = pairs.filter("supports").group_by("member", "week").agg(pl.col("other").n_unique().alias("supporters"))
    limited = pl.when(pl.col("other") == -1).then(pl.col("quantity")).otherwise(pl.min_horizontal("quantity", "each"))
    sums = pairs.join(credits.select("slot", "each"), on="slot").group_by("member", "week", "slot").agg(
        limited.sum().alias("counted"))
    worth = sums.join(credits, on="slot").group_by("member", "week").agg(*worth_of("counted"))
    return days.join(worth, on=["member", "week"], how="left").join(
        supporters, on=["member", "week"], how="left").with_columns(
            pl.col("p0", "p1", "p2", "supporters").fill_null(0).cast(pl.Int64))


def main():
    form, path, _, policy = sys.argv[1:]
    policy = Figures(policy)
    events = events_of(form, path)
    if form == "table":
        settle(path)
    begin = time.monotonic()
    make_sums = sums_by_pairs if policy.by_pair else sums_of
    sums = make_sums(policy, events).collect(engine="streaming")
    column = {name: sums[name].to_numpy() for name in sums.columns}
    fold(policy, column["member"], column["week"], [column["p0"], column["p1"], column["p2"]], column["last_day"],
         column["first_day"], column.get("supporters"))
    print(f"seconds {time.monotonic() - begin:.6f}")


main()
