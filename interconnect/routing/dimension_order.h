#pragma once
// One route dimension by dimension, innermost first (Edge::dimension), as tori and meshes are routed.
//
// In each dimension the route goes the shortest way, over links of that dimension alone, to the first node from which
// the higher dimensions lead to the destination. In a product of graphs that is the node with the destination's
// coordinate. Where both ways round a ring are equally long, sources with an even coordinate in it go up and those with
// an odd one down, so that both directions carry the same. A part without dimensions has one: the route is a shortest
// path.
//
// Where a link is down, a dimension may not lead on any more, or the coordinates cannot be told: then there is no route
// by this rule, and the caller takes a shortest path.

#include "interconnect/routing/shortest_paths.h"
#include "interconnect/topology/topology.h"

#include <cstdint>
#include <vector>

namespace myriad {

class DimensionOrder {
public:
    // `part` outlives this.
    DimensionOrder(const Topology& topology, const Subgraph& part);

    // Appends the ports of the route from one node of the part to another; false (and nothing appended) if there is
    // none.
    bool add_route(NodeId from, NodeId to, std::vector<std::uint16_t>& ports);

    [[nodiscard]] int dimensions() const noexcept { return static_cast<int>(lines_.size()); }

private:
    // What the links of one dimension join, by place of the node in the part.
    struct Lines {
        std::vector<std::uint32_t> coordinate;  // of the node among those of its line, in order of their numbers
        std::vector<std::uint32_t> length;      // of its line
        // Nodes that links of the higher dimensions join have the same: where this dimension has done its part.
        std::vector<std::uint32_t> goal;
    };
    struct Visit {
        std::uint32_t place = 0;
        std::uint32_t from = 0;  // place in visits_
        std::uint16_t port = 0;
    };
    void find_lines(int dimension);
    bool cross(int dimension, NodeId& at, std::uint32_t goal, std::vector<std::uint16_t>& ports);
    void expand(int dimension, std::uint32_t visit, bool upward);
    [[nodiscard]] std::vector<std::uint32_t> joined_by(int first, int last) const;

    const Topology& topology_;
    const Subgraph& part_;
    std::vector<Lines> lines_;
    // The search of one dimension, kept to save allocations.
    std::vector<Visit> visits_;
    std::vector<std::uint32_t> seen_;  // by place: number of the search that was there
    std::uint32_t search_ = 0;
    std::vector<std::pair<std::uint32_t, Visit>> next_;
};

}  // namespace myriad
