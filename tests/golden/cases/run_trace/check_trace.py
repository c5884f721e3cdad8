"""Reads a trace as viewers do: what the format asks of every event, and that arrows end in slices that waited."""

import json
import sys
from collections import Counter

with open(sys.argv[1], encoding="utf-8") as file:
    events = json.load(file)["traceEvents"]
names = {event["pid"]: event["args"]["name"] for event in events if event["name"] == "process_name"}
counters = set()
tracks = {}
arrows = {}
for event in events:
    assert isinstance(event["pid"], int) and event["pid"] > 0, event
    if event["ph"] == "M":
        continue
    if event["ph"] == "C":
        counters.add((event["pid"], event["name"]))
        assert event["ts"] >= 0 and event["pid"] in names and all(v >= 0 for v in event["args"].values()), event
        continue
    assert event["ts"] >= 0 and isinstance(event["tid"], int) and event["pid"] in names, event
    if event["ph"] == "X":
        assert event["dur"] >= 0, event
        tracks.setdefault((event["pid"], event["tid"]), []).append(event)
    else:
        assert event["ph"] in "sf", event
        assert event["ph"] not in arrows.setdefault(event["id"], {}), event
        arrows[event["id"]][event["ph"]] = event
for slices in tracks.values():
    slices.sort(key=lambda slice_: slice_["ts"])
    for before, after in zip(slices, slices[1:]):
        assert before["ts"] + before["dur"] <= after["ts"] + 1e-6, (before, after)


def slice_of(event):
    found = [s for s in tracks[event["pid"], event["tid"]] if s["ts"] <= event["ts"] < s["ts"] + s["dur"]]
    assert len(found) == 1, event
    return found[0]


ends = Counter()
for ends_of in arrows.values():
    assert set(ends_of) == {"s", "f"} and ends_of["s"]["ts"] <= ends_of["f"]["ts"], ends_of
    assert ends_of["f"]["bp"] == "e", ends_of
    ends[slice_of(ends_of["s"])["args"]["kind"] + " -> " + slice_of(ends_of["f"])["args"]["kind"]] += 1
print("\n".join(names[pid] for pid in sorted(names)))
path = [event for event in events if event["ph"] == "X" and event["pid"] == 1]
print(f"{len(path)} slices on the critical path, {sum(s['dur'] for s in path) / 1e6:.6f} s")
print("arrows:", dict(sorted(ends.items())))
print("counters:", sorted({name for _, name in counters}), "of", len({pid for pid, _ in counters}), "ranks")
