#pragma once
// What a run tells: everything that the result folder, the printed summary and a sweep are made from. Plain data;
// nothing of the host is in it, so the same input gives the same report.

#include "app/activity/activity.h"
#include "app/scenario/scenario.h"
#include "app/system/platform.h"
#include "models/tile/kernel_result.h"
#include "sim/config/document.h"
#include "workloads/inference/memory.h"
#include "workloads/inference/result.h"
#include "workloads/training/explanation.h"
#include "workloads/training/memory.h"
#include "workloads/training/result.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace myriad {

// A directed link by the names of its ends.
struct LinkRow {
    std::string from;
    std::string to;
    std::string link_class;
    BytesPerSecond bandwidth;
    LinkUse use;
    double utilisation = 0.0;  // busy / elapsed
};

// One collective of one size, with nccl-tests' definitions.
struct CollectiveRow {
    CollectiveOp op = CollectiveOp::all_reduce;
    Bytes size;
    std::int64_t ranks = 0;
    Picoseconds time{};
    Picoseconds lower_bound{};                                       // injection and server bandwidth, shortest latency
    double algbw = 0.0;                                              // byte/s: size / time
    double busbw = 0.0;                                              // byte/s: algbw x factor
    CollectiveAlgorithm algorithm = CollectiveAlgorithm::automatic;  // automatic: not known
    std::string protocol;                                            // empty: none is stated
    std::string reason;                                              // empty: named by the user
};

// Why an operator takes what it takes, at card level tile: of its longest kernel.
struct OperatorLimit {
    std::string label;
    KernelLimit limit = KernelLimit::latency;
    std::string plan;              // how it was cut
    std::vector<std::string> why;  // what makes it longer than ideal, communication first
};

struct TrainingReport {
    std::string model;
    ParallelPlan plan;
    TrainingResult result;
    std::vector<MemoryUse> memory;  // by pipeline stage
    Bytes capacity;
    std::vector<OperatorLimit> limits;  // by label; card level tile only
    bool has_experts = false;
    std::optional<Explanation> explanation;
    std::string unexplained;  // why there is none
};

// What the time of a kernel goes to. Its launches are `launch`; the rest belongs to what it waits for most: at roofline
// level the slower of arithmetic and HBM, at tile level the resource that was busiest.
enum class KernelBind : std::uint8_t { matrix, vector, hbm, on_chip, launch, latency };
inline constexpr std::size_t kKernelBinds = 6;
using BindTimes = std::array<Picoseconds, kKernelBinds>;  // by KernelBind

struct OperatorBind {
    std::string label;
    BindTimes time{};  // of a step, mean over cards, each kernel as if alone on its card
    [[nodiscard]] KernelBind most() const {
        return static_cast<KernelBind>(std::max_element(time.begin(), time.end()) - time.begin());
    }
};

// Of a million tokens: of prompts in prefill, of output in decode.
struct TokenCost {
    double usd = 0.0;
    double low = 0.0;  // over the range of the rent; equal to `usd` where it has none
    double high = 0.0;
    Sourced<UsDollarsPerHour> rent;  // of one card
};

struct InferenceReport {
    std::string model;
    InferencePlan plan;
    InferenceResult result;
    std::vector<InferenceMemory> memory;  // by pipeline stage
    Bytes capacity;
    BytesPerSecond memory_peak;       // of a card
    BytesPerSecond memory_streaming;  // likewise, what streaming reaches
    std::vector<OperatorBind> binds;  // in the order of result.operators
    Picoseconds slowed{0};            // of a step: what kernels took longer than alone, mean over cards
    std::optional<TokenCost> cost;    // absent: the chip has no rent
    bool has_experts = false;
    // Of a step, mean over cards.
    [[nodiscard]] Picoseconds time_of(KernelBind bind) const {
        Picoseconds time{0};
        for (const OperatorBind& op : binds) {
            time += op.time[static_cast<std::size_t>(bind)];
        }
        return time;
    }
};

enum OverlapPart : std::uint8_t { kCollective, kCopy, kGemm };
inline constexpr std::size_t kOverlapParts = 3;

