# SPDX-License-Identifier: MIT
"""Data frames as they come: slices, chunks, nulls, gaps, columns of other names and types, and what cannot be used."""

from __future__ import annotations

import array
import datetime as dt
import decimal
import io
from typing import Any

import duckdb
import kith
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from support import BEGIN, DAY, Event, columns_of, community, small, tables_of

TYPES = {"time": pa.int64(), "member": pa.string(), "kind": pa.string(), "target": pa.string(), "quantity": pa.int64()}


def table_of(columns: dict[str, list[Any]], **types: pa.DataType) -> pa.Table:
    return pa.table(columns, pa.schema({name: {**TYPES, **types}[name] for name in columns}))


def standings(data: Any, **options: Any) -> str:
    return kith.score(data, **options).standings.to_csv()


# ---- slices and chunks ----


def test_slices_are_what_they_show() -> None:
    events = community(21)
    expected = tables_of(kith.score(columns_of(events[100:300]), history=True))
    for text in (pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string())):
        whole = table_of(columns_of(events), member=text, kind=text, target=text)
        for part in (
            whole.slice(100, 200),
            whole.combine_chunks().slice(100, 200),
            whole.slice(50).slice(50, 200),
            whole.slice(100, 200).combine_chunks().to_batches()[0],
            pa.RecordBatch.from_struct_array(whole.to_struct_array().combine_chunks().slice(100, 200)),
        ):
            assert tables_of(kith.score(part, history=True)) == expected
    assert tables_of(kith.score(pl.DataFrame(columns_of(events))[100:300], history=True)) == expected
    assert tables_of(kith.score(pd.DataFrame(columns_of(events))[100:300], history=True)) == expected


def test_rows_of_a_filter_are_what_they_show() -> None:
    events = community(22)
    kept = [event for event in events if event.kind == "like"]
    expected = tables_of(kith.score(columns_of(kept), history=True))
    frame = pd.DataFrame(columns_of(events))
    assert tables_of(kith.score(frame[frame["kind"] == "like"], history=True)) == expected
    polars = pl.DataFrame(columns_of(events))
    assert tables_of(kith.score(polars.filter(pl.col("kind") == "like"), history=True)) == expected
    table = table_of(columns_of(events))
    query = duckdb.connect().from_arrow(table).filter("kind = 'like'")
    assert tables_of(kith.score(query, history=True)) == expected


@pytest.mark.parametrize("size", [1, 2, 3, 64, 1000])
def test_chunks_of_any_size_even_empty_ones(size: int) -> None:
    events = community(23)
    table = table_of(columns_of(events))
    expected = tables_of(kith.score(table, history=True))
    parts = [table.slice(begin, size) for begin in range(0, len(events), size)]
    parts = [part for whole in parts for part in (table.slice(0, 0), whole, table.slice(len(events)))]
    assert tables_of(kith.score(pa.concat_tables(parts), history=True)) == expected
    assert tables_of(kith.score(iter(parts), history=True)) == expected


def chunked(table: pa.Table, size: int) -> pl.DataFrame:
    parts = [pl.DataFrame(pl.from_arrow(table.slice(begin, size))) for begin in range(0, len(table), size)]
    return pl.concat(parts, rechunk=False)


def test_chunks_of_polars_are_read_as_they_lie() -> None:
    """Its own stream makes one chunk of all first, and of the frame, too."""
    table = table_of(columns_of(community(26, members=500)))
    frame = chunked(table, 2000)
    before = frame.n_chunks("all")
    assert min(before) > 1
    assert tables_of(kith.score(frame, history=True)) == tables_of(kith.score(table, history=True))
    assert frame.n_chunks("all") == before


class Own(pl.DataFrame):
    """A class of somebody's own."""


@pytest.mark.parametrize("form", ["in a list", "iterated", "of a class of one's own", "with a column in one chunk"])
def test_chunks_of_polars_are_read_as_they_lie_wherever_they_are(form: str) -> None:
    table = table_of(columns_of(community(26, members=500)))
    frame = chunked(table, 2000)
    if form == "of a class of one's own":
        frame = Own._from_pydf(frame._df)
    if form == "with a column in one chunk":
        frame.replace_column(4, frame["quantity"].rechunk())
        assert len(set(frame.n_chunks("all"))) == 2
    before = frame.n_chunks("all")
    data = {"in a list": [frame], "iterated": iter([frame])}.get(form, frame)
    assert tables_of(kith.score(data, history=True)) == tables_of(kith.score(table, history=True))
    assert frame.n_chunks("all") == before


