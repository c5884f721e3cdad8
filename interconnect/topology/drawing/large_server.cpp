// What does not fit on a page card by card: one plane of a grid as dots, or a box for each level of switches.

#include "interconnect/topology/drawing/large_server.h"

#include "interconnect/topology/cost.h"
#include "interconnect/topology/drawing/draw_model.h"
#include "interconnect/topology/drawing/palette.h"
#include "sim/units/quantity_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

namespace myriad {
namespace {

constexpr double kTitle = 56;
constexpr std::size_t kMaxSide = 32;  // cards of a plane drawn along each dimension
constexpr std::size_t kMaxArcs = 200;
constexpr TextStyle kQuiet{.size = 11, .anchor = Anchor::start, .fill = kQuietText};

// What a tally is made of: links alike in their ends and class.
struct Tally {
    std::int64_t links = 0;
    std::uint16_t link_class = 0;
};

std::string per_link(const Topology& topology, std::uint16_t link_class) {
    const LinkClass& link = topology.link_classes[link_class];
    return fmt::format("{} each way{}", human_text(link.bandwidth),
                       link.bonded > 1 ? fmt::format(" over {} links", link.bonded) : "");
}

std::vector<NodeId> cards_of_server(const Topology& topology) {
    const auto count = static_cast<std::size_t>(topology.cards_per_server);
    return {topology.cards.begin(), topology.cards.begin() + static_cast<std::ptrdiff_t>(count)};
}

// "dimension 2 of size 16: 4,096 links of 45 GB/s each way", one line a dimension.
double draw_dimensions(SvgWriter& svg, const Topology& topology, Point corner) {
    std::map<std::uint8_t, Tally> dimensions;
    for (const Edge& edge : topology.edges) {
        const Node& a = topology.nodes[index(edge.a)];
        if (a.kind == NodeKind::card && topology.nodes[index(edge.b)].kind == NodeKind::card && a.server == 0) {
            ++dimensions[edge.dimension].links;
            dimensions[edge.dimension].link_class = edge.link_class;
        }
    }
    double y = corner.y;
    for (const auto& [dimension, tally] : dimensions) {
        const bool sized =
            dimension < topology.server_hierarchy.size() && dimensions.size() == topology.server_hierarchy.size();
        svg.text({corner.x, y},
                 fmt::format("dimension {}{}: {} links, {}", dimension,
                             sized ? fmt::format(" of size {}", topology.server_hierarchy[dimension]) : "",
                             with_commas(tally.links), per_link(topology, tally.link_class)),
                 kQuiet);
        y += 15;
    }
    return y;
}

// Columns and rows of the plane: small innermost dimensions (a hypercube's) are folded into one side each; without
// coordinates it is about square.
std::pair<std::size_t, std::size_t> plane_of(const std::vector<int>& sizes, std::size_t cards) {
    if (sizes.size() < 2) {
        const auto side = static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(cards))));
        return {side, (cards + side - 1) / side};
    }
    std::size_t sides[2] = {1, 1};
    std::size_t dimension = 0;
    for (std::size_t& side : sides) {
        const std::size_t first = dimension;
        while (dimension < sizes.size() &&
               (dimension == first || side * static_cast<std::size_t>(sizes[dimension]) <= kMaxSide)) {
            side *= static_cast<std::size_t>(sizes[dimension++]);
        }
    }
    return {sides[0], sides[1]};
}

// One plane of the innermost dimensions, as dots. Links between cards that do not lie side by side are arcs, as long as
// there are few of them.
Size draw_plane(SvgWriter& svg, const Topology& topology, Point corner) {
    const std::vector<NodeId> cards = cards_of_server(topology);
    const auto [columns, rows] = plane_of(topology.server_hierarchy, cards.size());
    const std::size_t shown_columns = std::min(columns, kMaxSide);
    const std::size_t shown_rows = std::min(rows, kMaxSide);
    const double pitch = std::clamp(640.0 / static_cast<double>(std::max(shown_columns, shown_rows)), 20.0, 48.0);
    const std::size_t planes = cards.size() / std::max<std::size_t>(columns * rows, 1);
    double y = draw_dimensions(svg, topology, {corner.x, corner.y + 32});
    svg.text({corner.x, y},
             fmt::format("drawn: {} x {} of {} x {} cards{}", shown_columns, shown_rows, columns, rows,
                         planes > 1 ? fmt::format(", the first of {} such planes",
                                                  with_commas(static_cast<std::int64_t>(planes)))
                                    : ""),
             kQuiet);
    y += 50;
    std::map<NodeId, Point> places;
    for (std::size_t row = 0; row < shown_rows; ++row) {
        for (std::size_t column = 0; column < shown_columns; ++column) {
            if (row * columns + column < cards.size()) {
                places[cards[row * columns + column]] = {corner.x + 40 + pitch * static_cast<double>(column),
                                                         y + pitch * static_cast<double>(row)};
            }
        }
    }
    std::vector<std::pair<Point, Point>> arcs;
    for (const auto& [card, place] : places) {
        for (const EdgeId id : topology.nodes[index(card)].ports) {
            const Edge& edge = topology.edges[index(id)];
            const auto other = places.find(edge.b);
            if (edge.a != card || other == places.end()) {
                continue;
            }
            const Point to = other->second;
            if (std::abs(place.x - to.x) + std::abs(place.y - to.y) < pitch * 1.5) {
                svg.line(place, to, kIcnColour, 1.1);
            } else {
                arcs.emplace_back(place, to);
            }
        }
    }
    if (arcs.size() > kMaxArcs) {
        svg.text({corner.x, y - 35},
                 fmt::format("not drawn: {} links between cards that do not lie side by side",
                             with_commas(static_cast<std::int64_t>(arcs.size()))),
                 kQuiet);
        arcs.clear();
    }
    for (const auto& [from, to] : arcs) {
        const Point middle{(from.x + to.x) / 2 - (from.x == to.x ? 24 : 0),
                           (from.y + to.y) / 2 - (from.y == to.y ? 24 : 0)};
        svg.curve(from, middle, to, kOuterColour, 0.6);
    }
    const Colours colours = colours_of(NodeKind::card);
    for (const auto& [card, place] : places) {
        svg.rectangle({place.x - 5, place.y - 5}, 10, 10, colours.fill, colours.stroke, 2);
    }
    return {std::max(80 + pitch * static_cast<double>(shown_columns), 420.0),
            y - corner.y + pitch * static_cast<double>(shown_rows) + 10};
}

