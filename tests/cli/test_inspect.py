# SPDX-License-Identifier: MIT
"""kith inspect: what is in exports that nobody has described yet."""

import gzip
import json
import os
import pathlib
import re
import threading

import pytest

EXAMPLE = pathlib.Path(__file__).resolve().parents[2] / "examples" / "data" / "community.csv"
SOURCES = pathlib.Path(__file__).resolve().parents[1] / "sources"

FORUM = """Post ID;Created at;Author;Type;Reply to user;Likes
1;31/01/2026 10:00;Ana;topic created;;5
2;31/01/2026 11:00;Ben;reply;Ana;0
3;01/02/2026 12:30;"Cleo; the third";reply;Ben;1
4;02/02/2026 09:00;Ana;reply;Cleo; the third;0
5;02/02/2026 09:30;Ana;poke;Ben;0
"""


def lines(*rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


EVENTS = [
    {"event": "comment", "user": {"id": 1, "login": "ana"}, "created_at": "2026-02-02T10:00:00Z"},
    {"event": "like", "user": {"id": 2, "login": "ben"}, "created_at": "2026-02-03T10:00:00Z", "to": "ana"},
    {"event": "zap", "user": {"id": 2, "login": "ben"}, "created_at": "2026-02-10T10:00:00Z", "tags": ["x", "y"]},
]


def inspected(kith, *arguments, **more):
    """What the command says as JSON."""
    result = kith("inspect", "--json", *arguments, **more)
    assert result.err == ""
    return json.loads(result.out), result.returncode


def guessed(report):
    """Paths that were taken for fields of events."""
    return {field["field"]: field["path"] for field in report["fields"] if field["field"]}


def assert_scores(kith, description, *exports, kinds):
    """Reads exports by a description that was written, under a policy with these kinds: no row is refused."""
    policy = pathlib.Path(description).with_suffix(".policy")
    policy.write_text("".join(f"[kind {kind}]\ngives = content 1\n" for kind in kinds))
    result = kith("score", "--source", description, "--policy", policy, "--out", "scored", *exports)
    assert (result.returncode, result.err) == (0, "")


def test_export_of_kiths_own_columns_needs_no_description(kith):
    result = kith("inspect", EXAMPLE)
    assert result.returncode == 0
    assert f"Inspected {EXAMPLE}: CSV, with commas between fields" in result.out
    assert "  7,312 rows looked at, which are all\n" in result.out
    assert "  246 members, 2025-12-01 to 2026-06-28\n" in result.out
    assert "  time     time                          100%  ISO 8601: 2025-12-01T12:40:32Z" in result.out
    assert "          1,849  like\n" in result.out
    assert "Read as it is, for kith knows these fields and kinds\n" in result.out
    assert "7,312 events of 250 members" in result.out
    assert result.out.endswith(f"Next\n  kith score {EXAMPLE}\n")
    assert "[event]" not in result.out


def test_kiths_own_columns_behind_another_delimiter_than_would_be_taken(kith, write, tmp_path):
    """More commas than semicolons stand in the header: read as it is, it has a stray quote."""
    export = write("delim.csv", 'time;member;kind;"a, b, c, d"\n2026-03-02;ana;post;x\n2026-03-03;ben;post;y\n')
    assert kith("score", export).returncode == 3
    result = kith("inspect", "--write", tmp_path / "my.ini", export)
    assert "CSV, with semicolons between fields" in result.out
    assert "kith score --source" in result.out
    assert (result.returncode, result.err) == (0, "")
    assert_scores(kith, tmp_path / "my.ini", export, kinds=["post"])


def test_every_line_of_a_page_fits(kith, write):
    write("forum.csv", FORUM)
    for arguments in (["forum.csv"], [EXAMPLE]):
        for line in kith("inspect", *arguments, cwd=write("x", "").parent).out.splitlines():
            if str(EXAMPLE) not in line:
                assert len(line) <= 80, line


def test_forum_with_headers_of_its_own(kith, write):
    rows = FORUM.replace(";Cleo; the third;", ';"Cleo; the third";')
    write("forum.csv", rows)
    report, status = inspected(kith, "forum.csv")
    assert status == 0
    assert (report["format"], report["delimiter"], report["rows"], report["whole"]) == ("csv", ";", 5, True)
    assert guessed(report) == {
        "time": "Created at",
        "member": "Author",
        "kind": "Type",
        "target": "Reply to user",
        "id": "Post ID",
    }
    times = next(field for field in report["fields"] if field["path"] == "Created at")
    assert (times["type"], times["times"], times["there"], times["of"]) == ("time", "%d/%m/%Y %H:%M", 5, 5)
    assert report["kinds"] == [
        {"name": "reply", "rows": 3, "kind": "reply"},
        {"name": "poke", "rows": 1, "kind": None},
        {"name": "topic created", "rows": 1, "kind": "post"},
    ]
    assert report["guess"]["complete"] and report["fits"] is None
    reading = report["reading"]
    assert (reading["read"], reading["taken"], reading["rejected"], reading["members"]) == (5, 5, 0, 3)
    assert (reading["first"], reading["last"]) == ("2026-01-31T10:00:00Z", "2026-02-02T09:30:00Z")


def test_a_field_whose_values_are_kinds_is_the_kind_by_any_name(kith, write, tmp_path):
    """With others that are not, and beside a field of which some value sounds like one."""
    rows = [f"2026-03-0{1 + i % 9},{who},{done},{state}" for i in range(36)
            for who, done, state in [(f"m{i % 7}", ["topic_opened", "thumbs_up", "odd", "sign_in"][i % 4],
                                      ["draft", "published"][i % 2])]]
    export = write("e.csv", "\n".join(["day,who,did,state", *rows]) + "\n")
    out = kith("inspect", "--write", tmp_path / "e.ini", export).out
    assert "kind = did                          ; by its values; 4 different ones" in out
    description = (tmp_path / "e.ini").read_text()
    for line in ("topic_opened = post", "thumbs_up = like", "sign_in = login", "; odd ="):
        assert re.search(rf"^{re.escape(line)} +; 9 rows$", description, re.M), line
    # What stands there to be left out can be taken as it stands.
    (tmp_path / "e.ini").write_text(description.replace("; [ignore]\n; kind = ping heartbeat*", "[ignore]\nkind = odd"))
    assert_scores(kith, tmp_path / "e.ini", export, kinds=["login", "like", "post"])


def test_comments_stand_below_each_other_behind_names_of_any_letters(kith, write, tmp_path):
    rows = [f"2026-03-0{1 + i % 9};m{i % 7};{['Gefällt mir', 'Antwort', 'post'][i % 3]}" for i in range(36)]
    write("e.csv", "\n".join(["Zeit;Mitglied;kind", *rows]) + "\n")
    kith("inspect", "--write", "e.ini", "e.csv")
    lines = [line for line in (tmp_path / "e.ini").read_text().splitlines() if line.endswith("; 12 rows")]
    assert len(lines) == 3 and len({line.rindex(";") for line in lines}) == 1


def test_description_is_written_and_reads_the_export(kith, write, tmp_path):
    write("forum.csv", FORUM.replace(";Cleo; the third;", ';"Cleo; the third";'))
    result = kith("inspect", "--write", "forum.ini", "forum.csv")
    assert result.returncode == 0
    text = (tmp_path / "forum.ini").read_text()
    for line in text.splitlines():
        assert not line or f"  {line}\n" in result.out
    assert "time = Created at " in text and "\ntimes = %d/%m/%Y %H:%M\n" in text
    assert "\ntopic created = post " in text and "\n; poke = " in text
    assert result.out.endswith("Next\n  look through forum.ini, then\n  kith score --source forum.ini forum.csv\n")
    # One without a dot would be looked for among those that come with kith.
    result = kith("inspect", "--write", "forum", "forum.csv")
    assert result.out.endswith("  kith score --source ./forum forum.csv\n")
    assert_scores(kith, tmp_path / "forum.ini", "forum.csv", kinds=["post", "reply", "poke"])


def test_description_is_written_over_nothing(kith, write, small, tmp_path):
    write("there.ini", "mine")
    result = kith("inspect", "--write", "there.ini", small)
    assert (result.returncode, result.out) == (3, "")
    assert result.err == "kith: there.ini: is there already, and is not written over\n"
    assert (tmp_path / "there.ini").read_text() == "mine"
    result = kith("inspect", "--write", small, small)
    assert result.returncode == 3
    result = kith("inspect", "--write", "no/such/folder.ini", small)
    assert result.returncode == 3
    assert not (tmp_path / "no").exists()


def test_ndjson_with_objects(kith, write, tmp_path):
    write("events.ndjson", lines(*EVENTS))
    report, status = inspected(kith, "events.ndjson")
    assert status == 0
    assert report["format"] == "ndjson"
    assert guessed(report) == {"time": "created_at", "member": "user.login", "kind": "event", "target": "to"}
    assert {"path": "tags", "type": "list"}.items() <= report["fields"][-2].items()
    assert {"path": "tags[]", "type": "text", "there": 2, "of": 2}.items() <= report["fields"][-1].items()
    assert kith("inspect", "--write", "my.ini", "events.ndjson").returncode == 0
    assert_scores(kith, tmp_path / "my.ini", "events.ndjson", kinds=["comment", "like", "zap"])


def test_document_with_rows(kith, write, tmp_path):
    write("events.json", json.dumps({"channel": {"name": "general"}, "events": EVENTS}, indent=1))
    report, status = inspected(kith, "events.json")
    assert status == 0
    assert (report["format"], report["rows_path"], report["rows"]) == ("json", "events[]", 3)
    assert report["fields"][-1] | {"path": "document.channel.name", "of_document": True} == report["fields"][-1]
    assert kith("inspect", "--write", "my.ini", "events.json").returncode == 0
    assert_scores(kith, tmp_path / "my.ini", "events.json", kinds=["comment", "like", "zap"])


def test_json_of_kiths_own_fields_needs_no_description(kith, write):
    rows = [{"time": "2026-02-02", "member": "ana", "kind": "post"}, {"time": "2026-02-03", "member": "ben", "kind": "like"}]
    for content in (lines(*rows), json.dumps(rows)):
        write("x.json", content)
        result = kith("inspect", "x.json")
        assert result.returncode == 0
        assert "Read as it is" in result.out and result.out.endswith("  kith score x.json\n")
    # Not so where a field means another thing than its name says.
    write("x.json", lines(*[row | {"id": "same"} for row in rows]))
    assert "Read by this description" in kith("inspect", "x.json").out


def test_gzip_and_standard_input_are_as_the_plain_file(kith, write):
    write("events.ndjson", lines(*EVENTS))
    write("events.gz", gzip.compress(lines(*EVENTS).encode()))
    plain, _ = inspected(kith, "events.ndjson")
    packed, _ = inspected(kith, "events.gz")
    given, status = inspected(kith, "-", stdin=gzip.compress(lines(*EVENTS).encode()))
    assert status == 0 and packed["gzip"] and given["gzip"]
    for report in (packed, given):
        for part in ("fields", "kinds", "guess", "ready", "rows"):
            assert report[part] == plain[part]
        assert report["reading"] == plain["reading"]
    assert kith("inspect", "-", stdin=b"time,member,kind\n").out.startswith("Inspected standard input: CSV")


def test_pipes_are_read_as_files_are(kith, write, tmp_path):
    for name, content in [("a", "time,member,kind\n2026-02-02,ana,post\n"), ("b", "time,member,kind\n2026-02-03,ben,post\n")]:
        os.mkfifo(tmp_path / name)
        threading.Thread(target=(tmp_path / name).write_text, args=[content], daemon=True).start()
    report, status = inspected(kith, "a", "b")
    assert (status, report["rows"], report["reading"]["taken"]) == (0, 2, 2)


@pytest.mark.parametrize(
    "content, message",
    [
        (b"", "is empty"),
        (b"\n \n", "is empty"),
        (bytes(range(256)) * 20, "is no text: it holds bytes of 0"),
        (b"PK\x03\x04....", "is a zip archive (or a spreadsheet): unpack it, or save it as CSV"),
        (b"a,b,a\n1,2,3\n", "the column 'a' stands twice in the header"),
        (b'{\n"a": [1, 2]}', "the document holds no array of objects that could be its rows"),
    ],
)
def test_what_is_no_export_is_said(kith, write, content, message):
    write("x", content)
    result = kith("inspect", "x")
    assert (result.returncode, result.out) == (3, "")
    assert result.err == f"kith: x: {message}\n"


def test_damaged_gzip_is_said(kith, write):
    write("x.gz", gzip.compress(EXAMPLE.read_bytes())[:20000])
    result = kith("inspect", "x.gz")
    assert (result.returncode, result.out) == (3, "")
    assert "x.gz: the gzip data is damaged: it ends too early" in result.err


def test_one_row_is_enough(kith, write):
    write("x.csv", "time,member,kind\n2026-02-02,ana,post\n")
    report, status = inspected(kith, "x.csv")
    assert status == 0
    assert guessed(report) == {"time": "time", "member": "member", "kind": "kind"}
    assert report["reading"]["taken"] == 1


def test_what_was_not_found_is_told(kith, write, tmp_path):
    write("x.csv", "alpha,beta\n1,2\n")
    result = kith("inspect", "--write", "my.ini", "x.csv")
    assert (result.returncode, result.err) == (1, "")
    assert "when what is missing has been filled in" in result.out
    assert "\n; time = " in (tmp_path / "my.ini").read_text()
    assert "fill in what is missing, then\n" in result.out
    report, status = inspected(kith, "x.csv")
    assert status == 1 and not report["guess"]["complete"] and report["reading"] is None


def test_a_first_row_of_data_is_noted(kith, write):
    write("x.csv", "2026-02-02,ana,post\n2026-02-03,ben,like\n")
    result = kith("inspect", "x.csv")
    assert result.returncode == 1
    assert "Note: the first row looks like data, and not like a header" in result.out


def test_rows_that_would_be_refused_are_counted_with_an_example(kith, write):
    write(
        "x.csv",
        "time,member,kind\n" + "2026-02-02,ana,post\n" * 20 + "soon,ana,post\nlater,ben,post\n2026-02-03,,post\na,b\n",
    )
    result = kith("inspect", "x.csv")
    assert result.returncode == 1
    assert "  4 rows or events are refused\n" in result.out
    assert "as in x.csv:22: time 'soon'" in result.out
    report, status = inspected(kith, "x.csv")
    assert status == 1
    rejects = {(reject["reason"], reject["column"]): reject for reject in report["reading"]["rejects"]}
    assert {key: reject["rows"] for key, reject in rejects.items()} == {
        ("time", "time"): 2,
        ("member", "member"): 1,
        ("fields", None): 1,
    }
    assert (rejects["time", "time"]["line"], rejects["time", "time"]["value"]) == (22, "soon")


def test_a_source_reads_the_exports_in_place_of_a_guess(kith, write):
    write("events.ndjson", lines(*EVENTS))
    write("my.ini", "[event]\ntime = created_at\nmember = user.id\nkind = event\n[kinds]\nzap = like\n")
    result = kith("inspect", "--source", "my.ini", "events.ndjson")
    assert (result.returncode, result.err) == (0, "")
    assert "Read by my.ini\n  3 events of 2 members" in result.out
    assert result.out.endswith("Next\n  kith score --source my.ini events.ndjson\n")
    assert "[event]" not in result.out
    report, _ = inspected(kith, "--source", "my.ini", "events.ndjson")
    assert report["reading"]["source"] == "my.ini" and not report["reading"]["guessed"]
    # What the default policy lacks is refused, as `kith score` would.
    write("my.ini", "[event]\ntime = created_at\nmember = user.id\nkind = event\n")
    result = kith("inspect", "--source", "my.ini", "events.ndjson")
    assert result.returncode == 1
    assert "1  zap\n" in result.out
    write("p.ini", "[kind zap]\n[kind like]\n[kind comment]\n")
    assert kith("inspect", "--source", "my.ini", "--policy", "p.ini", "events.ndjson").returncode == 0


@pytest.mark.parametrize("name", sorted(path.name for path in SOURCES.iterdir() if (path / "export").is_dir()))
def test_ready_descriptions_are_found_for_their_exports(kith, name):
    report, _ = inspected(kith, SOURCES / name / "export")
    assert report["fits"] == name
    assert report["reading"]["source"] == name
    assert report["reading"]["taken"] > 0
    result = kith("inspect", SOURCES / name / "export")
    assert f"Read by the description {name}, which comes with kith:\n" in result.out
    assert result.out.endswith(f"  kith score --source {name} {SOURCES / name / 'export'}\n")


def test_several_exports_are_taken_together(kith, write):
    for month in range(1, 13):
        write(f"logs/2026-{month:02}.csv", f"time,member,kind\n2026-{month:02}-01,m{month},post\n")
    report, status = inspected(kith, "logs")
    assert status == 0
    assert (len(report["exports"]), report["files"], report["rows"]) == (8, 12, 8)
    assert "Inspected 8 exports of 12 files: CSV" in kith("inspect", "logs").out
    report, _ = inspected(kith, "logs/2026-01.csv", "logs/2026-02.csv")
    assert (report["rows"], report["files"]) == (2, 2)
    assert (report["first"], report["last"]) == ("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z")


def test_what_is_no_export_among_others_is_passed_over(kith, write):
    write("logs/a.csv", "time,member,kind\n2026-01-01,ana,post\n2026-01-02,ana,post\n")
    write("logs/b.json", '{"x": 1}')
    result = kith("inspect", "logs")
    assert result.returncode == 0
    assert result.err == "kith: logs/b.json: is NDJSON, and those before are CSV\n"
    assert "Inspected 1 export of 2 files: CSV" in result.out


def test_text_of_strangers_moves_no_cursor(kith, write):
    write("x.csv", "time,member,kind,\"\x1b[2Jhead\"\n2026-02-02,a\x1b[31mna,po\x07st,\x1b]0;x\n")
    result = kith("inspect", "x.csv")
    assert "\x1b" not in result.out and "\x07" not in result.out
    assert "\\x1b[31mna" in result.out


def test_paths_are_quoted_for_a_shell(kith, write):
    write("my logs/it's.csv", "time,member,kind\n2026-02-02,ana,post\n")
    assert kith("inspect", "my logs/it's.csv").out.endswith("  kith score 'my logs/it'\\''s.csv'\n")
    write("früh.csv", "time,member,kind\n2026-02-02,ana,post\n")
    assert kith("inspect", "früh.csv").out.endswith("  kith score 'früh.csv'\n")


def test_kinds_that_differ_in_one_odd_byte_are_told_apart(kith, write, tmp_path):
    write("odd.csv", 'time,member,kind\n2026-02-02,ana,like; it\n2026-02-02,ben,like= it\n2026-02-02,ben,like= it\n')
    found = kith("inspect", "--write", "my.ini", "odd.csv")
    assert (found.returncode, found.err) == (0, "")
    lines = (tmp_path / "my.ini").read_text().splitlines()
    assert any(r'"like\u003b it"' in line for line in lines) and any(r'"like\u003d it"' in line for line in lines)
    assert kith("score", "--source", "./my.ini", "odd.csv").returncode == 0


def test_quantities_that_cannot_be_used_are_not_passed_over(kith, write):
    write("a.csv", "time,member,kind,quantity\n2026-02-02,ana,post,2.0\n2026-02-03,ana,post,2\n")
    report, status = inspected(kith, "a.csv")
    assert status == 1 and [(told["reason"], told["rows"]) for told in report["reading"]["rejects"]] == [("quantity", 1)]


def test_times_that_say_their_zone_do_not_go_by_the_policys(kith, write, tmp_path):
    write("z.csv", "time,member,kind\n20260320T170500Z,ana,post\n")
    write("east.ini", "[calendar]\nutc_offset = +08:00\n")
    assert kith("inspect", "--write", "my.ini", "z.csv").returncode == 0
    assert "zone" not in (tmp_path / "my.ini").read_text()
    assert kith("score", "--source", "./my.ini", "--policy", "east.ini", "z.csv").returncode == 0
    assert '"2026-03-20T17:05:00Z"' in (tmp_path / "kith-out" / "summary.json").read_text()


def test_arguments_are_checked(kith, small):
    for arguments, message in [
        ([], "no export is given"),
        (["--write", "x.ini", "--source", "slack", small], "--write takes a description that is guessed"),
        (["--write", ""], "--write takes a path, not ''"),
        (["--bogus", small], "there is no option '--bogus'"),
        (["--source", "nobody", small], "is none of"),
    ]:
        result = kith("inspect", *arguments)
        assert (result.returncode, result.out) == (2, "")
        assert message in result.err
    assert kith("inspect", "no such file").returncode == 3
    result = kith("inspect", "--help")
    assert result.returncode == 0 and result.out.startswith("Usage: kith inspect ")


def test_memory_that_is_lacking_is_said(kith, small, fail_malloc):
    for nth in [*range(1, 30), *range(30, 400, 23)]:
        result = kith("inspect", small, env=fail_malloc(nth))
        assert result.returncode in (0, 3), result.err
        if result.returncode == 3:
            assert "memory" in result.err
