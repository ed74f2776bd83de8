# SPDX-License-Identifier: MIT
"""Tables say the same in every form, and live as long as anybody holds them."""

from __future__ import annotations

import csv
import datetime as dt
import gc
import io
import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import duckdb
import kith
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from support import BEGIN, columns_of, community, small

TABLES = ["standings", "changes", "flags", "weeks", "history", "watch", "rejects"]


def result_of() -> kith.Result:
    """A result that has rows in each table."""
    columns = columns_of(community(31, members=60, weeks=30))
    columns["kind"][5] = "dance"
    columns["time"][9] = -1
    return kith.score(columns, as_of="2025-06-05", history=True, name='a "frame", new')


def rows_of_csv(table: kith.Table) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table.to_csv(), newline="")))


def text_of(value: Any) -> str:
    """A value as the CSV has it."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.2f}"
    if isinstance(value, dt.datetime):
        assert value.utcoffset() == dt.timedelta(0)
        return f"{value:%Y-%m-%dT%H:%M:%SZ}"
    return str(value)


def of_pandas(table: kith.Table) -> list[dict[str, Any]]:
    """pandas has no dates and no None among floats of its own."""
    rows = table.to_pandas().astype(object).to_dict("records")
    return [{key: None if pd.isna(value) else value for key, value in row.items()} for row in rows]


def of_duckdb(table: kith.Table) -> list[dict[str, Any]]:
    """Through a table of DuckDB's own; its way to Python's moments needs one more library."""
    connection, shown = duckdb.connect(), table
    connection.execute("set timezone = 'UTC'; create table kept as select * from shown")
    del shown
    return connection.sql("from kept").to_arrow_table().to_pylist()


FORMS: dict[str, Callable[[kith.Table], list[dict[str, Any]]]] = {
    "dicts": lambda table: table.to_dicts(),
    "iteration": list,
    "arrow": lambda table: table.to_arrow().to_pylist(),
    "polars": lambda table: table.to_polars().to_dicts(),
    "pandas": of_pandas,
    "duckdb": of_duckdb,
    "reader": lambda table: pa.RecordBatchReader.from_stream(table).read_all().to_pylist(),
}


@pytest.mark.parametrize("name", TABLES)
def test_every_form_says_what_the_csv_says(name: str) -> None:
    table = getattr(result_of(), name)
    expected = rows_of_csv(table)
    assert len(expected) == len(table) > 0
    for form, rows_of in FORMS.items():
        rows = rows_of(table)
        assert [{key: text_of(value) for key, value in row.items()} for row in rows] == expected, form
        assert list(rows[0]) == table.columns == list(expected[0]), form


def test_types_of_columns() -> None:
    result = result_of()
    words = pa.dictionary(pa.uint8(), pa.string())
    types = {
        "member": pa.large_string(),
        "week": pa.date32(),
        "tier": words,
        "stage": words,
        "flags": words,
        "flag": words,
        "from": words,
        "to": words,
        "reason": words,
        "score": pa.float64(),
        "risk": pa.float64(),
        "mean_score": pa.float64(),
        "content": pa.float64(),
        "interaction": pa.float64(),
        "community": pa.float64(),
        "file": pa.large_string(),
        "column": pa.large_string(),
        "row": pa.large_string(),
        "joined": pa.timestamp("s", "UTC"),
        "last_seen": pa.timestamp("s", "UTC"),
    }
    for name in TABLES:
        schema = getattr(result, name).to_arrow().schema
        assert {field.name: field.type for field in schema} == {
            field: types.get(field, pa.int64()) for field in schema.names
        }
        getattr(result, name).to_arrow().validate(full=True)
    numbered = kith.score({"time": [BEGIN], "member": [5], "kind": ["post"]})
    assert numbered.standings.to_arrow().schema.field("member").type == pa.uint64()
    frame = result.standings.to_polars()
    assert frame.schema["joined"] == pl.Datetime("ms", "UTC"), "polars has no seconds"
    assert frame.schema["tier"] == pl.Categorical
    first = result.standings.to_dicts()[0]
    assert type(first["score"]) is float and type(first["active_days"]) is int and type(first["flags"]) is str
    assert first["joined"].tzinfo is dt.UTC
    assert type(result.weeks.to_dicts()[0]["week"]) is dt.date


def test_dictionaries_hold_all_words_of_the_policy() -> None:
    result = result_of()
    tiers = result.standings.to_arrow()["tier"].chunk(0).dictionary.to_pylist()
    assert tiers == [tier.name for tier in result.policy.tiers]
    flags = result.standings.to_arrow()["flags"].chunk(0).dictionary.to_pylist()
    assert len(flags) == len(set(flags)) == 64 and flags[0] == "" and "silent stalled" in flags


def test_times_and_days_at_the_ends() -> None:
    last = 253_370_764_799
    columns = {"time": [0, last], "member": ["ana", "ben"], "kind": ["post", "post"]}
    result = kith.score(columns, future=dt.timedelta(-1), max_weeks=500_000)
    joined = {row["member"]: row["joined"] for row in result.standings}
    assert joined == {
        "ana": dt.datetime(1970, 1, 1, tzinfo=dt.UTC),
        "ben": dt.datetime(9998, 12, 31, 23, 59, 59, tzinfo=dt.UTC),
    }
    assert len(result.weeks) == result.review.week_count == 1 + (last + 3 * 86400) // (7 * 86400)
    assert result.weeks.to_dicts()[-1]["week"] == result.review.last_week
    assert result.weeks.to_arrow()["week"][-1].as_py() == result.review.last_week


def test_nobody_without_an_own_event_has_been_seen() -> None:
    result = kith.score({"time": [BEGIN], "member": [None], "target": ["ana"], "kind": ["like"]})
    (row,) = result.standings
    assert row["last_seen"] is None and row["risk"] is None
    assert result.standings.to_arrow()["last_seen"].null_count == 1


# ---- names ----

ODD = [
    "",
    "<b>&amp;</b>",
    '"quoted", with a comma',
    "two\nlines",
    "tab\tbed",
    "\x1b[31mred",
    "nul\0byte",
    "ünïcödé",
    "小林",
    "‮abc",
    "🙂",
]


def of_odd_names() -> kith.Result:
    names = [name or "usual" for name in ODD]
    return kith.score({"time": [BEGIN] * len(names), "member": names, "kind": ["post"] * len(names)}, history=True)


def test_names_of_any_letters_come_through_every_form() -> None:
    table = of_odd_names().standings
    names = sorted((name or "usual" for name in ODD), key=str.encode)
    for form, rows_of in FORMS.items():
        assert [row["member"] for row in rows_of(table)] == names, form


def test_what_is_shown_has_a_line_for_each_row() -> None:
    """Whatever the names hold: also line ends, and what a terminal would obey."""
    shown = repr(of_odd_names().standings)
    lines = shown.split("\n")
    assert lines[0] == f"kith standings: {len(ODD)} rows"
    assert lines[-1] == "… 1 more"
    assert len(lines) == 1 + 1 + 10 + 1
    assert shown.replace("\n", "").isprintable()
    assert "ünïcödé" in shown and "two\\nlines" in shown and "\\x1b[31mred" in shown


class Cells(HTMLParser):
    """The text of each cell, and the tags."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.cells: list[str] = []
        self.tags: set[str] = set()
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag in ("td", "th"):
            self.cells.append("")

    def handle_data(self, data: str) -> None:
        if self.cells:
            self.cells[-1] += data


