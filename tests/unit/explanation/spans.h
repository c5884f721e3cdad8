#pragma once
// Spans typed in by hand, in microseconds.

#include "workloads/training/span_log.h"

namespace myriad::test {

inline TimePoint at(std::int64_t microseconds) { return TimePoint{us(microseconds)}; }

inline Span kernel(std::int64_t rank, std::int64_t from, std::int64_t to, ComputeBound bound = ComputeBound::matrix,
                   std::string_view label = "gemm") {
    Span span;
    span.rank = rank;
    span.label = label;
    span.start = at(from);
    span.end = at(to);
    span.bound = bound;
    return span;
}

struct Cause {
    std::int64_t rank = -1;
    std::int64_t at = 0;
    std::uint8_t lane = kMainLane;
};
inline Span wait(SpanKind kind, GroupKind group, std::int64_t rank, std::int64_t from, std::int64_t to, Cause cause) {
    Span span;
    span.rank = rank;
    span.kind = kind;
    span.label = name_of(kind);
    span.group = group;
    span.start = at(from);
    span.end = at(to);
    span.cause_rank = cause.rank;
    span.cause_at = at(cause.at);
    span.cause_lane = cause.lane;
    return span;
}
inline Span on_lane(std::uint8_t lane, Span span) {
    span.lane = lane;
    span.beside = lane == kBesideLane;
    return span;
}

inline SpanLog log_of(std::int64_t ranks, const std::vector<Span>& spans, SpanLogOptions options = {}) {
    options.ranks = ranks;
    SpanLog log(options);
    for (const Span& span : spans) {
        log.on_span(span);
    }
    log.finish();
    return log;
}

}  // namespace myriad::test
