#pragma once
// The three published building blocks of a random stream: FNV-1a (a name to 64 bits), SplitMix64 (64 bits to a state)
// and xoshiro256** (Blackman and Vigna, 2018). Integer arithmetic only, so the same on every platform.

#include <array>
#include <bit>
#include <cstdint>
#include <string_view>

namespace myriad {

[[nodiscard]] constexpr std::uint64_t fnv1a64(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325u;
    for (const char c : text) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    }
    return hash;
}

// Advances `state` and returns the next value of its sequence.
constexpr std::uint64_t splitmix64(std::uint64_t& state) {
    state += 0x9e3779b97f4a7c15u;
    std::uint64_t z = state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

class Xoshiro256 {
public:
    // Not all four words may be zero.
    constexpr explicit Xoshiro256(const std::array<std::uint64_t, 4>& state) : s_(state) {}

    constexpr std::uint64_t next() {
        const std::uint64_t result = std::rotl(s_[1] * 5, 7) * 9;
        const std::uint64_t shifted = s_[1] << 17;
        s_[2] ^= s_[0];
        s_[3] ^= s_[1];
        s_[1] ^= s_[2];
        s_[0] ^= s_[3];
        s_[2] ^= shifted;
        s_[3] = std::rotl(s_[3], 45);
        return result;
    }

private:
    std::array<std::uint64_t, 4> s_;
};

}  // namespace myriad
