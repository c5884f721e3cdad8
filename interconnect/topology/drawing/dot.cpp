// Graphviz text. A small topology is written node by node, a large one as the inside of server 0 and the reduced
// fabric.

#include "interconnect/topology/drawing/draw_model.h"
#include "interconnect/topology/drawing/drawing.h"
#include "interconnect/topology/drawing/palette.h"
#include "interconnect/topology/drawing/server_panel.h"
#include "sim/units/quantity_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

namespace myriad {
namespace {

std::string quoted(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            result += '\\';
        }
        result += c;
    }
    return result + "\"";
}

void write_node(std::string& dot, std::string_view name, std::string_view label, NodeKind kind) {
    const Colours colours = colours_of(kind);
    dot += fmt::format("  {} [label={}, fillcolor=\"{}\", color=\"{}\"];\n", quoted(name), quoted(label), colours.fill,
                       colours.stroke);
}

std::string edge_label(const LinkClass& link) { return fmt::format("{} {}", link.name, human_text(link.bandwidth)); }

void write_edge(std::string& dot, const Topology& topology, const Edge& edge) {
    dot += fmt::format("  {} -- {} [tooltip={}];\n", quoted(topology.nodes[index(edge.a)].name),
                       quoted(topology.nodes[index(edge.b)].name),
                       quoted(edge_label(topology.link_classes[edge.link_class])));
}

void write_whole(std::string& dot, const Topology& topology) {
    std::map<std::int32_t, std::vector<std::size_t>> servers;
    for (std::size_t n = 0; n < topology.nodes.size(); ++n) {
        servers[topology.nodes[n].server].push_back(n);
    }
    for (const auto& [server, nodes] : servers) {
        if (server != kNoServer) {
            dot += fmt::format("  subgraph cluster_server{0} {{ label=\"server{0}\";\n", server);
        }
        for (const std::size_t n : nodes) {
            write_node(dot, topology.nodes[n].name, topology.nodes[n].name, topology.nodes[n].kind);
        }
        dot += server != kNoServer ? "  }\n" : "";
    }
    for (const Edge& edge : topology.edges) {
        write_edge(dot, topology, edge);
    }
}

// Cards of the two innermost dimensions, where a server is too large to be written whole.
std::size_t plane_size(const Topology& topology) {
    const std::vector<int>& sizes = topology.server_hierarchy;
    const int plane = sizes.size() < 2 ? topology.cards_per_server : sizes[0] * sizes[1];
    return std::min(static_cast<std::size_t>(plane), kMaxDotNodes);
}

void write_reduced(std::string& dot, const Topology& topology) {
    const std::vector<NodeId> inside = sample_server(topology);
    const std::size_t shown = inside.size() <= kMaxDotNodes ? inside.size() : plane_size(topology);
    std::set<NodeId> written;
    dot += fmt::format("  subgraph cluster_inside {{ label=\"{}\";\n",
                       shown == inside.size() ? "inside of every server" : "a plane of the cards of every server");
    for (std::size_t n = 0; n < shown; ++n) {
        const Node& node = topology.nodes[index(inside[n])];
        write_node(dot, node.name, node.name, node.kind);
        written.insert(inside[n]);
    }
    dot += "  }\n";
    for (const Edge& edge : topology.edges) {
        if (written.contains(edge.a) && written.contains(edge.b)) {
            write_edge(dot, topology, edge);
        }
    }
    const DrawModel model = draw_model(topology);
    for (std::size_t box = 0; box < model.boxes.size(); ++box) {
        write_node(dot, fmt::format("box{}", box),
                   fmt::format("{}\n{}", model.boxes[box].title, model.boxes[box].detail), model.boxes[box].kind);
    }
    for (const DrawBundle& bundle : model.bundles) {
        dot += fmt::format("  \"box{}\" -- \"box{}\" [label={}];\n", bundle.lower, bundle.upper,
                           quoted(fmt::format("{} x {}", with_commas(bundle.links),
                                              edge_label(topology.link_classes[bundle.link_class]))));
    }
}

}  // namespace

std::string to_dot(const Topology& topology) {
    std::string dot =
        fmt::format("graph {} {{\n  node [shape=box, style=filled, fontname=\"Helvetica\"];\n", quoted(topology.name));
    if (topology.nodes.size() <= kMaxDotNodes) {
        write_whole(dot, topology);
    } else {
        write_reduced(dot, topology);
    }
    return dot + "}\n";
}

}  // namespace myriad
