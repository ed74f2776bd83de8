# SPDX-License-Identifier: MIT
"""All that kith.score() makes of a table of events, in DuckDB alone: sums by SQL, then a statement a week that carries
the members on. Usage: duckdb_whole.py PARQUET THREADS

Leaves out what the events do not have: leaves, and acts of nobody. The file is read into a table first, and only what
follows is timed, up to the four tables as Arrow: the seconds are printed, too.
"""

import sys
import time

import duckdb
from duckdb_job import query_by_pairs
from fold import settle
from policy_figures import (CARRY, CORE_DAYS, DORMANT_DAYS, DROP_LEAST, DROP_PERCENT, DROP_WEEKS, GRACE_WEEKS,
                            HALF_POINTS, POINTS_MOST, RECENT_WEEKS, RISK_OUTCOMES, RISK_PERCENT, RISK_PRIOR, RISK_WEEKS,
                            SILENT_DAYS, WEIGHTS, Figures)
from tables import STAGES, print_answer

STATE = """member BIGINT, first_week BIGINT, joined BIGINT, last_seen BIGINT, r0 BIGINT, r1 BIGINT, r2 BIGINT,
  tier BIGINT, below BIGINT, masks BIGINT, own_days BIGINT, s1 BIGINT, s2 BIGINT, s3 BIGINT,
  a1 BIGINT, a2 BIGINT, a3 BIGINT, a4 BIGINT, reviews BIGINT, pattern BIGINT, flags BIGINT,
  score BIGINT, d0 BIGINT, d1 BIGINT, d2 BIGINT, active_days BIGINT, silent_days BIGINT, stage BIGINT, risk BIGINT"""


def step(week):
    """Each member with what the week brought, before any rule: columns of the state, those of now among them."""
    remembered = ", ".join(f"least(greatest(((coalesce(r{d}, 0) * {CARRY}) >> 16) + coalesce(p{d}, 0), 0), {POINTS_MOST}) "
                           f"AS r{d}" for d in range(3))
    scores = ", ".join(f"10000 * r{d} // (r{d} + {HALF_POINTS[d]}) AS d{d}" for d in range(3))
    score = " + ".join(f"{WEIGHTS[d]} * d{d}" for d in range(3))
    return f"""
      carried AS (
        SELECT coalesce(s.member, n.member) AS member, coalesce(first_week, {week}) AS first_week,
               coalesce(joined, first_day) AS joined, greatest(coalesce(last_seen, -1), coalesce(last_day, -1)) AS last_seen,
               coalesce(last_day, -1) >= 0 AS acted, {remembered}, coalesce(tier, 0) AS tier, coalesce(below, 0) AS below,
               ((coalesce(masks, 0) << 7) | coalesce(mask, 0)) & {(1 << 7 * RECENT_WEEKS) - 1} AS masks,
               least(2, coalesce(own_days, 0) + bit_count(coalesce(mask, 0))) AS own_days,
               coalesce(supporters, 0) AS s0, coalesce(s1, 0) AS s1, coalesce(s2, 0) AS s2, coalesce(s3, 0) AS s3,
               coalesce(acts, 0) AS a0, coalesce(a1, 0) AS a1, coalesce(a2, 0) AS a2, coalesce(a3, 0) AS a3,
               coalesce(a4, 0) AS a4, coalesce(reviews, 0) AS reviews,
               ((coalesce(pattern, 0) << 1) | (coalesce(last_day, -1) >= 0)::BIGINT) & 65535 AS pattern,
               coalesce(flags, 0) AS flags
          FROM state s FULL JOIN (SELECT * FROM sums WHERE week = {week}) n USING (member)),
      scored AS MATERIALIZED (
        SELECT *, {scores}, ({score}) // 1000 AS score, bit_count(masks)::BIGINT AS active_days,
               greatest(s0, s1, s2, s3) AS supporters,
               greatest(0, {7 * week + 3} - CASE WHEN last_seen >= 0 THEN last_seen ELSE joined END // 86400) AS silent_days
          FROM carried)"""


def outcomes_of(table, week):
    """What became of those who were in a situation eight weeks ago: pattern, age, lost, all."""
    began = week - RISK_WEEKS
    return f"""
      SELECT pattern >> {RISK_WEEKS}, least({began} - first_week, 7), sum(((pattern & 255) = 0)::BIGINT)::BIGINT, count(*)
        FROM {table} WHERE first_week <= {began} AND pattern >> {RISK_WEEKS} <> 0 GROUP BY 1, 2"""


