#pragma once
// What the assumed values of a run leave open: every assumption varied over its range at once, in samples of a Latin
// hypercube, each run in a child process.
//
//     const UncertaintyReport report = uncertainty_of(assumptions, run, {.samples = 64, .seed = 1});
//     out << uncertainty_text(report);
//
// A range is what its author would not be surprised by. It is no confidence interval of reality, and the inputs are
// drawn independently: P5 and P95 say what follows from the ranges, no more (docs/uncertainty.md).

#include "app/sweep/measure.h"
#include "app/uncertainty/assumption.h"
#include "app/uncertainty/rank_effects.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace myriad {

struct UncertaintyOptions {
    std::size_t samples = 64;
    std::uint64_t seed = 1;
    int jobs = 0;  // at the same time; 0: one a core
    bool progress = true;
    std::string label;  // of the progress line
};

// One metric over all samples that ran, in its unit.
struct UncertainFigure {
    std::size_t metric = 0;  // in all_metrics()
    double nominal = 0.0;    // every assumption as the files say
    double p5 = 0.0;
    double p50 = 0.0;
    double p95 = 0.0;
    std::optional<std::size_t> matters;  // the assumption with the largest told effect; nothing: none can be told
    double coefficient = 0.0;            // of it
};

// One assumption alone at the ends of its range, the others nominal.
struct Swing {
    std::size_t assumption = 0;
    std::optional<double> low;  // of the first figure's metric; nothing: the run failed
    std::optional<double> high;
};

struct UncertaintyReport {
    std::vector<Assumption> assumptions;
    std::size_t samples = 0;
    std::size_t ran = 0;
    std::vector<std::pair<std::string, std::size_t>> failures;  // reasons of samples that did not run, and how many
    std::optional<std::size_t> judged;                          // the metric that effects and swings are of
    RankEffects effects;                                        // by assumption, on `judged`
    std::vector<UncertainFigure> figures;                       // those that vary, in the order of all_metrics()
    std::vector<std::size_t> certain;                           // metrics that do not vary
    std::vector<Swing> swings;  // of the assumptions with the largest effects, largest first
};

// In a child: the scenario under these overrides, measured.
using SampledRun = std::function<Measured(const std::vector<std::string>& overrides)>;

// Throws UserError if the nominal run fails. Must be called before SystemC elaborates anything.
[[nodiscard]] UncertaintyReport uncertainty_of(const std::vector<Assumption>& assumptions, const SampledRun& run,
                                               const UncertaintyOptions& options);

// What samples say: `columns[a]` are shares of assumption a's range by sample, `results` measured values by sample
// (empty: it failed). Without failures and swings.
[[nodiscard]] UncertaintyReport summarise(const std::vector<Assumption>& assumptions,
                                          const std::vector<std::vector<double>>& columns,
                                          const std::vector<std::optional<double>>& nominal,
                                          const std::vector<std::vector<std::optional<double>>>& results);

[[nodiscard]] std::string uncertainty_text(const UncertaintyReport& report);
// uncertainty.json, and its JSON Schema.
[[nodiscard]] std::string uncertainty_json(const UncertaintyReport& report);
[[nodiscard]] const char* uncertainty_schema();

}  // namespace myriad
