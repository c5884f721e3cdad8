// Rings that share no link, found from the wiring.

#include "interconnect/collective/rings.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

using namespace myriad;

namespace {

using Links = std::vector<std::pair<int, int>>;

Topology cards_joined_by(int count, const Links& links) {
    Topology topology;
    topology.link_classes.push_back({"icn", BytesPerSecond{1}, ns(1)});
    for (int card = 0; card < count; ++card) {
        topology.cards.push_back(NodeId{static_cast<std::uint32_t>(card)});
        topology.nodes.push_back({.kind = NodeKind::card, .server = 0});
    }
    for (const auto& [a, b] : links) {
        const EdgeId edge{static_cast<std::uint32_t>(topology.edges.size())};
        topology.edges.push_back(
            {.a = NodeId{static_cast<std::uint32_t>(a)}, .b = NodeId{static_cast<std::uint32_t>(b)}});
        topology.nodes[static_cast<std::size_t>(a)].ports.push_back(edge);
        topology.nodes[static_cast<std::size_t>(b)].ports.push_back(edge);
    }
    return topology;
}

// Cards x + width * y, joined where the coordinate of one dimension is the same and `joined` says so of the other.
template <class Joined>
Links grid(int width, int height, Joined&& joined) {
    Links links;
    for (int a = 0; a < width * height; ++a) {
        for (int b = 0; b < a; ++b) {
            const bool row = a / width == b / width && joined(a % width, b % width, width);
            const bool column = a % width == b % width && joined(a / width, b / width, height);
            if (row || column) {
                links.emplace_back(a, b);
            }
        }
    }
    return links;
}

bool any_pair(int, int, int) { return true; }
bool neighbours(int a, int b, int n) { return (a + 1) % n == b || (b + 1) % n == a; }

std::vector<std::vector<int>> rings_of(int count, const Links& links) {
    const Topology topology = cards_joined_by(count, links);
    std::vector<CardId> cards;
    for (int card = 0; card < count; ++card) {
        cards.push_back(CardId{static_cast<std::uint32_t>(card)});
    }
    const auto rings = edge_disjoint_rings(topology, cards);
    std::set<std::pair<int, int>> left;
    for (const auto& [a, b] : links) {
        left.insert(std::minmax(a, b));
    }
    for (const std::vector<int>& ring : rings) {
        CHECK(std::set<int>(ring.begin(), ring.end()).size() == static_cast<std::size_t>(count));
        CHECK(ring.size() == static_cast<std::size_t>(count));
        for (std::size_t i = 0; i < ring.size(); ++i) {
            // Each hop takes a link that exists and that no other hop has taken.
            CHECK(left.erase(std::minmax(ring[i], ring[(i + 1) % ring.size()])) == 1);
        }
    }
    return rings;
}

}  // namespace

TEST_CASE("a full mesh has (n - 1) / 2 rings, or n / 2 - 1") {
    for (int n = 3; n <= 17; ++n) {
        CHECK(rings_of(n, grid(n, 1, any_pair)).size() == static_cast<std::size_t>((n - 1) / 2));
    }
    CHECK(rings_of(64, grid(64, 1, any_pair)).size() == 31);
}

TEST_CASE("K4 x K4 has three rings, one for each two links of a card") {
    CHECK(rings_of(16, grid(4, 4, any_pair)).size() == 3);
}

TEST_CASE("tori of two dimensions have two rings") {
    CHECK(rings_of(9, grid(3, 3, neighbours)).size() == 2);
    CHECK(rings_of(16, grid(4, 4, neighbours)).size() == 2);  // also the hypercube of 16
    CHECK(rings_of(20, grid(5, 4, neighbours)).size() == 2);
    CHECK(rings_of(64, grid(8, 8, neighbours)).size() == 2);
}

TEST_CASE("a ring has itself, a line or a star nothing") {
    CHECK(rings_of(6, {{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 5}, {5, 0}}).size() == 1);
    CHECK(rings_of(4, {{0, 1}, {1, 2}, {2, 3}}).empty());
    CHECK(rings_of(2, {{0, 1}}).empty());
}
