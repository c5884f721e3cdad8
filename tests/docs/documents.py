#!/usr/bin/env python3
"""Holds the documents to the program and to the tree.

    documents.py commands ROOT PROGRAM   runs the commands of ```sh blocks that begin with myriad or ./scripts/myriad
                                         and checks the ```yaml blocks that are whole files
    documents.py links ROOT              follows the relative links of every .md file

A command runs in a folder of its own that looks like the root, so that what it writes is gone afterwards. It must exit
with 0, or with N where its block is preceded by <!-- exits N -->. A ```text block right after a ```sh block of one
command shows its output: every line must be printed, in that order; a line "..." stands for any number of lines. After
<!-- not run: REASON --> commands are not run; that they exist and know their options is checked all the same.
"""

import os
import re
import shlex
import subprocess
import sys
import tempfile

# Where commands are held to the program.
WITH_COMMANDS = ("README.md", "docs/")
PROGRAMS = ("myriad", "./scripts/myriad")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MARKER = re.compile(r"<!-- (not run: .+?|exits \d+) -->\s*\Z")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
SECONDS_MAX = 60


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


class Command:
    def __init__(self, place, words, exit_status=0, not_run=False):
        self.place = place
        self.words = words
        self.exit_status = exit_status
        self.not_run = not_run
        self.shown = None


def commands_of(path, text):
    """Every command of the program in the document, with the output that it is said to have."""
    commands = []
    previous = None  # the one command of the block before, and where that block ended
    for block in BLOCK.finditer(text):
        language, body = block.group(1), block.group(2)
        if language == "text" and previous and not text[previous[1]:block.start()].strip():
            previous[0].shown = body.splitlines()
        previous = None
        if language != "sh":
            continue
        marker = MARKER.search(text[:block.start()])
        words = marker.group(1) if marker else ""
        found = []
        for number, line in enumerate(body.replace("\\\n", " ").splitlines()):
            arguments = shlex.split(line, comments=True)
            if arguments and arguments[0] in PROGRAMS:
                place = f"{path}:{line_of(text, block.start(2)) + number}"
                status = int(words.split()[1]) if words.startswith("exits") else 0
                found.append(Command(place, arguments[1:], status, words.startswith("not run")))
        commands += found
        if len(found) == 1:
            previous = (found[0], block.end())
    return commands


def missing_line(shown, printed):
    """The first shown line that is not printed where it should be; None if all are."""
    at = 0
    anywhere = True
    for line in shown:
        if line.strip() == "...":
            anywhere = True
            continue
        where = range(at, len(printed)) if anywhere else range(at, min(at + 1, len(printed)))
        hit = next((n for n in where if printed[n].rstrip() == line.rstrip()), None)
        if hit is None:
            return line
        at = hit + 1
        anywhere = False
    return None


def until_pipe(words):
    return words[: min([words.index(w) for w in ("|", ">") if w in words] + [len(words)])]


def check_not_run(program, command):
    words = until_pipe(command.words)
    help_text = subprocess.run([program, words[0], "--help"], capture_output=True, text=True, check=False)
    if help_text.returncode != 0:
        yield f"{command.place}: there is no command '{words[0]}'"
        return
    for word in words[1:]:
        is_option = word.startswith("-") and " " not in word  # with blanks: quoted, the value of an option
        if is_option and not re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", help_text.stdout):
            yield f"{command.place}: '{words[0]}' has no option '{word}'"
        elif word.endswith(".yaml") and not os.path.exists(word):
            yield f"{command.place}: there is no file '{word}'"


