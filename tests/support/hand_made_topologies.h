#pragma once
// Graphs put together link by link, for tests of routing: what the recipes build, without the recipes.

#include "interconnect/topology/builder.h"
#include "interconnect/topology/topology.h"

#include <string>
#include <vector>

namespace myriad::test {

inline LinkClass round_link(const char* name) { return {name, BytesPerSecond{50'000'000'000}, ns(100)}; }

inline NodeId add(TopologyBuilder& builder, NodeKind kind, const std::string& name, std::int32_t server,
                  std::int32_t tier) {
    return builder.add_node({.kind = kind, .name = name, .server = server, .segment = -1, .tier = tier, .ports = {}});
}

// Cards of one server as a torus of these sizes, innermost first; a ring of two is one link.
inline Topology torus(const std::vector<int>& sizes) {
    Topology topology;
    topology.name = "torus";
    TopologyBuilder builder(topology);
    const auto link = builder.add_class(round_link("icn"));
    int cards = 1;
    for (const int size : sizes) {
        cards *= size;
    }
    topology.servers = 1;
    topology.cards_per_server = cards;
    topology.server_hierarchy = sizes;
    for (int card = 0; card < cards; ++card) {
        topology.cards.push_back(add(builder, NodeKind::card, "server0.card" + std::to_string(card), 0, 0));
    }
    int stride = 1;
    for (std::size_t dimension = 0; dimension < sizes.size(); ++dimension) {
        const int size = sizes[dimension];
        for (int card = 0; card < cards; ++card) {
            const int coordinate = card / stride % size;
            if (size == 1 || (size == 2 && coordinate == 1)) {
                continue;
            }
            const bool closes = coordinate == size - 1;
            const int next = card + (closes ? 1 - size : 1) * stride;
            builder.connect(topology.cards[static_cast<std::size_t>(card)],
                            topology.cards[static_cast<std::size_t>(next)], link);
            topology.edges.back().dimension = static_cast<std::uint8_t>(dimension);
            topology.edges.back().closes_ring = closes;
        }
        stride *= size;
    }
    return topology;
}

// Servers of one card and one NIC of one port; pods of leaves and aggregation switches, every leaf to every aggregation
// switch of its pod, and core switches, each joined to one aggregation switch of every pod by `core_links` links.
struct ThreeTier {
    int pods = 2;
    int leaves = 4;      // per pod
    int hosts = 4;       // per leaf
    int aggs = 4;        // per pod
    int cores = 4;       // per aggregation switch of a pod
    int core_links = 1;  // from an aggregation switch to each of its cores
};
inline Topology three_tier(const ThreeTier& shape) {
    Topology topology;
    topology.name = "three tiers";
    TopologyBuilder builder(topology);
    const auto pcie = builder.add_class(round_link("pcie"));
    const auto host = builder.add_class(round_link("nic_leaf"));
    const auto trunk = builder.add_class(round_link("trunk"));
    topology.servers = shape.pods * shape.leaves * shape.hosts;
    topology.cards_per_server = 1;
    std::vector<NodeId> nics;
    for (int server = 0; server < topology.servers; ++server) {
        const std::string prefix = "server" + std::to_string(server) + ".";
        const NodeId card = add(builder, NodeKind::card, prefix + "card0", server, 0);
        const NodeId inner = add(builder, NodeKind::pcie_switch, prefix + "pcie0", server, 1);
        nics.push_back(add(builder, NodeKind::nic, prefix + "nic0", server, 1));
        topology.cards.push_back(card);
        builder.connect(card, inner, pcie);
        builder.connect(inner, nics.back(), pcie);
    }
    std::vector<NodeId> aggs;
    for (int pod = 0; pod < shape.pods; ++pod) {
        const std::string prefix = "pod" + std::to_string(pod) + ".";
        std::vector<NodeId> leaves;
        for (int leaf = 0; leaf < shape.leaves; ++leaf) {
            leaves.push_back(
                add(builder, NodeKind::ethernet_switch, prefix + "leaf" + std::to_string(leaf), kNoServer, 2));
            for (int host_number = 0; host_number < shape.hosts; ++host_number) {
                const int server = (pod * shape.leaves + leaf) * shape.hosts + host_number;
                builder.connect(nics[static_cast<std::size_t>(server)], leaves.back(), host);
            }
        }
        for (int agg = 0; agg < shape.aggs; ++agg) {
            aggs.push_back(add(builder, NodeKind::ethernet_switch, prefix + "agg" + std::to_string(agg), kNoServer, 3));
            for (const NodeId leaf : leaves) {
                builder.connect(leaf, aggs.back(), trunk);
            }
        }
    }
    for (int agg = 0; agg < shape.aggs; ++agg) {
        for (int core = 0; core < shape.cores; ++core) {
            const NodeId top = add(builder, NodeKind::ethernet_switch,
                                   "core" + std::to_string(agg * shape.cores + core), kNoServer, 4);
            for (int pod = 0; pod < shape.pods; ++pod) {
                for (int link = 0; link < shape.core_links; ++link) {
                    builder.connect(aggs[static_cast<std::size_t>(pod * shape.aggs + agg)], top, trunk);
                }
            }
        }
    }
    return topology;
}

}  // namespace myriad::test
