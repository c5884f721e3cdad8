#pragma once
// Distances in a part of the topology, in hops, and the steps of shortest paths.

#include "interconnect/routing/spread_paths.h"
#include "interconnect/topology/topology.h"

#include <cstdint>
#include <vector>

namespace myriad {

inline constexpr std::uint32_t kUnreachable = 0xFFFF'FFFF;

// A part of the topology: some of its nodes and the links between them.
class Subgraph {
public:
    // `nodes` in ascending order.
    Subgraph(const Topology& topology, std::vector<NodeId> nodes);

    [[nodiscard]] const Topology& topology() const noexcept { return topology_; }
    [[nodiscard]] const std::vector<NodeId>& nodes() const noexcept { return nodes_; }
    [[nodiscard]] bool contains(NodeId node) const { return position(node) != kUnreachable; }
    // Place of `node` in nodes(), kUnreachable if it is not there.
    [[nodiscard]] std::uint32_t position(NodeId node) const;

    // Appends the steps from a place to places that are one hop nearer, in order of ports; `distance_of(place)` tells.
    template <class DistanceOf>
    void nearer(std::uint32_t place, DistanceOf&& distance_of, std::vector<PathStep>& steps) const {
        const Node& node = topology_.nodes[index(nodes_[place])];
        const std::uint32_t here = distance_of(place);
        for (std::size_t p = 0; p < node.ports.size(); ++p) {
            const auto port = static_cast<std::uint16_t>(p);
            const Step step = step_over(topology_, nodes_[place], port);
            const std::uint32_t next = position(step.to);
            if (next != kUnreachable && distance_of(next) != kUnreachable && distance_of(next) + 1 == here &&
                !topology_.edges[index(step.way.edge)].down) {
                steps.push_back({port, next});
            }
        }
    }

private:
    const Topology& topology_;
    std::vector<NodeId> nodes_;
    // Where the nodes are one run of numbers, as in a server, the position is a subtraction.
    bool contiguous_ = false;
};

// Distances to one target, found as far as they are asked for: a neighbour of the target costs a few steps in a part of
// any size.
class NearbyDistances {
public:
    explicit NearbyDistances(const Subgraph& part) : part_(part), distance_(part.nodes().size(), kUnreachable) {}

    // Places by distance from here on.
    void aim_at(std::uint32_t target);
    // Searches until the distance of `place` is known, and those of all places that are nearer; kUnreachable if none is.
    std::uint32_t find(std::uint32_t place);
    // Of a place that is as near as one that was found; else kUnreachable.
    [[nodiscard]] std::uint32_t known(std::uint32_t place) const { return distance_[place]; }

private:
    const Subgraph& part_;
    std::uint32_t target_ = kUnreachable;
    std::vector<std::uint32_t> distance_;
    std::vector<std::uint32_t> queue_;  // everything that was reached
    std::size_t head_ = 0;
};

}  // namespace myriad
