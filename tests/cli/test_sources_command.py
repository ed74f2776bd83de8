# SPDX-License-Identifier: MIT
"""kith sources, and --source: exports that are read as a description says."""

import json

import pytest
from conftest import HEADER, TABLES, result
from update_support import Job

FORGE = """\
; A forge that somebody runs.
[source]
format = ndjson
files = *.events

[event]
time = at
member = who
kind = what
target = whom
id = id

[kinds]
wrote = post
praised = like

[ignore]
member = *-bot
kind = opened clicked
"""

EVENTS = [
    {"at": "2026-02-02T10:00:00Z", "who": "ana", "what": "wrote", "id": 1},
    {"at": "2026-02-03T10:00:00Z", "who": "ben", "what": "praised", "whom": "ana", "id": 2},
    {"at": "2026-02-03T11:00:00Z", "who": "x-bot", "what": "wrote", "id": 3},
    {"at": "2026-02-03T12:00:00Z", "who": "ben", "what": "clicked", "id": 4},
    {"at": "2026-02-03T10:00:00Z", "who": "ben", "what": "praised", "whom": "ana", "id": 2},
    {"at": "2026-02-10T10:00:00Z", "who": "cat", "what": "wrote", "id": 5},
]

AS_CSV = [
    "2026-02-02T10:00:00Z,ana,post,,",
    "2026-02-03T10:00:00Z,ben,like,ana,",
    "2026-02-10T10:00:00Z,cat,post,,",
]


def lines(events):
    return "".join(json.dumps(event) + "\n" for event in events)


@pytest.fixture
def forge(write):
    """A description, and a folder of what it describes."""
    write("forge.ini", FORGE)
    write("forge/2026/1.events", lines(EVENTS[:3]))
    write("forge/2026/2.events", lines(EVENTS[3:]))
    write("forge/notes.json", "no export of the forge\n")
    return "forge"


def summary(folder, name="kith-out"):
    return json.loads((folder / name / "summary.json").read_text())


def tables(folder):
    return {name: (folder / name).read_bytes() for name in TABLES}


def names_of(kith):
    return [line.split()[0] for line in kith("sources").out.splitlines()]


# ---- kith sources ----


def test_list_has_a_name_and_a_title_a_line(kith):
    done = kith("sources")
    assert (done.returncode, done.err) == (0, "")
    listed = [line.split(None, 1) for line in done.out.splitlines()]
    assert all(len(item) == 2 and item[1].strip() for item in listed)
    assert {len(line) - len(line.split(None, 1)[1]) for line in done.out.splitlines()} == {
        max(len(name) for name, _ in listed) + 2
    }, "titles stand below each other"
    names = [name for name, _ in listed]
    assert names == sorted(names) and len(set(names)) == len(names)
    assert {"gharchive", "slack"} <= set(names)


def test_every_description_and_policy_is_sound_and_can_be_a_file(kith, write, tmp_path):
    for name in names_of(kith):
        description, policy = kith("sources", name), kith("sources", "--policy", name)
        assert (description.returncode, description.err, policy.returncode, policy.err) == (0, "", 0, "")
        write("description.ini", description.out)
        write("policy.ini", policy.out)
        assert kith("policy", "--check", "policy.ini").returncode == 0
        done = kith("score", "--source", "description.ini", "--policy", "policy.ini", "missing")
        assert done.err == "kith: missing: cannot be read: No such file or directory\n", "they have no fault"


def test_option_and_name_come_in_any_order(kith):
    assert kith("sources", "slack", "--policy").out == kith("sources", "--policy", "slack").out
    assert kith("sources", "slack").out != kith("sources", "--policy", "slack").out


def test_unknown_name_is_told_with_those_there_are(kith):
    for arguments in (("slick",), ("--policy", "slick"), ("",), ("Slack",)):
        done = kith("sources", *arguments)
        assert (done.returncode, done.out) == (2, "")
        assert f"no source called '{arguments[-1]}' comes with kith" in done.err
        assert all(name in done.err for name in names_of(kith))


WRONG = [
    ("--policy",),
    ("slack", "zulip"),
    ("--nonsense",),
    ("--policy=x",),
    ("--check",),
    ("--check", "a", "b"),
    ("--check", "a", "--policy"),
]


@pytest.mark.parametrize("arguments", WRONG, ids=repr)
def test_usage_faults(kith, arguments):
    done = kith("sources", *arguments)
    assert (done.returncode, done.out) == (2, "")
    assert done.err.endswith("Try 'kith sources --help'.\n")


