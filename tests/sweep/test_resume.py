#!/usr/bin/env python3
"""Kills the coordinator of a sweep with SIGKILL at random moments until 50 kills have hit it at work, and resumes it each
time. At the end every table equals that of an undisturbed sweep, and no point has been simulated twice: no record was
written anew, and a log of the runs (the coordinator's word on how many it ran) adds up.

    test_resume.py MYRIAD ROOT [SEED]

A kill counts when it hit a live coordinator that had points left. When all points are done, the store is emptied and the
next round begins; each round is checked like the first.
"""

import os
import random
import shutil
import signal
import sys
import time

from sweep_rig import Rig

KILLS = 50
FILES = ("sweep.csv", "sweep.json", "summary.txt", "effective.yaml", "manifest.json")
# 120 points of some milliseconds (packets of 64 KiB), and with nine cards five that the board cannot be wired for.
SWEEP = """myriad: 1
kind: sweep
scenario:
  cluster: ppu-8
  fidelity: {network: packet, cell: 64 KiB}
  workload:
    collective: {op: all_reduce, sizes: [16 MiB]}
axes:
  - {name: total, path: cluster.server.link_total, values: [200 GB/s, 350 GB/s, 500 GB/s, 700 GB/s, 1000 GB/s]}
  - {name: op, path: workload.collective.op, values: [all_reduce, all_gather, reduce_scatter, all_to_all]}
  - {name: seed, path: seed, values: [1, 2, 3, 4, 5, 6]}
columns: [busbw, time]
"""
FAILING = """  - {name: cards, choices: [{name: eight}, {name: nine, set: [cluster.server.cards=9], number: 9}]}
skip: [{cards: nine, op: [all_gather, reduce_scatter, all_to_all]}, {cards: nine, seed: ["2", "3", "4", "5", "6"]}]
"""


def unchanged(before, now, what):
    for name, written in before.items():
        assert now.get(name) == written, f"{what}: record {name} was written again or is gone"


def check_end(rig, finished, points):
    """Runs what is left and compares everything; the coordinator ran exactly what had no record."""
    told = rig.run("sweep", "long.yaml", "-j", "2", "--out", "killed")
    unchanged(finished, rig.records("killed"), "last call")
    if finished:
        assert f"{len(finished)} from earlier runs, {points - len(finished)} run" in told, told
    for name in FILES:
        assert rig.read("killed/" + name) == rig.read("whole/" + name), f"{name} differs"


def main():
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.SystemRandom().randrange(1 << 32)
    print("seed", seed)
    chance = random.Random(seed)
    with Rig(sys.argv[1], sys.argv[2]) as rig:
        rig.write("long.yaml", SWEEP.replace("columns:", FAILING + "columns:"))
        began = time.monotonic()
        told = rig.run("sweep", "long.yaml", "-j", "2", "--out", "whole")
        whole = time.monotonic() - began
        points = len(rig.records("whole"))
        assert "120 ran, 5 failed" in told and points == 120, told
        finished, hits, calls, rounds, on_the_way = {}, 0, 0, 0, []
        while hits < KILLS:
            process = rig.start("sweep", "long.yaml", "-j", "2", "--out", "killed")
            calls += 1
            # Soon enough that several calls are needed: early, while it reads, and while it runs.
            time.sleep(chance.uniform(0.0, whole * chance.choice([0.1, 0.3, 0.5])))
            alive = process.poll() is None
            process.send_signal(signal.SIGKILL)
            process.communicate()
            now = rig.records("killed")
            unchanged(finished, now, f"call {calls}")
            hits += alive and len(now) < points
            on_the_way.append(len(now))
            finished = now
            if len(now) == points:
                check_end(rig, finished, points)
                shutil.rmtree(rig.path("killed"))
                finished, rounds = {}, rounds + 1
        check_end(rig, finished, points)
        again = rig.run("sweep", "long.yaml", "-j", "2", "--out", "killed")
        assert f"{points} from earlier runs, 0 run" in again, again
        print(f"{hits} kills at work in {calls} calls, {rounds} times to the end; records then: {on_the_way}")


if __name__ == "__main__":
    main()
