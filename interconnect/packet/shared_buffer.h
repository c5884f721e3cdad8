#pragma once
// The memory of an Ethernet switch and when its inputs pause their senders. Kernel-free arithmetic.
//
// An input may hold up to alpha x (shared memory that is free); what takes it above that makes it pause, and what comes
// until the sender has stopped lies in the input's headroom. It resumes when its headroom is empty and it holds
// `resume_below` less than the threshold of that moment, or nothing. Nothing is dropped: a byte beyond the headroom
// breaks the law.

#include "interconnect/packet/ethernet_control.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace myriad {

class SharedBuffer {
public:
    SharedBuffer(const PauseConfig& config, std::size_t inputs) : config_(config), inputs_(inputs) {}

    // A packet has come in; true: pause its sender now.
    [[nodiscard]] bool enter(std::size_t number, std::int64_t bytes) {
        Input& input = inputs_[number];
        const bool was_paused = input.paused;
        if (was_paused || used_ + bytes > config_.shared.count()) {
            input.headroom += bytes;
            input.headroom_max = std::max(input.headroom_max, input.headroom);
            input.paused = true;
            return !was_paused;
        }
        input.shared += bytes;
        used_ += bytes;
        used_max_ = std::max(used_max_, used_);
        input.paused = input.shared > threshold();
        return input.paused;
    }

    // It has gone out; true: the sender may go on.
    [[nodiscard]] bool leave(std::size_t number, std::int64_t bytes) {
        Input& input = inputs_[number];
        const std::int64_t of_headroom = std::min(bytes, input.headroom);
        input.headroom -= of_headroom;
        input.shared -= bytes - of_headroom;
        used_ -= bytes - of_headroom;
        const bool low = input.shared == 0 || input.shared + config_.resume_below.count() <= threshold();
        if (!input.paused || input.headroom > 0 || !low) {
            return false;
        }
        input.paused = false;
        return true;
    }

    // Of one input's shared bytes, now.
    [[nodiscard]] std::int64_t threshold() const {
        const std::int64_t free = std::max<std::int64_t>(config_.shared.count() - used_, 0);
        return static_cast<std::int64_t>(config_.alpha * static_cast<double>(free));
    }

    [[nodiscard]] std::int64_t used() const noexcept { return used_; }
    [[nodiscard]] std::int64_t used_max() const noexcept { return used_max_; }
    [[nodiscard]] std::int64_t held(std::size_t number) const {
        return inputs_[number].shared + inputs_[number].headroom;
    }
    [[nodiscard]] std::int64_t headroom_max(std::size_t number) const { return inputs_[number].headroom_max; }
    [[nodiscard]] bool paused(std::size_t number) const { return inputs_[number].paused; }
    // Whether everything that came in found room.
    [[nodiscard]] bool lossless() const {
        return std::all_of(inputs_.begin(), inputs_.end(),
                           [this](const Input& input) { return input.headroom_max <= config_.headroom.count(); });
    }

private:
    struct Input {
        std::int64_t shared = 0;
        std::int64_t headroom = 0;
        std::int64_t headroom_max = 0;
        bool paused = false;
    };
    PauseConfig config_;
    std::vector<Input> inputs_;
    std::int64_t used_ = 0;
    std::int64_t used_max_ = 0;
};

// What can come in after the decision to pause: a link's content there and back, the sender's reaction, and a packet
// each at the two ends that cannot be cut short.
[[nodiscard]] inline Bytes headroom_needed(BytesPerSecond bandwidth, Picoseconds round_trip, Picoseconds reaction,
                                           Bytes cell) {
    const Int128 in_flight = static_cast<Int128>(bandwidth.count()) * (round_trip + reaction).count();
    return Bytes{static_cast<std::int64_t>(in_flight / kPicosecondsPerSecond) + 2 * cell.count()};
}

// Chance of a mark for a packet that finds `queued` bytes before it.
[[nodiscard]] inline double mark_chance(const MarkConfig& config, std::int64_t queued) {
    if (queued <= config.low.count()) {
        return 0.0;
    }
    if (queued >= config.high.count()) {
        return 1.0;
    }
    return config.most * static_cast<double>(queued - config.low.count()) /
           static_cast<double>(config.high.count() - config.low.count());
}

}  // namespace myriad
