#pragma once
// A hash of 128 bits that is the same on every platform and in every build, for keys that are written to disk. Two
// lanes of 64 bits with different multipliers (the finalisers of MurmurHash3 and SplitMix64): not against malice, but two
// different inputs of a million have a chance of about 10^-27 to meet.

#include <bit>
#include <compare>
#include <cstdint>
#include <string_view>

namespace myriad {

struct HashKey {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    auto operator<=>(const HashKey&) const = default;
};

class StableHash {
public:
    void add(std::uint64_t word) noexcept {
        high_ = (std::rotl(high_, 27) ^ word) * 0x9fb21c651e98df25ull;
        high_ ^= high_ >> 28;
        low_ = (low_ + word + 0x9e3779b97f4a7c15ull) * 0xbf58476d1ce4e5b9ull;
        low_ ^= low_ >> 27;
    }
    void add(std::int64_t number) noexcept { add(static_cast<std::uint64_t>(number)); }
    void add(int number) noexcept { add(static_cast<std::int64_t>(number)); }
    void add(bool truth) noexcept { add(std::uint64_t{truth}); }
    // Equal numbers hash alike: -0.0 as 0.0.
    void add(double number) noexcept { add(std::bit_cast<std::uint64_t>(number == 0.0 ? 0.0 : number)); }
    // With its length, so that "ab" "c" and "a" "bc" differ.
    void add(std::string_view text) noexcept {
        add(std::uint64_t{text.size()});
        for (const char c : text) {
            add(std::uint64_t{static_cast<unsigned char>(c)});
        }
    }
    void add(const char* text) noexcept { add(std::string_view(text)); }

    [[nodiscard]] HashKey key() const noexcept { return {finish(high_ ^ std::rotl(low_, 32)), finish(low_)}; }

private:
    [[nodiscard]] static std::uint64_t finish(std::uint64_t x) noexcept {
        x = (x ^ (x >> 33)) * 0xff51afd7ed558ccdull;
        x = (x ^ (x >> 33)) * 0xc4ceb9fe1a85ec53ull;
        return x ^ (x >> 33);
    }
    std::uint64_t high_ = 0x243f6a8885a308d3ull;  // digits of pi
    std::uint64_t low_ = 0x13198a2e03707344ull;
};

}  // namespace myriad
