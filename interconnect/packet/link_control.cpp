// Credits and turns of one direction of a link.

#include "interconnect/packet/link_control.h"

#include <algorithm>

namespace myriad {

void LinkControl::mark(Packet& packet) {
    if (marking_ == nullptr || packet.congested) {
        return;
    }
    const double share = mark_chance(*marking_, arbiter_.bytes());
    if (share > 0.0 && chance_->chance(share)) {
        packet.congested = true;
        ++stats_.marks;
    }
}

bool LinkControl::damaged(const Packet& packet) {
    if (errors_.bit_error_rate <= 0.0) {
        return false;
    }
    // No bit is wrong with (1 - rate) ^ bits, by squaring: the C library's power differs between versions.
    double right = 1.0;
    double factor = 1.0 - errors_.bit_error_rate;
    for (auto bits = static_cast<std::uint64_t>(packet.bytes) * 8; bits > 0; bits /= 2) {
        right *= bits % 2 == 1 ? factor : 1.0;
        factor *= factor;
    }
    const bool wrong = chance_->chance(1.0 - right);
    stats_.retries += wrong ? 1 : 0;
    return wrong;
}

void LinkControl::pause(TimePoint now) {
    paused_since_ = now;
    ++stats_.pauses;
}

void LinkControl::resume(TimePoint now) {
    stats_.paused += now - *paused_since_;
    paused_since_.reset();
    waiting_since_ = std::max(waiting_since_, now);  // standing still till here was no lack of credit
}

Packet* LinkControl::pop(TimePoint now, TimePoint free) {
    if (paused_since_) {
        return nullptr;
    }
    for (int c = 0; c < count_; ++c) {
        if (channels_[c].front != nullptr) {
            channels_[c].credit.settle(now, memory_.returns);
        }
    }
    Packet* packet = arbiter_.pop();
    const TimePoint could = std::max(free, waiting_since_);
    if (packet != nullptr && could < now) {
        ++stats_.credit_stalls;
        stats_.credit_stalled += now - could;
    }
    return packet;
}

TimePoint LinkControl::next_chance(TimePoint time) const {
    TimePoint chance = kNever;
    if (paused_since_) {
        return chance;
    }
    for (int c = 0; c < count_; ++c) {
        if (channels_[c].front != nullptr) {
            chance = std::min(chance, channels_[c].credit.when_covered(channels_[c].front->first->bytes, time));
        }
    }
    return chance;
}

}  // namespace myriad
