// Wiring recipes. A recipe is a list of undirected links; the order of the list is the order of ports, so recipes list
// links such that the ports of a card lead to its neighbours in ascending order, and a product lists its innermost
// factor first. That makes port numbers equal in every server and readable in a trace.

#include "interconnect/topology/wiring.h"

#include "sim/error/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace myriad {
namespace {

// Beyond this the number of links of a mesh (8 million) is more than a server can mean.
constexpr int kMaxCardsPerServer = 4096;

using Links = std::vector<std::pair<int, int>>;

Links mesh_links(int cards) {
    Links links;
    links.reserve(static_cast<std::size_t>(cards) * static_cast<std::size_t>(cards) / 2);
    for (int a = 0; a < cards; ++a) {
        for (int b = a + 1; b < cards; ++b) {
            links.emplace_back(a, b);
        }
    }
    return links;
}

Links ring_links(int cards) {
    Links links;
    for (int a = 0; a + 1 < cards; ++a) {
        links.emplace_back(a, a + 1);
    }
    // A ring of two is one link, not two parallel ones.
    if (cards > 2) {
        links.emplace_back(0, cards - 1);
    }
    return links;
}

Links matched_quads_links() {
    Links links;
    for (int quad : {0, 4}) {
        for (const auto& [a, b] : mesh_links(4)) {
            links.emplace_back(quad + a, quad + b);
        }
    }
    // The matching of the published bandwidth matrix.
    for (const auto& [a, b] : Links{{0, 6}, {1, 7}, {2, 4}, {3, 5}}) {
        links.emplace_back(a, b);
    }
    return links;
}

// Vertex number of a product: the first factor's coordinate varies fastest.
WiringGraph product(const std::vector<WiringGraph>& factors) {
    WiringGraph graph;
    graph.cards = 1;
    for (const WiringGraph& factor : factors) {
        graph.cards *= factor.cards;
        graph.hierarchy.insert(graph.hierarchy.end(), factor.hierarchy.begin(), factor.hierarchy.end());
    }
    int stride = 1;
    for (const WiringGraph& factor : factors) {
        for (int base = 0; base < graph.cards; ++base) {
            if (base / stride % factor.cards != 0) {
                continue;  // one copy of the factor for each setting of the other coordinates
            }
            for (const auto& [a, b] : factor.links) {
                graph.links.emplace_back(base + a * stride, base + b * stride);
            }
        }
        stride *= factor.cards;
    }
    return graph;
}

WiringGraph wire_product(const WiringConfig& config, const std::string& where) {
    if (config.factors.empty()) {
        throw UserError(where + ": wiring product needs factors, for example two full meshes of 4");
    }
    std::vector<WiringGraph> factors;
    std::int64_t cards = 1;
    for (const WiringConfig& factor : config.factors) {
        if (factor.recipe == WiringRecipe::icn_switch) {
            throw UserError(where +
                            ": wiring icn_switch cannot be a factor of a product; it takes all links of a card");
        }
        factors.push_back(wire(factor, where));
        cards *= factors.back().cards;
        if (cards > kMaxCardsPerServer) {
            throw UserError(
                fmt::format("{}: wiring {} joins more than {} cards", where, describe(config), kMaxCardsPerServer));
        }
    }
    if (config.size != 0 && config.size != cards) {
        throw UserError(fmt::format("{}: wiring {} has {} cards, but its size is given as {}", where, describe(config),
                                    cards, config.size));
    }
    return product(factors);
}

}  // namespace

std::string_view name_of(WiringRecipe recipe) {
    switch (recipe) {
        case WiringRecipe::full_mesh:
            return "full_mesh";
        case WiringRecipe::ring:
            return "ring";
        case WiringRecipe::icn_switch:
            return "icn_switch";
        case WiringRecipe::product:
            return "product";
        case WiringRecipe::matched_quads:
            return "matched_quads";
    }
    return "unknown";
}

std::string describe(const WiringConfig& config) {
    if (config.recipe != WiringRecipe::product) {
        const int size = config.recipe == WiringRecipe::matched_quads ? 8 : config.size;
        return fmt::format("{} of {}", name_of(config.recipe), size);
    }
    std::string text = "product of ";
    for (std::size_t i = 0; i < config.factors.size(); ++i) {
        text += (i == 0 ? "" : " and ") + describe(config.factors[i]);
    }
    return text;
}

int WiringGraph::links_per_card() const {
    if (through_switch) {
        return 1;
    }
    std::vector<int> degree(static_cast<std::size_t>(cards), 0);
    for (const auto& [a, b] : links) {
        ++degree[static_cast<std::size_t>(a)];
        ++degree[static_cast<std::size_t>(b)];
    }
    return degree.empty() ? 0 : *std::max_element(degree.begin(), degree.end());
}

WiringGraph wire(const WiringConfig& config, const std::string& where) {
    if (config.recipe == WiringRecipe::product) {
        return wire_product(config, where);
    }
    if (config.recipe == WiringRecipe::matched_quads) {
        if (config.size != 0 && config.size != 8) {
            throw UserError(fmt::format("{}: wiring matched_quads joins 8 cards, not {}", where, config.size));
        }
        return {.cards = 8, .links = matched_quads_links(), .through_switch = false, .hierarchy = {4, 2}};
    }
    if (config.size < 1 || config.size > kMaxCardsPerServer) {
        throw UserError(
            fmt::format("{}: wiring {}: expected 1 to {} cards", where, describe(config), kMaxCardsPerServer));
    }
    WiringGraph graph{.cards = config.size, .links = {}, .through_switch = false, .hierarchy = {config.size}};
    switch (config.recipe) {
        case WiringRecipe::full_mesh:
            graph.links = mesh_links(config.size);
            break;
        case WiringRecipe::ring:
            graph.links = ring_links(config.size);
            break;
        default:
            graph.through_switch = true;
            break;
    }
    return graph;
}

}  // namespace myriad
