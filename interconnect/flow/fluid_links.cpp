// A node with two ports that is no card passes on everything that enters by one port through the other: no flow begins
// or ends there. So the link in and the link out carry the same flows.

#include "interconnect/flow/fluid_links.h"

#include <algorithm>

namespace myriad {

namespace {
constexpr std::uint32_t kNone = 0xFFFF'FFFF;

std::uint32_t number_of(DirectedEdge way) { return 2 * index(way.edge) + way.direction; }
}  // namespace

FluidLinks::FluidLinks(const Topology& topology) {
    const std::size_t links = 2 * topology.edges.size();
    bandwidth_.resize(links);
    latency_.resize(links);
    for (std::uint32_t l = 0; l < links; ++l) {
        const DirectedEdge way{EdgeId{l / 2}, static_cast<std::uint8_t>(l % 2)};
        bandwidth_[l] = class_of(topology, way.edge).bandwidth;
        latency_[l] = latency_of(topology, way);
    }
    for (std::uint32_t node = 0; node < topology.nodes.size(); ++node) {
        first_port_.push_back(static_cast<std::uint32_t>(hops_.size()));
        for (std::size_t port = 0; port < topology.nodes[node].ports.size(); ++port) {
            const Step step = step_over(topology, NodeId{node}, static_cast<std::uint16_t>(port));
            hops_.push_back({number_of(step.way), index(step.to)});
        }
    }
    for (std::uint32_t end = 0; end < ends_of(topology); ++end) {
        end_nodes_.push_back(index(node_of(topology, CardId{end})));
    }
    join_series(topology);
}

void FluidLinks::join_series(const Topology& topology) {
    const std::size_t links = bandwidth_.size();
    std::vector<std::uint32_t> next(links, kNone);  // the one link that all flows of a link go on by
    std::vector<bool> follows(links, false);
    for (const Node& node : topology.nodes) {
        const bool ends_flows =
            node.kind == NodeKind::card || (node.kind == NodeKind::icn_switch && !topology.reducers.empty());
        if (ends_flows || node.ports.size() != 2 || node.ports[0] == node.ports[1]) {
            continue;
        }
        const std::size_t self = static_cast<std::size_t>(&node - topology.nodes.data());
        const std::uint32_t out0 = hops_[first_port_[self]].link;
        const std::uint32_t out1 = hops_[first_port_[self] + 1].link;
        next[out0 ^ 1] = out1;  // the other direction of the edge leads in
        next[out1 ^ 1] = out0;
        follows[out1] = follows[out0] = true;
    }
    resource_of_.assign(links, kNone);
    const auto collect = [&](std::uint32_t first) {
        const auto resource = static_cast<std::uint32_t>(first_member_.size());
        first_member_.push_back(static_cast<std::uint32_t>(members_.size()));
        for (std::uint32_t l = first; l != kNone && resource_of_[l] == kNone; l = next[l]) {
            resource_of_[l] = resource;
            members_.push_back(l);
        }
    };
    for (std::uint32_t l = 0; l < links; ++l) {
        if (!follows[l]) {
            collect(l);
        }
    }
    for (std::uint32_t l = 0; l < links; ++l) {  // a circle of such nodes has no first link
        if (resource_of_[l] == kNone) {
            collect(l);
        }
    }
    first_member_.push_back(static_cast<std::uint32_t>(members_.size()));
}

BytesPerSecond FluidLinks::capacity(std::uint32_t resource) const {
    BytesPerSecond least = bandwidth_[members(resource).front()];
    for (const std::uint32_t l : members(resource)) {
        least = std::min(least, bandwidth_[l]);
    }
    return least;
}

std::vector<BytesPerSecond> FluidLinks::capacities() const {
    std::vector<BytesPerSecond> all;
    all.reserve(resources());
    for (std::uint32_t r = 0; r < resources(); ++r) {
        all.push_back(capacity(r));
    }
    return all;
}

Picoseconds FluidLinks::walk(CardId from, Route route, std::vector<std::uint32_t>& resources) const {
    resources.clear();
    Picoseconds latency{0};
    std::uint32_t node = end_nodes_[index(from)];
    for (const std::uint16_t port : route) {
        const Hop hop = hops_[first_port_[node] + port];
        latency += latency_[hop.link];
        const std::uint32_t resource = resource_of_[hop.link];
        if (std::find(resources.begin(), resources.end(), resource) == resources.end()) {
            resources.push_back(resource);
        }
        node = hop.next;
    }
    return latency;
}

std::uint32_t FluidLinks::set_bandwidth(DirectedEdge link, BytesPerSecond bandwidth) {
    bandwidth_[number_of(link)] = bandwidth;
    return resource_of_[number_of(link)];
}

}  // namespace myriad
