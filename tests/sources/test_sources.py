# SPDX-License-Identifier: MIT
"""The ready source descriptions, on small exports as the platforms write them."""

import json

import json_model
import model
import pytest
from conftest import HERE, NAMES, READY, counts

each = pytest.mark.parametrize("name", NAMES)


def description(name):
    return READY / f"{name}.ini"


def policy(name):
    return READY / f"{name}.policy.ini"


def export(name):
    return HERE / name / "export"


def test_there_are_nine():
    assert NAMES == sorted(
        ["discord", "discourse", "gharchive", "github", "mixpanel", "posthog", "slack", "stackexchange", "zulip"]
    )


# --- What is committed -----------------------------------------------------------------------------------------------


@each
def test_model_finds_the_events_that_a_person_has_checked(name):
    result = model.read_folder(description(name), policy(name), export(name))
    assert model.write_csv(result.taken).decode() == (HERE / name / "events.csv").read_text("utf-8")
    assert model.describe(result) == (HERE / name / "outcome.txt").read_text("utf-8")


@each
def test_description_is_short_and_begins_with_its_title(name):
    lines = description(name).read_text("utf-8").splitlines()
    assert lines[0].startswith("; ") and ": " in lines[0] and len(lines[0]) <= 100
    assert lines[1].rstrip() in ("", ";")
    assert len(lines) <= 100 and max(map(len, lines)) <= 120
    assert any("Counted" in line for line in lines) and any("ot counted" in line for line in lines)
    assert any("https://" in line for line in lines)


@each
def test_every_kind_of_the_policy_can_come(name):
    """And no other: what a description gives, its policy has."""
    source = model.read_source(description(name).read_text("utf-8"))
    kinds = {kind.decode() for kind in model.read_policy(policy(name).read_text("utf-8")).kinds}
    given = {kind for event in source.events for _, kind in event.kinds or [] if kind}
    for event in source.events:
        if event.kinds is None:
            words = [part.word for parts in event.values["kind"].alternatives for part in parts]
            given |= kinds if None in words else set(words)     # as they stand in the export
    assert given == kinds


