#!/usr/bin/env python3
"""A sweep through a real Slurm: munged, slurmctld and slurmd on loopback, of a folder and ports of their own. Runs it,
kills a task, cancels with Ctrl-C and resumes, kills the coordinator and attaches again; every table equals that of the
local executor. Exit status 77: skipped, because it is not root.

    test_slurm.py MYRIAD ROOT
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time

from sweep_rig import Rig

CONFIGURATION = """ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller}
SlurmdPort={daemon}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CryptoType=crypto/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
ReturnToService=2
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_interval=1
MaxArraySize=6
MinJobAge=10
NodeName={host} NodeAddr=127.0.0.1 CPUs={cores} State=UNKNOWN
PartitionName=p Nodes={host} Default=YES MaxTime=INFINITE State=UP OverSubscribe=FORCE:4
"""


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Cluster:
    def __init__(self, rig):
        self.folder = rig.path("slurm")
        self.processes = []
        for name in ("", "state", "spool"):
            os.makedirs(os.path.join(self.folder, name), exist_ok=True)
        os.chmod(rig.folder, 0o755)
        os.chmod(self.folder, 0o755)
        self.environment = dict(rig.environment, SLURM_CONF=os.path.join(self.folder, "slurm.conf"))
        with open(self.environment["SLURM_CONF"], "w", encoding="utf-8") as file:
            file.write(CONFIGURATION.format(host=socket.gethostname().split(".")[0], folder=self.folder,
                                            controller=free_port(), daemon=free_port(), cores=os.cpu_count()))
        key = os.path.join(self.folder, "munge.key")
        with open(key, "wb") as file:
            file.write(os.urandom(128))
        os.chmod(key, 0o600)

    def __enter__(self):
        self.start("munged", "--foreground", "--force", "--key-file=" + os.path.join(self.folder, "munge.key"),
                   "--socket=" + os.path.join(self.folder, "munge.socket"),
                   "--pid-file=" + os.path.join(self.folder, "munged.pid"),
                   "--log-file=" + os.path.join(self.folder, "munged.log"),
                   "--seed-file=" + os.path.join(self.folder, "munged.seed"))
        wait("munged", lambda: os.path.exists(os.path.join(self.folder, "munge.socket")))
        self.start("slurmctld", "-D")
        self.start("slurmd", "-D", "-N", socket.gethostname().split(".")[0])
        wait("the node to be idle", lambda: "idle" in self.command("sinfo", "-h", "-o", "%T"), self)
        return self

    def __exit__(self, *_error):
        self.command("scancel", "--user=root")
        for process in reversed(self.processes):
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def start(self, name, *words):
        with open(os.path.join(self.folder, name + ".out"), "wb") as log:
            self.processes.append(subprocess.Popen([shutil.which(name) or "/usr/sbin/" + name, *words],
                                                   env=self.environment, stdout=log, stderr=log))

    def command(self, *words):
        done = subprocess.run(words, env=self.environment, text=True, capture_output=True, check=False)
        return done.stdout + done.stderr

    def logs(self):
        text = ""
        for name in ("munged.out", "slurmctld.out", "slurmd.out", "slurmctld.log", "slurmd.log"):
            path = os.path.join(self.folder, name)
            if os.path.exists(path):
                with open(path, encoding="utf-8", errors="replace") as file:
                    text += f"--- {name}\n" + "".join(file.readlines()[-15:])
        return text


def wait(what, is_true, cluster=None, seconds=90):
    for _ in range(seconds * 5):
        if is_true():
            return
        time.sleep(0.2)
    raise AssertionError(f"waited {seconds} s for {what}\n" + (cluster.logs() if cluster else ""))


def slurm_words(out, chunk="2"):
    return ("sweep", "small.yaml", "--out", out, "--executor", "slurm", "--slurm-options", "--partition=p --time=5",
            "--chunk", chunk, "--retries", "2")


def same(rig, out):
    for name in ("sweep.csv", "summary.txt", "sweep.json"):
        assert rig.read(f"{out}/{name}") == rig.read(f"local/{name}"), f"{out}/{name} is not that of the local executor"


def queued(cluster):
    return [line for line in cluster.command("squeue", "-h", "-r", "-o", "%F_%K %T").splitlines() if "_" in line]


def main():
    if os.geteuid() != 0:
        print("skipped: Slurm's daemons are started as root, and this is not root")
        sys.exit(77)
    with Rig(sys.argv[1], sys.argv[2]) as rig:
        rig.run("sweep", "small.yaml", "--out", "local")
        # sbatch's own words reach the user.
        with Cluster(rig) as cluster:
            slurm = cluster.environment
            no_configs = {k: v for k, v in slurm.items() if k != "MYRIAD_CONFIGS"}
            told = rig.run("sweep", "small.yaml", "--out", "wrong", "--executor", "slurm", "--slurm-options",
                           "--partition=nosuch", status=2, environment=slurm)
            assert "invalid partition" in told, told

            # 20 chunks of 2 in arrays of at most 6: several arrays.
            told = rig.run(*slurm_words("plain"), environment=slurm)
            assert told.count("slurm: job ") >= 3, told
            same(rig, "plain")

            # A task that is cancelled from outside is tried again.
            process = rig.start(*slurm_words("lost", "1"), environment=slurm)
            wait("a task", lambda: queued(cluster), cluster)
            cluster.command("scancel", queued(cluster)[-1].split()[0])
            out, err = process.communicate(timeout=200)
            assert process.returncode == 0, out + err + cluster.logs()
            same(rig, "lost")

            # A task that says that it has ended, but has left nothing, is lost at once.
            killed = rig.run("sweep", "small.yaml", "--out", "gone", "--executor", "slurm", "--program", "/bin/false",
                             "--slurm-options", "--partition=p --time=5", "--retries", "0", "--chunk", "40",
                             status=1, environment=slurm)
            assert "ended without a result" in killed, killed

            # A batch is no other than a sweep.
            rig.write("a.yaml", rig.run("point", "plain", "0", "--scenario"))
            rig.write("b.yaml", rig.run("point", "plain", "2", "--scenario"))
            rig.run("batch", "a.yaml", "b.yaml", "--out", "batch_local")
            rig.run("batch", "a.yaml", "b.yaml", "--out", "batch_slurm", "--executor", "slurm", "--slurm-options",
                    "--partition=p --time=5", environment=slurm)
            for name in ("batch.csv", "batch.json", "summary.txt"):
                assert rig.read("batch_slurm/" + name) == rig.read("batch_local/" + name), name

            # Ctrl-C cancels the array and keeps what is finished.
            process = rig.start(*slurm_words("stopped", "1"), environment=slurm)
            wait("a first result", lambda: rig.records("stopped"), cluster)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=60)
            assert process.returncode == 130 and "are finished and kept" in err, out + err
            wait("an empty queue", lambda: not queued(cluster), cluster)
            kept = rig.records("stopped")
            told = rig.run(*slurm_words("stopped", "1"), environment=slurm)
            same(rig, "stopped")
            assert all(rig.records("stopped")[name] == written for name, written in kept.items()), "ran again"

            # A coordinator that was killed: the next one attaches to what still runs.
            process = rig.start(*slurm_words("killed", "1"), environment=slurm)
            wait("tasks", lambda: len(queued(cluster)) > 3, cluster)
            process.send_signal(signal.SIGKILL)
            process.communicate()
            told = rig.run(*slurm_words("killed", "1"), environment=slurm)
            assert "attached to job" in told, told
            same(rig, "killed")

            # A node needs the program and the folder, nothing else.
            rig.run("sweep", "small.yaml", "--out", "prepared", "--prepare")
            rig.run("point", rig.path("prepared"), "0", "--chunk", "40", environment=no_configs, folder="/")
            rig.run("sweep", "small.yaml", "--out", "prepared")
            same(rig, "prepared")
            print("slurm: all good")


if __name__ == "__main__":
    main()
