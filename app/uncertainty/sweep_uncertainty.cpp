// A sample of a sweep is a sweep: its values go through the same ranking, constraints included, with the nominal
// reference as baseline.

#include "app/uncertainty/sweep_uncertainty.h"

#include "app/analysis/analysis.h"
#include "app/result/aligned_table.h"
#include "app/run/assumptions.h"
#include "app/run/run.h"
#include "app/scenario/metric.h"
#include "app/sweep/metric_text.h"
#include "sim/process/children.h"
#include "sim/progress/progress_line.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace myriad {
namespace {

using Values = std::vector<std::optional<double>>;

Overrides overrides_of_point(const SweepOutcome& outcome, const SweepPointResult& point) {
    Overrides own = point.point.overrides;
    if (!outcome.sweep.stages.empty()) {
        const Overrides& of_stage = outcome.sweep.stages[point.stage].overrides;
        own.insert(own.end(), of_stage.begin(), of_stage.end());
    }
    return own;
}

struct Job {
    std::size_t sample;
    std::size_t point;
    Overrides overrides;
};

// Sample by sample, so that the first samples of all designs are there first.
std::vector<Job> jobs_of(const SweepOutcome& outcome, const std::string& name_or_path, const Overrides& overrides,
                         const UncertaintyOptions& options, std::size_t& assumed) {
    std::map<std::string, std::vector<double>> columns;  // by stream
    std::vector<Job> jobs;
    for (const SweepPointResult& point : outcome.points) {
        if (!point.ran()) {
            continue;
        }
        const Overrides own = overrides_of_point(outcome, point);
        const Loaded<Scenario> loaded = load_sweep_point(name_or_path, overrides, own);
        std::vector<SourcedText> texts = assumptions(loaded);
        for (SourcedText& text : texts) {
            constexpr std::string_view kPrefix = "scenario.";  // the document is the sweep's
            if (text.path.starts_with(kPrefix)) {
                text.path.erase(0, kPrefix.size());
            }
        }
        std::vector<Assumption> of_point = assumptions_of(texts);
        keep_loadable(of_point, [&](const std::vector<std::string>& tried) {
            Overrides all = own;
            all.insert(all.end(), tried.begin(), tried.end());
            try {
                static_cast<void>(load_sweep_point(name_or_path, overrides, all));
                return true;
            } catch (const UserError&) {
                return false;
            }
        });
        for (std::size_t sample = 0; sample < options.samples; ++sample) {
            Job job{sample, point.point.index, own};
            for (const Assumption& assumption : of_point) {
                auto& column = columns[assumption.stream];
                if (column.empty()) {
                    column = latin_column(options.seed, assumption.stream, options.samples);
                }
                put_over(assumption, value_at(assumption, column[sample]), job.overrides);
            }
            jobs.push_back(std::move(job));
        }
    }
    assumed = columns.size();
    std::stable_sort(jobs.begin(), jobs.end(), [](const Job& a, const Job& b) { return a.sample < b.sample; });
    return jobs;
}

struct Tails {
    double p5 = 0.0;
    double p50 = 0.0;
    double p95 = 0.0;
};
Tails tails_of(const std::vector<double>& values) {
    return values.empty() ? Tails{} : Tails{quantile(values, 0.05), quantile(values, 0.50), quantile(values, 0.95)};
}

SweepOutcome sampled(const SweepOutcome& nominal, const std::vector<Values>& values) {
    SweepOutcome sample;
    sample.sweep = nominal.sweep;
    for (std::size_t p = 0; p < nominal.points.size(); ++p) {
        const SweepPointResult& of = nominal.points[p];
        SweepPointResult point;
        point.point = of.point;
        point.stage = of.stage;
        point.outcome = values[p].empty() ? ChildOutcome::user_error : ChildOutcome::succeeded;
        point.values = values[p];
        sample.points.push_back(std::move(point));
    }
    return sample;
}

void add_points(const SweepOutcome& outcome, const Ranking& ranking, const std::vector<std::vector<Values>>& results,
                SweepUncertainty& uncertainty) {
    for (const RankedDesign& design : ranking.designs) {
        for (std::size_t load = 0; load < design.points.size(); ++load) {
            if (!design.points[load] || !design.values[load]) {
                continue;
            }
            const std::size_t p = *design.points[load];
            std::vector<double> values;
            for (const std::vector<Values>& sample : results) {
                if (!sample[p].empty() && sample[p][ranking.metrics[load]]) {
                    values.push_back(*sample[p][ranking.metrics[load]]);
                }
            }
            const Tails tails = tails_of(values);
            uncertainty.points.push_back({outcome.points[p].point.index, ranking.metrics[load], *design.values[load],
                                          tails.p5, tails.p50, tails.p95, values.size()});
        }
    }
    std::sort(uncertainty.points.begin(), uncertainty.points.end(),
              [](const UncertainPoint& a, const UncertainPoint& b) { return a.point < b.point; });
}

}  // namespace

