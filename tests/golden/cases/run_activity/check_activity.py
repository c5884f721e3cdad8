"""Checks activity.json of a result folder against its links.csv: what buckets hold adds up to what links were busy."""

import csv
import json
import os
import sys

folder = sys.argv[1]
path = os.path.join(folder, "activity.json")
with open(path, encoding="utf-8") as file:
    activity = json.load(file)
assert activity["schema"] == "myriad-activity/1"
assert os.path.getsize(path) <= 1_000_000, os.path.getsize(path)
elapsed = activity["elapsed_ps"]
busy, most = {}, {}
with open(os.path.join(folder, "links.csv"), encoding="utf-8") as file:
    for row in csv.DictReader(file):
        busy[row["class"]] = busy.get(row["class"], 0) + int(row["busy_ps"])
        most[row["class"]] = max(most.get(row["class"], 0), int(row["busy_ps"]))

for tier in activity["topology"]["tiers"]:
    mean = busy.get(tier["name"], 0) / elapsed / tier["links"]
    assert abs(tier["mean"] - mean) <= 5e-5 + 1e-9, tier["name"]
    assert abs(tier["most"] - most.get(tier["name"], 0) / elapsed) <= 5e-5 + 1e-9, tier["name"]
    cells = tier["cells"]
    assert sum(cell["links"] for cell in cells) == tier["links"] and len(cells) <= 1024
    of_cells = sum(cell["links"] * cell["mean"] for cell in cells) / tier["links"]
    assert abs(of_cells - tier["mean"]) <= 1.01e-4, tier["name"]
    assert max(cell["most"] for cell in cells) == tier["most"]
    print(f"{tier['title']}: {tier['links']} links, {len(cells)} cells, mean {tier['mean']}, most {tier['most']}")

series = activity.get("links_over_time")
if series:
    width = series["bucket_ps"]
    buckets = -(-elapsed // width)
    assert buckets <= 200, buckets
    for one in series["classes"]:
        assert sum(one["busy_ps"]) == busy.get(one["name"], 0), one["name"]
        assert len(one["busy_ps"]) == len(one["mean"]) == len(one["most"]) == buckets
        for number, (sum_ps, mean, greatest) in enumerate(zip(one["busy_ps"], one["mean"], one["most"])):
            length = min(width, elapsed - number * width)
            assert sum_ps <= one["links"] * (length + 2), (one["name"], number)
            assert abs(mean - sum_ps / length / one["links"]) <= 6e-5 and mean <= greatest + 2e-4
    assert all(len(one["use"]) == buckets for one in series["busiest"])
    print(f"{buckets} buckets of {width} ps add up")
else:
    print(activity["no_links_over_time"])

slices = 0
for row in activity["ranks"]["rows"]:
    for lane in row["lanes"]:
        end = 0
        for start, duration, label in lane["slices"]:
            assert end <= start and duration > 0 and label < len(activity["ranks"]["labels"]), (row["name"], lane["name"])
            end = start + duration
            slices += 1
        assert end <= elapsed, lane["name"]
assert slices <= 4000, slices
print(f"{len(activity['ranks']['rows'])} ranks, {slices} slices")
