#!/usr/bin/env python3
"""Limits, interrupt, lock, prune, point, batch and export of the real program.

    test_commands.py MYRIAD ROOT
"""

import csv
import fcntl
import io
import json
import os
import shutil
import signal
import sqlite3
import sys
import time

from sweep_rig import Rig

SCENARIO = """myriad: 1
kind: scenario
cluster: ppu-8
fidelity: {network: analytic}
workload:
  collective: {op: all_reduce, sizes: [1 KiB, 1 MiB]}
"""


HALVING = """objectives: [busbw]
halving:
  stages:
    - {name: rough, keep: 4}
    - {name: fine, set: [fidelity.network=packet]}
"""


def check_edit_and_prune(rig):
    rig.run("sweep", "small.yaml", "--out", "s")
    first = rig.records("s")
    assert len(first) == 20, len(first)
    rig.write("small.yaml", rig.read("small.yaml").replace("1000 GB/s", "1200 GB/s"))
    told = rig.run("sweep", "small.yaml", "--out", "s")
    assert "16 from earlier runs, 4 run" in told and "4 results are kept" in told, told
    rig.run("sweep", "small.yaml", "--out", "s", "--prune")
    assert len(rig.records("s")) == 20, len(rig.records("s"))
    # The name of the sweep is no part of a point, nor is its title.
    rig.write("other.yaml", "myriad: 1\nkind: sweep\nname: other\ntitle: Something else\n" +
              rig.read("small.yaml").split("kind: sweep\n")[1])
    assert "20 from earlier runs, 0 run" in rig.run("sweep", "other.yaml", "--out", "s")


def check_export(rig):
    rig.run("sweep", "small.yaml", "--out", "s")
    rig.run("export", "s", "--csv", "x.csv", "--json", "x.json")
    assert rig.read("x.csv") == rig.read("s/sweep.csv")
    assert len(json.loads(rig.read("x.json"))["points"]) == 40
    database = sqlite3.connect(rig.path("s/store/sweep.sqlite"))
    rows = database.execute("SELECT total, op, busbw FROM wide WHERE status = 'ok'").fetchall()
    assert len(rows) == 20 and all(row[2] > 0 for row in rows), rows
    database.close()
    # The database is made again from the files.
    rig.write("s/store/sweep.sqlite", "no database at all, but long enough to be read as a bad header " * 4)
    assert "0 run" in rig.run("sweep", "small.yaml", "--out", "s")
    rig.run("export", "s", "--csv", "x.csv", "--json", "x.json")
    assert rig.read("x.csv") == rig.read("s/sweep.csv")


