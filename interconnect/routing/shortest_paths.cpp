// Breadth-first distances.

#include "interconnect/routing/shortest_paths.h"

#include "sim/error/error.h"

#include <algorithm>

namespace myriad {

Subgraph::Subgraph(const Topology& topology, std::vector<NodeId> nodes)
    : topology_(topology), nodes_(std::move(nodes)) {
    MYRIAD_CHECK(!nodes_.empty() && std::is_sorted(nodes_.begin(), nodes_.end()), "nodes of a part are in order");
    contiguous_ = index(nodes_.back()) - index(nodes_.front()) + 1 == nodes_.size();
}

std::uint32_t Subgraph::position(NodeId node) const {
    if (contiguous_) {
        const std::uint32_t offset = index(node) - index(nodes_.front());
        return offset < nodes_.size() ? offset : kUnreachable;  // a smaller number wraps around and is out as well
    }
    const auto found = std::lower_bound(nodes_.begin(), nodes_.end(), node);
    return found != nodes_.end() && *found == node ? static_cast<std::uint32_t>(found - nodes_.begin()) : kUnreachable;
}

void NearbyDistances::aim_at(std::uint32_t target) {
    if (target == target_) {
        return;
    }
    for (const std::uint32_t place : queue_) {
        distance_[place] = kUnreachable;
    }
    target_ = target;
    queue_.assign(1, target);
    distance_[target] = 0;
    head_ = 0;
}

std::uint32_t NearbyDistances::find(std::uint32_t place) {
    const Topology& topology = part_.topology();
    for (; distance_[place] == kUnreachable && head_ < queue_.size(); ++head_) {
        const NodeId node = part_.nodes()[queue_[head_]];
        const std::uint32_t next = distance_[queue_[head_]] + 1;
        for (std::size_t port = 0; port < topology.nodes[index(node)].ports.size(); ++port) {
            const Step step = step_over(topology, node, static_cast<std::uint16_t>(port));
            const std::uint32_t at = part_.position(step.to);
            if (at != kUnreachable && distance_[at] == kUnreachable && !topology.edges[index(step.way.edge)].down) {
                distance_[at] = next;
                queue_.push_back(at);
            }
        }
    }
    return distance_[place];
}

}  // namespace myriad
