// Tables of at most kSummaryWidth columns: what does not fit is left out from the right, and sweep.json has all of it.

#include "app/sweep/analysis_text.h"

#include "app/result/aligned_table.h"
#include "app/result/words.h"
#include "app/scenario/metric.h"
#include "app/sweep/failures.h"
#include "app/sweep/metric_text.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <numeric>

namespace myriad {
namespace {

constexpr std::size_t kBest = 10;
constexpr std::size_t kFront = 12;
constexpr std::size_t kKnees = 10;
constexpr std::size_t kEffectRows = 24;

std::string factor_text(double factor) { return fmt::format("{:.{}f}", factor, factor < 99.5 ? 3 : 1); }

bool fits(const std::string& text) { return text.find('\n') <= kSummaryWidth; }

class Text {
public:
    Text(const SweepOutcome& outcome, const Analysis& analysis)
        : outcome_(outcome), analysis_(analysis), ranking_(*analysis.ranking) {
        for (std::size_t a = 0; a < outcome.sweep.axes.size(); ++a) {
            if (outcome.sweep.axes[a].role == AxisRole::design) {
                axes_.push_back(a);
            }
        }
    }

    [[nodiscard]] std::string best() const {
        if (ranking_.designs.empty() || ranking_.reference.empty()) {
            return {};
        }
        // Loads are columns from the left; those that do not fit go, the first one last.
        std::size_t loads = ranking_.loads.size();
        std::string table = best_table(loads);
        while (loads > 1 && !fits(table)) {
            table = best_table(--loads);
        }
        std::string out = "\n" + best_title() + table;
        const auto ranked =
            static_cast<std::size_t>(std::count_if(ranking_.designs.begin(), ranking_.designs.end(),
                                                   [](const RankedDesign& design) { return design.excluded.empty(); }));
        if (loads < ranking_.loads.size()) {
            out += fmt::format("  ... and {} more loads in sweep.json\n", ranking_.loads.size() - loads);
        }
        if (ranked > kBest) {
            out += fmt::format("  ... and {} more ranked designs in sweep.json\n", ranked - kBest);
        }
        return out + excluded();
    }

    [[nodiscard]] std::string fronts() const {
        std::string out;
        for (const ParetoFront& front : analysis_.fronts) {
            const Metric& x = all_metrics()[front.x];
            const Metric& y = all_metrics()[front.y];
            const MetricScale of_x(x, values(front.points, front.x));
            const MetricScale of_y(y, values(front.points, front.y));
            std::vector<AlignedTable::Column> columns{{"point", Align::right}};
            add_axes(columns);
            columns.push_back({heading(x, of_x), Align::right});
            columns.push_back({heading(y, of_y), Align::right});
            AlignedTable table(std::move(columns));
            for (std::size_t i = 0; i < std::min(front.points.size(), kFront); ++i) {
                const SweepPointResult& point = outcome_.points[front.points[i]];
                std::vector<std::string> cells{std::to_string(point.point.index)};
                add_labels(cells, point.point.choice);
                cells.push_back(of_x.text(*point.values[front.x]));
                cells.push_back(of_y.text(*point.values[front.y]));
                table.add(std::move(cells));
            }
            out += fmt::format("\nPareto front of {} and {}{}: no design is better in one and as good in the other\n",
                               x.name, y.name, front.load.empty() ? "" : " (" + front.load + ")") +
                   table.text(2);
            if (front.points.size() > kFront) {
                out += fmt::format("  ... and {} more in sweep.json\n", front.points.size() - kFront);
            }
        }
        return out;
    }

