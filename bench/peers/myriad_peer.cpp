// The comparison's work in Myriad: TOPOLOGY PATTERN HOSTS BYTES packet|flow. Hosts of a Clos stand behind a NIC whose
// PCIe link is wide and without latency, so that a path has the latency and the bandwidth of the others' paths.

#include "app/system/flow_system.h"
#include "app/system/packet_system.h"
#include "bench/peers/report.h"
#include "bench/peers/traffic.h"
#include "sim/error/error.h"
#include "tests/support/reference_clusters.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>

using namespace myriad;

namespace {

constexpr BytesPerSecond kLink{peers::kBytesPerSecond};
constexpr Picoseconds kHop{peers::kLatencyPs};
constexpr Bytes kCell{9000};

ServerConfig server_of(int cards, WiringConfig wiring) {
    ServerConfig server;
    server.name = "hosts";
    server.cards = cards;
    server.wiring = std::move(wiring);
    server.links = {6, kLink, 1.0, kHop};
    server.pcie = {BytesPerSecond{100 * peers::kBytesPerSecond}, Picoseconds{0}};
    return server;
}

ClusterConfig star(int hosts) {
    ServerConfig server = server_of(hosts, {.recipe = WiringRecipe::icn_switch, .size = hosts});
    server.links.links = 1;
    return reference::one_server(std::move(server));
}

ClusterConfig clos(int hosts) {
    ClusterConfig cluster;
    cluster.name = "clos";
    cluster.servers = hosts;
    cluster.server = server_of(1, {.recipe = WiringRecipe::full_mesh, .size = 1});
    cluster.server.nics = {1, 1, kLink, Picoseconds{0}};
    cluster.fabric.name = "clos";
    cluster.fabric.recipe = FabricRecipe::clos2;
    cluster.fabric.link_latency = kHop;
    cluster.fabric.uplink = kLink;
    cluster.fabric.leaf_down = peers::kLeafHosts;
    cluster.fabric.spines = peers::kSpines;
    cluster.routing = FabricRouting::spread;
    return cluster;
}

ClusterConfig torus(int hosts) {
    const int side = peers::torus_side(hosts);
    WiringConfig wiring{.recipe = WiringRecipe::torus, .size = hosts};
    wiring.sizes = {side, side, side};
    ServerConfig server = server_of(hosts, std::move(wiring));
    server.routing = ServerRouting::dimension_order;
    return reference::one_server(std::move(server));
}

std::unique_ptr<Platform> build(const peers::Case& work, bool packets) {
    const ClusterConfig cluster = work.topology == "star"   ? star(work.hosts)
                                  : work.topology == "clos" ? clos(work.hosts)
                                                            : torus(work.hosts);
    if (packets) {
        return std::make_unique<PacketSystem>(cluster, reference::round_chip(), PacketSystemOptions{kCell});
    }
    return std::make_unique<FlowSystem>(cluster, reference::round_chip(), false);
}

void count_down(void* context, std::uint64_t /*argument*/) { --*static_cast<std::int64_t*>(context); }

void start(const peers::Case& work, Network& network, std::int64_t& unfinished) {
    if (work.pattern == "ring_all_reduce") {
        CommunicatorSpec spec{"world", "world", {}, CollectiveAlgorithm::ring};
        for (int host = 0; host < work.hosts; ++host) {
            spec.cards.push_back(CardId{static_cast<std::uint32_t>(host)});
        }
        const CommunicatorId world = network.create_communicator(std::move(spec));
        unfinished = work.hosts;
        for (int host = 0; host < work.hosts; ++host) {
            network.collective(world, host, {CollectiveOp::all_reduce, Bytes{work.bytes}},
                               {count_down, &unfinished, 0});
        }
        return;
    }
    const std::vector<peers::Flow> flows = peers::flows_of(work);
    unfinished = 2 * static_cast<std::int64_t>(flows.size());
    for (const peers::Flow& flow : flows) {
        const CardId from{static_cast<std::uint32_t>(flow.from)};
        const CardId to{static_cast<std::uint32_t>(flow.to)};
        network.receive(to, from, 0, {count_down, &unfinished, 0});
        network.send(from, to, Bytes{work.bytes}, 0, {count_down, &unfinished, 0});
    }
}

}  // namespace

int sc_main(int, char*[]) { return 0; }

int main(int argc, char** argv) try {
    setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 1);
    const peers::Report report;
    const peers::Case work = peers::case_of(argc, argv);
    const bool packets = argc > 5 && std::string(argv[5]) == "packet";
    Platform* const system = build(work, packets).release();  // not taken apart: that is not part of the work
    system->elaborate();
    std::int64_t unfinished = 0;
    start(work, system->network(), unfinished);
    system->run();
    MYRIAD_CHECK(unfinished == 0, std::to_string(unfinished) + " ends of flows have not finished");
    report.print("Myriad", seconds(system->agenda().now().time_since_epoch()),
                 static_cast<double>(system->counters().hops));
    _exit(0);
} catch (const std::exception& error) {
    std::fprintf(stderr, "peer_myriad: %s\n", error.what());
    return 2;
}
