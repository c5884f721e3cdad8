#include "sim/units/units.h"

#include <catch2/catch.hpp>

using namespace myriad;

TEST_CASE("transfer time is exact past 64 bits and names its rounding") {
    // 1 MiB at 50 GB/s: 1048576 / 50e9 s = 20.97152 us, a whole number of picoseconds.
    CHECK(transfer_time_ceil(Bytes{1 << 20}, BytesPerSecond{50'000'000'000}) == ps(20'971'520));
    // 1 TiB at 3 B/s = 2^40 * 10^12 / 3 ps = 366503875925333333333333.3 overflows; at 3 GB/s it is 366503875925333.3 ps.
    const Bytes tebibyte{std::int64_t{1} << 40};
    CHECK(transfer_time_floor(tebibyte, BytesPerSecond{3'000'000'000}) == ps(366'503'875'925'333));
    CHECK(transfer_time_ceil(tebibyte, BytesPerSecond{3'000'000'000}) == ps(366'503'875'925'334));
    CHECK(transfer_time_ceil(Bytes{0}, BytesPerSecond{1}) == ps(0));
}

TEST_CASE("clock edges do not accumulate a rounded period") {
    const Hertz clock{1'700'000'000};  // period 588.235... ps
    CHECK(clock_edge(1, clock).time_since_epoch() == ps(588));
    CHECK(clock_edge(1'700'000'000, clock).time_since_epoch() == ps(1'000'000'000'000));
}
