# SPDX-License-Identifier: MIT
"""The comparison's job in Polars, as lazy as it can be. Usage: polars_job.py csv|parquet|table FILE THREADS

With `table`, the file is read into a data frame first, and only what follows is timed: the seconds are printed, too.
"""

import os
import sys
import time

os.environ["POLARS_MAX_THREADS"] = sys.argv[3]

import polars as pl  # noqa: E402  the number of threads must be known before
from fold import fold, settle  # noqa: E402
from plain_policy import Plain  # noqa: E402


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


def credits_of(policy):
    rows = []
    for kind, credits in zip(policy.kinds, policy.credits):
        for role, credit in enumerate(credits):
            rows.append((kind, role) + (credit or (3, 0, 0)))
    return pl.LazyFrame(rows, schema={"kind": pl.String, "role": pl.Int32, "dimension": pl.Int32, "points": pl.Int64,
                                      "cap": pl.Int64}, orient="row")


def sums_of(policy, events):
    credited = pl.when(pl.col("target") == pl.col("member")).then(0).otherwise(pl.col("quantity")).alias("quantity")
    day = (pl.col("time").dt.epoch("us") // 86_400_000_000).alias("day")
    own = events.select("member", day, "kind", pl.lit(0, pl.Int32).alias("role"), credited)
    received = events.filter(pl.col("target").is_not_null()).select(
        pl.col("target").alias("member"), day, "kind", pl.lit(1, pl.Int32).alias("role"), credited)
    sums = pl.concat([own, received]).group_by("member", ((pl.col("day") + 3) // 7).alias("week"), "kind", "role").agg(
        pl.col("quantity").sum(), pl.col("day").min().alias("first_day"), pl.col("day").max().alias("last_day"))
    worth = pl.col("points") * pl.min_horizontal("quantity", "cap")
    return sums.join(credits_of(policy), on=["kind", "role"]).group_by("member", "week").agg(
        *[pl.when(pl.col("dimension") == d).then(worth).otherwise(0).sum().alias(f"p{d}") for d in range(3)],
        pl.when(pl.col("role") == 0).then(pl.col("last_day")).otherwise(-1).max().alias("last_day"),
        pl.col("first_day").min())


def main():
    policy = Plain()
    events = events_of(sys.argv[1], sys.argv[2])
    if sys.argv[1] == "table":
        settle(sys.argv[2])
    begin = time.monotonic()
    sums = sums_of(policy, events).collect(engine="streaming")
    column = {name: sums[name].to_numpy() for name in sums.columns}
    fold(policy, column["member"], column["week"], [column["p0"], column["p1"], column["p2"]], column["last_day"],
         column["first_day"])
    print(f"seconds {time.monotonic() - begin:.6f}")


main()
