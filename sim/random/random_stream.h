#pragma once
// Named random streams: one per thing that needs chance, named as the thing is ("cluster.server3.nic0.arrivals"). A
// stream depends on the run's seed and its own name only, so adding a stream elsewhere, or building things in another
// order, changes no draw. Generator and distributions are our own: the standard library's differ between platforms.

#include "sim/random/generator.h"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace myriad {

class RandomStream {
public:
    RandomStream(std::uint64_t seed, std::string_view name);

    // 64 uniform bits.
    std::uint64_t bits() { return generator_.next(); }

    // Uniform in [0, bound), without the bias of a remainder. `bound` is not 0.
    std::uint64_t below(std::uint64_t bound);

    // Uniform in [low, high], both ends included.
    std::int64_t integer(std::int64_t low, std::int64_t high);

    // Uniform in [0, 1), a multiple of 2^-53.
    double real() { return static_cast<double>(bits() >> 11) * 0x1p-53; }

    // Uniform in [low, high).
    double real(double low, double high) { return low + (high - low) * real(); }

    // True with this probability.
    bool chance(double probability) { return real() < probability; }

    // Exponential with this mean: the gap between arrivals of a Poisson process of rate 1 / mean.
    double exponential(double mean);

    double normal(double mean, double deviation);

    // Every order equally likely (Fisher and Yates).
    template <class T>
    void shuffle(std::vector<T>& items) {
        for (std::size_t left = items.size(); left > 1; --left) {
            std::swap(items[left - 1], items[static_cast<std::size_t>(below(left))]);
        }
    }

    // The numbers 0 .. count - 1 in random order.
    [[nodiscard]] std::vector<std::uint32_t> permutation(std::uint32_t count);

private:
    Xoshiro256 generator_;
};

// Natural logarithm of a positive, finite, normal number from additions, multiplications and divisions alone, to within
// 2 units in the last place: the C library's differs between versions, and with it every draw that used it.
[[nodiscard]] double portable_log(double x);

}  // namespace myriad
