// The parts in their order, and the words: a headline and a few sentences that stand by themselves in a review.

#include "app/analysis/analysis.h"

#include "app/analysis/parts.h"
#include "app/result/words.h"
#include "app/sweep/metric_text.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace myriad {
namespace {

const RankedDesign* best_of(const Analysis& analysis) {
    const bool any =
        analysis.ranking && !analysis.ranking->designs.empty() && analysis.ranking->designs.front().excluded.empty();
    return any ? &analysis.ranking->designs.front() : nullptr;
}

std::size_t ranked_count(const Ranking& ranking) {
    return static_cast<std::size_t>(std::count_if(ranking.designs.begin(), ranking.designs.end(),
                                                  [](const RankedDesign& design) { return design.excluded.empty(); }));
}

// "1.42 times the baseline (total 350 GB/s)", "equal to the baseline"
std::string against_text(const RankedDesign& best, const Ranking& ranking) {
    if (best.name == ranking.reference) {
        return "it is the baseline, nothing beats it";
    }
    return fmt::format("{} times the baseline ({})", times_text(best.score.value_or(1.0)), ranking.reference);
}

// How far the second is behind, as a ratio of scores; nothing to compare: empty.
std::string lead_text(const Ranking& ranking) {
    const std::vector<RankedDesign>& designs = ranking.designs;
    if (designs.size() < 2 || !designs[1].excluded.empty() || !designs[0].score || !designs[1].score) {
        return {};
    }
    const double lead = *designs[0].score / *designs[1].score;
    std::size_t equal = 1;
    while (equal < designs.size() && designs[equal].excluded.empty() && designs[equal].score &&
           *designs[0].score <= *designs[equal].score * (1.0 + kSameRatio)) {
        ++equal;
    }
    if (equal > 1) {
        return fmt::format("{} other{} equal to it", equal - 1, equal == 2 ? " is" : "s are");
    }
    return lead < 1.0005 ? fmt::format("less than 0.1 % ahead of {}", designs[1].name)
                         : fmt::format("{} times the second ({})", times_text(lead), designs[1].name);
}

std::string values_sentence(const RankedDesign& best, const Ranking& ranking) {
    if (ranking.loads.size() == 1) {
        return fmt::format("Best of {} designs: {} with {}.", ranked_count(ranking), best.title(),
                           value_text(ranking.metrics[0], *best.values[0]));
    }
    std::string text = fmt::format("Best of {} designs over {} loads, by the geometric mean of gains: {}",
                                   ranked_count(ranking), ranking.loads.size(), best.title());
    constexpr std::size_t kLoadsTold = 6;
    for (std::size_t load = 0; load < std::min(ranking.loads.size(), kLoadsTold); ++load) {
        text += fmt::format("{}{} {}", load == 0 ? ": " : "; ", ranking.labels[load],
                            value_text(ranking.metrics[load], *best.values[load]));
    }
    return text + (ranking.loads.size() > kLoadsTold ? "; and others." : ".");
}

// Per load the axis that explains most; equal ones are told once.
void tell_effects(const Grid& grid, const Analysis& analysis, std::vector<std::string>& verdict) {
    constexpr std::size_t kTold = 3;
    std::size_t told = 0;
    for (std::size_t i = 0; i < analysis.effects.size() && told < kTold; ++i) {
        const AxisEffect& effect = analysis.effects[i];
        const bool first =
            i == 0 || analysis.effects[i - 1].load != effect.load || analysis.effects[i - 1].metric != effect.metric;
        if (!first || effect.share <= 0.0 || effect.spread < 1.0 + kSameRatio) {
            continue;
        }
        verdict.push_back(
            fmt::format("{}{} matters most: it explains {} of the variation of {}, from its smallest to "
                        "its largest level a factor of {}.",
                        effect.load.empty() ? "" : effect.load + ": ", grid.outcome().sweep.axes[effect.axis].name,
                        percent(effect.share), all_metrics()[effect.metric].name, times_text(effect.spread)));
        ++told;
    }
}

void tell_doubts(const Grid& grid, const Analysis& analysis, std::vector<std::string>& verdict) {
    const std::size_t failed = grid.outcome().failures();
    const std::size_t all = grid.outcome().points.size();
    const std::size_t out = analysis.ranking->designs.size() - ranked_count(*analysis.ranking);
    if (out > 0) {
        verdict.push_back(fmt::format("{} of {} designs are not ranked ({} of {} points failed).", out,
                                      analysis.ranking->designs.size(), failed, all));
    }
    if (!analysis.warnings.empty()) {
        verdict.push_back(fmt::format("{} warning{}, the first: {}.", analysis.warnings.size(),
                                      analysis.warnings.size() == 1 ? "" : "s", analysis.warnings.front()));
    }
}

}  // namespace

