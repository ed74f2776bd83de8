# SPDX-License-Identifier: MIT
"""`kith update`: which exports it knows, what it reads of those that have grown, and of those that overlap."""

import datetime
import gzip
import random
import threading
import zlib

import pytest
from conftest import HEADER, LONG, rows, some
from update_support import COMMUNITY, Job, batch, community, export_of, held

DAY = datetime.timedelta(days=1)
END = "2026-06-29"
SMALL_END = "2026-02-23"
LOG = [
    "2026-02-02,ana,post,,2",
    "2026-02-03,ben,like,ana,12",
    '2026-02-04,"ben, the\nsecond",post,,',
    "2026-02-05,ana,dance,,",
    "2026-02-10T08:00:00Z,ana,article,,",
    "2026-02-17,cleo,like,ana,3",
]


@pytest.fixture
def job(kith, tmp_path):
    return Job(kith, tmp_path)


def close(job, end=SMALL_END):
    """Reviews what is left, and gives the tables of all runs."""
    empty = job.folder / "empty.csv"
    empty.write_text(HEADER)
    assert job.run("--quiet", "--until", end, empty).returncode == 0
    return job.gave()


@pytest.fixture
def expected(kith, write, tmp_path):
    """What LOG gives at once."""
    return batch(kith, tmp_path, "--until", SMALL_END, write("whole.csv", export_of(LOG)))


def test_all_exports_of_a_job_are_known(job, events):
    days = [events(f"{day:02}.csv", f"2026-02-{day:02},ana,post,,") for day in range(2, 9)]
    assert job.run(*days[:4]).returncode == 0
    assert job.run(*days).returncode == 0
    assert [i["novelty"] for i in job.summary()["inputs"]] == ["read before"] * 4 + ["new"] * 3
    assert job.summary()["events"]["taken"] == 3 and job.summary()["state"]["exports"] == 7
    days[0].rename(days[0].with_name("renamed.csv"))
    job.run(days[0].with_name("renamed.csv"))
    assert job.summary()["events"]["taken"] == 0


def test_copies_within_a_run_count_once(job, write):
    export = export_of(LOG)
    names = [write("a.csv", export), write("b.csv", export), write("c.csv", export + "2026-02-18,ana,post,,\n")]
    assert job.run("--quiet", *names).returncode == 1
    assert [i["novelty"] for i in job.summary()["inputs"]] == ["new", "read before", "grown"]
    assert [i["events"] for i in job.summary()["inputs"]] == [5, 0, 1]


# --- logs that grow ---

ENDS = pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])


@ENDS
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_a_log_that_grows_row_by_row(job, expected, tmp_path, end, packed):
    log = tmp_path / "activity.log"
    pieces = [HEADER.strip() + end, *(row + end for row in LOG)]
    taken = []
    for piece in pieces:
        with open(log, "ab") as file:
            file.write(gzip.compress(piece.encode()) if packed else piece.encode())
        done = job.run("--quiet", log)
        taken.append((done.returncode, job.summary()["inputs"][0]["rows"]))
    assert taken == [(0, 0), *((1 if "dance" in row else 0, 1) for row in LOG)]
    assert close(job) == expected


@ENDS
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_a_log_cut_at_every_row(kith, expected, tmp_path, end, packed):
    pack = gzip.compress if packed else bytes
    for cut in range(len(LOG) + 1):
        job = Job(kith, tmp_path, f"cut{cut}")
        log = tmp_path / f"{cut}.log"
        parts = [
            "".join(row + end for row in [HEADER.strip(), *LOG[:cut]]),
            "".join(row + end for row in LOG[cut:]),
        ]  # fmt: skip
        log.write_bytes(pack(parts[0].encode()))
        assert job.run("--quiet", log).returncode == (1 if cut > 3 else 0)
        with open(log, "ab") as file:
            file.write(pack(parts[1].encode()))
        assert job.run("--quiet", log).returncode == (1 if cut <= 3 else 0)
        assert job.summary()["inputs"][0]["rows"] == (len(LOG) - cut if cut else len(LOG))
        assert close(job) == expected