def test_what_a_notebook_shows_is_escaped() -> None:
    table = of_odd_names().standings
    text = table._repr_html_()
    assert "<b>" not in text and "&lt;b&gt;" in text
    parsed = Cells(text)
    assert parsed.tags == {"table", "caption", "thead", "tbody", "tr", "th", "td"}
    assert parsed.cells[: len(table.columns)] == table.columns
    assert "<b>&amp;</b>" in parsed.cells
    assert len(parsed.cells) == 11 * len(table.columns)
    policy = kith.Policy.parse("[tier <i>low</i>]\n[tier a&b]\npromote_at = 1\nkeep_at = 1\n")
    weeks = kith.score(small(), policy).weeks._repr_html_()
    assert "<i>" not in weeks and "tier_a&amp;b" in weeks


def test_long_cells_are_shown_in_part() -> None:
    export = io.BytesIO(b"time,member,kind\n2026-01-01," + b"x" * 100_000 + b",post\n")
    table = kith.score(export).rejects
    assert len(repr(table)) < 1000 and len(table._repr_html_()) < 2000
    assert len(table.to_dicts()[0]["row"]) > 100_000


def test_columns_stand_one_below_the_other() -> None:
    lines = repr(kith.score(small()).standings).split("\n")
    assert lines[1].split() == [
        "member",
        "score",
        "content",
        "interaction",
        "community",
        "tier",
        "stage",
        "flags",
        "risk",
        "active_days",
        "silent_days",
        "joined",
        "last_seen",
    ]
    end = lines[1].index("score") + len("score")
    assert [re.fullmatch(r"\d+\.\d\d", line[:end].split()[-1]) is not None for line in lines[2:]] == [True] * 3
    assert len({line.index("Z", line.index("Z") + 1) for line in lines[2:]}) == 1