SweepUncertainty summarise(const SweepOutcome& outcome, const std::vector<std::vector<Values>>& results) {
    SweepUncertainty uncertainty;
    uncertainty.samples = results.size();
    const std::optional<Ranking> nominal = ranking_of(outcome);
    if (!nominal || nominal->designs.empty() || !nominal->designs.front().excluded.empty()) {
        return uncertainty;
    }
    uncertainty.reference = nominal->reference;
    SweepOutcome with_reference = outcome;
    std::map<std::string, std::size_t> place;
    for (const RankedDesign& design : nominal->designs) {
        if (design.name == nominal->reference) {
            with_reference.sweep.baseline = design.choice;
        }
        if (design.excluded.empty()) {
            place.emplace(design.name, uncertainty.designs.size());
            uncertainty.designs.push_back({.name = design.name});
        }
    }
    std::vector<std::vector<double>> scores(uncertainty.designs.size());
    for (const std::vector<Values>& sample : results) {
        const std::optional<Ranking> ranking = ranking_of(sampled(with_reference, sample));
        if (!ranking || ranking->designs.empty() || !ranking->designs.front().excluded.empty()) {
            continue;
        }
        ++uncertainty.judged;
        const std::optional<double> top = ranking->designs.front().score;
        for (const RankedDesign& design : ranking->designs) {
            const auto at = place.find(design.name);
            if (at == place.end() || !design.excluded.empty()) {
                continue;
            }
            UncertainDesign& told = uncertainty.designs[at->second];
            ++told.ranked;
            if (design.score && top) {
                constexpr double kTie = 1e-9;
                told.best += *design.score >= *top * (1.0 - kTie) ? 1U : 0U;
                if (ranking->against_baseline) {
                    scores[at->second].push_back(*design.score);
                }
            }
        }
    }
    for (std::size_t d = 0; d < scores.size(); ++d) {
        const Tails tails = tails_of(scores[d]);
        uncertainty.designs[d].p5 = tails.p5;
        uncertainty.designs[d].p50 = tails.p50;
        uncertainty.designs[d].p95 = tails.p95;
    }
    add_points(outcome, *nominal, results, uncertainty);
    return uncertainty;
}

