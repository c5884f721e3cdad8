#include "app/kernel/kernel_trace.h"
#include "tests/support/value_change_reader.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <map>

using namespace myriad;

namespace {

constexpr BytesPerSecond kPeak{1'000'000'000'000};

TimePoint at(std::int64_t microseconds) { return TimePoint{us(microseconds)}; }

// Two tiles on core 0, whose loads overlap, and something on core 5 that is not kept.
KernelTrace small_trace() {
    KernelTrace trace(2, kPeak);
    trace.interval(TraceLane::tile, 0, 0, 0, at(0), at(8), Bytes{});
    trace.interval(TraceLane::load, 0, 0, 1, at(1), at(5), Bytes{100});
    trace.interval(TraceLane::load, 0, 0, 0, at(0), at(3), Bytes{100});  // told later, begun earlier
    trace.interval(TraceLane::tensor, 0, 0, 0, at(3), at(4), Bytes{});
    trace.interval(TraceLane::tensor, 0, 0, 1, at(5), at(6), Bytes{});
    trace.interval(TraceLane::tensor, 5, 1, 0, at(3), at(4), Bytes{});
    trace.memory(true, false, at(0), at(2), Bytes{4'000'000});
    trace.memory(true, false, at(5), at(5), Bytes{1'000'000});  // a short read, told at its end: 1 us at 1 TB/s
    trace.memory(true, true, at(7), at(7), Bytes{2'000'000});   // a posted write: 2 us
    trace.memory(false, false, at(0), at(1), Bytes{4'000'000});
    trace.memory(false, true, at(9), at(10), Bytes{1000});
    return trace;
}

}  // namespace

TEST_CASE("a trace of a kernel has no crossing slices and only the asked cores") {
    const auto json = nlohmann::json::parse(small_trace().perfetto("gemm"));
    std::map<std::pair<int, int>, double> free_from;
    std::map<int, int> slices;
    double bytes_read = 0.0;
    double since = 0.0;
    double rate = 0.0;
    for (const auto& event : json.at("traceEvents")) {
        const int process = event.at("pid");
        CHECK(process > 0);
        if (event.at("ph") == "X") {
            const double begin = event.at("ts");
            double& end = free_from[{process, event.at("tid")}];
            CHECK(begin >= end);
            end = begin + event.at("dur").get<double>();
            ++slices[process];
        } else if (event.at("ph") == "C" && event.at("name") == "HBM read") {
            bytes_read += rate * (event.at("ts").get<double>() - since) * 1e-6;
            since = event.at("ts");
            rate = event.at("args").at("B/s");
        }
    }
    CHECK(slices == std::map<int, int>{{1, 5}});
    // The counter holds what was read: 4 MB and 1 MB.
    CHECK(bytes_read == Approx(5e6).epsilon(1e-3));
    CHECK(rate == 0.0);  // and ends at nothing
}

TEST_CASE("waves of a kernel are a legal dump") {
    const auto read = test::read_value_changes(small_trace().waves("gemm"));
    CHECK(read.problem.empty());
    CHECK(read.end == 10'000'000);
    using Changes = std::vector<std::pair<std::int64_t, char>>;
    CHECK(read.changes.at("gemm.core0.loading") == Changes{{0, '0'}, {0, '1'}, {5'000'000, '0'}});
    CHECK(read.changes.at("gemm.core0.tensor") ==
          Changes{{0, '0'}, {3'000'000, '1'}, {4'000'000, '0'}, {5'000'000, '1'}, {6'000'000, '0'}});
    CHECK(read.changes.at("gemm.core1.tensor") == Changes{{0, '0'}});
    CHECK(read.changes.at("gemm.memory.hbm") == Changes{{0, '0'},
                                                        {0, '1'},
                                                        {2'000'000, '0'},
                                                        {4'000'000, '1'},
                                                        {5'000'000, '0'},
                                                        {7'000'000, '1'},
                                                        {9'000'000, '0'}});
    CHECK(read.changes.at("gemm.memory.cache") ==
          Changes{{0, '0'}, {0, '1'}, {1'000'000, '0'}, {9'000'000, '1'}, {10'000'000, '0'}});
}

TEST_CASE("a trace that would be too large is cut and says so") {
    KernelTrace trace(1, kPeak);
    const auto add = [&](std::size_t i) {
        const auto begin = static_cast<std::int64_t>(i);
        trace.interval(TraceLane::tensor, 0, 0, 0, TimePoint{ps(begin)}, TimePoint{ps(begin + 1)}, Bytes{});
    };
    for (std::size_t i = 0; i < KernelTrace::kIntervalsMax; ++i) {
        add(i);
    }
    CHECK_FALSE(trace.cut());
    add(KernelTrace::kIntervalsMax);
    CHECK(trace.cut());
    CHECK(trace.end() == TimePoint{ps(static_cast<std::int64_t>(KernelTrace::kIntervalsMax))});
}
