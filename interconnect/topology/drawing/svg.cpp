// The page: title, fabric tier by tier (lowest at the bottom), one server's inside below it, legend. A line between two
// boxes of the fabric is a bundle of links; how many links a line stands for is written once a pair of tiers, because
// recipes make them alike.

#include "interconnect/topology/drawing/draw_model.h"
#include "interconnect/topology/drawing/drawing.h"
#include "interconnect/topology/drawing/palette.h"
#include "interconnect/topology/drawing/server_panel.h"
#include "interconnect/topology/drawing/svg_writer.h"
#include "sim/units/quantity_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace myriad {
namespace {

constexpr double kMargin = 28;
constexpr double kBoxHeight = 44;
constexpr double kTierPitch = 128;
constexpr double kBoxGap = 16;
constexpr double kArcLift = 12;      // of an arc between neighbours
constexpr double kNotesWidth = 220;  // to the left of the fabric

struct FabricLayout {
    std::vector<Point> centres;  // by box
    std::vector<double> widths;
    double width = 0;
    double height = 0;
    double arc_height = 0;  // above the topmost row, for links inside of its tier
};

double box_width(const DrawBox& box) {
    return std::max({88.0, text_width(box.title, 12) + 20, text_width(box.detail, 10.5) + 16});
}

FabricLayout place(const DrawModel& model) {
    std::map<std::int32_t, std::vector<std::size_t>> tiers;
    for (std::size_t box = 0; box < model.boxes.size(); ++box) {
        tiers[model.boxes[box].tier].push_back(box);
    }
    FabricLayout layout;
    layout.centres.resize(model.boxes.size());
    layout.widths.resize(model.boxes.size());
    for (const auto& [tier, boxes] : tiers) {
        double width = 0;
        for (const std::size_t box : boxes) {
            layout.widths[box] = box_width(model.boxes[box]);
            width += layout.widths[box] + kBoxGap;
        }
        layout.width = std::max(layout.width, width);
    }
    // Arcs need room above the highest row; lower rows have the gap to the next tier.
    const bool arcs = std::any_of(model.bundles.begin(), model.bundles.end(), [&](const DrawBundle& bundle) {
        return model.boxes[bundle.lower].tier == model.boxes[bundle.upper].tier;
    });
    layout.arc_height = arcs ? 70 : 0;
    double y = 30 + layout.arc_height + kTierPitch * static_cast<double>(tiers.size() - 1);
    layout.height = y + 30;
    for (const auto& [tier, boxes] : tiers) {
        // Equal shares of the full width, so that boxes of neighbouring tiers stand above each other.
        const double share = layout.width / static_cast<double>(boxes.size());
        for (std::size_t i = 0; i < boxes.size(); ++i) {
            layout.centres[boxes[i]] = {share * (static_cast<double>(i) + 0.5), y};
        }
        y -= kTierPitch;
    }
    return layout;
}

// "60 x tor_agg a line" or "120 to 480 x ..." for the bundles between two tiers.
void draw_notes(SvgWriter& svg, const Topology& topology, const DrawModel& model, const FabricLayout& layout,
                Point corner) {
    struct Range {
        std::int64_t least = 0;
        std::int64_t most = 0;
        std::int64_t sum = 0;
        double y = 0;
        bool within = false;  // a tier: its note stands beside the arcs
    };
    std::map<std::uint16_t, Range> ranges;
    for (const DrawBundle& bundle : model.bundles) {
        Range& range = ranges[bundle.link_class];
        range.least = range.sum == 0 ? bundle.links : std::min(range.least, bundle.links);
        range.most = std::max(range.most, bundle.links);
        range.sum += bundle.links;
        range.y = (layout.centres[bundle.lower].y + layout.centres[bundle.upper].y) / 2;
        range.within = layout.centres[bundle.lower].y == layout.centres[bundle.upper].y;
    }
    for (const auto& [link_class, range] : ranges) {
        const LinkClass& link = topology.link_classes[link_class];
        const std::string a_line = range.least == range.most
                                       ? with_commas(range.most)
                                       : with_commas(range.least) + " to " + with_commas(range.most);
        const double y = corner.y + range.y - (range.within ? 36 : 0);
        const TextStyle quiet{.size = 11, .anchor = Anchor::start, .fill = kQuietText};
        svg.text({corner.x, y - 16}, link.name, {.size = 12, .anchor = Anchor::start, .bold = true});
        svg.text({corner.x, y}, fmt::format("{} links of {}", with_commas(range.sum), human_text(link.bandwidth)),
                 quiet);
        svg.text({corner.x, y + 15},
                 fmt::format("up {}, down {}", human_text(link.latency[0]), human_text(link.latency[1])), quiet);
        svg.text({corner.x, y + 30}, fmt::format("{} a line", a_line), quiet);
    }
}

void draw_box(SvgWriter& svg, const DrawBox& box, Point centre, double width) {
    const Colours colours = colours_of(box.kind);
    const Point corner{centre.x - width / 2, centre.y - kBoxHeight / 2};
    if (box.members > 1) {  // a stack: there are more behind it
        for (const double shift : {8.0, 4.0}) {
            svg.rectangle({corner.x + shift, corner.y - shift}, width, kBoxHeight, colours.fill, colours.stroke);
        }
    }
    svg.rectangle(corner, width, kBoxHeight, colours.fill, colours.stroke);
    svg.text({centre.x, centre.y + (box.detail.empty() ? 4 : -3)}, box.title, {.size = 12, .bold = true});
    svg.text({centre.x, centre.y + 13}, box.detail, {.size = 10.5, .fill = kQuietText});
}

Size draw_fabric(SvgWriter& svg, const Topology& topology, Point corner) {
    const DrawModel model = draw_model(topology);
    const bool fabric = std::any_of(model.boxes.begin(), model.boxes.end(),
                                    [](const DrawBox& box) { return box.kind == NodeKind::ethernet_switch; });
    if (!fabric) {
        return {};
    }
    svg.text({corner.x, corner.y + 14}, "Fabric", {.size = 14, .anchor = Anchor::start, .bold = true});
    const FabricLayout layout = place(model);
    const Point origin{corner.x + kNotesWidth, corner.y + 24};
    // Full bipartite tiers are a thicket: thin lines keep single ones visible.
    const double stroke = model.bundles.size() > 100 ? 0.4 : 1.2;
    for (const DrawBundle& bundle : model.bundles) {
        const Point lower = layout.centres[bundle.lower];
        const Point upper = layout.centres[bundle.upper];
        if (lower.y == upper.y) {  // switches of one tier: an arc over the boxes between them
            const double top = origin.y + lower.y - kBoxHeight / 2;
            const double lift = kArcLift + (layout.arc_height - kArcLift) * std::abs(upper.x - lower.x) / layout.width;
            svg.curve({origin.x + lower.x, top}, {origin.x + (lower.x + upper.x) / 2, top - 2 * lift},
                      {origin.x + upper.x, top}, kFabricColour, stroke);
            continue;
        }
        svg.line({origin.x + lower.x, origin.y + lower.y - kBoxHeight / 2},
                 {origin.x + upper.x, origin.y + upper.y + kBoxHeight / 2}, kFabricColour, stroke);
    }
    for (std::size_t box = 0; box < model.boxes.size(); ++box) {
        const Point centre = layout.centres[box];
        draw_box(svg, model.boxes[box], {origin.x + centre.x, origin.y + centre.y}, layout.widths[box]);
    }
    draw_notes(svg, topology, model, layout, {corner.x, origin.y});
    return {kNotesWidth + layout.width + 10, layout.height + 24};
}

double draw_legend(SvgWriter& svg, const Topology& topology, Point corner) {
    static constexpr std::pair<NodeKind, std::string_view> kNames[] = {{NodeKind::card, "card or server"},
                                                                       {NodeKind::icn_switch, "ICN switch"},
                                                                       {NodeKind::pcie_switch, "PCIe switch"},
                                                                       {NodeKind::nic, "NIC"},
                                                                       {NodeKind::ethernet_switch, "Ethernet switch"}};
    double x = corner.x;
    for (const auto& [kind, name] : kNames) {
        const bool there = std::any_of(topology.nodes.begin(), topology.nodes.end(),
                                       [kind = kind](const Node& node) { return node.kind == kind; });
        if (there) {
            const Colours colours = colours_of(kind);
            svg.rectangle({x, corner.y}, 16, 12, colours.fill, colours.stroke, 3);
            svg.text({x + 22, corner.y + 10}, name, {.size = 11, .anchor = Anchor::start});
            x += 42 + text_width(name, 11);
        }
    }
    return x - corner.x;
}

}  // namespace

