// Random streams: xoshiro256** seeded by SplitMix64 from hash(name) and the seed. Two different names get the same
// state with probability 2^-64. The distributions use IEEE arithmetic whose results the standard fixes (+ - * / sqrt)
// and portable_log; -ffp-contract=off keeps the compiler from fusing them.

#include "sim/random/random_stream.h"

#include "sim/error/error.h"

#include <bit>
#include <cmath>
#include <limits>
#include <numeric>

namespace myriad {

namespace {

__extension__ using Uint128 = unsigned __int128;

Xoshiro256 seeded(std::uint64_t seed, std::string_view name) {
    // The seed is mixed before it meets the name: seeds 1, 2, 3 must not be near each other.
    std::uint64_t state = splitmix64(seed) ^ fnv1a64(name);
    std::array<std::uint64_t, 4> words{};
    for (std::uint64_t& word : words) {
        word = splitmix64(state);
    }
    return Xoshiro256{words};
}

}  // namespace

RandomStream::RandomStream(std::uint64_t seed, std::string_view name) : generator_(seeded(seed, name)) {}

std::uint64_t RandomStream::below(std::uint64_t bound) {
    MYRIAD_CHECK(bound > 0, "random number below 0");
    // Lemire's method: the high word of bits * bound is the draw. Of the 2^64 products, 2^64 mod bound too many fall on
    // some draws; they are those with the smallest low words, and are drawn again.
    Uint128 product = static_cast<Uint128>(bits()) * bound;
    if (static_cast<std::uint64_t>(product) < bound) {
        const std::uint64_t surplus = (0 - bound) % bound;
        while (static_cast<std::uint64_t>(product) < surplus) {
            product = static_cast<Uint128>(bits()) * bound;
        }
    }
    return static_cast<std::uint64_t>(product >> 64);
}

std::int64_t RandomStream::integer(std::int64_t low, std::int64_t high) {
    MYRIAD_CHECK(low <= high, "random integer from an empty range");
    // Unsigned, because high - low may exceed the signed range; the full range wraps to 0.
    const std::uint64_t size = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low) + 1;
    const std::uint64_t offset = size == 0 ? bits() : below(size);
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + offset);
}

double RandomStream::exponential(double mean) {
    MYRIAD_CHECK(mean >= 0.0, "exponential with a negative mean");
    return -mean * portable_log(1.0 - real());  // 1 - real() is in (0, 1]
}

double RandomStream::normal(double mean, double deviation) {
    MYRIAD_CHECK(deviation >= 0.0, "normal with a negative deviation");
    // Marsaglia's polar method. It yields two values; the second is dropped, so that a draw has no hidden state.
    for (;;) {
        const double x = real(-1.0, 1.0);
        const double y = real(-1.0, 1.0);
        const double square = x * x + y * y;
        if (square > 0.0 && square < 1.0) {
            return mean + deviation * x * std::sqrt(-2.0 * portable_log(square) / square);
        }
    }
}

std::vector<std::uint32_t> RandomStream::permutation(std::uint32_t count) {
    std::vector<std::uint32_t> order(count);
    std::iota(order.begin(), order.end(), 0u);
    shuffle(order);
    return order;
}

double portable_log(double x) {
    MYRIAD_CHECK(x >= std::numeric_limits<double>::min() && x <= std::numeric_limits<double>::max(),
                 "logarithm of a number that is not positive, finite and normal");
    // x = m * 2^e with m in [sqrt(1/2), sqrt(2)); log m = 2 atanh(s) = 2 (s + s^3/3 + s^5/5 + ...), s = (m-1)/(m+1).
    // |s| <= 0.172, so the first term left out, s^23/23, is below 2^-62 of the first.
    const auto word = std::bit_cast<std::uint64_t>(x);
    int exponent = static_cast<int>(word >> 52) - 1022;
    double mantissa = std::bit_cast<double>((word & 0x000fffffffffffffu) | 0x3fe0000000000000u);  // in [1/2, 1)
    if (mantissa < 0.70710678118654752) {
        mantissa *= 2.0;
        exponent -= 1;
    }
    const double s = (mantissa - 1.0) / (mantissa + 1.0);
    const double s2 = s * s;
    double tail = 0.0;
    for (int power = 21; power >= 3; power -= 2) {
        tail = (tail + 1.0 / power) * s2;
    }
    // ln 2 in two parts: the first has 32 trailing zero bits, so exponent * high is exact.
    constexpr double kLn2High = 6.93147180369123816490e-01;
    constexpr double kLn2Low = 1.90821492927058770002e-10;
    return exponent * kLn2High + (exponent * kLn2Low + 2.0 * s * tail + 2.0 * s);
}

}  // namespace myriad
