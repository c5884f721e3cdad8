// Rules of routing and dead links, at packet level and by the formula.

#include "interconnect/routing/path.h"
#include "sim/process/children.h"
#include "tests/support/systems.h"

#include <catch2/catch.hpp>

#include <functional>
#include <sstream>

using namespace myriad;
using namespace myriad::test;

namespace {

constexpr BytesPerSecond kLink{50'000'000'000};

ClusterChange dead(const char* link) {
    ClusterChange change{ChangeTarget::link, link};
    change.down = true;
    return change;
}

ClusterConfig ring_server(int cards) { return icn_server(WiringRecipe::ring, cards, kLink, ns(500)); }

// Four servers of one card and one NIC with two ports, all on one switch.
ClusterConfig two_port_servers(int servers) {
    ClusterConfig cluster = icn_server(WiringRecipe::full_mesh, 1, kLink, ns(500));
    cluster.servers = servers;
    cluster.server.nics = {1, 2, BytesPerSecond{25'000'000'000}, ns(500)};
    cluster.fabric.name = "one";
    cluster.fabric.recipe = FabricRecipe::one_switch;
    cluster.fabric.link_latency = ns(500);
    return cluster;
}

struct Times {
    double packet = 0.0;
    double formula = 0.0;
};

// In a process of its own, because SystemC elaborates once in each.
Times apart(const std::function<Times()>& measure) {
    const auto results = run_children(1, [&](std::size_t) {
        const Times times = measure();
        return std::to_string(times.packet) + " " + std::to_string(times.formula);
    });
    INFO(results[0].reason);
    REQUIRE(results[0].succeeded());
    Times times;
    std::istringstream(results[0].payload) >> times.packet >> times.formula;
    return times;
}

Times all_reduce_here(const ClusterConfig& cluster, CollectiveAlgorithm algorithm, Bytes size) {
    AllLevels levels(cluster, Bytes{65'536});
    const CommunicatorSpec spec = world_spec(levels.packet.topology(), algorithm);
    const CollectiveCall call{CollectiveOp::all_reduce, size};
    const CommunicatorId packet = levels.packet.network().create_communicator(spec);
    const CommunicatorId analytic = levels.analytic.network().create_communicator(spec);
    return {static_cast<double>(collective_time(levels.packet, packet, call).count()),
            static_cast<double>(collective_time(levels.analytic, analytic, call).count())};
}
Times all_reduce(const ClusterConfig& cluster, CollectiveAlgorithm algorithm, Bytes size) {
    return apart([&] { return all_reduce_here(cluster, algorithm, size); });
}

}  // namespace

// A ring of n with a dead link: the transfer over it goes the other way round, n - 1 hops instead of one, over links
// that the ring itself does not use in that direction. Bandwidth is as before; only latencies grow. A rank goes on
// when its own part is there: what goes round passes the detour every n steps, so twice in 2 (n - 1) steps, which costs
// 2 (n - 2) L in all, at both levels.
TEST_CASE("a ring all-reduce around a dead link finishes the other way round") {
    constexpr int kCards = 8;
    ClusterConfig cluster = ring_server(kCards);
    cluster.changes = {dead("server0.card2-server0.card3")};
    const Bytes size{std::int64_t{8} << 20};  // chunks of 1 MiB: 20,971.52 ns at 50 GB/s
    const Times times = all_reduce(cluster, CollectiveAlgorithm::ring, size);
    const double latency = 500'000.0;
    const double chunk = 1'048'576.0 / 50e9 * 1e12;
    const double expected = 14 * (latency + chunk) + 2 * 6 * latency;
    CHECK(times.formula == Approx(expected).epsilon(1e-6));
    CHECK(times.packet == Approx(expected).epsilon(1e-6));
}

// A full mesh of n cards, every pair at once, with the link of one pair dead: that pair's transfer goes over the n - 2
// cards between in equal shares, so each of their links carries 1 + 1 / (n - 2) chunks: 1.5 times as long for n = 4, at
// both levels but for the latency of the second hop.
TEST_CASE("a full mesh around a dead link is slower by the share that its links take over") {
    const Bytes size{std::int64_t{256} << 20};
    const ClusterConfig whole = icn_server(WiringRecipe::full_mesh, 4, kLink, ns(500));
    ClusterConfig broken = whole;
    broken.changes = {dead("server0.card0-server0.card1")};
    const Times before = all_reduce(whole, CollectiveAlgorithm::direct, size);
    const Times after = all_reduce(broken, CollectiveAlgorithm::direct, size);
    CHECK(after.formula / before.formula == Approx(1.5).epsilon(0.001));
    CHECK(after.packet / before.packet == Approx(1.5).epsilon(0.005));
}

// A NIC that has lost one of two ports sends and receives at half its rate, and a ring waits for its slowest member.
TEST_CASE("a ring over NICs of two ports takes twice as long when one port is dead") {
    const Bytes size{std::int64_t{256} << 20};
    const ClusterConfig whole = two_port_servers(4);
    ClusterConfig broken = whole;
    broken.changes = {dead("server1.nic0-switch0#1")};
    const Times before = all_reduce(whole, CollectiveAlgorithm::ring, size);
    const Times after = all_reduce(broken, CollectiveAlgorithm::ring, size);
    CHECK(after.formula / before.formula == Approx(2.0).epsilon(0.005));
    CHECK(after.packet / before.packet == Approx(2.0).epsilon(0.005));
}

TEST_CASE("a link at half its bandwidth makes a ring take twice as long") {
    const Bytes size{std::int64_t{256} << 20};
    ClusterConfig slow = ring_server(4);
    const Times before = all_reduce(slow, CollectiveAlgorithm::ring, size);
    ClusterChange change{ChangeTarget::link, "server0.card1-server0.card2"};
    change.bandwidth_factor = 0.5;
    slow.changes = {change};
    const Times after = all_reduce(slow, CollectiveAlgorithm::ring, size);
    CHECK(after.formula / before.formula == Approx(2.0).epsilon(0.001));
    // By packets the parts that do not cross the slow link run ahead of it; all still cross it in turn.
    CHECK(after.packet / before.packet == Approx(2.0).epsilon(0.005));
}

namespace {

ClusterConfig clos(FabricRouting rule, int spines) {
    ClusterConfig cluster = icn_server(WiringRecipe::full_mesh, 1, kLink, ns(500));
    cluster.servers = 8;
    cluster.server.nics = {1, 1, BytesPerSecond{25'000'000'000}, ns(500)};
    cluster.fabric.name = "clos";
    cluster.fabric.recipe = FabricRecipe::clos2;
    cluster.fabric.link_latency = ns(500);
    cluster.fabric.switch_latency = ns(300);
    cluster.fabric.uplink = BytesPerSecond{25'000'000'000};
    cluster.fabric.leaf_down = 4;
    cluster.fabric.spines = spines;
    cluster.routing = rule;
    return cluster;
}

// One message from server 0 to server 4 (another leaf), with nothing else under way.
Times one_message_here(const ClusterConfig& cluster, Bytes size) {
    AllLevels levels(cluster, Bytes{4'096});
    const auto time = [&](Platform& platform) {
        Finishes finishes(platform);
        platform.network().receive(card(4), card(0), 7, finishes.expect());
        platform.network().send(card(0), card(4), size, 7, {});
        platform.run();
        return static_cast<double>(finishes.last().time_since_epoch().count());
    };
    return {time(levels.packet), time(levels.analytic)};
}
Times one_message(const ClusterConfig& cluster, Bytes size) {
    return apart([&] { return one_message_here(cluster, size); });
}

}  // namespace

// Up-links are as fast as the port, so however the message is cut the port is the bottleneck, and all paths are equally
// long: the time is the same for every rule, size / 25 GB/s + latency, to the picoseconds that shares are rounded by.
TEST_CASE("alone on the network a message takes the same by every rule of the fabric, at both levels") {
    const Bytes size{1'000'000};
    const Times ecmp = one_message(clos(FabricRouting::ecmp, 4), size);
    for (const FabricRouting rule :
         {FabricRouting::ecmp, FabricRouting::spread, FabricRouting::first, FabricRouting::shortest,
          FabricRouting::spray, FabricRouting::adaptive, FabricRouting::dimension_order}) {
        const Times times = one_message(clos(rule, 4), size);
        CAPTURE(static_cast<int>(rule));
        CHECK(times.packet == Approx(ecmp.packet).epsilon(1e-3));
        CHECK(times.formula == Approx(times.packet).epsilon(1e-3));
    }
}

namespace {

// Servers 0 to 3 of one leaf each send `size` to servers 4 to 7 of the other, at packet level.
double four_flows(const ClusterConfig& cluster, Bytes size) {
    return apart([&] {
               auto& system = *new PacketSystem(cluster, reference::round_chip(), {Bytes{4'096}});
               static auto* const kept = &system;  // modules are never taken apart
               kept->elaborate();
               Finishes finishes(*kept);
               for (int server = 0; server < 4; ++server) {
                   kept->network().receive(card(server + 4), card(server), 7, finishes.expect());
                   kept->network().send(card(server), card(server + 4), size, 7, {});
               }
               kept->run();
               return Times{static_cast<double>(finishes.last().time_since_epoch().count()), 0.0};
           })
        .packet;
}

// One of the four up-links of the senders' leaf at a quarter of its bandwidth.
ClusterConfig with_a_slow_up_link(ClusterConfig cluster) {
    ClusterChange slow{ChangeTarget::link, "leaf0-spine1"};
    slow.bandwidth_factor = 0.25;
    cluster.changes = {slow};
    return cluster;
}

}  // namespace

// Four up-links, each as fast as a port. All on the first of them, four flows take four times as long as one alone; dealt
// over all of them packet by packet, as long as one alone, give or take the few packets that meet in a queue.
TEST_CASE("packets that choose their way share up-links that flows would collide on") {
    const Bytes size{std::int64_t{16} << 20};
    const double alone = one_message(clos(FabricRouting::first, 4), size).packet;
    CHECK(four_flows(clos(FabricRouting::first, 4), size) / alone == Approx(4.0).epsilon(0.01));
    CHECK(four_flows(clos(FabricRouting::spray, 4), size) / alone == Approx(1.0).epsilon(0.01));
    CHECK(four_flows(clos(FabricRouting::adaptive, 4), size) / alone == Approx(1.0).epsilon(0.01));
}

// In turn, a quarter of all packets takes the slow link: 4 S / 4 over a quarter of B, four times as long as alone. By
// queue the links get what they can carry: 4 S over 3.25 B, 1.23 times as long.
TEST_CASE("adaptive routing goes around a slow link, spraying does not") {
    const Bytes size{std::int64_t{16} << 20};
    const double alone = one_message(clos(FabricRouting::first, 4), size).packet;
    CHECK(four_flows(with_a_slow_up_link(clos(FabricRouting::spray, 4)), size) / alone == Approx(4.0).epsilon(0.01));
    CHECK(four_flows(with_a_slow_up_link(clos(FabricRouting::adaptive, 4)), size) / alone ==
          Approx(4 / 3.25).epsilon(0.02));
}