def test_small_chunks_of_polars_are_put_together() -> None:
    table = table_of(columns_of(community(26, members=500)))
    frame = chunked(table, 10)
    assert tables_of(kith.score(frame, history=True)) == tables_of(kith.score(table, history=True))
    assert set(frame.n_chunks("all")) == {1}
    whole = chunked(table, 2000)
    for part in (whole.head(0), whole.slice(1999, 2), whole.slice(10, 3000)):
        assert kith.score(part).added.taken == part.height


def test_a_frame_of_polars_that_is_changed_while_it_is_read() -> None:
    table = table_of(columns_of(community(26, members=500)))
    expected = tables_of(kith.score(table, history=True))
    frame = chunked(table, 2000)

    def change(done: int, total: int | None) -> None:
        if "kind" in frame.columns:
            frame.drop_in_place("kind")

    assert tables_of(kith.score(frame, history=True, progress=change)) == expected
    assert "kind" not in frame.columns


def test_dictionaries_that_differ_from_chunk_to_chunk() -> None:
    events = community(24)
    text = pa.dictionary(pa.int32(), pa.string())
    parts = [
        table_of(columns_of(events[begin : begin + 40]), member=text, kind=text) for begin in range(0, len(events), 40)
    ]
    assert len({tuple(part["member"].chunk(0).dictionary.to_pylist()) for part in parts}) > 1
    expected = tables_of(kith.score(columns_of(events), history=True))
    assert tables_of(kith.score(pa.concat_tables(parts), history=True)) == expected


@pytest.mark.parametrize("threads", [1, 2, 8])
def test_rejects_are_numbered_through_all_chunks(threads: int) -> None:
    columns = columns_of([event._replace(kind="like") for event in community(25)])
    wrong = list(range(3, len(columns["kind"]), 17))
    for row in wrong:
        columns["kind"][row - 1] = "dance"
    parts = [table_of(columns).slice(begin, 5) for begin in range(0, len(columns["kind"]), 5)]
    added = kith.Engine(threads=threads).add(pa.concat_tables(parts), name="a frame")
    assert added.reasons == {"kind": len(wrong)}
    rejects = added.rejects.to_dicts()
    assert [row["line"] for row in rejects] == wrong
    assert {(row["file"], row["column"], row["reason"], row["row"]) for row in rejects} == {
        ("a frame", "kind", "kind", "")
    }


# ---- nothing at all ----


@pytest.mark.parametrize("form", ["table", "no_chunks", "pandas", "polars", "lists", "arrays", "duckdb", "export"])
def test_no_rows_are_no_fault(form: str) -> None:
    table = table_of({name: [] for name in TYPES})
    data: Any = {
        "table": lambda: table,
        "no_chunks": lambda: pa.table({name: pa.chunked_array([], type_) for name, type_ in TYPES.items()}),
        "pandas": lambda: table.to_pandas(),
        "polars": lambda: pl.DataFrame(table),
        "lists": lambda: {name: [] for name in TYPES},
        "arrays": lambda: {"time": np.array([], "int64"), "member": np.array([], "str"), "kind": np.array([], object)},
        "duckdb": lambda: duckdb.connect().from_arrow(table),
        "export": lambda: io.BytesIO(b"time,member,kind\n"),
    }[form]()
    result = kith.score(data, history=True)
    assert result.added.read == 0
    assert [len(result.standings), len(result.changes), len(result.weeks), len(result.history)] == [0] * 4
    assert repr(result) == "<kith.Result: 0 members, 0 weeks, 0 events>"
    assert (result.review.first_week, result.review.last_week) == (None, None)


def test_no_batches_are_a_fault_as_nothing_tells_the_columns() -> None:
    for data in ([], (), iter([])):
        with pytest.raises(ValueError, match="no batches"):
            kith.score(data)
    with pytest.raises(kith.BadExportError, match="time"):
        kith.score({})
    with pytest.raises(kith.BadExportError, match="time"):
        kith.score(pa.table({}))


# ---- nulls and gaps ----


