#pragma once
// What a fabric recipe is: the sizes that it allows, the links that it will make, and how it makes them. One file a
// recipe (fabric_*.cpp), one line a recipe in fabric.cpp.

#include "interconnect/topology/builder.h"
#include "interconnect/topology/findings.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace myriad {

struct FabricEntry {
    FabricRecipe recipe;
    std::string_view name;
    // Reports what breaks a rule, with the rule. Servers, NICs and latencies have been checked.
    void (*check)(Findings&, const ClusterConfig&);
    // Links that build() will add; the sizes have been checked.
    std::int64_t (*count_edges)(const ClusterConfig&);
    // Adds the switches and joins every NIC port to them.
    void (*build)(TopologyBuilder&, const ClusterConfig&, const ServerLayout&);
};

// The line of a recipe; not of `none`.
[[nodiscard]] const FabricEntry& fabric_entry(FabricRecipe recipe);

inline std::int64_t nics_of(const ClusterConfig& config) {
    return std::int64_t{config.servers} * config.server.nics.count;
}
inline std::int64_t nic_ports_of(const ClusterConfig& config) { return nics_of(config) * config.server.nics.ports; }
constexpr std::int64_t divide_up(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

// "a leaf would have 70000 ports, at most 65535 are possible"
void expect_ports(Findings& findings, const std::string& what, std::int64_t ports);
// A Ethernet switch of the fabric.
NodeId add_switch(TopologyBuilder& builder, std::string name, std::int32_t segment, std::int32_t tier);
// NIC j of the cluster to the `ports` switches of block j / nics_per_switch, its port p to the p-th; every switch of a
// block thus has up to nics_per_switch host ports.
void plug_in_order(TopologyBuilder& builder, const ClusterConfig& config, const ServerLayout& servers,
                   const std::vector<NodeId>& switches, int nics_per_switch, std::uint16_t link);
// `links` links from `lower` to `upper`.
void join(TopologyBuilder& builder, NodeId lower, NodeId upper, int links, std::uint16_t link_class);
// Gives every node of a server the segment that `segment_of(server)` says.
template <class SegmentOf>
void mark_segments(Topology& topology, SegmentOf segment_of) {
    for (Node& node : topology.nodes) {
        if (node.server != kNoServer) {
            node.segment = segment_of(node.server);
        }
    }
}

// fabric_switch.cpp
void check_one_switch(Findings& findings, const ClusterConfig& config);
std::int64_t one_switch_edges(const ClusterConfig& config);
void add_one_switch(TopologyBuilder& builder, const ClusterConfig& config, const ServerLayout& servers);
// fabric_clos2.cpp
void check_clos2(Findings& findings, const ClusterConfig& config);
std::int64_t clos2_edges(const ClusterConfig& config);
void add_clos2(TopologyBuilder& builder, const ClusterConfig& config, const ServerLayout& servers);
// fabric_hpn7.cpp
void check_hpn7(Findings& findings, const ClusterConfig& config);
std::int64_t hpn7_edges(const ClusterConfig& config);
void add_hpn7(TopologyBuilder& builder, const ClusterConfig& config, const ServerLayout& servers);
// fabric_clos3.cpp: both have pods of leaves, aggregation switches and core groups
void check_clos3(Findings& findings, const ClusterConfig& config);
void check_dcn_plus(Findings& findings, const ClusterConfig& config);
std::int64_t clos3_edges(const ClusterConfig& config);
void add_clos3(TopologyBuilder& builder, const ClusterConfig& config, const ServerLayout& servers);
// fabric_rail.cpp: both
void check_rail(Findings& findings, const ClusterConfig& config);
std::int64_t rail_edges(const ClusterConfig& config);
void add_rail(TopologyBuilder& builder, const ClusterConfig& config, const ServerLayout& servers);
// fabric_dragonfly_plus.cpp
void check_dragonfly_plus(Findings& findings, const ClusterConfig& config);
std::int64_t dragonfly_plus_edges(const ClusterConfig& config);
void add_dragonfly_plus(TopologyBuilder& builder, const ClusterConfig& config, const ServerLayout& servers);
// fabric_direct.cpp
void check_direct(Findings& findings, const ClusterConfig& config);
std::int64_t direct_edges(const ClusterConfig& config);
void add_direct(TopologyBuilder& builder, const ClusterConfig& config, const ServerLayout& servers);

}  // namespace myriad
