// Programs: what tiles load, compute and store in all is what the kernel asks for.

#include "models/tile/attention_program.h"
#include "models/tile/gemm_program.h"
#include "models/tile/make_program.h"
#include "models/tile/vector_program.h"
#include "sim/error/error.h"
#include "tests/unit/tile/round_core.h"

#include <catch2/catch.hpp>

#include <map>

using namespace myriad;

namespace {

struct Totals {
    std::int64_t loaded = 0;
    std::int64_t stored = 0;
    Picoseconds tensor{};
    Picoseconds vector{};
    std::map<std::uint64_t, std::int64_t> blocks;  // address and size of every block loaded
};

Totals walk(const TileProgram& program, std::int64_t first, std::int64_t last) {
    Totals totals;
    for (std::int64_t tile = first; tile < last; ++tile) {
        for (std::int64_t step = 0; step < program.steps(tile); ++step) {
            TileStep out;
            program.step(tile, step, out);
            totals.tensor += out.work.tensor;
            totals.vector += out.work.vector;
            for (int i = 0; i < out.load_count; ++i) {
                const BlockAccess& access = out.loads[static_cast<std::size_t>(i)];
                REQUIRE(access.address + static_cast<std::uint64_t>(access.bytes.count()) <= program.footprint());
                (access.write ? totals.stored : totals.loaded) += access.bytes.count();
                if (!access.write) {
                    const auto known = totals.blocks.emplace(access.address, access.bytes.count());
                    REQUIRE(known.first->second == access.bytes.count());
                }
            }
        }
        TileEnd end;
        program.end(tile, end);
        for (int i = 0; i < end.load_count; ++i) {
            const BlockAccess& access = end.loads[static_cast<std::size_t>(i)];
            (access.write ? totals.stored : totals.loaded) += access.bytes.count();
        }
    }
    return totals;
}

std::int64_t unique_bytes(const Totals& totals) {
    std::int64_t sum = 0;
    std::uint64_t end = 0;
    for (const auto& [address, bytes] : totals.blocks) {
        REQUIRE(address >= end);  // blocks do not overlap
        end = address + static_cast<std::uint64_t>(bytes);
        sum += bytes;
    }
    return sum;
}

GemmProgram::Problem problem(std::vector<std::int64_t> rows, std::int64_t n, std::int64_t k) {
    GemmProgram::Problem p;
    p.rows = std::move(rows);
    p.n = n;
    p.k = k;
    return p;
}

}  // namespace

TEST_CASE("a GEMM loads a row block and a column block for every tile and k") {
    const ChipConfig chip = test::tile_chip();
    const CoreRates rates = core_rates(chip, DataType::bf16);
    // 300 x 500 in tiles of 128 x 128: 3 x 4. A is asked for by 4 columns, B by 3 rows of tiles.
    const GemmProgram program(chip, rates, problem({300}, 500, 1000), {{128, 128, 64}, 1, 1}, 1000);
    REQUIRE(program.tiles() == 12);
    const Totals totals = walk(program, 0, 12);
    CHECK(totals.loaded == 2 * (4 * 300 * 1000 + 3 * 500 * 1000));
    CHECK(unique_bytes(totals) == 2 * (300 * 1000 + 500 * 1000));
    CHECK(totals.stored == 2 * 300 * 500);
    // Whole tiles are computed: 12 of 128 x 128, k in whole instructions of 16 (62.5 -> 63). One core does 5 TFLOP/s.
    const double flop = 12.0 * 2 * 128 * 128 * 1008;
    CHECK(seconds(totals.tensor) == Approx(flop / 5e12).epsilon(1e-6));
}

TEST_CASE("split-K leaves partial sums in fp32 and adds them in a second pass") {
    const ChipConfig chip = test::tile_chip();
    const CoreRates rates = core_rates(chip, DataType::bf16);
    const GemmProgram program(chip, rates, problem({128}, 256, 4096), {{128, 128, 64}, 4, 1}, 1000);
    REQUIRE(program.passes() == 2);
    REQUIRE(program.pass_begin(1) == 2 * 4);  // two tiles of C, four splits
    const Totals first = walk(program, 0, program.pass_begin(1));
    CHECK(first.stored == 4 * 4 * 128 * 256);  // four sums of 4 bytes
    CHECK(unique_bytes(first) == 2 * (128 * 4096 + 256 * 4096));
    const Totals second = walk(program, program.pass_begin(1), program.tiles());
    CHECK(second.loaded == first.stored);
    CHECK(second.stored == 2 * 128 * 256);
    CHECK(program.plan() == "128 x 128 x 64, k split in 4");
}