def test_nulls_stand_for_nobody_and_for_one() -> None:
    rows = [
        Event(BEGIN, "ana", "like", None, None),
        Event(BEGIN, "ana", "like", "ben", None),
        Event(BEGIN, None, "like", "ben", 3),
    ]
    said = [rows[0]._replace(quantity=1), rows[1]._replace(quantity=1), rows[2]]
    expected = tables_of(kith.score(columns_of(said), history=True))
    empty = [Event(*("" if value is None and place != 4 else value for place, value in enumerate(row))) for row in rows]
    for events in (rows, empty):
        assert tables_of(kith.score(table_of(columns_of(events)), history=True)) == expected
        assert tables_of(kith.score(columns_of(events), history=True)) == expected
        assert tables_of(kith.score(pd.DataFrame(columns_of(events)), history=True)) == expected


@pytest.mark.parametrize(("field", "reason"), [("time", "time"), ("member", "member"), ("kind", "kind")])
def test_a_null_where_something_must_stand_is_rejected(field: str, reason: str) -> None:
    columns = {**small(), "target": [None] * 3}
    columns[field][1] = None
    for data in (columns, table_of(columns), pd.DataFrame(columns), pl.DataFrame(table_of(columns))):
        added = kith.Engine().add(data)
        assert (added.taken, added.reasons) == (2, {reason: 1})
        assert added.rejects.to_dicts()[0]["line"] == 2


@pytest.mark.parametrize("field", ["time", "member", "kind", "target", "quantity"])
def test_a_column_of_nothing_but_nulls(field: str) -> None:
    columns = {**small(), field: [None] * 3}
    taken = {"time": 0, "kind": 0, "member": 2}.get(field, 3)  # of members, the targets are left
    for data in (columns, table_of(columns), pa.table(columns), pd.DataFrame(columns), pl.DataFrame(table_of(columns))):
        assert kith.Engine().add(data).taken == taken


def test_a_column_of_polars_without_a_type() -> None:
    assert standings(pl.DataFrame({**small(), "target": [None] * 3})) == standings({**small(), "target": [None] * 3})


def test_a_nan_is_a_gap() -> None:
    """As data frames write a gap among whole numbers."""
    columns: dict[str, Any] = {**small(), "quantity": [float("nan"), 2.0, 3.0]}
    expected = standings({**small(), "quantity": [1, 2, 3]})
    arrays = {**columns, "quantity": np.array(columns["quantity"]), "target": np.array([np.nan, "ana", "ben"], object)}
    for data in (columns, pd.DataFrame(columns), pl.DataFrame(columns), arrays):
        assert standings(data) == expected


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA, pd.NaT, np.nan, np.datetime64("NaT")], ids=repr)
def test_what_libraries_write_for_nothing_is_nothing_in_a_list(missing: Any) -> None:
    columns = small()
    for field in ("target", "quantity"):
        columns[field][0] = missing
    assert standings(columns) == standings(small())
    columns = small()
    columns["time"] = [missing, *(dt.datetime(2025, 1, day, tzinfo=dt.UTC) for day in (1, 2))]
    assert kith.Engine().add(columns).reasons == {"time": 1}
    columns["time"] = [*columns["time"][1:], missing]
    assert kith.Engine().add(columns).reasons == {"time": 1}


def test_nat_and_masks_are_gaps() -> None:
    times = np.array(["2025-01-01", "NaT", "2025-01-02"], "datetime64[ms]")
    assert kith.Engine().add({**small(), "time": times}).reasons == {"time": 1}
    frame = pd.DataFrame({**small(), "time": pd.to_datetime(["2025-01-01", None, "2025-01-02"])})
    assert kith.Engine().add(frame).reasons == {"time": 1}
    masked = np.ma.MaskedArray([1, 999_999, 3], [False, True, False])
    assert standings({**small(), "quantity": masked}) == standings({**small(), "quantity": [1, None, 3]})
    masked = np.ma.MaskedArray(times, [True, False, False])
    assert kith.Engine().add({**small(), "time": masked}).reasons == {"time": 2}


def test_categories_that_no_row_has_do_not_matter() -> None:
    frame = pd.DataFrame(small())
    for field in ("member", "kind", "target"):
        frame[field] = frame[field].astype(
            pd.CategoricalDtype(["\udcff".encode("utf-16", "surrogatepass").hex(), "zoe", *set(frame[field].dropna())])
        )
    assert standings(frame) == standings(small())
    result = kith.score(frame)
    assert "zoe" not in [row["member"] for row in result.standings]
    assert result.engine.info.members == 3