@each
def test_sample_has_what_is_odd(name):
    """Each sample holds rows that count, that are ignored, that are refused and that come again, over several weeks."""
    result = model.read_folder(description(name), policy(name), export(name))
    assert result.taken and result.ignored and result.rejects and result.skipped
    assert len({one.time // (7 * 86400) for one in result.taken}) >= 3
    assert len({one.kind for one in result.taken}) >= 2


# --- The command -----------------------------------------------------------------------------------------------------


@each
def test_export_scores_as_the_same_events_in_plain_csv(name, score, tmp_path):
    by_source, refused, summary = score(tmp_path / "source", "--source", name, export(name))
    plain, none, _ = score(tmp_path / "plain", "--policy", policy(name), HERE / name / "events.csv")
    assert by_source == plain
    assert none == []
    assert by_source["changes.csv"].count(b"\n") > 1, "a sample in which nobody rises shows little"
    result = model.read_folder(description(name), policy(name), export(name))
    assert counts(summary) == (len(result.taken), result.ignored, result.skipped, len(result.rejects))
    told = [(int(line), column, reason) for _, line, column, reason, _ in refused]
    assert told == [(one.line, one.column, one.reason) for one in result.rejects]
    assert [row[4].encode("utf-8", "surrogateescape") for row in refused] == [one.row for one in result.rejects]
    assert [row[0].split("/")[-1] for row in refused] == [one.file.split("/")[-1] for one in result.rejects]


@each
def test_file_of_a_description_is_as_good_as_its_name(name, score, tmp_path):
    by_name, _, _ = score(tmp_path / "name", "--source", name, export(name))
    by_file, _, _ = score(tmp_path / "file", "--source", description(name), "--policy", policy(name), export(name))
    assert by_name == by_file


@each
def test_policy_is_sound(name, kith):
    done = kith("policy", "--check", policy(name))
    assert done.returncode == 0, done.err


@each
def test_command_prints_what_is_here(name, kith):
    assert kith("sources", name).out == description(name).read_text("utf-8")
    assert kith("sources", "--policy", name).out == policy(name).read_text("utf-8")


def test_command_lists_names_and_titles(kith):
    listed = kith("sources")
    assert listed.returncode == 0
    for name in NAMES:
        title = description(name).read_text("utf-8").splitlines()[0].removeprefix("; ")
        assert any(line.split()[:1] == [name] for line in listed.out.splitlines())
        assert title.split(": ")[0] in listed.out


# --- Without a description -------------------------------------------------------------------------------------------

ROWS = [
    {"time": "2026-02-02T10:00:00Z", "member": "ana", "kind": "post", "target": None, "quantity": 2, "id": "1"},
    {"time": 1770112800, "member": "ben", "kind": "like", "target": "ana", "quantity": None, "id": 2},
    {"time": "2026-02-03", "member": "ben", "kind": "dance", "target": "", "id": "3"},
    {"time": "2026-02-10", "member": "c, \"leo\" \u2603", "kind": "comment", "target": "ana", "quantity": "3", "id": "2"},
    {"time": "2026-02-11", "member": "c, \"leo\" \u2603", "kind": "comment", "target": "ben", "id": "4"},
]
FORMS = {
    "lines": "".join(json.dumps(row) + "\n" for row in ROWS),
    "array": json.dumps(ROWS, indent=1, ensure_ascii=False),
    "csv": "id,time,member,kind,target,quantity\n"
    + "".join(
        ",".join(f'"{str(row.get(name) or "")}"'.replace('"leo"', '""leo""') for name in ("id", "time", "member", "kind", "target", "quantity"))
        + "\n"
        for row in ROWS
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_own_names_of_fields_need_no_description(form, score, tmp_path):
    """The content tells lines of JSON from an array of it and from CSV, whatever the file is called."""
    path = tmp_path / "export.txt"
    path.write_text(FORMS[form], encoding="utf-8")
    plain = tmp_path / "plain.csv"
    plain.write_text(
        "time,member,kind,target,quantity\n2026-02-02T10:00:00Z,ana,post,,2\n2026-02-03T10:00:00Z,ben,like,ana,1\n"
        '2026-02-11,"c, ""leo"" \u2603",comment,ben,\n',
        encoding="utf-8",
    )
    got, refused, summary = score(tmp_path / "got", path)
    assert got == score(tmp_path / "plain", plain)[0]
    assert [row[2:4] for row in refused] == [["kind", "kind"]]
    assert counts(summary) == (3, 0, 1, 1)


# --- The model's own reader of JSON ----------------------------------------------------------------------------------


def plain(value):
    """As the json module would have it."""
    if value.sort == "number":
        return json.loads(value.text)
    if value.sort == "string":
        return value.text
    if value.sort == "array":
        return [plain(element) for element in value.elements]
    if value.sort == "object":
        return {name: plain(member) for name, member in value.members.items()}
    return {"null": None, "true": True, "false": False}[value.sort]


@pytest.mark.parametrize("name", ["discord", "github", "slack", "zulip"])
def test_model_reads_json_as_others_do(name):
    paths = [path for path in export(name).rglob("*.json") if not path.name.startswith(".")]
    assert paths
    for path in paths:
        texts = list(json_model.read_texts(path.read_bytes()))
        decoder, text, at = json.JSONDecoder(), path.read_text("utf-8"), 0
        for value in texts:
            other, at = decoder.raw_decode(text, at)
            assert plain(value) == other
        assert text[at:].strip() == ""


@pytest.mark.parametrize(
    "text",
    [b"", b"[1,]", b'{"a":1,}', b"01", b"1.", b"+1", b"[1 2]", b'"\x01"', b'"\xff"', b"nul", b'"\\x"', b"1 2", b'"a\\ud8"',
     b"'a'", b"[" * 65 + b"]" * 65, b"\xef\xbb\xbf1", b"NaN", b'{"a" 1}', b"{1:2}", b'"\xed\xa0\x80"', b'"'],
)
def test_model_refuses_what_is_no_json(text):
    with pytest.raises(json_model.JsonError):
        json_model.read_text(text)
