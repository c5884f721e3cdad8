// Closed forms on wirings where they can be derived by hand: links of 50 GB/s (20 ps a byte), 500 ns a hop.

#include "interconnect/analytic/load_model.h"
#include "interconnect/collective/executor.h"
#include "interconnect/collective/make_schedule.h"
#include "interconnect/topology/build.h"
#include "tests/support/reference_clusters.h"
#include "tests/unit/collective/fixed_transport.h"

#include <catch2/catch.hpp>

using namespace myriad;

namespace {

struct System {
    Topology topology;
    std::unique_ptr<Router> router;
    explicit System(const ClusterConfig& config)
        : topology(build_topology(config)), router(make_router(topology, routing_of(config))) {}
    System(WiringRecipe recipe, int cards)
        : System(reference::one_server(reference::ppu_server(cards, WiringConfig{recipe, cards, {}}))) {}

    Picoseconds time(CollectiveOp op, CollectiveAlgorithm algorithm, Bytes size, const SiblingGroups& groups,
                     const std::vector<int>& hierarchy = {}) {
        const auto schedule = make_schedule(op, algorithm, static_cast<int>(groups[0].size()), hierarchy);
        return analytic_collective_time(topology, *router, *schedule, size, groups);
    }
};

std::vector<CardId> cards(int count, int first = 0, int stride = 1) {
    std::vector<CardId> list;
    for (int c = 0; c < count; ++c) {
        list.push_back(CardId{static_cast<std::uint32_t>(first + c * stride)});
    }
    return list;
}

std::vector<Bytes> collective_bytes(System& system, const Schedule& schedule, Bytes size, int ranks) {
    LoadModel model(system.topology, *system.router);
    std::vector<Bytes> bytes(model.links());
    model.add_collective_bytes(schedule, size, cards(ranks), 1, bytes);
    return bytes;
}

}  // namespace

