// CPU time of the flow level, the whole process counted, on the cases that other simulators are timed with. Every result
// is checked before it is printed: against a closed form where there is one, else against what must hold.
//
//   bench_flow_level ring RANKS              ring all-reduce of 1 GiB behind one switch, every message
//   bench_flow_level all_to_all RANKS        1 MB a pair, all flows at once, star
//   bench_flow_level permutation RANKS star|clos   1 GB a host; on the Clos a shift by a leaf, spread over the spines
//   bench_flow_level random HOSTS FLOWS      flows of random sizes between random hosts, ECMP on a Clos
//   bench_flow_level iteration SERVERS      32 layers, TP 8 inside a server, DP outside, gradients overlapped, every message
//   bench_flow_level hierarchical SERVERS    1 GiB all-reduce of 16 cards a server on HPN 7.0, every step

#include "interconnect/collective/message_network.h"
#include "interconnect/flow/flow_transport.h"
#include "interconnect/routing/routes.h"
#include "interconnect/topology/build.h"
#include "sim/error/error.h"
#include "sim/random/random_stream.h"
#include "tests/support/reference_clusters.h"
#include "workloads/iteration/iteration.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>

using namespace myriad;

namespace {

constexpr std::int64_t kRate = 100'000'000'000;  // 100 GB/s a direction
constexpr std::int64_t kGiB = std::int64_t{1} << 30;

double cpu_seconds(double& peak_mib) {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    peak_mib = static_cast<double>(usage.ru_maxrss) / 1024.0;
    const auto of = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
    };
    return of(usage.ru_utime) + of(usage.ru_stime);
}

// Hosts of one card and one NIC each; 250 ns from the card to the NIC and 250 ns from the NIC to the switch, so 1 us end
// to end through one switch.
ClusterConfig hosts(int count) {
    ServerConfig server = reference::ppu_server(1, {WiringRecipe::full_mesh, 1, {}});
    server.pcie = {BytesPerSecond{kRate}, ns(125)};
    server.nics = {1, 1, BytesPerSecond{kRate}, ns(0)};
    ClusterConfig cluster;
    cluster.name = "hosts";
    cluster.servers = count;
    cluster.server = std::move(server);
    cluster.fabric.name = "star";
    cluster.fabric.recipe = FabricRecipe::one_switch;
    cluster.fabric.link_latency = ns(250);
    return cluster;
}

// 16 hosts a leaf, `spines` spines, all links alike.
ClusterConfig clos(int count, int spines, FabricRouting routing) {
    ClusterConfig cluster = hosts(count);
    cluster.fabric.name = "clos";
    cluster.fabric.recipe = FabricRecipe::clos2;
    cluster.fabric.uplink = BytesPerSecond{kRate};
    cluster.fabric.leaf_down = 16;
    cluster.fabric.spines = spines;
    cluster.routing = routing;
    return cluster;
}

struct Fluid {
    explicit Fluid(const ClusterConfig& cluster)
        : topology(build_topology(cluster)),
          router(make_router(topology, {cluster.routing, cluster.routing_seed})),
          transport(topology, *router, agenda, ComponentId{0}),
          network(topology, agenda, ComponentId{1}, transport) {}
    // To the last thing that happens.
    void run() {
        while (agenda.pending() > transport.void_records()) {
            agenda.run_instant();
        }
    }
    Topology topology;
    std::unique_ptr<Router> router;
    Agenda agenda;
    FlowTransport transport;
    MessageNetwork network;
};

struct Arrivals final : TransportClient {
    void on_arrival(CardId, CardId, std::uint64_t) override { ++count; }
    std::int64_t count = 0;
};

CardId card(int number) { return CardId{static_cast<std::uint32_t>(number)}; }

