// The table of fabrics and what they share.

#include "interconnect/topology/fabric.h"

#include <fmt/format.h>

namespace myriad {
namespace {

constexpr FabricEntry kFabrics[] = {
    {FabricRecipe::one_switch, "one_switch", check_one_switch, one_switch_edges, add_one_switch},
    {FabricRecipe::clos2, "clos2", check_clos2, clos2_edges, add_clos2},
    {FabricRecipe::hpn7, "hpn7", check_hpn7, hpn7_edges, add_hpn7},
    {FabricRecipe::clos3, "clos3", check_clos3, clos3_edges, add_clos3},
    {FabricRecipe::rail_optimised, "rail_optimised", check_rail, rail_edges, add_rail},
    {FabricRecipe::rail_only, "rail_only", check_rail, rail_edges, add_rail},
    {FabricRecipe::dcn_plus, "dcn_plus", check_dcn_plus, clos3_edges, add_clos3},
    {FabricRecipe::dragonfly_plus, "dragonfly_plus", check_dragonfly_plus, dragonfly_plus_edges, add_dragonfly_plus},
    {FabricRecipe::direct, "direct", check_direct, direct_edges, add_direct},
};

}  // namespace

const FabricEntry& fabric_entry(FabricRecipe recipe) {
    for (const FabricEntry& entry : kFabrics) {
        if (entry.recipe == recipe) {
            return entry;
        }
    }
    MYRIAD_CHECK(false, "a fabric recipe without an entry");
    return kFabrics[0];
}

void expect_ports(Findings& findings, const std::string& what, std::int64_t ports) {
    findings.expect(ports <= kMaxPortsPerNode,
                    fmt::format("{} would have {} ports, at most {} are possible", what, ports, kMaxPortsPerNode));
}

NodeId add_switch(TopologyBuilder& builder, std::string name, std::int32_t segment, std::int32_t tier) {
    return builder.add_node({.kind = NodeKind::ethernet_switch,
                             .name = std::move(name),
                             .server = kNoServer,
                             .segment = segment,
                             .tier = tier,
                             .ports = {}});
}

void plug_in_order(TopologyBuilder& builder, const ClusterConfig& config, const ServerLayout& servers,
                   const std::vector<NodeId>& switches, int nics_per_switch, std::uint16_t link) {
    const NicConfig& nics = config.server.nics;
    for (int server = 0; server < config.servers; ++server) {
        for (int nic = 0; nic < nics.count; ++nic) {
            const int block = (server * nics.count + nic) / nics_per_switch;
            for (int port = 0; port < nics.ports; ++port) {
                const auto number = static_cast<std::size_t>(block * nics.ports + port);
                builder.connect(servers.nic(server, nic), switches[number], link);
            }
        }
    }
}

void join(TopologyBuilder& builder, NodeId lower, NodeId upper, int links, std::uint16_t link_class) {
    for (int link = 0; link < links; ++link) {
        builder.connect(lower, upper, link_class);
    }
}

}  // namespace myriad
