// Text forms of quantities: exact values, messages, and that what is printed reads back.

#include "sim/units/quantity_text.h"

#include <catch2/catch.hpp>

#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

using namespace myriad;

namespace {

template <class Q>
auto value(const std::string& text) {
    const Parsed<Q> parsed = parse_quantity<Q>(text);
    INFO(text << ": " << parsed.problem);
    REQUIRE(parsed);
    return parsed.value.count();
}

// Not inlined: GCC 12 warns of an overread in comparing a short string it can see through.
template <class Q>
[[gnu::noinline]] std::string problem(const std::string& text) {
    return parse_quantity<Q>(text).problem;
}

}  // namespace

TEST_CASE("integer quantities are read without floating point") {
    CHECK(value<Picoseconds>("1.2 us") == 1'200'000);
    CHECK(value<Picoseconds>("350 ns") == 350'000);
    CHECK(value<Picoseconds>("2 min") == 120'000'000'000'000);
    CHECK(value<BytesPerSecond>("2.765 TB/s") == 2'765'000'000'000);
    CHECK(value<BytesPerSecond>("50 GB/s") == 50'000'000'000);
    CHECK(value<BytesPerSecond>("400 Gb/s") == 50'000'000'000);  // 400e9 bits / 8
    CHECK(value<BytesPerSecond>("1 GiB/s") == 1'073'741'824);    // 2^30
    CHECK(value<Bytes>("96 GiB") == 96LL * 1024 * 1024 * 1024);
    CHECK(value<Bytes>("8GiB") == 8LL * 1024 * 1024 * 1024);  // no space, as on a command line
    CHECK(value<Bytes>("64 kb") == 8'000);
    CHECK(value<Bytes>("1e3 B") == 1'000);
    CHECK(value<Bytes>("2 EB") == 2'000'000'000'000'000'000);
    CHECK(value<Bytes>("1 EiB") == 1LL << 60);
    CHECK(value<Hertz>("1.7 GHz") == 1'700'000'000);
    CHECK(value<Bytes>("9223372036854775807 B") == std::numeric_limits<std::int64_t>::max());
}

TEST_CASE("what is not a whole number of base units is rounded half up") {
    CHECK(value<Picoseconds>("0.4999 ps") == 0);
    CHECK(value<Picoseconds>("0.5 ps") == 1);
    CHECK(value<Picoseconds>("1.4999999999 ps") == 1);
    CHECK(value<Bytes>("4 b") == 1);  // half a byte
    CHECK(value<Bytes>("3 b") == 0);
    CHECK(value<Bytes>("1e-40 EiB") == 0);  // 1.15e-22 bytes
    CHECK(value<Bytes>("0.1 KiB") == 102);  // 102.4
}

TEST_CASE("floating quantities are rounded once") {
    CHECK(value<FlopPerSecond>("118.7 TFLOP/s") == 118.7e12);
    CHECK(value<FlopPerSecond>("624 TOP/s") == 624e12);
    CHECK(value<Flop>("2 EFLOP") == 2e18);  // the E of the unit is no exponent
    CHECK(value<Flop>("2e3 EFLOP") == 2e21);
    CHECK(value<Watts>("400 W") == 400.0);
    CHECK(value<Watts>("0.4 kW") == 400.0);
    CHECK(value<UsDollarsPerHour>("0.62 USD/h") == 0.62);
}

TEST_CASE("messages say found and expected") {
    CHECK(problem<BytesPerSecond>("50") == "expected a bandwidth with its unit, like '50 GB/s', found '50'");
    CHECK(problem<BytesPerSecond>("50 GBs") ==
          "expected a bandwidth with its unit, like '50 GB/s', found the unit 'GBs'; did you mean 'GB/s'?");
    CHECK(problem<BytesPerSecond>("50 GB") ==
          "expected a bandwidth with its unit, like '50 GB/s', found a size, '50 GB'");
    CHECK(problem<Bytes>("96 Gib") ==
          "expected a size with its unit, like '96 GiB', found the unit 'Gib'; did you mean 'GiB'?");
    CHECK(problem<Picoseconds>("fast") == "expected a time with its unit, like '1.2 us', found 'fast'");
    CHECK(problem<Picoseconds>("") == "expected a time with its unit, like '1.2 us', found ''");
    CHECK(problem<Picoseconds>("-1 us") == "expected a time with its unit, like '1.2 us', found the negative '-1 us'");
    CHECK(problem<Hertz>("nan GHz") == "expected a frequency with its unit, like '1.7 GHz', found 'nan GHz'");
    CHECK(problem<Watts>("inf W") == "expected a power with its unit, like '400 W', found 'inf W'");
    CHECK(problem<Bytes>("9223372036854775808 B") == "'9223372036854775808 B' is too large");  // 2^63
    CHECK(problem<Picoseconds>("107 h") == "");                                                // 3.85e17 ps fit
    CHECK(problem<Picoseconds>("2563 h") == "'2563 h' is too large");  // 9.2268e18 > 2^63 - 1 = 9.2234e18
    CHECK(problem<Flop>("1e400 FLOP") == "'1e400 FLOP' is too large");
    CHECK(problem<Bytes>("1e99999999999999999999 B") == "'1e99999999999999999999 B' is too large");
    CHECK(problem<Bytes>("1.2.3 B") != "");
    CHECK(problem<Bytes>(std::string(5000, 'x')).size() < 200);  // the message does not repeat a whole file
}

TEST_CASE("plain numbers") {
    CHECK(parse_integer("16384").value == 16384);
    CHECK(parse_integer("-3").value == -3);
    CHECK(parse_integer("1e6").value == 1'000'000);
    CHECK(parse_integer("2.0").value == 2);
    CHECK(parse_integer("1.5").problem == "expected a whole number, found '1.5'");
    CHECK(parse_integer("12 cards").problem == "expected a whole number, found '12 cards'");
    CHECK(parse_integer("1e30").problem == "'1e30' is too large");
    CHECK(parse_number("0.85").value == 0.85);
    CHECK(parse_number("-1e-3").value == -1e-3);
    CHECK(parse_number("1e-400").value == 0.0);
    CHECK(parse_number("0.33333333333333333333333333").value == 1.0 / 3.0);  // more digits than are kept
    CHECK(parse_integer("10000000000000000000000").problem == "'10000000000000000000000' is too large");
    CHECK(parse_number("high").problem == "expected a number, found 'high'");
}

TEST_CASE("human texts have at most four significant digits") {
    CHECK(human_text(ps(1'234'567)) == "1.235 us");
    CHECK(human_text(ps(999'960)) == "1 us");  // 999.96 ns would round to 1000 ns
    CHECK(human_text(ps(999'949)) == "999.9 ns");
    CHECK(human_text(ps(0)) == "0 ps");
    CHECK(human_text(ps(-1'500)) == "-1.5 ns");
    CHECK(human_text(Picoseconds{12'345'000'000'000'000}) == "12345 s");
    CHECK(human_text(Bytes{1LL << 30}) == "1 GiB");
    CHECK(human_text(Bytes{80'000'000'000}) == "80 GB");
    CHECK(human_text(Bytes{79'778'234'567}) == "74.3 GiB");  // 79778234567 / 2^30 = 74.2993
    CHECK(human_text(BytesPerSecond{2'765'000'000'000}) == "2.765 TB/s");
    CHECK(human_text(FlopPerSecond{118.7e12}) == "118.7 TFLOP/s");
    CHECK(human_text(Flop{1.23456e27}) == "1235 YFLOP");
    CHECK(human_text(Watts{0.5}) == "0.5 W");
    CHECK(human_text(UsDollarsPerHour{0.62}) == "0.62 USD/h");
}

TEST_CASE("exact texts are short") {
    CHECK(exact_text(ps(1'200'000)) == "1.2 us");
    CHECK(exact_text(ps(1'200'001)) == "1.200001 us");
    CHECK(exact_text(FlopPerSecond{139'264e9}) == "139.264 TFLOP/s");
    CHECK(exact_text(FlopPerSecond{0.5e12}) == "500 GFLOP/s");
    CHECK(exact_text(Bytes{96LL << 30}) == "96 GiB");
    CHECK(exact_text(Bytes{8LL << 20}) == "8 MiB");
    CHECK(exact_text(Bytes{512}) == "512 B");
    CHECK(exact_text(Bytes{0}) == "0 B");
    CHECK(exact_text(BytesPerSecond{50'000'000'000}) == "50 GB/s");
    CHECK(exact_text(FlopPerSecond{118.7e12}) == "118.7 TFLOP/s");
    CHECK(exact_text(Watts{0.0}) == "0 W");
    CHECK(exact_text(UsDollarsPerHour{0.62}) == "0.62 USD/h");
    CHECK(exact_text(std::int64_t{-5}) == "-5");
    CHECK(exact_text(0.1) == "0.1");
    CHECK(exact_text(-250.0) == "-250");
    CHECK(exact_text(1e22) == "1e22");
    CHECK(exact_text(1.5e-9) == "15e-10");
}

TEST_CASE("exact texts read back to the same quantity") {
    const std::uint64_t seed = 20'260'923;
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    for (int i = 0; i < 5'000; ++i) {
        const auto count = static_cast<std::int64_t>(random() >> (1 + random() % 60));
        INFO("count " << count);
        REQUIRE(value<Picoseconds>(exact_text(Picoseconds{count})) == count);
        REQUIRE(value<Bytes>(exact_text(Bytes{count})) == count);
        REQUIRE(value<BytesPerSecond>(exact_text(BytesPerSecond{count})) == count);
        const double work = static_cast<double>(random()) * std::ldexp(1.0, static_cast<int>(random() % 120) - 60);
        REQUIRE(value<Flop>(exact_text(Flop{work})) == work);
        REQUIRE(value<Watts>(exact_text(Watts{work})) == work);
        REQUIRE(parse_number(exact_text(work)).value == work);
    }
}
