// The table simulates each distinct kernel once, asks its store first, and gives it what is new.

#include "models/kernel_table/kernel_table.h"
#include "models/kernel_table/result_text.h"
#include "sim/error/error.h"
#include "tests/unit/kernel_table/sample.h"

#include <catch2/catch.hpp>

#include <map>

using namespace myriad;

namespace {

// Body in ns = rows of the GEMM.
KernelResult by_rows(const ChipConfig& /*chip*/, const Kernel& kernel) {
    return sample::result(std::get<GemmShape>(kernel.shape).m);
}

struct MapStore final : KernelStore {
    std::map<HashKey, KernelResults> chips;
    int loads = 0;
    int saves = 0;

    KernelResults load(const HashKey& chip) override {
        ++loads;
        return chips[chip];
    }
    void save(const HashKey& chip, const KernelResults& fresh) override {
        ++saves;
        chips[chip].insert(fresh.begin(), fresh.end());
    }
};

}  // namespace

TEST_CASE("a kernel is simulated on first use and then remembered, whatever its label") {
    const ChipConfig chip = reference::round_chip();
    KernelTable table(chip, nullptr, by_rows);
    const KernelResult* first = &table.result(sample::gemm(64, "forward"));
    CHECK(first->body == ns(64));
    for (std::int64_t m = 1; m <= 1000; ++m) {  // grows past its first size
        CHECK(table.result(sample::gemm(m)).body == ns(m));
    }
    CHECK(&table.result(sample::gemm(64, "recompute")) == first);
    CHECK(table.distinct() == 1000);
    CHECK(table.simulated() == 1000);
}

TEST_CASE("what a store knows is not simulated, and only what is new is saved") {
    const ChipConfig chip = reference::round_chip();
    MapStore store;
    KernelTable cold(chip, &store, by_rows);
    CHECK(cold.result(sample::gemm(1)).body == ns(1));
    CHECK(store.saves == 0);
    cold.save();
    cold.save();  // nothing new
    CHECK(store.saves == 1);

    KernelTable warm(chip, &store, by_rows);
    CHECK(warm.result(sample::gemm(1)).body == ns(1));
    CHECK(warm.result(sample::gemm(2)).body == ns(2));
    CHECK(warm.distinct() == 2);
    CHECK(warm.simulated() == 1);
    warm.save();
    CHECK(store.loads == 2);
    CHECK(store.chips.at(chip_key(chip)).size() == 2);

    ChipConfig faster = chip;
    faster.clock = Hertz{2'000'000'000};
    KernelTable other(faster, &store, by_rows);
    CHECK(other.result(sample::gemm(1)).body == ns(1));
    CHECK(other.simulated() == 1);
}

TEST_CASE("what the chip cannot run is the user's error and is not remembered") {
    const ChipConfig chip = reference::round_chip();
    MapStore store;
    KernelTable table(chip, &store,
                      [](const ChipConfig&, const Kernel&) -> KernelResult { throw UserError("no such type"); });
    CHECK_THROWS_AS(table.result(sample::gemm(1)), UserError);
    CHECK_THROWS_AS(table.result(sample::gemm(1)), UserError);
    CHECK(table.distinct() == 0);
    table.save();
    CHECK(store.saves == 0);
}

TEST_CASE("a line reads back to the same result, and no changed line reads at all") {
    const HashKey key = kernel_key(sample::gemm(7));
    for (const std::string plan : {"128 x 256 x 64, split 2", "", "stream"}) {
        KernelResult result = sample::result(7);
        result.plan = plan;
        const std::string line = line_of(key, result);
        const auto read = parse_line(line);
        REQUIRE(read);
        CHECK(read->first == key);
        CHECK(read->second.plan == plan);
        CHECK(line_of(read->first, read->second) == line);
        CHECK_FALSE(parse_line(line.substr(0, line.size() - 1)));
        CHECK_FALSE(parse_line(line + " "));
        for (std::size_t at = 0; at < line.size(); ++at) {
            std::string changed = line;
            changed[at] = changed[at] == '1' ? '2' : '1';
            CHECK_FALSE(parse_line(changed));
        }
    }
    CHECK_FALSE(parse_line(""));
    CHECK_FALSE(parse_line("a b c"));
}