std::string quantity_text(std::size_t metric, double value) {
    const MetricScale scale(all_metrics()[metric], {value});
    return scale.text(value) + (scale.unit().empty() ? "" : " " + std::string(scale.unit()));
}

std::string value_text(std::size_t metric, double value) {
    return std::string(all_metrics()[metric].name) + " " + quantity_text(metric, value);
}

std::string times_text(double gain) {
    const int decimals = gain < 9.995 ? 2 : gain < 99.95 ? 1 : 0;
    return fmt::format("{:.{}f}", gain, gain > 0.0 && gain < 0.1 ? 4 : decimals);
}

std::string headline_of(const Grid& grid, const Analysis& analysis) {
    const std::size_t points = grid.outcome().points.size();
    if (!analysis.ranking) {
        return fmt::format("{} points, {} of them failed; no column can be better or worse", points,
                           grid.outcome().failures());
    }
    const RankedDesign* const best = best_of(analysis);
    if (best == nullptr) {
        return fmt::format("No design can be ranked: {} of {} points failed", grid.outcome().failures(), points);
    }
    const Ranking& ranking = *analysis.ranking;
    std::string text = (best->title().empty() ? "The design" : best->title()) + " is best";
    if (ranking.loads.size() == 1) {
        text += " by " + value_text(ranking.metrics[0], *best->values[0]);
    }
    const std::string than = ranking.against_baseline ? against_text(*best, ranking) : lead_text(ranking);
    return than.empty() ? text : text + ": " + than;
}

std::vector<std::string> verdict_of(const Grid& grid, const Analysis& analysis) {
    std::vector<std::string> verdict;
    if (!analysis.ranking) {
        return verdict;
    }
    const RankedDesign* const best = best_of(analysis);
    if (best != nullptr) {
        verdict.push_back(values_sentence(*best, *analysis.ranking));
        const std::string lead = lead_text(*analysis.ranking);
        if (analysis.ranking->against_baseline) {
            verdict.push_back("Against the baseline: " + against_text(*best, *analysis.ranking) +
                              (lead.empty() ? "." : "; " + lead + "."));
        } else if (!lead.empty()) {
            verdict.push_back("There is no baseline; " + lead + ".");
        }
        tell_effects(grid, analysis, verdict);
        constexpr std::size_t kKneesTold = 4;
        for (std::size_t i = 0; i < std::min(analysis.knee_summary.size(), kKneesTold); ++i) {
            verdict.push_back(analysis.knee_summary[i] + ".");
        }
    }
    tell_doubts(grid, analysis, verdict);
    return verdict;
}

std::optional<Ranking> ranking_of(const SweepOutcome& outcome) {
    const Grid grid(outcome);
    const Judgement judgement = judgement_of(outcome.sweep);
    if (judgement.metrics.empty()) {
        return std::nullopt;
    }
    std::vector<std::string> ignored;
    return rank_designs(grid, metrics_of_loads(grid, judgement), ignored);
}

Analysis analyse(const SweepOutcome& outcome) {
    Analysis analysis;
    const Grid grid(outcome);
    const Judgement judgement = judgement_of(outcome.sweep);
    const LoadMetrics metrics = metrics_of_loads(grid, judgement);
    analysis.warnings = doubts_about(grid);
    if (!judgement.metrics.empty()) {
        Ranking ranking = rank_designs(grid, metrics, analysis.warnings);
        analysis.fronts = pareto_fronts(grid, judgement, metrics, ranking);
        for (std::string& edge : edges_of(grid, ranking)) {
            analysis.warnings.push_back(std::move(edge));
        }
        analysis.ranking = std::move(ranking);
        analysis.effects = axis_effects(grid, judgement, metrics);
        analysis.knees = knees_of(grid, metrics);
        analysis.knee_summary = knee_summary_of(grid, *analysis.ranking, analysis.knees);
    }
    analysis.headline = headline_of(grid, analysis);
    analysis.verdict = verdict_of(grid, analysis);
    return analysis;
}

}  // namespace myriad
