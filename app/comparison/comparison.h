#pragma once
// Two or more runs side by side: how much slower or faster than the first, and from which causes. The causes of a
// difference add up to it, because the causes of each run add up to its time (both are checked).
//
// Steps of different numbers of tokens are compared at the tokens of the first: all times of a run are scaled by
// (tokens of the first / its tokens).

#include "app/comparison/compared_run.h"

#include <string>
#include <utility>
#include <vector>

namespace myriad {

// One figure of every run; runs[0] is what the others are compared with.
struct ComparedRow {
    std::string name;
    CauseKind kind = CauseKind::other;  // of causes
    std::vector<double> values;
    [[nodiscard]] double difference(std::size_t run) const { return values[run] - values[0]; }
};

struct ComparedInput {
    std::string path;
    std::vector<std::string> values;  // by run; empty: the run has no such value
};

struct Comparison {
    std::vector<ComparedRun> runs;          // times not scaled
    std::vector<double> scale;              // by run; 1: as it is
    ComparedRow total;                      // ps, scaled; so are causes, operators and groups
    std::vector<ComparedRow> causes;        // those that any run has; largest difference first
    std::vector<ComparedRow> operators;     // likewise
    std::vector<ComparedRow> busy;          // by group of communication
    std::vector<ComparedRow> exposed;       // of the same groups
    std::vector<ComparedInput> inputs;      // that differ, in the order of the first run's file
    std::vector<ComparedInput> algorithms;  // likewise, by group and operation
    std::string headline;
    std::vector<std::string> verdict;
    std::vector<std::string> warnings;  // why the runs may not be comparable
};

// At least two runs, all of one workload; throws UserError if they are not.
[[nodiscard]] Comparison compare_runs(std::vector<ComparedRun> runs);

// What the command prints, at most about 110 columns.
[[nodiscard]] std::string comparison_text(const Comparison& comparison);
inline constexpr const char* kComparisonSchema = "myriad-comparison/1";
[[nodiscard]] std::string comparison_json(const Comparison& comparison);

}  // namespace myriad
