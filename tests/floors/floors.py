#!/usr/bin/env python3
"""The rules of the house that no compiler checks: who may include whom, and what a file may hold.

    floors.py ROOT     prints every broken rule as file:line: rule: what, and exits 1 if there is one

A floor includes only from floors below it; models and interconnect stand side by side. Each rule is one function that
yields (line, text); test_floors.py plants a violation of each.
"""

import os
import re
import sys

# floor -> floors that it may include from. A folder that is not here is no floor and has fewer rules.
FLOORS = {
    "sim": {"sim"},
    "models": {"sim", "models"},
    "interconnect": {"sim", "interconnect"},
    "workloads": {"sim", "models", "interconnect", "workloads"},
    "app": {"sim", "models", "interconnect", "workloads", "app"},
}
OUTBUILDINGS = ("tests", "bench", "scripts", "cmake")  # may include every floor; no floor includes them

# header prefix -> (folders that may include it, where; None: anywhere in a .cpp)
LIBRARIES = {
    "yaml-cpp/": ("sim/config", "app"),
    "systemc": ("sim/systemc", "sim/network", "models", "interconnect/packet", "app"),
    "tlm": ("sim/systemc", "sim/network", "models", "interconnect/packet", "app"),
}
# Slow to compile, so never in a header.
HEAVY = ("yaml-cpp/", "nlohmann/", "CLI/", "spdlog/", "boost/graph/")

LINES_MAX = 500

# (rule, pattern, folders of the floors where it is allowed, why)
FORBIDDEN_WORDS = [
    ("host clock", re.compile(r"\b(?:steady_clock|system_clock|high_resolution_clock|gettimeofday|clock_gettime)\b"),
     ("sim/progress",), "the host's clock is read in sim/progress only, so that it cannot reach a result"),
    ("random", re.compile(r"\b(?:mt19937(?:_64)?|random_device|default_random_engine|minstd_rand0?|s?rand\s*\()"),
     ("sim/random",), "random numbers come from sim/random, which is the same on every platform"),
    ("thread process", re.compile(r"\bSC_C?THREAD\b"), (),
     "sequential behaviour is a coroutine (design.md section 2)"),
]
INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]')
# Put together from parts, so that this file does not break its own rule.
MACHINE_PATH = re.compile(r"(?<![\w.$}])/(?:" + "|".join(["ho" + "me", "ro" + "ot", "wo" + "rk", "Us" + "ers"]) + r")/\w")
LINE_COMMENT = re.compile(r'"(?:\\.|[^"\\])*"|//.*')
TARGET = re.compile(r"^\s*(?:myriad_\w+|add_library|add_executable|add_custom_target|add_test)\s*\(", re.MULTILINE)


def is_code(path):
    return path.endswith((".h", ".cpp"))


def is_text(path):
    name = os.path.basename(path)
    return is_code(path) or path.endswith((".py", ".cmake", ".sh")) or name == "CMakeLists.txt" or is_script(path)


def is_script(path):
    return path.startswith("scripts/") and "." not in os.path.basename(path)


def inside(path, folders):
    return any(path == folder or path.startswith(folder + "/") for folder in folders)


def code_only(line):
    """The line without its // comment and without the inside of its strings."""
    return LINE_COMMENT.sub(lambda match: '""' if match.group().startswith('"') else "", line)