// What live cards did in one start. Shares are of the time from its begin to the end of its last part; slices and pseudo
// channels are those of the card on which they were busiest.
struct LiveShares {
    LiveTraffic traffic;         // of all cards
    std::int64_t barriers = 0;   // of a card
    Picoseconds barrier_wait{};  // of the card that waited longest for the others
    double slice_mean = 0.0;
    double slice_most = 0.0;
    double channel_mean = 0.0;
    double channel_most = 0.0;
    double row_hits = 0.0;  // of the bursts of all cards
};

// What one start put on the network and the cards.
struct OverlapUse {
    Bytes carried;              // by messages; packet level
    std::int64_t messages = 0;  // packet level
    Picoseconds link_busy{};    // of the busiest direction of a link
    std::optional<LiveShares> live;
};

// From the start of all parts to the end of this one, on the card that was last.
struct OverlapRow {
    OverlapPart part = kGemm;
    std::string what;      // "all_reduce", "bf16 4096 x 4096 x 4096"
    Bytes size;            // of communication
    Picoseconds launch{};  // start and end of kernels, in each of the two times
    Picoseconds alone{};
    Picoseconds together{};
    OverlapUse use;  // alone
};

struct OverlapReport {
    std::vector<OverlapRow> parts;
    Picoseconds alone_sum{};
    Picoseconds together{};              // of the last part
    OverlapUse use;                      // together
    std::optional<KernelResult> kernel;  // of the GEMM; card level tile
    std::vector<std::string> why;        // of the same, against the ideal
};

struct TrafficReport {
    TrafficSpec traffic;
    std::int64_t flows = 0;
    Bytes bytes;
    Picoseconds lower_bound{};  // bytes of the busiest card over all of its links
    // From the start of all flows: ends of the first and of the last, and what so many percent do not exceed.
    Picoseconds first{};
    Picoseconds mean{};
    Picoseconds median{};
    Picoseconds p90{};
    Picoseconds p99{};
    Picoseconds makespan{};
    // Bytes a second of all flows together; each byte counts once, one direction.
    [[nodiscard]] double bandwidth() const {
        return makespan.count() > 0 ? static_cast<double>(bytes.count()) / seconds(makespan) : 0.0;
    }
};

struct IterationReport {
    IterationSpec spec;
    IterationResult result;
};

// Of the cards that a workload runs on.
struct CardTotals {
    std::int64_t cards = 0;
    std::optional<Watts> power;            // at their TDP; absent: not known of a chip
    std::optional<UsDollarsPerHour> rent;  // likewise
};

struct RunReport {
    std::string name;
    std::string title;
    std::string cluster;
    std::int64_t cards = 0;
    CardTotals totals;
    FidelityConfig fidelity;
    PlacementConfig placement;
    std::vector<std::string> changes;  // links and cards that are not as built, a line each
    Picoseconds simulated{};           // when the last thing ended
    std::vector<CollectiveRow> collectives;
    std::optional<TrainingReport> training;
    std::optional<InferenceReport> inference;
    std::optional<OverlapReport> overlap;
    std::optional<TrafficReport> traffic;
    std::optional<IterationReport> iteration;
    NetworkCounters counters;
    StatisticReport statistics;
    std::uint64_t events = 0;             // agenda records delivered
    std::optional<std::int64_t> kernels;  // distinct ones; card level tile only
    std::vector<LinkRow> links;           // that carried anything, busiest first
    std::vector<AlgorithmNote> algorithms;
    std::vector<std::string> laws;     // that were checked and held
    std::vector<SourcedText> assumed;  // values of the input that are assumptions
    std::vector<std::string> not_modelled;
};

// Host time and memory, outside of the report on purpose.
struct HostReport {
    double read_s = 0.0;
    double build_s = 0.0;
    double run_s = 0.0;
    double build_memory_mib = 0.0;
    double peak_memory_mib = 0.0;
    std::int64_t kernels_simulated = 0;
    std::int64_t kernels_from_cache = 0;
    double kernels_s = 0.0;  // simulating them
};

struct RunOutcome {
    RunReport report;
    HostReport host;
    std::optional<Activity> activity;  // absent: not wanted
    std::string trace;                 // trace.json; empty: not wanted
    std::string trace_note;            // what it shows
    std::string uncertainty_json;      // uncertainty.json; empty: not wanted
};

}  // namespace myriad
