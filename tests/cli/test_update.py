# SPDX-License-Identifier: MIT
"""`kith update`: run after run gives what one `kith score` gives."""

import datetime
import fcntl
import gzip
import json
import os
import random
import re
import subprocess
import time

import pytest
from conftest import HEADER, TABLES, result, rows
from update_support import COMMUNITY, GROWING, Job, batch, community, export_of, held

DAY = datetime.timedelta(days=1)
END = "2026-06-29"  # when all weeks of the community are over


@pytest.fixture
def job(kith, tmp_path):
    return Job(kith, tmp_path)


def week_of(row):
    day = datetime.date.fromisoformat(row[:10])
    return day - day.weekday() * DAY


def weeks():
    """Rows of the sample community, week by week."""
    parts = {}
    for row in community():
        parts.setdefault(week_of(row), []).append(row)
    return [parts[week] for week in sorted(parts)]


# --- what many runs give ---


def test_week_by_week_gives_what_one_run_gives(kith, job, write, tmp_path):
    for i, part in enumerate(weeks()):
        assert job.run("--quiet", write(f"{i}.csv", export_of(part))).returncode == 0
    assert job.run("--quiet", "--until", END, write("last.csv", HEADER)).returncode == 0
    assert job.gave() == batch(kith, tmp_path, COMMUNITY)


def test_each_run_gives_the_week_before(job, write):
    seen = []
    for i, part in enumerate(weeks()[:6]):
        job.run(write(f"{i}.csv", export_of(part)))
        seen.append([row[:10] for row in rows(job.out / "weeks.csv")])
    assert seen == [[], ["2025-12-01"], ["2025-12-08"], ["2025-12-15"], ["2025-12-22"], ["2025-12-29"]]


@pytest.mark.parametrize("seed", range(6))
def test_cut_at_random_moments(kith, job, write, tmp_path, seed):
    chance = random.Random(seed)
    all_rows = community()
    cuts = sorted(chance.sample(range(1, len(all_rows)), 12))
    for begin, end in zip([0, *cuts], [*cuts, len(all_rows)]):
        part = all_rows[begin:end]
        chance.shuffle(part)
        middle = chance.randrange(len(part) + 1)
        exports = [write(f"{begin}-a.csv", export_of(part[:middle]))]
        exports.append(write(f"{begin}-b.csv.gz", gzip.compress(export_of(part[middle:]).encode())))
        assert job.run("--quiet", "--threads", chance.choice("14"), *exports).returncode == 0
    assert job.run("--quiet", "--until", END, exports[0]).returncode == 0
    assert job.gave() == batch(kith, tmp_path, COMMUNITY)


def test_tables_and_watch_are_those_of_a_batch_as_of_the_last_events_day(kith, job, write, tmp_path):
    rows_so_far = [row for part in weeks()[:14] for row in part if row[:10] < "2026-03-06"]
    export = write("a.csv", export_of(rows_so_far))
    assert rows_so_far[-1][:10] == "2026-03-05"
    assert job.run(export).returncode == 0
    kith("score", "--as-of", "2026-03-05", "--out", "batch", export)
    assert set(result(job.out)) == {*TABLES, "watch.csv", "summary.json"}
    for name in [*TABLES, "watch.csv"]:
        assert (job.out / name).read_bytes() == (tmp_path / "batch" / name).read_bytes()
    assert len(rows(job.out / "watch.csv")) > 3


def test_same_export_twice_changes_nothing(job, small):
    first = job.run(small)
    state, tables = held(job)
    second = job.run(small)
    assert (first.returncode, second.returncode) == (0, 0)
    assert "Read 5 rows of 1 export" in first.out and "begun by this run" in first.out
    assert "Read 0 rows of 1 export" in second.out and "read before" in second.out
    assert "begun" not in second.out and "No further week was over on 2026-02-09" in second.out
    assert job.state.read_bytes() == state
    for name in GROWING:
        assert rows(job.out / name) == []
    assert (job.out / "standings.csv").read_bytes() == tables["standings.csv"]
    assert [(i["rows"], i["novelty"]) for i in job.summary()["inputs"]] == [(0, "read before")]


# --- which weeks ---