struct Row {
    std::string title;
    std::string detail;
    NodeKind kind = NodeKind::card;
    std::string below;  // of the links to the row beneath
};

// Cards, first-level and second-level switches as three boxes.
Size draw_levels(SvgWriter& svg, const Topology& topology, Point corner) {
    std::map<std::pair<NodeKind, bool>, Tally> links;  // (kind of end a, whether both ends are switches)
    for (const Edge& edge : topology.edges) {
        const Node& a = topology.nodes[index(edge.a)];
        const Node& b = topology.nodes[index(edge.b)];
        if (a.server == 0 && b.server == 0 && b.kind == NodeKind::icn_switch) {
            Tally& tally = links[{a.kind, a.kind == NodeKind::icn_switch}];
            ++tally.links;
            tally.link_class = edge.link_class;
        }
    }
    std::vector<Row> rows;
    const CostItems cost = count_cost(topology);
    for (auto tier = cost.switches.rbegin(); tier != cost.switches.rend(); ++tier) {
        if (tier->kind != NodeKind::icn_switch) {
            continue;
        }
        const Tally& tally = links[{tier->level == 1 ? NodeKind::card : NodeKind::icn_switch, tier->level > 1}];
        rows.push_back(
            {fmt::format("{} ICN switches of level {}", with_commas(tier->switches / topology.servers), tier->level),
             fmt::format("{} ports at most", tier->ports_max), NodeKind::icn_switch,
             fmt::format("{} links, {}", with_commas(tally.links), per_link(topology, tally.link_class))});
    }
    rows.push_back({with_commas(topology.cards_per_server) + " cards", "", NodeKind::card, ""});
    double y = corner.y + kTitle;
    constexpr double kWidth = 300;
    for (std::size_t n = 0; n < rows.size(); ++n) {
        const Row& row = rows[n];
        const Colours colours = colours_of(row.kind);
        if (n + 1 < rows.size()) {
            for (int line = -4; line <= 4; ++line) {
                const double x = corner.x + kWidth / 2 + 30.0 * line;
                svg.line({x, y + 40}, {x, y + 110}, kIcnColour, 1);
            }
            svg.text({corner.x + kWidth + 16, y + 80}, row.below, kQuiet);
        }
        for (const double shift : {8.0, 4.0, 0.0}) {
            svg.rectangle({corner.x + shift, y - shift}, kWidth, 44, colours.fill, colours.stroke);
        }
        svg.text({corner.x + kWidth / 2, y + (row.detail.empty() ? 26 : 19)}, row.title, {.size = 12, .bold = true});
        svg.text({corner.x + kWidth / 2, y + 35}, row.detail, {.size = 10.5, .fill = kQuietText});
        y += 110;
    }
    return {kWidth + 330, y - corner.y - 56};
}

}  // namespace

Size draw_large_icn(SvgWriter& svg, const Topology& topology, Point corner) {
    const bool direct = std::any_of(topology.edges.begin(), topology.edges.end(), [&](const Edge& edge) {
        return topology.nodes[index(edge.a)].kind == NodeKind::card &&
               topology.nodes[index(edge.b)].kind == NodeKind::card;
    });
    const bool switched = std::any_of(topology.nodes.begin(), topology.nodes.end(),
                                      [](const Node& node) { return node.kind == NodeKind::icn_switch; });
    const Size levels = switched ? draw_levels(svg, topology, corner) : Size{};
    if (!direct) {
        return levels;
    }
    const double shift = levels.width > 0 ? levels.width + 40 : 0;
    const Size plane = draw_plane(svg, topology, {corner.x + shift, corner.y});
    return {shift + plane.width, std::max(levels.height, plane.height)};
}

}  // namespace myriad
