// Ranges, samples and what they say, without a run.

#include "app/scenario/metric.h"
#include "app/uncertainty/sweep_uncertainty.h"
#include "app/uncertainty/uncertainty.h"
#include "tests/support/json_violation.h"
#include "tests/unit/analysis/made_sweep.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

using namespace myriad;
using namespace myriad::test;

namespace {

SourcedText assumed(const std::string& path, ValueKind kind, const std::string& value, const std::string& low,
                    const std::string& high, int line) {
    return {.path = path,
            .kind = kind,
            .value = value,
            .status = Status::assumed,
            .source = "guess",
            .range = std::pair(low, high),
            .mark = SourceMark{"configs/chips/made.yaml", line, 5}};
}

std::vector<std::optional<double>> measured(double duration) {
    std::vector<std::optional<double>> values(all_metrics().size());
    values[*find_metric("duration")] = duration;
    values[*find_metric("cards")] = 8.0;
    values[*find_metric("power")] = 400.0;
    return values;
}

}  // namespace

TEST_CASE("values of one line are one assumption; a chosen value is none") {
    const std::vector<Assumption> found =
        assumptions_of({assumed("cluster.a.clock", ValueKind::frequency, "1 GHz", "0.9 GHz", "1.2 GHz", 7),
                        assumed("cluster.b.clock", ValueKind::frequency, "1 GHz", "0.9 GHz", "1.2 GHz", 7),
                        assumed("cluster.a.latency", ValueKind::time, "2 us", "2 us", "2 us", 8)});
    REQUIRE(found.size() == 1);
    CHECK(found[0].paths == std::vector<std::string>{"cluster.a.clock", "cluster.b.clock"});
    std::vector<std::string> overrides;
    put_over(found[0], value_at(found[0], 0.5), overrides);
    // (0.9 + 1.2) / 2
    CHECK(overrides == std::vector<std::string>{"cluster.a.clock=1.05 GHz", "cluster.b.clock=1.05 GHz"});
}

TEST_CASE("a wide range is drawn in its logarithm, whole numbers are equally likely") {
    // 1 to 9 us spans more than 4: its middle is 3 us. 1 to 3 us does not: 2 us.
    const auto wide = assumptions_of({assumed("latency", ValueKind::time, "2 us", "1 us", "9 us", 1)});
    CHECK(wide.at(0).logarithmic);
    CHECK(value_at(wide[0], 0.5) == "3 us");
    CHECK(value_at(wide[0], 0.0) == "1 us");
    CHECK(value_at(wide[0], 1.0) == "9 us");
    const auto narrow = assumptions_of({assumed("latency", ValueKind::time, "2 us", "1 us", "3 us", 1)});
    CHECK(value_at(narrow.at(0), 0.5) == "2 us");
    const auto ports = assumptions_of({assumed("ports", ValueKind::integer, "2", "1", "3", 1)});
    CHECK(value_at(ports.at(0), 0.33) == "1");
    CHECK(value_at(ports.at(0), 0.34) == "2");
    CHECK(value_at(ports.at(0), 0.67) == "3");
    CHECK(value_at(ports.at(0), 1.0) == "3");
    const auto share = assumptions_of({assumed("efficiency", ValueKind::number, "0.8", "0.5", "1", 1)});
    CHECK(value_at(share.at(0), 0.5) == "0.75");
}

TEST_CASE("whole numbers that do not load are not drawn, and one that is left alone is no assumption") {
    auto found = assumptions_of({assumed("nics", ValueKind::integer, "8", "4", "8", 1),
                                 assumed("ports", ValueKind::integer, "2", "1", "2", 2)});
    keep_loadable(found, [](const std::vector<std::string>& overrides) {
        return overrides[0] == "nics=4" || overrides[0] == "nics=8" || overrides[0] == "ports=2";
    });
    REQUIRE(found.size() == 1);
    CHECK(value_at(found[0], 0.49) == "4");
    CHECK(value_at(found[0], 0.5) == "8");
    CHECK(value_at(found[0], 1.0) == "8");
}

TEST_CASE("a Latin column has one number in each part, and depends on seed and name alone") {
    const std::vector<double> column = latin_column(3, "a", 64);
    std::vector<double> sorted = column;
    std::sort(sorted.begin(), sorted.end());
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        CHECK(std::floor(sorted[i] * 64.0) == static_cast<double>(i));
    }
    CHECK(column == latin_column(3, "a", 64));
    CHECK(column != latin_column(3, "b", 64));
    CHECK(column != latin_column(4, "a", 64));
}

TEST_CASE("quantiles lie between order statistics, ranks share ties") {
    // Of 1 ... 5: 0.05 x 4 = 0.2 above the first.
    CHECK(quantile({5, 1, 4, 2, 3}, 0.05) == Approx(1.2));
    CHECK(quantile({5, 1, 4, 2, 3}, 0.5) == 3.0);
    CHECK(quantile({7}, 0.95) == 7.0);
    CHECK(ranks_of({10, 30, 20, 30}) == std::vector<double>{1, 3.5, 2, 3.5});
}

