// A link belongs to the server that it lies in or leaves; between switches to the segment of its lower end, or where the
// fabric has none to the switch at its lower end.

#include "app/activity/topology_activity.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <utility>

namespace myriad {
namespace {

std::string_view kind_of(NodeKind kind) {
    constexpr std::array<std::string_view, 5> kNames{"card", "icn_switch", "pcie_switch", "nic", "switch"};
    return kNames[static_cast<std::size_t>(kind)];
}

std::string title_of(const std::string& link_class, bool inside) {
    static const std::map<std::string_view, std::string_view> kTitles{
        {"icn", "ICN inside servers"},
        {"pcie", "PCIe from cards to their switch"},
        {"pcie_nic", "PCIe to NICs"},
        {"nic_tor", "NICs to ToR switches"},
        {"nic_leaf", "NICs to leaf switches"},
        {"nic_switch", "NICs to the switch"},
        {"tor_agg", "ToR to aggregation switches"},
        {"leaf_agg", "leaf to aggregation switches"},
        {"leaf_spine", "leaf to spine switches"},
        {"agg_core", "aggregation to core switches"},
        {"global", "global links between groups"},
    };
    if (const auto known = kTitles.find(link_class); known != kTitles.end()) {
        return std::string(known->second);
    }
    return fmt::format("{} ({})", inside ? "links inside servers" : "links of the fabric", link_class);
}

// What a cell stands for. In order: servers, segments, single switches.
enum class Place : std::uint8_t { server, segment, node };
using CellKey = std::pair<Place, std::int64_t>;

CellKey cell_of(const Topology& topology, const Edge& edge) {
    const Node& a = topology.nodes[index(edge.a)];
    const Node& b = topology.nodes[index(edge.b)];
    if (a.server != kNoServer || b.server != kNoServer) {
        return {Place::server, a.server != kNoServer ? a.server : b.server};
    }
    if (a.segment >= 0) {
        return {Place::segment, a.segment};
    }
    return {Place::node, index(edge.a)};
}

std::string name_of(const Topology& topology, const CellKey& first, const CellKey& last) {
    const auto one = [&](const CellKey& key) {
        return key.first == Place::node ? topology.nodes[static_cast<std::size_t>(key.second)].name
                                        : std::to_string(key.second);
    };
    if (first.first != last.first || first.first == Place::node) {
        return first == last ? one(first) : fmt::format("{} to {}", one(first), one(last));
    }
    const char* word = first.first == Place::server ? "server" : "segment";
    return first == last ? fmt::format("{} {}", word, one(first))
                         : fmt::format("{}s {}-{}", word, one(first), one(last));
}

// Sum and greatest of some links.
struct Load {
    std::int64_t links = 0;
    Picoseconds busy{};
    Picoseconds most{};
    std::int64_t busiest = -1;  // directed link

    void add(Picoseconds time, std::int64_t link) {
        ++links;
        busy += time;
        if (time > most) {
            most = time;
            busiest = link;
        }
    }
    void add(const Load& other) {
        links += other.links;
        busy += other.busy;
        if (other.most > most) {
            most = other.most;
            busiest = other.busiest;
        }
    }
    [[nodiscard]] double mean(Picoseconds elapsed) const {
        return elapsed.count() > 0 && links > 0 ? seconds(busy) / (seconds(elapsed) * static_cast<double>(links)) : 0.0;
    }
    [[nodiscard]] double share(Picoseconds elapsed) const {
        return elapsed.count() > 0 ? seconds(most) / seconds(elapsed) : 0.0;
    }
};

std::string busiest_text(const Topology& topology, const Load& load) {
    if (load.busiest < 0) {
        return {};
    }
    const Edge& edge = topology.edges[static_cast<std::size_t>(load.busiest / 2)];
    const bool forward = load.busiest % 2 == 0;
    return topology.nodes[index(forward ? edge.a : edge.b)].name + " -> " +
           topology.nodes[index(forward ? edge.b : edge.a)].name;
}

std::vector<ActivityCell> cells_of(const Topology& topology, const std::map<CellKey, Load>& loads, std::size_t most,
                                   Picoseconds elapsed) {
    const std::size_t together = (loads.size() + most - 1) / most;
    std::vector<ActivityCell> cells;
    for (auto first = loads.begin(); first != loads.end();) {
        Load load;
        auto last = first;
        auto next = first;
        for (std::size_t i = 0; i < together && next != loads.end(); ++i) {
            load.add(next->second);
            last = next++;
        }
        cells.push_back({name_of(topology, first->first, last->first), load.links, load.mean(elapsed),
                         load.share(elapsed), busiest_text(topology, load)});
        first = next;
    }
    return cells;
}

void draw(const Topology& topology, const LinkClasses& classes, const std::vector<Picoseconds>& busy,
          Picoseconds elapsed, TopologyActivity& result) {
    const double whole = elapsed.count() > 0 ? seconds(elapsed) : 1.0;
    for (const Node& node : topology.nodes) {
        result.nodes.push_back({node.name, std::string(kind_of(node.kind)), node.server, node.tier});
    }
    for (std::size_t e = 0; e < topology.edges.size(); ++e) {
        const Edge& edge = topology.edges[e];
        if (classes.of_link[2 * e] != BusySeries::kNoClass) {
            const LinkClass& link_class = topology.link_classes[edge.link_class];
            result.links.push_back({index(edge.a), index(edge.b), link_class.name, link_class.bandwidth,
                                    seconds(busy[2 * e]) / whole, seconds(busy[2 * e + 1]) / whole});
        }
    }
}

}  // namespace

TopologyActivity topology_activity(const Topology& topology, const LinkClasses& classes,
                                   const std::vector<LinkUse>& use, Picoseconds elapsed,
                                   const TopologyActivityOptions& options) {
    TopologyActivity result;
    result.cards = static_cast<std::int64_t>(topology.cards.size());
    result.servers = topology.servers;
    std::vector<Picoseconds> busy(2 * topology.edges.size());
    for (const LinkUse& link : use) {
        busy[2 * std::size_t{index(link.way.edge)} + link.way.direction] = link.busy;
    }
    std::vector<std::map<CellKey, Load>> loads(classes.names.size());
    std::vector<bool> inside(classes.names.size(), true);
    for (std::size_t link = 0; link < busy.size(); ++link) {
        const std::uint16_t number = classes.of_link[link];
        if (number != BusySeries::kNoClass) {
            const Edge& edge = topology.edges[link / 2];
            loads[number][cell_of(topology, edge)].add(busy[link], static_cast<std::int64_t>(link));
            inside[number] = inside[number] && topology.nodes[index(edge.b)].server != kNoServer;
        }
    }
    const std::size_t share = options.cells_in_all / std::max<std::size_t>(classes.names.size(), 1);
    const std::size_t most = std::max<std::size_t>(std::min(options.cells_most, share), 1);
    for (std::size_t c = 0; c < classes.names.size(); ++c) {
        Load whole;
        for (const auto& [key, load] : loads[c]) {
            whole.add(load);
        }
        if (whole.links > 0) {
            result.tiers.push_back({classes.names[c], title_of(classes.names[c], inside[c]), whole.links,
                                    classes.bandwidth[c], whole.mean(elapsed), whole.share(elapsed),
                                    cells_of(topology, loads[c], most, elapsed)});
        }
    }
    if (result.cards <= options.cards_drawn) {
        draw(topology, classes, busy, elapsed, result);
    }
    return result;
}

}  // namespace myriad
