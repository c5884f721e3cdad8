// Every wiring recipe against its closed forms: links, degree, diameter, bisection, and what may not be asked of it.

#include "interconnect/topology/analysis.h"
#include "interconnect/topology/build.h"
#include "interconnect/topology/wiring.h"
#include "sim/error/error.h"
#include "tests/unit/topology/clusters.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

using namespace myriad;
using namespace myriad::test;

namespace {

WiringConfig grid(WiringRecipe recipe, std::vector<int> sizes) {
    WiringConfig wiring;
    wiring.recipe = recipe;
    wiring.sizes = std::move(sizes);
    return wiring;
}

Topology built(const WiringConfig& wiring, int links) {
    ClusterConfig config = one_server(wiring, static_cast<int>(cards_of(wiring)));
    config.server.links.links = links;
    return build_topology(config);
}

std::string refusal(const WiringConfig& wiring) {
    try {
        (void)wire(wiring, "test", 7);
    } catch (const UserError& error) {
        return error.diagnostics().front().message;
    }
    return "no error";
}

// Hops from card 0 of `graph` to every node; a switch counts as a hop.
std::vector<int> hops_from(const WiringGraph& graph, int source) {
    std::vector<std::vector<int>> next(static_cast<std::size_t>(graph.nodes()));
    for (const WiringLink& link : graph.links) {
        next[static_cast<std::size_t>(link.a)].push_back(link.b);
        next[static_cast<std::size_t>(link.b)].push_back(link.a);
    }
    std::vector<int> hops(next.size(), -1);
    std::vector<int> queue{source};
    hops[static_cast<std::size_t>(source)] = 0;
    for (std::size_t head = 0; head < queue.size(); ++head) {
        const auto node = static_cast<std::size_t>(queue[head]);
        for (const int to : next[node]) {
            if (hops[static_cast<std::size_t>(to)] < 0) {
                hops[static_cast<std::size_t>(to)] = hops[node] + 1;
                queue.push_back(to);
            }
        }
    }
    return hops;
}

std::int64_t bisection_links(const Topology& topology) {
    return bisection_bandwidth(topology).value.count() / 50'000'000'000;
}

}  // namespace

TEST_CASE("a torus has a link a card and dimension, and half of each ring as its diameter") {
    const Topology topology = built(grid(WiringRecipe::torus, {4, 4, 8}), 6);
    CHECK(topology.edges.size() == 128 * 3);
    const TopologyAnalysis analysis = analyse(topology);
    CHECK(analysis.links_used_min == 6);
    CHECK(analysis.links_used_max == 6);
    CHECK(analysis.diameter.value == 2 + 2 + 4);
    // Mean over ordered pairs of distinct cards: sum of ring means (1, 1, 2) times 128 / 127.
    CHECK(analysis.average_distance.value == Approx(4.0 * 128 / 127));
    // The halves by number are z 0..3 and 4..7: 16 cards a face, two faces.
    CHECK(bisection_links(topology) == 32);
    CHECK(topology.server_hierarchy == std::vector<int>{4, 4, 8});
    std::map<int, int> of_dimension;
    std::map<int, int> closing;
    for (const Edge& edge : topology.edges) {
        ++of_dimension[edge.dimension];
        closing[edge.dimension] += edge.closes_ring ? 1 : 0;
    }
    CHECK(of_dimension == std::map<int, int>{{0, 128}, {1, 128}, {2, 128}});
    CHECK(closing == std::map<int, int>{{0, 32}, {1, 32}, {2, 16}});  // one a ring
}