# ---- nothing ----


def test_empty_tables() -> None:
    result = kith.score({"time": [], "member": [], "kind": []}, history=True)
    for name in ("standings", "changes", "flags", "weeks", "history", "rejects"):
        table = getattr(result, name)
        assert (len(table), list(table), table.to_dicts()) == (0, [], [])
        assert table.to_csv() == ",".join(table.columns) + "\n"
        assert table.to_arrow().num_rows == 0 and table.to_arrow().column_names == table.columns
        table.to_arrow().validate(full=True)
        assert table.to_pandas().shape == table.to_polars().shape == (0, len(table.columns))
        assert repr(table) == f"kith {name}: 0 rows\n" + "  ".join(table.columns)
        assert f"kith {name}: 0 rows</caption>" in table._repr_html_()
        assert not table, "as any container without rows"


# ---- lives ----


def test_a_table_outlives_its_result_and_its_engine() -> None:
    result = result_of()
    expected = {name: getattr(result, name).to_csv() for name in TABLES}
    tables = {name: getattr(result, name) for name in TABLES}
    del result
    gc.collect()
    assert {name: table.to_csv() for name, table in tables.items()} == expected


def test_arrow_data_outlive_their_table() -> None:
    result = result_of()
    expected = {name: getattr(result, name).to_dicts() for name in TABLES}
    arrow = {name: getattr(result, name).to_arrow() for name in TABLES}
    streams = {name: pa.RecordBatchReader.from_stream(getattr(result, name)) for name in TABLES}
    frame = result.standings.to_polars()
    del result
    gc.collect()
    other = [result_of() for _ in range(3)]  # that would lie where it lay
    for name in TABLES:
        assert arrow[name].to_pylist() == streams[name].read_all().to_pylist() == expected[name]
    assert frame.height == len(expected["standings"])
    del other


def test_the_same_table_is_given_each_time_and_a_stream_may_be_left_unused() -> None:
    result = result_of()
    assert result.standings is result.standings
    for _ in range(3):
        result.standings.__arrow_c_stream__()
    assert result.standings.__arrow_c_stream__(None) is not None
    with pytest.raises(TypeError):
        result.standings.__arrow_c_stream__(1, 2)  # type: ignore[call-arg]


def test_a_table_is_taken_as_events_only_where_it_has_their_columns() -> None:
    result = result_of()
    with pytest.raises(kith.BadExportError, match="time"):
        kith.score(result.standings)
    columns = {"time": "joined", "kind": "tier", "member": "member"}
    policy = kith.Policy.parse("".join(f"[kind {tier.name}]\ngives = content 1\n" for tier in kith.Policy().tiers))
    again = kith.score(result.standings, policy, columns=columns)
    assert again.added.taken == len(result.standings)


def test_csv_for_a_spreadsheet_holds_no_formula() -> None:
    names = ["=1+1", "-2", "'=3", "a;=4", "plain", "a-b"]
    columns = {"time": [BEGIN] * len(names), "member": names, "kind": ["post"] * len(names)}
    standings = kith.score(columns).standings

    def members(text: str) -> list[str]:
        return sorted(row["member"] for row in csv.DictReader(io.StringIO(text, newline="")))

    assert members(standings.to_csv()) == members(standings.to_csv(spreadsheet=False)) == sorted(names)
    safe = standings.to_csv(spreadsheet=True)
    assert members(safe) == sorted(["'=1+1", "'-2", "''=3", "a;'=4", "plain", "a-b"])
    assert safe.split("\n")[0] == standings.to_csv().split("\n")[0]
    with pytest.raises(TypeError):
        standings.to_csv(True)  # type: ignore[call-arg]


def test_rejects_that_are_not_utf8_are_shown_and_handed_on() -> None:
    row = b"2026-01-01,\xff\xfe,post"
    table = kith.score(io.BytesIO(b"time,member,kind\n" + row + b"\n")).rejects
    assert row in table.to_csv().encode(errors="surrogateescape")
    assert "post" in table.to_dicts()[0]["row"]
    arrow = table.to_arrow()
    arrow.validate(full=True)
    assert arrow["row"][0].as_py().endswith("post")
    assert table.to_polars().height == table.to_pandas().shape[0] == 1
    assert "post" in repr(table) and "post" in table._repr_html_()


def test_tables_that_were_not_asked_for() -> None:
    result = kith.score(small())
    with pytest.raises(kith.BadArgumentError, match="history"):
        _ = result.history
    with pytest.raises(AttributeError, match="as_of"):
        _ = result.watch
    assert result.rejects.to_dicts() == []
