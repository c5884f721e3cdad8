// Samples of random sizes and seeds: conditions hold, every part of a continuous axis is drawn once, values of discrete
// axes are taken equally often, and a seed gives its sample again.

#include "app/config_files/axis_range.h"
#include "sim/random/random_stream.h"
#include "tests/unit/config_files/sweep_text.h"

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <set>

using namespace myriad;
using namespace myriad::test;

namespace {

std::string sampled(const std::string& axes, const char* method, std::size_t points, std::uint64_t seed) {
    return collective_sweep(
        fmt::format("{}sample: {{method: {}, points: {}, seed: {}}}\n", axes, method, points, seed));
}

constexpr const char* kDiscrete = R"(axes:
  - {name: a, path: seed, range: {from: 1, to: 12, step: 1}}
  - {name: b, path: workload.collective.stride, range: {from: 1, to: 10, step: 1}}
  - {name: op, path: workload.collective.op, values: [all_reduce, all_gather, all_to_all], role: load}
)";

constexpr const char* kContinuous = R"(axes:
  - {name: total, path: cluster.server.link_total, range: {from: 100 GB/s, to: 1400 GB/s}}
  - {name: cell, path: fidelity.cell, range: {from: 4 KiB, to: 1 GiB, scale: log}}
  - {name: seed, path: seed, values: [1, 2, 3]}
)";

}  // namespace

