// The parts of a sweep that need no simulation: the grid, figures as text, metrics as text.

#include "app/scenario/metric.h"
#include "app/sweep/measure.h"
#include "app/sweep/metric_text.h"
#include "app/sweep/pivot.h"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>
#include <set>

using namespace myriad;

namespace {

// a: 2 values, b: 3, c: 2; the last one varies fastest, so point (a, b, c) is number 6 a + 2 b + c.
Sweep grid() {
    const auto axis = [](const std::string& name, int values) {
        SweepAxis made{.name = name, .values = {}, .role = AxisRole::design};
        for (int v = 0; v < values; ++v) {
            made.values.push_back({.label = name + std::to_string(v), .overrides = {}, .number = {}});
        }
        return made;
    };
    Sweep sweep;
    sweep.axes = {axis("a", 2), axis("b", 3), axis("c", 2)};
    sweep.points = grid_points(sweep.axes);
    return sweep;
}

const Metric& metric(std::string_view name) { return all_metrics()[find_metric(name).value()]; }

// Every point ran and has the time of its number.
SweepOutcome outcome_of(const Sweep& sweep) {
    SweepOutcome outcome;
    outcome.sweep = sweep;
    for (const SweepPoint& point : sweep.points) {
        SweepPointResult result;
        result.point = point;
        result.outcome = ChildOutcome::succeeded;
        result.values.resize(all_metrics().size());
        result.values[find_metric("time").value()] = static_cast<double>(point.index);
        outcome.points.push_back(std::move(result));
    }
    return outcome;
}

using Points = std::vector<std::vector<std::optional<std::size_t>>>;

}  // namespace

TEST_CASE("the index of a choice is that of its point") {
    const Sweep sweep = grid();
    const PointIndex index(sweep);
    REQUIRE(sweep.points.size() == 12);
    for (const SweepPoint& point : sweep.points) {
        CHECK(index.find(point.choice) == point.index);
    }
    CHECK(index.find({0, 0, 2}) == std::nullopt);
}

TEST_CASE("an axis not named makes a sub-table a value") {
    const std::vector<SubTable> subs =
        sub_tables(outcome_of(grid()), {.title = "t", .rows = "b", .columns = "a", .value = "time", .where = {}});
    REQUIRE(subs.size() == 2);
    CHECK(subs[0].row_labels == std::vector<std::string>{"b0", "b1", "b2"});
    CHECK(subs[0].column_labels == std::vector<std::string>{"a0", "a1"});
    CHECK(subs[0].fixed == std::vector<std::pair<std::string, std::string>>{{"c", "c0"}});
    CHECK(subs[1].fixed == std::vector<std::pair<std::string, std::string>>{{"c", "c1"}});
    CHECK(subs[0].points == Points{{0, 6}, {2, 8}, {4, 10}});
    CHECK(subs[1].points == Points{{1, 7}, {3, 9}, {5, 11}});
}

TEST_CASE("where keeps the points of one label, of rows and columns too") {
    const std::vector<SubTable> subs =
        sub_tables(outcome_of(grid()),
                   {.title = "t", .rows = "a", .columns = "b", .value = "time", .where = {{"c", "c1"}, {"b", "b2"}}});
    REQUIRE(subs.size() == 1);
    CHECK(subs[0].fixed.empty());
    CHECK(subs[0].column_labels == std::vector<std::string>{"b2"});
    CHECK(subs[0].points == Points{{5}, {11}});
}

TEST_CASE("axes of best_of make no sub-tables: the best point of them is in the cell") {
    SweepOutcome outcome = outcome_of(grid());
    const SweepTable table{
        .title = "t", .rows = "a", .columns = "c", .value = "busbw", .where = {}, .best_of = {"b"}, .best_by = "time"};
    // Lower times are better: b0 everywhere, whose numbers are 6 a + c.
    CHECK(sub_tables(outcome, table).front().points == Points{{0, 1}, {6, 7}});
    // b0 of (a0, c0) failed: b1, number 2, is the best that ran. All of (a1, c1) failed: the first.
    for (const std::size_t failed : std::vector<std::size_t>{0, 7, 9, 11}) {
        outcome.points[failed].outcome = ChildOutcome::user_error;
        outcome.points[failed].values.clear();
    }
    const std::vector<SubTable> subs = sub_tables(outcome, table);
    REQUIRE(subs.size() == 1);
    CHECK(subs[0].fixed.empty());
    CHECK(subs[0].points == Points{{2, 1}, {6, 7}});
    // Higher is better: the last value of b.
    for (SweepPointResult& point : outcome.points) {
        if (point.ran()) {
            point.values[find_metric("busbw").value()] = static_cast<double>(point.point.index);
        }
    }
    SweepTable by_busbw = table;
    by_busbw.best_by = "busbw";
    CHECK(sub_tables(outcome, by_busbw).front().points == Points{{4, 5}, {10, 7}});
    // where leaves b1 alone.
    by_busbw.where = {{"b", "b1"}};
    CHECK(sub_tables(outcome, by_busbw).front().points == Points{{2, 3}, {8, 9}});
}