SweepUncertainty sweep_uncertainty(const SweepOutcome& outcome, const std::string& name_or_path,
                                   const Overrides& overrides, const UncertaintyOptions& options) {
    std::size_t assumed = 0;
    const std::vector<Job> jobs = jobs_of(outcome, name_or_path, overrides, options, assumed);
    ChildOptions children{.parallel_max = options.jobs, .timeout = {}, .on_done = {}};
    std::optional<ProgressLine> line;
    if (options.progress) {
        line.emplace(options.label, static_cast<std::int64_t>(jobs.size()));
        children.on_done = [&](const ChildResult&, std::size_t done) { line->update(static_cast<std::int64_t>(done)); };
    }
    const std::vector<ChildResult> done = run_children(
        jobs.size(),
        [&](std::size_t j) {
            const Loaded<Scenario> loaded = load_sweep_point(name_or_path, overrides, jobs[j].overrides);
            const RunOutcome run =
                run_scenario(loaded.value, RunOptions{.progress = false, .kernel_cache = false, .explain = false});
            return encode(measure(run.report));
        },
        children);
    std::vector<std::vector<Values>> results(options.samples, std::vector<Values>(outcome.points.size()));
    std::map<std::string, std::size_t> reasons;
    for (std::size_t j = 0; j < jobs.size(); ++j) {
        if (!done[j].succeeded()) {
            ++reasons[done[j].reason.substr(0, done[j].reason.find('\n'))];
        } else {
            std::string rest;
            results[jobs[j].sample][jobs[j].point] = decode(done[j].payload, rest).values;
        }
    }
    SweepUncertainty uncertainty = summarise(outcome, results);
    uncertainty.assumptions = assumed;
    uncertainty.runs = jobs.size();
    uncertainty.failures.assign(reasons.begin(), reasons.end());
    std::stable_sort(uncertainty.failures.begin(), uncertainty.failures.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    return uncertainty;
}

std::string uncertainty_text(const SweepUncertainty& uncertainty) {
    std::string out = fmt::format("\nUncertainty: {} assumptions over their ranges, {} samples of every point\n",
                                  uncertainty.assumptions, uncertainty.samples);
    if (uncertainty.assumptions == 0) {
        return "\nUncertainty: no value that the sweep rests on is assumed with a range\n";
    }
    if (uncertainty.designs.empty() || uncertainty.judged == 0) {
        return out + "  no design can be ranked\n";
    }
    constexpr std::size_t kFailuresTold = 3;
    for (std::size_t f = 0; f < std::min(uncertainty.failures.size(), kFailuresTold); ++f) {
        const auto& [reason, runs] = uncertainty.failures[f];
        out += paragraph("  ", fmt::format("{} of {} runs failed: {}", runs, uncertainty.runs, reason), 2, 110);
    }
    constexpr std::size_t kTold = 10;
    const UncertainDesign& first = uncertainty.designs.front();
    out += paragraph("  ",
                     fmt::format("{} is best nominally, and in {} of {} samples ({:.0f} %)",
                                 first.name.empty() ? "The design" : first.name, first.best, uncertainty.judged,
                                 100.0 * static_cast<double>(first.best) / static_cast<double>(uncertainty.judged)),
                     2, 110);
    AlignedTable table({{"design", Align::left},
                        {"best in", Align::right},
                        {"ranked in", Align::right},
                        {"gain P5", Align::right},
                        {"P50", Align::right},
                        {"P95", Align::right}});
    const auto share = [&](std::size_t count) {
        return fmt::format("{:.0f} %", 100.0 * static_cast<double>(count) / static_cast<double>(uncertainty.judged));
    };
    for (std::size_t d = 0; d < std::min(uncertainty.designs.size(), kTold); ++d) {
        const UncertainDesign& design = uncertainty.designs[d];
        table.add({design.name, share(design.best), share(design.ranked), fmt::format("{:.3f}", design.p5),
                   fmt::format("{:.3f}", design.p50), fmt::format("{:.3f}", design.p95)});
    }
    out += table.text(2) + paragraph("  ", "gain: against " + uncertainty.reference + " in the same sample", 2, 110);
    AlignedTable points({{"point", Align::right},
                         {"result", Align::left},
                         {"nominal", Align::right},
                         {"P5", Align::right},
                         {"P50", Align::right},
                         {"P95", Align::right},
                         {"", Align::left}});
    for (std::size_t p = 0; p < std::min(uncertainty.points.size(), 2 * kTold); ++p) {
        const UncertainPoint& point = uncertainty.points[p];
        const MetricScale scale(all_metrics()[point.metric], {point.nominal, point.p5, point.p50, point.p95});
        points.add({std::to_string(point.point), std::string(all_metrics()[point.metric].name),
                    scale.text(point.nominal), scale.text(point.p5), scale.text(point.p50), scale.text(point.p95),
                    std::string(scale.unit())});
    }
    out += "\n" + points.text(2);
    if (uncertainty.points.size() > 2 * kTold) {
        out += fmt::format("  ... and {} more points in sweep.json\n", uncertainty.points.size() - 2 * kTold);
    }
    return out + "  ranges are assumptions of the files, not confidence intervals of reality\n";
}

std::string uncertainty_json(const SweepUncertainty& uncertainty) {
    using Json = nlohmann::json;
    Json designs = Json::array();
    for (const UncertainDesign& design : uncertainty.designs) {
        designs.push_back({{"name", design.name},
                           {"best", design.best},
                           {"ranked", design.ranked},
                           {"p5", design.p5},
                           {"p50", design.p50},
                           {"p95", design.p95}});
    }
    Json points = Json::array();
    for (const UncertainPoint& point : uncertainty.points) {
        points.push_back({{"point", point.point},
                          {"metric", std::string(all_metrics()[point.metric].name)},
                          {"nominal", point.nominal},
                          {"p5", point.p5},
                          {"p50", point.p50},
                          {"p95", point.p95},
                          {"ran", point.ran}});
    }
    Json failures = Json::array();
    for (const auto& [reason, runs] : uncertainty.failures) {
        failures.push_back({{"reason", reason}, {"runs", runs}});
    }
    return Json{
        {"samples", uncertainty.samples},     {"judged", uncertainty.judged}, {"assumptions", uncertainty.assumptions},
        {"reference", uncertainty.reference}, {"designs", designs},           {"points", points},
        {"runs", uncertainty.runs},           {"failures", failures}}
        .dump();
}

}  // namespace myriad
