#pragma once
// The hash that stands for a switch's ECMP hash: fixed for all time and machines, so that a seed names one outcome.

#include <cstdint>

namespace myriad {

// A bijective mix of 64 bits (two xor-shift-multiply rounds): each input bit flips about half of the output bits.
constexpr std::uint64_t mix_bits(std::uint64_t x) {
    x ^= x >> 32;
    x *= 0xD6E8FEB86659FD93u;
    x ^= x >> 32;
    x *= 0xD6E8FEB86659FD93u;
    x ^= x >> 32;
    return x;
}

// Folds one more word into a hash; adding an odd constant keeps zeros from vanishing.
constexpr std::uint64_t hash_step(std::uint64_t hash, std::uint64_t word) {
    return mix_bits(hash + 0x9E3779B97F4A7C15u + mix_bits(word));
}

// `hash` scaled to 0..count-1 without the bias and cost of a division.
constexpr std::uint32_t hash_choice(std::uint64_t hash, std::uint32_t count) {
    return static_cast<std::uint32_t>(((hash >> 32) * count) >> 32);
}

}  // namespace myriad