@pytest.mark.parametrize("arguments", [(), ("slack",), ("--policy", "slack")], ids=repr)
def test_full_disk_is_a_fault(kith, arguments):
    with open("/dev/full", "wb") as full:
        done = kith("sources", *arguments, stdout=full)
    assert (done.returncode, done.err) == (3, "kith: standard output: cannot be written: No space left on device\n")


def test_a_kind_of_the_policy_may_be_in_quotes(kith, write):
    write("my.ini", '[event]\ntime = time\nmember = member\nkind = kind\n[kinds]\n"x" = "post"\ny = like\n')
    write("a.csv", "time,member,kind\n2026-02-02,ana,x\n2026-02-02,ana,y\n")
    assert kith("score", "--source", "./my.ini", "a.csv").returncode == 0
    write("my.ini", '[event]\ntime = time\nmember = member\nkind = kind\n[kinds]\nx = "post\n')
    assert ":6:" in kith("sources", "--check", "my.ini").err


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("rows", [16383, 16384, 16385])
def test_a_document_that_is_cut_off_is_a_fault_however_many_rows_it_has(kith, write, rows, threads):
    """The reader gives its rows out in batches: what it has to say of the end must not be lost with a full one."""
    write("my.ini", "[source]\nformat = json\n[event]\ntime = time\nmember = member\nkind = kind\n")
    write("cut.json", "[" + ",".join(["{}"] * rows))
    done = kith("score", "--threads", threads, "--source", "./my.ini", "cut.json")
    assert (done.returncode, "not the end" in done.err) == (3, True)
    write("whole.json", "[" + ",".join(["{}"] * rows) + "]")
    assert kith("score", "--threads", threads, "--source", "./my.ini", "whole.json").returncode == 1


def test_check_judges_a_description(kith, write):
    write("forge.ini", FORGE)
    done = kith("sources", "--check", "forge.ini")
    assert (done.returncode, done.out, done.err) == (0, "forge.ini: a valid source description\n", "")
    write("bad", FORGE.replace("ndjson", "xml").replace("whom", "a / b"))
    done = kith("sources", "--check", "bad")
    assert (done.returncode, done.out) == (4, "")
    first, second, last = done.err.splitlines()
    assert first.startswith("kith: bad:3:") and second.startswith("kith: bad:10:") and last == "kith: bad: 2 faults"
    done = kith("sources", "--check", "missing")
    assert (done.returncode, done.err) == (3, "kith: missing: cannot be read: No such file or directory\n")


# ---- --source ----


def test_export_of_another_form_gives_what_the_same_events_give(kith, forge, events, tmp_path):
    events("plain.csv", *AS_CSV)
    assert kith("score", "--out", "plain", "plain.csv").returncode == 0
    done = kith("score", "--source", "forge.ini", forge)
    assert (done.returncode, done.err) == (0, "")
    assert tables(tmp_path / "kith-out") == tables(tmp_path / "plain")


def test_report_and_summary_tell_by_what_they_were_read(kith, forge, tmp_path):
    done = kith("score", "--source", "./forge.ini", forge)
    assert "\n  read by the source description ./forge.ini, under the default policy\n" in done.out
    assert "\n  2 rows were ignored, as the source description says\n" in done.out
    assert "\n  1 row was left out, as its id was there already\n" in done.out
    assert done.out.count("1 ignored") == 2, "of each export"
    told = summary(tmp_path)
    assert told["source"]["file"] == "./forge.ini" and told["source"]["ready"] is None
    assert told["policy"]["file"] is None and told["policy"]["ready"] is None
    assert [item["ignored"] for item in told["inputs"]] == [1, 1]
    assert (told["events"]["taken"], told["events"]["ignored"], told["events"]["skipped"]) == (3, 2, 1)
    for item in told["inputs"]:
        assert item["rows"] == item["events"] + item["rejected"] + item["skipped"] + item["ignored"]


def test_report_fits_80_columns(kith, forge, write):
    policy = kith("policy").out
    for length in (1, 20, 40, 100, 200):
        source, own = f"{'d' * length}/{'s' * length}.ini", f"{'e' * length}/{'p' * length}.ini"
        write(source, FORGE)
        write(own, policy)
        for arguments in ((), ("--policy", own)):
            done = kith("score", "--source", source, *arguments, forge)
            assert done.returncode == 0 and max(map(len, done.out.splitlines())) <= 80, done.out
            assert "s" * min(length, 40) in done.out


def test_digest_is_that_of_the_description(kith, forge, write, tmp_path):
    def digest():
        assert kith("score", "--source", "forge.ini", forge).returncode == 0
        return summary(tmp_path)["source"]["digest"]

    first = digest()
    assert digest() == first and len(first) == 32
    write("forge.ini", FORGE + "; more\n")
    assert digest() != first


