// Wirings made of wirings: product, overlay, and the factor without links that makes copies.

#include "interconnect/topology/wiring_recipes.h"
#include "sim/error/error.h"

#include <fmt/format.h>

#include <algorithm>

namespace myriad {
namespace {

std::vector<WiringGraph> wire_factors(const WiringRequest& request) {
    std::vector<WiringGraph> factors;
    for (const WiringConfig& factor : request.config.factors) {
        const bool all_links =
            factor.recipe == WiringRecipe::icn_switch && factor.links == 0 && factor.switch_links.empty();
        if (all_links) {
            throw UserError(
                fmt::format("{}: wiring icn_switch inside of {} needs 'links'; by itself it takes all links of "
                            "a card",
                            request.where, name_of(request.config.recipe)));
        }
        factors.push_back(wire(factor, request.where, request.chip_links));
    }
    return factors;
}

int checked_dimensions(int dimensions) {
    MYRIAD_CHECK(dimensions <= 255, "more dimensions than an edge can name");
    return dimensions;
}

}  // namespace

// Vertex number of a product: the first factor's coordinate varies fastest. A factor's switches are copied for each
// setting of the other coordinates; they come after all cards, factor by factor, copy by copy.
WiringGraph product_of(const std::vector<WiringGraph>& factors) {
    WiringGraph graph{.cards = 1, .dimensions = 0};
    std::size_t links = 0;
    for (const WiringGraph& factor : factors) {
        graph.cards *= factor.cards;
        graph.hierarchy.insert(graph.hierarchy.end(), factor.hierarchy.begin(), factor.hierarchy.end());
    }
    for (const WiringGraph& factor : factors) {
        links += factor.links.size() * static_cast<std::size_t>(graph.cards / factor.cards);
    }
    graph.links.reserve(links);
    int stride = 1;
    for (const WiringGraph& factor : factors) {
        int copy = 0;
        for (int base = 0; base < graph.cards; ++base) {
            if (base / stride % factor.cards != 0) {
                continue;  // one copy of the factor for each setting of the other coordinates
            }
            const int first_switch = graph.nodes();
            const auto place = [&](int node) {
                return node < factor.cards ? base + node * stride : first_switch + node - factor.cards;
            };
            for (WiringLink link : factor.links) {
                link.a = place(link.a);
                link.b = place(link.b);
                link.dimension = static_cast<std::uint8_t>(link.dimension + graph.dimensions);
                graph.links.push_back(link);
            }
            for (const WiringSwitch& hub : factor.switches) {
                graph.switches.push_back({fmt::format("{}.{}", hub.name, copy), hub.level});
            }
            ++copy;
        }
        stride *= factor.cards;
        graph.dimensions = checked_dimensions(graph.dimensions + factor.dimensions);
    }
    return graph;
}

WiringGraph wire_product(const WiringRequest& request) {
    const std::vector<WiringGraph> factors = wire_factors(request);
    std::int64_t links = 0;
    for (const WiringGraph& factor : factors) {
        links += static_cast<std::int64_t>(factor.links.size()) * (cards_of(request.config) / factor.cards);
    }
    expect_links(request, links);
    return product_of(factors);
}

WiringGraph wire_overlay(const WiringRequest& request) {
    const std::vector<WiringGraph> factors = wire_factors(request);
    // Collectives go by the first layer, which is the one that is written first: the nearest.
    WiringGraph graph{.cards = factors.front().cards, .hierarchy = factors.front().hierarchy, .dimensions = 0};
    for (std::size_t layer = 0; layer < factors.size(); ++layer) {
        const WiringGraph& factor = factors[layer];
        if (factor.cards != graph.cards) {
            refuse(request,
                   fmt::format("layers lie over the same cards, but they join {} and {}", graph.cards, factor.cards));
        }
        const int shift = graph.nodes() - graph.cards;
        for (WiringLink link : factor.links) {
            link.a += link.a < graph.cards ? 0 : shift;
            link.b += link.b < graph.cards ? 0 : shift;
            link.dimension = static_cast<std::uint8_t>(link.dimension + graph.dimensions);
            graph.links.push_back(link);
        }
        for (const WiringSwitch& hub : factor.switches) {
            graph.switches.push_back({fmt::format("layer{}.{}", layer, hub.name), hub.level});
        }
        graph.dimensions = checked_dimensions(graph.dimensions + factor.dimensions);
    }
    return graph;
}

WiringGraph wire_separate(const WiringRequest& request) {
    return {.cards = request.config.size, .hierarchy = {request.config.size}};
}

}  // namespace myriad