def risks(week):
    """What became of members in each situation, this week's outcomes among them, and the risk of each situation now."""
    return f"""
      outcomes AS MATERIALIZED (
        SELECT pattern, age, sum(y)::BIGINT AS y, sum(n)::BIGINT AS n
          FROM (SELECT * FROM counts UNION ALL {outcomes_of("scored", week)}) GROUP BY pattern, age),
      known AS (SELECT *, bit_count(pattern) AS c, pattern & -pattern AS z FROM outcomes),
      everybody AS (SELECT 10000 * (sum(y) + 1) // (sum(n) + 2) AS g FROM known HAVING sum(n) >= {RISK_OUTCOMES}),
      alike AS (SELECT z, c, sum(y) AS y, sum(n) AS n FROM known GROUP BY z, c),
      risks AS (
        SELECT s.pattern, s.age,
               (10000 * coalesce(a.y, 0) + {RISK_PRIOR} * g) // (coalesce(a.n, 0) + {RISK_PRIOR}) AS q,
               ((10000 * coalesce(k.y, 0) + {RISK_PRIOR} * q) // (coalesce(k.n, 0) + {RISK_PRIOR}))::BIGINT AS risk
          FROM (SELECT p.range AS pattern, a.range AS age, bit_count(p.range) AS c, p.range & -p.range AS z
                  FROM range(1, 256) p, range(0, 8) a) s
               CROSS JOIN everybody
               LEFT JOIN alike a ON a.z = s.z AND a.c = s.c
               LEFT JOIN known k ON k.pattern = s.pattern AND k.age = s.age)"""


def ruled(figures, week):
    """The rules of tiers, flags and stages. Reasons are numbered; 4 is one more week below."""
    tiers = range(len(figures.promote_at) - 1, 0, -1)
    opens = " ".join(f"WHEN acted AND score >= {figures.promote_at[t]} AND supporters >= {figures.min_supporters[t]} "
                     f"THEN {t}" for t in tiers)
    keeps = " ".join(f"WHEN {t} THEN {figures.keep_at[t]}" for t in tiers)
    stage = {name: number for number, name in enumerate(STAGES)}
    return f"""
      ruled AS (
        SELECT scored.*, coalesce(risks.risk, -1) AS risk, CASE {opens} ELSE 0 END AS up,
               CASE WHEN up > tier THEN (up > tier + 1)::INTEGER
                    WHEN tier > 0 AND silent_days >= {DORMANT_DAYS} THEN 2
                    WHEN tier > 0 AND score < CASE tier {keeps} END
                    THEN CASE WHEN below + 1 >= {GRACE_WEEKS} THEN 3 ELSE 4 END ELSE -1 END AS reason,
               CASE WHEN reason IN (0, 1) THEN up WHEN reason IN (2, 3) THEN tier - 1 ELSE tier END AS after,
               a1 + a2 + a3 + a4 AS base,
               (silent_days >= {SILENT_DAYS})::BIGINT + 2 * (silent_days >= {DORMANT_DAYS})::BIGINT
               + 4 * (reviews >= {DROP_WEEKS} AND base > 0 AND base >= {DROP_WEEKS * DROP_LEAST}
                      AND a0 * {DROP_WEEKS * 100} <= base * {100 - DROP_PERCENT})::BIGINT
               + 8 * (silent_days >= {SILENT_DAYS} AND {7 * week + 3} - joined // 86400 < {DORMANT_DAYS}
                      AND own_days <= 1)::BIGINT
               + 16 * (acted AND flags & 2 <> 0)::BIGINT
               + 32 * (coalesce(risks.risk, -1) >= {100 * RISK_PERCENT})::BIGINT AS now_flags
          FROM scored LEFT JOIN risks
            ON risks.pattern = scored.pattern & 255 AND risks.age = least({week} - first_week, 7))
      SELECT *, CASE WHEN first_week = {week} THEN {stage["new"]} WHEN now_flags & 16 <> 0 THEN {stage["returned"]}
                     WHEN active_days >= {CORE_DAYS} THEN {stage["core"]} WHEN acted THEN {stage["active"]}
                     WHEN now_flags & 2 <> 0 THEN {stage["dormant"]} ELSE {stage["silent"]} END AS stage
        FROM ruled"""


