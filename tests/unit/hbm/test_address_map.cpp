// Which bit of an address goes where, and the requests of the traffic patterns.

#include "models/hbm/address_map.h"
#include "models/hbm/pattern.h"
#include "sim/random/random_stream.h"
#include "tests/unit/hbm/presets.h"

#include <catch2/catch.hpp>

#include <map>
#include <set>
#include <tuple>

using namespace myriad;
using myriad::test::hbm2;

namespace {

HbmPreset with_map(HbmAddressMap map) {
    HbmPreset preset = hbm2();
    preset.controller.map = map;
    return preset;
}

using Place = std::tuple<std::int32_t, std::int32_t, std::int32_t, std::int32_t>;  // channel, pseudo channel, bank, row

Place place_of(const HbmPreset& preset, std::uint64_t address) {
    const StackPlace place = StackMap(preset).place(address);
    const BankPart part = LocalMap(preset).part_at(place.local);
    return {place.channel, place.pseudo_channel, part.bank, part.row};
}

}  // namespace

TEST_CASE("the reference map: 32 B, column 1 bit, channel 3, pseudo channel, bank group 2, column 4, bank 2, row") {
    const HbmPreset preset = with_map(HbmAddressMap::reference);
    CHECK(place_of(preset, 1ULL << 5) == Place{0, 0, 0, 0});  // the second burst of 64 B
    CHECK(place_of(preset, 1ULL << 6) == Place{1, 0, 0, 0});
    CHECK(place_of(preset, 1ULL << 8) == Place{4, 0, 0, 0});
    CHECK(place_of(preset, 1ULL << 9) == Place{0, 1, 0, 0});
    CHECK(place_of(preset, 1ULL << 10) == Place{0, 0, 1, 0});  // bank group: low bits of the bank
    CHECK(place_of(preset, 1ULL << 11) == Place{0, 0, 2, 0});
    CHECK(place_of(preset, 1ULL << 12) == Place{0, 0, 0, 0});  // column
    CHECK(place_of(preset, 1ULL << 15) == Place{0, 0, 0, 0});
    CHECK(place_of(preset, 1ULL << 16) == Place{0, 0, 4, 0});
    CHECK(place_of(preset, 1ULL << 18) == Place{0, 0, 0, 1});
    CHECK(place_of(preset, 1ULL << 33) == Place{0, 0, 0, 32768});
}

TEST_CASE("the other maps") {
    CHECK(place_of(with_map(HbmAddressMap::channel_256), 1ULL << 8) == Place{1, 0, 0, 0});
    CHECK(place_of(with_map(HbmAddressMap::channel_256), 1ULL << 7) == Place{0, 0, 0, 0});
    // Column 1 bit, channel 3, column 4, pseudo channel, bank group, bank, row.
    CHECK(place_of(with_map(HbmAddressMap::row_linear), 1ULL << 6) == Place{1, 0, 0, 0});
    CHECK(place_of(with_map(HbmAddressMap::row_linear), 1ULL << 12) == Place{0, 0, 0, 0});
    CHECK(place_of(with_map(HbmAddressMap::row_linear), 1ULL << 13) == Place{0, 1, 0, 0});
    CHECK(place_of(with_map(HbmAddressMap::row_linear), 1ULL << 14) == Place{0, 0, 1, 0});
    CHECK(place_of(with_map(HbmAddressMap::banks_low), 1ULL << 12) == Place{0, 0, 4, 0});
    CHECK(place_of(with_map(HbmAddressMap::burst_interleave), 1ULL << 5) == Place{1, 0, 0, 0});
}

TEST_CASE("every map puts 32 bursts into a row and no two bursts of a stack into one place") {
    for (int map = 0; map < 5; ++map) {
        const HbmPreset preset = with_map(static_cast<HbmAddressMap>(map));
        std::map<Place, int> bursts;
        // The first 512 KiB hold two rows of every bank: 16 pseudo channels x 16 banks x 1 KiB = 256 KiB.
        for (std::uint64_t address = 0; address < 512 * 1024; address += 32) {
            ++bursts[place_of(preset, address)];
        }
        INFO("map " << map);
        CHECK(bursts.size() == 512);
        for (const auto& [place, count] : bursts) {
            REQUIRE(count == 32);
        }
    }
}

TEST_CASE("a train is cut into rows without losing a byte") {
    RandomStream random(1, "cuts of trains");
    for (int map = 0; map < 5; ++map) {
        const LocalMap local(with_map(static_cast<HbmAddressMap>(map)));
        const std::uint64_t span = std::uint64_t{1} << (local.page_bits + local.way_bits);
        for (int i = 0; i < 200; ++i) {
            const std::uint64_t offset = random.below(span);
            const std::uint64_t bytes = 1 + random.below(span - offset);
            std::int64_t sum = 0;
            std::set<std::int32_t> banks;
            local.for_each_row(7 * span + offset, bytes,
                               [&](const BankPart& part, std::int64_t of_row, std::int32_t ways) {
                                   REQUIRE(of_row > 0);
                                   REQUIRE(banks.insert(part.bank).second);
                                   REQUIRE(ways <= (1 << local.way_bits));
                                   sum += of_row;
                               });
            REQUIRE(sum == static_cast<std::int64_t>(bytes));
        }
    }
}

TEST_CASE("requests of the patterns") {
    const Bytes capacity{std::int64_t{16} << 30};
    PatternSource stream({MemoryPattern::stream, 2, 1, kRequest}, capacity);
    const std::uint64_t array = (256ULL << 20) + (64ULL << 10);
    for (std::uint64_t e = 0; e < 3; ++e) {
        for (std::uint64_t k = 0; k < 3; ++k) {
            const PatternSource::Request request = stream.next();
            CHECK(request.address == k * array + 64 * e);
            CHECK(request.write == (k == 2));
        }
    }
    PatternSource blocks({MemoryPattern::stream_blocks, 2, 1, kRequest}, capacity);
    for (int i = 0; i < 64; ++i) {
        (void)blocks.next();
    }
    CHECK(blocks.next().address == array);  // 4 KiB of the first array are done
    // xorshift64 (13, 7, 17), seed 88172645463325252: the first draw is 8748534153485358512.
    PatternSource random({MemoryPattern::random, 1, 0, kRequest}, capacity);
    CHECK(random.next().address == 64 * (8748534153485358512ULL % (1ULL << 28)));
    PatternSource strided({MemoryPattern::strided, 1, 0, Bytes{4096}}, capacity);
    (void)strided.next();
    CHECK(strided.next().address == 4096);
}
