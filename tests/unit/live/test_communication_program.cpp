// What the kernels of communication load and store: every byte once, from the right card.

#include "models/live/communication_program.h"

#include <catch2/catch.hpp>

#include <map>

using namespace myriad;

namespace {

std::vector<CardId> cards(std::uint32_t count) {
    std::vector<CardId> all;
    for (std::uint32_t c = 0; c < count; ++c) {
        all.push_back(CardId{c});
    }
    return all;
}

struct Sums {
    std::map<std::uint64_t, std::int64_t> loaded;  // by card + 1, 0: the card itself
    std::int64_t stored = 0;
    Picoseconds vector{};
};

Sums sums(const TileProgram& program, std::int64_t pass) {
    Sums sums;
    for (std::int64_t t = program.pass_begin(pass); t < program.pass_begin(pass + 1); ++t) {
        for (std::int64_t s = 0; s < program.steps(t); ++s) {
            TileStep step;
            program.step(t, s, step);
            sums.vector += step.work.vector;
            for (int i = 0; i < step.load_count; ++i) {
                const BlockAccess& load = step.loads[static_cast<std::size_t>(i)];
                CHECK_FALSE(load.write);
                sums.loaded[load.address >> kCardShift] += load.bytes.count();
            }
        }
        TileEnd end;
        program.end(t, end);
        for (int i = 0; i < end.load_count; ++i) {
            CHECK(end.loads[static_cast<std::size_t>(i)].write);
            CHECK_FALSE(is_remote(end.loads[static_cast<std::size_t>(i)].address));
            sums.stored += end.loads[static_cast<std::size_t>(i)].bytes.count();
        }
    }
    return sums;
}

CoreRates rates() {
    CoreRates rates;
    rates.vector = FlopPerSecond{1e12};
    return rates;
}

}  // namespace

TEST_CASE("an all-reduce of any size loads every shard once and stores the whole result") {
    for (const std::uint32_t ranks : {2U, 8U, 16U}) {
        for (const std::int64_t size : {std::int64_t{4096}, std::int64_t{1'000'002}}) {
            std::int64_t shards = 0;
            for (std::int64_t rank = 0; rank < ranks; ++rank) {
                const AllReduceProgram program(rates(), cards(ranks), rank, {0, 1 << 30, Bytes{size}}, 4);
                const Sums reduce = sums(program, 0);
                const std::int64_t shard = reduce.stored;
                shards += shard;
                CHECK(reduce.loaded.size() == ranks);
                for (const auto& [card, bytes] : reduce.loaded) {
                    CHECK(bytes == shard);
                }
                const Sums gather = sums(program, 1);
                CHECK(gather.stored == size - shard);
                CHECK(gather.loaded.size() == ranks - 1);
                CHECK(gather.loaded.count(0) == 0);
            }
            CHECK(shards == size);
        }
    }
}

TEST_CASE("the reduction takes the vector lanes an addition an element and rank") {
    // 8 ranks, 64 KiB each: a shard of 8 KiB is one chunk, 8 x 4,096 additions at 1 TFLOP/s: 32,768 ps.
    const AllReduceProgram program(rates(), cards(8), 0, {0, 1 << 30, Bytes{65'536}}, 4);
    CHECK(sums(program, 0).vector == ps(32'768));
}

TEST_CASE("a copy loads and stores every byte once") {
    const PeerCopyProgram program(address_on(CardId{3}, 0), 4096, Bytes{20'000}, 4);
    CHECK(program.tiles() == 3);
    const Sums all = sums(program, 0);
    CHECK(all.loaded.at(4) == 20'000);
    CHECK(all.stored == 20'000);
}
