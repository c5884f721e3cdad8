#pragma once
// Where the time of a rank goes. A rank runs one or two lanes (DualPipe: a forward and a backward side by side) that take
// turns on one card. At any instant it computes if a kernel of any lane runs or waits for the card; else it waits, for
// what the lowest lane waits for. Internal to training/.

#include "sim/error/error.h"
#include "workloads/training/span.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

namespace myriad {

inline constexpr std::size_t kLanes = 2;

class Ledger {
public:
    // `lane` has a kernel on the card, from now on.
    void computes(std::size_t lane, TimePoint now) { enter(lane, State::computes, now); }
    // `lane` waits, from now on.
    void waits(std::size_t lane, TimePoint now) { enter(lane, State::waits, now); }
    // What it did is over; the time since the last change counts as `kind`.
    void computed(std::size_t lane, SpanKind kind, TimePoint now) { leave(lane, State::computes, now, kind); }
    // Until `turn` it counts as `before`, then as `after`.
    void waited(std::size_t lane, SpanKind before, TimePoint turn, SpanKind after, TimePoint now) {
        leave(lane, State::waits, now);
        for (const auto& [start, end] : bare_[lane]) {
            const TimePoint middle = std::clamp(turn, start, end);
            add(before, middle - start);
            add(after, end - middle);
        }
        bare_[lane].clear();
    }
    void waited(std::size_t lane, SpanKind kind, TimePoint now) { waited(lane, kind, now, kind, now); }

    [[nodiscard]] const std::array<Picoseconds, kSpanKinds>& time() const { return time_; }
    void start(TimePoint now) { last_ = now; }

private:
    enum class State : std::uint8_t { out, computes, waits };

    void add(SpanKind kind, Picoseconds time) { time_[static_cast<std::size_t>(kind)] += time; }
    void enter(std::size_t lane, State state, TimePoint now) {
        settle(now);
        MYRIAD_CHECK(states_[lane] == State::out, "a lane does one thing at a time");
        states_[lane] = state;
    }
    void leave(std::size_t lane, State state, TimePoint now, SpanKind computing = SpanKind::compute) {
        settle(now, computing);
        MYRIAD_CHECK(states_[lane] == state, "a lane ends what it began");
        states_[lane] = State::out;
    }
    // Gives the time since the last change to somebody.
    void settle(TimePoint now, SpanKind computing = SpanKind::compute) {
        if (now > last_) {
            if (states_[0] == State::computes || states_[1] == State::computes) {
                add(computing, now - last_);
            } else if (states_[0] == State::waits) {
                bare_[0].emplace_back(last_, now);
            } else {
                MYRIAD_CHECK(states_[1] == State::waits, "time passes while a rank does nothing");
                bare_[1].emplace_back(last_, now);
            }
        }
        last_ = now;
    }

    std::array<State, kLanes> states_{};
    std::array<std::vector<std::pair<TimePoint, TimePoint>>, kLanes> bare_;  // waits that nothing computes beside
    std::array<Picoseconds, kSpanKinds> time_{};
    TimePoint last_{};
};

}  // namespace myriad
