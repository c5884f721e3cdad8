// Tables of at most kSummaryWidth columns: what does not fit is left out from the right, and sweep.json has all of it.

#include "app/sweep/analysis_text.h"

#include "app/result/aligned_table.h"
#include "app/result/words.h"
#include "app/scenario/metric.h"
#include "app/sweep/failures.h"
#include "app/sweep/metric_text.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstddef>
#include <map>

namespace myriad {
namespace {

constexpr std::size_t kBest = 10;
constexpr std::size_t kFront = 12;
constexpr std::ptrdiff_t kKneeLines = 12;
constexpr std::size_t kEffectRows = 24;

std::string factor_text(double factor) { return fmt::format("{:.{}f}", factor, factor < 99.5 ? 3 : 1); }

bool fits(const std::string& text) { return text.find('\n') <= kSummaryWidth; }

class Text {
public:
    Text(const SweepOutcome& outcome, const Analysis& analysis)
        : outcome_(outcome), analysis_(analysis), ranking_(*analysis.ranking) {
        for (std::size_t a = 0; a < outcome.sweep.axes.size(); ++a) {
            if (outcome.sweep.axes[a].role != AxisRole::load) {
                (outcome.sweep.axes[a].role == AxisRole::design ? axes_ : tuning_axes_).push_back(a);
            }
        }
    }