def test_ready_source_brings_its_policy(kith, write, tmp_path):
    write("archive/general/2026-02-02.json", json.dumps([{"type": "message", "user": "U1", "ts": "1770026400.000100"}]))
    done = kith("score", "--source", "slack", "archive")
    assert (done.returncode, done.err) == (0, "")
    assert "\n  read by the source description slack, under its policy\n" in done.out
    told = summary(tmp_path)
    write("slack-policy.ini", kith("sources", "--policy", "slack").out)
    checked = kith("policy", "--check", "slack-policy.ini").out.split()[-1]
    assert told["policy"] == {"file": None, "ready": "slack", "digest": checked}
    assert (told["source"]["file"], told["source"]["ready"], told["events"]["taken"]) == (None, "slack", 1)
    again = kith("score", "--source", "slack", "--policy", "slack-policy.ini", "archive")
    assert "read by the source description slack, under slack-policy.ini\n" in again.out
    assert summary(tmp_path)["policy"] == {"file": "slack-policy.ini", "ready": None, "digest": checked}


def test_file_is_never_taken_for_a_ready_source(kith, write, tmp_path):
    write("slack", FORGE)
    write("a.events", lines(EVENTS))
    assert kith("score", "--source", "./slack", "a.events").returncode == 0
    assert summary(tmp_path)["source"]["file"] == "./slack"


def test_unknown_source_is_told_with_those_there_are(kith, small, write, tmp_path):
    write("forge", FORGE)
    before = result(tmp_path)
    done = kith("score", "--source", "forge", small)
    assert (done.returncode, done.out) == (2, "")
    assert "'forge' is none of " in done.err and "a file of this folder is ./forge" in done.err
    assert all(name in done.err for name in names_of(kith))
    assert result(tmp_path) == before


def test_source_that_cannot_be_read(kith, small, write, tmp_path):
    done = kith("score", "--source", "not/there.ini", small)
    assert (done.returncode, done.err) == (3, "kith: not/there.ini: cannot be read: No such file or directory\n")
    (tmp_path / "folder.d").mkdir()
    assert kith("score", "--source", "folder.d", small).err == "kith: folder.d: cannot be read: Is a directory\n"
    write("long.ini", ";" * (1 << 20) + "\n")
    done = kith("score", "--source", "long.ini", small)
    assert (done.returncode, done.err) == (3, "kith: long.ini: a source description is 1 MiB at most\n")


def test_each_fault_of_a_description_is_told(kith, small, write, tmp_path):
    write("bad.ini", FORGE.replace("format = ndjson", "format = xml").replace("whom\n", "whom / who\nwhere = x\n"))
    before = result(tmp_path)
    for command in (("score",), ("update", "--state", "s.kith"), ("calibrate",), ("explain", "ana")):
        done = kith(command[0], "--source", "bad.ini", *command[1:], small)
        assert (done.returncode, done.out) == (4, "")
        told = done.err.splitlines()
        assert [line.split(":")[:3] for line in told] == [
            ["kith", " bad.ini", "3"], ["kith", " bad.ini", "10"], ["kith", " bad.ini", "11"],
        ]  # fmt: skip
        assert "xml" in told[0] and "only kinds and ids are joined" in told[1] and "where" in told[2]
        left = result(tmp_path)
        left.pop("s.kith.lock", None)
        assert left == before


def test_kind_that_the_policy_lacks_is_told(kith, forge, write, tmp_path):
    write("forge.ini", FORGE.replace("= post", "= dance"))
    done = kith("score", "--source", "forge.ini", forge)
    assert (done.returncode, done.out) == (4, "")
    assert done.err.startswith("kith: forge.ini:14:") and "'dance'" in done.err and done.err.count("\n") == 1
    assert not (tmp_path / "kith-out").exists()


def test_ready_source_under_another_policy_tells_where_its_own_is(kith, write):
    write("archive/general/2026-02-02.json", json.dumps([{"type": "message", "user": "U1", "ts": "1770026400.000100"}]))
    write("my.ini", kith("policy").out)
    done = kith("score", "--source", "slack", "--policy", "my.ini", "archive")
    assert (done.returncode, done.out) == (4, "")
    fault, hint = done.err.splitlines()
    assert fault.startswith("kith: slack:")
    assert hint == "kith: the policy that comes with slack has its kinds: see 'kith sources --policy slack'"


ALONE = [
    ("--column", "time=at"),
    ("--delimiter", ";"),
    ("--source", "slack"),
    ("--delimiter", "tab", "--column", "id=x"),
]


