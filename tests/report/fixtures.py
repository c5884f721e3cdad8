"""Results that the tests of report.html need and that would take long to simulate, with figures as a run gives them.

    activity(cards_a_server, servers)   activity.json of a step on so many cards
    sweep(points)                       sweep.json of an interconnect study
    comparison()                        comparison.json of two clusters

Everything is a function of its arguments: no random numbers, no clock.
"""

import math


def wobble(*numbers):
    """Between 0 and 1, the same for the same numbers: what differs a little from place to place."""
    value = math.sin(sum((i + 1) * 12.9898 * number for i, number in enumerate(numbers))) * 43758.5453
    return value - math.floor(value)


def cell(name, links, base, seed):
    mean = base * (0.7 + 0.6 * wobble(seed, 1))
    most = min(1.0, mean * (1.2 + wobble(seed, 2)))
    return {"name": name, "links": links, "mean": round(mean, 4), "most": round(most, 4), "busiest": f"{name}.card{int(wobble(seed, 3) * 16)} -> {name}.nic{int(wobble(seed, 4) * 4)}"}


def tier(name, title, bandwidth, cells):
    links = sum(one["links"] for one in cells)
    return {"name": name, "title": title, "links": links, "bandwidth_bytes_per_s": bandwidth, "mean": round(sum(one["mean"] * one["links"] for one in cells) / links, 4), "most": max(one["most"] for one in cells), "cells": cells}


