// One training step of one rank: passes in the order of its pipeline stage, then gradients, optimizer, weights.
// Assumptions:
//   - sends do not stop the sender; the step ends when they have arrived
//   - a message is awaited when it is needed, not earlier
//   - data loading, checkpoints and the zeroing of gradients take no time
// A lane waits at one place at a time, which is what makes the accounting exact. Gradients and weights that are divided
// over copies: rank_gradients.cpp.

#include "workloads/training/rank_program.h"

#include "sim/error/error.h"

#include <fmt/core.h>

namespace myriad {
namespace {

// Above all tags of pipeline messages.
constexpr std::uint64_t kShiftTags = std::uint64_t{1} << 48;

}  // namespace

std::string_view name_of(Pass pass) {
    constexpr std::array<std::string_view, 4> names{"forward", "backward", "input_grad", "weight_grad"};
    return names[static_cast<std::size_t>(pass)];
}

RankProgram::RankProgram(StepContext& context, Card& card, std::int64_t rank, const RankGroups& groups,
                         std::int64_t multiplicity)
    : context_(context),
      card_(card),
      rank_(rank),
      multiplicity_(multiplicity),
      place_(context.layout.place_of(rank)),
      expert_group_(context.layout.group_of(GroupKind::expert, rank)),
      groups_(groups) {
    for (std::size_t number = 0; number < kLanes; ++number) {
        lanes_[number].number = static_cast<std::uint8_t>(number);
        for (Call& call : lanes_[number].calls) {
            call.lane = lanes_[number].number;
            call.owner = this;
        }
    }
    for (auto& inbox : inbox_) {
        inbox.resize(stage().chunks.size());
    }
    make_streams();
}

void RankProgram::start() {
    ledger_.start(now());
    host_free_ = now();
    task_ = run();
    task_.start();
}

std::string RankProgram::state() const {
    const Lane& lane = lanes_[0];
    return fmt::format("rank {} (tp {}, dp {}, pp {}): {}{}{}, micro-batch {}", rank_, place_.tp, place_.dp, place_.pp,
                       lane.doing, lane.detail.empty() ? "" : " ", lane.detail, lane.slot.micro_batch);
}

void RankProgram::emit(Span span) {
    if (context_.spans != nullptr && span.end > span.start) {
        span.rank = rank_;
        context_.spans->on_span(span);
    }
}

Span RankProgram::span_of(const Lane& lane, SpanKind kind, std::string_view label, TimePoint start) const {
    Span span;
    span.kind = kind;
    span.lane = lane.number;
    span.label = label;
    span.start = start;
    span.end = now();
    if (lane.in_pass) {
        span.micro_batch = lane.slot.micro_batch;
        span.chunk = lane.slot.chunk;
        span.pass = name_of(lane.slot.pass);
    }
    return span;
}

void RankProgram::record_wait(Lane& lane, SpanKind kind, GroupKind group, std::string_view label, TimePoint start,
                              const WaitCause& cause) {
    Span span = span_of(lane, kind, label, start);
    span.group = group;
    span.cause_rank = cause.rank;
    span.cause_lane = cause.lane;
    span.cause_at = cause.at;
    emit(span);
}

// What was under way before the program waited for it.
void RankProgram::record_beside(Lane& lane, const Call& call) {
    Span span = span_of(lane, kind_of(call.group), call.label, call.started);
    span.end = call.ended;
    span.beside = true;
    span.lane = kBesideLane;
    span.group = call.group;
    span.cause_rank = call.cause.rank;
    span.cause_lane = call.cause.lane;
    span.cause_at = std::min(call.cause.at, call.ended);
    emit(span);
}

Task RankProgram::run() {
    const std::vector<PipelineSlot>& order = stage().order;
    ask_for_weights(context_.plan.prefetch);
    for (std::size_t i = 0; i < order.size(); ++i) {
        if (order[i].beside_next) {
            Task first = run_pass(static_cast<std::int64_t>(i), lanes_[0]);
            Task second = run_pass(static_cast<std::int64_t>(i) + 1, lanes_[1]);
            first.start();
            second.start();
            co_await first.joined();
            co_await second.joined();
            ++i;
        } else {
            co_await run_pass(static_cast<std::int64_t>(i), lanes_[0]);
        }
    }
    lanes_[0].in_pass = false;
    co_await reduce_gradients();
    co_await update();
    lanes_[0].doing = "waits for its sends";
    const TimePoint start = now();
    ledger_.waits(0, start);
    co_await sends_;
    ledger_.waited(0, SpanKind::pipeline, now());
    record_wait(lanes_[0], SpanKind::pipeline, GroupKind::none, "send", start, {rank_, last_sent_});
    lanes_[0].doing = "finished";
    totals_.finished = now();
}

Task RankProgram::run_pass(std::int64_t slot, Lane& lane) {
    lane.slot = stage().order[static_cast<std::size_t>(slot)];
    lane.in_pass = true;
    const bool last =
        context_.plan.zero_stage >= 2 || stage().last_slot[static_cast<std::size_t>(lane.slot.chunk)] == slot;
    switch (lane.slot.pass) {
        case Pass::forward:
            co_await forward(lane);
            break;
        case Pass::backward:
        case Pass::input_grad:
            co_await backward(lane, last);
            break;
        case Pass::weight_grad:
            co_await weight_gradients(lane, last);
            break;
    }
}

const PartProgram& RankProgram::layer_program(std::int64_t layer, const ChunkContent& chunk, const Lane& lane) const {
    const ParallelPlan& plan = context_.plan;
    const bool plain = plan.recompute_layers > 0 && layer - chunk.layers.first >= plan.recompute_layers;
    const std::size_t load = context_.loads.of(expert_group_, place_.ep, layer, lane.slot.micro_batch);
    return context_.programs.layer(layer, plain, load);
}

const PartProgram& RankProgram::mtp_program(const Lane& lane) const {
    return context_.programs
        .mtp[context_.loads.of(expert_group_, place_.ep, context_.model.layers, lane.slot.micro_batch)];
}

Task RankProgram::forward(Lane& lane) {
    const StagePrograms& programs = context_.programs;
    const ChunkContent& chunk = chunk_of(lane);
    holds_activations(lane, true);
    if (chunk.first) {
        co_await use_weights(lane);
        co_await run_list(programs.embedding.forward, lane);
    } else {
        co_await receive(lane, kForward);
    }
    for (std::int64_t i = 0; i < chunk.layers.count; ++i) {
        co_await use_weights(lane);
        co_await run_list(layer_program(chunk.layers.first + i, chunk, lane).forward, lane);
    }
    if (!chunk.last) {
        co_await send(lane, kForward);
        co_return;
    }
    co_await use_weights(lane);
    co_await run_list(programs.head.forward, lane);
    for (std::int64_t module = 0; !programs.mtp.empty() && module < context_.model.mtp_layers; ++module) {
        co_await run_list(mtp_program(lane).forward, lane);
        co_await run_list(programs.head.forward, lane);
    }
}

// Of an input_grad the weight gradients are left to weight_gradients().
Task RankProgram::backward(Lane& lane, bool last) {
    const StagePrograms& programs = context_.programs;
    const ChunkContent& chunk = chunk_of(lane);
    const auto chunk_number = static_cast<std::size_t>(lane.slot.chunk);
    const bool whole = lane.slot.pass == Pass::backward;
    last = last && whole;
    const auto list = [whole](const PartProgram& part) -> const StepList& {
        return whole ? part.backward : part.input_grad;
    };
    if (chunk.last) {
        co_await use_weights(lane);
        for (std::int64_t module = 0; !programs.mtp.empty() && module < context_.model.mtp_layers; ++module) {
            const PartProgram& mtp = mtp_program(lane);
            co_await run_list(list(programs.head), lane);
            co_await run_list(mtp.recompute, lane);
            co_await run_list(list(mtp), lane);
        }
        co_await run_list(list(programs.head), lane);
        if (last) {
            gradients_ready(head_parameters(programs, context_.model, context_.plan), chunk_number);
        }
    } else {
        co_await receive(lane, kBackward);
    }
    for (std::int64_t i = chunk.layers.count; i-- > 0;) {
        const std::int64_t layer = chunk.layers.first + i;
        const PartProgram& part = layer_program(layer, chunk, lane);
        co_await use_weights(lane);
        co_await run_list(part.recompute, lane);
        co_await run_list(list(part), lane);
        if (last) {
            gradients_ready(parameters_of(part), chunk_number);
        }
    }
    if (chunk.first) {
        co_await use_weights(lane);
        co_await run_list(list(programs.embedding), lane);
        if (last) {
            gradients_ready(parameters_of(programs.embedding), chunk_number);
        }
    } else {
        co_await send(lane, kBackward);
    }
    if (whole) {
        holds_activations(lane, false);
    }
    if (last) {
        push_gradients(stream_of(chunk_number));
    }
}

Task RankProgram::weight_gradients(Lane& lane, bool last) {
    const StagePrograms& programs = context_.programs;
    const ChunkContent& chunk = chunk_of(lane);
    const auto chunk_number = static_cast<std::size_t>(lane.slot.chunk);
    if (chunk.last) {
        for (std::int64_t module = 0; !programs.mtp.empty() && module < context_.model.mtp_layers; ++module) {
            co_await run_list(programs.head.weight_grad, lane);
            co_await run_list(mtp_program(lane).weight_grad, lane);
        }
        co_await run_list(programs.head.weight_grad, lane);
        if (last) {
            gradients_ready(head_parameters(programs, context_.model, context_.plan), chunk_number);
        }
    }
    for (std::int64_t i = chunk.layers.count; i-- > 0;) {
        const PartProgram& part = layer_program(chunk.layers.first + i, chunk, lane);
        co_await run_list(part.weight_grad, lane);
        if (last) {
            gradients_ready(parameters_of(part), chunk_number);
        }
    }
    if (chunk.first) {
        co_await run_list(programs.embedding.weight_grad, lane);
        if (last) {
            gradients_ready(parameters_of(programs.embedding), chunk_number);
        }
    }
    holds_activations(lane, false);
    if (last) {
        push_gradients(stream_of(chunk_number));
    }
}

Task RankProgram::run_list(const StepList& list, Lane& lane) {
    for (const ProgramStep& step : list) {
        if (step.kind == StepKind::begin) {
            if (host_is_late(1)) {
                co_await wait_for_host(lane);
            }
            begin(step, lane);
        } else if (step.kind == StepKind::wait) {
            Call& call = lane.calls[step.slot];
            const TimePoint start = now();
            lane.doing = "waits for";
            lane.detail = call.label;
            ledger_.waits(lane.number, start);
            co_await call.done;
            const SpanKind kind = kind_of(call.group);
            ledger_.waited(lane.number, kind, now());
            totals_.busy[static_cast<std::size_t>(call.group)] += call.ended - call.started;
            if (call.started < start) {
                record_beside(lane, call);
            }
            record_wait(lane, kind, call.group, call.label, start, call.cause);
            lane.detail = {};
        } else {
            if (host_is_late(step.kernel.launches)) {
                co_await wait_for_host(lane);
            }
            const TimePoint asked = now();
            lane.doing = "computes";
            lane.detail = context_.programs.labels[step.label];
            ledger_.computes(lane.number, asked);
            Signal done;
            card_.execute(step.kernel, done.completion());
            co_await done;
            finish_kernel(step.kernel, step.nature, step.label, asked, lane, SpanKind::compute);
        }
    }
}

// Kernels of both lanes run one after the other, in the order in which they were given to the card.
void RankProgram::finish_kernel(const Kernel& kernel, const KernelNature& nature, std::uint16_t label, TimePoint asked,
                                Lane& lane, SpanKind kind) {
    const TimePoint start = std::max(asked, card_free_);
    card_free_ = now();
    ledger_.computed(lane.number, kind, now());
    context_.operator_time[label] += (now() - start) * multiplicity_;
    if (context_.time_alone && kind == SpanKind::compute) {
        context_.operator_alone[label] += card_.duration(kernel) * multiplicity_;
    }
    Span span = span_of(lane, kind, context_.programs.labels[label], start);
    span.bound = nature.bound;
    span.fixed = nature.fixed;
    emit(span);
    lane.detail = {};
}

Member RankProgram::member_of(const ProgramStep& step, const Lane& lane) const {
    if (step.routing >= 0) {
        const auto& seats = step.returns ? groups_.combine : groups_.dispatch;
        return seats[static_cast<std::size_t>(step.routing)][lane.number];
    }
    return groups_.of[static_cast<std::size_t>(step.group)][lane.number];
}

void RankProgram::begin(const ProgramStep& step, Lane& lane) {
    Call& call = lane.calls[step.slot];
    call.group = step.group;
    const Member member = member_of(step, lane);
    MYRIAD_CHECK(!member.alone(), state());
    if (step.shift) {
        shift(call, member, step.call.size, lane);
    } else {
        enter(call, member, step.call);
    }
}

void RankProgram::enter(Call& call, Member member, const CollectiveCall& what) {
    MYRIAD_CHECK(call.done.done(), state());
    call.label = name_of(what.op);
    call.done.expect(1);
    call.started = now();
    call.member = member;
    call.collective = true;
    call.parts = 1;
    ++totals_.collectives_entered;
    note_entry(member, call.lane);
    call.number = context_.spans != nullptr ? calls_made_[member.seat] - 1 : 0;
    card_.begin_collective();
    context_.network.collective(member.id, member.index, what, {&RankProgram::call_done, &call, 0});
}

// To the next rank of the group, and from the previous one.
void RankProgram::shift(Call& call, Member member, Bytes size, Lane& lane) {
    MYRIAD_CHECK(call.done.done(), state());
    const std::vector<std::int64_t>& ring = context_.rings[groups_.ring];
    const auto ranks = static_cast<std::int64_t>(ring.size());
    const std::int64_t to = ring[static_cast<std::size_t>((member.index + 1) % ranks)];
    const std::int64_t from = ring[static_cast<std::size_t>((member.index + ranks - 1) % ranks)];
    call.label = "shift";
    call.done.expect(1);
    call.started = now();
    call.collective = false;
    call.parts = 2;
    call.cause = {context_.ranks[static_cast<std::size_t>(from)]->rank(), now(), lane.number};
    const std::uint64_t tag = kShiftTags + lane.shifts++ * kLanes + lane.number;
    ++totals_.messages_sent;
    ++totals_.messages_received;
    totals_.bytes_sent += size;
    totals_.bytes_received += size;
    const CardId here = context_.placement[static_cast<std::size_t>(rank_)];
    context_.network.receive(here, context_.placement[static_cast<std::size_t>(from)], tag,
                             {&RankProgram::call_done, &call, 0});
    context_.network.send(here, context_.placement[static_cast<std::size_t>(to)], size, tag,
                          {&RankProgram::call_done, &call, 0});
}

void RankProgram::call_done(void* context, std::uint64_t /*argument*/) {
    Call& call = *static_cast<Call*>(context);
    if (--call.parts > 0) {
        return;
    }
    RankProgram& self = *call.owner;
    call.ended = self.now();
    if (call.collective) {
        self.card_.end_collective();
        ++self.totals_.collectives_finished;
        if (self.context_.spans != nullptr) {
            call.cause = self.context_.calls.cause(self.group_class(call.member), call.number);
        }
    }
    call.done.completion()();  // last: may run the program on
}

void RankProgram::note_entry(const Member& member, std::uint8_t lane) {
    if (context_.spans != nullptr) {
        if (calls_made_.size() <= member.seat) {
            calls_made_.resize(std::size_t{member.seat} + 1);
            calls_ended_.resize(calls_made_.size());
        }
        context_.calls.entered(group_class(member), calls_made_[member.seat]++, {rank_, now(), lane});
    }
}

std::uint64_t RankProgram::group_class(const Member& member) const {
    const auto id = static_cast<std::size_t>(member.id);
    return context_.group_class.empty() ? id : context_.group_class[id];
}

Task RankProgram::blocking_collective(Member member, CollectiveCall what, GroupKind group, std::string_view label) {
    Lane& lane = lanes_[0];
    lane.doing = "waits for";
    lane.detail = label;
    const TimePoint start = now();
    Call& call = lane.calls[0];
    call.group = group;
    enter(call, member, what);
    ledger_.waits(0, start);
    co_await call.done;
    ledger_.waited(0, kind_of(group), now());
    totals_.busy[static_cast<std::size_t>(group)] += now() - start;
    record_wait(lane, kind_of(group), group, label, start, call.cause);
    lane.detail = {};
}

}  // namespace myriad