TEST_CASE("experts are GEMMs behind each other, each with weights of its own") {
    const ChipConfig chip = test::tile_chip();
    const CoreRates rates = core_rates(chip, DataType::bf16);
    // 200 and 10 rows: 2 + 1 rows of tiles, 2 columns each.
    const GemmProgram program(chip, rates, problem({200, 10}, 256, 512), {{128, 128, 64}, 1, 1}, 1000);
    REQUIRE(program.tiles() == 6);
    const Totals totals = walk(program, 0, 6);
    CHECK(unique_bytes(totals) == 2 * (210 * 512 + 2 * 256 * 512));
    CHECK(totals.stored == 2 * 210 * 256);
}

TEST_CASE("deeper steps load the same bytes and take the same time") {
    const ChipConfig chip = test::tile_chip();
    const CoreRates rates = core_rates(chip, DataType::bf16);
    const auto p = problem({256}, 256, 8192);
    const GemmProgram fine(chip, rates, p, {{128, 128, 64}, 1, 1}, 128);
    const GemmProgram coarse(chip, rates, p, {{128, 128, 64}, 1, 1}, 16);
    CHECK(fine.steps(0) == 128);
    CHECK(coarse.steps(0) == 16);
    const Totals a = walk(fine, 0, fine.tiles());
    const Totals b = walk(coarse, 0, coarse.tiles());
    CHECK(a.loaded == b.loaded);
    CHECK(seconds(a.tensor) == Approx(seconds(b.tensor)).epsilon(1e-6));
}

TEST_CASE("causal attention walks to the diagonal only") {
    ChipConfig chip = test::tile_chip();
    chip.tile.attention_queries = 128;
    chip.tile.attention_keys = 64;
    const CoreRates rates = core_rates(chip, DataType::bf16);
    AttentionShape shape{.sequences = 1, .heads = 2, .kv_heads = 1, .queries = 512, .keys = 512};
    const AttentionProgram causal(chip, rates, shape, 2, 1000);
    REQUIRE(causal.tiles() == 2 * 4);
    // Blocks of queries end at 128, 256, 384, 512: 2 + 4 + 6 + 8 blocks of keys, two heads.
    std::int64_t steps = 0;
    for (std::int64_t tile = 0; tile < causal.tiles(); ++tile) {
        steps += causal.steps(tile);
    }
    CHECK(steps == 2 * 20);
    // K and V of 64 keys, 128 wide, are 32 KiB a step; Q once.
    const Totals totals = walk(causal, 0, causal.tiles());
    CHECK(totals.loaded == 40 * 64 * 256 * 2 + 2 * 512 * 128 * 2);
    // Two products of 128 x 64 x 128 a step.
    CHECK(seconds(totals.tensor) == Approx(40 * 4.0 * 128 * 64 * 128 / 5e12).epsilon(1e-6));
    shape.causal = false;
    const AttentionProgram full(chip, rates, shape, 2, 1000);
    const Totals all = walk(full, 0, full.tiles());
    CHECK(seconds(all.tensor) == Approx(2 * 4 * 8 * 4.0 * 128 * 64 * 128 / 5e12).epsilon(1e-6));
}

TEST_CASE("decode reads every key and value of the cache once") {
    const ChipConfig chip = test::tile_chip();
    const CoreRates rates = core_rates(chip, DataType::bf16);
    AttentionShape shape{.sequences = 3, .heads = 32, .kv_heads = 8, .queries = 1, .keys = 1000};
    shape.page_tokens = 16;
    const AttentionProgram program(chip, rates, shape, 2, 1000);
    // 24 tiles for 20 slots: 0.8 of the slots and more are filled, so the keys are not split.
    REQUIRE(program.tiles() == 24);
    const Totals totals = walk(program, 0, program.tiles());
    const std::int64_t keys_and_values = 3 * 8 * 1000 * 256 * 2;
    const std::int64_t queries = 3 * 32 * 128 * 2;
    // Fifteen blocks of 64 keys have 4 entries of the block table, the last (40 keys) has 3.
    CHECK(totals.loaded == keys_and_values + queries + 24 * (15 * 4 + 3) * 4);
}

