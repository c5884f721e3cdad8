#pragma once
// What a comparison needs of a run: its time, cut into causes that add up to it, and what may explain them. Read from the
// files of a result folder, so that runs of today and of last month compare alike.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace myriad {

enum class CauseKind : std::uint8_t { compute, communication, bubble, bound, other };
[[nodiscard]] std::string_view name_of(CauseKind kind);

// Times are picoseconds, mean over cards; as doubles, because those of runs with other work are scaled.
struct ComparedCause {
    std::string key;   // "tensor"
    std::string name;  // "waiting for tensor-parallel collectives"
    CauseKind kind = CauseKind::other;
    double time = 0.0;
};

struct ComparedOperator {
    std::string name;
    double time = 0.0;
};

// Communication of one kind of group of a training step.
struct ComparedGroup {
    std::string name;  // "tp"
    double busy = 0.0;
    double exposed = 0.0;  // of it
};

struct ComparedTier {
    std::string name;        // "icn"
    double bandwidth = 0.0;  // byte/s, one direction of a link; of the slowest link of the tier
    double mean = 0.0;       // busy / elapsed, over links
    double most = 0.0;
};

struct ComparedFigure {
    std::string name;  // "tokens_per_second"
    std::string unit;  // "tokens/s", "B/s", "ps", "B", "USD", "%" (a share of 1)
    double value = 0.0;
};

struct ComparedRun {
    std::string name;  // as it is called here: "quickstart"
    std::string title;
    std::string cluster;
    std::int64_t cards = 0;
    std::string workload;  // key of result.json: "training"
    std::string what;      // of `total`: "training step of qwen3-32b"
    std::string network;   // levels
    std::string card;
    double total = 0.0;                 // ps
    double work = 0.0;                  // tokens of a step; 0: runs are compared as they are
    std::vector<ComparedCause> causes;  // add up to total
    std::vector<ComparedOperator> operators;
    std::vector<ComparedGroup> groups;
    std::vector<ComparedTier> tiers;
    std::vector<ComparedFigure> figures;
    std::vector<std::pair<std::string, std::string>> inputs;      // path, value; of effective.yaml
    std::vector<std::pair<std::string, std::string>> algorithms;  // "tp all_reduce", "direct"
    std::vector<std::string> assumed;                             // paths
};

// The texts of a result folder; `activity` may be empty.
struct RunFiles {
    std::string folder;  // for messages
    std::string result;
    std::string activity;
    std::string effective;
};
// Throws UserError if they are not what this version of `myriad run` writes.
[[nodiscard]] ComparedRun read_compared_run(const std::string& name, const RunFiles& files);

// Every value of an effective.yaml by its path; sources and status of values are left out.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> flat_inputs(const std::string& effective_yaml);

}  // namespace myriad
