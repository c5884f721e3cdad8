"""What the tests of sweeps share: a scratch folder, a small sweep, the program."""

import os
import shutil
import subprocess
import tempfile

# 40 points of about a millisecond; the point with nine cards has no wiring and fails.
SWEEP = """myriad: 1
kind: sweep
scenario:
  cluster: ppu-8
  fidelity: {network: analytic}
  workload:
    collective: {op: all_reduce, sizes: [1 MiB]}
axes:
  - {name: total, path: cluster.server.link_total, values: [200 GB/s, 350 GB/s, 500 GB/s, 700 GB/s, 1000 GB/s]}
  - {name: op, path: workload.collective.op, values: [all_reduce, all_gather, reduce_scatter, all_to_all]}
  - {name: cards, path: cluster.server.cards, values: [8, 9]}
columns: [busbw, time]
"""


class Rig:
    def __init__(self, program, root):
        self.program = program
        self.folder = tempfile.mkdtemp(prefix="myriad_sweep_")
        self.environment = dict(os.environ, MYRIAD_CONFIGS=os.path.join(root, "configs"), MYRIAD_CACHE="off")
        self.write("small.yaml", SWEEP)

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        shutil.rmtree(self.folder, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def start(self, *words, environment=None, folder=None):
        return subprocess.Popen([self.program, *words], cwd=folder or self.folder, text=True, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, env=environment or self.environment)

    def run(self, *words, status=0, environment=None, folder=None):
        process = self.start(*words, environment=environment, folder=folder)
        out, err = process.communicate(timeout=300)
        assert process.returncode == status, f"{words}: status {process.returncode}, expected {status}\n{out}\n{err}"
        return out + err

    def records(self, name):
        """Files of finished points -> time of their last change."""
        found = {}
        for folder, _, files in os.walk(self.path(name + "/store/results")):
            for file in files:
                if file.endswith(".json") and not file.startswith("."):
                    path = os.path.join(folder, file)
                    found[file] = os.stat(path).st_mtime_ns
        return found