def check_includes(tree, path, lines):
    floor = path.split("/")[0]
    for number, line in enumerate(lines, 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        quoted, target = match.group(1) == '"', match.group(2)
        first = target.split("/")[0]
        if not quoted and "/" in target and (first in FLOORS or first in OUTBUILDINGS):
            yield number, "include", f'<{target}> is a file of this house: write it as "{target}"'
        if quoted and target not in tree:
            yield number, "include", f'"{target}" is no path from the repository root'
        if floor in FLOORS and "/" in target:
            if first in FLOORS and first not in FLOORS[floor]:
                yield number, "floor", f"{floor} must not include {target}"
            elif first in OUTBUILDINGS:
                yield number, "floor", f"no floor includes {first}"


def check_libraries(_tree, path, lines):
    if path.split("/")[0] not in FLOORS:
        return
    for number, line in enumerate(lines, 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        target = match.group(2)
        for prefix, folders in LIBRARIES.items():
            named = target.startswith(prefix) if prefix.endswith("/") else re.fullmatch(prefix + r"(?:\.h)?", target)
            if named and not inside(path, folders):
                yield number, "library", f"<{target}> is known to {', '.join(folders)} only"
        if path.endswith(".h") and target.startswith(HEAVY):
            yield number, "library", f"<{target}> is slow to compile: include it in a .cpp file"


def check_words(_tree, path, lines):
    if path.split("/")[0] not in FLOORS:
        return
    for number, line in enumerate(lines, 1):
        code = code_only(line)
        for rule, pattern, folders, why in FORBIDDEN_WORDS:
            match = pattern.search(code)
            if match and not inside(path, folders):
                yield number, rule, f"'{match.group().strip(' (')}': {why}"
        if path.endswith(".h") and re.match(r"\s*using\s+namespace\b", code):
            yield number, "header", "no 'using namespace' in a header"


def check_shape(_tree, path, lines):
    if len(lines) > LINES_MAX:
        yield LINES_MAX + 1, "length", f"{len(lines)} lines, at most {LINES_MAX}"
    if path.endswith(".h") and not any(line.startswith("#pragma once") for line in lines[:5]):
        yield 1, "header", "a header starts with #pragma once"
    if path.endswith(".cpp") and path.split("/")[0] in FLOORS and not (lines and lines[0].startswith("//")):
        yield 1, "opening", "a .cpp file opens with a comment: its model and its assumptions"


def check_paths(_tree, _path, lines):
    for number, line in enumerate(lines, 1):
        match = MACHINE_PATH.search(line)
        if match:
            yield number, "machine path", f"'{match.group()}' exists on one machine only"


FILE_RULES = (check_includes, check_libraries, check_words, check_shape)


def check_targets(tree):
    """Every folder of a floor that holds code has a target, is entered by its parent and names its sources."""
    folders = {}
    for path in sorted(tree):
        if is_code(path) and path.split("/")[0] in FLOORS:
            folders.setdefault(os.path.dirname(path), []).append(path)
    for folder, paths in folders.items():
        lists = f"{folder}/CMakeLists.txt"
        if not TARGET.search(tree.get(lists, "")):
            yield paths[0], 1, "target", f"{lists} has no target for this file's folder"
            continue
        for path in paths:
            if path.endswith(".cpp") and not named(tree[lists], os.path.basename(path)):
                yield path, 1, "target", f"{lists} does not name this source"
        parent, name = os.path.split(folder)
        if parent and not re.search(rf"add_subdirectory\s*\(\s*{re.escape(name)}\s*\)",
                                    tree.get(f"{parent}/CMakeLists.txt", "")):
            yield paths[0], 1, "target", f"{parent}/CMakeLists.txt has no add_subdirectory({name})"
    for path in sorted(tree):
        if path.startswith("tests/") and path.endswith(".cpp"):
            folder = os.path.dirname(path)
            above = [folder[: m.start()] for m in re.finditer("/", folder)] + [folder]
            if not any(named(tree.get(f"{a}/CMakeLists.txt", ""), os.path.relpath(path, a)) for a in above):
                yield path, 1, "target", "no CMakeLists.txt names this source, so it is never built"


def named(cmake_text, source):
    return re.search(rf"(?<![\w.-]){re.escape(source)}(?![\w.])", cmake_text) is not None


def read_tree(root):
    """path from the root -> text, for every file that has rules."""
    tree = {}
    for top in sorted((*FLOORS, *OUTBUILDINGS, "configs", "scenarios", "docs")):
        for folder, folders, files in os.walk(os.path.join(root, top)):
            folders[:] = sorted(name for name in folders if name != "__pycache__")
            for name in sorted(files):
                path = os.path.relpath(os.path.join(folder, name), root)
                if is_text(path) or path.endswith((".yaml", ".yml", ".md", ".json", ".txt")):
                    with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
                        tree[path] = file.read()
    return tree


def broken_rules(root):
    tree = read_tree(root)
    if not any(path.split("/")[0] in FLOORS and is_code(path) for path in tree):
        return [f"{root}: floors: no code of any floor found, wrong root?"]
    found = []
    for path, text in sorted(tree.items()):
        lines = text.splitlines()
        rules = [check_paths] + (list(FILE_RULES) if is_code(path) else [])
        if is_text(path) and not is_code(path):
            rules.append(check_shape)
        for rule in rules:
            found += [f"{path}:{number}: {name}: {what}" for number, name, what in rule(tree, path, lines)]
    found += [f"{path}:{number}: {name}: {what}" for path, number, name, what in check_targets(tree)]
    return found


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    found = broken_rules(sys.argv[1])
    print("\n".join(found) if found else "the floors hold")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
