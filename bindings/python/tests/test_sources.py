# SPDX-License-Identifier: MIT
"""Sources: by the same description, exports give the tables of the command."""

from __future__ import annotations

import gzip
import io
import json
import pickle
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import kith
import polars as pl
import pytest
from support import ROOT, Tables, small, tables_of

SAMPLES = ROOT / "tests" / "sources"
READY = sorted(path.name for path in SAMPLES.iterdir() if (path / "export").is_dir())

DESCRIPTION = """\
; A forum
[source]
format = ndjson
times = milliseconds

[event]
time = at
member = user.name | user.id
kind = type / detail
target = to
id = id

[kinds]
wrote* = post
answered/quick = comment

[ignore]
kind = seen *ed
member = *-bot
user.test = true

[aliases]
Ana R. = ana

[event liked]
member = likes[].by
target = user.name
kind = 'like'
"""

ROWS: list[Any] = [
    {"at": 1735689600000, "user": {"name": "ana"}, "type": "wrote", "id": "1"},
    {"at": 1735689601500, "user": {"name": "Ana R."}, "type": "answered", "detail": "quick", "to": "ben", "id": 2},
    {"at": 1735689602000, "user": {"id": 7}, "type": "wrote/long", "likes": [{"by": "ben"}, {"by": "eve-bot"}]},
    {"at": 1735689602000, "user": {"name": "auto-bot"}, "type": "wrote"},
    {"at": 1735689602000, "user": {"name": "ben", "test": True}, "type": "wrote"},
    {"at": 1735689602000, "user": {"name": "ben"}, "type": "seen"},
    {"at": "soon", "user": {"name": "ben"}, "type": "wrote", "likes": [{"by": "ana"}]},
    {"at": 1735689602000, "user": {}, "type": "wrote"},
    {"at": 1735689602000, "user": {"name": "ben"}, "type": "dance"},
    {"at": 1735689600000, "user": {"name": "ana"}, "type": "wrote", "id": "1"},
    {"at": 1736294400000, "user": {"name": ["x"]}, "type": "wrote"},
    {"at": 1736294400000, "user": {"name": "Zoë"}, "type": "post"},
]


def lines(rows: list[Any]) -> bytes:
    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows).encode()


EXPORT = lines(ROWS) + b'{"at": 1, "user": tru}\n\xff\n[1, 2]\n'


@pytest.fixture
def by_command(binary: str, tmp_path: Path) -> Callable[..., tuple[Tables, Any]]:
    """Tables that the command writes of exports that are there, and its summary."""

    def run(*arguments: str | Path) -> tuple[Tables, Any]:
        out = tmp_path / f"out-{len(list(tmp_path.iterdir()))}"
        command = [binary, "score", "--quiet", "--history", "--out", str(out), *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, timeout=60, check=False)
        assert done.returncode in (0, 1), done.stderr.decode()
        tables = {path.name: path.read_bytes() for path in out.glob("*.csv")}
        return tables, json.loads((out / "summary.json").read_text("utf-8"))

    return run


# ---- those that come with kith ----


def test_there_are_some_and_they_are_listed(binary: str) -> None:
    named = kith.sources()
    assert {"discourse", "gharchive", "github", "slack"} <= set(named) and list(named) == sorted(named)
    assert all(title and "\n" not in title for title in named.values())
    listed = subprocess.run([binary, "sources"], capture_output=True, text=True, timeout=60, check=True).stdout
    for name, title in named.items():
        assert f"{name} " in listed and title.split(": ", 1)[1][:20] in " ".join(listed.split())
    named.clear()
    assert kith.sources()


@pytest.mark.parametrize("name", kith.sources())
def test_one_that_comes_with_kith_is_what_the_command_prints(binary: str, name: str) -> None:
    source = kith.Source.ready(name)
    for options, text in (([name], str(source)), (["--policy", name], None)):
        command = [binary, "sources", *options]
        printed = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
        if text is not None:
            assert text == printed
        else:
            assert source.policy == kith.Policy.parse(printed)
    assert (source.name, source.title) == (name, kith.sources()[name])
    assert repr(source) == f"<kith.Source {name}: {source.title}>"
    assert source.format in ("csv", "ndjson", "json", None)