def test_until_closes_the_last_events_week(job, small):
    assert job.run(small).returncode == 0
    assert [row[:10] for row in rows(job.out / "weeks.csv")] == ["2026-02-02"]
    assert job.run("--until", "2026-02-23", small).returncode == 0
    assert [row[:10] for row in rows(job.out / "weeks.csv")] == ["2026-02-09", "2026-02-16"]
    assert job.summary()["state"]["reviewed_until"] == "2026-02-23T00:00:00Z"


def test_until_holds_weeks_open(job, small, events):
    assert job.run("--until", "2026-02-02", small).returncode == 0
    assert rows(job.out / "weeks.csv") == []
    assert job.run(events("late.csv", "2026-02-03,dora,post,,")).returncode == 0
    assert job.summary()["inputs"][0]["events"] == 1


def test_days_that_lie_in_the_future_are_refused(job, small):
    for option in ("--until", "--as-of"):
        done = job.run(option, "2099-01-05", small)
        assert (done.returncode, done.out) == (2, "")
        assert f"{option} 2099-01-05 lies in the future" in done.err
    assert held(job) == (None, {})


def test_as_of_in_a_week_reviewed_before_is_refused(job, small):
    job.run(small)
    before = held(job)
    done = job.run("--as-of", "2026-02-08", small)
    assert done.returncode == 2 and "--as-of 2026-02-08 lies in a week that was reviewed" in done.err
    assert "from 2026-02-09 on" in done.err and job.run("--as-of", "2026-02-09", small).returncode == 0
    job.state.write_bytes(before[0])
    job.run("--quiet", "--until", "2026-02-09", small)
    before = held(job)
    assert job.run("--as-of", "2026-02-08", small).returncode == 2
    assert held(job) == before
    assert job.run("--as-of", "2026-02-18", small).returncode == 0
    assert rows(job.out / "watch.csv")[0].startswith("ana,")


def test_an_event_of_tomorrow_does_not_close_the_week_of_today(job, events, write):
    now = datetime.datetime.now(datetime.timezone.utc)
    if now.hour == 23 and now.minute > 50:
        pytest.skip("tomorrow is too near")
    write("my.ini", f"[calendar]\nweek_start = {(now + DAY):%A}\n".lower())
    export = events("a.csv", f"{now:%Y-%m-%d},ana,post,,", f"{now + DAY:%Y-%m-%d}T00:00:00Z,ana,post,,")
    assert job.run("--policy", "my.ini", export).returncode == 0
    assert job.summary()["inputs"][0]["events"] == 2
    assert job.summary()["weeks"]["count"] == 0


def test_no_event_closes_nothing(job, events):
    empty = events("none.csv")
    assert job.run("--until", "2026-02-23", empty).returncode == 0
    assert (job.summary()["weeks"]["count"], job.summary()["state"]["reviewed_until"]) == (0, None)
    assert job.run(events("a.csv", "2026-02-03,ana,post,,")).returncode == 0
    assert job.summary()["inputs"][0]["events"] == 1


# --- rows that do not count ---


def test_late_rows_are_told_apart(job, small, events):
    job.run(small)
    done = job.run(events("b.csv", "2026-02-03,ana,post,,", "2026-02-12,ana,post,,"))
    assert done.returncode == 0
    assert "Late 1 row in weeks reviewed before" in done.out and "--overlapping" in done.out
    assert not (job.out / "rejects.csv").exists()
    told = job.summary()
    assert told["inputs"][0] | {"file": "", "bytes": 0} == {
        "file": "", "bytes": 0, "rows": 2, "events": 1, "rejected": 0, "ignored": 0, "late": 1, "novelty": "new",
    } | {key: told["inputs"][0][key] for key in ("skipped",) if key in told["inputs"][0]}  # fmt: skip
    assert told["rejects"]["total"] == 0


def test_other_rows_are_refused_as_ever(job, small, events):
    done = job.run("--quiet", small, events("b.csv", "2026-02-03,ana,dance,,", "2026-02-03,ana,post,,"))
    assert (done.returncode, done.out) == (1, "")
    assert done.err == f"kith: 1 row was refused: see {job.out}/rejects.csv\n"
    assert [row.split(",")[:2] for row in rows(job.out / "rejects.csv")] == [["b.csv", "2"]]
    done = job.run("--quiet", small)
    assert (done.returncode, done.out, done.err) == (0, "", "")
    assert not (job.out / "rejects.csv").exists()


