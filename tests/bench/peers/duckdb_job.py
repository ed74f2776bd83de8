# SPDX-License-Identifier: MIT
"""The comparison's job in DuckDB. Usage: duckdb_job.py csv|parquet|table FILE THREADS plain|default

With `table`, the file is read into a table first, and only what follows is timed: the seconds are printed, too.
"""

import sys
import time

import duckdb
from fold import fold, settle
from policy_figures import Figures


def source_of(form, path):
    if form == "csv":
        return (f"(SELECT time, substr(member, 2)::BIGINT AS member, kind, substr(target, 2)::BIGINT AS target, "
                f"coalesce(quantity, 1) AS quantity FROM read_csv('{path}', header=true, auto_detect=false, delim=',', "
                "quote='', escape='', columns={'time': 'TIMESTAMP', 'member': 'VARCHAR', 'kind': 'VARCHAR', "
                "'target': 'VARCHAR', 'quantity': 'INTEGER'}))")
    return f"'{path}'" if form == "parquet" else "events"


DAY = "(epoch_us(time) // 86400000000)::INTEGER"


def sums_of_dimensions(quantity):
    """Columns p0, p1, p2: points of what counts of a quantity."""
    return ", ".join(f"sum(CASE dimension WHEN {d} THEN points * least({quantity}, cap) ELSE 0 END)::BIGINT AS p{d}"
                     for d in range(3))


def query(policy, source):
    """Sums by member, week, kind and role first; caps and points by a join with the few kinds behind it."""
    rows = []
    for kind, credits in zip(policy.kinds, policy.credits):
        for role, credit in enumerate(credits):
            figures = (credit.dimension, credit.points, credit.cap) if credit else (3, 0, 0)
            rows.append(f"('{kind}', {role}, {', '.join(map(str, figures))})")
    return f"""
      WITH sides AS (
        SELECT member, {DAY} AS day, kind, 0 AS role, CASE WHEN target = member THEN 0 ELSE quantity END AS quantity
          FROM {source}
        UNION ALL
        SELECT target, {DAY}, kind, 1, CASE WHEN target = member THEN 0 ELSE quantity END
          FROM {source} WHERE target IS NOT NULL),
      sums AS (
        SELECT member, (day + 3) // 7 AS week, kind, role, sum(quantity)::BIGINT AS quantity, min(day) AS first_day,
               CASE role WHEN 0 THEN max(day) ELSE -1 END AS last_day
          FROM sides GROUP BY member, week, kind, role)
      SELECT member, week::BIGINT AS week,
             {sums_of_dimensions("quantity")},
             max(last_day)::BIGINT AS last_day, min(first_day)::BIGINT AS first_day
        FROM sums JOIN (VALUES {", ".join(rows)}) AS k(kind, role, dimension, points, cap) USING (kind, role)
       GROUP BY member, week"""


def query_by_pairs(policy, source, whole=False):
    """The same where quantities are limited by `each` and supporters count: sums by pair of members first, of what has
    such limits; days by themselves, so that the many acts without points go into no pair. A member that is nobody (-1)
    stands for all that has no limit with any one. With `whole`, seconds in place of days, a bit for each day of the week
    with an own event, and the member's own interactions."""
    rows = []
    for kind, credits in zip(policy.kinds, policy.credits):
        for role, credit in enumerate(credits):
            if credit:
                rows.append(f"('{kind}', {role}, {len(rows)}, {credit.dimension}, {credit.points}, {credit.cap}, "
                            f"{credit.each}, {credit.by_pair})")
    week = f"({DAY} + 3) // 7 AS week"
    first, own, of_days, of_worth, of_sums, of_all = DAY, DAY, "", "", "", ""
    if whole:
        first = "epoch_us(time) // 1000000"
        own = f"{first} AS last_day, 1 << (({DAY} + 3) % 7)"
        of_days, of_sums = ", bit_or(mask)::BIGINT AS mask", ", sum(quantity)::BIGINT AS quantity"
        of_worth = ", sum(CASE WHEN role = 0 AND dimension = 1 THEN quantity ELSE 0 END)::BIGINT AS acts"
        of_all = ", mask, coalesce(acts, 0) AS acts"
    named = f"{first} AS first_day, -1 AS last_day" + (", 0 AS mask" if whole else "")
    own += " AS mask" if whole else " AS last_day"
    return f"""
      WITH k(kind, role, slot, dimension, points, cap, each, by_pair) AS (VALUES {", ".join(rows)}),
      days AS (
        SELECT member, week, min(first_day) AS first_day, max(last_day) AS last_day{of_days}
          FROM (SELECT member, {week}, {first} AS first_day, {own} FROM {source}
                UNION ALL
                SELECT target, {week}, {named} FROM {source} WHERE target IS NOT NULL)
         GROUP BY member, week),
      given AS (
        SELECT member, {week}, slot::UTINYINT AS slot, CASE WHEN by_pair THEN coalesce(target, -1) ELSE -1 END AS other,
               false AS supports, quantity
          FROM {source} e JOIN k ON k.kind = e.kind AND k.role = 0 WHERE target IS NULL OR target <> member),
      received AS (
        SELECT target AS member, {week}, slot::UTINYINT AS slot, member AS other, points > 0 AS supports, quantity
          FROM {source} e JOIN k ON k.kind = e.kind AND k.role = 1 WHERE target <> member),
      pairs AS MATERIALIZED (
        SELECT member, week, slot, other, any_value(supports) AS supports, sum(quantity)::BIGINT AS quantity
          FROM (SELECT * FROM given UNION ALL SELECT * FROM received) GROUP BY member, week, slot, other),
      supporters AS (
        SELECT member, week, count(DISTINCT other) AS supporters FROM pairs WHERE supports GROUP BY member, week),
      sums AS (
        SELECT member, week, slot,
               sum(CASE other WHEN -1 THEN quantity ELSE least(quantity, each) END)::BIGINT AS counted{of_sums}
          FROM pairs JOIN k USING (slot) GROUP BY member, week, slot),
      worth AS (
        SELECT member, week, {sums_of_dimensions("counted")}{of_worth}
          FROM sums JOIN k USING (slot) GROUP BY member, week)
      SELECT days.member, days.week::BIGINT AS week, first_day::BIGINT AS first_day, last_day::BIGINT AS last_day,
             coalesce(p0, 0) AS p0, coalesce(p1, 0) AS p1, coalesce(p2, 0) AS p2,
             coalesce(supporters, 0)::BIGINT AS supporters{of_all}
        FROM days LEFT JOIN worth USING (member, week) LEFT JOIN supporters USING (member, week)"""


def main():
    form, path, threads, policy = sys.argv[1:]
    policy = Figures(policy)
    connection = duckdb.connect()
    connection.execute(f"SET threads = {int(threads)}")
    if form == "table":
        connection.execute(f"CREATE TABLE events AS SELECT * FROM '{path}'")
        settle(path)
    begin = time.monotonic()
    make_query = query_by_pairs if policy.by_pair else query
    sums = connection.execute(make_query(policy, source_of(form, path))).fetchnumpy()
    fold(policy, sums["member"], sums["week"], [sums["p0"], sums["p1"], sums["p2"]], sums["last_day"],
         sums["first_day"], sums.get("supporters"))
    print(f"seconds {time.monotonic() - begin:.6f}")


if __name__ == "__main__":
    main()
