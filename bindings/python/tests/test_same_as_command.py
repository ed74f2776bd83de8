# SPDX-License-Identifier: MIT
"""Whatever holds the events, the tables are byte for byte the files of `kith score`."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import generate
import kith
import model_exports
import model_policy
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from support import VECTORS, Event, Exports, Tables, columns_of, community, csv_of, tables_of

Run = Callable[..., Tables]
EAST = "[calendar]\nutc_offset = +05:30\n"


def arrow(events: list[Event], text: Any = pa.string(), **types: Any) -> pa.Table:
    """A table of them, members in text."""
    usual = {"time": pa.int64(), "member": text, "kind": text, "target": text, "quantity": pa.int64()}
    return pa.table(columns_of(events), pa.schema({**usual, **types}))


def pandas(events: list[Event], **types: Any) -> pd.DataFrame:
    return pd.DataFrame(columns_of(events)).astype(types)


def relation(events: list[Event]) -> duckdb.DuckDBPyRelation:
    table = arrow(events)
    return duckdb.connect().from_arrow(table)


def numpy(events: list[Event]) -> dict[str, Any]:
    columns = columns_of(events)
    columns["quantity"] = [quantity or 1 for quantity in columns["quantity"]]
    return {
        "time": np.array(columns["time"], "datetime64[s]"),
        "member": np.array(columns["member"], object),
        "kind": np.array(columns["kind"]),
        "target": np.array([target or "" for target in columns["target"]]),
        "quantity": np.array(columns["quantity"], "int16"),
    }


def strided(events: list[Event]) -> dict[str, Any]:
    """Columns of one array of records, in the other order of bytes."""
    columns = {name: values for name, values in numpy(events).items() if name in ("time", "quantity")}
    records = np.zeros(len(events), dtype=[("time", ">i8"), ("quantity", ">u4")])
    records["time"] = columns["time"].astype("int64")
    records["quantity"] = columns["quantity"]
    return {**numpy(events), "time": records["time"], "quantity": records["quantity"]}


def batches(events: list[Event]) -> Any:
    """An iterator of many small batches, some of them empty."""
    table = arrow(events)
    for begin in range(0, len(events), 7):
        yield table.slice(begin, 0)
        yield table.slice(begin, 7).combine_chunks().to_batches()[0]


def frames(events: list[Event]) -> Any:
    table = pl.DataFrame(arrow(events))
    return (table.slice(begin, 50) for begin in range(0, len(events), 50))


TEXT = {"member": "category", "kind": "category", "target": "category"}
FORMS: dict[str, Callable[[list[Event]], Any]] = {
    "pandas": pandas,
    "pandas_objects": lambda events: pandas(events, member=object, kind=object, target=object, quantity=object),
    "pandas_floats": lambda events: pandas(events, quantity="float64"),
    "pandas_nullable": lambda events: pandas(events, quantity="Int32", member="string"),
    "pandas_categories": lambda events: pandas(events, **TEXT),
    "pandas_pyarrow": lambda events: pandas(events).convert_dtypes(dtype_backend="pyarrow"),
    "pandas_part": lambda events: pandas([events[0], *events, events[0]])[1:-1],
    "polars": lambda events: pl.DataFrame(columns_of(events)),
    "polars_categories": lambda events: pl.DataFrame(columns_of(events), schema_overrides={"kind": pl.Categorical}),
    "polars_enums": lambda events: pl.DataFrame(
        columns_of(events), schema_overrides={"kind": pl.Enum(["never", *dict.fromkeys(e.kind for e in events)])}
    ),
    "polars_chunks": lambda events: pl.concat([pl.DataFrame(arrow(events[i::5])) for i in range(5)], rechunk=False),
    "string": arrow,
    "large_string": lambda events: arrow(events, pa.large_string()),
    "string_view": lambda events: arrow(events, pa.string_view()),
    "dictionary": lambda events: arrow(events, pa.dictionary(pa.int16(), pa.string())),
    "dictionary_of_views": lambda events: pa.table(
        {
            name: pa.DictionaryArray.from_arrays(values.indices, values.dictionary.cast(pa.string_view()))
            if pa.types.is_dictionary(values.type)
            else values
            for name, values in zip(
                Event._fields,
                (
                    column.combine_chunks()
                    for column in arrow(events, pa.dictionary(pa.uint32(), pa.large_string())).columns
                ),
            )
        }
    ),
    "narrow_numbers": lambda events: arrow(events, time=pa.uint32(), quantity=pa.int8()),
    "quantity_by_dictionary": lambda events: arrow(events).set_column(
        4, "quantity", arrow(events)["quantity"].dictionary_encode()
    ),
    "record_batch": lambda events: arrow(events).combine_chunks().to_batches()[0],
    "reader": lambda events: arrow(events).to_reader(max_chunksize=11),
    "duckdb": relation,
    "numpy": numpy,
    "strided": strided,
    "lists": columns_of,
    "tuples": lambda events: {name: tuple(values) for name, values in columns_of(events).items()},
    "series": lambda events: {name: pd.Series(values) for name, values in columns_of(events).items()},
    "generators": lambda events: {name: iter(values) for name, values in columns_of(events).items()},
    "batches": batches,
    "frames": frames,
    "mappings": lambda events: [columns_of(events[:99]), columns_of(events[99:])],
    "open_file": lambda events: io.BytesIO(csv_of(events)),
    "packed_file": lambda events: io.BytesIO(gzip.compress(csv_of(events))),
}


@pytest.fixture
def of_command(kith_score: Run) -> Tables:
    return kith_score([("activity.csv", csv_of(community(7)))])


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("threads", [1, 4])
def test_any_data_frame_gives_the_tables_of_the_command(of_command: Tables, form: str, threads: int) -> None:
    result = kith.score(FORMS[form](community(7)), history=True, threads=threads)
    assert tables_of(result) == of_command


@pytest.mark.parametrize("form", ["string", "pandas", "polars", "numpy", "lists", "duckdb"])
def test_members_that_are_numbers_give_the_same_tables(of_command: Tables, form: str) -> None:
    """Of as many digits each, numbers stand in the tables in the order of names."""
    columns = columns_of(community(7))
    for name in ("member", "target"):
        columns[name] = [None if value is None else int(value) for value in columns[name]]
    table = pa.table(columns)
    data: Any = {
        "string": table,
        "pandas": table.to_pandas(),  # floats, as there are gaps
        "polars": pl.DataFrame(table),
        "numpy": {name: np.array(values, object) for name, values in columns.items()},
        "lists": columns,
        "duckdb": duckdb.connect().from_arrow(table),
    }[form]
    result = kith.score(data, history=True)
    assert result.engine.members == "numbers"
    assert tables_of(result) == of_command


# ---- exports ----


def exports_of(vector: Path) -> Exports:
    return [(path.name, path.read_bytes()) for path in sorted(vector.glob("events.csv*"))]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.name)
def test_a_vector_gives_the_tables_that_it_must(kith_score: Run, vector: Path) -> None:
    path = vector / "policy.ini"
    policy = kith.Policy.load(path) if path.exists() else None
    files = sorted(vector.glob("events.csv*"))
    tables = tables_of(kith.score(files if len(files) > 1 else files[0], policy, history=True))
    text = path.read_text(encoding="utf-8") if path.exists() else None
    assert tables == kith_score(exports_of(vector), policy=text)
    for expected in (vector / "expected").iterdir():
        assert tables[expected.name] == expected.read_bytes()


def events_of(case: generate.Case) -> list[model_exports.Event]:
    """Good rows of a case, as the second implementation reads them."""
    policy = model_policy.read_policy(case.policy_text)
    latest = int(dt.datetime.now(dt.UTC).timestamp()) + 86400
    read = (
        model_exports.read_export(policy, name, data, latest, case.columns, case.delimiter).results
        for name, data in case.exports
    )
    return [event for results in read for _, event in results if isinstance(event, model_exports.Event)]


def frame_of(events: list[model_exports.Event]) -> pa.Table:
    """Ids are bytes of any kind there, and text here: each becomes a number."""
    numbers: dict[bytes, int] = {b"": 0}
    for event in events:
        numbers.setdefault(event.id, len(numbers))
    ids = [numbers[event.id] or None for event in events]
    text = {name: [getattr(event, name).decode() for event in events] for name in ("member", "kind", "target")}
    figures = {name: [getattr(event, name) for event in events] for name in ("time", "quantity")}
    types = {name: pa.string() for name in text} | {name: pa.int64() for name in figures} | {"id": pa.int64()}
    return pa.table({**text, **figures, "id": ids}, pa.schema(types))


@pytest.mark.parametrize("seed", range(30))
def test_a_generated_case_gives_the_tables_of_the_command(kith_score: Run, tmp_path: Path, seed: int) -> None:
    case = generate.case(seed)
    options = ["--until", case.until] if case.until else []
    options += [option for name, header in case.columns.items() for option in ("--column", f"{name}={header}")]
    options += ["--delimiter", case.delimiter] if case.delimiter else []
    expected = kith_score(case.exports, *options, policy=case.policy_text)
    policy = kith.Policy.parse(case.policy_text) if case.policy_text is not None else None
    paths = [tmp_path / name for name, _ in case.exports]
    for path, (_, data) in zip(paths, case.exports):
        path.write_bytes(data)
    result = kith.score(
        paths, policy, case.until, columns=case.columns, delimiter=case.delimiter, history=True, threads=1 + seed % 3
    )
    assert tables_of(result) == expected
    expected.pop("rejects.csv", None)
    assert tables_of(kith.score(frame_of(events_of(case)), policy, case.until, history=True)) == expected


def test_who_is_slipping_away_is_the_watch_table_of_the_command(kith_score: Run) -> None:
    events = community(3, members=60, weeks=30)
    expected = kith_score([("activity.csv", csv_of(events))], "--as-of", "2025-06-05")
    result = kith.score(arrow(events), as_of="2025-06-05", history=True)
    assert result.watch.to_csv().encode() == expected.pop("watch.csv")
    assert tables_of(result) == expected
    assert len(result.watch) > 10


def test_ids_of_events_count_once_as_in_the_command(kith_score: Run) -> None:
    events = [*community(5), *community(5)]
    half = len(events) // 2
    expected = kith_score([("activity.csv", csv_of(events[:half]))])
    for ids in ([*range(half)] * 2, [f"id {number}" for number in range(half)] * 2):
        result = kith.score(arrow(events).append_column("id", pa.array(ids)), history=True)
        assert result.added.skipped == half
        assert tables_of(result) == expected


# ---- times ----


def moments(events: list[Event], offset: int = 0) -> list[dt.datetime]:
    """Their times on a clock that is so many seconds ahead, without a zone."""
    return [dt.datetime(1970, 1, 1) + dt.timedelta(seconds=event.time + offset) for event in events]


ZONES = {"utc": "UTC", "far_east": "Pacific/Kiritimati", "summer_time": "Europe/Berlin", "offset": "-03:30"}


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_timestamps_with_a_zone_are_moments(kith_score: Run, unit: str, zone: str) -> None:
    events = community(11)
    expected = kith_score([("activity.csv", csv_of(events))], policy=EAST)
    times = pa.array(moments(events), pa.timestamp(unit)).cast(pa.timestamp(unit, ZONES[zone]))
    # The cast reads the clock as UTC, whatever the zone: what is kept is the moment.
    table = arrow(events).set_column(0, "time", times)
    assert tables_of(kith.score(table, kith.Policy.parse(EAST), history=True)) == expected


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_timestamps_without_a_zone_are_on_the_clock_of_the_community(kith_score: Run, unit: str) -> None:
    events = community(11)
    expected = kith_score([("activity.csv", csv_of(events))], policy=EAST)
    local = pa.array(moments(events, 19800), pa.timestamp(unit))
    policy = kith.Policy.parse(EAST)
    for data in (
        arrow(events).set_column(0, "time", local),
        arrow(events).set_column(0, "time", local).to_pandas(),
        {**columns_of(events), "time": np.array(moments(events, 19800), f"datetime64[{unit}]")},
        {**columns_of(events), "time": moments(events, 19800)},
    ):
        assert tables_of(kith.score(data, policy, history=True)) == expected


def test_moments_of_python_with_zones_are_moments(kith_score: Run) -> None:
    events = community(11)
    expected = kith_score([("activity.csv", csv_of(events))], policy=EAST)
    zones = [ZoneInfo("America/New_York"), dt.UTC, dt.timezone(dt.timedelta(hours=-9, minutes=-30))]
    times = [dt.datetime.fromtimestamp(event.time, zones[i % 3]) for i, event in enumerate(events)]
    data = {**columns_of(events), "time": times}
    assert tables_of(kith.score(data, kith.Policy.parse(EAST), history=True)) == expected


def test_fractions_of_a_second_are_cut_off(kith_score: Run) -> None:
    events = community(11)
    expected = kith_score([("activity.csv", csv_of(events))])
    times = [moment.replace(microsecond=999_999, tzinfo=dt.UTC) for moment in moments(events)]
    nanoseconds = pa.array([event.time * 10**9 + 999_999_999 for event in events], pa.timestamp("ns", "UTC"))
    for data in ({**columns_of(events), "time": times}, arrow(events).set_column(0, "time", nanoseconds)):
        assert tables_of(kith.score(data, history=True)) == expected


def test_dates_are_their_first_moments_on_the_clock_of_the_community(kith_score: Run) -> None:
    events = community(13, at=0)
    dated = "\n".join(
        ",".join([f"{moment:%Y-%m-%d}", *("" if value is None else str(value) for value in event[1:])])
        for moment, event in zip(moments(events), events)
    )
    expected = kith_score([("activity.csv", f"{','.join(Event._fields)}\n{dated}\n".encode())], policy=EAST)
    dates = [moment.date() for moment in moments(events)]
    policy = kith.Policy.parse(EAST)
    for times in (
        pa.array(dates, pa.date32()),
        pa.array(dates, pa.date64()),
        pa.array([f"{date}" for date in dates], pa.string_view()),
        pa.array([f"{date}" for date in dates]).dictionary_encode(),
    ):
        assert tables_of(kith.score(arrow(events).set_column(0, "time", times), policy, history=True)) == expected
    for values in (dates, [f"{date}" for date in dates], np.array(dates, "datetime64[D]"), np.array(dates, object)):
        assert tables_of(kith.score({**columns_of(events), "time": values}, policy, history=True)) == expected


def test_text_of_any_notation_is_read_as_in_an_export(kith_score: Run) -> None:
    events = community(17)
    notations = ["{0:%Y-%m-%d %H:%M:%S}Z", "{0:%Y-%m-%dT%H:%M:%S}.25+0000", "{0:%Y-%m-%dT%H:%M:%S} UTC", "{1}"]
    times = [notations[i % 4].format(moment, events[i].time) for i, moment in enumerate(moments(events))]
    expected = kith_score([("activity.csv", csv_of(events))])
    for text in (pa.string(), pa.large_string(), pa.string_view()):
        table = arrow(events).set_column(0, "time", pa.array(times, text))
        assert tables_of(kith.score(table, history=True)) == expected


# Lowest tier first: how many of those who act stand on each.
PYRAMIDS = [[40, 20, 8, 2], [15, 10, 25, 5], [3, 2, 5, 45], [25, 5, 25, 5], [4, 5, 10, 30], [4, 5, 10, 31], [24, 26]]


@pytest.mark.parametrize("counts", PYRAMIDS)
@pytest.mark.parametrize("bots", [0, 60])
def test_a_pyramid_on_its_head_is_told(
    kith_score: Callable[..., Tables], tmp_path: Path, counts: list[int], bots: int
) -> None:
    names = ["lowest", "second", "third"][: len(counts) - 1] + ["highest"]
    lines = ["", "promote_at = 2", "promote_at = 4", "promote_at = 7"]
    text = "[members]\nleft_out = *-bot\n" + "".join(f"[tier {name}]\n{line}\n" for name, line in zip(names, lines))
    rows = [
        f"2026-02-03,t{tier}-{number}{end},{'post' if tier else 'login'},{max(tier, 1)}"
        for tier, count in enumerate(counts)
        for end, times in (("", count), ("-bot", bots if tier == 1 else 0))
        for number in range(times)
    ]
    data = "\n".join(["time,member,kind,quantity", *rows, "2026-01-05,gone,article,9", ""]).encode()
    kith_score([("a.csv", data)], policy=text)
    summary = json.loads(next(tmp_path.glob("run-*/out/summary.json")).read_text("utf-8"))
    result = kith.score(io.BytesIO(data), kith.Policy.parse(text))
    assert result.upside_down == (summary["upside_down"] and summary["upside_down"]["tier"])
    assert repr(result).endswith("stands on its head: see kith calibrate>") == (result.upside_down is not None)
    numbered = kith.score(
        {
            "time": ["2026-02-03"] * sum(counts),
            "member": list(range(sum(counts))),
            "kind": ["post" if tier else "login" for tier, count in enumerate(counts) for _ in range(count)],
            "quantity": [max(tier, 1) for tier, count in enumerate(counts) for _ in range(count)],
        },
        kith.Policy.parse(text),
    )
    assert numbered.upside_down == result.upside_down
