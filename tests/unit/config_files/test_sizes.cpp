// Sizes as a user writes them.

#include "app/config_files/sizes.h"

#include <catch2/catch.hpp>

using namespace myriad;
using Catch::Matchers::Contains;

namespace {

std::vector<std::int64_t> sizes(const std::string& text) {
    const ParsedSizes parsed = parse_sizes(text);
    INFO(parsed.problem);
    CHECK(parsed.problem.empty());
    std::vector<std::int64_t> counts;
    for (const Bytes size : parsed.sizes) {
        counts.push_back(size.count());
    }
    return counts;
}

std::string problem(const std::string& text) {
    const ParsedSizes parsed = parse_sizes(text);
    CHECK(parsed.sizes.empty());
    return parsed.problem;
}

}  // namespace

TEST_CASE("one size, a list, a range by factor, a range by step") {
    CHECK(sizes("1GiB") == std::vector<std::int64_t>{1LL << 30});
    CHECK(sizes("1 KiB, 2 kB") == std::vector<std::int64_t>{1024, 2000});
    CHECK(sizes("8B:64B:2x") == std::vector<std::int64_t>{8, 16, 32, 64});
    CHECK(sizes("8 B:63 B:2x") == std::vector<std::int64_t>{8, 16, 32});
    CHECK(sizes("1 MiB:3 MiB:1 MiB") == std::vector<std::int64_t>{1 << 20, 2 << 20, 3 << 20});
    // 8 B to 8 GiB is 2^3 to 2^33: 31 powers.
    CHECK(sizes("8B:8GiB:2x").size() == 31);
}

TEST_CASE("what is wrong with a size is said") {
    CHECK_THAT(problem("1024"), Contains("unit"));
    CHECK_THAT(problem("0 B"), Contains("above 0"));
    CHECK_THAT(problem("8 B:4 B:2x"), Contains("below the first"));
    CHECK_THAT(problem("8 B:64 B"), Contains("first:last"));
    CHECK_THAT(problem("8 B:64 B:1x"), Contains("factor above 1"));
    CHECK_THAT(problem("8 B:64 B:0 B"), Contains("step"));
    CHECK_FALSE(problem("").empty());
}

TEST_CASE("a thousand sizes are taken, one more is not") {
    CHECK(sizes("1 B:1000 B:1 B").size() == 1000);
    CHECK_THAT(problem("1 B:1001 B:1 B"), Contains("more than 1000"));
}
