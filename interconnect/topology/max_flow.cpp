// Dinic's algorithm: breadth-first levels, then a blocking flow by depth-first search with a cursor per node. The
// graphs here are shallow (eight levels for a cluster), so a handful of phases suffices. The search keeps its own
// stack.

#include "interconnect/topology/max_flow.h"

#include "sim/error/error.h"

#include <algorithm>
#include <limits>

namespace myriad {
namespace {

constexpr std::uint32_t kNoLevel = std::numeric_limits<std::uint32_t>::max();

}  // namespace

void MaxFlow::add_link(std::uint32_t a, std::uint32_t b, std::int64_t capacity) {
    MYRIAD_CHECK(a < nodes_ && b < nodes_ && capacity >= 0, "link outside of the graph");
    if (a != b) {
        links_.push_back({a, b, capacity});
    }
}

void MaxFlow::index_arcs() {
    first_.assign(nodes_ + 1, 0);
    for (const Link& link : links_) {
        ++first_[link.a + 1];
        ++first_[link.b + 1];
    }
    for (std::uint32_t n = 0; n < nodes_; ++n) {
        first_[n + 1] += first_[n];
    }
    cursor_.assign(first_.begin(), first_.end() - 1);
    arcs_.resize(links_.size() * 2);
    for (const Link& link : links_) {
        // Both directions have room of their own, and flow one way gives room the other way.
        const std::uint32_t there = cursor_[link.a]++;
        const std::uint32_t back = cursor_[link.b]++;
        arcs_[there] = {link.b, back, link.capacity};
        arcs_[back] = {link.a, there, link.capacity};
    }
}

bool MaxFlow::level(std::uint32_t source, std::uint32_t sink) {
    level_.assign(nodes_, kNoLevel);
    level_[source] = 0;
    std::vector<std::uint32_t> queue{source};
    for (std::size_t head = 0; head < queue.size() && level_[sink] == kNoLevel; ++head) {
        const std::uint32_t node = queue[head];
        for (std::uint32_t arc = first_[node]; arc < first_[node + 1]; ++arc) {
            const std::uint32_t to = arcs_[arc].to;
            if (arcs_[arc].room > 0 && level_[to] == kNoLevel) {
                level_[to] = level_[node] + 1;
                queue.push_back(to);
            }
        }
    }
    return level_[sink] != kNoLevel;
}

// One path to the sink along the levels, filled to its narrowest arc; 0 when none is left.
std::int64_t MaxFlow::augment(std::uint32_t source, std::uint32_t sink) {
    path_.clear();
    std::uint32_t node = source;
    while (node != sink) {
        std::uint32_t& arc = cursor_[node];
        while (arc < first_[node + 1] && (arcs_[arc].room == 0 || level_[arcs_[arc].to] != level_[node] + 1)) {
            ++arc;
        }
        if (arc < first_[node + 1]) {
            path_.push_back(arc);
            node = arcs_[arc].to;
        } else if (path_.empty()) {
            return 0;
        } else {
            // A dead end: step back and past the arc that led here.
            node = arcs_[arcs_[path_.back()].reverse].to;
            path_.pop_back();
            ++cursor_[node];
        }
    }
    std::int64_t flow = std::numeric_limits<std::int64_t>::max();
    for (const std::uint32_t arc : path_) {
        flow = std::min(flow, arcs_[arc].room);
    }
    for (const std::uint32_t arc : path_) {
        arcs_[arc].room -= flow;
        arcs_[arcs_[arc].reverse].room += flow;
    }
    return flow;
}

std::int64_t MaxFlow::solve(std::uint32_t source, std::uint32_t sink) {
    MYRIAD_CHECK(source != sink && arcs_.empty(), "solve once, between two nodes");
    index_arcs();
    std::int64_t total = 0;
    while (level(source, sink)) {
        std::copy(first_.begin(), first_.end() - 1, cursor_.begin());
        while (const std::int64_t flow = augment(source, sink)) {
            total += flow;
        }
    }
    return total;
}

}  // namespace myriad