@pytest.mark.parametrize("name", READY)
@pytest.mark.parametrize("threads", [1, 3])
def test_samples_of_platforms_give_the_tables_of_the_command(
    by_command: Callable[..., tuple[Tables, Any]], name: str, threads: int
) -> None:
    folder = SAMPLES / name / "export"
    expected, summary = by_command("--source", name, folder)
    source = kith.Source.ready(name)
    for result in (
        kith.score(folder, source=name, history=True, threads=threads),
        kith.score(str(folder), source.policy, source=source, history=True, threads=threads),
    ):
        assert tables_of(result) == expected
        assert result.policy == source.policy
        added = result.added
        counts = {key: summary["events"][key] for key in ("taken", "skipped", "ignored")}
        assert {"taken": added.taken, "skipped": added.skipped, "ignored": added.ignored} == counts
        assert added.rejected == summary["rejects"]["total"] == len(result.rejects)
        assert added.read == added.taken + added.rejected + added.skipped + added.ignored
        assert result.engine.info.ignored == added.ignored
    plain = kith.score(SAMPLES / name / "events.csv", source.policy, history=True)
    assert plain.standings.to_csv().encode() == expected["standings.csv"]


def test_the_policy_that_is_given_goes_before_that_of_the_source() -> None:
    folder = SAMPLES / "gharchive" / "export"
    own = kith.Source.ready("gharchive").policy
    assert own is not None
    strict = own.with_(silent_days=3)
    assert kith.score(folder, strict, source="gharchive").policy == strict
    with pytest.raises(kith.BadSourceError, match="gharchive:") as caught:
        kith.score(folder, kith.Policy(), source="gharchive")
    assert caught.value.line is not None and caught.value.status == "KITH_BAD_SOURCE"
    assert caught.value.__notes__ == ["the policy that fits it is Source.ready('gharchive').policy"]
    engine = kith.Engine()
    with pytest.raises(kith.BadSourceError):
        engine.add(folder, source="gharchive")
    assert engine.info.members == engine.info.taken == engine.info.ignored == 0
    engine = kith.Engine(own)
    assert engine.add(folder, source="gharchive").taken == kith.score(folder, source="gharchive").added.taken


