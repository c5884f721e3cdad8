// Reads a list of links entry by entry; a wrong one is told at its own place and left out.

#include "app/config_files/wiring_edges.h"

#include "sim/config/node.h"
#include "sim/units/quantity_text.h"

#include <fmt/format.h>

#include <optional>

namespace myriad {
namespace {

constexpr int kMaxBond = 1024;
constexpr std::string_view kForm = "expected two node numbers and perhaps {links, bandwidth, latency}, like [0, 1]";

std::optional<int> whole_number(const ConfigNode& node, int low, int high) {
    if (node.type != ConfigNode::Type::scalar || node.is_quoted) {
        return std::nullopt;
    }
    const Parsed<std::int64_t> parsed = parse_integer(node.text);
    if (!parsed || parsed.value < low || parsed.value > high) {
        return std::nullopt;
    }
    return static_cast<int>(parsed.value);
}

// A quantity of {links, bandwidth, latency}; gives whether it is good.
bool read_option(Section& s, const ConfigEntry& entry, WiringEdgeConfig& edge) {
    const ConfigNode& value = entry.value;
    if (entry.key == "links") {
        const auto links = whole_number(value, 1, kMaxBond);
        if (!links) {
            s.error_at(value.mark, fmt::format("'links': expected a whole number from 1 to {}, found {}", kMaxBond,
                                               found_text(value)));
        }
        edge.links = links.value_or(1);
        return links.has_value();
    }
    if (entry.key == "bandwidth") {
        const auto parsed = parse_quantity<BytesPerSecond>(value.text);
        if (!parsed || parsed.value.count() < 1'000'000 || parsed.value.count() > 100'000'000'000'000) {
            s.error_at(value.mark,
                       fmt::format("'bandwidth': expected 1 MB/s to 100 TB/s, found {}", found_text(value)));
            return false;
        }
        edge.bandwidth = parsed.value;
        return true;
    }
    if (entry.key == "latency") {
        const auto parsed = parse_quantity<Picoseconds>(value.text);
        if (!parsed || parsed.value < Picoseconds{} || parsed.value > us(100)) {
            s.error_at(value.mark, fmt::format("'latency': expected 0 ns to 100 us, found {}", found_text(value)));
            return false;
        }
        edge.latency = parsed.value;
        return true;
    }
    s.error_at(entry.key_mark,
               fmt::format("unknown key '{}' in an edge, expected links, bandwidth or latency", entry.key));
    return false;
}

std::optional<WiringEdgeConfig> read_edge(Section& s, const ConfigNode& node, int nodes) {
    const std::size_t parts = node.items.size();
    const bool has_options = parts == 3 && node.items[2].type == ConfigNode::Type::map;
    if (node.type != ConfigNode::Type::list || (parts != 2 && !has_options)) {
        s.error_at(node.mark, fmt::format("{}; found {}", kForm, flow_yaml(node).substr(0, 60)));
        return std::nullopt;
    }
    bool good = true;
    int ends[2] = {};
    for (std::size_t end = 0; end < 2; ++end) {
        const auto number = whole_number(node.items[end], 0, nodes - 1);
        if (!number) {
            s.error_at(node.items[end].mark,
                       fmt::format("an edge joins node {}, expected 0 to {}", found_text(node.items[end]), nodes - 1));
        }
        good = good && number.has_value();
        ends[end] = number.value_or(0);
    }
    if (good && ends[0] == ends[1]) {
        s.error_at(node.mark, fmt::format("an edge joins node {} to itself", ends[0]));
        good = false;
    }
    WiringEdgeConfig edge{.a = ends[0], .b = ends[1]};
    if (has_options) {
        for (const ConfigEntry& entry : node.items[2].entries) {
            good = read_option(s, entry, edge) && good;
        }
    }
    return good ? std::optional{edge} : std::nullopt;
}

}  // namespace

std::vector<WiringEdgeConfig> read_edges(Section& s, std::string_view key, int nodes) {
    std::vector<WiringEdgeConfig> edges;
    for (const ConfigNode& node : s.yaml_items(key)) {
        if (const auto edge = read_edge(s, node, nodes)) {
            edges.push_back(*edge);
        }
    }
    return edges;
}

}  // namespace myriad
