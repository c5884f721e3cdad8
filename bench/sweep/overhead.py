#!/usr/bin/env python3
"""How long 1,000 points at analytic/roofline take, and what of it is the machinery of sweeps.

    overhead.py MYRIAD ROOT [JOBS]

overhead a point = (wall x jobs - time inside of the runs) / points. Host time inside of the runs comes from the store.
On a machine that does other work too the figure holds their time as well; processor time is printed beside it.
"""

import os
import resource
import sqlite3
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


def measure(program, environment, folder, jobs):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    subprocess.run([program, "sweep", "sweep.yaml", "-j", str(jobs), "-q"], cwd=folder, env=environment, check=True,
                   stdout=subprocess.DEVNULL)
    wall = time.monotonic() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    program, root = os.path.abspath(sys.argv[1]), sys.argv[2]
    jobs = int(sys.argv[3]) if len(sys.argv) > 3 else 2
    environment = dict(os.environ, MYRIAD_CONFIGS=os.path.join(root, "configs"))
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "sweep.yaml"), "w", encoding="utf-8") as file:
            file.write(SWEEP)
        wall, processor = measure(program, environment, folder, jobs)
        database = sqlite3.connect(os.path.join(folder, "results/sweep/store/sweep.sqlite"))
        points, inside = database.execute("SELECT count(*), sum(host_s) FROM points").fetchone()
        again, again_processor = measure(program, environment, folder, jobs)
    print(f"{points} points, -j {jobs}: {wall:.1f} s wall, {processor:.1f} s processor, {inside:.2f} s inside of runs")
    print(f"overhead a point: {(wall * jobs - inside) / points * 1e3:.2f} ms wall, "
          f"{(processor - inside) / points * 1e3:.2f} ms processor")
    print(f"again, all from the store: {again:.1f} s wall, {again_processor:.1f} s processor, "
          f"{again_processor / points * 1e3:.2f} ms a point")


if __name__ == "__main__":
    main()
