// Nodes, ports and links. Latency convention: a link's latency runs from the first bit sent to the first bit received
// and includes the forwarding delay of the node it enters, so a path's latency is the plain sum over its links.

#include "interconnect/topology/builder.h"

#include "sim/error/error.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace myriad {

std::uint16_t TopologyBuilder::add_class(LinkClass link_class) {
    MYRIAD_CHECK(link_class.bandwidth.count() > 0, "link class " + link_class.name + " without bandwidth");
    topology_.link_classes.push_back(std::move(link_class));
    return static_cast<std::uint16_t>(topology_.link_classes.size() - 1);
}

NodeId TopologyBuilder::add_node(Node node) {
    topology_.nodes.push_back(std::move(node));
    return NodeId{static_cast<std::uint32_t>(topology_.nodes.size() - 1)};
}

EdgeId TopologyBuilder::connect(NodeId a, NodeId b, std::uint16_t link_class) {
    Node& node_a = topology_.nodes[index(a)];
    Node& node_b = topology_.nodes[index(b)];
    MYRIAD_CHECK(a != b && node_a.ports.size() < kMaxPortsPerNode && node_b.ports.size() < kMaxPortsPerNode,
                 node_a.name + " to " + node_b.name);
    const EdgeId id{static_cast<std::uint32_t>(topology_.edges.size())};
    topology_.edges.push_back({.a = a,
                               .b = b,
                               .port_a = static_cast<std::uint16_t>(node_a.ports.size()),
                               .port_b = static_cast<std::uint16_t>(node_b.ports.size()),
                               .link_class = link_class});
    node_a.ports.push_back(id);
    node_b.ports.push_back(id);
    return id;
}

LinkClass nic_link_class(const ClusterConfig& config, std::string name) {
    const NicConfig& nics = config.server.nics;
    const FabricConfig& fabric = config.fabric;
    return {.name = std::move(name),
            .bandwidth = nics.port_bandwidth,
            .latency = {fabric.link_latency + fabric.switch_latency, fabric.link_latency + nics.latency}};
}

LinkClass trunk_class(const ClusterConfig& config, std::string name) {
    const FabricConfig& fabric = config.fabric;
    return {
        .name = std::move(name), .bandwidth = fabric.uplink, .latency = fabric.link_latency + fabric.switch_latency};
}

LinkClass core_class(const ClusterConfig& config, std::string name) {
    LinkClass link_class = trunk_class(config, std::move(name));
    if (config.fabric.core_uplink.count() > 0) {
        link_class.bandwidth = config.fabric.core_uplink;
    }
    return link_class;
}

BytesPerSecond icn_bandwidth(const ServerConfig& server, const WiringLink& link, int links_used) {
    const ChipLinksConfig& chip = server.links;
    // To the nearest byte per second: the product of a decimal efficiency is rarely exact in binary.
    const auto payload = [&](std::int64_t raw) {
        return BytesPerSecond{std::llround(static_cast<double>(raw) * chip.efficiency)};
    };
    if (link.payload.count() > 0) {
        return link.payload;
    }
    if (link.per_link.count() > 0) {
        return payload(link.per_link.count() * link.bonded);
    }
    if (server.link_budget == LinkBudget::divided) {
        const Int128 total = payload(chip.per_link.count() * chip.links).count();
        return BytesPerSecond{static_cast<std::int64_t>(total * link.bonded / std::max(links_used, 1))};
    }
    return payload(chip.per_link.count() * link.bonded);
}

}  // namespace myriad
