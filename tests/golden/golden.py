#!/usr/bin/env python3
"""Golden tests of the whole program: what it prints, its exit status, the files that it leaves.

    golden.py [CASE...]            runs these cases (all without names) and shows what differs
    golden.py --update [CASE...]   writes what the program prints now; the commit explains each change

A case is a folder of cases/:
    cmd      shell commands, run in an empty folder with the case's other files and links to configs/ and scenarios/
    stdout, stderr, status         what is expected; never edited by hand
    files    paths that the commands create; absent: none
    slow     marks a case of more than a second (its text says why)

Lines of host time ("host: ...") are left out. Some rules hold for every case, whatever its files say, so that --update
cannot bless a breach: see broken_rules().
"""

import argparse
import difflib
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
CASES = os.path.join(HERE, "cases")
EXPECTED = ("stdout", "stderr", "status", "files")
LINKS = ("configs", "scenarios")
WRONG_INPUT = "2\n"  # exit status
MESSAGE = re.compile(r"^(?:\S.*: )?error: [^A-Z]")
MESSAGES_MAX = 20
SECONDS_MAX = 1.0  # of CPU, to refuse wrong input


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def paths_below(folder):
    found = set()
    for at, folders, files in os.walk(folder):
        for name in folders + files:
            path = os.path.relpath(os.path.join(at, name), folder)
            found.add(path + "/" if name in folders else path)
    return found


def without_host_lines(text):
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("host: "))


def run_case(case, program):
    """The case's outputs by name of expected file, and the CPU seconds that it took."""
    with tempfile.TemporaryDirectory(prefix="myriad_golden_") as scratch:
        folder = os.path.join(CASES, case)
        for name in os.listdir(folder):
            if name not in EXPECTED + ("cmd", "slow"):
                shutil.copy(os.path.join(folder, name), scratch)
        for name in LINKS:
            os.symlink(os.path.join(ROOT, name), os.path.join(scratch, name))
        before = paths_below(scratch)
        environment = {key: value for key, value in os.environ.items() if key.endswith("SAN_OPTIONS")}
        environment.update(PATH=os.path.dirname(program) + ":" + os.environ["PATH"], LC_ALL="C")
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        result = subprocess.run(["sh", "-c", read(os.path.join(folder, "cmd"))], cwd=scratch, env=environment,
                                stdin=subprocess.DEVNULL, capture_output=True, check=False)
        now = resource.getrusage(resource.RUSAGE_CHILDREN)
        created = paths_below(scratch) - before
        outputs = {
            "stdout": without_host_lines(result.stdout.decode("utf-8", "backslashreplace")),
            "stderr": without_host_lines(result.stderr.decode("utf-8", "backslashreplace")),
            "status": str(result.returncode) + "\n",
            "files": "".join(path + "\n" for path in sorted(created)),
        }
        seconds = now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
        return outputs, seconds, scratch


def broken_rules(case, outputs, seconds, scratch, slack):
    """What is wrong with a case whatever it expects."""
    for name in ("stdout", "stderr"):
        for place in (ROOT, scratch):
            if place in outputs[name]:
                yield f"{name} names a path of this machine: {place}"
    if outputs["status"] == "0\n" and outputs["stderr"]:
        yield "a good run prints to stderr"
    if outputs["status"] != WRONG_INPUT:
        return
    lines = outputs["stderr"].splitlines()
    if not lines:
        yield "wrong input is refused without a word"
    if len(lines) > MESSAGES_MAX:
        yield f"wrong input is answered by {len(lines)} lines"
    for line in lines:
        if not MESSAGE.match(line) or line.endswith("."):
            yield f"not of the form 'place: error: what', lower case, without a full stop: {line}"
    if seconds > SECONDS_MAX * slack:
        yield f"refusing wrong input took {seconds:.2f} s of CPU"
    command = read(os.path.join(CASES, case, "cmd"))
    for path in outputs["files"].splitlines():
        # What the commands themselves prepare, they name.
        if path.rstrip("/").split("/")[0] not in re.split(r"[\s/;>]+", command) or path.startswith("results"):
            yield f"wrong input leaves something behind: {path}"


def expected_outputs(case):
    texts = {}
    for name in EXPECTED:
        path = os.path.join(CASES, case, name)
        texts[name] = read(path) if os.path.exists(path) else ""
    return texts


def write_expected(case, outputs):
    for name, text in outputs.items():
        path = os.path.join(CASES, case, name)
        if name == "files" and not text:
            if os.path.exists(path):
                os.remove(path)
            continue
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)


def differences(case, outputs):
    expected = expected_outputs(case)
    for name in EXPECTED:
        yield from difflib.unified_diff(expected[name].splitlines(), outputs[name].splitlines(),
                                        f"{case}/{name} expected", f"{case}/{name} found", lineterm="")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", metavar="CASE")
    parser.add_argument("--update", action="store_true", help="write what the program prints now")
    parser.add_argument("--myriad", default=os.path.join(ROOT, "build/release/app/myriad"), metavar="PROGRAM")
    parser.add_argument("--slack", type=float, default=1.0, help="how many times slower the program may be (sanitizers)")
    arguments = parser.parse_args()
    program = os.path.abspath(arguments.myriad)
    if os.path.basename(program) != "myriad" or not os.access(program, os.X_OK):
        sys.exit(f"golden.py: no program 'myriad' at {program}; build it or give --myriad")
    failed = 0
    for case in arguments.cases or sorted(os.listdir(CASES)):
        outputs, seconds, scratch = run_case(case, program)
        if arguments.update:
            write_expected(case, outputs)
        found = list(broken_rules(case, outputs, seconds, scratch, arguments.slack)) + list(differences(case, outputs))
        if found:
            failed += 1
            print(f"golden: {case}: failed ({seconds:.2f} s)", *found, sep="\n")
    if failed:
        sys.exit(f"golden.py: {failed} failed; if what is found is right: tests/golden/golden.py --update CASE...")


if __name__ == "__main__":
    main()