void print(const std::string& what, Fluid& fluid, double expected_s) {
    const double simulated_s = seconds(fluid.agenda.now().time_since_epoch());
    const double off_ppm = expected_s > 0.0 ? (simulated_s / expected_s - 1.0) * 1e6 : 0.0;
    MYRIAD_CHECK(std::abs(off_ppm) < 1.0, what + " is off by " + std::to_string(off_ppm) + " ppm");
    MYRIAD_CHECK(fluid.transport.in_flight() == 0 && fluid.transport.posted() == fluid.transport.arrived(),
                 "bytes are lost");
    const std::vector<Bytes> carried = fluid.transport.link_bytes();
    for (std::uint32_t link = 0; link < carried.size(); ++link) {
        MYRIAD_CHECK(transfer_time_ceil(carried[link], fluid.transport.links().bandwidth(link)) <=
                         fluid.agenda.now().time_since_epoch(),
                     "a link is above its capacity");
    }
    double peak_mib = 0.0;
    const double cpu = cpu_seconds(peak_mib);
    const MaxMin::Counts& counts = fluid.transport.rates().counts();
    std::printf(
        "%s: CPU %.3f s, %.3f M messages, %.2f us a message, peak %.0f MiB, simulated %.6f ms%s; %lld relaxed, %lld "
        "refilled, %lld given up\n",
        what.c_str(), cpu, static_cast<double>(fluid.transport.messages()) * 1e-6,
        cpu / static_cast<double>(fluid.transport.messages()) * 1e6, peak_mib, simulated_s * 1e3,
        expected_s > 0.0 ? ", as its closed form to 1 ppm" : "", static_cast<long long>(counts.relaxed),
        static_cast<long long>(counts.refilled), static_cast<long long>(counts.given_up));
    std::fflush(stdout);
}

void count_down(void* context, std::uint64_t /*argument*/) { --*static_cast<std::int64_t*>(context); }

void all_reduce(Fluid& fluid, CollectiveAlgorithm algorithm, std::vector<int> hierarchy) {
    CommunicatorSpec spec{"world", "world", {}, algorithm, std::move(hierarchy)};
    const auto ranks = static_cast<int>(fluid.topology.cards.size());
    for (int c = 0; c < ranks; ++c) {
        spec.cards.push_back(card(c));
    }
    const CommunicatorId world = fluid.network.create_communicator(std::move(spec));
    std::int64_t unfinished = ranks;
    for (int rank = 0; rank < ranks; ++rank) {
        fluid.network.collective(world, rank, {CollectiveOp::all_reduce, Bytes{kGiB}}, {count_down, &unfinished, 0});
    }
    fluid.run();
    MYRIAD_CHECK(unfinished == 0 && fluid.network.idle(), fluid.network.waiting_text());
}

void ring(int ranks) {
    Fluid fluid(hosts(ranks));
    all_reduce(fluid, CollectiveAlgorithm::ring, {});
    const double expected = 2.0 * (ranks - 1) * (static_cast<double>(kGiB) / ranks / static_cast<double>(kRate) + 1e-6);
    print("ring of " + std::to_string(ranks), fluid, expected);
}

void all_to_all(int ranks) {
    Fluid fluid(hosts(ranks));
    Arrivals arrivals;
    for (int from = 0; from < ranks; ++from) {
        for (int i = 1; i < ranks; ++i) {
            fluid.transport.post(card(from), card((from + i) % ranks), Bytes{1'000'000}, 0, Arrival::store, arrivals);
        }
    }
    fluid.run();
    print("all-to-all of " + std::to_string(ranks), fluid, (ranks - 1) * 1e6 / static_cast<double>(kRate) + 1e-6);
}