def test_nulls_within_a_dictionary_are_nulls() -> None:
    words = pa.array(["ana", None, "ben"])
    target = pa.DictionaryArray.from_arrays(pa.array([1, 0, 2], pa.int8()), words)
    assert standings(pa.table({**small(), "target": target})) == standings(small())


# ---- columns ----


def test_columns_of_other_names() -> None:
    names = {"time": "created at", "member": "wer", "kind": "что", "target": 'to "whom"', "quantity": "", "id": "a,b"}
    columns: dict[str, Any] = {**small(), "id": [1, 2, 1]}
    renamed = {names[field]: values for field, values in columns.items()}
    # Others have the names that fields have usually.
    decoys = {"time": [[1]] * 3, "member": [1.5] * 3, "quantity": ["x"] * 3}
    for data in (renamed, pa.table(renamed), pd.DataFrame(renamed), pl.DataFrame(renamed), {**decoys, **renamed}):
        result = kith.score(data, columns=names)
        assert result.added.skipped == 1
        assert standings(data, columns=names) == standings(columns)
    assert standings(pa.table({**renamed, **decoys}), columns=names) == standings(columns)


def test_a_column_of_another_name_must_be_there() -> None:
    for field in ("time", "member", "kind", "target", "quantity", "id"):
        for data in (small(), pa.table(small())):
            with pytest.raises(kith.BadExportError, match="no such column") as caught:
                kith.score(data, columns={field: "nowhere"})
            assert (caught.value.field, caught.value.status) == ("nowhere", "KITH_BAD_EXPORT")


@pytest.mark.parametrize("field", ["time", "member", "kind"])
def test_a_column_that_is_needed_must_be_there(field: str) -> None:
    columns = {name: values for name, values in small().items() if name != field}
    for data in (columns, pa.table(columns), pd.DataFrame(columns), iter([columns])):
        with pytest.raises(kith.BadExportError, match="no such column") as caught:
            kith.score(data)
        assert caught.value.field == field


def test_names_of_columns_must_be_names_of_fields() -> None:
    for call in (kith.score, kith.Engine().add, lambda data, columns: kith.explain(data, "ana", columns=columns)):
        with pytest.raises(TypeError, match="no field 'user'; expected time, member"):
            call(small(), columns={"user": "member"})
        with pytest.raises(TypeError, match="columns"):
            call(small(), columns={"member": 5})
        with pytest.raises(TypeError, match="columns"):
            call(pa.table(small()), columns={"member": 5})
        with pytest.raises(ValueError, match="null character"):
            call(pa.table(small()), columns={"member": "mem\0ber"})
    with pytest.raises(kith.BadExportError, match="two fields"):
        kith.score(small(), columns={"target": "member"})


def test_a_name_that_stands_twice_is_refused() -> None:
    table = pa.table([*pa.table(small()).columns, pa.array([1, 2, 3])], [*small(), "member"])
    with pytest.raises(kith.BadExportError, match="two columns") as caught:
        kith.score(table)
    assert caught.value.field == "member"


EXTRA = {
    "list": pa.array([[1], [], None]),
    "struct": pa.array([{"a": 1}, None, {"a": 2}]),
    "map": pa.array([[("a", 1)], [], None], pa.map_(pa.string(), pa.int8())),
    "decimal": pa.array([decimal.Decimal("1.5")] * 3),
    "binary": pa.array([b"\xff"] * 3),
    "bool": pa.array([True, None, False]),
    "null": pa.nulls(3),
    "duration": pa.array([1, 2, 3], pa.duration("s")),
    "nested": pa.array([[{"a": [[1.5]]}], None, []]),
    "union": pa.UnionArray.from_sparse(pa.array([0, 0, 0], pa.int8()), [pa.array([1, 2, 3])]),
    "run_end": pa.RunEndEncodedArray.from_arrays([2, 3], ["a", "b"]),
}


@pytest.mark.parametrize("type_", EXTRA)
def test_columns_of_any_other_type_are_passed_over(type_: str) -> None:
    table = pa.table({type_: EXTRA[type_], **small(), "last": EXTRA[type_]})
    assert standings(table) == standings(small())
    assert standings(iter(table.to_batches() * 1)) == standings(small())


