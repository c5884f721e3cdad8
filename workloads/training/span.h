#pragma once
// What ranks do, as stretches of time: for accounting, timelines and the critical path.

#include "sim/units/units.h"
#include "workloads/llm/operator.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace myriad {

// Every instant of a rank belongs to exactly one of these.
enum class SpanKind : std::uint8_t {
    compute,    // a kernel runs (communication may run beside it)
    tensor,     // no kernel runs: the rank waits for a tensor-parallel collective (late peers included)
    context,    // likewise for keys and values of context parallelism
    expert,     // likewise for dispatch or combine
    pipeline,   // waits for a pipeline message that is on its way; at the end, for its own sends
    bubble,     // waits because another stage is not ready: see result.h
    data,       // waits for gradient reduction or for weights that are divided over copies
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

// A stretch of one rank's time. `beside` marks what ran beside the main program (an overlapped reduction): shown, not
// summed. Spans of lane 0 follow each other without a gap unless lane 1 runs too (DualPipe's other direction).
struct Span {
    std::int64_t rank = 0;
    SpanKind kind = SpanKind::compute;
    bool beside = false;
    std::uint8_t lane = 0;  // 0 main, 1 second, 2 beside
    GroupKind group = GroupKind::none;
    std::string_view label;  // lives as long as the training step
    TimePoint start;
    TimePoint end;
    std::int64_t micro_batch = -1;
    int chunk = 0;
    std::string_view pass;  // "forward"; "": outside of passes
    // Of a wait: the rank that let it go on, by entering the collective last or by sending the message, and when it did.
    // From then on it is the network that takes the time. -1: nobody.
    std::int64_t cause_rank = -1;
    TimePoint cause_at{};
    const Kernel* kernel = nullptr;  // of compute; lives as long as the training step
};
class SpanSink {
public:
    virtual void on_span(const Span& span) = 0;

protected:
    ~SpanSink() = default;
};

}  // namespace myriad