def test_explain_takes_a_source(binary: str) -> None:
    folder = SAMPLES / "gharchive" / "export"
    result = kith.score(folder, source="gharchive")
    member = result.standings.to_dicts()[0]["member"]
    said = str(kith.explain(folder, member, source="gharchive"))
    assert said == str(kith.explain(result, member))
    command = [binary, "explain", "--source", "gharchive", member, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert said in done.stdout, done.stderr


# ---- one's own ----


@pytest.fixture
def own(tmp_path: Path) -> tuple[Path, Path]:
    """A description, and an export."""
    description, export = tmp_path / "forum.ini", tmp_path / "forum.log"
    description.write_text(DESCRIPTION, encoding="utf-8")
    export.write_bytes(EXPORT)
    return description, export


def test_a_description_of_ones_own(own: tuple[Path, Path], by_command: Callable[..., tuple[Tables, Any]]) -> None:
    description, export = own
    expected, _ = by_command("--source", description, export)
    loaded = kith.Source.load(description)
    parsed = kith.Source.parse(DESCRIPTION)
    for source in (description, str(description), loaded, parsed, pickle.loads(pickle.dumps(loaded))):
        result = kith.score(export, source=source, history=True)
        assert tables_of(result) == expected
        added = result.added
        assert (added.taken, added.skipped, added.ignored) == (5, 1, 3)
        assert added.reasons == {"time": 3, "member": 2, "kind": 1, "json": 2} and added.read == 17
    for data in (EXPORT, gzip.compress(EXPORT)):
        result = kith.score(io.BytesIO(data), source=loaded, history=True, name="forum.log")
        assert tables_of(result) == expected
    assert repr(result).endswith(", 5 events, 8 rejected, 3 ignored>")
    assert result.policy == kith.Policy()


def test_rejects_say_where_json_is_at_fault(own: tuple[Path, Path]) -> None:
    rejects = kith.score(own[1], source=own[0]).rejects.to_dicts()
    assert {row["reason"] for row in rejects} >= {"json", "time", "kind", "member"}
    broken = [row for row in rejects if row["reason"] == "json"]
    assert [row["line"] for row in broken] == [13, 14]
    assert broken[0]["column"] == "byte 22: expected true" and broken[0]["row"] == '{"at": 1, "user": tru}'
    assert [row["column"] for row in rejects if row["reason"] == "kind"] == ["type / detail"]


def test_what_a_source_is() -> None:
    source = kith.Source.parse(DESCRIPTION, "forum.ini")
    assert (source.name, source.title, source.policy, source.format) == ("forum.ini", None, None, "ndjson")
    assert str(source) == DESCRIPTION and repr(source) == "<kith.Source forum.ini>"
    same, other = kith.Source.parse(DESCRIPTION), kith.Source.ready("slack")
    assert source == same and hash(source) == hash(same) and repr(same) == "<kith.Source>"
    assert source != other and source != DESCRIPTION and len({source, same, other}) == 2
    for copied in (pickle.loads(pickle.dumps(other)), pickle.loads(pickle.dumps(source))):
        original = other if copied == other else source
        assert (copied.name, copied.title, copied.policy) == (original.name, original.title, original.policy)
    assert kith.Source.parse("[event]\ntime=a\nmember=b\nkind=c\n").format is None
    with pytest.raises(TypeError, match=r"Source\.ready"):
        kith.Source()


def test_without_a_source_the_content_tells(by_command: Callable[..., tuple[Tables, Any]], tmp_path: Path) -> None:
    rows = [{"time": f"2025-01-0{day}", "user": {"name": "ana"}, "kind": "post"} for day in range(1, 8)]
    expected = None
    for name, data in (
        ("a.ndjson", lines(rows)),
        ("b.json", json.dumps(rows).encode()),
        ("c.csv", b"time,user.name,kind\n" + b"".join(f"{row['time']},ana,post\n".encode() for row in rows)),
    ):
        path = tmp_path / name
        path.write_bytes(data)
        result = tables_of(kith.score(path, columns={"member": "user.name"}, history=True))
        expected = expected or result
        assert result == expected == by_command("--column", "member=user.name", path)[0]


# ---- what cannot be ----


FAULTY = """\
[source]
format = xml

[event]
time = at
member = user /
colour = red
"""


def test_every_fault_of_a_description_is_told(tmp_path: Path, binary: str) -> None:
    path = tmp_path / "faulty.ini"
    path.write_text(FAULTY, encoding="utf-8")
    makers: list[Callable[[], object]] = [
        lambda: kith.Source.load(path),
        lambda: kith.Source.parse(FAULTY, str(path)),
        lambda: kith.score("/nowhere", source=path),
        lambda: kith.Engine().add("/nowhere", source=str(path)),
    ]
    for make in makers:
        with pytest.raises(kith.BadSourceError) as caught:
            make()
        error = caught.value
        assert (error.status, error.file, error.line, error.column) == ("KITH_BAD_SOURCE", str(path), 2, 10)
        assert (error.field, error.value) == ("format", "xml") and isinstance(error, ValueError)
        assert len(error.faults) >= 4 and error.faults[0] == str(error)
        again = pickle.loads(pickle.dumps(error))
        assert vars(again) == vars(error) and again.faults == error.faults
    command = [binary, "score", "--source", str(path), "/nowhere"]
    said = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False).stderr
    assert all(fault in said for fault in error.faults)