# ---- types that a column cannot be of ----

WRONG: dict[str, list[str]] = {
    "time": ["list", "struct", "decimal", "binary", "bool", "duration", "union", "run_end"],
    "member": ["list", "struct", "decimal", "binary", "bool", "duration", "run_end"],
    "kind": ["list", "struct", "decimal", "binary", "bool", "int", "float", "timestamp"],
    "target": ["list", "decimal", "bool", "timestamp"],
    "quantity": ["list", "decimal", "binary", "bool", "text", "timestamp"],
    "id": ["list", "struct", "decimal", "binary", "bool", "timestamp"],
}
VALUES = {
    **EXTRA,
    "int": pa.array([1, 2, 3]),
    "float": pa.array([1.0, 2.0, 3.0]),
    "text": pa.array(["1", "2", "3"]),
    "timestamp": pa.array([1, 2, 3], pa.timestamp("s")),
}


@pytest.mark.parametrize(("field", "type_"), [(field, type_) for field, types in WRONG.items() for type_ in types])
def test_a_type_that_a_column_cannot_be_of_is_refused_by_the_columns_name(field: str, type_: str) -> None:
    table = pa.table({**small(), field: VALUES[type_]})
    with pytest.raises(kith.BadExportError, match=field) as caught:
        kith.score(table)
    assert caught.value.field == field
    with pytest.raises(kith.BadExportError, match="other") as caught:
        kith.score(
            table.rename_columns(["other" if name == field else name for name in table.column_names]),
            columns={field: "other"},
        )
    assert caught.value.field == "other"


def test_names_do_not_go_with_numbers() -> None:
    with pytest.raises(kith.BadExportError, match="target.*text|text.*target"):
        kith.score({**small(), "target": [None, 5, 6]})
    with pytest.raises(kith.BadExportError, match="whole numbers"):
        kith.Engine(members="numbers").add(small())
    with pytest.raises(kith.BadExportError, match="text"):
        kith.Engine().add({**small(), "member": [1, 2, 3], "target": [None] * 3})
    with pytest.raises(kith.BadArgumentError, match="names"):
        kith.Engine(members="numbers").add(io.BytesIO(b"time,member,kind\n1,1,post\n"))


@pytest.mark.parametrize(
    "values",
    [
        [1, "a", 2],
        ["a", 1, "b"],
        [b"a"] * 3,
        [1j] * 3,
        [[1]] * 3,
        [{}] * 3,
        [True] * 3,
        [object()] * 3,
        [2**64] * 3,
        [-(2**63) - 1] * 3,
        [-1, 2**63, 1],
        ["a", "\ud800", "b"],
    ],
)
@pytest.mark.parametrize("field", ["time", "member", "quantity"])
def test_lists_of_other_things_are_refused_by_the_columns_name(field: str, values: list[Any]) -> None:
    for given in (values, tuple(values), iter(values)):
        with pytest.raises((TypeError, ValueError, OverflowError), match=field):
            kith.score({**small(), field: given})


@pytest.mark.parametrize(
    "values",
    [
        np.zeros((3, 1)),
        np.zeros(3, "float16"),
        np.zeros(3, bool),
        np.zeros(3, complex),
        np.zeros(3, "timedelta64[s]"),
        np.zeros(3, "V4"),
        np.array([b"a"] * 3),
        np.zeros((), "int64"),
        memoryview(b"abc").cast("c"),
        array.array("u", "abc"),
        b"abc",
        "abc",
        5,
        None,
    ],
    ids=repr,
)
def test_arrays_of_other_things_are_refused_by_the_columns_name(values: Any) -> None:
    with pytest.raises((TypeError, BufferError, kith.BadExportError), match="quantity"):
        kith.score({**small(), "quantity": values})


def test_arrays_of_python_are_taken() -> None:
    expected = standings(small())
    for code in "bBhHiIlLqQfd":
        assert standings({**small(), "quantity": array.array(code, [1, 2, 3])}) == expected
        assert standings({**small(), "quantity": memoryview(array.array(code, [1, 2, 3]))}) == expected
    assert standings({**small(), "quantity": bytearray([1, 2, 3])}) == expected
    assert standings({**small(), "quantity": memoryview(array.array("i", [1, 9, 2, 9, 3]))[::2]}) == expected
    assert standings({**small(), "quantity": range(1, 4)}) == expected
    assert standings({**small(), "quantity": np.array([1, 2, 3])[::-1][::-1]}) == expected
    assert standings({**small(), "quantity": np.array([3, 9, 2, 9, 1], "int16")[::-2]}) == expected