@ENDS
def test_a_log_cut_anywhere_is_right_or_an_error(kith, tmp_path, end):
    """Rows of one line: what lies before the cut and behind it counts once, or the run says what is wrong."""
    log_rows = [LOG[0], LOG[3], LOG[1]]
    whole = (HEADER.strip() + end + "".join(row + end for row in log_rows)).encode()
    log = tmp_path / "activity.log"
    log.write_bytes(whole)
    wanted = batch(kith, tmp_path, "--until", SMALL_END, log)
    outcomes = set()
    for cut in some(range(1, len(whole)), 5):
        job = Job(kith, tmp_path, f"cut{cut}")
        log.write_bytes(whole[:cut])
        first = job.run("--quiet", log).returncode
        assert (first == 3) == (not job.state.exists())
        before = held(job)
        log.write_bytes(whole)
        done = job.run("--quiet", log)
        outcomes.add((first, done.returncode))
        if done.returncode == 3:
            assert "activity.log" in done.err and "not complete when it was read last" in done.err
            assert "--overlapping" in done.err and held(job) == before
            assert job.run("--quiet", "--overlapping", log).returncode == 1
        assert close(job) == wanted
    possible = {(3, 1), (0, 1), (1, 1), (1, 0), (0, 3), (1, 3)}
    assert outcomes == possible if LONG else outcomes <= possible


# --- logs that are rotated and packed ---


def packed(path, name, level=9):
    """Packs a file as a rotation does: the plain one is gone."""
    target = path.with_name(name)
    target.write_bytes(gzip.compress(path.read_bytes(), level))
    path.unlink()
    return target


def test_rotation_and_compression_change_nothing(kith, job, write, tmp_path):
    """activity.csv goes on as activity.csv.1 and then as activity.csv.2.gz, and some rows come right before a rotation."""
    lines = community()[:900]
    log = write("activity.csv", HEADER)
    for begin in range(0, len(lines), 100):
        with open(log, "a") as file:
            file.write(export_of(lines[begin : begin + 60], ""))
        assert job.run("--quiet", *sorted(tmp_path.glob("activity.csv*"))).returncode == 0
        with open(log, "a") as file:
            file.write(export_of(lines[begin + 60 : begin + 100], ""))
        if (rotated := tmp_path / "activity.csv.1").exists():
            packed(rotated, f"activity.csv.{begin}.gz")
        log.rename(rotated)
        log.write_text(HEADER)
    exports = sorted(tmp_path.glob("activity.csv*"))
    assert sum(export.suffix == ".gz" for export in exports) == 8
    assert job.run("--quiet", *exports).returncode == 0
    told = job.summary()
    assert {i["novelty"] for i in told["inputs"][2:]} == {"read before"}
    end = str(datetime.date.fromisoformat(lines[-1][:10]) + 8 * DAY)
    whole = batch(kith, tmp_path, "--until", end, write("whole.csv", export_of(lines)))
    assert close(job, end) == whole


def test_a_packed_copy_is_the_export_that_was_read(job, expected, write):
    log = write("a.log", export_of(LOG))
    job.run("--quiet", log)
    state = job.summary()["state"]["exports"]
    copy = packed(log, "a.log.1.gz")
    for _ in range(2):
        assert job.run("--quiet", copy).returncode == 0
        assert job.summary()["inputs"][0] | {"rows": 0, "novelty": "read before"} == job.summary()["inputs"][0]
    assert job.summary()["state"]["exports"] == state + 1
    again = copy.with_name("b.gz")
    again.write_bytes(gzip.compress(export_of(LOG).encode(), 1))
    assert job.run("--quiet", again, write("c.log", export_of(LOG))).returncode == 0
    assert [i["novelty"] for i in job.summary()["inputs"]] == ["read before"] * 2
    assert close(job) == expected


