# SPDX-License-Identifier: MIT
"""Parquet files: by each of the libraries that read them the same as the same rows in CSV."""

from __future__ import annotations

import io
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import kith
import polars as pl
import pyarrow as pa
import pytest
from pyarrow import parquet
from support import BEGIN, DAY, Event, Tables, columns_of, community, csv_of, small, tables_of

Run = Callable[..., Tables]
MODULES = {"pyarrow": "pyarrow.parquet", "polars": "polars", "duckdb": "duckdb"}


@pytest.fixture(params=MODULES)
def library(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """One of the libraries, as if it were the only one."""
    only(request.param, monkeypatch)
    return str(request.param)


def only(library: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, module in MODULES.items():
        if name != library:
            monkeypatch.setitem(sys.modules, module, None)


def table_of(events: list[Event], text: Any = pa.string(), time: Any = pa.int64()) -> pa.Table:
    types = {"time": time, "member": text, "kind": text, "target": text, "quantity": pa.int64()}
    return pa.table(columns_of(events), pa.schema(types))


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A community as a Parquet file of several groups of rows."""
    path = tmp_path / "activity.parquet"
    parquet.write_table(table_of(community(21)), path, row_group_size=100)
    return path


@pytest.fixture
def of_csv(kith_score: Run) -> Tables:
    return kith_score([("activity.csv", csv_of(community(21)))])


# ---- the same as CSV ----


def as_text(path: Path) -> None:
    parquet.write_table(table_of(community(21)), path)


def in_small_groups(path: Path) -> None:
    parquet.write_table(table_of(community(21)), path, row_group_size=7, data_page_size=64)


def without_dictionaries(path: Path) -> None:
    parquet.write_table(table_of(community(21), pa.large_string()), path, use_dictionary=False, compression="zstd")


def as_dictionaries(path: Path) -> None:
    parquet.write_table(table_of(community(21), pa.dictionary(pa.int32(), pa.string())), path)


def among_others(path: Path) -> None:
    """Columns in another order, and more of them, of types that are no event's."""
    table = table_of(community(21))
    rows = len(table)
    table = table.select(["quantity", "kind", "target", "time", "member"])
    table = table.append_column("place", pa.array([{"x": 1.5, "y": [b"a", None]}] * rows))
    table = table.append_column("a.b", pa.array(["c"] * rows)).append_column("", pa.nulls(rows, pa.int8()))
    parquet.write_table(table, path)


def by_polars(path: Path) -> None:
    pl.DataFrame(table_of(community(21))).write_parquet(path, row_group_size=50)


def by_polars_with_categories(path: Path) -> None:
    frame = pl.DataFrame(table_of(community(21)))
    frame.with_columns(pl.col("member", "kind", "target").cast(pl.Categorical)).write_parquet(path)


def by_pandas(path: Path) -> None:
    """With an index, and what pandas writes about it."""
    table_of(community(21)).to_pandas().set_index("time", drop=False).rename_axis("when").to_parquet(path)


def by_duckdb(path: Path) -> None:
    table = table_of(community(21))
    duckdb.connect().from_arrow(table).write_parquet(str(path), row_group_size=2048)


WRITERS = {
    writer.__name__: writer
    for writer in (
        as_text,
        in_small_groups,
        without_dictionaries,
        as_dictionaries,
        among_others,
        by_polars,
        by_polars_with_categories,
        by_pandas,
        by_duckdb,
    )
}


@pytest.fixture(scope="module")
def by_writer(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """What each has written, while it has all libraries."""
    folder = tmp_path_factory.mktemp("written")
    for name, writer in WRITERS.items():
        writer(folder / name)
    return {name: folder / name for name in WRITERS}


@pytest.mark.parametrize("writer", WRITERS)
def test_whoever_wrote_it_gives_the_tables_of_the_same_in_csv(
    of_csv: Tables, by_writer: dict[str, Path], library: str, writer: str
) -> None:
    path = by_writer[writer]
    result = kith.score(path, history=True)
    assert result.added.taken == len(community(21))
    assert tables_of(result) == of_csv
    engine = kith.Engine(history=True, threads=1)
    assert engine.add(str(path)).taken == result.added.taken
    assert engine.review().standings.to_csv().encode() == of_csv["standings.csv"]


TIMES = {
    "seconds": lambda times: times,
    "milliseconds": lambda times: pc(times, "ms", "UTC"),
    "microseconds with a zone": lambda times: pc(times, "us", "Europe/Berlin"),
    "nanoseconds": lambda times: pc(times, "ns", "UTC"),
    "on the community's clock": lambda times: pc([time + 19800 for time in times], "us", None),
    "text": lambda times: [str(time) for time in times],
}


def pc(times: list[int], unit: str, zone: str | None) -> pa.Array:
    return pa.array(times, pa.timestamp("s")).cast(pa.timestamp(unit)).cast(pa.timestamp(unit, zone))


@pytest.mark.parametrize("form", TIMES)
def test_times_are_what_they_are_in_a_data_frame(kith_score: Run, tmp_path: Path, library: str, form: str) -> None:
    policy = "[calendar]\nutc_offset = +05:30\n"
    events = community(22)
    expected = kith_score([("activity.csv", csv_of(events))], policy=policy)
    times = pa.array(TIMES[form]([event.time for event in events]))
    path = tmp_path / "activity.parquet"
    parquet.write_table(table_of(events).set_column(0, "time", times), path)
    assert tables_of(kith.score(path, kith.Policy.parse(policy), history=True)) == expected


def test_days_are_their_first_moments(kith_score: Run, tmp_path: Path, library: str) -> None:
    events = community(23, at=0)
    expected = kith_score([("activity.csv", csv_of(events))])
    dates = pa.array([event.time // DAY for event in events], pa.int32()).cast(pa.date32())
    path = tmp_path / "activity.parquet"
    parquet.write_table(table_of(events).set_column(0, "time", dates), path)
    assert tables_of(kith.score(path, history=True)) == expected


def test_members_that_are_numbers(of_csv: Tables, tmp_path: Path, library: str) -> None:
    table = table_of(community(21))
    for index, name in ((1, "member"), (3, "target")):
        table = table.set_column(index, name, table[name].cast(pa.uint32()))
    paths = [tmp_path / "1.parquet", tmp_path / "2.parquet"]
    parquet.write_table(table.slice(0, 99), paths[0])
    parquet.write_table(table.slice(99), paths[1])
    result = kith.score(paths, history=True)
    assert result.engine.members == "numbers"
    assert tables_of(result) == of_csv
    with pytest.raises(kith.BadExportError, match="member"):
        kith.Engine().add(paths)


def test_columns_that_are_called_otherwise(of_csv: Tables, tmp_path: Path, library: str) -> None:
    names = {"time": "created at", "member": 'the "user"', "kind": "a.b", "target": "it's", "quantity": "Menge €"}
    path = tmp_path / "activity.parquet"
    table = table_of(community(21)).rename_columns(list(names.values()))
    parquet.write_table(table.append_column("time", pa.array(["x"] * len(table))), path)
    assert tables_of(kith.score(path, columns=names, history=True)) == of_csv


def test_ids_count_once(of_csv: Tables, tmp_path: Path, library: str) -> None:
    table = table_of(community(21))
    table = table.append_column("id", pa.array([f"event {row}" for row in range(len(table))]))
    paths = [tmp_path / "1.parquet", tmp_path / "2.parquet"]
    parquet.write_table(table, paths[0])
    parquet.write_table(table.slice(50), paths[1], row_group_size=9)
    result = kith.score(paths, history=True)
    assert (result.added.taken, result.added.skipped) == (len(table), len(table) - 50)
    assert tables_of(result) == of_csv


# ---- which files are read ----


def test_any_name_will_do_where_the_content_tells(of_csv: Tables, written: Path, library: str) -> None:
    for name in ("activity", "activity.pq", "it's [a] *?.parquet", "über.parquet", "s3:a.parquet", "~.parquet", "-x"):
        path = written.with_name(name)
        written.rename(path)
        written = path
        assert tables_of(kith.score(path, history=True)) == of_csv, name
        assert tables_of(kith.score([os.fspath(path)], history=True)) == of_csv


def test_a_path_from_here(of_csv: Tables, written: Path, library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(written.parent)
    assert tables_of(kith.score("activity.parquet", history=True)) == of_csv


def test_partitions_of_a_folder_are_one_community(of_csv: Tables, tmp_path: Path, library: str) -> None:
    table = table_of(community(21))
    folder = tmp_path / "activity.parquet"
    for number in range(4):
        part = folder / f"day={number}" / f"part-{number}.parquet"
        part.parent.mkdir(parents=True)
        parquet.write_table(table.slice(number * 60, 60 if number < 3 else None), part)
    (folder / "_SUCCESS").write_bytes(b"")
    (folder / ".part-0.parquet.crc").write_bytes(b"crc")
    (folder / "day=0" / ".hidden.parquet").write_bytes(b"no")
    for given in (folder, [folder], f"{folder}/*/part-*.parquet", sorted(folder.glob("day=*"))):
        result = kith.score(given, history=True)
        assert tables_of(result) == of_csv


def test_exports_beside_parquet_files(of_csv: Tables, tmp_path: Path, library: str) -> None:
    events = community(21)
    folder = tmp_path / "both"
    folder.mkdir()
    (folder / "1.csv").write_bytes(csv_of(events[:77]))
    parquet.write_table(table_of(events[77:]), folder / "2.parquet")
    result = kith.score([folder / "1.csv", folder / "2.parquet"], history=True)
    assert tables_of(result) == of_csv
    with pytest.raises(kith.BadArgumentError, match="both: this folder holds Parquet files and exports"):
        kith.score(folder)
    with pytest.raises(kith.BadExportError, match="member"):
        kith.Engine(members="numbers").add(folder / "2.parquet")


# ---- what cannot be read ----


def test_a_source_is_not_for_parquet(written: Path) -> None:
    with pytest.raises(TypeError, match=r"source: .*activity\.parquet is a Parquet file"):
        kith.score(written, source="gharchive")


def test_a_column_that_is_missing_or_of_another_type(tmp_path: Path, library: str) -> None:
    path = tmp_path / "activity.parquet"
    table = pa.table(small())
    for broken, words in (
        (table.drop_columns(["member"]), "member"),
        (pa.table({"x": [1, 2]}), "time"),
        (pa.table({"x": pa.array([], pa.int64())}), "time"),
        (table.set_column(2, "kind", pa.array([1, 2, 3])), "kind"),
        (table.set_column(1, "member", pa.array([["a"]] * 3)), "member"),
    ):
        parquet.write_table(broken, path)
        with pytest.raises(kith.BadExportError, match=words) as caught:
            kith.score(path)
        assert caught.value.file == str(path)
        with pytest.raises(kith.BadExportError, match=r"^mine: "):
            kith.score(path, name="mine")
    parquet.write_table(table, path)
    with pytest.raises(kith.BadExportError, match="nowhere"):
        kith.score(path, columns={"target": "nowhere"})
    with pytest.raises(TypeError, match="colour"):
        kith.score(path, columns={"colour": "kind"})


def test_a_file_without_columns(tmp_path: Path) -> None:
    path = tmp_path / "none.parquet"
    parquet.write_table(pa.table({}), path)
    with pytest.raises(kith.BadExportError, match="time"):
        kith.score(path)


def test_no_rows(tmp_path: Path, library: str) -> None:
    path = tmp_path / "activity.parquet"
    for groups in (0, 1):
        with parquet.ParquetWriter(path, table_of([]).schema) as writer:
            for _ in range(groups):
                writer.write_table(table_of([]))
        result = kith.score(path)
        assert (result.added.read, len(result.standings)) == (0, 0)


def test_rows_that_cannot_be_used_are_rejected_by_their_number(tmp_path: Path, library: str) -> None:
    path = tmp_path / "odd.parquet"
    odd = {**small(), "kind": ["post", "dance", "comment"], "time": [BEGIN, BEGIN, None]}
    parquet.write_table(pa.table(odd), path, row_group_size=2)
    result = kith.score([path, io.BytesIO(b"time,member,kind\nbad\n")])
    assert result.added.reasons == {"kind": 1, "time": 1, "fields": 1}
    assert [(row["file"], row["line"], row["reason"]) for row in result.rejects] == [
        (str(path), 2, "kind"),
        (str(path), 3, "time"),
        ("-", 2, "fields"),
    ]
    assert kith.Engine().add(path, name="mine").rejects.to_dicts()[0]["file"] == "mine"


def test_what_is_no_parquet(tmp_path: Path, written: Path, library: str) -> None:
    content = written.read_bytes()
    path = tmp_path / "broken.parquet"
    for broken in (b"", b"PAR1", b"PAR1PAR", b"time,member,kind\n", content[:-1], content[: len(content) // 2]):
        path.write_bytes(broken)
        with pytest.raises(kith.BadExportError, match=r"broken\.parquet: expected a Parquet file") as caught:
            kith.score(path)
        assert (caught.value.file, caught.value.status) == (str(path), "KITH_BAD_EXPORT")
    with pytest.raises(kith.InputOutputError, match=r"nowhere\.parquet: cannot be read: No such file") as missing:
        kith.score(tmp_path / "nowhere.parquet")
    assert isinstance(missing.value, OSError) and missing.value.file == str(tmp_path / "nowhere.parquet")
    again = pickle.loads(pickle.dumps(missing.value))
    assert vars(again) == vars(missing.value) and str(again) == str(missing.value)


def test_damage_is_told_and_what_was_read_before_counts(tmp_path: Path, library: str) -> None:
    events = community(24, members=60)
    good, bad = tmp_path / "1.parquet", tmp_path / "2.parquet"
    parquet.write_table(table_of(events), good)
    parquet.write_table(table_of(events), bad, compression="zstd")
    content = bytearray(bad.read_bytes())
    for damage in ("footer", "pages"):
        broken = bytearray(content)
        length = int.from_bytes(content[-8:-4], "little")
        span = range(len(content) - 8 - length, len(content) - 8) if damage == "footer" else range(4, len(content) // 2)
        for at in span:
            broken[at] ^= 0x5A
        bad.write_bytes(broken)
        with pytest.raises((kith.BadExportError, kith.InputOutputError), match=r"2\.parquet") as caught:
            kith.score([good, bad])
        assert caught.value.added is not None and caught.value.added["taken"] == len(events), damage


def test_any_damage_ends_in_an_exception_or_a_result(tmp_path: Path, library: str, written: Path) -> None:
    content = written.read_bytes()
    path = tmp_path / "broken.parquet"
    for at in range(4, len(content) - 8, max(len(content) // 60, 1)):
        broken = bytearray(content)
        broken[at] ^= 0xFF
        path.write_bytes(broken)
        try:
            kith.score(path)
        except kith.Error as error:
            assert "broken.parquet" in str(error)


def test_none_of_the_libraries(written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    only(None, monkeypatch)
    export = tmp_path / "activity.csv"
    export.write_bytes(csv_of(community(21)))
    engine = kith.Engine()
    with pytest.raises(ImportError, match="pyarrow, polars or DuckDB"):
        engine.add([export, written])
    assert engine.info.taken == 0
    assert engine.add(export).taken > 0


ALONE = """
import sys
given, *paths = sys.argv[1:]
for name in {"numpy", "pandas", "pyarrow", "polars", "duckdb"} - {given}:
    sys.modules[name] = None
import kith
for path in paths:
    print(kith.score(path).added.taken, given in sys.modules)
"""


@pytest.mark.parametrize("name", ["pyarrow", "polars", "duckdb"])
def test_a_library_needs_none_of_the_others_and_is_not_asked_before(written: Path, export: Path, name: str) -> None:
    command = [sys.executable, "-c", ALONE, name, str(export), str(written)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    counts = [len(community(1)), len(community(21))]
    assert (result.stdout, result.stderr) == (f"{counts[0]} False\n{counts[1]} True\n", "")


# ---- progress, and memory ----


def test_progress_is_told_in_bytes_of_all_files(written: Path, tmp_path: Path, library: str) -> None:
    other = tmp_path / "more.csv"
    other.write_bytes(csv_of(community(21)))
    told: list[tuple[int, int | None]] = []
    engine = kith.Engine()
    engine.add([written, other], progress=lambda *given: told.append(given))
    sizes = [written.stat().st_size, other.stat().st_size]
    assert {total for _, total in told} == {sum(sizes)}
    dones = [done for done, _ in told]
    assert dones == sorted(dones) and dones[0] <= sizes[0] and dones[-1] <= sum(sizes)
    assert any(done >= sizes[0] for done in dones)
    with pytest.raises(kith.CancelledError):
        kith.score(written, progress=lambda done, total: False)


def test_what_progress_raises_comes_through(written: Path, library: str) -> None:
    def stop(done: int, total: int | None) -> None:
        raise LookupError("ours")

    engine = kith.Engine()
    with pytest.raises(LookupError, match="ours"):
        engine.add([written], progress=stop)
    assert engine.add(written).taken + engine.info.rejected > 0


LARGE = """
import resource, sys
for name in {"pyarrow.parquet", "polars", "duckdb"} - {sys.argv[1]}:
    sys.modules[name] = None
import kith
kith.score(sys.argv[2], threads=1)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
result = kith.score(sys.argv[3], threads=1)
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(result.added.taken, (after - before) // 1024)
"""


@pytest.mark.skipif("asan" in Path("/proc/self/maps").read_text(), reason="a sanitizer takes memory of its own")
def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    """Six million rows of 100 bytes of text: all of them would take 600 MB."""
    paths = [tmp_path / "small.parquet", tmp_path / "large.parquet"]
    rows, groups = 250_000, 24
    name = pa.array([f"a member with a long name, so that rows take room {number:050}" for number in range(5)])
    columns = {
        "time": pa.array(range(BEGIN, BEGIN + rows), pa.timestamp("s", "UTC")),
        "member": name.take(pa.array([number % 5 for number in range(rows)])),
        "kind": pa.array(["post"] * rows),
    }
    for path, count in zip(paths, (1, groups)):
        with parquet.ParquetWriter(path, pa.table(columns).schema) as writer:
            for _ in range(count):
                writer.write_table(pa.table(columns))
    for module in MODULES.values():
        command = [sys.executable, "-c", LARGE, module, *map(str, paths)]
        result = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        assert result.stderr == ""
        taken, grown = map(int, result.stdout.split())
        assert taken == rows * groups
        assert grown < 300, module
