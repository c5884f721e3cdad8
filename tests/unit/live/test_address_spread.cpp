// Slices and pseudo channels of addresses: even over whole stripes, close to even for blocks at any address.

#include "models/live/address_spread.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <numeric>
#include <set>

using namespace myriad;

namespace {

// 64 slices and 96 pseudo channels as on the PPU: a stripe is lcm(64, 96) = 192 granules of 64 B = 12,288 B.
constexpr std::int64_t kStripe = 192 * 64;

AddressSpread ppu() { return {64, 96, LocalMap{}}; }

}  // namespace

TEST_CASE("whole stripes give every slice and every pseudo channel the same bytes") {
    const AddressSpread spread = ppu();
    std::vector<std::int64_t> shares;
    spread.share_out(5 * kStripe, 7 * kStripe, shares);
    // 7 x 192 granules / 64 slices = 21 granules of 64 B.
    CHECK(std::all_of(shares.begin(), shares.end(), [](std::int64_t bytes) { return bytes == 21 * 64; }));
    std::vector<std::int64_t> channels(96, 0);
    for (std::int64_t s = 0; s < 64; ++s) {
        spread.for_each_granule(s, 5 * kStripe, 7 * kStripe, [&](std::int64_t p, std::uint64_t, std::int64_t bytes) {
            channels.at(static_cast<std::size_t>(p)) += bytes;
        });
    }
    // 7 x 192 / 96 = 14 granules.
    CHECK(std::all_of(channels.begin(), channels.end(), [](std::int64_t bytes) { return bytes == 14 * 64; }));
}

TEST_CASE("the granules of a slice add up to its share, at any address and length") {
    const AddressSpread spread = ppu();
    std::vector<std::int64_t> shares;
    for (const auto& [address, bytes] : {std::pair<std::uint64_t, std::int64_t>{0, 1},
                                         {63, 2},
                                         {12'287, 8192},
                                         {1'000'001, 33'333},
                                         {std::uint64_t{1} << 39, 16'384}}) {
        spread.share_out(address, bytes, shares);
        CHECK(std::accumulate(shares.begin(), shares.end(), std::int64_t{0}) == bytes);
        for (std::int64_t s = 0; s < 64; ++s) {
            std::int64_t sum = 0;
            spread.for_each_granule(s, address, bytes, [&](std::int64_t p, std::uint64_t, std::int64_t part) {
                CHECK(spread.reaches(s, p));
                sum += part;
            });
            CHECK(sum == shares[static_cast<std::size_t>(s)]);
        }
    }
}

TEST_CASE("every granule has a place of its own in its pseudo channel") {
    const AddressSpread spread = ppu();
    std::set<std::pair<std::int64_t, std::uint64_t>> places;
    for (std::int64_t s = 0; s < 64; ++s) {
        spread.for_each_granule(s, 0, 100 * kStripe, [&](std::int64_t p, std::uint64_t address, std::int64_t bytes) {
            CHECK(bytes == 64);
            places.insert({p, address});
        });
    }
    CHECK(places.size() == 100 * 192);
}

TEST_CASE("blocks that lie a power of two apart do not meet in one slice") {
    // A granule each of 6,400 blocks, 1 MiB apart: 100 a slice if even; by chance the spread is sqrt(100) = 10, so the
    // fullest of 64 has 125 or so. Without the hash 2^20 / 64 mod 192 = 64 would leave three stripes' places only.
    const AddressSpread spread = ppu();
    std::vector<std::int64_t> total(64, 0);
    std::vector<std::int64_t> shares;
    for (std::uint64_t i = 0; i < 6400; ++i) {
        spread.share_out(i << 20, 64, shares);
        for (std::size_t s = 0; s < 64; ++s) {
            total[s] += shares[s] / 64;
        }
    }
    CHECK(*std::max_element(total.begin(), total.end()) <= 150);
    CHECK(*std::min_element(total.begin(), total.end()) >= 50);
}

TEST_CASE("any number of slices and pseudo channels is served") {
    // H100: 96 slices, 160 pseudo channels; a slice reaches those of the same remainder by gcd = 32: five of them.
    const AddressSpread spread(96, 160, LocalMap{});
    std::int64_t reached = 0;
    for (std::int64_t p = 0; p < 160; ++p) {
        reached += spread.reaches(7, p) ? 1 : 0;
    }
    CHECK(reached == 5);
    std::vector<std::int64_t> shares;
    spread.share_out(0, 480 * 64, shares);
    CHECK(std::all_of(shares.begin(), shares.end(), [](std::int64_t bytes) { return bytes == 5 * 64; }));
}
