# SPDX-License-Identifier: MIT
"""DuckDB reads what the archive's lines of JSON hold of events, and does nothing with them but take a checksum. Usage:

duckdb_json.py FILE THREADS declared|found

The five fields are declared with their types, which is the quickest; or DuckDB finds by itself what there is, which is how its
documentation reads such lines first.
"""

import json
import sys

import duckdb

# As few fields as can be: with all of them declared, it is slower.
COLUMNS = """{created_at: 'TIMESTAMP', actor: 'STRUCT(login VARCHAR)', type: 'VARCHAR',
              payload: 'STRUCT(size BIGINT, issue STRUCT("user" STRUCT(login VARCHAR)))'}"""


def main():
    path, threads, how = sys.argv[1:]
    columns = f", columns = {COLUMNS}" if how == "declared" else ""
    connection = duckdb.connect()
    connection.execute(f"SET threads = {int(threads)}")
    events, *_ = connection.execute(
        "SELECT count(*), sum(epoch(created_at)), bit_xor(hash(actor.login)), bit_xor(hash(type)), "
        f"bit_xor(hash(payload.issue.user.login)), sum(payload.size) FROM read_ndjson('{path}'{columns})"
    ).fetchone()
    print(json.dumps({"events": events}))


main()