TEST_CASE("a ring all-reduce without contention takes 2(n-1)(S/(nB) + alpha)") {
    System mesh(WiringRecipe::full_mesh, 8);
    // 1,000,000 bytes a step: 20 us + 0.5 us, 14 steps.
    CHECK(mesh.time(CollectiveOp::all_reduce, CollectiveAlgorithm::ring, Bytes{8'000'000}, {cards(8)}) ==
          ns(14 * 20'500));
    System ring(WiringRecipe::ring, 1024);
    // 1 GiB: 2^20 bytes a step, times 20 ps.
    CHECK(ring.time(CollectiveOp::all_reduce, CollectiveAlgorithm::ring, Bytes{1 << 30}, {cards(1024)}) ==
          2046 * (ps(20 * (1 << 20)) + ns(500)));
}

TEST_CASE("direct on a full mesh takes 2(S/(nb) + alpha)") {
    System mesh(WiringRecipe::full_mesh, 8);
    CHECK(mesh.time(CollectiveOp::all_reduce, CollectiveAlgorithm::direct, Bytes{8'000'000}, {cards(8)}) ==
          ns(2 * 20'500));
}

TEST_CASE("a size that does not divide is rounded up once a step") {
    System mesh(WiringRecipe::full_mesh, 3);
    // 3 links of 50 GB/s, 1,001 bytes: chunks of 333, 334 and 334 bytes; 334 bytes take 6,680 ps.
    CHECK(mesh.time(CollectiveOp::all_gather, CollectiveAlgorithm::direct, Bytes{1'001}, {cards(3)}) ==
          ps(6'680) + ns(500));
}

TEST_CASE("the formula is what the executor does on a full mesh, for every schedule") {
    // Every pair has its own link, so no model of contention is involved.
    constexpr CollectiveOp kOps[] = {CollectiveOp::all_reduce, CollectiveOp::all_gather, CollectiveOp::reduce_scatter,
                                     CollectiveOp::all_to_all, CollectiveOp::broadcast};
    constexpr CollectiveAlgorithm kAlgorithms[] = {CollectiveAlgorithm::ring, CollectiveAlgorithm::direct,
                                                   CollectiveAlgorithm::halving_doubling,
                                                   CollectiveAlgorithm::hierarchical};
    System mesh(WiringRecipe::full_mesh, 8);
    for (const CollectiveOp op : kOps) {
        for (const CollectiveAlgorithm algorithm : kAlgorithms) {
            const auto schedule = make_schedule(op, algorithm, 8, {4, 2});
            const auto executed = [&](Bytes size) {
                FixedTransport transport(PortModel::per_pair, BytesPerSecond{50'000'000'000}, ns(500));
                CollectiveExecutor executor(cards(8), transport);
                for (int rank = 0; rank < 8; ++rank) {
                    executor.start(rank, *schedule, size, {});
                }
                transport.run();
                return transport.now();
            };
            CAPTURE(name_of(op), name_of(algorithm));
            // 56 pieces of the chain and 8 chunks both divide it.
            const Bytes even{56 * 10'000};
            CHECK(mesh.time(op, algorithm, even, {cards(8)}, {4, 2}) == executed(even));
            // Else the formula takes the largest transfer of each step: at most a byte of 20 ps above.
            const Bytes odd{56 * 10'000 + 3};
            const Picoseconds above = mesh.time(op, algorithm, odd, {cards(8)}, {4, 2}) - executed(odd);
            CHECK(above >= Picoseconds{0});
            CHECK(above <= ps(20) * schedule->steps());
        }
    }
}

TEST_CASE("transfers that share a link share its bandwidth") {
    // Direct over a ring of 4: 0 -> 1 carries its own part, half of 0 -> 2 (the other half goes by 3) and half of
    // 3 -> 1: two parts in all. The two-hop transfers add a hop: 2 x 1,000 x 20 ps + 2 x 500 ns.
    System ring(WiringRecipe::ring, 4);
    CHECK(ring.time(CollectiveOp::all_gather, CollectiveAlgorithm::direct, Bytes{4'000}, {cards(4)}) ==
          ns(40) + ns(1000));
}

TEST_CASE("sibling groups count together") {
    // {0, 2} alone sends half of its part over each side: 500 bytes on a link. {1, 3} puts another 500 on each.
    System ring(WiringRecipe::ring, 4);
    const auto time = [&](const SiblingGroups& groups) {
        return ring.time(CollectiveOp::all_gather, CollectiveAlgorithm::direct, Bytes{2'000}, groups);
    };
    CHECK(time({cards(2, 0, 2)}) == ns(10) + ns(1000));
    CHECK(time({cards(2, 0, 2), cards(2, 1, 2)}) == ns(20) + ns(1000));
}

TEST_CASE("a switch serialises what a card sends to all others") {
    // 8 cards, 7 links of 50 GB/s bonded to the switch: 7 parts of 1,000,000 bytes through 350 GB/s take 20 us. Each
    // of the two hops has a link's 500 ns, the switch adds 100 ns.
    System star(WiringRecipe::icn_switch, 8);
    CHECK(star.time(CollectiveOp::all_to_all, CollectiveAlgorithm::direct, Bytes{8'000'000}, {cards(8)}) ==
          us(20) + ns(500 + 500 + 100));
}

TEST_CASE("a message is spread over its routes") {
    System grid(reference::one_server(reference::ppu_server(16, reference::k4_by_k4())));
    LoadModel model(grid.topology, *grid.router);
    // Neighbours: one link. 0 -> 5 by card 1 or by card 4: half of the size on each, two hops.
    CHECK(model.message_time(CardId{0}, CardId{1}, Bytes{100'000}) == us(2) + ns(500));
    CHECK(model.message_time(CardId{0}, CardId{5}, Bytes{100'000}) == us(1) + ns(1000));
    CHECK(model.message_time(CardId{0}, CardId{5}, Bytes{0}) == ns(1000));
    // An odd byte makes one share larger: 50,001 bytes of 20 ps.
    CHECK(model.message_time(CardId{0}, CardId{5}, Bytes{100'001}) == ps(50'001 * 20) + ns(1000));
    // Nothing of the first messages is left over.
    CHECK(model.message_time(CardId{0}, CardId{1}, Bytes{100'000}) == us(2) + ns(500));
}

TEST_CASE("links carry what the schedule sends") {
    System mesh(WiringRecipe::full_mesh, 4);
    const auto total = [](const std::vector<Bytes>& links) {
        Bytes sum;
        for (const Bytes bytes : links) {
            sum += bytes;
        }
        return sum;
    };
    // Each of 4 ranks sends 2 x 3/4 of the size to its next neighbour and nothing to others.
    const auto ring = make_schedule(CollectiveOp::all_reduce, CollectiveAlgorithm::ring, 4);
    const std::vector<Bytes> ring_bytes = collective_bytes(mesh, *ring, Bytes{4'000}, 4);
    CHECK(std::count(ring_bytes.begin(), ring_bytes.end(), Bytes{6'000}) == 4);
    CHECK(std::count(ring_bytes.begin(), ring_bytes.end(), Bytes{0}) == 8);
    // Direct: a quarter on each of the 12 directions, twice.
    const auto direct = make_schedule(CollectiveOp::all_reduce, CollectiveAlgorithm::direct, 4);
    const std::vector<Bytes> direct_bytes = collective_bytes(mesh, *direct, Bytes{4'000}, 4);
    CHECK(std::count(direct_bytes.begin(), direct_bytes.end(), Bytes{2'000}) == 12);
    // A chain: the whole size on each of 3 hops.
    const auto chain = make_schedule(CollectiveOp::broadcast, CollectiveAlgorithm::ring, 4, {}, 2);
    CHECK(total(collective_bytes(mesh, *chain, Bytes{4'001}, 4)) == Bytes{3 * 4'001});
}

TEST_CASE("the hierarchical all-reduce over 16,384 cards is bounded by its network ports") {
    ClusterConfig config = reference::ppu_cluster(1024);
    config.routing = FabricRouting::spread;
    System cluster(config);
    const Bytes size{1 << 30};
    const Picoseconds time =
        cluster.time(CollectiveOp::all_reduce, CollectiveAlgorithm::hierarchical, size, {cards(16384)}, {4, 4, 1024});
    // Rows, then columns inside a server: S/4 and S/16 over a link of 50 GB/s, each twice.
    const Picoseconds inside = 2 * (ps(20LL << 28) + ps(20LL << 26) + ns(1000));
    // Outside: S/16 (1 - 1/1024) each way through half of a NIC of 50 GB/s.
    const Picoseconds outside = 2 * ps(40LL * ((1 << 26) - (1 << 16)));
    CHECK(time > inside + outside);
    // Never more than all of the latencies and a fabric that two flows share everywhere.
    CHECK(time < inside + 2 * outside + us(2 * 10 * 10));
}
