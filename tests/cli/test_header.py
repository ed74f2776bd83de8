# SPDX-License-Identifier: MIT
"""Columns that are not used, and may have been meant for a field: a note on standard error."""

import gzip
import os
import threading

import pytest
from conftest import result

ROW = "2026-02-02,ana,post,,,\n"


def noted(kith, *arguments, **more):
    done = kith("score", *arguments, **more)
    assert done.returncode == 0, done.err
    return done.err


def note(file, *columns):
    return f"kith: note: {file}: " + "; ".join(
        f"the column '{name}' is not used: if it holds {words}, give --column {field}={name}"
        for field, name, words in columns
    ) + "\n"  # fmt: skip


TARGET, QUANTITY, IDS = "the target", "the quantity", "ids of events"


@pytest.mark.parametrize(
    "header, columns",
    [
        ("time,member,kind,taget,quantity,x", [("target", "taget", TARGET)]),
        ("time,member,kind,traget,quantity,x", [("target", "traget", TARGET)]),
        ("time,member,kind,targets,quantity,x", [("target", "targets", TARGET)]),
        ("time,member,kind,Target,quantity,x", [("target", "Target", TARGET)]),
        ("time,member,kind,TARGET_ID,quantity,x", [("target", "TARGET_ID", TARGET)]),
        ("time,member,kind,target_id,tarjet,x", [("target", "tarjet", TARGET)]),
        ("time,member,kind,tgt,qty,x", []),
        ("time,member,kind,trgts,quantity,x", []),
        ("time,member,kind,target,targets,quantities", []),
        ("time,member,kind,target,targets,quantitys", [("quantity", "quantitys", QUANTITY)]),
        ("time,member,kind,quantity,target,ID", [("id", "ID", IDS)]),
        ("time,member,kind,quantity,target,event_id", [("id", "event_id", IDS)]),
        ("time,member,kind,quantity,target,member_id", []),
        ("time,member,kind,quantity,target,in", []),
        ("time,member,kind,taget,quantty,Event-ID",
         [("target", "taget", TARGET), ("quantity", "quantty", QUANTITY), ("id", "Event-ID", IDS)]),
        ("time,member,kind,a,b,c", []),
    ],
)  # fmt: skip
def test_columns_that_resemble_a_field(kith, write, header, columns):
    write("a.csv", header + "\n" + ROW)
    assert noted(kith, "a.csv") == (note("a.csv", *columns) if columns else "")


def test_what_is_told_to_do_helps(kith, write, tmp_path):
    write("a.csv", "time,member,kind,taget\n2026-02-02,ana,like,ben\n")
    option = noted(kith, "a.csv").split()[-2:]
    assert option == ["--column", "target=taget"]
    assert noted(kith, *option, "a.csv") == ""
    assert (tmp_path / "kith-out" / "standings.csv").read_text().count("\n") == 3


def test_a_name_that_a_shell_would_break_is_quoted(kith, write):
    write("a.csv", "time,member,kind,target (user)\n2026-02-02,ana,like,ben\n")
    assert "--column target='target (user)'\n" in noted(kith, "a.csv")
    write("b.csv", "time,member,kind,target's\n2026-02-02,ana,like,ben\n")
    assert noted(kith, "b.csv") == ""
    write("c.csv", "time,member,kind,target\x1b[2J\n2026-02-02,ana,like,ben\n")
    assert "target\\x1b[2J" in (told := noted(kith, "c.csv")) and "\x1b" not in told


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
@pytest.mark.parametrize(
    "text",
    [
        "\ufeff\n\r\ntime,member,kind,taget\r\n",
        'time;"member";kind;"taget"\n',
        "time\tmember\tkind\ttaget",
        "time|member|kind|a,b,c|taget\n",
        '"a ""quoted"" name, with\na line",time,member,kind,taget\n',
        "taget,time,member,kind,target_\n",
        "x" * 60000 + ",time,member,kind,taget\n",
    ],
)
def test_headers_are_read_as_the_exports_are(kith, write, pack, text):
    write("a.csv", pack(text.encode()))
    assert noted(kith, "a.csv") == note("a.csv", ("target", "taget", TARGET))


def test_a_long_header_is_seen_to_its_end(kith, write):
    write("a.csv", f"time,member,kind,taget,{'x' * 70000},target\n" + ROW)
    assert noted(kith, "a.csv") == ""
    write("a.csv", f"time,member,kind,taget,{'x' * 65000},target")
    assert noted(kith, "a.csv") == ""
    write("a.csv", f"time,member,kind,{'x' * 300000},taget\n" + "2026-02-02,ana,post,,\n")
    assert noted(kith, "a.csv") == note("a.csv", ("target", "taget", TARGET))


def test_columns_that_are_used_are_not_noted(kith, write):
    write("a.csv", "time,Target,kind,targets\n2026-02-02,ana,post,\n")
    told = noted(kith, "--column", "member=Target", "a.csv")
    assert told == note("a.csv", ("target", "targets", TARGET))
    # A column id that is another field's is not missed.
    write("b.csv", "time,id,kind,event_id\n2026-02-02,ana,post,7\n")
    assert noted(kith, "--column", "member=id", "b.csv") == ""
    write("c.csv", "time;member;kind;a,target,b,c,d;quantitys\n2026-02-02;ana;post;;\n")
    told = noted(kith, "--delimiter", ";", "--column", "target=a,target,b,c,d", "c.csv")
    assert told == note("c.csv", ("quantity", "quantitys", QUANTITY))


def test_said_once_of_exports_of_one_sort(kith, write):
    for name in ("a.csv", "b.csv"):
        write(name, "time,member,kind,taget\n")
    write("c.csv", "time,member,kind,targets\n")
    assert noted(kith, "a.csv", "b.csv", "c.csv") == note("a.csv", ("target", "taget", TARGET)) + note(
        "c.csv", ("target", "targets", TARGET)
    )


def test_not_said_where_quiet_but_of_pipes(kith, write, tmp_path):
    export = write("a.csv", "time,member,kind,taget\n" + "2026-02-02,ana,post,\n")
    assert noted(kith, "--quiet", "a.csv") == ""
    assert noted(kith, "-", stdin=export.read_bytes()) == note("-", ("target", "taget", TARGET))
    with open(export, "rb") as file:
        assert noted(kith, "-", stdin=file) == note("-", ("target", "taget", TARGET))
    os.mkfifo(tmp_path / "fifo")
    writer = threading.Thread(target=lambda: (tmp_path / "fifo").write_bytes(export.read_bytes()))
    writer.start()
    assert noted(kith, "fifo") == note("fifo", ("target", "taget", TARGET))
    writer.join()


def test_update_and_explain_say_it_too(kith, write, tmp_path):
    write("a.csv", "time,member,kind,taget\n2026-02-02,ana,post,\n")
    wanted = note("a.csv", ("target", "taget", TARGET))
    assert kith("explain", "ana", "a.csv").err == wanted
    assert kith("update", "--state", "s", "a.csv").err == wanted
    # What was read before is not looked at.
    assert kith("update", "--state", "s", "a.csv").err == ""
    assert "rejects.csv" not in result(tmp_path)
