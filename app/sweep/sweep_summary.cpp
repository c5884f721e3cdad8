// The printed answer of a sweep: what is best in a line, pivots with the best cell marked, the analysis, why points
// failed. Nothing of the host is in it.

#include "app/analysis/analysis.h"
#include "app/result/aligned_table.h"
#include "app/sweep/analysis_text.h"
#include "app/sweep/failures.h"
#include "app/sweep/summary_tables.h"
#include "app/sweep/sweep_run.h"

#include <fmt/core.h>

#include <algorithm>

namespace myriad {
namespace {

constexpr std::size_t kListed = 40;  // points listed where the sweep has no tables

// "30 points (15 plan x 2 recompute): 18 ran, 12 failed"
std::string counts_text(const SweepOutcome& outcome) {
    std::string grid;
    for (const SweepAxis& axis : outcome.sweep.axes) {
        grid += fmt::format("{}{} {}", grid.empty() ? "" : " x ", axis.values.size(), axis.name);
    }
    return fmt::format("  {} points ({}): {} ran, {} failed\n", outcome.points.size(), grid,
                       outcome.points.size() - outcome.failures(), outcome.failures());
}

std::string points_text(const SweepOutcome& outcome, const Failures& failures) {
    std::string out;
    for (const SweepTable& table : outcome.sweep.tables) {
        out += table_text(outcome, table, failures);
    }
    if (!outcome.sweep.tables.empty()) {
        return out;
    }
    std::vector<std::size_t> points;
    for (std::size_t i = 0; i < std::min(outcome.points.size(), kListed); ++i) {
        points.push_back(i);
    }
    out = "\n" + fitting_listing(outcome, points, failures);
    if (outcome.points.size() > kListed) {
        out += fmt::format("  ... and {} more points, see sweep.csv\n", outcome.points.size() - kListed);
    }
    return out;
}

}  // namespace

std::string sweep_summary(const SweepOutcome& outcome) {
    const Failures failures(outcome);
    const Analysis analysis = analyse(outcome);
    std::string out = outcome.sweep.title + "\n" + counts_text(outcome);
    out += paragraph("  ", analysis.headline, 2, kSummaryWidth);
    out += points_text(outcome, failures);
    out += analysis_text(outcome, analysis);
    out += outcome.uncertainty_text;
    out += failures.text();
    for (const std::string& warning : analysis.warnings) {
        out += "\n" + paragraph("warning: ", warning, 9, kSummaryWidth);
    }
    return out;
}

}  // namespace myriad