def test_max_rejects_changes_nothing(job, small, events):
    job.run(small)
    before = held(job)
    bad = events("b.csv", "2026-02-12,ana,post,,", "2026-02-03,ana,dance,,")
    assert job.run("--max-rejects", "0", bad).returncode == 3
    assert held(job) == before
    assert job.run("--max-rejects", "1", bad).returncode == 1


def test_an_export_of_which_nothing_was_taken_is_read_again(job, events, write):
    export = events("a.csv", "2026-02-03,ana,dance,,")
    assert job.run(export).returncode == 1
    write("my.ini", "[kind dance]\ngives = content 20\n")
    assert job.run("--policy", "my.ini", export).returncode == 0
    assert job.summary()["inputs"][0]["events"] == 1


# --- policy ---


def digest(job):
    return job.summary()["policy"]["digest"]


def test_policy_is_kept_and_exchanged(kith, job, write, tmp_path):
    parts = weeks()
    mine = write("my.ini", "[memory]\nhalf_life_weeks = 1\n")
    wanted = kith("policy", "--check", mine).out.split()[-1]
    assert job.run("--policy", mine, write("0.csv", export_of(parts[0]))).returncode == 0
    done = job.run(write("1.csv", export_of(parts[1])))
    assert (done.returncode, digest(job)) == (0, wanted)
    assert "another one" not in done.out and job.summary()["state"]["policy_changed"] is False
    other = write("other.ini", "[memory]\nhalf_life_weeks = 8\n")
    done = job.run("--policy", other, write("2.csv", export_of(parts[2])))
    assert done.returncode == 0 and digest(job) != wanted
    assert "the policy is another one" in done.out and job.summary()["state"]["policy_changed"] is True
    # Going on with the figures that were in force all along gives what a batch under them gives.
    same = Job(kith, tmp_path, "same")
    for i, part in enumerate(parts[:8]):
        assert same.run("--quiet", *(["--policy", mine] if i % 2 else []), write(f"s{i}.csv", export_of(part)),
                        *([] if i else ["--policy", mine])).returncode == 0  # fmt: skip
    all_rows = [row for part in parts[:8] for row in part]
    until = str(week_of(parts[7][0]))
    assert same.gave() == batch(kith, tmp_path, "--policy", mine, "--until", until, write("all.csv", export_of(all_rows)))


def test_a_policy_that_cannot_take_the_place_changes_nothing(job, small, write):
    job.run(small)
    before = held(job)
    done = job.run("--policy", write("my.ini", "[calendar]\nweek_start = sunday\n"), small)
    assert (done.returncode, done.out) == (4, "") and done.err.startswith("kith: ")
    done = job.run("--policy", write("bad.ini", "[calendar]\nweek_start = soon\n"), small)
    assert (done.returncode, done.out) == (4, "") and "bad.ini:2" in done.err
    assert held(job) == before


# --- the state ---


