// Patterns with `*`. Names are put together as they are compared: a large cluster has a million links, and their names
// are wanted once.

#include "interconnect/topology/name_pattern.h"

#include "sim/error/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

namespace myriad {
namespace {

// "leaf0-spine1#2" -> "leaf0-spine1" and 2.
std::optional<std::uint32_t> take_parallel_number(std::string_view& pattern) {
    const auto mark = pattern.rfind('#');
    if (mark == std::string_view::npos) {
        return std::nullopt;
    }
    std::uint32_t number = 0;
    const char* const end = pattern.data() + pattern.size();
    const auto parsed = std::from_chars(pattern.data() + mark + 1, end, number);
    if (parsed.ec != std::errc{} || parsed.ptr != end) {
        return std::nullopt;
    }
    pattern = pattern.substr(0, mark);
    return number;
}

// Its number among the links between the same two nodes.
std::uint32_t parallel_number(const Topology& topology, std::uint32_t edge) {
    const Edge& here = topology.edges[edge];
    std::uint32_t before = 0;
    for (const EdgeId other : topology.nodes[index(here.a)].ports) {
        const Edge& there = topology.edges[index(other)];
        const bool same_ends = (there.a == here.a && there.b == here.b) || (there.a == here.b && there.b == here.a);
        before += same_ends && index(other) < edge ? 1u : 0u;
    }
    return before;
}

std::vector<std::uint32_t> nodes_where(const Topology& topology, std::string_view pattern, bool cards) {
    std::vector<std::uint32_t> found;
    for (std::uint32_t n = 0; n < topology.nodes.size(); ++n) {
        const Node& node = topology.nodes[n];
        if ((node.kind == NodeKind::card) == cards && matches(pattern, node.name)) {
            found.push_back(n);
        }
    }
    return found;
}

std::vector<std::string> node_names(const Topology& topology) {
    std::vector<std::string> names;
    names.reserve(topology.nodes.size());
    for (const Node& node : topology.nodes) {
        names.push_back(node.name);
    }
    return names;
}

}  // namespace

bool matches(std::string_view pattern, std::string_view text) {
    std::size_t p = 0;
    std::size_t t = 0;
    std::size_t star = std::string_view::npos;
    std::size_t resume = 0;  // where the text of the last star ends so far
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            resume = t;
        } else if (p < pattern.size() && pattern[p] == text[t]) {
            ++p;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*') {
        ++p;
    }
    return p == pattern.size();
}

std::string link_name(const Topology& topology, EdgeId edge) {
    const Edge& link = topology.edges[index(edge)];
    return topology.nodes[index(link.a)].name + "-" + topology.nodes[index(link.b)].name;
}

std::vector<std::uint32_t> links_named(const Topology& topology, std::string_view pattern) {
    const std::optional<std::uint32_t> parallel = take_parallel_number(pattern);
    std::vector<std::uint32_t> found;
    std::string name;
    for (std::uint32_t e = 0; e < topology.edges.size(); ++e) {
        const Edge& link = topology.edges[e];
        const std::string& a = topology.nodes[index(link.a)].name;
        const std::string& b = topology.nodes[index(link.b)].name;
        const auto fits = [&](const std::string& first, const std::string& second) {
            name.assign(first).append("-").append(second);
            return matches(pattern, name);
        };
        if ((fits(a, b) || fits(b, a)) && (!parallel || *parallel == parallel_number(topology, e))) {
            found.push_back(e);
        }
    }
    return found;
}

std::vector<std::uint32_t> links_of_class(const Topology& topology, std::string_view pattern) {
    std::vector<std::uint32_t> found;
    for (std::uint32_t e = 0; e < topology.edges.size(); ++e) {
        if (matches(pattern, class_of(topology, EdgeId{e}).name)) {
            found.push_back(e);
        }
    }
    return found;
}

std::vector<std::uint32_t> cards_named(const Topology& topology, std::string_view pattern) {
    std::vector<std::uint32_t> found;
    for (std::uint32_t c = 0; c < topology.cards.size(); ++c) {
        if (matches(pattern, topology.nodes[index(topology.cards[c])].name)) {
            found.push_back(c);
        }
    }
    return found;
}

std::vector<std::uint32_t> switches_named(const Topology& topology, std::string_view pattern) {
    return nodes_where(topology, pattern, false);
}

std::string why_no_link(const Topology& topology, std::string_view pattern) {
    static_cast<void>(take_parallel_number(pattern));
    const auto dash = pattern.find('-');
    if (dash == std::string_view::npos) {
        return "expected two names joined by '-', as in 'server0.card0-server0.card1'";
    }
    for (const std::string_view end : {pattern.substr(0, dash), pattern.substr(dash + 1)}) {
        if (nodes_where(topology, end, true).empty() && nodes_where(topology, end, false).empty()) {
            return fmt::format("there is no '{}'{}", end, did_you_mean(end, node_names(topology)));
        }
    }
    return "no link joins the two";
}

}  // namespace myriad
