# SPDX-License-Identifier: MIT
"""Drawn descriptions on drawn exports: the command must make of them what it makes of the model's events."""

import json

import generate
import model
import pytest
from conftest import counts, rejects, tables
from model_policy import read_policy

CASES = 320
BLOCK = 16
LATEST = 2_000_000_000      # between the times that are drawn and those that are too late in any year of this century


def write(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def read(case):
    """What the model makes of a case; None where an export cannot be read."""
    source = model.read_source(case.description)
    files = case.files
    if case.as_folder:
        files = sorted((one for one in files if source.takes_file(one[0])), key=lambda one: one[0].encode())
    try:
        return files, model.read_exports(source, read_policy(case.policy), files, LATEST)
    except model.ExportError:
        return files, None


def told(refused):
    return [(row[0].split("/")[-1], int(row[1]), row[2], row[3], row[4].encode("utf-8", "surrogateescape")) for row in refused]


def expected(result):
    return [(one.file.split("/")[-1], one.line, one.column, one.reason, one.row) for one in result.rejects]


def check(kith, folder, case):
    files, result = read(case)
    policy = write(folder / "policy.ini", case.policy.encode())
    description = write(folder / "source.ini", case.description.encode())
    paths = [write(folder / "exports" / name, data) for name, data in case.files]
    if case.as_folder:
        paths = [folder / "exports"]
        if not files:
            return      # a folder without exports is nothing that can be scored
    common = ["score", "--quiet", "--history", "--policy", policy]
    out = folder / "out"
    done = kith(*common, "--threads", case.threads, "--source", description, "--out", out, *paths)
    if result is None:
        assert done.returncode == 3, done.err
        return
    assert done.returncode == (1 if result.rejects else 0), done.err
    plain = write(folder / "plain.csv", model.write_csv(result.taken))
    again = kith(*common, "--out", folder / "plain", plain)
    assert again.returncode == 0, again.err
    assert tables(out) == tables(folder / "plain")
    assert told(rejects(out)) == expected(result)
    summary = json.loads((out / "summary.json").read_text("utf-8"))
    assert counts(summary) == (len(result.taken), result.ignored, result.skipped, len(result.rejects))


@pytest.mark.parametrize("block", range(0, CASES, BLOCK))
def test_command_agrees_with_the_model(kith, tmp_path, block):
    for seed in range(block, block + BLOCK):
        case = generate.case(seed)
        try:
            check(kith, tmp_path / str(seed), case)
        except Exception:
            print(f"seed {seed}\n{case.description}")
            raise


def test_cases_reach_what_they_are_for():
    """A generator of nothing but faults would agree, too."""
    seen = {"taken": 0, "ignored": 0, "skipped": 0}
    reasons, kinds, further, lists = set(), set(), 0, 0
    for seed in range(CASES):
        _, result = read(generate.case(seed))
        source = model.read_source(generate.case(seed).description)
        further += len(source.events) > 1
        lists += any(event.lists for event in source.events)
        if result is None:
            reasons.add("unreadable")
            continue
        for name, count in (("taken", len(result.taken)), ("ignored", result.ignored), ("skipped", result.skipped)):
            seen[name] += count
        reasons |= {one.reason for one in result.rejects}
        kinds |= {one.kind.decode() for one in result.taken}
    assert min(seen.values()) >= CASES // 2 and seen["taken"] >= 5 * CASES
    assert reasons == {"unreadable", "quote", "fields", "json", "time", "member", "target", "kind", "quantity", "future"}
    assert kinds == set(generate.KINDS)
    assert further >= CASES // 3 and lists >= CASES // 8