def test_a_lock_that_is_held(job, small):
    job.run(small)
    before = held(job)
    with open(f"{job.state}.lock", "r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = job.run(small)
        assert (done.returncode, done.out) == (3, "")
        assert re.fullmatch(rf"kith: {job.state}: in use by another run, process \d+\n", done.err)
        lock.truncate(0)
        assert job.run(small).err == f"kith: {job.state}: in use by another run\n"
    assert held(job) == before
    assert job.run(small).returncode == 0


def test_a_second_run_names_the_first(binary, environment, job, small, tmp_path):
    (tmp_path / "link.state").symlink_to(job.state.name)
    job.run(small)
    process = subprocess.Popen(
        [binary, "update", "--quiet", "--state", job.state, "--out", "first", "-"], stdin=subprocess.PIPE,
        cwd=tmp_path, env=environment,
    )  # fmt: skip
    deadline = time.monotonic() + 20
    while f"{process.pid}" not in (lock := (tmp_path / "job.state.lock").read_text()):
        assert time.monotonic() < deadline, lock
        time.sleep(0.01)
    for state in (job.state, tmp_path / "link.state"):
        done = job.kith("update", "--state", state, small)
        assert done.returncode == 3 and f"process {process.pid}" in done.err
    process.communicate(HEADER.encode(), timeout=60)
    assert process.returncode == 0


@pytest.mark.parametrize("name", ["summary.json", "weeks.csv"])
def test_a_state_among_the_results_is_refused(kith, small, tmp_path, name):
    (tmp_path / "out").mkdir()
    for _ in range(2):
        done = kith("update", "--state", f"out/{name}", "--out", "out", small)
        assert done.returncode == 3 and f"out/{name}: is to be the state" in done.err
        assert set(result(tmp_path / "out")) == {f"{name}.lock"}


def test_a_state_may_lie_in_the_result_folder(job, small):
    job.state = job.out / "kith.state"
    job.out.mkdir()
    assert job.run(small).returncode == 0 and job.run(small).returncode == 0
    assert set(result(job.out)) == {*TABLES, "watch.csv", "summary.json", "kith.state", "kith.state.lock"}


def test_a_state_keeps_its_mode_and_link(job, small, tmp_path):
    (tmp_path / "real").mkdir()
    job.state.symlink_to("real/state")
    assert job.run(small).returncode == 0
    assert job.state.is_symlink()
    (tmp_path / "real" / "state").chmod(0o600)
    assert job.run("--until", "2026-02-16", small).returncode == 0
    assert job.state.is_symlink() and (tmp_path / "real" / "state").stat().st_mode & 0o777 == 0o600
    assert set(result(tmp_path / "real")) <= {"state", "state.lock"}


def test_summary(job, small, tmp_path):
    job.run(small)
    told = job.summary()
    state = told["state"]
    assert state == {
        "file": str(job.state), "begun": True, "overlapping": False, "policy_changed": False,
        "source_changed": False,
        "reviewed_until": "2026-02-09T00:00:00Z", "exports": 1, "bytes": job.state.stat().st_size,
    }  # fmt: skip
    assert told["weeks"] == {"first": "2026-02-02", "last": "2026-02-02", "count": 1}
    assert told["events"]["taken"] == 5
    assert told["tables"]["watch.csv"] == len(rows(job.out / "watch.csv"))
    job.run(small)
    assert job.summary()["events"]["taken"] == 0 and job.summary()["state"]["begun"] is False


# --- arguments ---

FAULTS = {
    "no state": ["a.csv"],
    "empty state": ["--state", "", "a.csv"],
    "no export": ["--state", "s"],
    "history": ["--state", "s", "--history", "a.csv"],
    "value for overlapping": ["--state", "s", "--overlapping=yes", "a.csv"],
    "until no day": ["--state", "s", "--until", "soon", "a.csv"],
}


@pytest.mark.parametrize("arguments", FAULTS.values(), ids=FAULTS.keys())
def test_fault(kith, tmp_path, arguments):
    done = kith("update", *arguments)
    assert (done.returncode, done.out) == (2, "")
    assert re.fullmatch(r"kith: .+\nTry 'kith update --help'\.\n", done.err)
    assert set(result(tmp_path)) == set()


def test_report_fits_80_columns(job, write):
    for i, part in enumerate(weeks()[:12]):
        write(f"{i}.csv", export_of(part))
        done = job.kith("update", "--state", "s", f"{i}.csv")
        assert max(map(len, done.out.splitlines())) <= 80
    assert "Tiers" in done.out and "Tables in " in done.out


def test_there_is_no_bar_without_a_terminal(job, small):
    assert job.run(small).err == ""


def test_full_disk_under_the_report_is_a_fault_of_the_report_alone(job, small, tmp_path):
    with open("/dev/full", "wb") as full:
        assert job.run(small, stdout=full).returncode == 3
    assert job.state.exists() and json.loads((job.out / "summary.json").read_text())


def test_unreadable_states_and_folders(kith, small, tmp_path):
    done = kith("update", "--state", "nowhere/s", small)
    assert done.returncode == 3 and "nowhere/s.lock: cannot be opened: No such file" in done.err
    (tmp_path / "folder").mkdir()
    done = kith("update", "--state", "folder", small)
    assert done.returncode == 3 and "folder: is not a file" in done.err
    os.mkfifo(tmp_path / "fifo")
    done = kith("update", "--state", "fifo", small)
    assert done.returncode == 3 and "fifo: is not a file" in done.err
