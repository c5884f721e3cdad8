// Wirings with coordinates. A mesh, torus, hypercube or HyperX is the product of lines, rings, pairs or full meshes, so
// product_of gives card numbers (first coordinate fastest), dimensions and the order of ports.

#include "interconnect/topology/wiring_recipes.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

namespace myriad {
namespace {

constexpr std::size_t kMaxDimensions = 16;

WiringGraph full_mesh(const WiringConfig& config, int cards) {
    WiringGraph graph{.cards = cards, .hierarchy = {cards}};
    graph.links.reserve(static_cast<std::size_t>(cards) * static_cast<std::size_t>(cards) / 2);
    for (int a = 0; a < cards; ++a) {
        for (int b = a + 1; b < cards; ++b) {
            graph.links.push_back(link_between(config, a, b));
        }
    }
    return graph;
}

WiringGraph chain(const WiringConfig& config, int cards, bool closed) {
    WiringGraph graph{.cards = cards, .hierarchy = {cards}};
    for (int a = 0; a + 1 < cards; ++a) {
        graph.links.push_back(link_between(config, a, a + 1));
    }
    // A ring of two is one link, not two parallel ones.
    if (closed && cards > 2) {
        graph.links.push_back(link_between(config, 0, cards - 1));
        graph.links.back().closes_ring = true;
    }
    return graph;
}

std::vector<int> sizes_of(const WiringRequest& request) {
    const WiringConfig& config = request.config;
    std::vector<int> sizes = config.sizes.empty() ? std::vector<int>{config.size} : config.sizes;
    if (sizes.size() > kMaxDimensions) {
        refuse(request, fmt::format("expected at most {} dimensions", kMaxDimensions));
    }
    return sizes;
}

// Sizes n and 2n: crossing the wraparound of a dimension of n moves a packet on by n in every dimension of 2n, which
// makes the long way round a short dimension and the long dimension equally far (Camara et al., "Twisted torus
// topologies", IEEE TPDS 2010; offered by TPU v4).
void twist(const WiringRequest& request, const std::vector<int>& sizes, WiringGraph& graph) {
    const int shortest = *std::min_element(sizes.begin(), sizes.end());
    const auto is_short = [&](int size) { return size == shortest; };
    const bool allowed =
        std::all_of(sizes.begin(), sizes.end(), [&](int size) { return is_short(size) || size == 2 * shortest; }) &&
        !std::all_of(sizes.begin(), sizes.end(), is_short) && shortest > 2;
    if (!allowed) {
        refuse(request, "a twisted torus has sizes n and 2n, both present, n at least 3");
    }
    for (WiringLink& link : graph.links) {
        if (!link.closes_ring || !is_short(sizes[link.dimension])) {
            continue;
        }
        // The end with coordinate 0 in the short dimension moves on; the other keeps its place.
        int stride = 1;
        int moved = link.a;
        for (const int size : sizes) {
            if (!is_short(size)) {
                const int place = link.a / stride % size;
                moved += ((place + shortest) % size - place) * stride;
            }
            stride *= size;
        }
        link.a = moved;
        if (link.a > link.b) {
            std::swap(link.a, link.b);
        }
    }
}

}  // namespace

WiringGraph wire_full_mesh(const WiringRequest& request) {
    expect_links(request, std::int64_t{request.config.size} * (request.config.size - 1) / 2);
    return full_mesh(request.config, request.config.size);
}

WiringGraph wire_ring(const WiringRequest& request) { return chain(request.config, request.config.size, true); }

WiringGraph wire_line(const WiringRequest& request) { return chain(request.config, request.config.size, false); }

WiringGraph wire_grid(const WiringRequest& request) {
    const WiringConfig& config = request.config;
    const std::vector<int> sizes = sizes_of(request);
    if (!config.wrap.empty() && config.wrap.size() != sizes.size()) {
        refuse(request, fmt::format("'wrap' has {} entries for {} dimensions", config.wrap.size(), sizes.size()));
    }
    std::vector<WiringGraph> factors;
    bool all_wrap = true;
    for (std::size_t d = 0; d < sizes.size(); ++d) {
        const bool wraps = config.recipe == WiringRecipe::torus && (config.wrap.empty() || config.wrap[d]) &&
                           sizes[d] % config.wrap_multiple == 0;
        all_wrap = all_wrap && wraps;
        factors.push_back(chain(config, sizes[d], wraps));
    }
    WiringGraph graph = product_of(factors);
    if (config.twisted) {
        if (!all_wrap) {
            refuse(request, "a twisted torus wraps around in every dimension");
        }
        twist(request, sizes, graph);
    }
    return graph;
}

WiringGraph wire_hypercube(const WiringRequest& request) {
    const auto cards = static_cast<unsigned>(request.config.size);
    if (!std::has_single_bit(cards)) {
        refuse(request, "expected a power of two");
    }
    std::vector<WiringGraph> factors;
    for (unsigned size = 2; size <= cards; size *= 2) {
        factors.push_back(full_mesh(request.config, 2));
    }
    return factors.empty() ? full_mesh(request.config, 1) : product_of(factors);
}

WiringGraph wire_hyperx(const WiringRequest& request) {
    std::vector<WiringGraph> factors;
    const std::vector<int> sizes = sizes_of(request);
    const std::int64_t cards = cards_of(request.config);
    std::int64_t links = 0;
    for (const int size : sizes) {
        links += cards * (size - 1) / 2;
    }
    expect_links(request, links);
    for (const int size : sizes) {
        factors.push_back(full_mesh(request.config, size));
    }
    return product_of(factors);
}

}  // namespace myriad
