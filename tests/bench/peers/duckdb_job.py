# SPDX-License-Identifier: MIT
"""The comparison's job in DuckDB. Usage: duckdb_job.py csv|parquet|table FILE THREADS

With `table`, the file is read into a table first, and only what follows is timed: the seconds are printed, too.
"""

import sys
import time

import duckdb
from fold import fold, settle
from plain_policy import Plain


def source_of(form, path):
    if form == "csv":
        return (f"(SELECT time, substr(member, 2)::BIGINT AS member, kind, substr(target, 2)::BIGINT AS target, "
                f"coalesce(quantity, 1) AS quantity FROM read_csv('{path}', header=true, auto_detect=false, delim=',', "
                "quote='', escape='', columns={'time': 'TIMESTAMP', 'member': 'VARCHAR', 'kind': 'VARCHAR', "
                "'target': 'VARCHAR', 'quantity': 'INTEGER'}))")
    return f"'{path}'" if form == "parquet" else "events"


def query(policy, source):
    """Sums by member, week, kind and role first; caps and points by a join with the few kinds behind it."""
    rows = []
    for kind, credits in zip(policy.kinds, policy.credits):
        for role, credit in enumerate(credits):
            dimension, points, cap = credit or (3, 0, 0)
            rows.append(f"('{kind}', {role}, {dimension}, {points}, {cap})")
    day = "(epoch_us(time) // 86400000000)::INTEGER"
    return f"""
      WITH sides AS (
        SELECT member, {day} AS day, kind, 0 AS role, CASE WHEN target = member THEN 0 ELSE quantity END AS quantity
          FROM {source}
        UNION ALL
        SELECT target, {day}, kind, 1, CASE WHEN target = member THEN 0 ELSE quantity END
          FROM {source} WHERE target IS NOT NULL),
      sums AS (
        SELECT member, (day + 3) // 7 AS week, kind, role, sum(quantity)::BIGINT AS quantity, min(day) AS first_day,
               CASE role WHEN 0 THEN max(day) ELSE -1 END AS last_day
          FROM sides GROUP BY member, week, kind, role)
      SELECT member, week::BIGINT AS week,
             sum(CASE dimension WHEN 0 THEN points * least(quantity, cap) ELSE 0 END)::BIGINT AS p0,
             sum(CASE dimension WHEN 1 THEN points * least(quantity, cap) ELSE 0 END)::BIGINT AS p1,
             sum(CASE dimension WHEN 2 THEN points * least(quantity, cap) ELSE 0 END)::BIGINT AS p2,
             max(last_day)::BIGINT AS last_day, min(first_day)::BIGINT AS first_day
        FROM sums JOIN (VALUES {", ".join(rows)}) AS k(kind, role, dimension, points, cap) USING (kind, role)
       GROUP BY member, week"""


def main():
    form, path, threads = sys.argv[1:]
    policy = Plain()
    connection = duckdb.connect()
    connection.execute(f"SET threads = {int(threads)}")
    if form == "table":
        connection.execute(f"CREATE TABLE events AS SELECT * FROM '{path}'")
        settle(path)
    begin = time.monotonic()
    sums = connection.execute(query(policy, source_of(form, path))).fetchnumpy()
    fold(policy, sums["member"], sums["week"], [sums["p0"], sums["p1"], sums["p2"]], sums["last_day"],
         sums["first_day"])
    print(f"seconds {time.monotonic() - begin:.6f}")


main()