TEST_CASE("figures of a table share unit and decimals") {
    // The largest, 45 ms, takes the unit; four digits of it and three of the smallest are two decimals.
    const MetricScale times(metric("time"), {45e9, 1.5e9, 2'346'000'000.0});
    CHECK(times.unit() == "ms");
    CHECK(times.text(45e9) == "45.00");
    CHECK(times.text(1.5e9) == "1.50");
    CHECK(times.text(2'346'000'000.0) == "2.35");

    const MetricScale bandwidths(metric("busbw"), {1.4e12, 337.09e9});
    CHECK(heading(metric("busbw"), bandwidths) == "busbw GB/s");
    CHECK(bandwidths.text(1.4e12) == "1,400");
    CHECK(bandwidths.text(337.09e9) == "337");

    const MetricScale shares(metric("mfu"), {0.4567, 0.0});
    CHECK(heading(metric("mfu"), shares) == "mfu %");
    CHECK(shares.text(0.4567) == "45.67");

    const MetricScale counts(metric("hops"), {1234567.0, 3.0});
    CHECK(heading(metric("hops"), counts) == "hops");
    CHECK(counts.text(1234567.0) == "1,234,567");

    // 3 x 2^30 B
    const MetricScale sizes(metric("memory"), {3221225472.0});
    CHECK(sizes.text(3221225472.0) + std::string(sizes.unit()) == "3.000GiB");
}

TEST_CASE("a scale of nothing, or of zeros, is still a scale") {
    CHECK(MetricScale(metric("time"), {}).text(0.0) == "0");
    CHECK(MetricScale(metric("bubble_fraction"), {0.0, 0.0}).text(0.0) == "0");
}

TEST_CASE("metrics have names of their own and columns with units") {
    std::set<std::string> columns;
    for (const Metric& each : all_metrics()) {
        INFO(each.name);
        CHECK(columns.insert(column_name(each)).second);
        CHECK_FALSE(each.meaning.empty());
    }
    CHECK(column_name(metric("time")) == "time_ps");
    CHECK(column_name(metric("busbw")) == "busbw_B_per_s");
    CHECK(column_name(metric("memory")) == "memory_B");
    CHECK(column_name(metric("tokens_per_second")) == "tokens_per_second");
}

TEST_CASE("every metric is explained in docs/sweeps.md") {
    std::ifstream file(MYRIAD_SOURCE_FOLDER "/docs/sweeps.md");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    for (const Metric& each : all_metrics()) {
        INFO(each.name);
        const std::string unit = each.unit == "1" ? "  " : " " + std::string(each.unit) + " ";
        CHECK_THAT(text, Catch::Contains("| `" + std::string(each.name) + "` |" + unit + "| "));
        CHECK_THAT(text, Catch::Contains(std::string(each.meaning)));
    }
}

TEST_CASE("a wrong name of a metric is told with what was meant or what there is") {
    CHECK(metric_problem("busbw", MetricWorkload::collective).empty());
    CHECK(metric_problem("events", MetricWorkload::training).empty());
    CHECK(metric_problem("bubw", MetricWorkload::collective) == "unknown result 'bubw'; did you mean 'busbw'?");
    CHECK_THAT(metric_problem("mfu", MetricWorkload::collective),
               Catch::StartsWith("'mfu' is no result of a collective; expected one of time, lower_bound,"));
    CHECK_THAT(metric_problem("speed", MetricWorkload::training),
               Catch::StartsWith("unknown result 'speed'; expected one of step_time,"));
}

TEST_CASE("metrics leave a child as text and come back the same") {
    Measured measured;
    measured.values.resize(all_metrics().size());
    measured.values[*find_metric("busbw")] = 1e12 / 3.0;
    measured.values[*find_metric("time")] = 9'007'199'254'740'991.0;  // 2^53 - 1, the last whole number that is safe
    measured.values[*find_metric("mfu")] = 0.0;
    measured.algorithms = "dp all_reduce ring; tp all_gather direct";
    std::string rest;
    const Measured again = decode(encode(measured) + "myriad: 1\n\nkind: scenario\n", rest);
    CHECK(again.values == measured.values);
    CHECK(again.algorithms == measured.algorithms);
    CHECK(rest == "myriad: 1\n\nkind: scenario\n");
}

TEST_CASE("a star in a label stands for any text, also for none") {
    CHECK(means_label("8 *", "8 mesh"));
    CHECK(means_label("8 *", "8 "));
    CHECK(means_label("*mesh", "16 mesh"));
    CHECK(means_label("1*m*h", "16 mesh"));
    CHECK(means_label("a*", "a*"));
    CHECK_FALSE(means_label("8 *", "18 mesh"));
    CHECK_FALSE(means_label("*mesh", "mesh of 8"));
    CHECK_FALSE(means_label("8", "8 mesh"));
}
