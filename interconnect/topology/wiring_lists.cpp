// Wirings that are lists of links: the published PPU board, and the user's own.

#include "interconnect/topology/wiring_recipes.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace myriad {

WiringGraph wire_matched_quads(const WiringRequest& request) {
    WiringGraph graph{.cards = 8, .hierarchy = {4, 2}, .dimensions = 2};
    for (const int quad : {0, 4}) {
        for (int a = 0; a < 4; ++a) {
            for (int b = a + 1; b < 4; ++b) {
                graph.links.push_back(link_between(request.config, quad + a, quad + b));
            }
        }
    }
    // The matching of the published bandwidth matrix.
    for (const auto& [a, b] : {std::pair{0, 6}, {1, 7}, {2, 4}, {3, 5}}) {
        graph.links.push_back(link_between(request.config, a, b));
        graph.links.back().dimension = 1;
    }
    return graph;
}

WiringGraph wire_edges(const WiringRequest& request) {
    const WiringConfig& config = request.config;
    WiringGraph graph{.cards = config.size, .hierarchy = {config.size}};
    for (int n = 0; n < config.switches; ++n) {
        const auto number = static_cast<std::size_t>(n);
        const bool named = number < config.switch_names.size();
        graph.switches.push_back({named ? config.switch_names[number] : fmt::format("icn_switch{}", n), 2});
    }
    for (std::size_t i = 0; i < config.edges.size(); ++i) {
        const WiringEdgeConfig& edge = config.edges[i];
        if (edge.a < 0 || edge.b < 0 || edge.a >= graph.nodes() || edge.b >= graph.nodes() || edge.a == edge.b) {
            refuse(request, fmt::format("edge {} joins {} and {}, expected two of 0 to {}", i, edge.a, edge.b,
                                        graph.nodes() - 1));
        }
        WiringLink link{.a = std::min(edge.a, edge.b),
                        .b = std::max(edge.a, edge.b),
                        .bonded = edge.links,
                        .per_link = edge.bandwidth.count() > 0 ? edge.bandwidth : config.bandwidth,
                        .latency = edge.latency ? edge.latency : config.latency,
                        .dimension = static_cast<std::uint8_t>(edge.dimension),
                        .closes_ring = edge.closes_ring,
                        .payload = edge.payload,
                        .whole_latency = edge.whole_latency};
        if (edge.a > edge.b && link.whole_latency) {
            std::swap(link.whole_latency->forward, link.whole_latency->backward);
        }
        if (link.a < config.size && link.b >= config.size) {
            graph.switches[static_cast<std::size_t>(link.b - config.size)].level = 1;  // cards plug into it
        }
        graph.dimensions = std::max(graph.dimensions, edge.dimension + 1);
        graph.links.push_back(link);
    }
    // The end of the lower tier comes first.
    for (WiringLink& link : graph.links) {
        const auto level = [&](int node) {
            return node < config.size ? 0 : graph.switches[static_cast<std::size_t>(node - config.size)].level;
        };
        if (level(link.a) > level(link.b)) {
            std::swap(link.a, link.b);
            if (link.whole_latency) {
                std::swap(link.whole_latency->forward, link.whole_latency->backward);
            }
        }
    }
    return graph;
}

}  // namespace myriad
