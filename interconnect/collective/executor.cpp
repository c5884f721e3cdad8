// The hot path is on_arrival -> advance -> post_step: one table of states, one scratch vector, no allocation, no
// look-up. A call with a cost takes a turn by the timer between the two: advance -> enter_step -> on_timer -> post_step.
// The reduction itself takes no time of its own: it is in the protocol's step and copy.
//
// A tag is (receiving rank, sending rank, step over all calls): 20 + 20 + 24 bits. Steps count modulo 2^24, which is
// enough because nobody is ever 2^23 steps ahead of its receiver.

#include "interconnect/collective/executor.h"

#include "interconnect/collective/helpers.h"
#include "sim/error/error.h"

#include <algorithm>

#include <fmt/core.h>

namespace myriad {

namespace {

constexpr int kStepBits = 24;
constexpr int kRankBits = 20;
constexpr std::uint32_t kStepMask = (1u << kStepBits) - 1;
constexpr std::uint64_t kRankMask = (1u << kRankBits) - 1;
constexpr std::uint32_t kLeadMax = 1u << (kStepBits - 1);

std::uint64_t tag_of(std::uint64_t receiver, std::uint64_t sender, std::uint32_t clock) {
    return receiver << (kRankBits + kStepBits) | sender << kStepBits | clock;
}

}  // namespace

CollectiveExecutor::CollectiveExecutor(std::vector<CardId> cards, Transport& transport, RankTimer timer, bool helped,
                                       std::vector<std::uint32_t> stands_in)
    : cards_(std::move(cards)),
      ranks_(static_cast<int>(helped ? (cards_.size() - 2) / 3 : cards_.size())),
      transport_(transport),
      timer_(timer),
      stands_in_(std::move(stands_in)),
      runners_(ranks_),
      states_(cards_.size()),
      parts_(helped ? cards_.size() : 0),
      entered_(cards_.size()),
      queued_(cards_.size()),
      widened_(cards_.size()) {
    MYRIAD_CHECK(!cards_.empty() && cards_.size() <= kRankMask + 1, "a communicator has 1 to 2^20 ranks");
    for (Rank& state : states_) {
        state.window = state.inline_window;
    }
    if (!stands_in_.empty()) {
        MYRIAD_CHECK(stands_in_.size() == cards_.size(), "every rank and helper is run by somebody");
        runners_ = 0;
        for (int rank = 0; rank < ranks_; ++rank) {
            runners_ += stands_in_[static_cast<std::size_t>(rank)] == static_cast<std::uint32_t>(rank) ? 1 : 0;
        }
    }
}

void CollectiveExecutor::start(int rank, const Schedule& schedule, Bytes size, Completion done, const CallCost& cost) {
    MYRIAD_CHECK(rank >= 0 && rank < ranks(), fmt::format("rank {} of {}", rank, ranks()));
    MYRIAD_CHECK(schedule.ranks() == ranks(), "the schedule is for a group of another size");
    MYRIAD_CHECK(!schedule.helped() || !parts_.empty(),
                 "a schedule with helpers is for a group with a switch that adds");
    MYRIAD_CHECK(schedule.steps() < static_cast<int>(kLeadMax), "a schedule has fewer than 2^23 steps");
    const auto index = static_cast<std::size_t>(rank);
    const std::uint64_t number = entered_[index];
    if (number == first_call_ + calls_.size()) {
        MYRIAD_CHECK(timer_.agenda != nullptr || (cost.steps_are_free() && cost.start.count() == 0),
                     "a call with a cost needs a timer");
        const int ends = parts_.empty() ? 0 : 2;
        calls_.push_back({&schedule, ChunkSizes(size, schedule.chunks()), cost, schedule.steps(), runners_ + ends});
        for (int end = 0; end < ends; ++end) {
            enter(HelperRanks{ranks_}.adder() + end, {&calls_.back(), {}});
        }
    }
    const Call& call = calls_[number - first_call_];
    MYRIAD_CHECK(call.schedule == &schedule && call.sizes.size() == size && call.cost == cost,
                 fmt::format("rank {} enters call {} with another collective than the ranks before it", rank, number));
    enter(rank, {&call, done});
}

void CollectiveExecutor::enter(int rank, const Entry& entry) {
    const auto index = static_cast<std::size_t>(rank);
    ++entered_[index];
    if (busy(index) || !queued_[index].empty()) {
        queued_[index].push_back(entry);
    } else {
        begin(rank, entry);
    }
}

void CollectiveExecutor::begin(int rank, const Entry& entry) {
    const Call& call = *entry.call;
    states_[static_cast<std::size_t>(rank)].done = entry.done;
    if (parts_.empty()) {
        begin_part(rank, call, call.cost.start);
        return;
    }
    if (rank >= ranks_) {
        parts_[static_cast<std::size_t>(rank)] = 1;
        begin_part(rank, call, Picoseconds{0});
        return;
    }
    const HelperRanks helpers{ranks_};
    parts_[static_cast<std::size_t>(rank)] = 3;
    begin_part(rank, call, call.cost.start);
    begin_part(helpers.feeder(rank), call, call.cost.start);
    begin_part(helpers.taker(rank), call, Picoseconds{0});
}

void CollectiveExecutor::begin_part(int rank, const Call& call, Picoseconds before) {
    Rank& state = states_[static_cast<std::size_t>(rank)];
    state.call = &call;
    state.step = 0;
    if (rank >= ranks_ && !call.schedule->helped()) {
        state.clock = (state.clock + static_cast<std::uint32_t>(call.steps)) & kStepMask;  // has no part in it
        finish_part(rank, state);
        return;
    }
    if (call.steps == 0) {
        finish_part(rank, state);
        return;
    }
    if (enter_step(rank, state, before)) {
        advance(rank, state);
    }
}

// Posts the sends of the current step, `before` and the step's own delay from now; false: the timer will.
bool CollectiveExecutor::enter_step(int rank, Rank& state, Picoseconds before) {
    const Call& call = *state.call;
    Picoseconds delay = before;
    if (rank < ranks_ && !call.cost.steps_are_free()) {  // helpers are hardware
        call.schedule->sends(rank, state.step, scratch_);
        Bytes largest;
        for (const Transfer& transfer : scratch_) {
            largest = std::max(largest, call.sizes.of(transfer));
        }
        delay += scratch_.empty() ? Picoseconds{0} : call.cost.step_delay(largest);
    }
    if (delay.count() > 0) {
        timer_.agenda->schedule(timer_.agenda->now() + delay, Phase::deliver, timer_.component, timer_.component,
                                timer_.base + static_cast<std::uint64_t>(rank));
        return false;
    }
    post_step(rank, state);
    return true;
}

void CollectiveExecutor::on_timer(int rank) {
    Rank& state = states_[static_cast<std::size_t>(rank)];
    post_step(rank, state);
    advance(rank, state);
}

void CollectiveExecutor::post_step(int rank, Rank& state) {
    const Call& call = *state.call;
    const auto self = static_cast<std::size_t>(rank);
    call.schedule->sends(rank, state.step, scratch_);
    state.in_flight += static_cast<std::int32_t>(scratch_.size());
    messages_ += scratch_.size();
    for (const Transfer& transfer : scratch_) {
        const auto peer = static_cast<std::size_t>(transfer.peer);
        const std::size_t receiver = stands_in_.empty() ? peer : stands_in_[peer];
        const Bytes payload = call.sizes.of(transfer);
        payload_ += payload;
        transport_.post(cards_[self], cards_[peer], call.cost.wire(payload), tag_of(receiver, self, state.clock),
                        transfer.reduce ? Arrival::add : Arrival::store, *this);
    }
    const std::uint32_t early = state.window[state.clock & state.window_mask];
    state.missing = call.schedule->receives(rank, state.step) - static_cast<std::int32_t>(early);
    MYRIAD_CHECK(state.missing >= 0, fmt::format("rank {} got more messages than step {} sends", rank, state.step));
}

void CollectiveExecutor::advance(int rank, Rank& state) {
    while (state.missing == 0) {
        state.window[state.clock & state.window_mask] = 0;
        state.clock = (state.clock + 1) & kStepMask;
        ++state.step;
        if (state.step == state.call->steps) {
            state.missing = -1;  // nothing more to receive; sends may still be under way
            if (state.in_flight == 0) {
                finish_part(rank, state);
            }
            return;
        }
        if (!enter_step(rank, state, Picoseconds{0})) {
            return;
        }
    }
}

void CollectiveExecutor::on_arrival(CardId, CardId, std::uint64_t tag) {
    const auto receiver = static_cast<std::size_t>(tag >> (kRankBits + kStepBits));
    const auto sender = static_cast<std::size_t>(tag >> kStepBits & kRankMask);
    Rank& from = states_[sender];
    if (--from.in_flight == 0 && from.missing < 0) {
        finish_part(static_cast<int>(sender), from);
    }
    Rank& state = states_[receiver];
    const std::uint32_t clock = static_cast<std::uint32_t>(tag) & kStepMask;
    const std::uint32_t offset = (clock - state.clock) & kStepMask;
    if (offset == 0 && state.missing > 0) {
        // Counted in `missing` alone: the window keeps what came before the step was posted.
        if (--state.missing == 0) {
            advance(static_cast<int>(receiver), state);
        }
        return;
    }
    if (offset > state.window_mask) {
        widen_window(receiver, state, offset);
    }
    ++state.window[clock & state.window_mask];
}

void CollectiveExecutor::finish_part(int rank, Rank& state) {
    state.call = nullptr;
    state.missing = 0;
    if (parts_.empty()) {
        finish(rank);
        return;
    }
    const int seat = HelperRanks{ranks_}.seat(rank);
    if (--parts_[static_cast<std::size_t>(seat)] == 0) {
        finish(seat);
    }
}

void CollectiveExecutor::finish(int rank) {
    const auto index = static_cast<std::size_t>(rank);
    const Completion done = states_[index].done;
    --calls_[entered_[index] - queued_[index].size() - 1 - first_call_].unfinished;
    retire_finished_calls();
    done();
    // The completion may have entered further calls: they went behind what was queued, or began if nothing was.
    if (!busy(index) && !queued_[index].empty()) {
        const Entry next = queued_[index].front();
        queued_[index].erase(queued_[index].begin());
        begin(rank, next);
    }
}

void CollectiveExecutor::retire_finished_calls() {
    while (!calls_.empty() && calls_.front().unfinished == 0) {
        calls_.pop_front();
        ++first_call_;
    }
}

void CollectiveExecutor::widen_window(std::size_t rank, Rank& state, std::uint32_t offset) {
    MYRIAD_CHECK(offset < kLeadMax, fmt::format("rank {} got a message of a step that it has left behind", rank));
    std::uint32_t size = state.window_mask + 1;
    while (size <= offset) {
        size *= 2;
    }
    auto wider = std::make_unique<std::uint32_t[]>(size);
    for (std::uint32_t i = 0; i <= state.window_mask; ++i) {
        const std::uint32_t clock = state.clock + i;
        wider[clock & (size - 1)] = state.window[clock & state.window_mask];
    }
    widened_[rank] = std::move(wider);
    state.window = widened_[rank].get();
    state.window_mask = size - 1;
}

std::string CollectiveExecutor::waiting_text() const {
    constexpr std::size_t kShown = 8;
    std::string text;
    std::size_t shown = 0;
    for (std::size_t rank = 0; rank < states_.size() && shown < kShown; ++rank) {
        const Rank& state = states_[rank];
        if (state.call != nullptr) {
            text += fmt::format("rank {} in step {} of {}: waits for {} messages, {} of its own under way\n", rank,
                                state.step, state.call->steps, std::max(state.missing, 0), state.in_flight);
            ++shown;
        }
    }
    for (std::size_t rank = 0; rank < states_.size() && shown < kShown && !calls_.empty(); ++rank) {
        const bool runs = static_cast<int>(rank) < ranks_ && (stands_in_.empty() || stands_in_[rank] == rank);
        if (runs && states_[rank].call == nullptr && entered_[rank] <= first_call_) {
            text += fmt::format("rank {} has not entered call {}\n", rank, first_call_);
            ++shown;
        }
    }
    return text;
}

}  // namespace myriad
