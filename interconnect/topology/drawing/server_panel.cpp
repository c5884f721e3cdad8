// Layout of one server. Cards stand in a grid whose columns and rows are the first two levels of the wiring's
// hierarchy (a plain ring or mesh stands in a circle, cards of a switch in a row below it). A link between cards that
// are not next to each other in a row or column is drawn as an arc beside the cards between them.

#include "interconnect/topology/drawing/server_panel.h"

#include "interconnect/topology/drawing/draw_model.h"
#include "interconnect/topology/drawing/large_server.h"
#include "interconnect/topology/drawing/palette.h"
#include "sim/units/quantity_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

namespace myriad {
namespace {

constexpr double kCardWidth = 46;
constexpr double kCardHeight = 30;
constexpr double kTitleHeight = 44;
constexpr double kHubWidth = 116;
constexpr std::size_t kMaxCardsDrawn = 64;
constexpr std::size_t kMaxSwitchesDrawn = 12;

std::string local_name(const Node& node) {
    const auto dot = node.name.rfind('.');
    return dot == std::string::npos ? node.name : node.name.substr(dot + 1);
}

void draw_node(SvgWriter& svg, const Node& node, Point centre, double width, double height) {
    const Colours colours = colours_of(node.kind);
    svg.rectangle({centre.x - width / 2, centre.y - height / 2}, width, height, colours.fill, colours.stroke);
    svg.text({centre.x, centre.y + 4}, local_name(node), {.size = 11});
}

// Links among the drawn nodes.
std::vector<const Edge*> inner_edges(const Topology& topology, const std::map<NodeId, Point>& places) {
    std::vector<const Edge*> edges;
    for (const auto& [node, place] : places) {
        for (const EdgeId id : topology.nodes[index(node)].ports) {
            const Edge& edge = topology.edges[index(id)];
            if (edge.a == node && places.count(edge.b) == 1) {
                edges.push_back(&edge);
            }
        }
    }
    return edges;
}

struct IcnLayout {
    std::map<NodeId, Point> places;
    double width = 0;
    double height = 0;
    double pitch_x = 0;  // of the grid, 0 where there is none
    double pitch_y = 0;
};

IcnLayout place_circle(const std::vector<NodeId>& cards) {
    const auto count = static_cast<double>(cards.size());
    const double radius = std::max(60.0, count * 62 / (2 * std::numbers::pi));
    IcnLayout layout{.places = {}, .width = 2 * radius + 60, .height = 2 * radius + 50};
    for (std::size_t i = 0; i < cards.size(); ++i) {
        const double angle = 2 * std::numbers::pi * static_cast<double>(i) / count - std::numbers::pi / 2;
        layout.places[cards[i]] = {radius + 30 + radius * std::cos(angle), radius + 25 + radius * std::sin(angle)};
    }
    return layout;
}

// The two innermost dimensions make a plane; planes stand in a row, those of a fourth dimension below.
IcnLayout place_grid(const std::vector<NodeId>& cards, const std::vector<int>& hierarchy) {
    const auto columns = static_cast<std::size_t>(std::max(hierarchy[0], 1));
    const auto rows = static_cast<std::size_t>(std::max(hierarchy[1], 1));
    const std::size_t planes = hierarchy.size() > 2 ? static_cast<std::size_t>(std::max(hierarchy[2], 1)) : 1;
    const std::size_t floors = (cards.size() + columns * rows * planes - 1) / (columns * rows * planes);
    IcnLayout layout{.pitch_x = planes > 1 ? 66.0 : 104.0, .pitch_y = planes > 1 ? 62.0 : 84.0};
    const double plane_width = layout.pitch_x * static_cast<double>(columns - 1) + 110;
    const double floor_height = layout.pitch_y * static_cast<double>(rows - 1) + 90;
    for (std::size_t i = 0; i < cards.size(); ++i) {
        const std::size_t plane = i / (columns * rows);
        layout.places[cards[i]] = {
            60 + layout.pitch_x * static_cast<double>(i % columns) + plane_width * static_cast<double>(plane % planes),
            55 + layout.pitch_y * static_cast<double>(i / columns % rows) +
                floor_height * static_cast<double>(plane / planes)};
    }
    layout.width = plane_width * static_cast<double>(planes) + 10;
    layout.height = floor_height * static_cast<double>(floors) - 10;
    return layout;
}

// Switches in a row, the cards below them in rows of up to sixteen.
IcnLayout place_below_switches(const std::vector<NodeId>& cards, const std::vector<NodeId>& switches) {
    constexpr std::size_t kPerRow = 16;
    IcnLayout layout;
    const double pitch = kCardWidth + 10;
    const std::size_t columns = std::min(cards.size(), kPerRow);
    const std::size_t rows = (cards.size() + kPerRow - 1) / kPerRow;
    layout.width = std::max(
        {pitch * static_cast<double>(columns) + 20, 160.0, kHubWidth * static_cast<double>(switches.size()) + 20});
    layout.height = 170 + 46 * static_cast<double>(rows - 1);
    const double left = (layout.width - pitch * static_cast<double>(columns)) / 2;
    for (std::size_t i = 0; i < cards.size(); ++i) {
        layout.places[cards[i]] = {left + pitch * (static_cast<double>(i % kPerRow) + 0.5),
                                   140 + 46 * static_cast<double>(i / kPerRow)};
    }
    for (std::size_t i = 0; i < switches.size(); ++i) {
        const double share = layout.width / static_cast<double>(switches.size());
        layout.places[switches[i]] = {share * (static_cast<double>(i) + 0.5), 25};
    }
    return layout;
}

// Straight where nothing is in the way, otherwise an arc above the row or left of the column. Links between planes are
// thin and light: they cross everything.
void draw_link(SvgWriter& svg, const IcnLayout& layout, const Edge& edge, Point from, Point to) {
    const double dx = std::abs(from.x - to.x);
    const double dy = std::abs(from.y - to.y);
    if (edge.dimension > 1 && layout.pitch_x > 0) {
        svg.curve(from, {(from.x + to.x) / 2, (from.y + to.y) / 2 - 16 - dx / 14}, to, kOuterColour, 0.8);
        return;
    }
    const bool row = layout.pitch_x > 0 && dy < 1 && dx > layout.pitch_x * 1.5;
    const bool column = layout.pitch_y > 0 && dx < 1 && dy > layout.pitch_y * 1.5;
    if (row) {
        // Leaves from the upper edge of the cards, the farther the higher.
        const double lift = 14 + 13 * dx / layout.pitch_x;
        const Point a{from.x, from.y - kCardHeight / 2};
        const Point b{to.x, to.y - kCardHeight / 2};
        svg.curve(a, {(a.x + b.x) / 2, a.y - lift}, b, kIcnColour, 1.3);
    } else if (column) {
        const double lift = 14 + 15 * dy / layout.pitch_y;
        const Point a{from.x - kCardWidth / 2, from.y};
        const Point b{to.x - kCardWidth / 2, to.y};
        svg.curve(a, {a.x - lift, (a.y + b.y) / 2}, b, kIcnColour, 1.3);
    } else {
        svg.line(from, to, kIcnColour, 1.3);
    }
}

std::vector<NodeId> of_kind(const Topology& topology, const std::vector<NodeId>& nodes, NodeKind kind) {
    std::vector<NodeId> result;
    std::copy_if(nodes.begin(), nodes.end(), std::back_inserter(result),
                 [&](NodeId node) { return topology.nodes[index(node)].kind == kind; });
    return result;
}

std::string link_text(const Topology& topology, const Edge& edge) {
    const LinkClass& link = topology.link_classes[edge.link_class];
    const std::string bonded = link.bonded > 1 ? fmt::format(", {} links bonded", link.bonded) : "";
    return fmt::format("{} each way, {}{}", human_text(link.bandwidth), human_text(link.latency[0]), bonded);
}

}  // namespace

std::vector<NodeId> sample_server(const Topology& topology) {
    std::vector<NodeId> nodes;
    for (std::uint32_t n = 0; n < topology.nodes.size(); ++n) {
        if (topology.servers == 0 || topology.nodes[n].server == 0) {
            nodes.push_back(NodeId{n});
        }
    }
    return nodes;
}

Size draw_icn(SvgWriter& svg, const Topology& topology, Point corner) {
    const std::vector<NodeId> nodes = sample_server(topology);
    const std::vector<NodeId> cards = of_kind(topology, nodes, NodeKind::card);
    const std::vector<NodeId> switches = of_kind(topology, nodes, NodeKind::icn_switch);
    if (cards.empty()) {
        return {};
    }
    svg.text({corner.x, corner.y + 14}, "ICN inside a server", {.size = 14, .anchor = Anchor::start, .bold = true});
    if (cards.size() > kMaxCardsDrawn || switches.size() > kMaxSwitchesDrawn) {
        return draw_large_icn(svg, topology, corner);
    }
    const bool grid = topology.server_hierarchy.size() > 1;
    const IcnLayout layout = !switches.empty() ? place_below_switches(cards, switches)
                             : grid            ? place_grid(cards, topology.server_hierarchy)
                                               : place_circle(cards);
    const auto at = [&](NodeId node) {
        const Point place = layout.places.at(node);
        return Point{corner.x + place.x, corner.y + kTitleHeight + place.y};
    };
    const auto edges = inner_edges(topology, layout.places);
    const std::string note =
        edges.empty() ? "no links" : fmt::format("{} links, {}", edges.size(), link_text(topology, *edges[0]));
    svg.text({corner.x, corner.y + 32}, note, {.size = 11, .anchor = Anchor::start, .fill = kQuietText});
    for (const Edge* edge : edges) {
        draw_link(svg, layout, *edge, at(edge->a), at(edge->b));
    }
    for (const auto& [node, place] : layout.places) {
        const bool hub = topology.nodes[index(node)].kind == NodeKind::icn_switch;
        draw_node(svg, topology.nodes[index(node)], at(node), hub ? kHubWidth - 6 : kCardWidth, kCardHeight);
    }
    return {std::max(layout.width, text_width(note, 11)), layout.height + kTitleHeight};
}

Size draw_pcie(SvgWriter& svg, const Topology& topology, Point corner) {
    const std::vector<NodeId> nodes = sample_server(topology);
    const std::vector<NodeId> cards = of_kind(topology, nodes, NodeKind::card);
    const std::vector<NodeId> nics = of_kind(topology, nodes, NodeKind::nic);
    if (nics.empty() || cards.size() > kMaxCardsDrawn) {
        return {};
    }
    const double pitch =
        std::max(kCardWidth + 6, 62.0 * static_cast<double>(nics.size()) / static_cast<double>(cards.size()));
    std::map<NodeId, Point> places;
    std::map<NodeId, std::vector<double>> below;  // places of the cards of each PCIe switch
    const double top = corner.y + kTitleHeight + 30;
    for (std::size_t i = 0; i < cards.size(); ++i) {
        places[cards[i]] = {corner.x + pitch * (static_cast<double>(i) + 0.5), top + 170};
        for (std::size_t port = 0; port < topology.nodes[index(cards[i])].ports.size(); ++port) {
            const NodeId to = step_over(topology, cards[i], static_cast<std::uint16_t>(port)).to;
            if (topology.nodes[index(to)].kind == NodeKind::pcie_switch) {
                below[to].push_back(places[cards[i]].x);
            }
        }
    }
    for (const auto& [hub, xs] : below) {
        places[hub] = {(xs.front() + xs.back()) / 2, top + 85};
    }
    std::string wire;
    for (const NodeId nic : nics) {
        std::size_t ports = 0;
        for (std::size_t port = 0; port < topology.nodes[index(nic)].ports.size(); ++port) {
            const Step step = step_over(topology, nic, static_cast<std::uint16_t>(port));
            if (topology.nodes[index(step.to)].kind == NodeKind::pcie_switch) {
                places[nic] = {places[step.to].x, top};
            } else {
                ++ports;
                wire = human_text(class_of(topology, step.way.edge).bandwidth);
            }
        }
        for (std::size_t port = 0; port < ports; ++port) {
            const double x = places[nic].x + 12 * (static_cast<double>(port) - static_cast<double>(ports - 1) / 2);
            svg.line({x, top - kCardHeight / 2 - 16}, {x, top}, kFabricColour, 1.3);
        }
    }
    const auto edges = inner_edges(topology, places);
    std::string pcie;
    for (const Edge* edge : edges) {
        const bool icn = topology.nodes[index(edge->a)].kind == NodeKind::card &&
                         topology.nodes[index(edge->b)].kind != NodeKind::pcie_switch;
        if (!icn) {
            svg.line(places[edge->a], places[edge->b], kPcieColour, 1.3);
            pcie = human_text(topology.link_classes[edge->link_class].bandwidth);
        }
    }
    for (const auto& [node, place] : places) {
        draw_node(svg, topology.nodes[index(node)], place, kCardWidth, kCardHeight);
    }
    const std::string note = fmt::format("PCIe {} each way{}", pcie, wire.empty() ? "" : "; NIC ports " + wire);
    svg.text({corner.x, corner.y + 14}, "PCIe and NICs of a server",
             {.size = 14, .anchor = Anchor::start, .bold = true});
    svg.text({corner.x, corner.y + 32}, note, {.size = 11, .anchor = Anchor::start, .fill = kQuietText});
    return {std::max(pitch * static_cast<double>(cards.size()), 240.0), kTitleHeight + 30 + 200};
}

}  // namespace myriad