@pytest.mark.parametrize("more", ALONE, ids=repr)
def test_source_stands_alone(kith, small, more):
    done = kith("score", "--source", "slack", *more, small)
    assert (done.returncode, done.out) == (2, "")
    assert done.err.startswith("kith: --source ") and done.err.endswith("Try 'kith score --help'.\n")
    assert more[-2] in done.err


def test_source_takes_a_value(kith, small):
    assert kith("score", "--source", "", small).returncode == 2
    assert kith("score", small, "--source").returncode == 2


def test_folder_without_a_file_that_the_description_asks_for(kith, forge, write):
    write("other/a.csv", HEADER)
    done = kith("score", "--source", "forge.ini", "other")
    assert (done.returncode, done.out) == (3, "")
    assert done.err.startswith("kith: other: there is no export in this folder: ") and "'files'" in done.err


def test_described_columns_get_no_note(kith, write):
    write("my.ini", "[source]\nformat = csv\n[event]\ntime = when\nmember = who\nkind = 'post'\n")
    write("a.csv", "when,who,target_id,event_id\n2026-02-02,ana,,\n")
    done = kith("score", "--source", "my.ini", "a.csv")
    assert (done.returncode, done.err) == (0, "")


# ---- other commands ----


def test_explain_and_calibrate_read_by_it_too(kith, forge, write, events):
    events("plain.csv", *AS_CSV)
    done = kith("explain", "--source", "forge.ini", "ben", forge)
    assert (done.returncode, done.err) == (0, "") and done.out == kith("explain", "ben", "plain.csv").out
    many = [
        {"at": f"{1_735_516_800 + day * 86400}", "who": f"m{i}", "what": "wrote" if i % 3 else "praised", "whom": "m1"}
        for day in range(1, 71)
        for i in range(40)
        if (day + i) % 4
    ]
    write("many.events", lines(many))
    kinds = {"wrote": "post", "praised": "like"}
    events("many.csv", *(f"{each['at']},{each['who']},{kinds[each['what']]},m1," for each in many))
    done = kith("calibrate", "--source", "forge.ini", "many.events")
    assert done.returncode == 0 and done.out == kith("calibrate", "many.csv").out


def test_calibrate_starts_from_the_policy_of_a_ready_source_with_its_comments(kith, write):
    rows = [
        {"type": "message", "user": f"U{i}", "ts": f"{1_735_516_800 + day * 86400 + i}.000100"}
        for day in range(1, 71)
        for i in range(40)
        if (day + i) % 3
    ]
    write("archive/general/2026-02-02.json", json.dumps(rows))
    done = kith("calibrate", "--quiet", "--source", "slack", "archive")
    assert (done.returncode, done.err) == (0, "")
    comments = [line for line in kith("sources", "--policy", "slack").out.splitlines() if line.startswith(";")]
    assert comments and set(comments) <= set(done.out.splitlines())


def test_state_takes_the_place_of_exports_and_of_how_to_read_them(kith, small):
    assert kith("update", "--state", "s.kith", small).returncode == 0
    done = kith("explain", "--state", "s.kith", "--source", "slack", "ana")
    assert (done.returncode, done.out) == (2, "")
    assert "--source" in done.err


# ---- kith update ----


def test_update_reads_on_by_a_description(kith, forge, write, events, tmp_path):
    job = Job(kith, tmp_path)
    assert job.run("--source", "forge.ini", forge).returncode == 0
    assert job.summary()["state"]["source_changed"] is False
    more = [{"at": "2026-02-17T10:00:00Z", "who": "ana", "what": "wrote", "id": 9}]
    write("forge/2026/2.events", lines(EVENTS[3:] + more))
    assert job.run("--source", "forge.ini", forge).returncode == 0
    assert [item["novelty"] for item in job.summary()["inputs"]] == ["read before", "grown"]
    assert job.summary()["state"]["source_changed"] is False
    events("plain.csv", *AS_CSV, "2026-02-17T10:00:00Z,ana,post,,")
    assert kith("score", "--out", "plain", "--until", "2026-02-16", "plain.csv").returncode == 0
    assert job.gave() == tables(tmp_path / "plain")