TEST_CASE("effects of inputs are told apart from chance") {
    std::vector<std::vector<double>> inputs;
    for (const char* name : {"strong", "weak", "none", "none too"}) {
        inputs.push_back(latin_column(1, name, 128));
    }
    std::vector<double> results;
    for (std::size_t s = 0; s < 128; ++s) {
        // Curved but monotone; the second acts the other way and a third as strongly.
        results.push_back(std::pow(3.0 * inputs[0][s] - inputs[1][s] + 2.0, 3));
    }
    const RankEffects found = rank_effects(inputs, results);
    CHECK(found.regression);
    CHECK(found.explained > 0.95);
    CHECK(found.effects[0].told);
    CHECK(found.effects[0].coefficient > 0.9);
    CHECK(found.effects[1].told);
    CHECK(found.effects[1].coefficient < -0.2);
    CHECK_FALSE(found.effects[2].told);
    CHECK_FALSE(found.effects[3].told);
}

TEST_CASE("without any effect none is told, with few samples neither") {
    std::vector<std::vector<double>> inputs;
    for (const char* name : {"a", "b", "c", "d", "e"}) {
        inputs.push_back(latin_column(1, name, 64));
    }
    for (const RankEffect& effect : rank_effects(inputs, latin_column(1, "noise", 64)).effects) {
        CHECK_FALSE(effect.told);
    }
    for (std::vector<double>& input : inputs) {
        input.resize(6);
    }
    // Six samples: the bound is sqrt(2 ln(2 x 5 / 0.05)) / sqrt(5) = 1.46, which no correlation exceeds.
    const RankEffects few = rank_effects(inputs, inputs[0]);
    CHECK_FALSE(few.regression);
    CHECK(few.effects[0].coefficient == Approx(1.0));
    CHECK_FALSE(few.effects[0].told);
}

TEST_CASE("a summary tells tails, what matters and what is certain; failed samples do not count") {
    const auto assumptions = assumptions_of({assumed("latency", ValueKind::time, "2 us", "1 us", "3 us", 1),
                                             assumed("idle", ValueKind::time, "2 us", "1 us", "3 us", 2)});
    const std::vector<std::vector<double>> columns{latin_column(1, "x", 101), latin_column(1, "y", 101)};
    std::vector<std::vector<std::optional<double>>> results;
    for (std::size_t s = 0; s < 101; ++s) {
        results.push_back(s == 50 ? std::vector<std::optional<double>>{}
                                  : measured(100.0 + std::floor(101.0 * columns[0][s])));
    }
    const UncertaintyReport report = summarise(assumptions, columns, measured(150.0), results);
    CHECK(report.samples == 101);
    CHECK(report.ran == 100);
    REQUIRE(report.figures.size() == 1);  // cards is a count, power the same everywhere
    CHECK(report.certain == std::vector<std::size_t>{*find_metric("power")});
    CHECK(report.figures[0].nominal == 150.0);
    // 100 ... 200 but for one: the fifth of a hundred from below within one.
    CHECK(report.figures[0].p5 == Approx(105.0).margin(1.0));
    CHECK(report.figures[0].p50 == Approx(150.0).margin(1.0));
    CHECK(report.figures[0].p95 == Approx(195.0).margin(1.0));
    CHECK(report.figures[0].matters == 0U);
    CHECK(report.effects.effects[0].coefficient == Approx(1.0).margin(0.01));
    CHECK_FALSE(report.effects.effects[1].told);
    CHECK(violation(uncertainty_schema(), uncertainty_json(report)) == "");
}

TEST_CASE("a ranking is certain in the share of samples in which its best is best") {
    const SweepOutcome outcome = made_sweep({axis("chip", {"a", "b"})}, {"step_time"}, [](const Choice& choice) {
        return MadeValues{{"step_time", choice[0] == 0 ? 100.0 : 120.0}};
    });
    // b takes 120 in three samples and 80 in one; in a fifth a fails.
    std::vector<std::vector<std::vector<std::optional<double>>>> results;
    const auto sample = [&](std::optional<double> a, double b) {
        std::vector<std::vector<std::optional<double>>> values(2);
        const std::size_t metric = *find_metric("step_time");
        if (a) {
            values[0].resize(all_metrics().size());
            values[0][metric] = a;
        }
        values[1].resize(all_metrics().size());
        values[1][metric] = b;
        results.push_back(values);
    };
    sample(100.0, 120.0);
    sample(100.0, 120.0);
    sample(100.0, 120.0);
    sample(100.0, 80.0);
    sample(std::nullopt, 120.0);
    const SweepUncertainty uncertainty = summarise(outcome, results);
    CHECK(uncertainty.samples == 5);
    CHECK(uncertainty.judged == 5);
    REQUIRE(uncertainty.designs.size() == 2);
    CHECK(uncertainty.designs[0].name == "chip a");
    CHECK(uncertainty.designs[0].best == 3);
    CHECK(uncertainty.designs[0].ranked == 4);
    CHECK(uncertainty.designs[1].best == 2);
    CHECK(uncertainty.designs[1].ranked == 5);
    // Of b against a, where both ran: 0.8333 three times and 1.25.
    CHECK(uncertainty.designs[1].p50 == Approx(100.0 / 120.0));
    CHECK(uncertainty.points.at(1).ran == 5);
}
