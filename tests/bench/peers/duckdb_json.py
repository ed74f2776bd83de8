# SPDX-License-Identifier: MIT
"""DuckDB reads what the archive's lines of JSON hold of events, and does nothing with them but add them up. Usage:

duckdb_json.py FILE THREADS declared|found

The five fields are declared with their types, which is the quickest; or DuckDB finds by itself what there is, which is how its
documentation reads such lines first. Prints the sums, and the seconds that the query took: Python and DuckDB have started
before.
"""

import json
import sys
import time

import duckdb

# As few fields as can be: with all of them declared, it is slower.
COLUMNS = """{created_at: 'TIMESTAMP', actor: 'STRUCT(login VARCHAR)', type: 'VARCHAR',
              payload: 'STRUCT(size BIGINT, issue STRUCT("user" STRUCT(login VARCHAR)))'}"""


def main():
    path, threads, how = sys.argv[1:]
    columns = f", columns = {COLUMNS}" if how == "declared" else ""
    connection = duckdb.connect()
    connection.execute(f"SET threads = {int(threads)}")
    began = time.monotonic()
    # As kith has it, an event that says no quantity has one.
    sums = connection.execute(
        "SELECT count(*), sum(epoch(created_at)::BIGINT)::BIGINT, sum(coalesce(payload.size, 1))::BIGINT, "
        "sum(strlen(actor.login))::BIGINT, sum(strlen(type))::BIGINT, sum(strlen(payload.issue.user.login))::BIGINT "
        f"FROM read_ndjson('{path}'{columns})"
    ).fetchone()
    took = time.monotonic() - began
    names = ("events", "times", "quantities", "member_bytes", "kind_bytes", "target_bytes")
    print(json.dumps(dict(zip(names, sums, strict=True))))
    print(f"seconds {took:.6f}")


main()
