#pragma once
// Strong units of the whole house. Time is integer picoseconds (106 days fit), sizes and bandwidths are integers,
// work is a double because a training step exceeds 2^63 flop. Nothing converts silently: a constructor is explicit
// and a wrong unit does not compile (tests/unit/units/does_not_compile.cpp).

#include <chrono>
#include <compare>
#include <cstdint>
#include <ratio>

namespace myriad {

using Picoseconds = std::chrono::duration<std::int64_t, std::pico>;

// Simulated time; never now()-ed, so that host time cannot slip in.
struct SimClock {
    using rep = std::int64_t;
    using period = std::pico;
    using duration = Picoseconds;
    using time_point = std::chrono::time_point<SimClock, Picoseconds>;
    static constexpr bool is_steady = true;
};
using TimePoint = SimClock::time_point;

constexpr Picoseconds ps(std::int64_t n) { return Picoseconds{n}; }
constexpr Picoseconds ns(std::int64_t n) { return Picoseconds{n * 1'000}; }
constexpr Picoseconds us(std::int64_t n) { return Picoseconds{n * 1'000'000}; }
constexpr Picoseconds ms(std::int64_t n) { return Picoseconds{n * 1'000'000'000}; }
constexpr double seconds(Picoseconds t) { return static_cast<double>(t.count()) * 1e-12; }

// A number with a dimension. Tag names the dimension, Rep is int64_t or double.
template <class Tag, class Rep>
class Quantity {
public:
    using rep = Rep;
    constexpr Quantity() = default;
    constexpr explicit Quantity(Rep count) : count_(count) {}
    [[nodiscard]] constexpr Rep count() const { return count_; }

    constexpr auto operator<=>(const Quantity&) const = default;
    constexpr Quantity& operator+=(Quantity other) {
        count_ += other.count_;
        return *this;
    }
    constexpr Quantity& operator-=(Quantity other) {
        count_ -= other.count_;
        return *this;
    }
    friend constexpr Quantity operator+(Quantity a, Quantity b) { return Quantity{a.count_ + b.count_}; }
    friend constexpr Quantity operator-(Quantity a, Quantity b) { return Quantity{a.count_ - b.count_}; }
    friend constexpr Quantity operator*(Quantity a, Rep factor) { return Quantity{a.count_ * factor}; }
    friend constexpr Quantity operator*(Rep factor, Quantity a) { return a * factor; }
    friend constexpr Quantity operator/(Quantity a, Rep divisor) { return Quantity{a.count_ / divisor}; }

private:
    Rep count_{};
};

using Bytes = Quantity<struct BytesTag, std::int64_t>;
using BytesPerSecond = Quantity<struct BytesPerSecondTag, std::int64_t>;
using Hertz = Quantity<struct HertzTag, std::int64_t>;
using Flop = Quantity<struct FlopTag, double>;
using FlopPerSecond = Quantity<struct FlopPerSecondTag, double>;
using Watts = Quantity<struct WattsTag, double>;
using UsDollarsPerHour = Quantity<struct UsDollarsPerHourTag, double>;

// How many whole times b goes into a; a ratio has no unit.
constexpr std::int64_t count_of(Bytes a, Bytes b) { return a.count() / b.count(); }

__extension__ using Int128 = __int128;  // GCC and clang on every 64-bit target

inline constexpr std::int64_t kPicosecondsPerSecond = 1'000'000'000'000;

// Time to serialise `size` at `rate`, rounded up or down to a picosecond. 128-bit inside: bytes x 10^12 overflows
// 64 bits above 9 MB. `rate` must be positive.
constexpr Picoseconds transfer_time_ceil(Bytes size, BytesPerSecond rate) {
    const Int128 scaled = static_cast<Int128>(size.count()) * kPicosecondsPerSecond;
    return Picoseconds{static_cast<std::int64_t>((scaled + rate.count() - 1) / rate.count())};
}
constexpr Picoseconds transfer_time_floor(Bytes size, BytesPerSecond rate) {
    const Int128 scaled = static_cast<Int128>(size.count()) * kPicosecondsPerSecond;
    return Picoseconds{static_cast<std::int64_t>(scaled / rate.count())};
}

// Time to do `work` at `rate`, to the nearest picosecond.
constexpr Picoseconds work_time(Flop work, FlopPerSecond rate) {
    return Picoseconds{static_cast<std::int64_t>(work.count() / rate.count() * 1e12 + 0.5)};
}

// The n-th edge of a clock: floor(n * 10^12 / f), so that a rounded period never accumulates.
constexpr TimePoint clock_edge(std::int64_t n, Hertz frequency) {
    const Int128 scaled = static_cast<Int128>(n) * kPicosecondsPerSecond;
    return TimePoint{Picoseconds{static_cast<std::int64_t>(scaled / frequency.count())}};
}

}  // namespace myriad
