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
from polars_sums import sums_by_pairs, sums_of  # noqa: E402


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


if __name__ == "__main__":
    main()
