// The live level against the tile level, against the packet network and against the published bandwidth matrix of the
// eight-card board: kernels alone on one card of a server, copies through another card's memory, an all-reduce by
// kernels.

#include "app/config_files/load.h"
#include "app/system/live_system.h"
#include "models/tile/simulate_kernel.h"
#include "tests/support/systems.h"

#include <catch2/catch.hpp>

#include <cmath>

using namespace myriad;
using namespace myriad::test;

namespace {

ClusterFile cluster(const std::string& name) { return load_cluster(name).value; }

Kernel gemm(std::int64_t m, std::int64_t n, std::int64_t k) {
    Kernel kernel;
    kernel.label = "gemm";
    kernel.work = Flop{2.0 * static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k)};
    kernel.read = Bytes{2 * (m * k + k * n)};
    kernel.written = Bytes{2 * m * n};
    kernel.shape = GemmShape{m, n, k};
    return kernel;
}

Kernel stream(std::int64_t read, std::int64_t written) {
    Kernel kernel;
    kernel.label = "copy";
    kernel.unit = KernelUnit::vector;
    kernel.read = Bytes{read};
    kernel.written = Bytes{written};
    return kernel;
}

// Time of a kernel on one card of the server against simulate_kernel; laws hold.
double ratio(LiveSystem& system, const ChipConfig& chip, const Kernel& kernel) {
    Finishes finishes(system);
    const TimePoint start = system.agenda().now();
    system.card(card(3)).execute(kernel, finishes.expect());
    system.run();
    REQUIRE(finishes.all());
    std::vector<std::string> held;
    system.check_laws(held);
    return seconds(finishes.last() - start) / seconds(simulate_kernel(chip, kernel).total);
}

// Bytes a second of one copy, of its body: launch and kernel start and end are left out.
double copy_rate(LiveSystem& system, const ChipConfig& chip, const PeerCopy& copy) {
    Finishes finishes(system);
    const TimePoint start = system.agenda().now();
    system.copy(copy, finishes.expect());
    system.run();
    REQUIRE(finishes.all());
    const Picoseconds around = chip.launch_latency + chip.tile.kernel_start + chip.tile.kernel_end;
    return static_cast<double>(copy.size.count()) / seconds(finishes.last() - start - around);
}

}  // namespace

TEST_CASE("a kernel alone takes about as long at live level as at tile level") {
    const ClusterFile ppu = cluster("ppu-8");
    const ChipConfig& chip = ppu.chip.chip;
    LiveSystem system(ppu.cluster, chip, {});
    system.elaborate();
    CHECK(ratio(system, chip, gemm(2048, 2048, 2048)) == Approx(1.0).epsilon(0.05));
    CHECK(ratio(system, chip, gemm(16, 4096, 4096)) == Approx(1.0).epsilon(0.05));
    // Slower by 5 to 10 %: a chunk waits for the slowest of the pseudo channels that it lies in, and a copy has too few
    // chunks under way to hide that. Row hits and bus time are those of the tile level.
    CHECK(ratio(system, chip, stream(32 << 20, 32 << 20)) == Approx(1.07).epsilon(0.08));
    CHECK(ratio(system, chip, stream(64 << 20, 0)) == Approx(1.0).epsilon(0.05));
}

TEST_CASE("kernels that read and write peer memory reach the published bandwidth matrix") {
    const ClusterFile ppu = cluster("ppu-8");
    const ChipConfig& chip = ppu.chip.chip;
    LiveSystem system(ppu.cluster, chip, {});
    system.elaborate();
    const Bytes size{32 << 20};
    // Kernel reads of 48.17 and 96.31 GB/s (sailbandwidth): 0-6 share a link, two paths of two links join 0 and 4.
    for (const bool read : {true, false}) {
        const double near = copy_rate(system, chip, {card(0), card(6), size, read});
        const double far = copy_rate(system, chip, {card(0), card(4), size, read});
        CAPTURE(read, near, far);
        CHECK(near / 48.17e9 == Approx(1.0).epsilon(0.03));
        CHECK(far / 96.31e9 == Approx(1.0).epsilon(0.03));
    }
    std::vector<std::string> held;
    system.check_laws(held);
    CHECK(held.size() == 6);
}

namespace {

// An all-reduce of all cards, from the common launch to the last card's end.
Picoseconds all_reduce(LiveSystem& system, Bytes size) {
    const CommunicatorId group =
        system.network().create_communicator(world_spec(system.topology(), CollectiveAlgorithm::direct));
    return collective_time(system, group, {CollectiveOp::all_reduce, size});
}

}  // namespace

TEST_CASE("an all-reduce by kernels keeps the busiest links of the board busy") {
    // Direct, shards of S / 8. A link of the matching carries to its other quad: its own pair, half of three pairs whose
    // first hop it is, half of three whose last it is: 1 + 3/2 + 3/2 = 4 shards a phase. Two phases of 4 x 2 MiB at
    // 48.17 GB/s are 348.3 us; around them are the launch, three barriers and the first and last accesses.
    const ClusterFile ppu = cluster("ppu-8");
    LiveSystem system(ppu.cluster, ppu.chip.chip, {});
    system.elaborate();
    const double links = 8.0 * 2'097'152 / 48.17e9;
    const double measured = seconds(all_reduce(system, Bytes{16 << 20}));
    CAPTURE(measured * 1e6);
    CHECK(measured > links);
    CHECK(measured < links + 25e-6);
    const LiveTraffic traffic = system.use()->traffic;
    // Every card loads 8 shards, 7 of them from others, then 7 of others: 15 and 14 shards of 2 MiB.
    CHECK(traffic.core_read == Bytes{8 * 15 * (2 << 20)});
    CHECK(traffic.remote_read == Bytes{8 * 14 * (2 << 20)});
    CHECK(traffic.core_written == Bytes{8 * (16 << 20)});
    // Three flags to each of seven.
    CHECK(traffic.flags == Bytes{8 * 3 * 7 * 64});
    std::vector<std::string> held;
    system.check_laws(held);
}

TEST_CASE("sixteen cards forward for each other, and their all-reduce ends") {
    const ClusterFile ppu = cluster("ppu-16");
    LiveSystem system(ppu.cluster, ppu.chip.chip, {});
    system.elaborate();
    CHECK(all_reduce(system, Bytes{1 << 20}) > ps(0));
    CHECK(system.card(card(0)).ports.packets_forwarded() > 0);
    std::vector<std::string> held;
    system.check_laws(held);
}

TEST_CASE("a kernel beside communication gets the cores that are left") {
    const ClusterFile hgx = cluster("h100-8");
    LiveSystem system(hgx.cluster, hgx.chip.chip, {});
    system.elaborate();
    Finishes finishes(system);
    system.copy({card(1), card(0), Bytes{4 << 20}, true}, finishes.expect());
    system.card(card(0)).execute(gemm(2048, 2048, 512), finishes.expect());
    system.card(card(1)).execute(gemm(2048, 2048, 512), finishes.expect());
    system.run();
    REQUIRE(finishes.all());
    // Card 0 reads by 16 of its 132 cores; card 1 is read from and loses none.
    CHECK(system.card(card(0)).commands->last_compute().cores == 116);
    CHECK(system.card(card(1)).commands->last_compute().cores == 132);
    std::vector<std::string> held;
    system.check_laws(held);
}
