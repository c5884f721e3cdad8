// The keys are declared once, then nodes and edges in the order of the topology, so that numbers survive the way.

#include "interconnect/topology/analysis.h"
#include "interconnect/topology/graphml.h"

#include <fmt/format.h>

#include <iterator>
#include <string_view>

namespace myriad {
namespace {

std::string escaped(std::string_view text) {
    std::string result;
    for (const char c : text) {
        switch (c) {
            case '&':
                result += "&amp;";
                break;
            case '<':
                result += "&lt;";
                break;
            case '"':
                result += "&quot;";
                break;
            default:
                result += c;
        }
    }
    return result;
}

constexpr std::string_view kHead = R"(<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
  <key id="kind" for="node" attr.name="kind" attr.type="string"/>
  <key id="server" for="node" attr.name="server" attr.type="int"/>
  <key id="segment" for="node" attr.name="segment" attr.type="int"/>
  <key id="tier" for="node" attr.name="tier" attr.type="int"/>
  <key id="links" for="edge" attr.name="links" attr.type="int"/>
  <key id="bandwidth" for="edge" attr.name="bandwidth_bytes_per_s" attr.type="long"/>
  <key id="latency" for="edge" attr.name="latency_ps" attr.type="long"/>
  <key id="latency_back" for="edge" attr.name="latency_back_ps" attr.type="long"/>
  <key id="dimension" for="edge" attr.name="dimension" attr.type="int"/>
  <key id="closes_ring" for="edge" attr.name="closes_ring" attr.type="boolean"/>
)";

}  // namespace

std::string to_graphml(const Topology& topology) {
    std::string text(kHead);
    const auto out = std::back_inserter(text);
    fmt::format_to(out, "  <graph id=\"{}\" edgedefault=\"undirected\">\n", escaped(topology.name));
    for (const Node& node : topology.nodes) {
        fmt::format_to(out, "    <node id=\"{}\"><data key=\"kind\">{}</data><data key=\"tier\">{}</data>",
                       escaped(node.name), name_of(node.kind), node.tier);
        if (node.server != kNoServer) {
            fmt::format_to(out, "<data key=\"server\">{}</data>", node.server);
        }
        if (node.segment >= 0) {
            fmt::format_to(out, "<data key=\"segment\">{}</data>", node.segment);
        }
        text += "</node>\n";
    }
    for (const Edge& edge : topology.edges) {
        const LinkClass& link = topology.link_classes[edge.link_class];
        fmt::format_to(out,
                       "    <edge source=\"{}\" target=\"{}\"><data key=\"links\">{}</data><data "
                       "key=\"bandwidth\">{}</data><data key=\"latency\">{}</data><data key=\"latency_back\">{}</data>",
                       escaped(topology.nodes[index(edge.a)].name), escaped(topology.nodes[index(edge.b)].name),
                       link.bonded, link.bandwidth.count(), link.latency[0].count(), link.latency[1].count());
        if (edge.dimension != 0) {
            fmt::format_to(out, "<data key=\"dimension\">{}</data>", edge.dimension);
        }
        if (edge.closes_ring) {
            text += "<data key=\"closes_ring\">true</data>";
        }
        text += "</edge>\n";
    }
    return text + "  </graph>\n</graphml>\n";
}

}  // namespace myriad
