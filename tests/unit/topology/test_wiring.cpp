// In-server wiring: shapes, degrees, port order, bandwidth of a link.

#include "interconnect/topology/build.h"
#include "interconnect/topology/wiring.h"
#include "sim/error/error.h"
#include "tests/unit/topology/clusters.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

using namespace myriad;
using namespace myriad::test;

namespace {

std::vector<int> neighbours(const Topology& topology, int card) {
    std::vector<int> list;
    const NodeId node = topology.cards[static_cast<std::size_t>(card)];
    for (std::size_t port = 0; port < topology.nodes[index(node)].ports.size(); ++port) {
        const NodeId to = step_over(topology, node, static_cast<std::uint16_t>(port)).to;
        const auto found = std::find(topology.cards.begin(), topology.cards.end(), to);
        if (found != topology.cards.end()) {
            list.push_back(static_cast<int>(found - topology.cards.begin()));
        }
    }
    return list;
}

std::string error_of(const ClusterConfig& config) {
    try {
        (void)build_topology(config);
    } catch (const UserError& error) {
        return error.diagnostics().front().message;
    }
    return "no error";
}

}  // namespace

TEST_CASE("a full mesh joins every pair once and its ports follow the neighbours") {
    const Topology topology = build_topology(one_server(simple(WiringRecipe::full_mesh, 8), 8));
    CHECK(topology.edges.size() == 28);  // 8 * 7 / 2
    CHECK(neighbours(topology, 0) == std::vector<int>{1, 2, 3, 4, 5, 6, 7});
    CHECK(neighbours(topology, 3) == std::vector<int>{0, 1, 2, 4, 5, 6, 7});
    CHECK(topology.server_hierarchy == std::vector<int>{8});
}

TEST_CASE("a ring joins neighbours, and a ring of two is one link") {
    const Topology ring = build_topology(one_server(simple(WiringRecipe::ring, 5), 5));
    CHECK(ring.edges.size() == 5);
    CHECK(neighbours(ring, 0) == std::vector<int>{1, 4});
    CHECK(neighbours(ring, 4) == std::vector<int>{3, 0});
    CHECK(build_topology(one_server(simple(WiringRecipe::ring, 2), 2)).edges.size() == 1);
    CHECK(build_topology(one_server(simple(WiringRecipe::ring, 1), 1)).edges.empty());
}

TEST_CASE("K4 x K4 joins row quads and column quads") {
    const Topology topology = build_topology(one_server(k4_k4(), 16));
    // 16 cards of degree 3 + 3: 16 * 6 / 2 links.
    CHECK(topology.edges.size() == 48);
    // Card 5 is row 1, column 1: its row is 4..7, its column 1, 5, 9, 13. The row comes first (innermost factor).
    CHECK(neighbours(topology, 5) == std::vector<int>{4, 6, 7, 1, 9, 13});
    CHECK(topology.server_hierarchy == std::vector<int>{4, 4});
}

TEST_CASE("matched quads have the adjacency of the published board") {
    const Topology topology = build_topology(one_server(simple(WiringRecipe::matched_quads, 8), 8));
    // The pairs that the published matrix shows at the bandwidth of one link.
    std::set<std::pair<int, int>> one_link{{0, 6}, {1, 7}, {2, 4}, {3, 5}};
    for (const int quad : {0, 4}) {
        for (int a = 0; a < 4; ++a) {
            for (int b = a + 1; b < 4; ++b) {
                one_link.insert({quad + a, quad + b});
            }
        }
    }
    std::set<std::pair<int, int>> built;
    for (int card = 0; card < 8; ++card) {
        for (const int other : neighbours(topology, card)) {
            built.insert(std::minmax(card, other));
        }
        CHECK(neighbours(topology, card).size() == 4);
    }
    CHECK(built == one_link);
    CHECK(topology.edges.size() == 16);
}

