#pragma once
// Puts nodes and links into a Topology; what the recipes are written with.

#include "interconnect/topology/config.h"
#include "interconnect/topology/topology.h"
#include "interconnect/topology/wiring.h"

#include <cstdint>
#include <string>

namespace myriad {

// A port number must fit into 16 bits beside kRouteEnd and kRouteChoice.
inline constexpr std::int64_t kMaxPortsPerNode = 65'533;

class TopologyBuilder {
public:
    explicit TopologyBuilder(Topology& topology) : topology_(topology) {}

    std::uint16_t add_class(LinkClass link_class);
    NodeId add_node(Node node);
    // The next free port of `a` to the next free port of `b`; `a` is the end of the lower tier.
    EdgeId connect(NodeId a, NodeId b, std::uint16_t link_class);
    [[nodiscard]] Topology& topology() { return topology_; }

private:
    Topology& topology_;
};

// The nodes of all servers, alike in names, ports and order: cards, ICN switch, PCIe switches, NICs. Where server s
// begins: nodes [s * nodes, (s + 1) * nodes).
struct ServerLayout {
    std::uint32_t nodes = 0;      // per server
    std::uint32_t first_nic = 0;  // NIC n of server s is node s * nodes + first_nic + n
    [[nodiscard]] NodeId nic(int server, int n) const {
        return NodeId{static_cast<std::uint32_t>(server) * nodes + first_nic + static_cast<std::uint32_t>(n)};
    }
};

// Adds all servers of the cluster, wired alike (server.cpp). The topology is empty before.
ServerLayout add_servers(TopologyBuilder& builder, const ClusterConfig& config, const WiringGraph& wiring);

// From a NIC port into a switch: wire and switch; back: wire and NIC. (A NIC's way out is charged on entering it from
// PCIe, server.cpp.)
[[nodiscard]] LinkClass nic_link_class(const ClusterConfig& config, std::string name);
// Between two Ethernet switches, each of which forwards.
[[nodiscard]] LinkClass trunk_class(const ClusterConfig& config, std::string name);
// The same with the bandwidth of the core tier.
[[nodiscard]] LinkClass core_class(const ClusterConfig& config, std::string name);

// Payload bandwidth of an edge of this wiring: of `bonded` links of the chip by LinkBudget, or of links of their own
// rate. `links_used`: of the busiest card, all its links counted singly.
[[nodiscard]] BytesPerSecond icn_bandwidth(const ServerConfig& server, const WiringLink& link, int links_used);

}  // namespace myriad