@ENDS
def test_a_log_packed_after_it_has_grown_is_read_on(kith, expected, tmp_path, end):
    whole = "".join(row + end for row in [HEADER.strip(), *LOG])
    for cut in range(1, len(LOG) + 1):
        job = Job(kith, tmp_path, f"cut{cut}")
        log = tmp_path / f"{cut}.log"
        log.write_text("".join(row + end for row in [HEADER.strip(), *LOG[:cut]]), newline="")
        assert job.run("--quiet", log).returncode == (1 if cut > 3 else 0)
        log.write_text(whole, newline="")
        copy = packed(log, f"{cut}.gz")
        assert job.run("--quiet", copy).returncode == (1 if cut <= 3 else 0)
        novelty = "grown" if cut < len(LOG) else "read before"
        wanted = {"rows": len(LOG) - cut, "novelty": novelty}
        assert job.summary()["inputs"][0] | wanted == job.summary()["inputs"][0]
        with open(copy, "ab") as file:
            file.write(gzip.compress(f"2026-02-18,dora,post,,{end}".encode()))
        assert job.run("--quiet", copy).returncode == 0
        assert job.summary()["inputs"][0] | {"rows": 1, "novelty": "grown"} == job.summary()["inputs"][0]


def test_a_packed_log_whose_last_row_was_half_written(job, expected, write):
    """The half row was refused, and comes whole in the packed file."""
    text = export_of(LOG)
    log = write("a.log", text[: text.index("2026-02-10T08:00:00Z") + 12])
    assert job.run("--quiet", log).returncode == 1
    log.write_text(text)
    assert job.run("--quiet", packed(log, "a.log.gz")).returncode == 0
    assert job.summary()["inputs"][0] | {"rows": 2, "novelty": "grown"} == job.summary()["inputs"][0]
    assert close(job) == expected


@pytest.mark.parametrize("rows_more", [0, 2], ids=["read before", "grown"])
def test_a_damaged_packed_copy_is_refused(job, write, rows_more):
    log = write("a.log", export_of(LOG[: len(LOG) - rows_more]))
    job.run("--quiet", log)
    log.write_text(export_of(LOG))
    copy = packed(log, "a.log.gz")
    whole = copy.read_bytes()
    before = held(job)
    for content in (whole[:-3], whole[:-9], whole[:-8] + b"\0\0\0\0" + whole[-4:], whole[:30]):
        copy.write_bytes(content)
        done = job.run("--quiet", copy)
        assert done.returncode == 3 and "a.log.gz" in done.err
        assert held(job) == before
    copy.write_bytes(whole)
    assert job.run("--quiet", copy).returncode == 0
    assert job.summary()["inputs"][0] | {"rows": rows_more} == job.summary()["inputs"][0]


def test_another_packed_log_is_new(job, write):
    job.run("--quiet", write("a.log", export_of(LOG)))
    other = write("b.log", export_of(["2026-02-02,dora,post,,", *LOG]))
    assert job.run("--quiet", packed(other, "b.gz")).returncode == 1
    assert job.summary()["inputs"][0] | {"rows": 7, "novelty": "new"} == job.summary()["inputs"][0]


def test_a_last_row_without_line_end_counts(job, expected, write, tmp_path):
    log = write("a.log", export_of(LOG)[:-1])
    assert job.run("--quiet", log).returncode == 1
    assert job.summary()["inputs"][0]["rows"] == 6
    assert job.run("--quiet", log).returncode == 0
    assert job.summary()["inputs"][0]["novelty"] == "read before"
    log.write_text(export_of(LOG))
    assert job.run("--quiet", log).returncode == 0
    assert job.summary()["inputs"][0] | {"rows": 0, "novelty": "grown"} == job.summary()["inputs"][0]
    assert close(job) == expected


