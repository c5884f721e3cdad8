#pragma once
// A stretch of one rank's time in a training step: what engines tell, and what timelines and explanations are made of.
// The spans of a rank's lane 0 follow each other from the start of the step to the rank's own end; a gap in it, like the
// beginning of lane 1, is where the lane waits for the other one: it ends when a span of that lane does.

#include "sim/units/units.h"
#include "workloads/llm/operator.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace myriad {

// Every instant of every rank belongs to exactly one of them, so the kinds of a rank add up to the step time.
enum class SpanKind : std::uint8_t {
    compute,    // a kernel runs (communication may run beside it)
    tensor,     // no kernel runs: the rank waits for a tensor-parallel collective (late peers included)
    context,    // the same for context parallelism
    expert,     // the same for the exchange of tokens between experts
    pipeline,   // waits for a pipeline message that is on its way; at the end, for its own sends
    bubble,     // waits because another stage is not ready
    data,       // waits for gradient reduction or for gathered weights
    model,      // waits for the gradient norm or the gradient of tied embeddings
    optimizer,  // the optimizer's kernel
};
inline constexpr std::size_t kSpanKinds = 9;
[[nodiscard]] std::string_view name_of(SpanKind kind);
// What waiting for a collective of such a group counts as.
[[nodiscard]] SpanKind kind_of(GroupKind group);
// Waiting for collectives, of any group.
[[nodiscard]] constexpr bool is_collective(SpanKind kind) {
    return kind == SpanKind::tensor || kind == SpanKind::context || kind == SpanKind::expert ||
           kind == SpanKind::data || kind == SpanKind::model;
}
[[nodiscard]] constexpr bool computes(SpanKind kind) {
    return kind == SpanKind::compute || kind == SpanKind::optimizer;
}

// What the body of a kernel waits for most.
enum class ComputeBound : std::uint8_t {
    unknown,
    matrix,   // the matrix units
    vector,   // the vector lanes
    hbm,      // bandwidth of HBM
    on_chip,  // caches, ports of cores, too little work to fill the card
};
inline constexpr std::size_t kComputeBounds = 5;

inline constexpr std::uint8_t kMainLane = 0;
inline constexpr std::uint8_t kSecondLane = 1;  // a second program of the rank, side by side with the first (DualPipe)
inline constexpr std::uint8_t kBesideLane = 2;  // communication that no program waits for at that moment

struct Span {
    std::int64_t rank = 0;
    SpanKind kind = SpanKind::compute;
    bool beside = false;  // ran beside the main program: shown, not summed
    std::uint8_t lane = kMainLane;
    std::string_view label;  // outlives the sink
    TimePoint start{};
    TimePoint end{};
    std::string_view pass;  // "forward", "backward", "input_grad", "weight_grad"; likewise
    std::int64_t micro_batch = -1;
    int chunk = 0;
    // Of a wait: which rank let it go on, and when: the rank that entered the collective last, or that sent the message.
    // It may be the waiting rank itself. From then to `end` the network works. -1: nobody (kernels). cause_at <= end.
    std::int64_t cause_rank = -1;
    std::uint8_t cause_lane = kMainLane;  // on which the cause entered or sent
    TimePoint cause_at{};
    GroupKind group = GroupKind::none;  // of a wait for a collective; none: a message between pipeline stages
    ComputeBound bound = ComputeBound::unknown;
    // What neither bandwidth nor peak shortens: launches of a kernel, latency and software of a collective. 0: not
    // told apart.
    Picoseconds fixed{0};
};

// What a card's kind says of a kernel; see Span.
struct KernelNature {
    ComputeBound bound = ComputeBound::unknown;
    Picoseconds fixed{0};  // launches
};

class SpanSink {
public:
    virtual void on_span(const Span& span) = 0;

protected:
    ~SpanSink() = default;
};

}  // namespace myriad
