#pragma once
// Pipeline schedules as data: for each stage the order of its passes over chunks and micro-batches. No time in here:
// orders are the published ones and do not depend on how long a pass takes (pipeline_timeline.h lays them out in time).
//
// A stage holds `chunks` chunks of the model. A micro-batch walks a path of positions, each a chunk of a stage:
//   gpipe, 1f1b, zb-h1, zb-h2   one chunk a stage, position = stage
//   interleaved                 v chunks a stage, position = chunk * stages + stage
//   dualpipe                    two chunks a stage; micro-batches below half the number walk stage 0, 1, ... on chunk 0,
//                               the others stage P-1, P-2, ... on chunk 1: a path has P positions, and every part of
//                               the model is held twice

#include <cstdint>
#include <string>
#include <vector>

namespace myriad {

enum class PipelineSchedule : std::uint8_t {
    gpipe,
    one_forward_one_backward,
    interleaved,
    zb_h1,     // zero bubble, memory of 1F1B (Qi et al. 2023)
    zb_h2,     // zero bubble, twice the warm-up
    dualpipe,  // bidirectional, forward and backward side by side (DeepSeek-V3 report)
};

enum class Pass : std::uint8_t {
    forward,
    backward,     // input and weight gradients
    input_grad,   // the part that the previous stage waits for
    weight_grad,  // the rest
};

struct PipelineSlot {
    Pass pass = Pass::forward;
    int chunk = 0;
    std::int64_t micro_batch = 0;
    bool beside_next = false;  // runs side by side with the slot after it (dualpipe: a forward and a backward)
    bool operator==(const PipelineSlot&) const = default;
};

struct PipelineShape {
    PipelineSchedule schedule = PipelineSchedule::one_forward_one_backward;
    std::int64_t stages = 1;
    std::int64_t chunks = 1;  // of a stage
    std::int64_t micro_batches = 1;
};

// What is wrong with it, in words; empty: nothing. (interleaved: micro_batches a multiple of stages, as Megatron asks;
// dualpipe: an even number of stages, an even number of micro-batches of at least 2 x stages.)
[[nodiscard]] std::string problem_of(const PipelineShape& shape);

struct ChunkPlace {
    std::int64_t stage = 0;
    int chunk = 0;
    bool operator==(const ChunkPlace&) const = default;
};
[[nodiscard]] std::int64_t path_length(const PipelineShape& shape);
[[nodiscard]] ChunkPlace place_at(const PipelineShape& shape, std::int64_t micro_batch, std::int64_t position);
// Position of a chunk on the path of the micro-batches that visit it.
[[nodiscard]] std::int64_t position_of(const PipelineShape& shape, const ChunkPlace& place);

// Every pass of a stage in the order in which it is begun. Each micro-batch that visits a chunk has there exactly one
// forward and either one backward or one input_grad and one weight_grad, in this order. The shape has no problem.
[[nodiscard]] std::vector<PipelineSlot> pipeline_order(const PipelineShape& shape, std::int64_t stage);

// Most micro-batches whose activations `chunk` of a stage holds at once (from the begin of forward to the end of
// backward or weight_grad), read off the order. Chunks need not reach their peaks together.
[[nodiscard]] std::int64_t micro_batches_in_flight(const PipelineShape& shape, std::int64_t stage, int chunk);
// The same over all chunks of the stage at once.
[[nodiscard]] std::int64_t passes_in_flight(const PipelineShape& shape, std::int64_t stage);

// The published closed form of the bubble, where stages are equal and communication is free: idle time from a stage's
// first pass to its last, of the stage where it is longest.
// f, b, w: time of a whole stage's forward, input gradient and weight gradient of one micro-batch (interleaved: of all
// chunks together; dualpipe: of one chunk); `together`: of a forward and a backward side by side (dualpipe).
//   gpipe, 1f1b  (P-1)(f+b+w)      interleaved  (P-1)(f+b+w)/v
//   zb-h1        (P-1)(f+b-w)      zb-h2        (P-1)(f+b-2w)
//   dualpipe     (P/2-1)(together+b+w-3w): its B is a full backward, b+w here
[[nodiscard]] double ideal_bubble(const PipelineShape& shape, double f, double b, double w, double together);

// Whether the order has exactly this bubble for these times. gpipe, 1f1b, interleaved: always.
//   zb-h1     w <= f and m >= P, or P = 1
//   zb-h2     w <= f, 2w <= f+b and m >= 2P-1, or P = 1
//   dualpipe  f = b and w <= f, or P = 2; with w <= f the bubble is shorter if f < b and longer if f > b
[[nodiscard]] bool ideal_bubble_holds(const PipelineShape& shape, double f, double b, double w);

// Idle time of the stage that waits longest, from the begin of the first stage to the end of the last: what a step with
// a barrier at its end sees. Differs from ideal_bubble for the zero-bubble schedules alone, whose stages begin and end
// one after the other: (P-1)max(f, f+b-w) of zb-h1 and (P-1)max(f, f+b-2w) of zb-h2, if w <= f and m as above.
[[nodiscard]] double ideal_step_bubble(const PipelineShape& shape, double f, double b, double w, double together);

}  // namespace myriad