def test_a_log_begun_anew_is_new(job, expected, write):
    log = write("a.log", export_of(LOG[:3]))
    job.run("--quiet", log)
    log.write_text(export_of(LOG[3:]))
    assert job.run("--quiet", log).returncode == 1
    assert job.summary()["inputs"][0]["novelty"] == "new"
    assert close(job) == expected


def test_a_log_that_is_written_while_it_is_read(kith, job, write, tmp_path):
    log = write("activity.log", HEADER)
    lines = [row + "\n" for row in community()]

    def grow():
        with open(log, "ab", buffering=0) as file:
            for begin in range(0, len(lines), 7):
                file.write("".join(lines[begin : begin + 7]).encode())
                if begin % 700 == 0:
                    runs.wait(timeout=60)

    runs = threading.Barrier(2)
    writer = threading.Thread(target=grow)
    writer.start()
    taken = []
    while writer.is_alive():
        try:
            runs.wait(timeout=5)
        except threading.BrokenBarrierError:
            break
        assert job.run("--quiet", log).returncode == 0
        taken.append(job.summary()["events"]["taken"])
    writer.join()
    job.run("--quiet", log)
    taken.append(job.summary()["events"]["taken"])
    assert sum(taken) == len(lines) and len(taken) > 5
    assert close(job, END) == batch(kith, tmp_path, COMMUNITY)


def test_standard_input_and_pipes_are_read_as_new(job, small, tmp_path):
    for _ in range(2):
        job.run("-", stdin=small.read_bytes())
        assert job.summary()["inputs"][0] | {"events": 5, "novelty": "new"} == job.summary()["inputs"][0] or (
            job.summary()["inputs"][0]["late"] == 3
        )
    assert job.summary()["state"]["exports"] == 0
    with open(small, "rb") as file:
        job.run("-", stdin=file)
    assert job.summary()["inputs"][0]["novelty"] == "new"


def test_many_exports_are_forgotten_once_their_weeks_are_closed(job, events):
    first = [events(f"{i:04}.csv", f"2026-02-02,m{i},post,,") for i in range(1100)]
    assert job.run("--quiet", *first).returncode == 0
    assert job.summary()["state"]["exports"] == 1100
    assert job.run("--quiet", events("next.csv", "2026-02-10,ana,post,,")).returncode == 0
    assert job.summary()["state"]["exports"] == 1000
    # Those forgotten are late if they come again, those known are skipped: nothing counts twice.
    assert job.run("--quiet", *first).returncode == 0
    told = job.summary()
    assert sum(i["events"] for i in told["inputs"]) == 0
    assert {i["novelty"] for i in told["inputs"][:101]} == {"new"} and told["inputs"][0]["late"] == 1
    assert {i["novelty"] for i in told["inputs"][101:]} == {"read before"}


# --- exports that overlap ---


def nights(begin, end, days, with_ids=False):
    """(the day, the rows of the `days` days before it), night after night."""
    lines = [(row, f"{row},{i}" if with_ids else row) for i, row in enumerate(community())]
    day = datetime.date.fromisoformat(begin)
    while day <= datetime.date.fromisoformat(end):
        yield day, [line for row, line in lines if str(day - days * DAY) <= row[:10] < str(day)]
        day += DAY


@pytest.mark.parametrize("with_ids", [False, True], ids=["without ids", "with ids"])
def test_the_last_days_every_night(kith, job, write, tmp_path, with_ids):
    header = HEADER.strip() + (",id\n" if with_ids else "\n")
    for day, lines in nights("2025-12-02", "2026-03-10", 30, with_ids):
        export = write(f"{day}.csv", export_of(lines, header))
        # With ids, exports that overlap need no word: what was taken before is left out by itself.
        options = [] if with_ids else ["--overlapping"]
        assert job.run("--quiet", *options, export).returncode == 0
    rows_so_far = [row for row in community() if row[:10] < "2026-03-10"]
    assert job.run("--quiet", "--until", "2026-03-09", *options, export).returncode == 0
    whole = write("whole.csv", export_of(rows_so_far))
    assert job.gave() == batch(kith, tmp_path, "--until", "2026-03-09", whole)