TEST_CASE("few sequences of decode are split until the cores are filled") {
    const ChipConfig chip = test::tile_chip();
    const CoreRates rates = core_rates(chip, DataType::bf16);
    const AttentionShape shape{.sequences = 1, .heads = 32, .kv_heads = 8, .queries = 1, .keys = 8192};
    const AttentionProgram program(chip, rates, shape, 2, 1000);
    // 8 tiles, 20 slots. Efficiency of s splits is (8 s / 20) / ceil(8 s / 20): 0.4, 0.8, 0.6, 0.8, 1.0; 5 is the first
    // within 85 % of the best.
    CHECK(program.plan() == "64 queries x 64 keys, keys split in 5");
    REQUIRE(program.passes() == 2);
    const Totals first = walk(program, 0, program.pass_begin(1));
    CHECK(first.loaded == 8 * 8192 * 256 * 2 + 5 * 32 * 128 * 2);  // every split reads the queries
}

TEST_CASE("the gradient of attention has five products and adds to dQ") {
    ChipConfig chip = test::tile_chip();
    const CoreRates rates = core_rates(chip, DataType::bf16);
    AttentionShape shape{.sequences = 1, .heads = 1, .kv_heads = 1, .queries = 256, .keys = 256};
    shape.causal = false;
    shape.backward = true;
    const AttentionProgram program(chip, rates, shape, 2, 1000);
    const Totals totals = walk(program, 0, program.tiles());
    CHECK(seconds(totals.tensor) == Approx(10.0 * 256 * 256 * 128 / 5e12).epsilon(1e-6));
    // Four blocks of 64 keys each add 256 rows of dQ in fp32, and dK, dV are written once in bf16.
    CHECK(totals.stored == 4 * 256 * 128 * 4 + 256 * 256 * 2);
}

TEST_CASE("a stream's chunks add up to its bytes and work") {
    const ChipConfig chip = test::tile_chip();
    const CoreRates rates = core_rates(chip, DataType::bf16);
    Kernel kernel = test::stream_kernel(1'000'003, 500'001);
    kernel.work = Flop{1e9};
    const VectorProgram program(chip, rates, kernel);
    const Totals totals = walk(program, 0, program.tiles());
    CHECK(totals.loaded == 1'000'003);
    CHECK(totals.stored == 500'001);
    CHECK(seconds(totals.vector) == Approx(1e9 / (10e12 / 64)).epsilon(1e-6));
}

TEST_CASE("a row that is reduced is read twice by the same core") {
    const ChipConfig chip = test::tile_chip();
    const CoreRates rates = core_rates(chip, DataType::bf16);
    Kernel kernel = test::stream_kernel(64 * 8192 * 2, 64 * 8192 * 2);
    kernel.shape = VectorShape{64, 8192, true, 0.0};
    const VectorProgram program(chip, rates, kernel);
    const Totals totals = walk(program, 0, program.tiles());
    CHECK(totals.loaded == 2 * 64 * 8192 * 2);
    CHECK(unique_bytes(totals) == 64 * 8192 * 2);
    CHECK(totals.stored == 64 * 8192 * 2);
}

TEST_CASE("types without a matrix unit are cast or go to the vector lanes") {
    ChipConfig chip = test::tile_chip();
    chip.tensor.set(DataType::fp8, FlopPerSecond{});
    chip.tensor.set(DataType::fp32, FlopPerSecond{});
    CHECK(type_support(chip, DataType::bf16).computed == DataType::bf16);
    const TypeSupport fp8 = type_support(chip, DataType::fp8);
    CHECK(fp8.computed == DataType::bf16);
    CHECK(fp8.cast);
    CHECK_FALSE(type_support(chip, DataType::fp32).on_tensor);
    chip.vector = {};
    CHECK_THROWS_AS(type_support(chip, DataType::fp32), UserError);
}
