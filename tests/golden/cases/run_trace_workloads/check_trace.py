"""Checks a trace by the rules of Perfetto's trace processor for the JSON format, and says what is in it."""

import bisect
import json
import sys


def fail(rule, event):
    raise SystemExit(f"{rule}: {event}")


def exact(text):
    """Picoseconds of a time in microseconds, without the rounding of a float."""
    whole, _, part = text.partition(".")
    return int(whole) * 10**6 + int((part + "000000")[:6])


with open(sys.argv[1], encoding="utf-8") as file:
    trace = json.load(file, parse_float=str, parse_int=str)
if trace["displayTimeUnit"] not in ("ns", "ms"):
    fail("displayTimeUnit is ns or ms", trace["displayTimeUnit"])

processes, threads = {}, {}
for event in trace["traceEvents"]:
    if event["ph"] == "M":
        if event["name"] == "process_name":
            processes[int(event["pid"])] = event["args"]["name"]
        elif event["name"] == "thread_name":
            threads[int(event["pid"]), int(event["tid"])] = event["args"]["name"]

tracks, counters, flows = {}, {}, {}
for event in trace["traceEvents"]:
    pid = int(event["pid"])
    if pid <= 0 or pid not in processes:
        fail("a process has a name and a number above 0", event)
    if event["ph"] == "M":
        continue
    if not event["name"] or exact(event["ts"]) < 0:
        fail("an event has a name and a time", event)
    if event["ph"] == "C":
        points = counters.setdefault((pid, event["name"]), [])
        if len(event["args"]) != 1 or (points and exact(event["ts"]) < points[-1][0]):
            fail("a counter has one series, in order of time", event)
        value = float(next(iter(event["args"].values())))
        if value < 0.0 or (next(iter(event["args"])) == "percent" and value > 100.0):
            fail("a counter is not negative, and at most 100 percent", event)
        points.append((exact(event["ts"]), value))
        continue
    place = (pid, int(event["tid"]))
    if place not in threads:
        fail("a thread has a name", event)
    if event["ph"] == "X":
        if exact(event["dur"]) < 0:
            fail("a slice does not end before it begins", event)
        tracks.setdefault(place, []).append((exact(event["ts"]), exact(event["dur"]), event))
    elif event["ph"] in "sf":
        if event["ph"] in flows.setdefault(event["id"], {}):
            fail("an arrow has one begin and one end", event)
        flows[event["id"]][event["ph"]] = (place, exact(event["ts"]))
    else:
        fail("events are X, C, M, s and f", event)

for slices in tracks.values():
    slices.sort(key=lambda one: (one[0], -one[1]))
    open_ends = []
    for begin, length, event in slices:
        while open_ends and open_ends[-1] <= begin:
            open_ends.pop()
        if open_ends and open_ends[-1] < begin + length:
            fail("slices of one thread nest or follow each other", event)
        open_ends.append(begin + length)
begins = {place: [begin for begin, _, _ in slices] for place, slices in tracks.items()}
for number, ends in flows.items():
    if set(ends) != {"s", "f"} or ends["s"][1] > ends["f"][1]:
        fail("an arrow goes forward from a begin to an end", number)
    for place, at in ends.values():
        before = bisect.bisect_right(begins[place], at)
        # Slices nest at most a few deep: the one that holds the moment is among the last that began before it.
        if not any(begin + length > at for begin, length, _ in tracks[place][max(before - 8, 0) : before]):
            fail("an arrow begins and ends in slices", number)

for pid in sorted(processes):
    lanes = {}
    for (of, tid), name in threads.items():
        if of == pid:
            lanes[name] = len(tracks.get((of, tid), []))
    print(processes[pid])
    for name, count in lanes.items():
        print(f"  {name}: {count} slices")
    for of, name in counters:
        if of == pid:
            print(f"  counter {name}: at most {max(v for _, v in counters[of, name]):.4g}")
print(f"{len(flows)} arrows")
