// Thresholds, headroom and marks as arithmetic.

#include "interconnect/packet/shared_buffer.h"

#include <catch2/catch.hpp>

using namespace myriad;

namespace {

// 1,000 bytes, an input may hold half of what is free, resumes 100 below, 300 of headroom each.
SharedBuffer buffer(std::size_t inputs) {
    PauseConfig config;
    config.shared = Bytes{1'000};
    config.alpha = 0.5;
    config.headroom = Bytes{300};
    config.resume_below = Bytes{100};
    return {config, inputs};
}

}  // namespace

TEST_CASE("one input pauses when it holds alpha / (1 + alpha) of the memory") {
    // u > 0.5 (1,000 - u) from u = 333.33 on.
    SharedBuffer one = buffer(1);
    CHECK_FALSE(one.enter(0, 333));
    CHECK(one.threshold() == 333);  // 0.5 x 667, rounded down
    CHECK(one.enter(0, 1));
    CHECK(one.paused(0));
    CHECK_FALSE(one.enter(0, 300));  // told already; lies in the headroom
    CHECK(one.headroom_max(0) == 300);
    CHECK(one.held(0) == 634);
    CHECK(one.lossless());
}

TEST_CASE("a second busy input lowers the threshold of the first") {
    SharedBuffer two = buffer(2);
    CHECK_FALSE(two.enter(0, 200));
    CHECK_FALSE(two.enter(1, 240));  // 0.5 x 560 = 280
    CHECK(two.enter(0, 60));         // 260 > 0.5 x 500
}

TEST_CASE("an input resumes below its threshold by the hysteresis, with its headroom empty") {
    SharedBuffer one = buffer(1);
    CHECK_FALSE(one.enter(0, 300));
    CHECK(one.enter(0, 100));        // 400 > 300
    CHECK_FALSE(one.enter(0, 50));   // headroom
    CHECK_FALSE(one.leave(0, 50));   // headroom first: 400 + 100 > 300
    CHECK_FALSE(one.leave(0, 130));  // 270 + 100 > 365
    CHECK(one.leave(0, 10));         // 260 + 100 <= 370
    CHECK_FALSE(one.paused(0));
}

TEST_CASE("what finds the memory full goes to the headroom, and more than that is not lossless") {
    PauseConfig config;
    config.shared = Bytes{100};
    config.alpha = 10.0;  // never in the way
    config.headroom = Bytes{50};
    SharedBuffer one(config, 1);
    CHECK_FALSE(one.enter(0, 90));
    CHECK(one.enter(0, 50));
    CHECK(one.lossless());
    CHECK_FALSE(one.enter(0, 1));
    CHECK_FALSE(one.lossless());
    CHECK(one.used_max() == 90);
}

TEST_CASE("headroom holds what is in flight when the pause takes effect") {
    // 50 GB/s for 1.5 us are 75,000 bytes; two cells of 4,096.
    CHECK(headroom_needed(BytesPerSecond{50'000'000'000}, us(1), ns(500), Bytes{4096}).count() == 75'000 + 8'192);
}

TEST_CASE("the chance of a mark rises from the low to the high mark") {
    MarkConfig config;
    config.low = Bytes{1'000};
    config.high = Bytes{5'000};
    config.most = 0.2;
    CHECK(mark_chance(config, 1'000) == 0.0);
    CHECK(mark_chance(config, 3'000) == Approx(0.1));
    CHECK(mark_chance(config, 4'999) < 0.2);
    CHECK(mark_chance(config, 5'000) == 1.0);
}