def test_arrow_arrays_and_series_are_columns_of_a_mapping_too() -> None:
    expected = standings(small())
    table = table_of(small())
    assert standings({name: table[name] for name in table.column_names}) == expected
    assert standings({name: table[name].chunk(0) for name in table.column_names}) == expected
    frame = pl.DataFrame(small())
    assert standings({name: frame[name] for name in frame.columns}) == expected
    moments = pa.array([time * 1000 for time in small()["time"]], pa.timestamp("ms", "UTC"))
    assert standings({**small(), "time": moments}) == expected
    assert standings({**small(), "time": pd.Series(moments.to_pandas())}) == expected


def test_columns_must_be_of_one_length() -> None:
    with pytest.raises(ValueError, match="column quantity has 2 rows, where time has 3"):
        kith.score({**small(), "quantity": [1, 2]})
    with pytest.raises(ValueError, match="column member has 0 rows, where time has 3"):
        kith.score({**small(), "member": np.array([], object)})


def test_moments_must_all_have_a_zone_or_none() -> None:
    with_zone, without = dt.datetime(2025, 1, 1, tzinfo=dt.UTC), dt.datetime(2025, 1, 1)
    for times in (
        [with_zone, without, without],
        [with_zone, dt.date(2025, 1, 1), with_zone],
        [without, "x", without],
        [dt.date(2025, 1, 1), 5, None],
    ):
        with pytest.raises(TypeError, match="time"):
            kith.score({**small(), "time": times})
    assert kith.score({**small(), "time": [without, dt.date(2025, 1, 1), None]}).added.taken == 2


# ---- values that a column can have, but an event cannot ----


@pytest.mark.parametrize(
    "quantity", [0, -1, 1_000_000_001, 2**32 + 1, 2**63 - 1, -(2**63), 1.5, float("inf"), -1.0, 1e300]
)
def test_quantities_that_cannot_be_are_rejected(quantity: float) -> None:
    columns = {**small(), "quantity": [1, quantity, 3]}
    for data in (columns, pa.table({**columns, "quantity": pa.array(columns["quantity"])}), pd.DataFrame(columns)):
        added = kith.Engine().add(data)
        assert (added.taken, added.reasons) == (2, {"quantity": 1})


@pytest.mark.parametrize("time", [-1, 253_370_764_800, 2**63 - 1, -(2**63), "yesterday", "2025-02-30", "", 1.5])
def test_times_that_cannot_be_are_rejected(time: Any) -> None:
    times = [f"{value}" if isinstance(time, str) else value for value in small()["time"]]
    added = kith.Engine(future=dt.timedelta(-1)).add({**small(), "time": [times[0], time, times[2]]})
    assert (added.taken, added.reasons) == (2, {"time": 1})


def test_the_ends_of_the_range_of_times() -> None:
    last = 253_370_764_799
    for times in (
        [0, last, BEGIN],
        [dt.datetime(1970, 1, 1), dt.datetime(9998, 12, 31, 23, 59, 59), None],
        np.array([0, last, 1], "datetime64[s]"),
        pd.Series(np.array([0, last, 1], "datetime64[s]")),
    ):
        columns = {**small(), "time": times, "target": [None] * 3}
        engine = kith.Engine(future=dt.timedelta(-1), max_weeks=500_000)
        assert engine.add(columns).taken >= 2
        assert engine.info.first_event == dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
        assert engine.info.last_event == dt.datetime(9998, 12, 31, 23, 59, 59, tzinfo=dt.UTC)


def test_numbers_of_members_may_be_any_but_the_largest() -> None:
    members = [0, 2**63, 2**64 - 2]
    table = pa.table({**small(), "member": pa.array(members, pa.uint64()), "target": pa.nulls(3)})
    for data in (
        table,
        pl.DataFrame(table.drop_columns(["target"])),
        {**small(), "member": members, "target": [None] * 3},
    ):
        result = kith.score(data)
        assert sorted(row["member"] for row in result.standings) == members
    added = kith.Engine(members="numbers").add({"time": [1], "member": [2**64 - 1], "kind": ["post"]})
    assert added.reasons == {"member": 1}
    added = kith.Engine(members="numbers").add({"time": [1, 1], "member": [-1, 5], "kind": ["post"] * 2})
    assert added.reasons == {"member": 1}