void permutation(int ranks, bool star) {
    Fluid fluid(star ? hosts(ranks) : clos(ranks, 16, FabricRouting::spread));
    Arrivals arrivals;
    for (int from = 0; from < ranks; ++from) {
        fluid.transport.post(card(from), card((from + 16) % ranks), Bytes{1'000'000'000}, 0, Arrival::store, arrivals);
    }
    fluid.run();
    print(std::string("permutation on a ") + (star ? "star" : "clos") + " of " + std::to_string(ranks), fluid,
          1e9 / static_cast<double>(kRate) + (star ? 1e-6 : 1.5e-6));
}

void random_flows(int ranks, int flows) {
    Fluid fluid(clos(ranks, 16, FabricRouting::ecmp));
    Arrivals arrivals;
    RandomStream random(1, "bench.flow_level");
    for (int f = 0; f < flows; ++f) {
        const auto from = static_cast<int>(random.below(static_cast<std::uint64_t>(ranks)));
        const auto to = (from + 1 + static_cast<int>(random.below(static_cast<std::uint64_t>(ranks - 1)))) % ranks;
        const auto size = static_cast<std::int64_t>(random.exponential(10e6)) + 1;
        fluid.transport.post(card(from), card(to), Bytes{size}, 0, Arrival::store, arrivals);
    }
    fluid.run();
    MYRIAD_CHECK(arrivals.count == flows, "a flow has not ended");
    print(std::to_string(flows) + " random flows on an ECMP clos of " + std::to_string(ranks), fluid, 0.0);
}

void hierarchical(int servers) {
    Fluid fluid(reference::ppu_cluster(servers));
    all_reduce(fluid, CollectiveAlgorithm::hierarchical, {4, 4, servers});
    print("hierarchical all-reduce of " + std::to_string(16 * servers), fluid, 0.0);
}

// The iteration that other simulators are compared by: 250 us forward and 500 us backward a block, two blocks a layer,
// 32 MiB of tensor-parallel all-reduce after each, direct between the 8 cards of a server (100 GiB/s, 500 ns a link);
// 48 MiB of gradients a layer by halving and doubling between servers (50 GiB/s a card, 2 us through one switch).
ClusterConfig training_servers(int servers) {
    constexpr std::int64_t kFifty = 50 * kGiB;
    ServerConfig server = reference::ppu_server(8, {WiringRecipe::full_mesh, 8, {}});
    server.links = {7, BytesPerSecond{2 * kFifty}, 1.0, ns(500)};
    server.pcie = {BytesPerSecond{kFifty}, ns(250)};
    server.nics = {8, 1, BytesPerSecond{kFifty}, ns(0)};
    ClusterConfig cluster = hosts(servers);
    cluster.server = std::move(server);
    cluster.fabric.link_latency = ns(500);
    return cluster;
}

void iteration(int servers) {
    Fluid fluid(training_servers(servers));
    IterationSpec spec;
    spec.layers = 32;
    spec.forward_compute = us(250);
    spec.backward_compute = us(500);
    spec.tensor_parallel = 8;
    spec.data_parallel = servers;
    spec.tensor_size = Bytes{32 << 20};
    spec.data_size = Bytes{50'331'648};
    spec.tensor_algorithm = CollectiveAlgorithm::direct;
    spec.data_algorithm = CollectiveAlgorithm::halving_doubling;
    Iteration run(spec, fluid.network, fluid.agenda, ComponentId{2});
    run.start();
    fluid.run();
    MYRIAD_CHECK(run.finished() && fluid.network.idle(), fluid.network.waiting_text());
    // T: one tensor-parallel all-reduce, D: one data-parallel. Forward 64 (250 us + T); the first layer's gradients are
    // there 2 (500 us + T) later; D takes longer than a layer's backward, so the 32 of them follow one another.
    const double tensor = 2.0 * (4194304.0 / (100.0 * static_cast<double>(kGiB)) + 500e-9);
    double data = 2.0 * (servers - 1) / servers * 50331648.0 / (50.0 * static_cast<double>(kGiB));
    for (int distance = 1; distance < servers; distance *= 2) {
        data += 2.0 * 2e-6;
    }
    MYRIAD_CHECK(data > 2.0 * (500e-6 + tensor), "gradients are what the end waits for");
    print("iteration of TP 8 x DP " + std::to_string(servers), fluid,
          64.0 * (250e-6 + tensor) + 2.0 * (500e-6 + tensor) + 32.0 * data);
}

}  // namespace

int main(int argc, char** argv) {
    const std::string what = argc > 1 ? argv[1] : "";
    const int ranks = argc > 2 ? std::atoi(argv[2]) : 256;
    if (what == "ring") {
        ring(ranks);
    } else if (what == "all_to_all") {
        all_to_all(ranks);
    } else if (what == "permutation") {
        permutation(ranks, argc < 4 || std::string(argv[3]) == "star");
    } else if (what == "random") {
        random_flows(ranks, argc > 3 ? std::atoi(argv[3]) : 65'000);
    } else if (what == "iteration") {
        iteration(ranks);
    } else if (what == "hierarchical") {
        hierarchical(ranks);
    } else {
        std::fputs("bench_flow_level ring|all_to_all|permutation|random|iteration|hierarchical RANKS [...]\n", stderr);
        return 2;
    }
    _exit(0);
}
