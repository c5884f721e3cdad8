#!/usr/bin/env python3
"""How long 1,000 points at analytic/roofline take, and what of it is the machinery of sweeps.

    overhead.py MYRIAD ROOT [JOBS]

bare         processor time inside of the simulation, as every point's process measures it
machinery    (processor time of the coordinator and all its children - bare) / points: reading the scenario, fork, record,
             database. It holds on a machine that does other work too; the figures of wall time do not
processes    the same scenarios by `myriad run --no-result`, a program each, for comparison
"""

import os
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

SWEEP = """myriad: 1
kind: sweep
scenario:
  cluster: ppu-8
  fidelity: {network: analytic, card: roofline}
  workload:
    collective: {op: all_reduce, sizes: [1 MiB]}
axes:
  - {name: op, path: workload.collective.op, values: [all_reduce, all_gather, reduce_scatter, all_to_all]}
  - {name: total, path: cluster.server.link_total, values: [%s]}
  - {path: seed, values: [%s]}
columns: [busbw]
""" % (", ".join(f"{n}00 GB/s" for n in range(1, 11)), ", ".join(str(n) for n in range(1, 26)))


def measure(command, environment, folder):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
    wall = time.monotonic() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


RUNS = 20


def main():
    program, root = os.path.abspath(sys.argv[1]), sys.argv[2]
    jobs = int(sys.argv[3]) if len(sys.argv) > 3 else 2
    environment = dict(os.environ, MYRIAD_CONFIGS=os.path.abspath(os.path.join(root, "configs")))
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "sweep.yaml"), "w", encoding="utf-8") as file:
            file.write(SWEEP)
        wall, processor = measure([program, "sweep", "sweep.yaml", "-j", str(jobs), "-q"], environment, folder)
        database = sqlite3.connect(os.path.join(folder, "results/sweep/store/sweep.sqlite"))
        points, inside, bare, ran = database.execute(
            "SELECT count(*), sum(host_s), sum(host_cpu_s), sum(status = 'ok') FROM points").fetchone()
        database.close()
        assert points == 1000 and ran == 1000, (points, ran)
        again, again_processor = measure([program, "sweep", "sweep.yaml", "-j", str(jobs), "-q"], environment, folder)
        with open(os.path.join(folder, "point.yaml"), "w", encoding="utf-8") as file:
            subprocess.run([program, "point", "results/sweep", "0", "--scenario"], cwd=folder, env=environment,
                           check=True, stdout=file)
        runs = [measure([program, "run", "point.yaml", "--no-result"], environment, folder) for _ in range(RUNS)]
    run_wall = statistics.median(run[0] for run in runs)
    run_processor = statistics.median(run[1] for run in runs)
    print(f"{points} points, -j {jobs}: {wall:.1f} s wall, {processor:.2f} s processor")
    print(f"bare: {inside:.2f} s wall, {bare:.2f} s processor inside of the simulations, {bare / points * 1e3:.2f} ms a point")
    print(f"machinery a point: {(processor - bare) / points * 1e3:.2f} ms processor, "
          f"{(wall * jobs - inside) / points * 1e3:.2f} ms wall x jobs")
    print(f"again, all from the store: {again:.1f} s wall, {again_processor / points * 1e3:.2f} ms processor a point")
    print(f"{RUNS} processes of `myriad run --no-result`: {run_processor * 1e3:.1f} ms processor, "
          f"{run_wall * 1e3:.1f} ms wall each (median)")


if __name__ == "__main__":
    main()
