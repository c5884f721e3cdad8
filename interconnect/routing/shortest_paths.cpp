// Breadth-first distances and enumeration of shortest paths. The enumeration walks down the distances with an explicit
// stack, since a path of a large ring is longer than a call stack should be deep.

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

std::vector<std::uint32_t> Subgraph::distances_to(NodeId target) const {
    std::vector<std::uint32_t> distances(nodes_.size(), kUnreachable);
    std::vector<NodeId> queue{target};
    distances[position(target)] = 0;
    for (std::size_t head = 0; head < queue.size(); ++head) {
        const NodeId node = queue[head];
        const std::uint32_t next = distances[position(node)] + 1;
        const std::size_t ports = topology_.nodes[index(node)].ports.size();
        for (std::size_t port = 0; port < ports; ++port) {
            const NodeId neighbour = step_over(topology_, node, static_cast<std::uint16_t>(port)).to;
            const std::uint32_t at = position(neighbour);
            if (at != kUnreachable && distances[at] == kUnreachable) {
                distances[at] = next;
                queue.push_back(neighbour);
            }
        }
    }
    return distances;
}

void Subgraph::each_path(NodeId source, const std::vector<std::uint32_t>& distances, int limit,
                         const std::function<void(const std::vector<std::uint16_t>&)>& visit) const {
    struct Frame {
        NodeId node;
        std::uint32_t next_port;
    };
    MYRIAD_CHECK(contains(source), topology_.nodes[index(source)].name + " is not in this part");
    if (distances[position(source)] == kUnreachable) {
        return;
    }
    std::vector<Frame> stack{{source, 0}};
    std::vector<std::uint16_t> ports;
    while (!stack.empty() && limit > 0) {
        Frame& frame = stack.back();
        const std::uint32_t distance = distances[position(frame.node)];
        if (distance == 0) {
            visit(ports);
            --limit;
        }
        bool deeper = false;
        const std::size_t count = distance == 0 ? 0 : topology_.nodes[index(frame.node)].ports.size();
        while (frame.next_port < count && !deeper) {
            const auto port = static_cast<std::uint16_t>(frame.next_port++);
            const NodeId to = step_over(topology_, frame.node, port).to;
            const std::uint32_t at = position(to);
            if (at != kUnreachable && distances[at] + 1 == distance) {
                ports.push_back(port);
                stack.push_back({to, 0});  // invalidates frame
                deeper = true;
                break;
            }
        }
        if (!deeper) {
            stack.pop_back();
            if (!ports.empty()) {
                ports.pop_back();
            }
        }
    }
}

}  // namespace myriad