def test_texts_that_are_none(tmp_path: Path) -> None:
    for text in ("", "\0", "[event]", "time", "[event]\ntime = \0\n", "x" * 2**20):
        with pytest.raises(kith.BadSourceError):
            kith.Source.parse(text)
    with pytest.raises(kith.BadArgumentError, match="1 MiB"):
        kith.Source.parse("\n" * (2**20 + 1))
    with pytest.raises(UnicodeEncodeError):
        kith.Source.parse("; \ud800")
    path = tmp_path / "large.ini"
    path.write_bytes(b"\n" * (2**20 + 1))
    with pytest.raises(kith.InputOutputError, match="1 MiB at most"):
        kith.Source.load(path)
    path.write_bytes(b"")
    with pytest.raises(kith.BadSourceError, match=r"large\.ini"):
        kith.Source.load(path)
    path.write_bytes(b"[event]\ntime = \xff\n")
    with pytest.raises(kith.BadSourceError, match=r"large\.ini:"):
        kith.Source.load(path)
    for missing in (tmp_path / "nowhere.ini", tmp_path):
        with pytest.raises(kith.InputOutputError, match=missing.name) as caught:
            kith.Source.load(missing)
        assert isinstance(caught.value, OSError)


def test_names_and_paths_of_sources(own: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(own[0].parent)
    expected = kith.score(own[1], source=own[0]).standings.to_csv()
    own[0].rename("forum")
    for source in ("./forum", Path("forum")):
        assert kith.score(own[1], source=source).standings.to_csv() == expected
    with pytest.raises(kith.BadArgumentError, match=r"source: 'forum' is none of .*slack.* is \./forum"):
        kith.score(own[1], source="forum")
    with pytest.raises(kith.BadArgumentError, match="no source called 'forum' comes with kith; these do: .*slack"):
        kith.Source.ready("forum")
    Path("slack").write_text(DESCRIPTION)
    assert kith.score(own[1], source="./slack").standings.to_csv() == expected


@pytest.mark.parametrize("said", [{"columns": {"member": "user"}}, {"delimiter": ";"}, {"columns": {}}])
def test_a_source_says_all(own: tuple[Path, Path], said: dict[str, Any]) -> None:
    for call in (kith.score, kith.Engine().add):
        with pytest.raises(TypeError, match=f"{next(iter(said))}: the source says"):
            call(own[1], source=own[0], **said)


def test_a_source_is_not_for_data_frames() -> None:
    for data in (small(), pl.DataFrame(small()), [pl.DataFrame(small())], iter([small()])):
        for call in (kith.score, kith.Engine(kith.Source.ready("slack").policy).add):
            with pytest.raises(TypeError, match="source: .* files"):
                call(data, source="slack")


def test_hostile_types(own: tuple[Path, Path]) -> None:
    for source in (5, 1.5, object(), ["slack"], {"a": 1}, b"slack", kith.Policy(), kith.Source, True):
        with pytest.raises(TypeError):
            kith.score(own[1], source=source)  # type: ignore[arg-type]
    for given in (5, None, b"[event]", kith.Policy()):
        with pytest.raises((TypeError, AttributeError)):
            kith.Source.parse(given)  # type: ignore[arg-type]
    for given in (5.5, None, []):
        with pytest.raises(TypeError):
            kith.Source.load(given)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        kith.Source.parse(DESCRIPTION).takes_file(None)  # type: ignore[arg-type]
    with pytest.raises(ValueError):
        kith.Source.parse(DESCRIPTION, "a\0b")
    with pytest.raises(ValueError):
        kith.score(own[1], source="a\0b")
    inner: Any = kith._kith  # type: ignore[attr-defined]
    for wrong in (5, kith.Policy()._policy, kith.Source):
        with pytest.raises(TypeError):
            inner.takes_file(wrong, "a.csv")
        with pytest.raises(TypeError):
            kith.Engine()._engine.add_exports((io.BytesIO(EXPORT),), {}, source=wrong)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        inner.Source()
    with pytest.raises(kith.BadArgumentError):
        loaded = kith.Source.load(own[0])._source
        kith.Engine()._engine.add_exports((io.BytesIO(EXPORT),), {"time": "at"}, source=loaded)


def test_a_source_may_go_before_the_engine_is_done(own: tuple[Path, Path]) -> None:
    """Its last name is gone while the call that uses it runs."""
    source = [kith.Source.load(own[0])]

    def drop(done: int, total: int | None) -> None:
        source.clear()

    assert kith.Engine().add(own[1], source=source[0], progress=drop).taken == 5
    assert not source