def test_the_same_overlapping_exports_twice_change_nothing(job, write):
    *_, (_, lines) = nights("2026-02-20", "2026-02-20", 30)
    exports = [write("a.csv", export_of(lines[:-5])), write("b.csv", export_of(lines[-5:]))]
    assert job.run("--quiet", "--overlapping", *exports).returncode == 0
    state = job.state.read_bytes()
    done = job.run("--overlapping", *exports)
    assert done.returncode == 0 and "read before" in done.out
    assert job.state.read_bytes() == state
    assert [i["rows"] for i in job.summary()["inputs"]] == [0, 0]
    # One of them alone is another thing.
    done = job.run("--overlapping", exports[1])
    assert done.returncode == 3 and "do not reach back to 2026-02-16T" in done.err
    assert job.state.read_bytes() == state


def test_rows_that_are_gone_from_overlapping_exports_are_gone(kith, job, events, write, tmp_path):
    kept = ["2026-02-02,ana,post,,", "2026-02-04,ana,article,,", "2026-02-10,ben,post,,"]
    gone = ["2026-02-03,ben,article,,3", "2026-02-05,dora,article,,3"]
    assert job.run("--until", "2026-02-02", "--overlapping", events("a.csv", kept[0], *gone, kept[1])).returncode == 0
    assert job.run("--overlapping", events("b.csv", *kept)).returncode == 0
    assert close(job) == batch(kith, tmp_path, "--until", SMALL_END, tmp_path / "b.csv")


def test_exports_that_do_not_reach_back_are_refused(job, events):
    first = events("a.csv", "2026-02-02,ana,post,,", "2026-02-03,ben,post,,")
    assert job.run("--overlapping", first).returncode == 0
    before = held(job)
    for name, export_rows in (("b.csv", ["2026-02-03,ben,post,,"]), ("c.csv", [])):
        done = job.run("--overlapping", events(name, *export_rows))
        assert done.returncode == 3 and "do not reach back to 2026-02-02T00:00:00Z" in done.err
        assert held(job) == before
    assert job.run("--overlapping", "--force", "b.csv").returncode == 0
    assert job.run("--until", "2026-02-09", "--overlapping", "b.csv").returncode == 0
    assert [row.split(",")[0] for row in rows(job.out / "standings.csv")] == ["ben"]


def test_late_rows_show_that_exports_reach_back(job, events):
    job.run("--overlapping", events("a.csv", "2026-02-02,ana,post,,", "2026-02-10,ana,post,,", "2026-02-11,ben,post,,"))
    # The act of 10 February was taken back where it was made.
    done = job.run("--overlapping", events("b.csv", "2026-02-02,ana,post,,", "2026-02-11,ben,post,,"))
    assert done.returncode == 0
    assert job.summary()["inputs"][0]["late"] == 1 and job.summary()["events"]["taken"] == 1


# --- the two sorts of exports, mixed ---


def test_a_new_export_after_overlapping_ones_is_refused(job, events):
    job.run("--overlapping", events("a.csv", "2026-02-02,ana,post,,"))
    before = held(job)
    new = events("b.csv", "2026-02-03,ben,post,,", "2026-02-02,ana,post,,")
    for stdin, arguments in ((b"", [new]), (new.read_bytes(), ["-"])):
        done = job.run(*arguments, stdin=stdin)
        assert done.returncode == 3 and "--overlapping again, and else --force" in done.err
        assert held(job) == before
    assert job.run("--force", new).returncode == 0
    assert job.run(events("c.csv", "2026-02-04,ben,post,,")).returncode == 0


