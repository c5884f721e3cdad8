// Names, factors, and which algorithm `automatic` means.

#include "interconnect/collective/group_shape.h"
#include "interconnect/collective/make_schedule.h"

#include <catch2/catch.hpp>

using namespace myriad;

namespace {

using Op = CollectiveOp;
using Algorithm = CollectiveAlgorithm;

AlgorithmChoice choose(Op op, const GroupShape& shape) { return choose_algorithm(op, Algorithm::automatic, shape); }

// Servers of `per_server` cards joined as `links` says, a switch between servers that no card can reach by ICN.
Topology servers_of(int servers, int per_server, const std::vector<std::pair<int, int>>& links) {
    Topology topology;
    topology.servers = servers;
    topology.cards_per_server = per_server;
    topology.link_classes.push_back({"icn", BytesPerSecond{1}, ns(1)});
    for (int server = 0; server < servers; ++server) {
        for (int card = 0; card < per_server; ++card) {
            topology.cards.push_back(NodeId{static_cast<std::uint32_t>(topology.nodes.size())});
            topology.nodes.push_back({.kind = NodeKind::card, .server = server});
        }
        for (const auto& [a, b] : links) {
            const auto first = static_cast<std::uint32_t>(server * per_server);
            const EdgeId edge{static_cast<std::uint32_t>(topology.edges.size())};
            topology.edges.push_back({.a = NodeId{first + static_cast<std::uint32_t>(a)},
                                      .b = NodeId{first + static_cast<std::uint32_t>(b)}});
            topology.nodes[first + static_cast<std::size_t>(a)].ports.push_back(edge);
            topology.nodes[first + static_cast<std::size_t>(b)].ports.push_back(edge);
        }
    }
    return topology;
}

std::vector<CardId> cards(std::initializer_list<std::uint32_t> numbers) {
    std::vector<CardId> list;
    for (const std::uint32_t number : numbers) {
        list.push_back(CardId{number});
    }
    return list;
}

std::vector<CardId> first_cards(std::uint32_t count, std::uint32_t step = 1) {
    std::vector<CardId> list;
    for (std::uint32_t card = 0; card < count; ++card) {
        list.push_back(CardId{card * step});
    }
    return list;
}

std::vector<std::pair<int, int>> two_quads_by_matching() {
    std::vector<std::pair<int, int>> links;
    for (int quad = 0; quad < 2; ++quad) {
        for (int a = 0; a < 4; ++a) {
            for (int b = 0; b < a; ++b) {
                links.emplace_back(4 * quad + a, 4 * quad + b);
            }
        }
    }
    for (int card = 0; card < 4; ++card) {
        links.emplace_back(card, card + 4);
    }
    return links;
}

}  // namespace

TEST_CASE("collectives and algorithms have names") {
    CHECK(name_of(Op::all_reduce) == "all_reduce");
    CHECK(name_of(Op::all_to_all) == "all_to_all");
    CHECK(name_of(Algorithm::automatic) == "automatic");
    CHECK(name_of(Algorithm::halving_doubling) == "halving_doubling");
}

TEST_CASE("bus bandwidth factors are those of nccl-tests") {
    CHECK(bus_bandwidth_factor(Op::all_reduce, 8) == Approx(2 * 7 / 8.0));
    CHECK(bus_bandwidth_factor(Op::all_gather, 8) == Approx(7 / 8.0));
    CHECK(bus_bandwidth_factor(Op::reduce_scatter, 8) == Approx(7 / 8.0));
    CHECK(bus_bandwidth_factor(Op::all_to_all, 4) == Approx(3 / 4.0));
    CHECK(bus_bandwidth_factor(Op::broadcast, 8) == 1.0);
    CHECK(bus_bandwidth_factor(Op::reduce, 8) == 1.0);
    CHECK(bus_bandwidth_factor(Op::gather, 8) == Approx(7 / 8.0));
    CHECK(bus_bandwidth_factor(Op::scatter, 8) == Approx(7 / 8.0));
}

