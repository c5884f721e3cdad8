// A table of figures, then which assumption matters: regression for all, swings for the first few.

#include "app/uncertainty/uncertainty.h"

#include "app/result/aligned_table.h"
#include "app/result/words.h"
#include "app/scenario/metric.h"
#include "app/sweep/metric_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace myriad {
namespace {

constexpr std::size_t kWidth = 110;
constexpr std::size_t kFailuresTold = 3;
constexpr std::size_t kSamplesForTails = 20;  // fewer: P5 and P95 lie between the two outermost samples

std::string unit_of(const MetricScale& scale) { return std::string(scale.unit()); }

std::string figures_text(const UncertaintyReport& report) {
    AlignedTable table({{"figure", Align::left},
                        {"nominal", Align::right},
                        {"P5", Align::right},
                        {"P50", Align::right},
                        {"P95", Align::right},
                        {"", Align::left},
                        {"matters most", Align::left},
                        {"effect", Align::right}});
    for (const UncertainFigure& figure : report.figures) {
        const Metric& metric = all_metrics()[figure.metric];
        const MetricScale scale(metric, {figure.nominal, figure.p5, figure.p50, figure.p95});
        table.add({std::string(metric.name), scale.text(figure.nominal), scale.text(figure.p5), scale.text(figure.p50),
                   scale.text(figure.p95), unit_of(scale),
                   figure.matters ? report.assumptions[*figure.matters].name() : "not distinguishable",
                   figure.matters ? fmt::format("{:+.2f}", figure.coefficient) : ""});
    }
    std::string out = table.text(2);
    if (!report.certain.empty()) {
        std::string names;
        for (const std::size_t metric : report.certain) {
            names += (names.empty() ? "" : ", ") + std::string(all_metrics()[metric].name);
        }
        out += paragraph("  ", "the same in every sample: " + names, 2, kWidth);
    }
    return out;
}

std::string range_text(const Assumption& assumption) {
    if (!assumption.choices.empty()) {
        return fmt::format("{}", fmt::join(assumption.choices, ", "));
    }
    return assumption.low + " to " + assumption.high + (assumption.logarithmic ? " (log)" : "");
}

std::string swings_text(const UncertaintyReport& report) {
    if (report.swings.empty()) {
        return {};
    }
    const Metric& metric = all_metrics()[*report.judged];
    std::vector<double> shown;
    for (const Swing& swing : report.swings) {
        for (const std::optional<double> end : {swing.low, swing.high}) {
            shown.push_back(end.value_or(0.0));
        }
    }
    const MetricScale scale(metric, shown);
    AlignedTable table({{"assumption", Align::left},
                        {"range", Align::left},
                        {"at low", Align::right},
                        {"at high", Align::right},
                        {"", Align::left},
                        {"effect", Align::right}});
    for (const Swing& swing : report.swings) {
        const Assumption& assumption = report.assumptions[swing.assumption];
        const RankEffect& effect = report.effects.effects[swing.assumption];
        table.add({assumption.name(), range_text(assumption), swing.low ? scale.text(*swing.low) : "failed",
                   swing.high ? scale.text(*swing.high) : "failed", unit_of(scale),
                   effect.told ? fmt::format("{:+.2f}", effect.coefficient) : "n. d."});
    }
    return fmt::format("\nOne at a time: {} with one assumption at an end of its range, the others nominal\n",
                       metric.name) +
           table.text(2) +
           paragraph(
               "  ",
               report.effects.regression
                   ? fmt::format("effect: of ranks over all samples (-1 to 1); they explain {} of the variation of "
                                 "{}; n. d.: not distinguishable from chance",
                                 percent(report.effects.explained), metric.name)
                   : fmt::format("effect: rank correlation (-1 to 1), too few samples for {} assumptions to do "
                                 "better; n. d.: not distinguishable from chance",
                                 report.assumptions.size()),
               4, kWidth);
}

}  // namespace

std::string uncertainty_text(const UncertaintyReport& report) {
    if (report.assumptions.empty()) {
        return "\nUncertainty: no value that the run rests on is assumed with a range\n";
    }
    std::string out = fmt::format("\nUncertainty: {} assumption{} over their ranges, {} samples\n",
                                  report.assumptions.size(), report.assumptions.size() == 1 ? "" : "s", report.samples);
    if (report.ran < report.samples) {
        out += fmt::format("  {} of them do not run and count in no figure:\n", report.samples - report.ran);
        for (std::size_t i = 0; i < std::min(report.failures.size(), kFailuresTold); ++i) {
            out += paragraph("    ", fmt::format("{}: {}", report.failures[i].second, report.failures[i].first), 6,
                             kWidth);
        }
    }
    if (report.ran == 0) {
        return out;
    }
    if (report.ran < kSamplesForTails) {
        out += "  few samples: P5 and P95 lie at the outermost of them\n";
    }
    return out + figures_text(report) + swings_text(report) +
           "  ranges are assumptions of the files, not confidence intervals of reality\n";
}

}  // namespace myriad