    [[nodiscard]] std::string best() const {
        if (ranking_.designs.empty() || ranking_.reference.empty()) {
            return {};
        }
        // Loads are columns from the left. What does not fit goes: first their gains, then loads, the first one last.
        std::size_t loads = ranking_.loads.size();
        bool gains = loads > 1;
        std::string table = best_table(loads, gains);
        while ((gains || loads > 1) && !fits(table)) {
            loads -= gains ? 0 : 1;
            gains = false;
            table = best_table(loads, gains);
        }
        std::string out = "\n" + best_title(loads) + table;
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
            add_axes(columns, true);
            columns.push_back({heading(x, of_x), Align::right});
            columns.push_back({heading(y, of_y), Align::right});
            AlignedTable table(std::move(columns));
            for (std::size_t i = 0; i < std::min(front.points.size(), kFront); ++i) {
                const SweepPointResult& point = outcome_.points[front.points[i]];
                std::vector<std::string> cells{std::to_string(point.point.index)};
                add_labels(cells, point.point.choice, true);
                cells.push_back(of_x.text(*point.values[front.x]));
                cells.push_back(of_y.text(*point.values[front.y]));
                table.add(std::move(cells));
            }
            out += fmt::format("\nPareto front of {} and {}{}: no design is better in one and as good in the other\n",
                               x.name, y.name, front.load.empty() ? "" : " (" + label_of(front.load) + ")") +
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
            table.add({label_of(effect.load), std::string(all_metrics()[effect.metric].name),
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

    [[nodiscard]] std::string knees() const {
        std::string out;
        std::size_t told = 0;
        for (; told < analysis_.knee_summary.size(); ++told) {
            const std::string next = paragraph("  - ", analysis_.knee_summary[told] + ".", 4, kSummaryWidth);
            if (std::count(out.begin(), out.end(), '\n') + std::count(next.begin(), next.end(), '\n') > kKneeLines) {
                break;
            }
            out += next;
        }
        if (out.empty()) {
            return out;
        }
        const std::size_t left = analysis_.knee_summary.size() - told;
        return "\nKnees: from where on no doubling gains 10 %\n" + out +
               (left == 0 ? "" : fmt::format("  ... and {} more in sweep.json\n", left));
    }

private:
    [[nodiscard]] std::string best_title(std::size_t loads) const {
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
            title += "\n" + paragraph("  ", units_text(loads), 4, kSummaryWidth);
        } else {
            title += "\n";
        }
        const std::string against = (ranking_.against_baseline ? "the baseline, " : "the best, ") + ranking_.reference;
        title += paragraph("  ", "gain: times as good as " + against, 4, kSummaryWidth);
        return tuning_axes_.empty() || ranking_.loads.size() == 1
                   ? title
                   : title + paragraph("  ", "each design at each load with its best " + names(tuning_axes_), 4,
                                       kSummaryWidth);
    }

    [[nodiscard]] std::string names(const std::vector<std::size_t>& axes) const {
        std::string text;
        for (const std::size_t axis : axes) {
            text += (text.empty() ? "" : ", ") + outcome_.sweep.axes[axis].name;
        }
        return text;
    }

    // "training: tokens_per_second in 1/s; all-reduce, all-to-all: busbw in GB/s"
    [[nodiscard]] std::string units_text(std::size_t loads) const {
        std::vector<std::pair<std::string, std::string>> groups;  // result with unit, loads
        for (std::size_t load = 0; load < loads; ++load) {
            const Metric& metric = all_metrics()[ranking_.metrics[load]];
            const MetricScale scale = scale_of(load);
            const std::string_view plain = metric.unit == "1" ? "" : metric.unit;
            const std::string_view unit = scale.unit().empty() ? plain : scale.unit();
            std::string result(metric.name);
            result += unit.empty() ? "" : " in " + std::string(unit);
            const auto at =
                std::find_if(groups.begin(), groups.end(), [&](const auto& group) { return group.first == result; });
            if (at == groups.end()) {
                groups.emplace_back(result, ranking_.labels[load]);
            } else {
                at->second += ", " + ranking_.labels[load];
            }
        }
        std::string text;
        for (const auto& [result, of] : groups) {
            text += (text.empty() ? "" : "; ") + of + ": " + result;
        }
        return text;
    }

    [[nodiscard]] MetricScale scale_of(std::size_t load) const {
        std::vector<double> shown;
        for (const RankedDesign& design : ranking_.designs) {
            if (design.excluded.empty() && design.values[load]) {
                shown.push_back(*design.values[load]);
            }
        }
        return {all_metrics()[ranking_.metrics[load]], shown};
    }

    [[nodiscard]] std::string best_table(std::size_t loads, bool gains) const {
        const bool one = ranking_.loads.size() == 1;
        std::vector<AlignedTable::Column> columns{{"rank", Align::right}};
        if (one) {
            columns.push_back({"point", Align::right});
        }
        add_axes(columns, one);
        std::vector<MetricScale> scales;
        for (std::size_t load = 0; load < loads; ++load) {
            scales.push_back(scale_of(load));
            const Metric& metric = all_metrics()[ranking_.metrics[load]];
            columns.push_back({one ? heading(metric, scales.back()) : ranking_.labels[load], Align::right});
            if (gains) {
                columns.push_back({"gain", Align::right});
            }
        }
        columns.push_back({one ? "gain" : "mean gain", Align::right});
        columns.push_back({"", Align::left});
        AlignedTable table(std::move(columns));
        for (std::size_t i = 0; i < ranking_.designs.size(); ++i) {
            const RankedDesign& design = ranking_.designs[i];
            const bool base = ranking_.against_baseline && design.name == ranking_.reference;
            if ((i < kBest && design.excluded.empty()) || base) {
                table.add(best_row(i, scales, gains));
            }
        }
        return table.text(2);
    }

    [[nodiscard]] std::vector<std::string> best_row(std::size_t place, const std::vector<MetricScale>& scales,
                                                    bool gains) const {
        const RankedDesign& design = ranking_.designs[place];
        const bool one = ranking_.loads.size() == 1;
        const auto gain = [](std::optional<double> of) { return of ? fmt::format("{:.3f}", *of) : std::string("-"); };
        std::vector<std::string> cells{design.excluded.empty() ? std::to_string(place + 1) : "-"};
        if (one) {
            cells.push_back(std::to_string(*design.points.front()));
        }
        add_labels(cells, one ? outcome_.points[*design.points.front()].point.choice : design.choice, one);
        for (std::size_t load = 0; load < scales.size(); ++load) {
            cells.push_back(design.values[load] ? scales[load].text(*design.values[load]) : "-");
            if (gains) {
                cells.push_back(gain(design.gains[load]));
            }
        }
        cells.push_back(gain(design.score));
        cells.emplace_back(ranking_.against_baseline && design.name == ranking_.reference ? "baseline" : "");
        return cells;
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

    // The short name of a load.
    [[nodiscard]] const std::string& label_of(const std::string& load) const {
        const auto at = std::find(ranking_.loads.begin(), ranking_.loads.end(), load);
        return at == ranking_.loads.end() ? load
                                          : ranking_.labels[static_cast<std::size_t>(at - ranking_.loads.begin())];
    }

    // Axes of role design, and of role tuning where a row is one point.
    void add_axes(std::vector<AlignedTable::Column>& columns, bool tuned) const {
        for (const std::size_t axis : shown_axes(tuned)) {
            columns.push_back({outcome_.sweep.axes[axis].name, Align::left});
        }
    }
    void add_labels(std::vector<std::string>& cells, const std::vector<std::size_t>& choice, bool tuned) const {
        for (const std::size_t axis : shown_axes(tuned)) {
            cells.push_back(outcome_.sweep.axes[axis].values[choice[axis]].label);
        }
    }
    [[nodiscard]] std::vector<std::size_t> shown_axes(bool tuned) const {
        std::vector<std::size_t> axes = axes_;
        if (tuned) {
            axes.insert(axes.end(), tuning_axes_.begin(), tuning_axes_.end());
        }
        return axes;
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
    std::vector<std::size_t> tuning_axes_;
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
