#pragma once
// The parts of an analysis, each of a grid of points; analyse() puts them together.

#include "app/analysis/analysis.h"
#include "app/analysis/grid.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace myriad {

using LoadMetrics = std::vector<std::vector<std::size_t>>;  // metrics_of_loads()

// `warnings` gets why the baseline cannot be the reference.
[[nodiscard]] Ranking rank_designs(const Grid& grid, const LoadMetrics& metrics, std::vector<std::string>& warnings);
// Marks the designs of `ranking` that are on a front.
[[nodiscard]] std::vector<ParetoFront> pareto_fronts(const Grid& grid, const Judgement& judgement,
                                                     const LoadMetrics& metrics, Ranking& ranking);
[[nodiscard]] std::vector<AxisEffect> axis_effects(const Grid& grid, const Judgement& judgement,
                                                   const LoadMetrics& metrics);
[[nodiscard]] std::vector<Knee> knees_of(const Grid& grid, const LoadMetrics& metrics);
[[nodiscard]] std::vector<std::string> knee_summary_of(const Grid& grid, const Ranking& ranking,
                                                       const std::vector<Knee>& knees);

// Axes without effect, points that are one system, columns without a value, values at which nothing ran.
[[nodiscard]] std::vector<std::string> doubts_about(const Grid& grid);
// Values of axes whose designs give the same results at every load; nothing: there are none.
[[nodiscard]] std::optional<std::string> twins_of(const Grid& grid);
// The best design stands where an axis ends.
[[nodiscard]] std::vector<std::string> edges_of(const Grid& grid, const Ranking& ranking);

[[nodiscard]] std::string headline_of(const Grid& grid, const Analysis& analysis);
[[nodiscard]] std::vector<std::string> verdict_of(const Grid& grid, const Analysis& analysis);

// "107.1 GB/s", "64.2 %"
[[nodiscard]] std::string quantity_text(std::size_t metric, double value);
// "busbw 107.1 GB/s"
[[nodiscard]] std::string value_text(std::size_t metric, double value);
// "1.42", "12.3", "0.98"
[[nodiscard]] std::string times_text(double gain);
// Beyond rounding: two values that differ by less are the same.
inline constexpr double kSameRatio = 1e-9;

}  // namespace myriad