def check_lock(rig):
    with open(rig.path("s/store/lock"), "r+", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        told = rig.run("sweep", "small.yaml", "--out", "s", status=2)
        assert "in use by another myriad" in told and "--out" in told, told


def check_limits(rig):
    told = rig.run("sweep", "small.yaml", "--out", "l", "--timeout", "1us", status=2)
    assert "--timeout: expected a time of the host" in told, told
    # What a limit has ended is tried by the next call. A millisecond is not enough to build a cluster.
    rig.run("sweep", "small.yaml", "--out", "l", "--memory", "1KiB", status=1)
    assert "out_of_memory" in rig.read("l/sweep.csv") and "its limit of 1 KiB" in rig.read("l/sweep.csv")
    assert not rig.records("l")
    assert "20 run" in rig.run("sweep", "small.yaml", "--out", "l") or len(rig.records("l")) == 20
    assert "out_of_memory" not in rig.read("l/sweep.csv")


def check_limits_of_the_file(rig):
    rig.write("limited.yaml", rig.read("small.yaml") + "limits: {memory: 1 KiB}\n")
    rig.run("sweep", "limited.yaml", "--out", "f", status=1)
    assert "its limit of 1 KiB" in rig.read("f/sweep.csv")
    # The command line wins.
    rig.run("sweep", "limited.yaml", "--out", "f", "--memory", "4GiB")
    assert "out_of_memory" not in rig.read("f/sweep.csv")
    rig.write("limited.yaml", rig.read("small.yaml") + "limits: {time: 10}\n")
    told = rig.run("sweep", "limited.yaml", "--out", "f", status=2)
    assert "limited.yaml:13:16: error: expected a time of the host" in told, told


def check_halving(rig):
    rig.write("stages.yaml", rig.read("small.yaml").replace("columns: [busbw, time]\n", HALVING))
    told = rig.run("sweep", "stages.yaml", "--out", "h")
    rows = list(csv.reader(io.StringIO(rig.read("h/sweep.csv"))))
    stage = rows[0].index("stage")
    # Nine cards have no wiring: 20 designs run in the first stage, the best 4 of them in the second.
    assert sum(row[stage] == "fine" for row in rows[1:]) == 4, rig.read("h/sweep.csv")
    assert len(rig.records("h")) == 24, len(rig.records("h"))
    rig.run("export", "h", "--csv", "h.csv")
    assert rig.read("h.csv") == rig.read("h/sweep.csv")
    # Prepared stage by stage, and each by tasks of somebody else.
    told = rig.run("sweep", "stages.yaml", "--out", "hp", "--prepare")
    assert "20 to be run, stage rough" in told and "prepares the next stage" in told, told
    rig.run("point", "hp", "0", "--chunk", "40")
    told = rig.run("sweep", "stages.yaml", "--out", "hp", "--prepare")
    assert "4 to be run, stage fine" in told, told
    rig.run("point", "hp", "0", "--chunk", "40")
    assert len(rig.records("hp")) == 24
    rig.run("sweep", "stages.yaml", "--out", "hp")
    assert rig.read("hp/sweep.csv") == rig.read("h/sweep.csv")


def check_quiet(rig):
    rig.write("one.yaml", SCENARIO)
    rig.write("two.yaml", SCENARIO.replace("all_reduce", "all_gather"))
    assert rig.run("run", "one.yaml", "-q", "--out", "q1") == "result: q1/\n"
    assert rig.run("compare", "one.yaml", "two.yaml", "--quiet", "--out", "q2") == "result: q2/\n"
    assert rig.run("collective", "ppu-8", "--sizes", "1MiB", "--out", "q3", "-q") == ""
    assert rig.run("sweep", "small.yaml", "-q", "--out", "s") == "result: s/\n"
    assert rig.run("batch", "one.yaml", "-q", "--out", "q4") == "result: q4/\n"
    assert rig.run("fidelity", "one.yaml", "-q") == ""
    assert rig.run("kernel", "zhenwu-810e", "--gemm", "128,128,128", "--card", "roofline", "-q") == ""
    assert "error: " in rig.run("run", "none.yaml", "-q", status=2)


def check_interrupted_run(rig):
    rig.write("slow.yaml", SCENARIO.replace("network: analytic", "network: packet, cell: 4 KiB")
              .replace("1 KiB, 1 MiB", "32 GiB"))
    before = set(os.listdir(rig.folder))
    for words in (("run", "slow.yaml", "--out", "ir"), ("compare", "slow.yaml", "one.yaml", "--out", "ic")):
        process = rig.start(*words)
        time.sleep(0.5)
        assert process.poll() is None, "the run is too short to be interrupted"
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        # Ended by the signal: a shell says 130.
        assert process.returncode in (-signal.SIGINT, 128 + signal.SIGINT), (words, process.returncode)
        assert set(os.listdir(rig.folder)) == before, (words, set(os.listdir(rig.folder)) - before)


def check_interrupt(rig):
    rig.write("long.yaml", rig.read("small.yaml").replace("network: analytic", "network: packet, cell: 4 KiB")
              .replace("sizes: [1 MiB]", "sizes: [256 MiB]"))
    process = rig.start("sweep", "long.yaml", "--out", "i", "-j", "1")
    while not os.path.exists(rig.path("i/store/sweep.sqlite")):
        time.sleep(0.01)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, (process.returncode, out, err)
    assert "the same command again runs the rest" in err, err
    assert not os.path.exists(rig.path("i/sweep.csv"))


def check_batch(rig):
    os.makedirs(rig.path("many/deep"))
    rig.write("many/a.yaml", SCENARIO)
    rig.write("many/deep/b.yaml", SCENARIO.replace("all_reduce", "all_gather"))
    rig.write("many/c.yaml", SCENARIO.replace("ppu-8", "ppu-9"))
    rig.write("many/d.yaml", rig.read("small.yaml"))
    told = rig.run("batch", "many", "--out", "b")
    assert "3 scenarios: 2 ran, 1 failed" in told and "d.yaml: skipped, it is a sweep" in told, told
    assert "unknown cluster 'ppu-9'" in told and "busbw" in told, told
    assert "2 from earlier runs, 0 run" in rig.run("batch", "many", "--out", "b")
    assert rig.read("b/batch.csv").count("\n") == 4
    assert "no file matches" in rig.run("batch", "many/*.json", status=2)
    # Which of its sizes a row is of; records that no file uses any more.
    assert "all_reduce 1 MiB, largest of 2 sizes" in rig.read("b/batch.csv"), rig.read("b/batch.csv")
    os.remove(rig.path("many/deep/b.yaml"))
    assert "store: 1 results are kept that no point uses any more" in rig.run("batch", "many", "--out", "b")
    assert "store: 1 results that no point uses any more removed" in rig.run("batch", "many", "--out", "b", "--prune")


def check_point(rig):
    rig.run("sweep", "small.yaml", "--out", "s")
    rig.run("sweep", "small.yaml", "--out", "p", "--prepare")
    nothing = {"PATH": "/usr/bin"}
    assert rig.run("point", rig.path("p"), "0", environment=nothing, folder="/") == "point 0: succeeded\n"
    rig.run("point", rig.path("p"), "3", "--chunk", "13", environment=nothing, folder="/")
    assert "the last point is 39" in rig.run("point", "p", "40", status=2)
    rig.run("sweep", "small.yaml", "--out", "p")
    assert rig.read("p/sweep.csv") == rig.read("s/sweep.csv")
    scenario = rig.run("point", "p", "0", "--scenario")
    rig.write("point.yaml", scenario)
    assert "small-0" in scenario
    rig.run("run", "point.yaml", "--no-result")


def main():
    with Rig(sys.argv[1], sys.argv[2]) as rig:
        for check in (check_edit_and_prune, check_export, check_lock, check_limits, check_limits_of_the_file,
                      check_halving, check_quiet, check_interrupted_run, check_interrupt, check_batch, check_point):
            check(rig)
            print(check.__name__, "good")


if __name__ == "__main__":
    main()