def test_a_new_export_is_safe_once_the_overlapping_weeks_are_closed(job, events):
    job.run("--overlapping", "--until", "2026-02-09", events("a.csv", "2026-02-02,ana,post,,"))
    assert job.run(events("b.csv", "2026-02-09,ana,post,,", "2026-02-02,ana,post,,")).returncode == 0
    assert job.summary()["inputs"][0] | {"events": 1, "late": 1} == job.summary()["inputs"][0]


def test_a_log_read_with_overlapping_may_grow(kith, job, expected, write):
    log = write("a.log", export_of(LOG[:2]))
    assert job.run("--quiet", "--overlapping", log).returncode == 0
    log.write_text(export_of(LOG))
    assert job.run("--quiet", log).returncode == 1
    assert job.summary()["inputs"][0] | {"novelty": "grown", "rows": 4} == job.summary()["inputs"][0]
    assert close(job) == expected


def test_a_log_read_before_overlapping_exports_is_not_known_after_them(job, events, write):
    log = write("a.log", export_of(LOG[:2]))
    job.run("--quiet", log)
    assert job.run("--quiet", "--overlapping", write("all.csv", export_of(LOG[2::-1]))).returncode == 0
    log.write_text(export_of(LOG))
    done = job.run("--quiet", log)
    assert done.returncode == 3 and "a.log: is new" in done.err


def test_a_new_export_that_begins_with_an_overlapping_one_is_read_on(kith, job, expected, write):
    assert job.run("--quiet", "--overlapping", write("a.csv", export_of(LOG[:3]))).returncode == 0
    assert job.run("--quiet", write("b.csv", export_of(LOG))).returncode == 1
    assert close(job) == expected


def test_overlapping_after_exports_that_do_not_must_hold_all(job, events):
    job.run(events("a.csv", "2026-02-02,ana,post,,", "2026-02-09,ana,post,,"))
    before = held(job)
    # A straggler of a closed week, and what is new: late rows alone do not show that it reaches back.
    done = job.run("--overlapping", events("b.csv", "2026-02-03,ana,post,,", "2026-02-11,ben,post,,"))
    assert done.returncode == 3 and "do not reach back to 2026-02-09" in done.err
    assert held(job) == before
    assert job.run("--overlapping", events("c.csv", "2026-02-09,ana,post,,", "2026-02-11,ben,post,,")).returncode == 0
    assert job.summary()["events"]["taken"] == 2


# --- states that cannot be used ---


