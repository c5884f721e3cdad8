// Same input, same picoseconds: whatever the order of construction, however often. Each system runs in a child
// process, because SystemC elaborates once a process.

#include "sim/process/children.h"
#include "tests/support/systems.h"

#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <map>

using namespace myriad;
using namespace myriad::test;

namespace {

constexpr CollectiveOp kOps[] = {CollectiveOp::all_reduce, CollectiveOp::all_gather, CollectiveOp::reduce_scatter,
                                 CollectiveOp::all_to_all, CollectiveOp::broadcast};

// Everything that a run can tell: when each rank ended each collective, each message and each kernel, and what every
// link has done.
std::string digest(const ClusterConfig& cluster, BuildOrder order) {
    PacketSystem system(cluster, reference::round_chip(), {Bytes{16'384}, order});
    system.elaborate();
    const auto cards = static_cast<int>(system.topology().cards.size());
    const CommunicatorId world =
        system.network().create_communicator(world_spec(system.topology(), CollectiveAlgorithm::automatic));
    Finishes finishes(system);
    Kernel kernel;
    kernel.work = Flop{1e8};
    for (const CollectiveOp op : kOps) {
        for (int rank = 0; rank < cards; ++rank) {
            system.network().collective(world, rank, {op, Bytes{1'000'003}}, finishes.expect());
            // Traffic that crosses the collective's, and work on the cards.
            const CardId to = card((rank * 7 + 5) % cards == rank ? (rank + 1) % cards : (rank * 7 + 5) % cards);
            system.network().send(card(rank), to, Bytes{50'000 + rank}, 3, finishes.expect());
            system.network().receive(to, card(rank), 3, finishes.expect());
            system.card(card(rank)).execute(kernel, finishes.expect());
        }
        system.run();
    }
    std::string text = finishes.all() ? "" : "unfinished\n";
    for (const TimePoint time : finishes.at) {
        text += fmt::format("{}\n", time.time_since_epoch().count());
    }
    for (const LinkUse& use : system.link_use()) {
        text += fmt::format("link {} {} {} {} {}\n", index(use.way.edge), use.way.direction, use.bytes.count(),
                            use.packets, use.backlog_max.count());
    }
    std::vector<std::string> held;
    system.check_laws(held);
    return text;
}

void check_same(const ClusterConfig& cluster) {
    const auto results = run_children(
        3, [&](std::size_t job) { return digest(cluster, job == 1 ? BuildOrder::reversed : BuildOrder::forward); });
    for (const ChildResult& result : results) {
        CAPTURE(result.reason, result.output);
        REQUIRE(result.succeeded());
    }
    CHECK(results[0].payload.size() > 1000);
    CHECK(results[0].payload.find("unfinished") == std::string::npos);
    CHECK(results[0].payload == results[1].payload);  // siblings built in reverse
    CHECK(results[0].payload == results[2].payload);  // the same again
}

ClusterConfig two_leaf_clos(std::uint64_t seed) {
    ClusterConfig cluster = reference::ppu_cluster(4);
    cluster.fabric = {};
    cluster.fabric.name = "clos";
    cluster.fabric.recipe = FabricRecipe::clos2;
    cluster.fabric.link_latency = ns(500);
    cluster.fabric.uplink = BytesPerSecond{50'000'000'000};
    cluster.fabric.leaf_down = 16;
    cluster.fabric.spines = 4;
    cluster.routing_seed = seed;
    return cluster;
}

}  // namespace

TEST_CASE("a ppu-16 gives the same picoseconds whatever the order of construction") {
    check_same(reference::one_server(reference::ppu_16()));
}

TEST_CASE("four servers on a fabric give the same picoseconds whatever the order of construction") {
    check_same(reference::ppu_cluster(4));
}

TEST_CASE("a Clos with hashed paths gives the same picoseconds whatever the order of construction") {
    check_same(two_leaf_clos(1));
}

TEST_CASE("another routing seed changes the choice among equal paths and nothing else") {
    // Bytes by link class and, for links inside servers and at NICs, by link.
    const auto bytes = [](std::uint64_t seed) {
        PacketSystem system(two_leaf_clos(seed), reference::round_chip(), {Bytes{16'384}});
        system.elaborate();
        Finishes finishes(system);
        for (int from = 0; from < 64; ++from) {
            const CardId to = card((from + 32) % 64);
            system.network().send(card(from), to, Bytes{1'000'000}, 0, finishes.expect());
            system.network().receive(to, card(from), 0, finishes.expect());
        }
        system.run();
        std::map<std::string, std::int64_t> total;
        std::string trunks;
        std::string rest;
        for (const LinkUse& use : system.link_use()) {
            const std::string& name = class_of(system.topology(), use.way.edge).name;
            total[name] += use.bytes.count();
            (name == "leaf_spine" ? trunks : rest) +=
                fmt::format("{}/{}: {}\n", index(use.way.edge), use.way.direction, use.bytes.count());
        }
        std::string sums;
        for (const auto& [name, sum] : total) {
            sums += fmt::format("{} {}\n", name, sum);
        }
        return sums + "|" + rest + "|" + trunks;
    };
    const auto results = run_children(2, [&](std::size_t job) { return bytes(job + 1); });
    REQUIRE(results[0].succeeded());
    REQUIRE(results[1].succeeded());
    const std::size_t trunks = results[0].payload.rfind('|');
    CHECK(results[0].payload.substr(0, trunks) == results[1].payload.substr(0, results[1].payload.rfind('|')));
    CHECK(results[0].payload != results[1].payload);
}
