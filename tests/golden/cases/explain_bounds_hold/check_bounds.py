"""Runs a step, then again with one resource twice as fast: no run may save more than the explanation's bound."""

import json
import subprocess

CHIP = "cluster.server.chip"
CHANGES = {
    "icn": f"{CHIP}.links.per_link=100 GB/s",
    "nic": "cluster.server.nics.port_bandwidth=400 Gb/s",
    "hbm": f"{CHIP}.hbm.bandwidth=5.5296 TB/s",
    "matrix": f"{CHIP}.tensor.bf16=278.528 TFLOP/s",
    "launch": f"{CHIP}.launch_latency=0 us",
}
RUNS = [
    ("ppu-16", "analytic", {}),
    ("ppu-16", "flow", {"tensor_parallel": 8, "pipeline_parallel": 1, "recompute": "full"}),
    ("ppu-16", "analytic", {"tensor_parallel": 2, "pipeline_parallel": 8, "data_parallel": 1, "global_batch": 8}),
    ("ppu-128", "flow", {"tensor_parallel": 4, "pipeline_parallel": 4, "data_parallel": 8, "global_batch": 16}),
]
ROUNDING = 1e-9  # of the step: every kernel's time is a whole number of picoseconds


def run(cluster, network, plan, changes):
    overrides = [f"cluster={cluster}"] if cluster != "ppu-16" else []
    overrides += [f"workload.training.plan.{key}={value}" for key, value in plan.items()] + changes
    words = ["myriad", "run", "scenarios/quickstart.yaml", "--network", network, "--json", "--no-result"]
    for override in overrides:
        words += ["--set", override]
    return json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout)["training"]


for cluster, network, plan in RUNS:
    base = run(cluster, network, plan, [])
    step = base["step_time_ps"]
    path = sum(share["time_ps"] for share in base["explanation"]["path"]["shares"])
    print(cluster, network, plan, "the path adds up" if path == step else f"the path is {path} ps of {step}")
    bounds = {bound["change"]: bound["saves_at_most_ps"] for bound in base["explanation"]["bounds"]}
    for change, override in CHANGES.items():
        saved = step - run(cluster, network, plan, [override])["step_time_ps"]
        bound = bounds.get(change, 0)
        held = "within its bound" if saved <= bound + ROUNDING * step else f"{saved} ps saved, bound {bound} ps"
        print(f"  {change}: {'saves' if saved > 0 else 'saves nothing'}, {held}")