TEST_CASE("automatic takes what suits the group, and says so") {
    const GroupShape mesh{{8}, {Algorithm::direct}};
    CHECK(choose(Op::all_reduce, mesh).algorithm == Algorithm::direct);
    CHECK(choose(Op::all_reduce, mesh).reason ==
          "picked direct: each of the 8 ranks reaches every other without sharing a link");

    const GroupShape ring{{8}, {Algorithm::ring}};
    CHECK(choose(Op::all_reduce, ring).algorithm == Algorithm::ring);
    CHECK(choose(Op::all_to_all, ring).algorithm == Algorithm::direct);

    const GroupShape scattered{{1024}, {Algorithm::halving_doubling}};
    CHECK(choose(Op::all_gather, scattered).algorithm == Algorithm::halving_doubling);
    CHECK(choose(Op::broadcast, scattered).algorithm == Algorithm::ring);
    CHECK(choose(Op::reduce, scattered).algorithm == Algorithm::ring);
    CHECK(choose(Op::scatter, scattered).algorithm == Algorithm::direct);

    const GroupShape cluster{{4, 4, 1024}, {Algorithm::direct, Algorithm::direct, Algorithm::halving_doubling}};
    CHECK(choose(Op::all_reduce, cluster).algorithm == Algorithm::hierarchical);
    CHECK(choose(Op::all_reduce, cluster).reason ==
          "picked hierarchical 4x4x1024: direct in 4, direct in 4, "
          "halving_doubling in 1024, innermost first");

    // Straight to every peer, unless that is n (n - 1) messages too many.
    const GroupShape server{{4, 4}, {Algorithm::direct, Algorithm::direct}};
    CHECK(choose(Op::all_to_all, server).algorithm == Algorithm::direct);
    CHECK(choose(Op::all_to_all, cluster).algorithm == Algorithm::hierarchical);
}

TEST_CASE("a named algorithm is kept") {
    const AlgorithmChoice choice = choose_algorithm(Op::all_reduce, Algorithm::ring, {{8}, {Algorithm::direct}});
    CHECK(choice.algorithm == Algorithm::ring);
    CHECK(choice.reason.empty());
}

TEST_CASE("the shape of a group is read off the topology") {
    Topology topology = servers_of(4, 8, two_quads_by_matching());
    topology.server_hierarchy = {4, 2};

    const GroupShape server = shape_of_group(topology, first_cards(8));
    CHECK(server.hierarchy == std::vector<int>{4, 2});
    CHECK(server.per_dimension == std::vector{Algorithm::direct, Algorithm::direct});

    const GroupShape all = shape_of_group(topology, first_cards(32));
    CHECK(all.hierarchy == std::vector<int>{4, 2, 4});
    CHECK(all.per_dimension == std::vector{Algorithm::direct, Algorithm::direct, Algorithm::halving_doubling});

    // One quad, one card of each server, half of each server, and cards of unequal shares.
    CHECK(shape_of_group(topology, first_cards(4)).per_dimension == std::vector{Algorithm::direct});
    CHECK(shape_of_group(topology, first_cards(4, 8)).hierarchy == std::vector<int>{4});
    CHECK(shape_of_group(topology, first_cards(4, 8)).per_dimension == std::vector{Algorithm::halving_doubling});
    CHECK(shape_of_group(topology, cards({0, 1, 2, 3, 8, 9, 10, 11})).hierarchy == std::vector<int>{4, 2});
    CHECK(shape_of_group(topology, cards({0, 1, 8})).hierarchy == std::vector<int>{3});
    CHECK(shape_of_group(topology, cards({0, 8, 16})).per_dimension == std::vector{Algorithm::ring});
    CHECK(shape_of_group(topology, cards({5})).hierarchy == std::vector<int>{1});
}

TEST_CASE("a ring of cards suits the ring, a switch suits direct") {
    const Topology ring = servers_of(1, 6, {{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 5}, {5, 0}});
    CHECK(shape_of_group(ring, first_cards(6)).per_dimension == std::vector{Algorithm::ring});

    // Node 8 is a card only for the builder above: made a switch, it joins all others.
    Topology star = servers_of(1, 9, {{0, 8}, {1, 8}, {2, 8}, {3, 8}, {4, 8}, {5, 8}, {6, 8}, {7, 8}});
    star.nodes[8].kind = NodeKind::icn_switch;
    star.cards.pop_back();
    star.cards_per_server = 8;
    CHECK(shape_of_group(star, first_cards(8)).per_dimension == std::vector{Algorithm::direct});
}

TEST_CASE("a hierarchy of the user replaces the one found, and must fit") {
    const Topology topology = servers_of(2, 8, two_quads_by_matching());
    CHECK(shape_of_group(topology, first_cards(8), {2, 2, 2}).hierarchy == std::vector<int>{2, 2, 2});
    CHECK_THROWS_WITH(shape_of_group(topology, first_cards(8), {4, 4}),
                      Catch::Contains("hierarchy 4x4 does not make up the group of 8 ranks"));
}