def drawing(cards, servers):
    """Nodes and links of servers with a mesh inside, a NIC for two cards and one leaf switch above."""
    nodes, links = [], []
    leaf = None
    for server in range(servers):
        first = len(nodes)
        for card in range(cards):
            nodes.append({"name": f"server{server}.card{card}", "kind": "card", "server": server, "tier": "icn"})
        for a in range(cards):
            for b in range(a + 1, cards):
                if cards <= 8 or (a ^ b) in (1, 2, 4, 8, 3):
                    links.append({"a": first + a, "b": first + b, "class": "icn", "bandwidth_bytes_per_s": 48170000000, "ab": round(0.05 + 0.3 * wobble(server, a, b), 4), "ba": round(0.05 + 0.3 * wobble(server, b, a), 4)})
        for pair in range(cards // 2):
            switch = len(nodes)
            nodes.append({"name": f"server{server}.pcie{pair}", "kind": "pcie_switch", "server": server, "tier": "pcie"})
            nodes.append({"name": f"server{server}.nic{pair}", "kind": "nic", "server": server, "tier": "nic"})
            for card in (2 * pair, 2 * pair + 1):
                links.append({"a": first + card, "b": switch, "class": "pcie", "bandwidth_bytes_per_s": 54000000000, "ab": round(0.1 * wobble(card, 5), 4), "ba": 0.02})
            links.append({"a": switch, "b": switch + 1, "class": "pcie", "bandwidth_bytes_per_s": 54000000000, "ab": 0.08, "ba": 0.05})
    if servers > 1:
        leaf = len(nodes)
        for number in range(2):
            nodes.append({"name": f"leaf{number}", "kind": "ethernet_switch", "server": None, "tier": "fabric"})
        for index, node in enumerate(nodes):
            if node["kind"] == "nic":
                links.append({"a": index, "b": leaf + index // 2 % 2, "class": "nic_tor", "bandwidth_bytes_per_s": 50000000000, "ab": round(0.2 + 0.6 * wobble(index), 4), "ba": round(0.2 + 0.5 * wobble(index, 1), 4)})
    return nodes, links


def series(buckets, base, seed):
    return [round(min(1.0, max(0.0, base * (1 + 0.8 * math.sin(i / 6.0 + seed)) * (0.6 + 0.5 * wobble(i, seed)))), 4) for i in range(buckets)]


def rank_row(rank, elapsed, micro_batches, labels):
    """1F1B as it looks: forward and backward of micro-batches, gradients at the end."""
    stage = rank // 4
    compute, tensor, pipeline = [], [], []
    step = elapsed // (micro_batches + 2)
    now = stage * step // 3
    for micro in range(micro_batches):
        for number, (label, part) in enumerate([(0, 0.28), (1, 0.12), (2, 0.4), (3, 0.1)]):
            length = int(step * part)
            compute.append([now, length, label])
            if number in (1, 3):
                tensor.append([now + length, int(step * 0.05), 4])
                now += int(step * 0.05)
            now += length
        pipeline.append([now, int(step * 0.02), 5])
    rest = elapsed - now
    data = [[now, int(rest * 0.6), 6]]
    compute.append([now + int(rest * 0.6), int(rest * 0.2), 7])
    return {"rank": rank, "card": rank, "name": f"tp {rank % 4}, pp {stage}", "lanes": [{"name": "compute", "slices": compute}, {"name": "tensor", "slices": tensor}, {"name": "pipeline", "slices": pipeline}, {"name": "data", "slices": data}]}


def activity(cards_a_server, servers, elapsed=15133964669261):
    cards = cards_a_server * servers
    tiers = [tier("icn", "ICN inside servers", 48170000000, [cell(f"server {s}", 112, 0.11, s) for s in range(servers)]),
             tier("pcie", "PCIe of the cards", 54000000000, [cell(f"server {s}", 48, 0.05, s + 0.5) for s in range(servers)])]
    if servers > 1:
        tiers.append(tier("nic_tor", "NICs to ToR switches", 50000000000, [cell(f"server {s}", 32, 0.34 if s % 37 else 0.6, s + 0.25) for s in range(servers)]))
    if servers > 16:
        tiers.append(tier("tor_agg", "ToR to aggregation switches", 50000000000, [cell(f"pod {p}", 960, 0.22, p + 0.1) for p in range(max(2, servers // 64))]))
        tiers.append(tier("agg_core", "aggregation to core switches", 50000000000, [cell(f"plane {p}", 480, 0.03, p + 0.7) for p in range(2)]))
    buckets = 128
    classes = [{"name": one["name"], "links": one["links"], "mean": series(buckets, one["mean"], i), "most": series(buckets, min(1.0, one["most"] * 1.3), i + 0.5)} for i, one in enumerate(tiers)]
    labels = [{"name": "mlp_up", "kind": "compute"}, {"name": "attention_qkv", "kind": "compute"}, {"name": "mlp_up_dgrad", "kind": "compute"}, {"name": "attention_qkv_wgrad", "kind": "compute"},
              {"name": "all_gather", "kind": "tensor"}, {"name": "send", "kind": "pipeline"}, {"name": "reduce_scatter", "kind": "data"}, {"name": "adam", "kind": "optimizer"}]
    topology = {"cards": cards, "servers": servers, "tiers": tiers}
    if cards <= 64:
        topology["nodes"], topology["links"] = drawing(cards_a_server, servers)
    return {"schema": "myriad-activity/1", "elapsed_ps": elapsed, "topology": topology,
            "links_over_time": {"bucket_ps": elapsed // buckets, "classes": classes, "busiest": [{"from": "server0.card8", "to": "server0.card10", "class": "icn", "use": series(buckets, 0.3, 9)}, {"from": "server0.nic1", "to": "tor3", "class": "nic_tor", "use": series(buckets, 0.7, 4)}]},
            "ranks": {"labels": labels, "resolution_ps": elapsed // 20000, "rows": [rank_row(rank, elapsed, 16, labels) for rank in (0, 3, 4, 7)]}}


METRICS = [("step_time", "ps", "time", "lower", "of a training step"), ("tokens_per_second", "1/s", "rate", "higher", "of all cards"), ("mfu", "1", "share", "higher", "useful flop / (peak x time of a step)"),
           ("exposed_tensor", "ps", "time", "lower", "waiting for tensor-parallel collectives, mean over ranks"), ("exposed_data", "ps", "time", "lower", "waiting for gradients and ZeRO weights, mean over ranks"),
           ("bubble_fraction", "1", "share", "lower", "waiting for other stages / step_time"), ("memory", "B", "size", "lower", "of the fullest card"), ("time", "ps", "time", "lower", "of the collective"), ("busbw", "B/s", "bandwidth", "higher", "algbw x factor of the operation, as nccl-tests"),
           ("cost", "USD", "money", "lower", "of a million tokens"), ("events", "1", "count", "neither", "of the simulation")]


def sweep_axes(points):
    totals = [350, 525, 700, 1050, 1400, 2100, 2800]
    wirings = ["16 hypercube", "8 mesh", "16 ring", "16 K4xK4", "16 mesh"]
    loads = ["Qwen3-32B training", "all-reduce 1 GiB", "all-to-all 256 MiB"]
    axes = [{"name": "workload", "role": "load", "values": loads, "numbers": [None] * 3}, {"name": "total", "role": "design", "values": [f"{t} GB/s" for t in totals], "numbers": [t * 1e9 for t in totals]},
            {"name": "wiring", "role": "design", "values": wirings, "numbers": [None] * 5}]
    seeds = max(1, math.ceil(points / 105))
    if seeds > 1:
        axes.append({"name": "cell", "role": "design", "values": [f"{64 << i} KiB" for i in range(seeds)], "numbers": [float(65536 << i) for i in range(seeds)]})
    return axes


def point_values(choice, axes, extra):
    load, total, wiring = choice[:3]
    speed = axes[1]["numbers"][total] / 7e11
    shape = [1.0, 1.05, 0.62, 1.12, 0.9][wiring] * (1 + 0.01 * (choice[3] if len(choice) > 3 else 0))
    work = 1.0 + 0.35 / (speed * shape) * (1 + 0.02 * wobble(load, total, wiring))
    if load == 0:
        values = {"step_time": int(work * 1.1e13), "tokens_per_second": 131072 / (work * 11), "mfu": 0.93 / work, "exposed_tensor": int(2.4e12 / speed / shape), "exposed_data": int(4e11 / speed / shape),
                  "bubble_fraction": 0.0758, "memory": 65581449216, "cost": 0.41 * work * (0.85 + 0.15 * speed)}
    else:
        size = 2 ** 30 if load == 1 else 2 ** 28
        time = size / (speed * shape * (3.1e11 if load == 1 else 2.2e11)) + 4e-6
        values = {"time": int(time * 1e12), "busbw": size / time * 1.875}
    values["events"] = 2900296 + 1000 * total
    for number in range(extra):
        values[f"extra_{number}"] = work * (number + 1) * 1.0123456789
    return values


def sweep(points=105, metrics=11):
    axes = sweep_axes(points)
    extra = max(0, metrics - len(METRICS))
    all_points = []
    shape = [len(axis["values"]) for axis in axes]
    for index in range(min(points, math.prod(shape))):
        choice, rest = [], index
        for length in reversed(shape):
            choice.insert(0, rest % length)
            rest //= length
        failed = choice[2] == 4 and choice[1] < 2
        all_points.append({"point": index + 1, "choice": choice, "status": "user_error" if failed else "ok", "reason": "configs/servers/ppu-16.yaml:12:5: error: a full mesh of 16 cards takes 15 links a card, the chip has 7 of 50 GB/s" if failed else "",
                           "algorithms": "" if failed else "direct" if choice[0] else "", "stage": 0, "key": f"{index * 2654435761 % 2**64:016x}", "values": {} if failed else point_values(choice, axes, extra)})
    described = [{"name": name, "column": f"{name}_{'ps' if unit == 'ps' else 'B' if unit == 'B' else 'B_per_s' if unit == 'B/s' else ''}".rstrip("_"), "unit": unit, "kind": kind, "better": better, "meaning": meaning} for name, unit, kind, better, meaning in METRICS]
    described += [{"name": f"extra_{number}", "column": f"extra_{number}", "unit": "1", "kind": "count", "better": "neither", "meaning": "one more"} for number in range(extra)]
    return {"schema": "myriad-sweep/2", "name": "icn_bandwidth", "title": "ICN bandwidth and wiring of a 16-card server", "axes": axes, "metrics": described, "points": all_points,
            "baseline": [0, 2, 0] + [0] * (len(axes) - 3), "objectives": ["step_time", "busbw"], "constraints": ["memory_share <= 0.9"], "analysis": analysis(axes, all_points)}


def analysis(axes, points):
    loads = axes[0]["values"]
    designs = {}
    for point in points:
        designs.setdefault(tuple(point["choice"][1:]), {})[point["choice"][0]] = point
    reference = designs.get((2, 0) + (0,) * (len(axes) - 3))
    metrics = ["step_time", "busbw", "busbw"]
    ranked = []
    for choice, by_load in designs.items():
        name = ", ".join(f"{axis['name']} {axis['values'][index]}" for axis, index in zip(axes[1:], choice))
        values = [by_load[l]["values"].get(metrics[l]) if l in by_load else None for l in range(3)]
        base = [reference[l]["values"].get(metrics[l]) if reference and l in reference else None for l in range(3)]
        gains = [None if v is None or b is None else b / v if m == "step_time" else v / b for v, b, m in zip(values, base, metrics)]
        complete = all(gain is not None for gain in gains)
        ranked.append({"choice": [0, *choice], "name": name, "points": [by_load[l]["point"] if l in by_load else None for l in range(3)], "values": values, "gains": gains, "score": math.prod(gains) ** (1 / 3) if complete else None,
                       "excluded": "" if complete else "point 13 failed: a full mesh takes 15 links a card", "on_front": False})
    ranked.sort(key=lambda design: (design["score"] is None, -(design["score"] or 0)))
    for design in ranked[:3]:
        design["on_front"] = design["score"] is not None
    best = ranked[0]
    return {"headline": f"{best['name']} is best: {best['score'] or 1:.2f} times as good as total 700 GB/s, wiring 16 hypercube over the three loads",
            "verdict": ["training gains 9 % from 700 to 1400 GB/s and 3 % from there to 2800 GB/s: past 1400 GB/s the matrix units pace the step", "wiring explains 71 % of the variance of all-to-all, 12 % of training", "a ring is worst everywhere: 0.62 times the bus bandwidth of a hypercube at equal total"],
            "ranking": {"loads": [f"workload {load}" for load in loads], "metrics": metrics, "reference": "total 700 GB/s, wiring 16 hypercube", "against_baseline": True, "designs": ranked},
            "fronts": [{"load": loads[0], "x": "step_time", "y": "cost", "points": [1]}],
            "effects": [{"axis": axis, "load": f"workload {load}", "metric": metric, "levels": levels, "spread": max(levels) / min(levels), "share": share, "combinations": 5}
                        for load, metric, rows in ((loads[0], "step_time", (("total", [1.22, 1.1, 1.02, 0.96, 0.93, 0.91, 0.9], 0.82), ("wiring", [0.99, 0.98, 1.08, 0.97, 1.0], 0.12))), (loads[2], "busbw", (("total", [0.45, 0.7, 0.95, 1.1, 1.3, 1.6, 1.9], 0.27), ("wiring", [1.0, 1.05, 0.6, 1.2, 0.9], 0.71))))
                        for axis, levels, share in rows],
            "knees": [{"axis": "total", "combination": f"workload {loads[0]}, wiring {wiring}", "metric": "step_time", "at": 1.05e12, "share_there": 0.94, "last_doubling": 1.03, "points": [1, 2, 3], "sentence": f"with {wiring}, training stops gaining at 1050 GB/s: a doubling from there on is worth less than 10 %"} for wiring in axes[2]["values"][:4]],
            "warnings": ["axis 'cell' had no effect on step_time at any point"] if len(axes) > 3 else []}


def comparison():
    runs = [{"name": "ppu-16", "cluster": "ppu-16", "cards": 16, "workload": "qwen3-32b, tensor 4 x data 2 x pipeline 2", "levels": "network packet, card roofline", "total_ps": 15133964669261,
             "figures": {"step_time": 15133964669261, "tokens_per_second": 8660.78, "mfu": 0.796, "memory": 65581449216, "bubble_fraction": 0.0758, "exposed_tensor": 674591966152}},
            {"name": "h20-16", "cluster": "h20-16", "cards": 16, "workload": "qwen3-32b, tensor 4 x data 2 x pipeline 2", "levels": "network packet, card roofline", "total_ps": 13822100000000,
             "figures": {"step_time": 13822100000000, "tokens_per_second": 9482.7, "mfu": 0.823, "memory": 65581449216, "bubble_fraction": 0.0741, "exposed_tensor": 218000000000}}]
    base = [[13215926746306, 12415926746306], [674591966152, 218000000000], [95859803091, 43200000000], [1147586152543, 1024973253694], [1213, 120000000000]]
    names = [("compute", "kernels"), ("communication", "exposed: tensor-parallel"), ("communication", "exposed: data-parallel"), ("bubble", "bubbles"), ("other", "everything else")]
    base[4] = [runs[i]["total_ps"] - sum(row[i] for row in base[:4]) for i in range(2)]
    return {"schema": "myriad-comparison/1", "title": "Qwen3-32B on PPU and H20", "headline": "h20-16 is 1.09 times as fast as ppu-16: 1.312 s less of 15.13 s, 61 % of it in kernels", "verdict": ["kernels take 800 ms less: the matrix units of H20 reach 148 TFLOP/s, those of the PPU 139.3 TFLOP/s", "exposed tensor-parallel communication takes 457 ms less: NVLink gives 450 GB/s a direction, ICN 337 GB/s"],
            "runs": runs, "reference": 0, "causes": [{"cause": cause, "name": name, "unit": "ps", "values": values, "difference": [0, values[1] - values[0]]} for (cause, name), values in zip(names, base)],
            "operators": [{"name": name, "values": [time, int(time * factor)]} for name, time, factor in (("mlp_up", 2101312720896, 0.94), ("mlp_up_dgrad", 2101312720896, 0.94), ("mlp_up_wgrad", 2101312720896, 0.94), ("mlp_down", 1051000000000, 0.95), ("flash_attention_grad", 673600000000, 0.9), ("attention_qkv", 421500000000, 0.97), ("swiglu", 92000000000, 0.7))],
            "groups": [{"name": "tensor-parallel", "busy": [1124301188152, 622000000000], "exposed": [674591966152, 218000000000]}, {"name": "data-parallel", "busy": [255083995191, 131000000000], "exposed": [94006602904, 43200000000]}],
            "links": [{"tier": "icn", "bandwidth_bytes_per_s": [48170000000, 450000000000], "mean": [0.06, 0.02], "most": [0.074, 0.031]}, {"tier": "nic", "bandwidth_bytes_per_s": [50000000000, 50000000000], "mean": [0.01, 0.012], "most": [0.02, 0.02]}],
            "inputs": [{"path": "cluster.server.chip", "values": ["zhenwu-810e", "h20"]}, {"path": "cluster.server.chip.hbm_bandwidth", "values": ["2.765 TB/s", "4 TB/s"]}, {"path": "cluster.server.wiring.recipe", "values": ["k4xk4", "switch"]}],
            "assumed": [{"path": "cluster.server.chip.launch_latency", "value": "3 us", "source": "typical of such chips", "range": ["1 us", "6 us"]}]}
