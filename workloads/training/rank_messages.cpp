// Messages between the stages of a rank's pipeline, and the host that issues what the rank does.
//
// The host issues kernels, collectives and messages in order, `host_issue` each, ahead of the card as far as it gets: an
// operation starts when the one before it has ended and the host has issued it. It stands still where it must know
// something: until a pipeline message has come (Megatron-LM synchronises there) and before the optimizer (the norm, and
// whether a gradient overflowed).

#include "sim/error/error.h"
#include "workloads/training/rank_program.h"

namespace myriad {

// The rank on the other side of a chunk, and its chunk there.
std::int64_t RankProgram::peer_of(const Lane& lane, Direction direction, bool receiving, int& chunk) const {
    const std::int64_t step = (direction == kForward) == receiving ? -1 : 1;
    const ChunkPlace there = place_at(context_.pipeline, lane.slot.micro_batch, chunk_of(lane).position + step);
    chunk = there.chunk;
    return context_.layout.at_stage(rank_, there.stage);
}

// A tag names micro-batch, direction and the boundary between two positions; the pair of cards says the rest.
std::uint64_t RankProgram::message_tag(const Lane& lane, Direction direction, bool receiving) const {
    const std::int64_t position = chunk_of(lane).position;
    const std::int64_t boundary = (direction == kForward) == receiving ? position - 1 : position;
    const std::int64_t number = lane.slot.micro_batch + context_.pipeline.micro_batches * boundary;
    return static_cast<std::uint64_t>(2 * number + direction);
}

Task RankProgram::send(Lane& lane, Direction direction) {
    int chunk = 0;
    const std::int64_t peer = peer_of(lane, direction, false, chunk);
    const Bytes size = context_.message;
    ++totals_.messages_sent;
    totals_.bytes_sent += size;
    if (host_is_late(1)) {
        co_await wait_for_host(lane);
    }
    RankProgram& there = *context_.ranks[static_cast<std::size_t>(peer)];
    there.inbox_[direction][static_cast<std::size_t>(chunk)].letters.push_back({now(), lane.number});
    last_sent_ = now();
    sends_.expect(1);
    context_.network.send(context_.placement[static_cast<std::size_t>(rank_)],
                          context_.placement[static_cast<std::size_t>(peer)], size, message_tag(lane, direction, false),
                          sends_.completion());
    if (!context_.plan.overlap_pipeline) {
        lane.doing = "waits for its message to arrive";
        const TimePoint start = now();
        ledger_.waits(lane.number, start);
        co_await sends_;
        ledger_.waited(lane.number, SpanKind::pipeline, now());
        record_wait(lane, SpanKind::pipeline, GroupKind::none, "send", start, {rank_, last_sent_, lane.number});
        host_waits();
    }
}

Task RankProgram::receive(Lane& lane, Direction direction) {
    int chunk = 0;
    const std::int64_t peer = peer_of(lane, direction, true, chunk);
    const TimePoint start = now();
    Inbox& inbox = inbox_[direction][static_cast<std::size_t>(lane.slot.chunk)];
    const bool late = inbox.letters.empty();
    lane.doing = direction == kForward ? "waits for activation" : "waits for gradient";
    Signal done;
    ledger_.waits(lane.number, start);
    context_.network.receive(context_.placement[static_cast<std::size_t>(rank_)],
                             context_.placement[static_cast<std::size_t>(peer)], message_tag(lane, direction, true),
                             done.completion());
    co_await done;
    host_waits();
    const Inbox::Letter letter = inbox.letters.front();
    inbox.letters.pop_front();
    const TimePoint ready = late ? letter.sent : start;
    ledger_.waited(lane.number, SpanKind::bubble, ready, SpanKind::pipeline, now());
    if (context_.spans != nullptr) {
        record_receive(lane, start, ready,
                       {context_.ranks[static_cast<std::size_t>(peer)]->rank(), letter.sent, letter.lane});
    }
    ++totals_.messages_received;
    totals_.bytes_received += context_.message;
    co_await run_list(context_.programs.message_gather, lane);
}

// The part until the sender had it ready is bubble, the rest on its way.
void RankProgram::record_receive(Lane& lane, TimePoint start, TimePoint ready, const WaitCause& cause) {
    Span span = span_of(lane, SpanKind::bubble, lane.doing, start);
    span.cause_rank = cause.rank;
    span.cause_lane = cause.lane;
    span.cause_at = cause.at;
    span.end = ready;
    emit(span);
    span.kind = SpanKind::pipeline;
    span.start = ready;
    span.end = now();
    emit(span);
}

// Where the host has not issued it yet, the caller has to wait_for_host().
bool RankProgram::host_is_late(std::int32_t operations) {
    if (context_.plan.host_issue.count() == 0) {
        return false;
    }
    host_free_ += context_.plan.host_issue * operations;
    return host_free_ > now();
}

Task RankProgram::wait_for_host(Lane& lane) {
    const TimePoint start = now();
    ledger_.computes(lane.number, start);
    Signal due;
    card_.idle_until(host_free_, due.completion());
    co_await due;
    ledger_.computed(lane.number, SpanKind::compute, now());
    context_.operator_time[context_.programs.host_label] += (now() - start) * multiplicity_;
    Span span = span_of(lane, SpanKind::compute, context_.programs.labels[context_.programs.host_label], start);
    span.fixed = now() - start;
    emit(span);
}

}  // namespace myriad