TEST_CASE("a switch takes all links of a card in one bond") {
    const Topology topology = build_topology(one_server(simple(WiringRecipe::icn_switch, 8), 8));
    CHECK(topology.nodes.size() == 9);
    CHECK(topology.nodes[8].kind == NodeKind::icn_switch);
    CHECK(topology.edges.size() == 8);
    const LinkClass& bond = class_of(topology, EdgeId{0});
    CHECK(bond.bandwidth == BytesPerSecond{350'000'000'000});  // 7 * 50 GB/s
    CHECK(bond.bonded == 7);
    // Into the switch: the link and the switch; out of it: the link.
    CHECK(latency_of(topology, {EdgeId{0}, 0}) == ns(125));
    CHECK(latency_of(topology, {EdgeId{0}, 1}) == ns(100));
}

TEST_CASE("a divided budget spreads the chip's total over the links used") {
    ClusterConfig config = one_server(k4_k4(), 16);
    CHECK(class_of(build_topology(config), EdgeId{0}).bandwidth == BytesPerSecond{50'000'000'000});
    config.server.link_budget = LinkBudget::divided;
    // 7 * 50 GB/s over 6 links, floor: 58,333,333,333.3
    CHECK(class_of(build_topology(config), EdgeId{0}).bandwidth == BytesPerSecond{58'333'333'333});
    config.server.links.efficiency = 0.96;
    CHECK(class_of(build_topology(config), EdgeId{0}).bandwidth == BytesPerSecond{56'000'000'000});
    config.server.link_budget = LinkBudget::fixed;
    CHECK(class_of(build_topology(config), EdgeId{0}).bandwidth == BytesPerSecond{48'000'000'000});
}

TEST_CASE("a divided budget allows more links than the chip has") {
    ClusterConfig config = one_server(simple(WiringRecipe::full_mesh, 16), 16);
    config.server.link_budget = LinkBudget::divided;
    // 350 GB/s over 15 links: 23,333,333,333.3
    CHECK(class_of(build_topology(config), EdgeId{0}).bandwidth == BytesPerSecond{23'333'333'333});
}

TEST_CASE("wiring that does not fit is refused with what was expected") {
    CHECK(error_of(one_server(simple(WiringRecipe::full_mesh, 16), 16)) ==
          "server 'server': wiring full_mesh of 16 needs 15 links a card, but the chip has 7");
    CHECK(error_of(one_server(k4_k4(), 8)) ==
          "server 'server': wiring product of full_mesh of 4 and full_mesh of 4 joins 16 cards, but the server has 8");
    WiringConfig sized = k4_k4();
    sized.size = 12;
    CHECK(error_of(one_server(sized, 12)) ==
          "server 'server': wiring product of full_mesh of 4 and full_mesh of 4 has 16 cards, but its size is given "
          "as 12");
    CHECK(error_of(one_server(simple(WiringRecipe::ring, 0), 0)) ==
          "server 'server': wiring ring of 0: expected 1 to 16384 cards");
    CHECK(error_of(one_server(simple(WiringRecipe::matched_quads, 16), 16)) ==
          "server 'server': wiring matched_quads joins 8 cards, not 16");
    CHECK(error_of(one_server(product_of({}), 16)) ==
          "server 'server': wiring product needs factors, for example two full meshes of 4");
    CHECK(error_of(one_server(product_of({simple(WiringRecipe::icn_switch, 4)}), 4)) ==
          "server 'server': wiring icn_switch inside of product needs 'links'; by itself it takes all links of a card");
    ClusterConfig linkless = one_server(simple(WiringRecipe::icn_switch, 4), 4);
    linkless.server.links.links = 0;
    CHECK(error_of(linkless) ==
          "server 'server': wiring icn_switch of 4 needs links, but the chip has 0 of 50000000000 B/s");
    ClusterConfig slow = one_server(simple(WiringRecipe::full_mesh, 8), 8);
    slow.server.links.per_link = BytesPerSecond{0};
    CHECK(error_of(slow) == "server 'server': wiring full_mesh of 8 needs links, but the chip has 7 of 0 B/s");
    slow.server.links.per_link = BytesPerSecond{1};
    slow.server.links.efficiency = 0.1;
    CHECK(error_of(slow) == "server 'server': wiring full_mesh of 8 leaves less than 1 B/s for a link");
    slow.server.links.latency = ns(-1);
    CHECK(error_of(slow) == "server 'server': ICN links with a latency that is not between 0 and 1 s");
}

TEST_CASE("products of random factors have the degrees and sizes of a Cartesian product") {
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        INFO("seed " << seed);
        Lcg random(seed);
        const WiringConfig config = random_product(random);
        const WiringGraph graph = wire(config, "test", 7);
        // Links of a product: for each factor its links, once for each setting of the others.
        std::size_t expected = 0;
        int degree = 0;
        int cards = 1;
        for (const WiringConfig& factor : config.factors) {
            cards *= factor.size;
        }
        for (const WiringConfig& factor : config.factors) {
            const bool mesh = factor.recipe == WiringRecipe::full_mesh;
            const int factor_degree = mesh ? factor.size - 1 : std::min(factor.size - 1, 2);
            degree += factor_degree;
            expected += static_cast<std::size_t>(factor.size * factor_degree / 2 * (cards / factor.size));
        }
        CHECK(graph.cards == cards);
        CHECK(graph.links.size() == expected);
        CHECK(graph.links_per_card() == degree);
        std::set<std::pair<int, int>> distinct;
        std::vector<int> seen(static_cast<std::size_t>(cards), 0);
        for (const WiringLink& link : graph.links) {
            CHECK(link.a < link.b);
            CHECK(distinct.emplace(link.a, link.b).second);
            ++seen[static_cast<std::size_t>(link.a)];
            ++seen[static_cast<std::size_t>(link.b)];
        }
        CHECK(std::all_of(seen.begin(), seen.end(), [&](int d) { return d == degree; }));
    }
}