    [[nodiscard]] std::string effects() const {
        if (analysis_.effects.empty()) {
            return {};
        }
        AlignedTable table({{"load", Align::left},
                            {"result", Align::left},
                            {"axis", Align::left},
                            {"explains", Align::right},
                            {"factor", Align::right},
                            {"least at", Align::left},
                            {"", Align::right},
                            {"most at", Align::left},
                            {"", Align::right},
                            {"compared", Align::right}});
        bool fitted = false;
        for (std::size_t i = 0; i < std::min(analysis_.effects.size(), kEffectRows); ++i) {
            const AxisEffect& effect = analysis_.effects[i];
            const auto [least, most] = extremes(effect);
            const std::vector<AxisValue>& of = outcome_.sweep.axes[effect.axis].values;
            table.add({effect.load, std::string(all_metrics()[effect.metric].name),
                       outcome_.sweep.axes[effect.axis].name, percent(effect.share), factor_text(effect.spread),
                       of[least].label, factor_text(*effect.levels[least]), of[most].label,
                       factor_text(*effect.levels[most]),
                       effect.fitted ? "fit" : grouped(static_cast<std::int64_t>(effect.combinations))});
            fitted = fitted || effect.fitted;
        }
        std::string out = "\nWhat the axes do (share of the variation explained; factor between the extreme values)\n" +
                          table.text(2);
        if (analysis_.effects.size() > kEffectRows) {
            out += fmt::format("  ... and {} more in sweep.json\n", analysis_.effects.size() - kEffectRows);
        }
        return fitted ? out + "  fit: an additive model of all axes, as too few combinations ran at every value\n"
                      : out;
    }

    // Those of the best designs first.
    [[nodiscard]] std::string knees() const {
        std::map<std::size_t, std::size_t> rank_of;  // by point
        for (std::size_t i = 0; i < ranking_.designs.size(); ++i) {
            for (const std::optional<std::size_t> point : ranking_.designs[i].points) {
                if (point) {
                    rank_of.emplace(*point, i);
                }
            }
        }
        std::vector<std::size_t> order(analysis_.knees.size());
        std::iota(order.begin(), order.end(), 0U);
        const auto rank = [&](std::size_t knee) {
            std::size_t best = ranking_.designs.size();
            for (const std::size_t point : analysis_.knees[knee].points) {
                best = std::min(best, rank_of.at(point));
            }
            return best;
        };
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return rank(a) < rank(b); });
        std::string out = order.empty() ? "" : "\nKnees, those of the best designs first\n";
        for (std::size_t i = 0; i < std::min(order.size(), kKnees); ++i) {
            out += paragraph("  - ", analysis_.knees[order[i]].sentence, 4, kSummaryWidth);
        }
        if (order.size() > kKnees) {
            out += fmt::format("  ... and {} more in sweep.json\n", order.size() - kKnees);
        }
        return out;
    }

private:
    [[nodiscard]] std::string best_title() const {
        const Metric& first = all_metrics()[ranking_.metrics.front()];
        const bool one = std::all_of(ranking_.metrics.begin(), ranking_.metrics.end(),
                                     [&](std::size_t metric) { return metric == ranking_.metrics.front(); });
        std::string title = "Best";
        if (one) {
            title += fmt::format(" by {} ({} is better)", first.name,
                                 first.better == MetricBetter::lower ? "lower" : "higher");
        }
        if (ranking_.loads.size() > 1) {
            title += fmt::format(", geometric mean over {} loads", ranking_.loads.size());
        }
        const std::string against = (ranking_.against_baseline ? "the baseline, " : "the best, ") + ranking_.reference;
        return title + "\n" + paragraph("  ", "gain: times as good as " + against, 4, kSummaryWidth);
    }

