// Damaged packets and their repetition on the same link.

#include "sim/process/children.h"
#include "tests/support/flow_rig.h"

#include <catch2/catch.hpp>

#include <fmt/format.h>

using namespace myriad;
using namespace myriad::test;

namespace {

constexpr BytesPerSecond kRate{50'000'000'000};  // 20 ps a byte
constexpr Bytes kCell{4096};
constexpr std::int64_t kCellTime = 81'920;
constexpr std::int64_t kHop = 500'000;

QueueingConfig faulty(double rate, std::uint64_t seed) {
    QueueingConfig queueing = credits(1, std::int64_t{1} << 30);
    queueing.control.icn.errors = {rate, ns(40)};
    queueing.control.seed = seed;
    return queueing;
}

// Of 20,000 cells over two links: when the last has come, and repetitions of both links.
std::string many(double rate, std::uint64_t seed) {
    FlowRig rig(star(2, kRate, ns(500)), kCell, faulty(rate, seed));
    rig.post(0, 1, std::int64_t{20'000} * 4096, 1);
    rig.run();
    return fmt::format("{} {} {} {}", rig.end(1).count(), rig.direction(1, 0).control()->stats().retries,
                       rig.direction(0, 2).control()->stats().retries, rig.broken_law());
}

}  // namespace

TEST_CASE("each repetition of a lone packet costs its time on the wire, a round trip and the detection") {
    // A bit in ten thousand: 32,768 bits are all right once in 26 times.
    FlowRig rig(star(2, kRate, ns(500)), kCell, faulty(1e-4, 1));
    rig.post(0, 1, 4096, 1);
    rig.run();
    const std::int64_t retries =
        rig.direction(1, 0).control()->stats().retries + rig.direction(0, 2).control()->stats().retries;
    CHECK(retries > 0);
    CHECK(rig.end(1).count() == kCellTime + 2 * kHop + retries * (kCellTime + 2 * kHop + 40'000));
    CHECK(rig.broken_law().empty());
}

TEST_CASE("an error rate of p costs 1 / (1 - p) of the bandwidth, and everything arrives") {
    // 1 - (1 - 3.2153e-6) ^ 32,768 = 0.1. Of n cells n p / (1 - p) = 2,222 are sent again, give or take five deviations of
    // sqrt(n p) / (1 - p) = 50.
    const auto results = run_children(3, [](std::size_t job) { return many(3.2153e-6, job == 2 ? 2 : 1); });
    for (const ChildResult& result : results) {
        REQUIRE(result.succeeded());
    }
    CHECK(results[0].payload == results[1].payload);  // the same seed
    CHECK(results[0].payload != results[2].payload);
    std::int64_t end = 0;
    std::int64_t first = 0;
    std::int64_t second = 0;
    REQUIRE(std::sscanf(results[0].payload.c_str(), "%ld %ld %ld", &end, &first, &second) == 3);
    CHECK(first == Approx(2'222).margin(250));
    CHECK(second == Approx(2'222).margin(250));
    // Both links send about 22,222 cells, one behind the other; the second has what the first has repeated for nothing.
    const auto more = static_cast<double>(std::max(first, second));
    CHECK(static_cast<double>(end) / static_cast<double>(kCellTime) > 20'000 + more);
    CHECK(static_cast<double>(end) / static_cast<double>(kCellTime) == Approx(20'000 + more).epsilon(0.03));
}