TEST_CASE("a mesh has no wraparound, and a torus only where it is told or the size allows it") {
    const Topology mesh = built(grid(WiringRecipe::mesh, {3, 5}), 4);
    CHECK(mesh.edges.size() == 2 * 5 + 4 * 3);
    CHECK(analyse(mesh).diameter.value == 2 + 4);
    WiringConfig partial = grid(WiringRecipe::torus, {3, 5});
    partial.wrap = {false, true};
    CHECK(built(partial, 4).edges.size() == 2 * 5 + 5 * 3);
    // TPU v4: rings close over the optical switches, which only see the faces of whole cubes.
    WiringConfig slice = grid(WiringRecipe::torus, {2, 4, 8});
    slice.wrap_multiple = 4;
    CHECK(built(slice, 6).edges.size() == 32 + 64 + 64);
    // TPU v5e: an axis of 16 closes, one of 8 does not.
    WiringConfig v5e = grid(WiringRecipe::torus, {8, 16});
    v5e.wrap_multiple = 16;
    CHECK(built(v5e, 4).edges.size() == 7 * 16 + 16 * 8);
    CHECK(built(grid(WiringRecipe::torus, {2, 2}), 4).edges.size() == 4);  // a ring of two is one link
    CHECK(built(simple(WiringRecipe::line, 5), 2).edges.size() == 4);
}

