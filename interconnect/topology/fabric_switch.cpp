// One Ethernet switch that every NIC port of the cluster plugs into: server by server, NIC by NIC, port by port.

#include "interconnect/topology/fabric.h"

#include <fmt/format.h>

namespace myriad {

void check_one_switch(Findings& findings, const ClusterConfig& config) {
    const std::int64_t ports = nic_ports_of(config);
    findings.expect(ports <= kMaxPortsPerNode,
                    fmt::format("one switch would need {} ports, at most {} are possible", ports, kMaxPortsPerNode));
}

std::int64_t one_switch_edges(const ClusterConfig& config) { return nic_ports_of(config); }

void add_one_switch(TopologyBuilder& builder, const ClusterConfig& config, const ServerLayout& servers) {
    const std::uint16_t link = builder.add_class(nic_link_class(config, "nic_switch"));
    const NodeId hub = builder.add_node({.kind = NodeKind::ethernet_switch,
                                         .name = "switch0",
                                         .server = kNoServer,
                                         .segment = 0,
                                         .tier = 2,
                                         .ports = {}});
    for (int server = 0; server < config.servers; ++server) {
        for (int nic = 0; nic < config.server.nics.count; ++nic) {
            for (int port = 0; port < config.server.nics.ports; ++port) {
                builder.connect(servers.nic(server, nic), hub, link);
            }
        }
    }
}

}  // namespace myriad