def review(connection, figures, week):
    first_day = 7 * week - 3
    connection.execute(f"CREATE OR REPLACE TEMP TABLE reviewed AS WITH {step(week)}, {risks(week)}, {ruled(figures, week)}")
    connection.execute(f"INSERT INTO counts {outcomes_of('reviewed', week)}")
    connection.execute(f"""
      INSERT INTO changes SELECT {first_day}, member, tier, after, reason, score FROM reviewed WHERE after <> tier""")
    connection.execute(f"""
      INSERT INTO raised SELECT {first_day}, member, now_flags & ~flags FROM reviewed WHERE now_flags & ~flags <> 0""")
    stages = ", ".join(f"count(*) FILTER (stage = {number})" for number in range(len(STAGES)))
    tiers = ", ".join(f"count(*) FILTER (after = {number})" for number in range(len(figures.promote_at)))
    connection.execute(f"""
      INSERT INTO weeks SELECT {first_day}, count(*), count(*) FILTER (acted), sum(score) // count(*), {stages}, {tiers}
        FROM reviewed""")
    connection.execute("""
      CREATE OR REPLACE TEMP TABLE state AS
        SELECT member, first_week, joined, last_seen, r0, r1, r2, after AS tier,
               CASE reason WHEN 4 THEN below + 1 ELSE 0 END AS below, masks, own_days, s0 AS s1, s1 AS s2, s2 AS s3,
               a0 AS a1, a1 AS a2, a2 AS a3, a3 AS a4, reviews + 1 AS reviews, pattern, now_flags AS flags,
               score, d0, d1, d2, active_days, silent_days, stage, CASE pattern & 255 WHEN 0 THEN -1 ELSE risk END AS risk
          FROM reviewed""")


def score(connection, figures):
    tiers = ", ".join(f"tier_{number} BIGINT" for number in range(len(figures.promote_at)))
    connection.execute(f"CREATE TEMP TABLE sums AS {query_by_pairs(figures, 'events', whole=True)} ORDER BY week")
    connection.execute(f"CREATE TEMP TABLE state({STATE})")
    connection.execute("CREATE TEMP TABLE counts(pattern BIGINT, age BIGINT, y BIGINT, n BIGINT)")
    connection.execute("CREATE TEMP TABLE changes(week BIGINT, member BIGINT, before BIGINT, after BIGINT, reason BIGINT, "
                       "score BIGINT)")
    connection.execute("CREATE TEMP TABLE raised(week BIGINT, member BIGINT, flags BIGINT)")
    connection.execute("CREATE TEMP TABLE weeks(week BIGINT, members BIGINT, active_members BIGINT, mean_score BIGINT, "
                       + ", ".join(f'"{stage}" BIGINT' for stage in STAGES) + f", {tiers})")
    first, last = connection.execute("SELECT min(week), max(week) FROM sums").fetchone()
    for week in range(first, last + 1):
        review(connection, figures, week)
    queries = {
        "standings": "SELECT member, score, d0 AS content, d1 AS interaction, d2 AS community, tier, stage, flags, risk, "
                     "active_days, silent_days, joined, last_seen FROM state ORDER BY score DESC, member",
        "changes": "SELECT * FROM changes ORDER BY week, member",
        "flags": "SELECT week, member, f.range AS flag FROM raised, range(0, 6) f WHERE flags >> f.range & 1 = 1 "
                 "ORDER BY week, member, flag",
        "weeks": "SELECT * FROM weeks ORDER BY week",
    }
    return {name: connection.sql(query).to_arrow_table() for name, query in queries.items()}


def main():
    path, threads = sys.argv[1:]
    connection = duckdb.connect()
    connection.execute(f"SET threads = {int(threads)}")
    connection.execute("SET enable_progress_bar = false")
    connection.execute(f"CREATE TABLE events AS SELECT * FROM '{path}'")
    settle(path)
    begin = time.monotonic()
    tables = score(connection, Figures("default"))
    seconds = time.monotonic() - begin
    print_answer(tables)
    print(f"seconds {seconds:.6f}")


main()