TEST_CASE("a TPU v5p pod of 16 x 20 x 28 chips is one scale-up domain") {
    const Topology topology = built(grid(WiringRecipe::torus, {16, 20, 28}), 6);
    CHECK(topology.cards.size() == 8'960);
    CHECK(topology.edges.size() == 3 * 8'960);
}

TEST_CASE("a twisted torus keeps its degree, looks the same from every card and is narrower") {
    WiringConfig twisted = grid(WiringRecipe::torus, {4, 4, 8});
    twisted.twisted = true;
    const WiringGraph graph = wire(twisted, "test", 6);
    CHECK(graph.links.size() == 3 * 128);
    std::set<std::pair<int, int>> distinct;
    std::vector<int> degree(128, 0);
    for (const WiringLink& link : graph.links) {
        CHECK(link.a < link.b);
        CHECK(distinct.emplace(link.a, link.b).second);
        ++degree[static_cast<std::size_t>(link.a)];
        ++degree[static_cast<std::size_t>(link.b)];
    }
    CHECK(std::all_of(degree.begin(), degree.end(), [](int d) { return d == 6; }));
    std::vector<int> first = hops_from(graph, 0);
    std::sort(first.begin(), first.end());
    for (const int card : {1, 17, 77, 127}) {
        std::vector<int> other = hops_from(graph, card);
        std::sort(other.begin(), other.end());
        CHECK(other == first);
    }
    // Plain: 2 + 2 + 4 = 8 at most, 512 hops in all from a card (128 times 1 + 1 + 2).
    CHECK(first.back() < 8);
    CHECK(std::accumulate(first.begin(), first.end(), 0) < 512);
    // In two dimensions, 4 x 8: a card reaches (x, y) round x at the price of 4 - x, landing 4 further along y, so the
    // worst of min(x + |y|, 4 - x + |y - 4|) over rings of 8 is 4 instead of 2 + 4.
    WiringConfig flat = grid(WiringRecipe::torus, {4, 8});
    flat.twisted = true;
    const std::vector<int> hops = hops_from(wire(flat, "test", 4), 0);
    CHECK(*std::max_element(hops.begin(), hops.end()) == 4);
}

TEST_CASE("a hypercube of 64 has six dimensions of 32 links") {
    const Topology topology = built(simple(WiringRecipe::hypercube, 64), 7);
    CHECK(topology.edges.size() == 6 * 32);
    const TopologyAnalysis analysis = analyse(topology);
    CHECK(analysis.diameter.value == 6);
    CHECK(analysis.average_distance.value == Approx(3.0 * 64 / 63));
    CHECK(analysis.paths_max.value == Approx(720));  // 6! orders of the dimensions
    CHECK(bisection_links(topology) == 32);
    for (const Edge& edge : topology.edges) {
        CHECK((index(edge.a) ^ index(edge.b)) == 1u << edge.dimension);
    }
    CHECK(refusal(simple(WiringRecipe::hypercube, 12)) == "test: wiring hypercube of 12: expected a power of two");
}

TEST_CASE("a HyperX is a full mesh along each dimension") {
    const Topology topology = built(grid(WiringRecipe::hyperx, {4, 3, 2}), 7);
    // 24 cards of degree 3 + 2 + 1.
    CHECK(topology.edges.size() == 24 * 6 / 2);
    CHECK(analyse(topology).diameter.value == 3);
}

TEST_CASE("a dragonfly of cards joins every pair of groups alike") {
    WiringConfig wiring = simple(WiringRecipe::dragonfly, 36);
    wiring.group_size = 4;
    wiring.global_links = 2;
    // 9 = 4 * 2 + 1 groups: one link a pair, and every card uses 3 + 2 links.
    const WiringGraph graph = wire(wiring, "test", 7);
    CHECK(graph.links.size() == 9 * 6 + 36);
    std::map<std::pair<int, int>, int> pairs;
    std::vector<int> degree(36, 0);
    for (const WiringLink& link : graph.links) {
        ++degree[static_cast<std::size_t>(link.a)];
        ++degree[static_cast<std::size_t>(link.b)];
        if (link.dimension == 1) {
            ++pairs[{link.a / 4, link.b / 4}];
        }
    }
    CHECK(pairs.size() == 36);
    CHECK(std::all_of(pairs.begin(), pairs.end(), [](const auto& pair) { return pair.second == 1; }));
    CHECK(std::all_of(degree.begin(), degree.end(), [](int d) { return d == 5; }));
    const std::vector<int> hops = hops_from(graph, 0);
    CHECK(*std::max_element(hops.begin(), hops.end()) == 3);  // local, global, local
    wiring.size = 40;
    CHECK(refusal(wiring) ==
          "test: wiring dragonfly of 40: 10 groups, but 4 cards with 2 global links each reach at most 9 "
          "(group_size x global_links + 1)");
    wiring.size = 38;
    CHECK(refusal(wiring) == "test: wiring dragonfly of 38: groups of 4 cards do not divide the cards");
    wiring.size = 12;  // three groups: eight ends a group make four links to each of two others
    CHECK(wire(wiring, "test", 7).links.size() == 3 * 6 + 3 * 4);
}

TEST_CASE("parallel switches share a card's links") {
    WiringConfig wiring = simple(WiringRecipe::icn_switch, 8);
    wiring.switches = 4;
    const Topology dealt = built(wiring, 18);
    CHECK(dealt.edges.size() == 32);
    CHECK(dealt.nodes.size() == 12);
    std::vector<int> bonds;
    for (int port = 0; port < 4; ++port) {
        bonds.push_back(class_of(dealt, dealt.nodes[0].ports[static_cast<std::size_t>(port)]).bonded);
    }
    CHECK(bonds == std::vector<int>{5, 5, 4, 4});
    wiring.switch_links = {5, 4, 4, 5};  // as published for the HGX H100 board
    CHECK(class_of(built(wiring, 18), EdgeId{1}).bonded == 4);
    CHECK(class_of(built(wiring, 18), EdgeId{1}).bandwidth == BytesPerSecond{200'000'000'000});
    CHECK(analyse(built(wiring, 18)).icn_injection == BytesPerSecond{900'000'000'000});
    wiring.switch_links = {5, 4};
    CHECK(refusal(wiring) == "test: wiring icn_switch of 8: 'switch_links' has 2 entries for 4 switches");
    wiring.switch_links.clear();
    wiring.switches = 8;
    CHECK(refusal(wiring) ==
          "test: wiring icn_switch of 8: a card has a link to each switch, but 7 links meet 8 switches");
}

TEST_CASE("CloudMatrix384: 48 nodes of 8 behind 7 planes of 7 x 48 lower and 7 x 16 upper switches") {
    WiringConfig wiring = simple(WiringRecipe::switch_planes, 384);
    wiring.node_size = 8;
    wiring.planes = 7;
    wiring.upper_switches = 16;
    ClusterConfig config = one_server(wiring, 384);
    config.server.links.links = 14;  // of 28 GB/s, two to each plane
    config.server.links.per_link = BytesPerSecond{28'000'000'000};
    const Topology topology = build_topology(config);
    std::int64_t lower = 0;
    std::int64_t upper = 0;
    for (const Node& node : topology.nodes) {
        // 8 cards and 16 upper switches; 48 lower switches.
        lower += node.kind == NodeKind::icn_switch && node.ports.size() == 24 ? 1 : 0;
        upper += node.kind == NodeKind::icn_switch && node.ports.size() == 48 ? 1 : 0;
    }
    CHECK(lower == 336);
    CHECK(upper == 112);
    CHECK(topology.nodes.size() == 384 + 336 + 112);
    const TopologyAnalysis analysis = analyse(topology);
    CHECK(analysis.icn_injection == BytesPerSecond{392'000'000'000});
    // Non-blocking: half of the cards send all they can to the other half.
    CHECK(analysis.bisection.value == BytesPerSecond{192 * 392'000'000'000});
    CHECK(analysis.diameter.value == 4);
    // Two links of 28 GB/s down to a card, one up to each of 16: 448 GB/s either way.
    CHECK(class_of(topology, topology.nodes[0].ports[0]).bandwidth == BytesPerSecond{56'000'000'000});
    CHECK(topology.link_classes.back().name == "icn_trunk");
    CHECK(topology.link_classes.back().bandwidth == BytesPerSecond{28'000'000'000});
    // Into a switch a hop costs its forwarding, from either side.
    CHECK(topology.link_classes.back().latency[1] == ns(125));
    wiring.upper_switches = 12;
    CHECK(refusal(wiring) ==
          "test: wiring switch_planes of 384: 8 cards with 1 links each cannot share 12 upper switches evenly; "
          "'uplinks' sets the links to each");
    wiring.node_size = 9;
    CHECK(refusal(wiring) == "test: wiring switch_planes of 384: nodes of 9 cards do not divide the cards");
}

TEST_CASE("Trainium2: a 4 x 4 torus times a ring of four with links of half the bandwidth") {
    WiringConfig torus = grid(WiringRecipe::torus, {4, 4});
    torus.links = 2;
    WiringConfig ring = simple(WiringRecipe::ring, 4);
    ClusterConfig config = one_server(product_of({torus, ring}), 64);
    config.server.links.links = 10;  // 4 x 2 + 2 x 1 links of 64 GB/s
    config.server.links.per_link = BytesPerSecond{64'000'000'000};
    const Topology topology = build_topology(config);
    CHECK(topology.edges.size() == 64 * 3);
    CHECK(topology.server_hierarchy == std::vector<int>{4, 4, 4});
    const TopologyAnalysis analysis = analyse(topology);
    CHECK(analysis.icn_injection == BytesPerSecond{640'000'000'000});  // 1,280 GB/s both ways
    CHECK(analysis.links_used_max == 10);
    CHECK(analysis.links[0].count == 128);
    CHECK(analysis.links[0].link_class.bandwidth == BytesPerSecond{128'000'000'000});
    CHECK(analysis.links[1].count == 64);
    CHECK(analysis.links[1].link_class.bandwidth == BytesPerSecond{64'000'000'000});
}

TEST_CASE("a factor may have links of its own rate and latency") {
    WiringConfig fast = simple(WiringRecipe::full_mesh, 4);
    WiringConfig slow = simple(WiringRecipe::line, 2);
    slow.bandwidth = BytesPerSecond{10'000'000'000};
    slow.latency = us(1);
    const Topology topology = built(product_of({fast, slow}), 7);
    const Edge& last = topology.edges.back();
    CHECK(last.dimension == 1);
    CHECK(topology.link_classes[last.link_class].bandwidth == BytesPerSecond{10'000'000'000});
    CHECK(topology.link_classes[last.link_class].latency[0] == us(1));
    CHECK(class_of(topology, EdgeId{0}).latency[0] == ns(100));
}

TEST_CASE("Maia: full meshes of four beside one another, and three switches over all") {
    WiringConfig quad = simple(WiringRecipe::full_mesh, 4);
    quad.links = 3;
    WiringConfig up = simple(WiringRecipe::icn_switch, 16);
    up.switches = 3;
    up.links = 3;
    WiringConfig maia;
    maia.recipe = WiringRecipe::overlay;
    maia.factors = {product_of({quad, simple(WiringRecipe::separate, 4)}), up};
    const Topology topology = built(maia, 12);
    CHECK(topology.edges.size() == 4 * 6 + 16 * 3);
    const TopologyAnalysis analysis = analyse(topology);
    CHECK(analysis.links_used_min == 12);
    CHECK(analysis.links_used_max == 12);
    CHECK(analysis.diameter.value == 2);
    CHECK(analysis.paths_max.value == Approx(3));
    CHECK(topology.server_hierarchy == std::vector<int>{4, 4});
    maia.factors.back().size = 8;
    CHECK(refusal(maia) ==
          "test: wiring overlay of product of full_mesh of 4 and separate of 4 and icn_switch of 8: layers lie over "
          "the same cards, but they join 16 and 8");
}

TEST_CASE("an edge list joins cards and switches as it says") {
    WiringConfig wiring = simple(WiringRecipe::edges, 3);
    wiring.switches = 2;
    wiring.edges = {{.a = 3, .b = 0}, {.a = 1, .b = 3, .links = 2}, {.a = 4, .b = 3}, {.a = 2, .b = 3}};
    const Topology topology = built(wiring, 7);
    CHECK(topology.nodes.size() == 5);
    CHECK(topology.edges.size() == 4);
    CHECK(index(topology.edges[0].a) == 0);  // the card comes first
    CHECK(index(topology.edges[2].a) == 3);  // the switch that cards plug into comes first
    CHECK(class_of(topology, EdgeId{1}).bonded == 2);
    wiring.edges.push_back({.a = 5, .b = 0});
    CHECK(refusal(wiring) == "test: wiring edges of 3: edge 4 joins 5 and 0, expected two of 0 to 4");
}

namespace {

WiringConfig random_factor(Lcg& random) {
    const int pick = random.below(8);
    switch (pick) {
        case 0:
            return simple(WiringRecipe::full_mesh, 2 + random.below(4));
        case 1:
            return simple(WiringRecipe::ring, 2 + random.below(5));
        case 2:
            return simple(WiringRecipe::line, 2 + random.below(4));
        case 3:
            return grid(WiringRecipe::torus, {2 + random.below(3), 2 + random.below(3)});
        case 4:
            return simple(WiringRecipe::hypercube, 2 << random.below(3));
        case 5:
            return grid(WiringRecipe::hyperx, {2 + random.below(2), 2 + random.below(3)});
        case 6: {
            WiringConfig wiring = simple(WiringRecipe::icn_switch, 2 + random.below(4));
            wiring.switches = 1 + random.below(3);
            wiring.links = wiring.switches + random.below(2);
            return wiring;
        }
        default:
            return grid(WiringRecipe::mesh, {2 + random.below(2), 2 + random.below(2)});
    }
}

}  // namespace

TEST_CASE("distances of a product are sums of distances of its factors, whatever the factors") {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        INFO("seed " << seed);
        Lcg random(seed);
        std::vector<WiringConfig> factors{random_factor(random), random_factor(random)};
        if (random.below(3) == 0) {
            factors.push_back(random_factor(random));
        }
        const WiringGraph graph = wire(product_of(factors), "test", 16);
        std::vector<WiringGraph> parts;
        std::size_t links = 0;
        for (const WiringConfig& factor : factors) {
            parts.push_back(wire(factor, "test", 16));
            links += parts.back().links.size() * static_cast<std::size_t>(graph.cards / parts.back().cards);
        }
        REQUIRE(graph.links.size() == links);
        for (const WiringLink& link : graph.links) {
            REQUIRE((link.a >= 0 && link.a < link.b && link.b < graph.nodes() && link.dimension < graph.dimensions));
        }
        const int source = random.below(graph.cards);
        const std::vector<int> hops = hops_from(graph, source);
        for (int target = 0; target < graph.cards; ++target) {
            int expected = 0;
            int stride = 1;
            for (const WiringGraph& part : parts) {
                const std::vector<int> inside = hops_from(part, source / stride % part.cards);
                expected += inside[static_cast<std::size_t>(target / stride % part.cards)];
                stride *= part.cards;
            }
            REQUIRE(hops[static_cast<std::size_t>(target)] == expected);
        }
    }
}
