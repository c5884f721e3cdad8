#pragma once
// What steps of inference tell.
//
// Steps are run one after the other: first `warmup` of them, then `steps` that are measured. The time of a step is that
// of the measured ones together over their number, on the rank where it is longest, each rank's from the end of its part
// of one step to the end of its part of a later one: with a pipeline that is its steady rhythm, filling left out. In
// decode it is the time per output token of every sequence.

#include "sim/units/units.h"
#include "workloads/inference/plan.h"
#include "workloads/training/result.h"

#include <array>
#include <string>
#include <vector>

namespace myriad {

// What a model asks of the memory of the card that has most to read: weights once a micro-batch, its cache once.
struct MemoryBound {
    Bytes weights;                // a step
    Bytes cache;                  // a step
    Picoseconds at_peak{0};       // both at the peak rate of the memory
    Picoseconds at_streaming{0};  // at the rate that streaming reaches
};

struct InferenceResult {
    InferencePhase phase = InferencePhase::decode;
    Picoseconds step_time{0};
    Picoseconds shortest_step{0};  // of the measured ones, on the last stage: equal where the rhythm is steady
    Picoseconds longest_step{0};
    // Prefill, from the start on idle cards: the first token of the first micro-batch, and of the last one.
    Picoseconds first_tokens{0};
    Picoseconds all_first_tokens{0};
    std::int64_t cards = 0;
    std::int64_t sequences = 0;  // a step
    std::int64_t tokens = 0;     // a step: of prompts, or new ones
    double tokens_per_second = 0.0;
    double tokens_per_second_per_card = 0.0;

    Flop model_flop{0.0};     // program.h
    FlopPerSecond peak{0.0};  // of all cards, in the type of the weights
    double mfu = 0.0;         // model_flop / (peak x step_time)
    MemoryBound memory_bound;

    // A step, over ranks. The kinds of a rank add up to the step time; a rank that is done before the others is idle,
    // which counts as bubble.
    std::array<Spread, kSpanKinds> time{};
    [[nodiscard]] const Spread& of(SpanKind kind) const { return time[static_cast<std::size_t>(kind)]; }
    std::array<Picoseconds, kSpanKinds> busy{};  // of collectives, hidden or not, mean over ranks
    [[nodiscard]] Picoseconds busy_of(SpanKind kind) const { return busy[static_cast<std::size_t>(kind)]; }
    std::vector<OperatorTime> operators;  // a step; largest first, then by label

    std::int64_t messages = 0;  // between stages, over all steps
    Bytes message_bytes{0};
    std::int64_t collectives = 0;
    Picoseconds lower_bound{0};  // of a step, nothing contended: see bound.h
    double imbalance = 1.0;      // most rows of an expert-parallel rank over the mean
    double experts_hit = 0.0;    // experts of a rank that a micro-batch visits in a layer, mean
    std::int64_t experts_held = 0;
};

}  // namespace myriad
