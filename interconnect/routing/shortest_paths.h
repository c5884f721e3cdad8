#pragma once
// All shortest paths in a part of the topology, in hops.

#include "interconnect/topology/topology.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace myriad {

inline constexpr std::uint32_t kUnreachable = 0xFFFF'FFFF;

// A part of the topology: some of its nodes and the links between them.
class Subgraph {
public:
    // `nodes` in ascending order.
    Subgraph(const Topology& topology, std::vector<NodeId> nodes);

    [[nodiscard]] const std::vector<NodeId>& nodes() const noexcept { return nodes_; }
    [[nodiscard]] bool contains(NodeId node) const { return position(node) != kUnreachable; }
    // Place of `node` in nodes(), kUnreachable if it is not there.
    [[nodiscard]] std::uint32_t position(NodeId node) const;

    // Hops from each node of the part (by position) to `target`.
    [[nodiscard]] std::vector<std::uint32_t> distances_to(NodeId target) const;

    // Calls visit(ports) for the shortest paths from `source` to the target that `distances` belong to, in ascending
    // order of ports, at most `limit` of them.
    void each_path(NodeId source, const std::vector<std::uint32_t>& distances, int limit,
                   const std::function<void(const std::vector<std::uint16_t>&)>& visit) const;

private:
    const Topology& topology_;
    std::vector<NodeId> nodes_;
    // Where the nodes are one run of numbers, as in a server, the position is a subtraction.
    bool contiguous_ = false;
};

}  // namespace myriad
