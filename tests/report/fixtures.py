"""Results that the tests of report.html need and that would take long to simulate, with figures as a run gives them.

    activity(cards_a_server, servers)   activity.json of a step on so many cards
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
    return {
        "name": name,
        "links": links,
        "mean": round(mean, 4),
        "most": round(most, 4),
        "busiest": f"{name}.card{int(wobble(seed, 3) * 16)} -> {name}.nic{int(wobble(seed, 4) * 4)}",
    }


def tier(name, title, bandwidth, cells):
    links = sum(one["links"] for one in cells)
    return {
        "name": name,
        "title": title,
        "links": links,
        "bandwidth_bytes_per_s": bandwidth,
        "mean": round(sum(one["mean"] * one["links"] for one in cells) / links, 4),
        "most": max(one["most"] for one in cells),
        "cells": cells,
    }


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
                    links.append(
                        {
                            "a": first + a,
                            "b": first + b,
                            "class": "icn",
                            "bandwidth_bytes_per_s": 48170000000,
                            "ab": round(0.05 + 0.3 * wobble(server, a, b), 4),
                            "ba": round(0.05 + 0.3 * wobble(server, b, a), 4),
                        }
                    )
        for pair in range(cards // 2):
            switch = len(nodes)
            nodes.append(
                {"name": f"server{server}.pcie{pair}", "kind": "pcie_switch", "server": server, "tier": "pcie"}
            )
            nodes.append({"name": f"server{server}.nic{pair}", "kind": "nic", "server": server, "tier": "nic"})
            for card in (2 * pair, 2 * pair + 1):
                links.append(
                    {
                        "a": first + card,
                        "b": switch,
                        "class": "pcie",
                        "bandwidth_bytes_per_s": 54000000000,
                        "ab": round(0.1 * wobble(card, 5), 4),
                        "ba": 0.02,
                    }
                )
            links.append(
                {
                    "a": switch,
                    "b": switch + 1,
                    "class": "pcie",
                    "bandwidth_bytes_per_s": 54000000000,
                    "ab": 0.08,
                    "ba": 0.05,
                }
            )
    if servers > 1:
        leaf = len(nodes)
        for number in range(2):
            nodes.append({"name": f"leaf{number}", "kind": "ethernet_switch", "server": None, "tier": "fabric"})
        for index, node in enumerate(nodes):
            if node["kind"] == "nic":
                links.append(
                    {
                        "a": index,
                        "b": leaf + index // 2 % 2,
                        "class": "nic_tor",
                        "bandwidth_bytes_per_s": 50000000000,
                        "ab": round(0.2 + 0.6 * wobble(index), 4),
                        "ba": round(0.2 + 0.5 * wobble(index, 1), 4),
                    }
                )
    return nodes, links


def series(buckets, base, seed):
    return [
        round(min(1.0, max(0.0, base * (1 + 0.8 * math.sin(i / 6.0 + seed)) * (0.6 + 0.5 * wobble(i, seed)))), 4)
        for i in range(buckets)
    ]


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
    return {
        "rank": rank,
        "card": rank,
        "name": f"tp {rank % 4}, pp {stage}",
        "lanes": [
            {"name": "compute", "slices": compute},
            {"name": "tensor", "slices": tensor},
            {"name": "pipeline", "slices": pipeline},
            {"name": "data", "slices": data},
        ],
    }


def activity(cards_a_server, servers, elapsed=15133964669261):
    cards = cards_a_server * servers
    tiers = [
        tier("icn", "ICN inside servers", 48170000000, [cell(f"server {s}", 112, 0.11, s) for s in range(servers)]),
        tier(
            "pcie", "PCIe of the cards", 54000000000, [cell(f"server {s}", 48, 0.05, s + 0.5) for s in range(servers)]
        ),
    ]
    if servers > 1:
        tiers.append(
            tier(
                "nic_tor",
                "NICs to ToR switches",
                50000000000,
                [cell(f"server {s}", 32, 0.34 if s % 37 else 0.6, s + 0.25) for s in range(servers)],
            )
        )
    if servers > 16:
        tiers.append(
            tier(
                "tor_agg",
                "ToR to aggregation switches",
                50000000000,
                [cell(f"pod {p}", 960, 0.22, p + 0.1) for p in range(max(2, servers // 64))],
            )
        )
        tiers.append(
            tier(
                "agg_core",
                "aggregation to core switches",
                50000000000,
                [cell(f"plane {p}", 480, 0.03, p + 0.7) for p in range(2)],
            )
        )
    buckets = 128
    classes = [
        {
            "name": one["name"],
            "links": one["links"],
            "mean": series(buckets, one["mean"], i),
            "most": series(buckets, min(1.0, one["most"] * 1.3), i + 0.5),
        }
        for i, one in enumerate(tiers)
    ]
    labels = [
        {"name": "mlp_up", "kind": "compute"},
        {"name": "attention_qkv", "kind": "compute"},
        {"name": "mlp_up_dgrad", "kind": "compute"},
        {"name": "attention_qkv_wgrad", "kind": "compute"},
        {"name": "all_gather", "kind": "tensor"},
        {"name": "send", "kind": "pipeline"},
        {"name": "reduce_scatter", "kind": "data"},
        {"name": "adam", "kind": "optimizer"},
    ]
    topology = {"cards": cards, "servers": servers, "tiers": tiers}
    if cards <= 64:
        topology["nodes"], topology["links"] = drawing(cards_a_server, servers)
    return {
        "schema": "myriad-activity/1",
        "elapsed_ps": elapsed,
        "topology": topology,
        "links_over_time": {
            "bucket_ps": elapsed // buckets,
            "classes": classes,
            "busiest": [
                {"from": "server0.card8", "to": "server0.card10", "class": "icn", "use": series(buckets, 0.3, 9)},
                {"from": "server0.nic1", "to": "tor3", "class": "nic_tor", "use": series(buckets, 0.7, 4)},
            ],
        },
        "ranks": {
            "labels": labels,
            "resolution_ps": elapsed // 20000,
            "rows": [rank_row(rank, elapsed, 16, labels) for rank in (0, 3, 4, 7)],
        },
    }


def comparison():
    runs = [
        {
            "name": "ppu-16",
            "cluster": "ppu-16",
            "cards": 16,
            "workload": "qwen3-32b, tensor 4 x data 2 x pipeline 2",
            "levels": "network packet, card roofline",
            "total_ps": 15133964669261,
            "figures": {
                "step_time": 15133964669261,
                "tokens_per_second": 8660.78,
                "mfu": 0.796,
                "memory": 65581449216,
                "bubble_fraction": 0.0758,
                "exposed_tensor": 674591966152,
            },
        },
        {
            "name": "h20-16",
            "cluster": "h20-16",
            "cards": 16,
            "workload": "qwen3-32b, tensor 4 x data 2 x pipeline 2",
            "levels": "network packet, card roofline",
            "total_ps": 13822100000000,
            "figures": {
                "step_time": 13822100000000,
                "tokens_per_second": 9482.7,
                "mfu": 0.823,
                "memory": 65581449216,
                "bubble_fraction": 0.0741,
                "exposed_tensor": 218000000000,
            },
        },
    ]
    base = [
        [13215926746306, 12415926746306],
        [674591966152, 218000000000],
        [95859803091, 43200000000],
        [1147586152543, 1024973253694],
        [1213, 120000000000],
    ]
    names = [
        ("compute", "kernels"),
        ("communication", "exposed: tensor-parallel"),
        ("communication", "exposed: data-parallel"),
        ("bubble", "bubbles"),
        ("other", "everything else"),
    ]
    base[4] = [runs[i]["total_ps"] - sum(row[i] for row in base[:4]) for i in range(2)]
    return {
        "schema": "myriad-comparison/1",
        "title": "Qwen3-32B on PPU and H20",
        "headline": "h20-16 is 1.09 times as fast as ppu-16: 1.312 s less of 15.13 s, 61 % of it in kernels",
        "verdict": [
            "kernels take 800 ms less: the matrix units of H20 reach 148 TFLOP/s, those of the PPU 139.3 TFLOP/s",
            "exposed tensor-parallel communication takes 457 ms less: NVLink gives 450 GB/s a direction, ICN 337 GB/s",
        ],
        "runs": runs,
        "reference": 0,
        "causes": [
            {"cause": cause, "name": name, "unit": "ps", "values": values, "difference": [0, values[1] - values[0]]}
            for (cause, name), values in zip(names, base)
        ],
        "operators": [
            {"name": name, "values": [time, int(time * factor)]}
            for name, time, factor in (
                ("mlp_up", 2101312720896, 0.94),
                ("mlp_up_dgrad", 2101312720896, 0.94),
                ("mlp_up_wgrad", 2101312720896, 0.94),
                ("mlp_down", 1051000000000, 0.95),
                ("flash_attention_grad", 673600000000, 0.9),
                ("attention_qkv", 421500000000, 0.97),
                ("swiglu", 92000000000, 0.7),
            )
        ],
        "groups": [
            {"name": "tensor-parallel", "busy": [1124301188152, 622000000000], "exposed": [674591966152, 218000000000]},
            {"name": "data-parallel", "busy": [255083995191, 131000000000], "exposed": [94006602904, 43200000000]},
        ],
        "links": [
            {
                "tier": "icn",
                "bandwidth_bytes_per_s": [48170000000, 450000000000],
                "mean": [0.06, 0.02],
                "most": [0.074, 0.031],
            },
            {
                "tier": "nic",
                "bandwidth_bytes_per_s": [50000000000, 50000000000],
                "mean": [0.01, 0.012],
                "most": [0.02, 0.02],
            },
        ],
        "inputs": [
            {"path": "cluster.server.chip", "values": ["zhenwu-810e", "h20"]},
            {"path": "cluster.server.chip.hbm_bandwidth", "values": ["2.765 TB/s", "4 TB/s"]},
            {"path": "cluster.server.wiring.recipe", "values": ["k4xk4", "switch"]},
        ],
        "assumed": [
            {
                "path": "cluster.server.chip.launch_latency",
                "value": "3 us",
                "source": "typical of such chips",
                "range": ["1 us", "6 us"],
            }
        ],
    }