def test_names_may_be_of_255_bytes_and_of_any_letters() -> None:
    names = ["n" * 255, "ü" * 127, "nul\0byte", "two\nlines", '"', "\U0010ffff", "=1+1", " ", "‮", "\x7f"]
    columns = {"time": [BEGIN] * len(names), "member": names, "kind": ["post"] * len(names)}
    for data in (columns, pa.table(columns), pl.DataFrame(columns), pd.DataFrame(columns)):
        result = kith.score(data)
        assert [row["member"] for row in result.standings] == sorted(names, key=str.encode)
    assert kith.Engine().add({"time": [1, 1], "member": ["n" * 256, "ü" * 128], "kind": ["post"] * 2}).taken == 0


def test_events_of_tomorrow_are_taken_and_later_ones_rejected() -> None:
    now = 1_800_000_000
    columns = {"time": [now + DAY, now + DAY + 1], "member": ["ana", "ben"], "kind": ["post"] * 2}
    assert kith.Engine(now=now).add(columns).reasons == {"future": 1}
    assert kith.Engine(now=now, future=dt.timedelta(hours=1)).add(columns).reasons == {"future": 2}
    assert kith.Engine(now=now, future=dt.timedelta(days=2)).add(columns).taken == 2
    assert kith.Engine(now=0, future=dt.timedelta(-1)).add(columns).taken == 2
    assert kith.Engine(now=0, future=dt.timedelta(microseconds=-1)).add(columns).taken == 2
    engine = kith.Engine(now=now + DAY, future=dt.timedelta(0))
    assert engine.add(columns).reasons == {"future": 1}
    assert kith.Engine(now=now + DAY, future=dt.timedelta(milliseconds=999)).add(columns).reasons == {"future": 1}


# ---- what holds no events ----


@pytest.mark.parametrize(
    "data",
    [5, None, object(), kith.Policy(), dict, pa.Table, b"time,member,kind", [5], ["a", 5], [None], [object()]],
    ids=repr,
)
def test_what_holds_no_events_is_refused(data: Any) -> None:
    for call in (kith.score, kith.Engine().add):
        with pytest.raises(TypeError, match="expected"):
            call(data)


def test_paths_are_not_batches() -> None:
    with pytest.raises(TypeError, match="is it the path of an export that was meant"):
        kith.score(iter(["a.csv"]))


def test_a_list_that_holds_itself_is_refused() -> None:
    data: list[Any] = []
    data.append(data)
    with pytest.raises(RecursionError):
        kith.score(data)


def test_batches_of_other_columns_do_not_go_with_the_first() -> None:
    first = table_of(small())
    for second in (
        first.drop_columns(["quantity"]),
        first.rename_columns([*first.column_names[:-1], "often"]),
        first.set_column(0, "time", pa.array([1.0] * 3)),
        first.select([1, 0, 2, 3, 4]),
    ):
        engine = kith.Engine()
        with pytest.raises(kith.InputOutputError, match="other columns.* as column [1-5], .* in place of") as caught:
            engine.add(iter([first, second]))
        assert caught.value.added is not None
        assert caught.value.added["taken"] == 3 == engine.info.taken


def test_a_batch_without_any_target_goes_with_one_that_has_some_if_their_types_are_the_same() -> None:
    """Lists and tables without types have none where all values are None: that does not go with text."""
    events = [
        Event(BEGIN, "ana", "post", None, None),
        Event(BEGIN, None, "like", "ana", 2),
        Event(BEGIN, "ben", "like", "ana", None),
    ]
    expected = tables_of(kith.score(columns_of(events), history=True))
    for order in ((0, 1, 2), (1, 0, 2), (2, 1, 0)):
        batches = [columns_of([events[place]]) for place in order]
        assert tables_of(kith.score([table_of(batch) for batch in batches], history=True)) == expected
        with pytest.raises(kith.InputOutputError, match="other columns, or of other types"):
            kith.score(iter(batches))
