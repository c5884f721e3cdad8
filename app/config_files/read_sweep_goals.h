#pragma once
// What a sweep asks: results to tabulate, objectives, constraints, a baseline, rounds of halving.

#include "app/config_files/read_sweep_axes.h"
#include "app/config_files/sweep_space.h"
#include "app/scenario/metric.h"
#include "app/scenario/scenario.h"
#include "sim/config/section.h"

#include <optional>
#include <string>
#include <vector>

namespace myriad {

// Kinds of workloads that points may have, that of the base first.
[[nodiscard]] std::vector<MetricWorkload> workload_kinds(const Scenario& base, const std::vector<SweepAxis>& axes);
// What is wrong with a result's name; empty: one of these workloads has it.
[[nodiscard]] std::string result_problem(const std::string& name, const std::vector<MetricWorkload>& kinds);

// `objectives` and `constraints`, then `columns` or what stands for them.
void read_goals(Section& sweep, const std::vector<MetricWorkload>& kinds, Sweep& out);

// The choice that `baseline` names, 0 on axes of role load. A value of a
// continuous axis that it names becomes one of the axis.
[[nodiscard]] std::optional<Choice> read_baseline(Section& sweep, SweepSpace& space, const std::vector<ReadAxis>& axes);

[[nodiscard]] std::vector<SweepStage> read_stages(Section& sweep, const SweepSpace& space, bool has_objective);

}  // namespace myriad