TEST_CASE("a Latin hypercube takes every value of a discrete axis equally often") {
    RandomStream random(20'26, "sample.discrete");
    for (int round = 0; round < 20; ++round) {
        const auto points = static_cast<std::size_t>(random.integer(1, 60));
        const std::uint64_t seed = random.below(1'000'000);
        INFO("points " << points << " seed " << seed);
        const Sweep sweep = sweep_of(sampled(kDiscrete, "latin_hypercube", points, seed));
        std::set<std::vector<std::size_t>> designs;
        for (const SweepPoint& point : sweep.points) {
            designs.insert({point.choice[0], point.choice[1]});
        }
        REQUIRE(designs.size() == points);
        REQUIRE(sweep.points.size() == 3 * points);  // every design at every load
        for (std::size_t axis = 0; axis < 2; ++axis) {
            std::map<std::size_t, std::size_t> taken;
            for (const auto& design : designs) {
                ++taken[design[axis]];
            }
            const std::size_t values = sweep.axes[axis].values.size();
            for (std::size_t v = 0; v < values; ++v) {
                // n / values, rounded either way; one more where the pairs left are few.
                CHECK(taken[v] + 1 >= points / values);
                CHECK(taken[v] <= (points + values - 1) / values + 1);
            }
        }
    }
}

TEST_CASE("a Latin hypercube draws once in each part of a continuous axis") {
    RandomStream random(20'26, "sample.continuous");
    for (int round = 0; round < 20; ++round) {
        const auto points = static_cast<std::size_t>(random.integer(2, 90));
        const std::uint64_t seed = random.below(1'000'000);
        INFO("points " << points << " seed " << seed);
        const Sweep sweep = sweep_of(sampled(kContinuous, "latin_hypercube", points, seed));
        REQUIRE(sweep.points.size() == points);
        const AxisRange ranges[] = {{"100 GB/s", "1400 GB/s", false}, {"4 KiB", "1 GiB", true}};
        for (std::size_t axis = 0; axis < 2; ++axis) {
            std::vector<std::size_t> parts;
            for (const SweepPoint& point : sweep.points) {
                const AxisValue& value = sweep.axes[axis].values[point.choice[axis]];
                const double share = ranges[axis].share_of(value.label).value();
                parts.push_back(static_cast<std::size_t>(share * static_cast<double>(points)));
                CHECK(point.overrides[axis].ends_with("=" + value.label));
            }
            std::sort(parts.begin(), parts.end());
            for (std::size_t p = 0; p < points; ++p) {
                CHECK(parts[p] == p);
            }
            const std::vector<AxisValue>& values = sweep.axes[axis].values;
            CHECK(std::is_sorted(values.begin(), values.end(),
                                 [](const AxisValue& a, const AxisValue& b) { return *a.number < *b.number; }));
        }
    }
}

TEST_CASE("a sample keeps all conditions, by both methods") {
    RandomStream random(20'26, "sample.conditions");
    for (int round = 0; round < 20; ++round) {
        const auto points = static_cast<std::size_t>(random.integer(1, 40));
        const std::uint64_t seed = random.below(1'000'000);
        const char* const method = round % 2 == 0 ? "random" : "latin_hypercube";
        INFO(method << " points " << points << " seed " << seed);
        const std::string axes = R"(axes:
  - {name: a, path: seed, range: {from: 1, to: 30, step: 1}}
  - {name: b, path: workload.collective.stride, range: {from: 1, to: 30, step: 1}}
  - {name: ranks, path: workload.collective.ranks, range: {from: 2, to: 1000}}
  - {name: cell, path: fidelity.cell, values: [64 KiB, 1 MiB], when: {a: [1, 2, 3, 4]}}
require: [a * b % 12 == 0, ranks >= a + b]
skip: [{a: 6, b: 2}]
)";
        const Sweep sweep = sweep_of(sampled(axes, method, points, seed));
        REQUIRE_FALSE(sweep.points.empty());
        for (const SweepPoint& point : sweep.points) {
            const auto number = [&](std::size_t axis) { return *sweep.axes[axis].values[point.choice[axis]].number; };
            CHECK(static_cast<int>(number(0) * number(1)) % 12 == 0);
            CHECK(number(2) >= number(0) + number(1));
            CHECK_FALSE((number(0) == 6.0 && number(1) == 2.0));
            CHECK((sweep.axes[3].values[point.choice[3]].label == kInertLabel) == (number(0) > 4.0));
        }
    }
}

TEST_CASE("a seed gives its sample again, another seed another") {
    for (const char* method : {"random", "latin_hypercube"}) {
        for (const char* axes : {kDiscrete, kContinuous}) {
            const ReadSweep one = read_text(sampled(axes, method, 20, 5));
            CHECK(point_names(one.sweep) == point_names(sweep_of(sampled(axes, method, 20, 5))));
            CHECK(point_names(one.sweep) == point_names(sweep_of(one.effective)));
            CHECK(point_names(one.sweep) != point_names(sweep_of(sampled(axes, method, 20, 6))));
        }
    }
}

TEST_CASE("random draws reach every combination about equally often") {
    std::map<std::string, int> seen;
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        for (const std::string& name : point_names(sweep_of(sampled(R"(axes:
  - {name: a, path: seed, values: [1, 2, 3]}
  - {name: b, path: workload.collective.stride, values: [1, 2]}
)",
                                                                    "random", 2, seed)))) {
            ++seen[name];
        }
    }
    // 600 draws of 6 combinations: 100 each, deviation sqrt(300 x 1/3 x 2/3) = 8; four of them.
    REQUIRE(seen.size() == 6);
    for (const auto& [name, count] : seen) {
        INFO(name);
        CHECK(std::abs(count - 100) < 33);
    }
}

TEST_CASE("a sample of everything is the grid, and the baseline is always in it") {
    const Sweep all = sweep_of(sampled(kDiscrete, "random", 500, 1));
    CHECK(all.points.size() == 360);
    REQUIRE(all.notes.size() == 1);
    CHECK(all.notes[0] == "the sample of 500 designs is all 120 that there are");
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        INFO("seed " << seed);
        const Sweep sweep =
            sweep_of(sampled(fmt::format("{}baseline: {{total: 700 GB/s, cell: 1 MiB, seed: 2}}\n", kContinuous),
                             "latin_hypercube", 8, seed));
        REQUIRE(sweep.baseline.has_value());
        CHECK(sweep.axes[0].values[(*sweep.baseline)[0]].label == "700 GB/s");
        CHECK(sweep.axes[1].values[(*sweep.baseline)[1]].label == "1 MiB");
        CHECK(std::any_of(sweep.points.begin(), sweep.points.end(),
                          [&](const SweepPoint& point) { return point.choice == *sweep.baseline; }));
        CHECK(sweep.points.size() == 9);
    }
}
