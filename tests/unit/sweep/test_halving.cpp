// Which designs a stage lets go on: figures chosen by hand.

#include "app/scenario/metric.h"
#include "app/sweep/halving.h"

#include <catch2/catch.hpp>

using namespace myriad;
using Indices = std::vector<std::size_t>;

namespace {

// `designs` x `loads` points, loads fastest, toward step_time.
Sweep grid(std::size_t designs, std::size_t loads, double keep) {
    Sweep sweep;
    sweep.axes = {{"design", {}, AxisRole::design}, {"load", {}, AxisRole::load}};
    for (std::size_t d = 0; d < designs; ++d) {
        sweep.axes[0].values.push_back({std::to_string(d), {}, {}});
    }
    for (std::size_t l = 0; l < loads; ++l) {
        sweep.axes[1].values.push_back({std::to_string(l), {}, {}});
    }
    sweep.points = grid_points(sweep.axes);
    sweep.objectives = {{"step_time"}, {"busbw"}};
    sweep.stages = {{"rough", {}, keep, 0}, {"middle", {}, keep, 0}, {"fine", {}, 1.0, 0}};
    return sweep;
}

SweepPointResult result(const Sweep& sweep, std::size_t point, const char* metric, double value) {
    SweepPointResult result;
    result.point = sweep.points[point];
    result.outcome = ChildOutcome::succeeded;
    result.values.resize(all_metrics().size());
    result.values[*find_metric(metric)] = value;
    return result;
}

std::vector<SweepPointResult> step_times(const Sweep& sweep, const std::vector<double>& times) {
    std::vector<SweepPointResult> results;
    for (std::size_t i = 0; i < times.size(); ++i) {
        results.push_back(result(sweep, i, "step_time", times[i]));
    }
    return results;
}

void fail(SweepPointResult& result) {
    result.outcome = ChildOutcome::user_error;
    result.values.clear();
}

}  // namespace

TEST_CASE("the best share of designs goes on, in order of points, the first of equals") {
    const Sweep half = grid(5, 1, 0.4);  // two of five
    CHECK(survivors(half, 0, step_times(half, {5, 2, 4, 1, 3})) == Indices{1, 3});
    CHECK(survivors(half, 0, step_times(half, {2, 2, 2, 2, 2})) == Indices{0, 1});
    const Sweep more = grid(5, 1, 0.41);  // 2.05 is rounded up
    CHECK(survivors(more, 0, step_times(more, {5, 2, 4, 1, 3})) == Indices{1, 3, 4});
    const Sweep few = grid(5, 1, 0.01);  // one at least
    CHECK(survivors(few, 0, step_times(few, {5, 2, 4, 1, 3})) == Indices{3});
    Sweep counted = grid(5, 1, 1.0);
    counted.stages[0].keep_count = 4;
    CHECK(survivors(counted, 0, step_times(counted, {5, 2, 4, 1, 3})) == Indices{1, 2, 3, 4});
}

TEST_CASE("a design is judged over its loads, by the geometric mean of gains") {
    const Sweep sweep = grid(3, 2, 0.3);  // one of three
    // Against the best of each load (1 and 10): 1/1 x 10/80 = 1/8; 1/4 x 10/10 = 1/4; 1/2 x 10/15 = 1/3. The last is
    // best at neither and wins; the mean of times would choose the second.
    CHECK(survivors(sweep, 0, step_times(sweep, {1, 80, 4, 10, 2, 15})) == Indices{4, 5});
}

TEST_CASE("loads of another workload are judged by the first objective that they have") {
    const Sweep sweep = grid(2, 2, 0.5);
    // Steps 1 and 2: the first is twice as good; bandwidths 10 and 30: the second three times.
    const std::vector<SweepPointResult> results = {result(sweep, 0, "step_time", 1), result(sweep, 1, "busbw", 10),
                                                   result(sweep, 2, "step_time", 2), result(sweep, 3, "busbw", 30)};
    CHECK(survivors(sweep, 0, results) == Indices{2, 3});
}

TEST_CASE("a design that failed or breaks a constraint dies as a whole") {
    Sweep sweep = grid(3, 2, 0.9);
    std::vector<SweepPointResult> results = step_times(sweep, {1, 1, 2, 2, 3, 3});
    fail(results[1]);
    CHECK(survivors(sweep, 0, results) == Indices{2, 3, 4, 5});
    sweep.constraints = {{"step_time", std::nullopt, 2.5, "step_time <= 2.5 ps"}};
    CHECK(survivors(sweep, 0, results) == Indices{2, 3});
    sweep.constraints = {{"memory", std::nullopt, 1.0, "memory <= 1 B"}};  // that no point has
    CHECK(survivors(sweep, 0, results) == Indices{2, 3, 4, 5});
}

TEST_CASE("the baseline goes on beside the best, even if it failed") {
    Sweep sweep = grid(4, 1, 0.25);
    sweep.baseline = Indices{2, 0};
    std::vector<SweepPointResult> results = step_times(sweep, {4, 1, 3, 2});
    CHECK(survivors(sweep, 0, results) == Indices{1, 2});
    fail(results[2]);
    CHECK(survivors(sweep, 0, results) == Indices{1, 2});
    sweep.baseline = Indices{1, 0};
    CHECK(survivors(sweep, 0, results) == Indices{1});
}

TEST_CASE("those that an earlier stage left out stay out") {
    const Sweep sweep = grid(4, 1, 0.5);
    std::vector<SweepPointResult> results = step_times(sweep, {1, 4, 3, 2});
    for (std::size_t i = 1; i < 4; ++i) {
        results[i].stage = 1;
    }
    CHECK(survivors(sweep, 1, results) == Indices{2, 3});  // of three, 1.5 rounded up
    for (SweepPointResult& each : results) {
        fail(each);
    }
    CHECK(survivors(sweep, 1, results).empty());
}