std::string to_svg(const Topology& topology) {
    SvgWriter svg;
    const auto cards = static_cast<std::int64_t>(topology.cards.size());
    const std::string servers = topology.servers > 0
                                    ? fmt::format("{} server{} of {} cards; ", with_commas(topology.servers),
                                                  topology.servers == 1 ? "" : "s", topology.cards_per_server)
                                    : "";
    const std::string subtitle =
        fmt::format("{} cards; {}{} nodes, {} links. Bandwidths are payload, each way.", with_commas(cards), servers,
                    with_commas(static_cast<std::int64_t>(topology.nodes.size())),
                    with_commas(static_cast<std::int64_t>(topology.edges.size())));
    svg.text({kMargin, kMargin + 12}, topology.name, {.size = 20, .anchor = Anchor::start, .bold = true});
    svg.text({kMargin, kMargin + 34}, subtitle, {.size = 12, .anchor = Anchor::start, .fill = kQuietText});
    double width = text_width(subtitle, 12);
    double y = kMargin + 58;
    const Size fabric = draw_fabric(svg, topology, {kMargin, y});
    y += fabric.height > 0 ? fabric.height + 26 : 0;
    const Size icn = draw_icn(svg, topology, {kMargin, y});
    const Size pcie = draw_pcie(svg, topology, {kMargin + icn.width + 60, y});
    y += std::max(icn.height, pcie.height) + 20;
    width = std::max({width, fabric.width, icn.width + (pcie.width > 0 ? 60 + pcie.width : 0)});
    width = std::max(width, draw_legend(svg, topology, {kMargin, y}));
    return svg.finish(width + 2 * kMargin, y + 12 + kMargin);
}

}  // namespace myriad
