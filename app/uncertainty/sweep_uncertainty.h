#pragma once
// Whether a sweep's ranking stands when its assumptions move: every design is run with the same samples, so that what
// designs share cancels out of their ratios.

#include "app/config_files/load.h"
#include "app/sweep/outcome.h"
#include "app/uncertainty/uncertainty.h"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace myriad {

struct UncertainPoint {
    std::size_t point = 0;
    std::size_t metric = 0;  // what its load is judged by
    double nominal = 0.0;
    double p5 = 0.0;
    double p50 = 0.0;
    double p95 = 0.0;
    std::size_t ran = 0;  // samples
};

// Of a design that is ranked nominally, in the order of the ranking.
struct UncertainDesign {
    std::string name;
    std::size_t best = 0;    // samples in which no design was better; ties count for each
    std::size_t ranked = 0;  // samples in which it ran and kept the constraints
    double p5 = 0.0;         // of its score against the reference, in the same sample
    double p50 = 0.0;
    double p95 = 0.0;
};

struct SweepUncertainty {
    std::size_t samples = 0;
    std::size_t judged = 0;       // samples in which any design could be ranked
    std::size_t assumptions = 0;  // that any point rests on
    std::string reference;        // what scores are against: the baseline, or the design that is best nominally
    std::vector<UncertainDesign> designs;
    std::vector<UncertainPoint> points;
    std::size_t runs = 0;
    std::vector<std::pair<std::string, std::size_t>> failures;  // reasons of runs that failed, most frequent first
};

// Runs `samples` of every point that ran. `name_or_path` and `overrides` as the sweep was run with.
[[nodiscard]] SweepUncertainty sweep_uncertainty(const SweepOutcome& outcome, const std::string& name_or_path,
                                                 const Overrides& overrides, const UncertaintyOptions& options);

// What sampled values say: `results[s][p]` of point p in sample s (empty: it failed or was not run).
[[nodiscard]] SweepUncertainty summarise(const SweepOutcome& outcome,
                                         const std::vector<std::vector<std::vector<std::optional<double>>>>& results);

[[nodiscard]] std::string uncertainty_text(const SweepUncertainty& uncertainty);
// Key "uncertainty" of sweep.json.
[[nodiscard]] std::string uncertainty_json(const SweepUncertainty& uncertainty);

}  // namespace myriad
