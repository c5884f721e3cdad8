// Lines of each dimension by joining the ends of its links; the way along a line by breadth-first search, which is short:
// a line has as many nodes as the dimension is wide.

#include "interconnect/routing/dimension_order.h"

#include <algorithm>
#include <numeric>

namespace myriad {
namespace {

std::uint32_t root_of(std::vector<std::uint32_t>& parent, std::uint32_t node) {
    while (parent[node] != node) {
        parent[node] = parent[parent[node]];
        node = parent[node];
    }
    return node;
}

}  // namespace

DimensionOrder::DimensionOrder(const Topology& topology, const Subgraph& part)
    : topology_(topology), part_(part), seen_(part.nodes().size(), 0) {
    int dimensions = 1;
    for (const NodeId node : part.nodes()) {
        for (const EdgeId edge : topology.nodes[index(node)].ports) {
            dimensions = std::max(dimensions, topology.edges[index(edge)].dimension + 1);
        }
    }
    lines_.resize(static_cast<std::size_t>(dimensions));
    for (int dimension = 0; dimension < dimensions; ++dimension) {
        find_lines(dimension);
    }
}

// For each place, the lowest place that links of the dimensions from `first` to `last` join it with.
std::vector<std::uint32_t> DimensionOrder::joined_by(int first, int last) const {
    std::vector<std::uint32_t> parent(part_.nodes().size());
    std::iota(parent.begin(), parent.end(), 0u);
    for (std::uint32_t place = 0; place < parent.size(); ++place) {
        const Node& node = topology_.nodes[index(part_.nodes()[place])];
        for (std::size_t port = 0; port < node.ports.size(); ++port) {
            const Step step = step_over(topology_, part_.nodes()[place], static_cast<std::uint16_t>(port));
            const Edge& edge = topology_.edges[index(step.way.edge)];
            const std::uint32_t other = part_.position(step.to);
            if (other == kUnreachable || edge.dimension < first || edge.dimension > last) {
                continue;
            }
            const std::uint32_t a = root_of(parent, place);
            const std::uint32_t b = root_of(parent, other);
            parent[std::max(a, b)] = std::min(a, b);
        }
    }
    for (std::uint32_t place = 0; place < parent.size(); ++place) {
        parent[place] = root_of(parent, place);
    }
    return parent;
}

void DimensionOrder::find_lines(int dimension) {
    Lines& lines = lines_[static_cast<std::size_t>(dimension)];
    const std::vector<std::uint32_t> line = joined_by(dimension, dimension);
    lines.goal = joined_by(dimension + 1, static_cast<int>(lines_.size()));
    std::vector<std::uint32_t> count(line.size(), 0);
    lines.coordinate.resize(line.size());
    for (std::size_t place = 0; place < line.size(); ++place) {
        lines.coordinate[place] = count[line[place]]++;
    }
    lines.length.resize(line.size());
    for (std::size_t place = 0; place < line.size(); ++place) {
        lines.length[place] = count[line[place]];
    }
}

bool DimensionOrder::add_route(NodeId from, NodeId to, std::vector<std::uint16_t>& ports) {
    const std::size_t before = ports.size();
    const std::uint32_t target = part_.position(to);
    NodeId at = from;
    for (int dimension = 0; dimension < dimensions(); ++dimension) {
        if (!cross(dimension, at, lines_[static_cast<std::size_t>(dimension)].goal[target], ports)) {
            ports.resize(before);
            return false;
        }
    }
    return at == to;
}

// Appends the neighbours over links of the dimension to next_, those in the direction of travel first.
void DimensionOrder::expand(int dimension, std::uint32_t visit, bool upward) {
    const Lines& lines = lines_[static_cast<std::size_t>(dimension)];
    const std::uint32_t place = visits_[visit].place;
    const NodeId node = part_.nodes()[place];
    next_.clear();
    for (std::size_t p = 0; p < topology_.nodes[index(node)].ports.size(); ++p) {
        const auto port = static_cast<std::uint16_t>(p);
        const Step step = step_over(topology_, node, port);
        const Edge& edge = topology_.edges[index(step.way.edge)];
        const std::uint32_t other = part_.position(step.to);
        if (other == kUnreachable || edge.down || edge.dimension != dimension || seen_[other] == search_) {
            continue;
        }
        const std::uint32_t length = lines.length[place];
        const std::uint32_t up = (lines.coordinate[other] + length - lines.coordinate[place]) % length;
        next_.emplace_back(upward ? up : length - up, Visit{other, visit, port});
    }
    std::stable_sort(next_.begin(), next_.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
}

bool DimensionOrder::cross(int dimension, NodeId& at, std::uint32_t goal, std::vector<std::uint16_t>& ports) {
    const Lines& lines = lines_[static_cast<std::size_t>(dimension)];
    const std::uint32_t start = part_.position(at);
    const bool upward = lines.coordinate[start] % 2 == 0;
    ++search_;
    visits_.assign(1, {start, 0, 0});
    seen_[start] = search_;
    for (std::uint32_t head = 0; head < visits_.size(); ++head) {
        if (lines.goal[visits_[head].place] == goal) {
            at = part_.nodes()[visits_[head].place];
            const std::size_t before = ports.size();
            for (std::uint32_t visit = head; visit != 0; visit = visits_[visit].from) {
                ports.push_back(visits_[visit].port);
            }
            std::reverse(ports.begin() + static_cast<std::ptrdiff_t>(before), ports.end());
            return true;
        }
        expand(dimension, head, upward);
        for (const auto& [rank, visit] : next_) {
            if (seen_[visit.place] != search_) {
                seen_[visit.place] = search_;
                visits_.push_back(visit);
            }
        }
    }
    return false;
}

}  // namespace myriad
