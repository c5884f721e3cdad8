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

TEST_CASE("a kernel alone takes as long at live level as at tile level, to a few per cent") {
    const ClusterFile ppu = cluster("ppu-8");
    const ChipConfig& chip = ppu.chip.chip;
    LiveSystem system(ppu.cluster, chip, {});
    system.elaborate();
    CHECK(ratio(system, chip, gemm(2048, 2048, 2048)) == Approx(1.0).epsilon(0.05));
    CHECK(ratio(system, chip, gemm(16, 4096, 4096)) == Approx(1.0).epsilon(0.05));
    CHECK(ratio(system, chip, stream(32 << 20, 32 << 20)) == Approx(1.0).epsilon(0.05));
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