def test_damaged_states_are_refused(job, small, events):
    job.run(small)
    whole = job.state.read_bytes()
    tables = held(job)[1]
    chance = random.Random(1)
    damaged = [b"", whole[:-1], whole[: len(whole) // 2], whole + b"\0", small.read_bytes(), b"\0" * len(whole)]
    for _ in range(40):
        at = chance.randrange(len(whole))
        damaged.append(whole[:at] + bytes([whole[at] ^ 1 << chance.randrange(8)]) + whole[at + 1 :])
    for content in damaged:
        job.state.write_bytes(content)
        done = job.run(small)
        assert (done.returncode, done.out) == (3, "")
        assert done.err.startswith(f"kith: {job.state}: ") and len(done.err.splitlines()) == 1
        words = "this state is damaged: put a copy of it back, or remove it and give all exports, to begin anew ("
        if not content.startswith(whole[:8]):
            words = "is not a state of 'kith update': --state takes one, or a file that is not there yet, to begin one ("
        assert words in done.err
        assert held(job) == (content, tables)


def test_a_state_of_a_later_version_is_refused(job, small):
    job.run(small)
    whole = job.state.read_bytes()
    header = whole[:8] + (77).to_bytes(4, "little")
    job.state.write_bytes(header + zlib.crc32(header).to_bytes(4, "little") + whole[16:])
    before = held(job)
    done = job.run(small)
    assert (done.returncode, done.out) == (3, "")
    assert done.err.startswith(f"kith: {job.state}: this state was written by a later version of kith: use that one (")
    assert "form 77" in done.err and held(job) == before


RECORD = (
    '{"program":"kith update","version":1,"policy":"0123456789abcdef","overlapped":null,"exports":['
    '{"size":9,"digest":"00112233445566778899aabbccddeeff","end_offset":9,"end_line":2,"last_event":5}]}'
)
WRONG = {
    "no JSON": "{",
    "something behind": RECORD + "x",
    "a list": "[]",
    "another program": '{"cursor":17}',
    "no version": RECORD.replace('"version":1,', ""),
    "version 0": RECORD.replace('"version":1', '"version":0'),
    "version as text": RECORD.replace('"version":1', '"version":"1"'),
    "a key twice": RECORD.replace('"version":1', '"version":1,"version":1'),
    "an unknown key": RECORD.replace('"version":1', '"version":1,"more":1'),
    "policy too short": RECORD.replace("0123456789abcdef", "0123"),
    "policy no digest": RECORD.replace("0123456789abcdef", "0123456789abcdeX"),
    "overlapped negative": RECORD.replace("null", "-1"),
    "overlapped a fraction": RECORD.replace("null", "1.5"),
    "exports no list": RECORD.replace("[", "{", 1).replace("]", "}"),
    "an export as number": RECORD.replace('"exports":[', '"exports":[1,'),
    "an export twice": RECORD.replace("}]", "}," + RECORD[RECORD.index('{"size"') :].replace("]}", "") + "]", 1),
    "size 0": RECORD.replace('"size":9', '"size":0'),
    "size negative": RECORD.replace('"size":9', '"size":-9'),
    "size too large": RECORD.replace('"size":9', '"size":99999999999999999999'),
    "digest too long": RECORD.replace("ccddeeff", "ccddeeff0"),
    "digest upper case": RECORD.replace("ccddeeff", "CCDDEEFF"),
    "no end": RECORD.replace('"end_offset":9,', ""),
    "end 0": RECORD.replace('"end_offset":9', '"end_offset":0'),
    "line 0": RECORD.replace('"end_line":2', '"end_line":0'),
    "no last event": RECORD.replace('"last_event":5', '"last_event":null'),
    "deep": "[" * 100000,
}


def test_the_record_of_exports(job, small, position):
    job.run(small)
    told = position(job.state).decode()
    assert told.startswith('{"program":"kith update","version":1,"policy":"') and '"overlapped":null' in told
    assert f'"size":{small.stat().st_size},"digest":"' in told
    assert f'"end_offset":{small.stat().st_size},"end_line":7,"last_event":1771185600}}' in told
    job.run("--overlapping", small)
    assert '"overlapped":1771185600' in position(job.state).decode()


@pytest.mark.parametrize("record", WRONG.values(), ids=WRONG.keys())
def test_a_damaged_record_is_refused(job, small, write, position, record):
    job.run(small)
    position(job.state, write("record", record))
    before = held(job)
    done = job.run(small)
    assert (done.returncode, done.out) == (3, "")
    assert done.err.startswith(f"kith: {job.state}: ") and len(done.err.splitlines()) == 1
    assert "record of exports" in done.err
    if record not in (WRONG["another program"], WRONG["a list"]):
        assert "this state is damaged: put a copy of it back, or remove it and give all exports" in done.err
    assert held(job) == before


def test_a_record_of_a_later_version_is_refused(job, small, write, position):
    job.run(small)
    position(job.state, write("record", RECORD.replace('"version":1', '"version":3')))
    assert "has form 3, and this version of kith knows forms up to 2" in job.run(small).err


def test_a_state_without_a_record_knows_no_exports(job, small, write, position):
    job.run(small)
    position(job.state, write("record", ""))
    assert job.run(small).returncode == 0
    assert job.summary()["inputs"][0]["novelty"] == "new"
    position(job.state, write("record", RECORD))
    assert job.run(small).returncode == 0