def check_command(program, command, folder):
    words = until_pipe(command.words)
    try:
        run = subprocess.run([program, *words], cwd=folder, capture_output=True, text=True, timeout=SECONDS_MAX,
                             check=False)
    except subprocess.TimeoutExpired:
        yield f"{command.place}: not done after {SECONDS_MAX} s; mark it <!-- not run: REASON -->"
        return
    if run.returncode != command.exit_status:
        yield f"{command.place}: exits with {run.returncode}, expected {command.exit_status}\n{run.stderr[-2000:]}"
    elif command.shown is not None:
        printed = (run.stdout if command.exit_status == 0 else run.stderr).splitlines()
        line = missing_line(command.shown, printed)
        if line is not None:
            yield f"{command.place}: does not print this line, or not there:\n{line}"


def documents(root):
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and f not in ("build", "results"))
        for name in sorted(files):
            if name.endswith(".md"):
                path = os.path.relpath(os.path.join(folder, name), root)
                with open(os.path.join(root, path), encoding="utf-8") as file:
                    yield path, file.read()


def make_working_folder(root, folder):
    """Looks like the root to the program; new files may be written beside the scenarios."""
    os.symlink(os.path.join(os.path.abspath(root), "configs"), os.path.join(folder, "configs"))
    scenarios = os.path.join(os.path.abspath(root), "scenarios")
    os.mkdir(os.path.join(folder, "scenarios"))
    for entry in sorted(os.listdir(scenarios)):
        os.symlink(os.path.join(scenarios, entry), os.path.join(folder, "scenarios", entry))


def check_files(program, path, text, folder):
    """```yaml blocks that are whole files must be good files."""
    shown = os.path.join("scenarios", "shown_in_document.yaml")
    for block in BLOCK.finditer(text):
        if block.group(1) != "yaml" or not block.group(2).startswith("myriad: 1"):
            continue
        with open(os.path.join(folder, shown), "w", encoding="utf-8") as file:
            file.write(block.group(2))
        run = subprocess.run([program, "check", shown], cwd=folder, capture_output=True, text=True, check=False)
        if run.returncode != 0:
            yield f"{path}:{line_of(text, block.start(2))}: not a good file:\n{run.stderr}"


def check_commands(root, program):
    found = []
    count = 0
    os.chdir(root)
    with tempfile.TemporaryDirectory() as folder:
        make_working_folder(".", folder)
        for path, text in documents("."):
            if not path.startswith(WITH_COMMANDS):
                continue
            found += check_files(program, path, text, folder)
            for command in commands_of(path, text):
                count += 1
                found += check_not_run(program, command) if command.not_run else check_command(program, command, folder)
    if count == 0:
        found.append("no command found in any document")
    return found


def anchors_of(text):
    """Headings as the names that links to them use."""
    names = set()
    for heading in re.findall(r"^#+ (.+)$", BLOCK.sub("", text), re.MULTILINE):
        plain = re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower())
        names.add(plain.strip().replace(" ", "-"))
    return names


def check_links(root):
    texts = dict(documents(root))
    found = []
    for path, text in texts.items():
        prose = BLOCK.sub(lambda m: "\n" * m.group(0).count("\n"), text)
        for link in LINK.finditer(prose):
            target, _, anchor = link.group(1).partition("#")
            place = f"{path}:{line_of(prose, link.start())}"
            if re.match(r"[a-z]+:", target):
                continue
            full = os.path.normpath(os.path.join(os.path.dirname(path), target)) if target else path
            if not os.path.exists(os.path.join(root, full)):
                found.append(f"{place}: link to '{link.group(1)}', but there is no {full}")
            elif anchor and full.endswith(".md") and anchor not in anchors_of(texts[full]):
                found.append(f"{place}: {full} has no heading '{anchor}'")
    if not texts:
        found.append("no document found")
    return found


def main():
    if len(sys.argv) == 4 and sys.argv[1] == "commands":
        found = check_commands(sys.argv[2], os.path.abspath(sys.argv[3]))
    elif len(sys.argv) == 3 and sys.argv[1] == "links":
        found = check_links(sys.argv[2])
    else:
        sys.exit(__doc__)
    print("\n".join(found) if found else "the documents hold")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
