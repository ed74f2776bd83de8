# SPDX-License-Identifier: MIT
"""The activity as Parquet, with members as integers, as tools that read it like it best: make_parquet.py CSV PARQUET"""

import sys

import duckdb

columns = "{'time': 'TIMESTAMP', 'member': 'VARCHAR', 'kind': 'VARCHAR', 'target': 'VARCHAR', 'quantity': 'INTEGER'}"
duckdb.sql(f"""
  COPY (SELECT time, substr(member, 2)::BIGINT AS member, kind, substr(target, 2)::BIGINT AS target,
               coalesce(quantity, 1)::INTEGER AS quantity
          FROM read_csv('{sys.argv[1]}', header=true, auto_detect=false, delim=',', quote='', escape='',
                        columns={columns}))
    TO '{sys.argv[2]}' (FORMAT parquet)""")
