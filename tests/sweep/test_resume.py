#!/usr/bin/env python3
"""Kills the coordinator of a sweep 50 times with SIGKILL at random moments and resumes it each time. At the end every
table equals that of an undisturbed sweep, and no point that had finished ran again: its record was not written anew.

    test_resume.py MYRIAD ROOT [SEED]
"""

import os
import random
import signal
import sys
import time

from sweep_rig import Rig

KILLS = 50
FILES = ("sweep.csv", "sweep.json", "summary.txt", "effective.yaml", "manifest.json")


def main():
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.SystemRandom().randrange(1 << 32)
    print("seed", seed)
    chance = random.Random(seed)
    with Rig(sys.argv[1], sys.argv[2]) as rig:
        began = time.monotonic()
        rig.run("sweep", "small.yaml", "-j", "2", "--out", "whole")
        whole = time.monotonic() - began
        finished = {}
        killed = 0
        kept_on_the_way = set()
        for turn in range(KILLS):
            process = rig.start("sweep", "small.yaml", "-j", "2", "--out", "killed")
            # Early, in the middle, and after the end of what is left.
            time.sleep(chance.uniform(0.0, whole * chance.choice([0.1, 0.5, 1.0])))
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
                killed += 1
            process.communicate()
            now = rig.records("killed")
            for name, written in finished.items():
                assert now.get(name) == written, f"turn {turn}: record {name} was written again or is gone"
            kept_on_the_way.add(len(now))
            finished = now
            if turn == KILLS // 2 and len(finished) == len(rig.records("whole")):
                # All done early: the second half begins again.
                import shutil
                shutil.rmtree(rig.path("killed"))
                finished = {}
        text = rig.run("sweep", "small.yaml", "-j", "2", "--out", "killed")
        for name, written in finished.items():
            assert rig.records("killed").get(name) == written, f"record {name} was written again"
        for name in FILES:
            assert rig.read("killed/" + name) == rig.read("whole/" + name), f"{name} differs"
        # The second call takes everything from the store.
        again = rig.run("sweep", "small.yaml", "-j", "2", "--out", "killed")
        assert "20 from earlier runs, 0 run" in again, again
        assert killed > 0, "nothing was killed: the test shows nothing"
        print(f"{killed} of {KILLS} killed; finished on the way: {sorted(kept_on_the_way)}; {text.splitlines()[-2]}")


if __name__ == "__main__":
    main()
