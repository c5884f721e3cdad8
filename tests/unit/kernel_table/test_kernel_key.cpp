// Keys: equal for equal content, different for every single field, and the same on every machine.

#include "models/kernel_table/kernel_key.h"
#include "tests/unit/kernel_table/sample.h"

#include <catch2/catch.hpp>

#include <functional>
#include <set>

using namespace myriad;

TEST_CASE("a label and the name, power and price of a chip are no part of a key") {
    CHECK(kernel_key(sample::gemm(64, "a")) == kernel_key(sample::gemm(64, "b")));
    const ChipConfig chip = reference::round_chip();
    ChipConfig other = chip;
    other.name = "other";
    other.tdp = Watts{1.0};
    other.rent = UsDollarsPerHour{9.0};
    other.communication.cores = 7;
    CHECK(chip_key(chip) == chip_key(other));
}

TEST_CASE("every field of a kernel changes its key") {
    const std::vector<std::function<void(Kernel&)>> changes{
        [](Kernel&) {},
        [](Kernel& k) { k.unit = KernelUnit::vector; },
        [](Kernel& k) { k.type = DataType::fp16; },
        [](Kernel& k) { k.work = Flop{1.0}; },
        [](Kernel& k) { k.read = Bytes{1}; },
        [](Kernel& k) { k.written = Bytes{1}; },
        [](Kernel& k) { k.launches = 2; },
        [](Kernel& k) { k.shape = std::monostate{}; },
        [](Kernel& k) { std::get<GemmShape>(k.shape).m = 1; },
        [](Kernel& k) { std::get<GemmShape>(k.shape).n = 1; },
        [](Kernel& k) { std::get<GemmShape>(k.shape).k = 1; },
        [](Kernel& k) { std::get<GemmShape>(k.shape).batch = 3; },
        [](Kernel& k) { std::get<GemmShape>(k.shape).accumulate = true; },
        [](Kernel& k) { std::get<GemmShape>(k.shape).output_bytes = 4; },
        [](Kernel& k) { k.shape = AttentionShape{}; },
        [](Kernel& k) { k.shape = AttentionShape{.causal = false}; },
        [](Kernel& k) { k.shape = AttentionShape{.backward = true}; },
        [](Kernel& k) { k.shape = VectorShape{}; },
        [](Kernel& k) { k.shape = VectorShape{.special = 1.0}; },
        [](Kernel& k) { k.shape = GroupedGemmShape{}; },
    };
    std::set<HashKey> keys;
    for (const auto& change : changes) {
        Kernel kernel = sample::gemm(64);
        change(kernel);
        CHECK(keys.insert(kernel_key(kernel)).second);
    }
}

TEST_CASE("rows of experts are hashed by value and in their order") {
    const std::vector<std::int64_t> rows{3, 5};
    const std::vector<std::int64_t> same = rows;
    const std::vector<std::int64_t> turned{5, 3};
    const auto key_of = [](const std::vector<std::int64_t>& of_experts) {
        Kernel kernel;
        kernel.shape = GroupedGemmShape{of_experts, 8, 8};
        return kernel_key(kernel);
    };
    CHECK(key_of(rows) == key_of(same));
    CHECK(key_of(rows) != key_of(turned));
}

TEST_CASE("what the tile level reads of a chip changes its key") {
    const std::vector<std::function<void(ChipConfig&)>> changes{
        [](ChipConfig&) {},
        [](ChipConfig& c) { c.cores = 1; },
        [](ChipConfig& c) { c.matrix_cores = 1; },
        [](ChipConfig& c) { c.clock = Hertz{1}; },
        [](ChipConfig& c) { c.tensor.set(DataType::fp8, FlopPerSecond{1.0}); },
        [](ChipConfig& c) { c.vector.set(DataType::fp8, FlopPerSecond{1.0}); },
        [](ChipConfig& c) { c.hbm.type = "HBM3"; },
        [](ChipConfig& c) { c.hbm.stacks = 1; },
        [](ChipConfig& c) { c.hbm.bandwidth = BytesPerSecond{1}; },
        [](ChipConfig& c) { c.hbm.preset.organisation.rows = 1; },
        [](ChipConfig& c) { c.hbm.preset.times.refresh_interval = ps(1); },
        [](ChipConfig& c) { c.hbm.preset.controller.refresh_rate = 2.0; },
        [](ChipConfig& c) { c.l2 = Bytes{1}; },
        [](ChipConfig& c) { c.launch_latency = ps(1); },
        [](ChipConfig& c) { c.tile.gemm_tiles.push_back({}); },
        [](ChipConfig& c) { c.tile.cache_share = 0.5; },
        [](ChipConfig& c) { c.tile.kernel_end = ps(1); },
    };
    std::set<HashKey> keys;
    for (const auto& change : changes) {
        ChipConfig chip = reference::round_chip();
        change(chip);
        CHECK(keys.insert(chip_key(chip)).second);
    }
}

TEST_CASE("the hash is fixed: a file written elsewhere is found here") {
    // From the definition in stable_hash.h, evaluated in Python with integers of any size.
    StableHash hash;
    CHECK(text_of(hash.key()) == "0063ab234c52252e72dee428a469f6fd");
    hash.add(std::int64_t{-1});
    hash.add(0.5);
    hash.add("HBM2e");
    CHECK(text_of(hash.key()) == "a7d3245f21f702955982ecce5094f1f4");
}

TEST_CASE("words that change places, and texts cut elsewhere, hash differently") {
    const auto of = [](auto... values) {
        StableHash hash;
        (hash.add(values), ...);
        return hash.key();
    };
    CHECK(of(std::uint64_t{1}, std::uint64_t{2}) != of(std::uint64_t{2}, std::uint64_t{1}));
    CHECK(of(std::uint64_t{0}) != of(std::uint64_t{0}, std::uint64_t{0}));
    CHECK(of("ab", "c") != of("a", "bc"));
    CHECK(of(0.0) == of(-0.0));
}

TEST_CASE("a hundred thousand neighbouring shapes have as many keys") {
    std::set<std::uint64_t> high;
    std::set<std::uint64_t> low;
    for (std::int64_t m = 1; m <= 100'000; ++m) {
        const HashKey key = kernel_key(sample::gemm(m));
        high.insert(key.high);
        low.insert(key.low);
    }
    // Each half alone: 64 bits meet by chance once in 4 x 10^9 such sets.
    CHECK(high.size() == 100'000);
    CHECK(low.size() == 100'000);
}
