// 64 bytes from one card to another, against table 5 of "Insights into DeepSeek-V3" (ISCA 2025), H800 with 400 Gb/s
// NICs. What a spine adds sets the latency of a hop of each network; both rows on one leaf follow from the NIC and PCIe
// latencies of the server file, which are not fitted to them.

#include "app/config_files/load.h"
#include "interconnect/analytic/model_planner.h"
#include "interconnect/topology/build.h"

#include <catch2/catch.hpp>

#include <cmath>

using namespace myriad;

namespace {

double microseconds(const std::string& cluster, const Overrides& overrides, std::uint32_t from, std::uint32_t to,
                    const CollectiveLibrary& library = {}) {
    const ClusterConfig config = load_cluster(cluster, overrides).value.cluster;
    const Topology topology = build_topology(config);
    const auto router = make_router(topology, {config.routing, config.routing_seed});
    ModelPlanner planner(topology, *router, library);
    const CallCost cost = planner.message_cost(CardId{from}, CardId{to}, Bytes{64});
    const Picoseconds time = cost.start + planner.model().message_time(CardId{from}, CardId{to}, cost.wire(Bytes{64}));
    return static_cast<double>(time.count()) * 1e-6;
}

void within(double modelled, double measured, double share) {
    CAPTURE(modelled, measured, modelled / measured - 1.0);
    CHECK(std::abs(modelled / measured - 1.0) <= share);
}

}  // namespace

TEST_CASE("64 bytes over InfiniBand and RoCE, on one leaf and over a spine") {
    // Card 8 is in the second server, on the same leaf; card 32 is in the fifth, on the other.
    within(microseconds("h800-64-ib", {}, 0, 8), 2.8, 0.15);
    within(microseconds("h800-64-ib", {}, 0, 32), 3.7, 0.15);
    within(microseconds("h800-64-roce", {}, 0, 8), 3.6, 0.15);
    within(microseconds("h800-64-roce", {}, 0, 32), 5.6, 0.15);
}

TEST_CASE("64 bytes over NVLink, written by a kernel") {
    // Nothing of it is fitted to this figure: the launch of a kernel on Hopper, a step of LL on H100, the path.
    const ChipFile h100 = load_chip("h100").value;
    REQUIRE(!h100.library.protocols.empty());
    const ProtocolCost& ll = h100.library.protocols.front();
    REQUIRE(ll.name == "LL");
    CollectiveLibrary store;
    store.peer_protocols = {{"store", h100.chip.launch_latency, ll.step, ll.efficiency, {}, 0}};
    within(microseconds("h800-64-ib", {}, 0, 1, store), 3.33, 0.15);
}
