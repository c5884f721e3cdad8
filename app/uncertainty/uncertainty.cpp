// Job 0 is the nominal run, the next are the samples; the assumptions with the largest effects are then run alone at the
// ends of their ranges, which needs no statistics and shows the direction.

#include "app/uncertainty/uncertainty.h"

#include "app/scenario/metric.h"
#include "sim/error/error.h"
#include "sim/process/children.h"
#include "sim/progress/progress_line.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace myriad {
namespace {

constexpr std::size_t kSwings = 5;

// Figures about the simulation are no results of the machine.
bool is_figure(const Metric& metric) { return metric.kind != MetricKind::count; }

std::string overridden(const SampledRun& run, const std::vector<std::string>& overrides) {
    return encode(run(overrides));
}

std::vector<std::optional<double>> values_of(const ChildResult& child) {
    std::string rest;
    return child.succeeded() ? decode(child.payload, rest).values : std::vector<std::optional<double>>{};
}

void count_failures(const std::vector<ChildResult>& children, UncertaintyReport& report) {
    std::map<std::string, std::size_t> reasons;
    for (std::size_t i = 1; i < children.size(); ++i) {
        if (!children[i].succeeded()) {
            ++reasons[children[i].reason.substr(0, children[i].reason.find('\n'))];
        }
    }
    report.failures.assign(reasons.begin(), reasons.end());
    std::stable_sort(report.failures.begin(), report.failures.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
}

std::vector<ChildResult> run_all(const std::vector<std::vector<std::string>>& jobs, const SampledRun& run,
                                 const UncertaintyOptions& options) {
    ChildOptions children{.parallel_max = options.jobs, .timeout = {}, .on_done = {}};
    std::optional<ProgressLine> line;
    if (options.progress) {
        line.emplace(options.label, static_cast<std::int64_t>(jobs.size()));
        children.on_done = [&](const ChildResult&, std::size_t done) { line->update(static_cast<std::int64_t>(done)); };
    }
    return run_children(
        jobs.size(), [&](std::size_t job) { return overridden(run, jobs[job]); }, children);
}

void run_swings(const SampledRun& run, const UncertaintyOptions& options, UncertaintyReport& report) {
    std::vector<std::size_t> order(report.assumptions.size());
    std::iota(order.begin(), order.end(), 0U);
    const auto size = [&](std::size_t a) { return std::abs(report.effects.effects[a].coefficient); };
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return size(a) > size(b); });
    order.resize(std::min(order.size(), kSwings));
    std::vector<std::vector<std::string>> jobs;
    for (const std::size_t a : order) {
        for (const double share : {0.0, 1.0}) {
            jobs.emplace_back();
            put_over(report.assumptions[a], value_at(report.assumptions[a], share), jobs.back());
        }
    }
    const std::vector<ChildResult> children = run_all(jobs, run, options);
    const auto judged = [&](const ChildResult& child) {
        return child.succeeded() ? values_of(child)[*report.judged] : std::nullopt;
    };
    for (std::size_t i = 0; i < order.size(); ++i) {
        report.swings.push_back({order[i], judged(children[2 * i]), judged(children[2 * i + 1])});
    }
    const auto span = [](const Swing& swing) {
        return swing.low && swing.high ? std::abs(*swing.high - *swing.low) : 0.0;
    };
    std::stable_sort(report.swings.begin(), report.swings.end(),
                     [&](const Swing& a, const Swing& b) { return span(a) > span(b); });
}

// Results of one metric, with the shares of the samples that have it.
struct Series {
    std::vector<double> values;
    std::vector<std::vector<double>> columns;
};

Series series_of(const std::vector<std::vector<double>>& columns,
                 const std::vector<std::vector<std::optional<double>>>& results, std::size_t metric) {
    Series series;
    series.columns.resize(columns.size());
    for (std::size_t s = 0; s < results.size(); ++s) {
        if (results[s].empty() || !results[s][metric]) {
            continue;
        }
        series.values.push_back(*results[s][metric]);
        for (std::size_t a = 0; a < columns.size(); ++a) {
            series.columns[a].push_back(columns[a][s]);
        }
    }
    return series;
}

UncertainFigure figure_of(const Series& series, const RankEffects& effects, std::size_t metric, double nominal) {
    UncertainFigure figure{.metric = metric,
                           .nominal = nominal,
                           .p5 = quantile(series.values, 0.05),
                           .p50 = quantile(series.values, 0.50),
                           .p95 = quantile(series.values, 0.95)};
    for (std::size_t a = 0; a < effects.effects.size(); ++a) {
        const RankEffect& effect = effects.effects[a];
        if (effect.told && std::abs(effect.coefficient) > std::abs(figure.coefficient)) {
            figure.matters = a;
            figure.coefficient = effect.coefficient;
        }
    }
    return figure;
}

}  // namespace

UncertaintyReport summarise(const std::vector<Assumption>& assumptions, const std::vector<std::vector<double>>& columns,
                            const std::vector<std::optional<double>>& nominal,
                            const std::vector<std::vector<std::optional<double>>>& results) {
    UncertaintyReport report;
    report.assumptions = assumptions;
    report.samples = results.size();
    report.effects.effects.resize(assumptions.size());
    for (const std::vector<std::optional<double>>& sample : results) {
        report.ran += sample.empty() ? 0U : 1U;
    }
    const auto duration = find_metric("duration");
    for (std::size_t metric = 0; metric < nominal.size(); ++metric) {
        if (!nominal[metric] || !is_figure(all_metrics()[metric])) {
            continue;
        }
        const Series series = series_of(columns, results, metric);
        const bool varies = std::any_of(series.values.begin(), series.values.end(),
                                        [&](double value) { return value != *nominal[metric]; });
        if (!varies) {
            report.certain.push_back(metric);
            continue;
        }
        const RankEffects effects = rank_effects(series.columns, series.values);
        report.figures.push_back(figure_of(series, effects, metric, *nominal[metric]));
        if (metric == duration) {
            report.judged = metric;
            report.effects = effects;
        }
    }
    return report;
}

UncertaintyReport uncertainty_of(const std::vector<Assumption>& assumptions, const SampledRun& run,
                                 const UncertaintyOptions& options) {
    std::vector<std::vector<double>> columns;
    for (const Assumption& assumption : assumptions) {
        columns.push_back(latin_column(options.seed, assumption.stream, options.samples));
    }
    std::vector<std::vector<std::string>> jobs(options.samples + 1);
    for (std::size_t s = 0; s < options.samples; ++s) {
        for (std::size_t a = 0; a < assumptions.size(); ++a) {
            put_over(assumptions[a], value_at(assumptions[a], columns[a][s]), jobs[s + 1]);
        }
    }
    const std::vector<ChildResult> children = run_all(jobs, run, options);
    if (!children.front().succeeded()) {
        throw UserError(children.front().reason);
    }
    std::vector<std::vector<std::optional<double>>> results;
    for (std::size_t s = 0; s < options.samples; ++s) {
        results.push_back(values_of(children[s + 1]));
    }
    UncertaintyReport report = summarise(assumptions, columns, values_of(children.front()), results);
    count_failures(children, report);
    if (report.judged) {
        run_swings(run, options, report);
    }
    return report;
}

}  // namespace myriad
