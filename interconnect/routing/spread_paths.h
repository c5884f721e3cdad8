#pragma once
// Some of very many equal paths, such that every choice on the way is taken about equally often.

#include "interconnect/routing/flow_hash.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <vector>

namespace myriad {

struct PathStep {
    std::uint16_t port = 0;
    std::uint32_t next = 0;  // node, however the caller numbers them
};

// One path, by the digits of `number` as long as they tell paths apart, then by a hash of it.
template <class Choices>
void walk_path(std::uint32_t start, std::uint32_t target, int number, int limit, Choices&& choices,
               std::vector<std::uint16_t>& ports) {
    std::vector<PathStep> steps;
    auto digits = static_cast<std::uint32_t>(number);
    std::int64_t dealt = 1;
    std::uint64_t hash = mix_bits(static_cast<std::uint64_t>(number) + 1);
    ports.clear();
    for (std::uint32_t node = start; node != target;) {
        steps.clear();
        choices(node, steps);
        const auto count = static_cast<std::uint32_t>(steps.size());
        std::uint32_t pick = 0;
        if (dealt < limit) {
            pick = digits % count;
            digits /= count;
            dealt *= count;
        } else {
            hash = mix_bits(hash + 1);
            pick = hash_choice(hash, count);
        }
        ports.push_back(steps[pick].port);
        node = steps[pick].next;
    }
}

// Calls visit(ports) for the paths from `start` to `target` that choices(node, list) spans: it fills the list with the
// steps that come one hop nearer. All of them when they are at most `limit`, in order of ports; else `limit` different
// ones: path i takes the digits of i, so that the first choices are dealt evenly, and then a hash of i. A limit of one is the
// first path.
template <class Choices, class Visit>
void spread_paths(std::uint32_t start, std::uint32_t target, int limit, Choices&& choices, Visit&& visit) {
    struct Level {
        std::vector<PathStep> steps;
        std::size_t next = 0;
    };
    // Depth first, to see whether there are more than `limit`.
    std::vector<std::vector<std::uint16_t>> found;
    std::vector<std::uint16_t> ports;
    std::vector<Level> levels(1);
    if (start == target) {
        return;
    }
    choices(start, levels[0].steps);
    while (!levels.empty() && found.size() <= static_cast<std::size_t>(limit)) {
        Level& level = levels.back();
        if (level.next == level.steps.size()) {
            levels.pop_back();
            if (!ports.empty()) {
                ports.pop_back();
            }
            continue;
        }
        const PathStep step = level.steps[level.next++];
        ports.push_back(step.port);
        if (step.next == target) {
            found.push_back(ports);
            ports.pop_back();
            continue;
        }
        Level deeper;
        choices(step.next, deeper.steps);
        levels.push_back(std::move(deeper));  // invalidates level
    }
    if (limit == 1 || found.size() <= static_cast<std::size_t>(limit)) {
        found.resize(std::min(found.size(), static_cast<std::size_t>(limit)));
        for (const std::vector<std::uint16_t>& path : found) {
            visit(path);
        }
        return;
    }
    // Paths of few choices may come twice; what then is missing is taken from those that were found first.
    std::set<std::vector<std::uint16_t>> taken;
    for (int path = 0; path < 4 * limit && taken.size() < static_cast<std::size_t>(limit); ++path) {
        walk_path(start, target, path, limit, choices, ports);
        if (taken.insert(ports).second) {
            visit(ports);
        }
    }
    for (std::size_t i = 0; i < found.size() && taken.size() < static_cast<std::size_t>(limit); ++i) {
        if (taken.insert(found[i]).second) {
            visit(found[i]);
        }
    }
}

}  // namespace myriad