    [[nodiscard]] std::string best_table(std::size_t loads) const {
        const bool one = ranking_.loads.size() == 1;
        std::vector<AlignedTable::Column> columns{{"rank", Align::right}};
        if (one) {
            columns.push_back({"point", Align::right});
        }
        add_axes(columns);
        std::vector<MetricScale> scales;
        for (std::size_t load = 0; load < loads; ++load) {
            const Metric& metric = all_metrics()[ranking_.metrics[load]];
            std::vector<double> shown;
            for (const RankedDesign& design : ranking_.designs) {
                if (design.excluded.empty() && design.values[load]) {
                    shown.push_back(*design.values[load]);
                }
            }
            scales.emplace_back(metric, shown);
            columns.push_back(
                {(one ? "" : ranking_.loads[load] + ": ") + heading(metric, scales.back()), Align::right});
        }
        columns.push_back({one ? "gain" : "mean gain", Align::right});
        columns.push_back({"", Align::left});
        AlignedTable table(std::move(columns));
        for (std::size_t i = 0; i < ranking_.designs.size(); ++i) {
            const RankedDesign& design = ranking_.designs[i];
            const bool base = ranking_.against_baseline && design.name == ranking_.reference;
            if ((i >= kBest || !design.excluded.empty()) && !base) {
                continue;
            }
            std::vector<std::string> cells{design.excluded.empty() ? std::to_string(i + 1) : "-"};
            if (one) {
                cells.push_back(std::to_string(*design.points.front()));
            }
            add_labels(cells, design.choice);
            for (std::size_t load = 0; load < loads; ++load) {
                cells.push_back(design.values[load] ? scales[load].text(*design.values[load]) : "-");
            }
            cells.push_back(design.score ? fmt::format("{:.3f}", *design.score) : "-");
            cells.emplace_back(base ? "baseline" : "");
            table.add(std::move(cells));
        }
        return table.text(2);
    }

    // Why designs that ran are not ranked; failures have a list of their own.
    [[nodiscard]] std::string excluded() const {
        std::map<std::string, std::size_t> reasons;
        for (const RankedDesign& design : ranking_.designs) {
            if (!design.excluded.empty() && !design.excluded.starts_with("failed")) {
                const std::size_t wanted = design.excluded.find(", wanted ");
                ++reasons[wanted == std::string::npos ? design.excluded
                                                      : "does not keep " + design.excluded.substr(wanted + 9)];
            }
        }
        std::string out;
        for (const auto& [reason, count] : reasons) {
            out += fmt::format("  not ranked: {} design{}: {}\n", count, count == 1 ? "" : "s", reason);
        }
        return out;
    }

    void add_axes(std::vector<AlignedTable::Column>& columns) const {
        for (const std::size_t axis : axes_) {
            columns.push_back({outcome_.sweep.axes[axis].name, Align::left});
        }
    }
    void add_labels(std::vector<std::string>& cells, const std::vector<std::size_t>& choice) const {
        for (const std::size_t axis : axes_) {
            cells.push_back(outcome_.sweep.axes[axis].values[choice[axis]].label);
        }
    }

    [[nodiscard]] std::vector<double> values(const std::vector<std::size_t>& points, std::size_t metric) const {
        std::vector<double> of;
        for (const std::size_t point : points) {
            of.push_back(*outcome_.points[point].values[metric]);
        }
        return of;
    }

    static std::pair<std::size_t, std::size_t> extremes(const AxisEffect& effect) {
        std::optional<std::size_t> least;
        std::optional<std::size_t> most;
        for (std::size_t v = 0; v < effect.levels.size(); ++v) {
            if (effect.levels[v]) {
                least = !least || *effect.levels[v] < *effect.levels[*least] ? v : least;
                most = !most || *effect.levels[v] > *effect.levels[*most] ? v : most;
            }
        }
        return {least.value_or(0), most.value_or(0)};
    }

    const SweepOutcome& outcome_;
    const Analysis& analysis_;
    const Ranking& ranking_;
    std::vector<std::size_t> axes_;  // of role design
};

}  // namespace

std::string analysis_text(const SweepOutcome& outcome, const Analysis& analysis) {
    if (!analysis.ranking) {
        return {};
    }
    const Text text(outcome, analysis);
    return text.best() + text.fronts() + text.effects() + text.knees();
}

}  // namespace myriad