def test_update_tells_where_a_description_has_changed(kith, forge, write, tmp_path):
    job = Job(kith, tmp_path)
    write("other.ini", FORGE)
    note = "Note: the source description says other things than when it was used last.\n"
    first = job.run("--source", "forge.ini", forge)
    assert first.returncode == 0 and note not in first.out
    for name, text, is_told in (
        ("forge.ini", FORGE, False),
        ("forge.ini", FORGE + "; more\n", True),
        ("forge.ini", FORGE + "; more\n", False),
        ("other.ini", FORGE, False),
        ("forge.ini", FORGE + "; more\n", False),
        ("deep/forge.ini", FORGE + "; more\n", False),
        ("deep/forge.ini", FORGE, True),
    ):
        write(name, text)
        done = job.run("--source", name, forge)
        assert done.returncode == 0
        assert (note in done.out) is is_told, (name, is_told)
        assert job.summary()["state"]["source_changed"] is is_told


def test_record_knows_the_sixteen_descriptions_used_last(kith, forge, write, tmp_path, position):
    job = Job(kith, tmp_path)
    for number in [*range(20), 5]:
        write(f"{'n' * 70}{number}.ini" if number == 19 else f"{number}.ini", FORGE)
        name = f"{'n' * 70}19.ini" if number == 19 else f"{number}.ini"
        assert job.run("--quiet", "--source", name, forge).returncode == 0
    record = json.loads(position(job.state))
    assert record["version"] == 2
    assert list(record["sources"]) == [*(f"{n}.ini" for n in (4, *range(6, 19))), "n" * 63, "5.ini"]
    digest = job.summary()["source"]["digest"]
    assert set(record["sources"].values()) == {digest}


def test_record_without_descriptions_is_as_it_was(kith, small, tmp_path, position):
    job = Job(kith, tmp_path)
    assert job.run(small).returncode == 0
    record = json.loads(position(job.state))
    assert record["version"] == 1 and "sources" not in record


BAD_SOURCES = {
    "no object": [],
    "no digest": {"a": 7},
    "half a digest": {"a": "00"},
    "a long name": {"a" * 64: "0" * 32},
    "too many": {str(i): "0" * 32 for i in range(17)},
    "none": None,
}


@pytest.mark.parametrize("case", BAD_SOURCES)
def test_damaged_record_of_descriptions_is_refused(kith, forge, tmp_path, position, case):
    job = Job(kith, tmp_path)
    assert job.run("--source", "forge.ini", forge).returncode == 0
    record = json.loads(position(job.state))
    record["sources"] = BAD_SOURCES[case]
    if case == "none":
        del record["sources"]
    (tmp_path / "record.json").write_text(json.dumps(record))
    position(job.state, tmp_path / "record.json")
    done = job.run("--source", "forge.ini", forge)
    assert (done.returncode, done.out) == (3, "")
    assert "this state is damaged" in done.err and "its record of exports" in done.err


def test_document_that_has_grown_cannot_be_read_on(kith, write, tmp_path):
    job = Job(kith, tmp_path)
    document = json.dumps([{"time": "2026-02-02", "member": "ana", "kind": "post"}]) + "\n"
    write("a.json", document)
    assert job.run("a.json").returncode == 0
    write("a.json", document * 2)
    done = job.run("a.json")
    assert (done.returncode, done.out) == (3, "")
    assert "is a JSON document" in done.err and "a run with --overlapping reads it anew" in done.err
    assert job.run("--overlapping", "a.json").returncode == 0
    assert job.summary()["events"]["taken"] == 2


def test_memory_that_runs_out_while_a_description_is_read(kith, forge, fail_malloc, tmp_path):
    before = result(tmp_path)
    faults = 0
    for nth in range(1, 80):
        done = kith("score", "--quiet", "--source", "forge.ini", "forge", "none", env=fail_malloc(nth))
        assert done.returncode == 3 and result(tmp_path) == before
        faults += "memory" in done.err
        assert "memory" in done.err or done.err == "kith: none: cannot be read: No such file or directory\n"
    assert 20 < faults < 75, "all that is allocated has failed once"


# ---- rejects ----


def test_broken_json_is_told_with_its_place(kith, write, tmp_path):
    row = '{"time":"2026-02-02" "member":"ana","kind":"post"}'
    write("a.ndjson", f'{{"time":"2026-02-02","member":"ana","kind":"post"}}\n{row}\n')
    assert kith("score", "a.ndjson").returncode == 1
    listed = (tmp_path / "kith-out" / "rejects.csv").read_text().splitlines()[1]
    at = row.index('"member"') + 1
    quoted = row.replace('"', '""')
    assert listed == f'a.ndjson,2,byte {at}: expected a comma or a closing brace,json,"{quoted}"'
    done = kith("score", "--max-rejects", "0", "a.ndjson")
    assert done.returncode == 3
    assert f"a.ndjson:2:{at}: expected a comma or a closing brace (reason json)\n" in done.err
    assert summary(tmp_path)["rejects"]["by_reason"]["json"] == 1
