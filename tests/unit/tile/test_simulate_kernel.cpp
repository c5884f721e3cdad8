// Whole kernels against closed forms.

#include "models/tile/simulate_kernel.h"
#include "sim/random/random_stream.h"
#include "tests/unit/tile/round_core.h"

#include <catch2/catch.hpp>

using namespace myriad;

namespace {

KernelResult run(const ChipConfig& chip, const Kernel& kernel) { return simulate_kernel(chip, kernel); }

// Memory that costs next to nothing, so that only cores count.
ChipConfig cores_only() {
    ChipConfig chip = test::tile_chip();
    chip.tile.core_port = BytesPerSecond{1'000'000'000'000'000};
    chip.tile.cache = BytesPerSecond{1'000'000'000'000'000};
    return chip;
}

}  // namespace

TEST_CASE("waves: one tile past a wave costs a whole turn of the cores") {
    ChipConfig chip = cores_only();
    chip.tile.pass_gap = us(100);  // so that splitting k never pays
    // 20 cores, tiles of 128 x 128, k 4096: a tile takes 2 x 128 x 128 x 4096 / 5e12 = 26.8 us.
    const double turn = 2.0 * 128 * 128 * 4096 / 5e12;
    const KernelResult full = run(chip, test::gemm_kernel(128 * 20, 128, 4096));
    CHECK(full.waves == Approx(1.0));
    CHECK(seconds(full.body) == Approx(turn).epsilon(0.06));  // the first blocks come from HBM
    CHECK(full.limit == KernelLimit::tensor);
    const KernelResult past = run(chip, test::gemm_kernel(128 * 20 + 1, 128, 4096));
    CHECK(past.tiles == 21);
    CHECK(seconds(past.body) == Approx(2 * turn).epsilon(0.06));
}

TEST_CASE("a kernel without work to fill the cores waits for latency") {
    ChipConfig chip = test::tile_chip();
    chip.tile.cache_latency = us(1);
    chip.tile.memory_latency = us(2);
    // One tile, one step: a load from HBM (3 us and the row), 64 deep: 0.42 us of products, the store.
    const KernelResult result = run(chip, test::gemm_kernel(128, 128, 64));
    CHECK(result.limit == KernelLimit::latency);
    CHECK(result.body > us(3));
    CHECK(result.body < us(5));
}

TEST_CASE("a stream reaches what refresh leaves of HBM") {
    const ChipConfig chip = test::tile_chip();
    // Refresh takes 350 of 3,900 ns: 91.0 % of 1 TB/s remain; rows open behind each other. 1 % for the start.
    const KernelResult result = run(chip, test::stream_kernel(256 << 20, 0));
    const double share = static_cast<double>(256 << 20) / seconds(result.body) / 1e12;
    CHECK(share < 0.911);
    CHECK(share > 0.86);
    CHECK(result.limit == KernelLimit::hbm);
    CHECK(result.hbm_read == Bytes{256 << 20});
    CHECK(result.hbm_written == Bytes{0});
}

TEST_CASE("operands are read from HBM once while the cache holds them") {
    const ChipConfig chip = test::tile_chip();
    // A and B are 2 x 2 MiB of a cache of 32 MiB.
    const KernelResult result = run(chip, test::gemm_kernel(1024, 1024, 1024));
    CHECK(result.hbm_read == Bytes{2 * 2 * 1024 * 1024});
    CHECK(result.hbm_written == Bytes{2 * 1024 * 1024});
    CHECK(result.cache_read == Bytes{64 * 2 * 128 * 1024 * 2});
    ChipConfig small = chip;
    small.l2 = Bytes{256 << 10};
    CHECK(run(small, test::gemm_kernel(1024, 1024, 1024)).hbm_read > result.hbm_read);
}

TEST_CASE("the port of a core bounds a kernel whose tiles are small") {
    ChipConfig chip = test::tile_chip();
    chip.tile.gemm_tiles = {{16, 16, 64}};
    chip.tile.cache = BytesPerSecond{1'000'000'000'000'000};
    // 256 tiles on 20 cores: 13 turns of (16 + 16) x 8192 x 2 B at 64 GB/s = 8.19 us each.
    const KernelResult result = run(chip, test::gemm_kernel(256, 256, 8192));
    CHECK(result.limit == KernelLimit::core_port);
    CHECK(seconds(result.body) == Approx(13 * 32 * 8192 * 2 / 64e9).epsilon(0.08));
}

TEST_CASE("split-K fills cores that one tile each would leave idle") {
    ChipConfig chip = cores_only();
    // One tile of C, 64 Ki deep: unsplit 429 us on one core; sixteen parts share it.
    const KernelResult result = run(chip, test::gemm_kernel(128, 128, 65536));
    CHECK(result.plan.find("split") != std::string::npos);
    CHECK(seconds(result.body) < 0.2 * 2.0 * 128 * 128 * 65536 / 5e12);
    CHECK(result.work.count() == Approx(2.0 * 128 * 128 * 65536));
}

TEST_CASE("launches are paid once each") {
    const ChipConfig chip = test::tile_chip();
    Kernel kernel = test::gemm_kernel(128, 128, 128);
    const KernelResult one = run(chip, kernel);
    kernel.launches = 3;
    const KernelResult three = run(chip, kernel);
    CHECK(three.total - one.total == us(2));
    CHECK(three.body == one.body);
}

TEST_CASE("more work never takes less time, and no resource is busy for longer than the kernel") {
    const std::uint64_t seed = 7;
    INFO("seed " << seed);
    RandomStream random(seed, "kernels");
    const ChipConfig chip = test::tile_chip();
    for (int i = 0; i < 40; ++i) {
        const auto m = static_cast<std::int64_t>(1 + random.below(600));
        const auto n = static_cast<std::int64_t>(1 + random.below(600));
        const auto k = static_cast<std::int64_t>(16 + random.below(1000));
        INFO("m " << m << " n " << n << " k " << k);
        const KernelResult small = run(chip, test::gemm_kernel(m, n, k));
        const KernelResult large = run(chip, test::gemm_kernel(m + 1024, n + 1024, k));
        CHECK(small.body < large.body);
        for (const KernelResult& r : {small, large}) {
            CHECK(r.tensor_busy <= 1.0);
            CHECK(r.vector_busy <= 1.0);
            CHECK(r.hbm_busy <= 1.0);
            CHECK(r.cache_busy <= 1.0);
            CHECK(r.port_busy <= 1.0);
            CHECK(r.hbm_read.count() >= 2 * (std::min(m, m) * k));
        }
        CHECK(small.hbm_read == Bytes{2 * (m * k + n * k)});
    }
}

TEST_CASE("the same kernel gives the same result, and finer steps nearly the same") {
    const ChipConfig chip = test::tile_chip();
    const Kernel kernel = test::gemm_kernel(1000, 3000, 5000);
    const KernelResult one = run(chip, kernel);
    const KernelResult two = run(chip, kernel);
    CHECK(one.total == two.total);
    CHECK(one.events == two.events);
    const KernelResult fine = simulate_kernel(chip, kernel, {nullptr, 1000});
    CHECK(seconds(fine.body) == Approx(seconds(one.body)).epsilon(0.03));
}
