#pragma once
// Where a byte lies. An address first takes its way to a pseudo channel; what is left is local to it and is cut into
// banks and rows. Banks are numbered with the bank group in the low bits.

#include "models/hbm/hbm_timing.h"

#include <algorithm>
#include <cstdint>

namespace myriad {

struct BankPart {
    std::int32_t bank = 0;
    std::int32_t group = 0;
    std::int32_t row = 0;
};

// Inside a pseudo channel: `ways` banks take turns every `granule` bytes until a page of each is full.
struct LocalMap {
    std::int32_t granule_bits = 6;  // log2 of bytes
    std::int32_t way_bits = 2;
    std::int32_t page_bits = 10;
    std::int32_t bank_bits = 4;
    std::int32_t group_bits = 2;
    std::int32_t row_bits = 16;

    LocalMap() = default;
    explicit LocalMap(const HbmPreset& preset);

    [[nodiscard]] std::uint64_t capacity() const { return std::uint64_t{1} << (page_bits + bank_bits + row_bits); }
    [[nodiscard]] BankPart part_at(std::uint64_t address) const {
        const std::uint64_t way = (address >> granule_bits) & low(way_bits);
        const std::uint64_t high = address >> (page_bits + way_bits);
        const std::int32_t rest_bits = bank_bits - way_bits;
        const std::uint64_t bank = way | ((high & low(rest_bits)) << way_bits);
        return BankPart{.bank = static_cast<std::int32_t>(bank),
                        .group = static_cast<std::int32_t>(bank & low(group_bits)),
                        .row = static_cast<std::int32_t>((high >> rest_bits) & low(row_bits))};
    }
    // Calls f(part, bytes, ways) for every row that [address, address + bytes) touches, `ways` of them in all; it must
    // not cross a boundary of page x ways.
    template <class F>
    void for_each_row(std::uint64_t address, std::uint64_t bytes, F f) const {
        const std::uint64_t first = address >> granule_bits;
        const std::uint64_t last = (address + bytes - 1) >> granule_bits;
        const std::uint64_t head = address & low(granule_bits);
        const std::uint64_t tail = low(granule_bits) - ((address + bytes - 1) & low(granule_bits));
        const std::uint64_t granules = last - first + 1;
        const std::uint64_t ways = std::min(granules, std::uint64_t{1} << way_bits);
        for (std::uint64_t way = 0; way < ways; ++way) {
            const std::uint64_t turns = (granules - way + low(way_bits)) >> way_bits;
            const std::uint64_t cut = (way == 0 ? head : 0) + (way == ((granules - 1) & low(way_bits)) ? tail : 0);
            f(part_at((first + way) << granule_bits), static_cast<std::int64_t>((turns << granule_bits) - cut),
              static_cast<std::int32_t>(ways));
        }
    }

private:
    [[nodiscard]] static constexpr std::uint64_t low(std::int32_t count) { return (std::uint64_t{1} << count) - 1; }
};

// A byte of a stack: which pseudo channel, and the address inside it.
struct StackPlace {
    std::int32_t channel = 0;
    std::int32_t pseudo_channel = 0;
    std::uint64_t local = 0;
};

// Takes the channel bits and the pseudo channel bit out of an address.
struct StackMap {
    std::int32_t channel_low = 6;  // bit at which the channel stands
    std::int32_t channel_bits = 3;
    std::int32_t pseudo_low = 6;  // bit at which the pseudo channel stands, once the channel bits are out
    std::int32_t pseudo_bits = 1;

    StackMap() = default;
    explicit StackMap(const HbmPreset& preset);

    [[nodiscard]] StackPlace place(std::uint64_t address) const {
        StackPlace place;
        place.channel = static_cast<std::int32_t>((address >> channel_low) & ((std::uint64_t{1} << channel_bits) - 1));
        const std::uint64_t in_channel = without(address, channel_low, channel_bits);
        place.pseudo_channel =
            static_cast<std::int32_t>((in_channel >> pseudo_low) & ((std::uint64_t{1} << pseudo_bits) - 1));
        place.local = without(in_channel, pseudo_low, pseudo_bits);
        return place;
    }

private:
    [[nodiscard]] static constexpr std::uint64_t without(std::uint64_t address, std::int32_t low, std::int32_t count) {
        const std::uint64_t mask = (std::uint64_t{1} << low) - 1;
        return (address & mask) | ((address >> (low + count)) << low);
    }
};

}  // namespace myriad
