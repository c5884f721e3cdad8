#include "sim/statistics/report.h"
#include "sim/statistics/statistics.h"

#include <catch2/catch.hpp>

#include <limits>
#include <vector>

using namespace myriad;

namespace {

TimePoint at(std::int64_t picoseconds) { return TimePoint{ps(picoseconds)}; }

constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max();

}  // namespace

TEST_CASE("a summary counts, sums and keeps its ends") {
    Summary summary;
    CHECK(summary.count() == 0);
    CHECK(summary.min() == 0);
    CHECK(summary.max() == 0);
    CHECK(summary.mean() == 0.0);
    for (const std::int64_t sample : {4, -2, 7}) {
        summary.add(sample);
    }
    CHECK(summary.count() == 3);
    CHECK(summary.min() == -2);
    CHECK(summary.max() == 7);
    CHECK(summary.mean() == 3.0);  // (4 - 2 + 7) / 3
    summary.add(1, 9);
    CHECK(summary.count() == 12);
    CHECK(summary.mean() == 1.5);  // (9 + 9 * 1) / 12
}

TEST_CASE("a sum past 64 bits stays exact") {
    Summary summary;
    summary.add(kLargest);
    summary.add(kLargest);
    summary.add(-kLargest);
    const bool exact = summary.sum() == kLargest;
    CHECK(exact);
}

TEST_CASE("merging two summaries is as good as adding all samples to one") {
    Summary a;
    Summary b;
    a.add(1);
    b.add(5);
    b.add(-3);
    a.merge(b);
    a.merge(Summary{});
    CHECK(a.count() == 3);
    CHECK(a.mean() == 1.0);  // (1 + 5 - 3) / 3
    CHECK(a.min() == -3);
    CHECK(a.max() == 5);
}

TEST_CASE("a high-water mark stays when the level falls") {
    HighWater queue;
    queue.add(10);
    queue.add(5);
    queue.add(-12);
    queue.add(4);
    CHECK(queue.level() == 7);
    CHECK(queue.max() == 15);
}

TEST_CASE("a time-weighted average counts each level for as long as it held") {
    TimeWeighted depth;
    depth.set(at(10), 4);
    depth.add(at(30), -3);
    CHECK(depth.level() == 1);
    CHECK(depth.max() == 4);
    // 0 for 10 ps, 4 for 20 ps, 1 for 10 ps: (0 + 80 + 10) / 40 = 2.25.
    CHECK(depth.average(at(40)) == 2.25);
    CHECK(depth.average(at(30)) == Approx(80.0 / 30.0));
}

TEST_CASE("a time-weighted average may start late and does not overflow") {
    TimeWeighted depth(at(100), 6);
    CHECK(depth.average(at(100)) == 6.0);
    CHECK(depth.average(at(101)) == 6.0);
    // 2^62 for 10^15 ps (a quarter of an hour) is past 64 bits by far.
    const std::int64_t level = std::int64_t{1} << 62;
    depth.set(at(100), level);
    CHECK(depth.average(at(1'000'000'000'000'100)) == static_cast<double>(level));
}

TEST_CASE("a histogram is exact below 64") {
    Histogram histogram;
    for (std::int64_t sample = 0; sample < 64; ++sample) {
        histogram.add(sample);
    }
    // Nearest rank of 64 samples 0..63: 50 % is rank 32, the value 31; 75 % is rank 48, the value 47.
    CHECK(histogram.percentile(0) == 0);
    CHECK(histogram.percentile(50) == 31);
    CHECK(histogram.percentile(75) == 47);
    CHECK(histogram.percentile(100) == 63);
}

TEST_CASE("a histogram's percentile is within 1/64 anywhere") {
    for (std::int64_t sample = 64; sample > 0 && sample < kLargest / 3; sample = sample * 3 / 2 + 1) {
        Histogram histogram;
        histogram.add(0);
        histogram.add(sample, 8);
        histogram.add(kLargest);
        const std::int64_t found = histogram.percentile(50);
        INFO(sample);
        REQUIRE(std::abs(static_cast<double>(found) - static_cast<double>(sample)) <= static_cast<double>(sample) / 64);
    }
}

TEST_CASE("a histogram keeps the order of samples and takes the largest") {
    Histogram histogram;
    histogram.add(kLargest);
    CHECK(histogram.percentile(50) == kLargest);
    // Percentiles never fall, over samples that cross many powers of two: 1, 4, 9, ..., 1000000.
    Histogram squares;
    for (std::int64_t i = 1; i <= 1000; ++i) {
        squares.add(i * i);
    }
    std::int64_t last = 0;
    for (int percent = 0; percent <= 100; ++percent) {
        const std::int64_t value = squares.percentile(percent);
        REQUIRE(value >= last);
        last = value;
        // Rank 10 * percent, whose square is the sample.
        const double exact = percent == 0 ? 1.0 : 100.0 * percent * percent;
        REQUIRE(std::abs(static_cast<double>(value) - exact) <= exact / 64);
    }
    // 99.9 % of 1000 is rank 999, not 1000.
    CHECK(std::abs(static_cast<double>(squares.percentile(99.9)) - 999.0 * 999.0) <= 999.0 * 999.0 / 64);
    CHECK(squares.percentile(99.9) < 1'000'000);
}

TEST_CASE("histograms merge") {
    Histogram a;
    Histogram b;
    a.add(10, 3);
    b.add(20, 5);
    a.merge(b);
    CHECK(a.summary().count() == 8);
    CHECK(a.percentile(30) == 10);  // rank 3 of 8
    CHECK(a.percentile(40) == 20);  // rank 4
}

TEST_CASE("an empty histogram says 0") {
    CHECK(Histogram{}.percentile(50) == 0);
    CHECK(Histogram{}.percentile(100) == 0);
}

TEST_CASE("a report gives every value its unit, in the order of names") {
    StatisticReport report;
    report.add("step.time", ms(3), "one training step");
    report.add("network.bytes", Bytes{7}, "sent on all links");
    report.add("network.rate", BytesPerSecond{9}, "mean rate");
    report.add("compute.work", Flop{2e20}, "all ranks");
    report.add_count("network.packets", 5, "delivered");
    report.add_ratio("compute.mfu", 0.5, "model flop utilisation");
    std::vector<std::string> rows;
    for (const auto& [name, row] : report.rows()) {
        rows.push_back(name + ' ' + std::string(row.unit));
    }
    CHECK(rows == std::vector<std::string>{"compute.mfu ratio", "compute.work flop", "network.bytes byte",
                                           "network.packets count", "network.rate byte/s", "step.time ps"});
    CHECK(std::get<std::int64_t>(report.rows().at("step.time").value) == 3'000'000'000);
    CHECK(std::get<double>(report.rows().at("compute.work").value) == 2e20);
}

TEST_CASE("a histogram is reported with its percentiles") {
    Histogram histogram;
    for (std::int64_t sample = 1; sample <= 10; ++sample) {
        histogram.add(sample);
    }
    StatisticReport report;
    report.add("message.latency", histogram, "ps", "send to last byte");
    const auto integer = [&](const char* name) { return std::get<std::int64_t>(report.rows().at(name).value); };
    CHECK(report.rows().size() == 8);
    CHECK(integer("message.latency.count") == 10);
    CHECK(integer("message.latency.p50") == 5);
    CHECK(integer("message.latency.p90") == 9);
    CHECK(integer("message.latency.p999") == 10);
    CHECK(std::get<double>(report.rows().at("message.latency.mean").value) == 5.5);
    CHECK(report.rows().at("message.latency.p99").unit == "ps");
}
