#pragma once
// What a training step tells. Every instant of every rank, from the start of the step to its end, belongs to exactly
// one SpanKind, so the kinds of a rank add up to the step time (a law that result() checks).

#include "sim/units/units.h"
#include "workloads/training/span.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace myriad {

// Activations that a rank holds for backward, as they change.
class MemorySink {
public:
    virtual void on_activations(std::int64_t rank, TimePoint now, Bytes held) = 0;

protected:
    ~MemorySink() = default;
};

struct Spread {
    Picoseconds min{0};
    Picoseconds mean{0};
    Picoseconds max{0};
};

struct OperatorTime {
    std::string label;
    Picoseconds mean_per_card{0};       // of the whole plan: an operator of one stage only is divided by all cards
    Picoseconds total{0};               // over all cards
    SpanKind kind = SpanKind::compute;  // or optimizer
    Picoseconds alone{0};               // of total, with nothing beside its kernels; 0: not asked for, or the optimizer
};

// Bubble of a rank: (a) from the moment it waits for a pipeline message to the moment the sender has it ready, (b) from
// its entry into the gradient norm to the entry of the last rank of its model replica, (c) from the end of its own step
// to the end of the step. With equal stages and free communication it is (p - 1)(tf + tb), however it is spread
// over a, b and c.
struct TrainingResult {
    Picoseconds step_time{0};
    std::int64_t cards = 0;
    std::int64_t tokens = 0;
    double tokens_per_second = 0.0;
    double tokens_per_second_per_card = 0.0;

    Flop model_flop{0.0};           // forward and backward, causal pairs, nothing recomputed, vocabulary not padded
    Flop model_flop_unmasked{0.0};  // the same with masked pairs, as Megatron and PaLM count
    Flop executed_flop{0.0};        // what the matrix units did: recomputation and padding included
    FlopPerSecond peak{0.0};        // of all cards
    double mfu = 0.0;               // model_flop / (peak x step_time)
    double mfu_unmasked = 0.0;      // model_flop_unmasked / (peak x step_time): compare this with published figures
    double hfu = 0.0;               // executed_flop / (peak x step_time)

    std::array<Spread, kSpanKinds> time{};  // over ranks
    [[nodiscard]] const Spread& of(SpanKind kind) const { return time[static_cast<std::size_t>(kind)]; }
    double bubble_fraction = 0.0;  // mean bubble / step_time
    // The same of the schedule alone: stages that are all like their mean, communication free (pipeline_timeline.h).
    double ideal_bubble_fraction = 0.0;
    // Time that collectives took, whether hidden or not, mean over ranks, by what waiting for them counts as;
    // hidden = busy - exposed.
    std::array<Picoseconds, kSpanKinds> busy{};
    [[nodiscard]] Picoseconds busy_of(SpanKind kind) const { return busy[static_cast<std::size_t>(kind)]; }

    std::vector<OperatorTime> operators;  // largest first, then by label; the optimizer among them
    std::int64_t messages = 0;            // pipeline messages sent, equal to those received
    Bytes message_bytes{0};
    std::int64_t collectives = 0;  // entered, over all ranks, equal to those finished
    Picoseconds lower_bound{0};

    std::int64_t programs = 0;  // that ran: fewer than ranks where identical ranks are run once
    std::string folding;        // why, or why not
    double imbalance = 1.0;     // most rows of an expert-parallel rank over the mean
    double dropped = 0.0;       // share of visits to experts that a capacity factor dropped
};

}  // namespace myriad
