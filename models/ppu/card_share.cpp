// Between two changes every speed is constant, so state is brought up to date when something changes or a record says
// that something has ended. Records cannot be taken back: each has a number, and only the last one counts.
//
// Assumptions: a kernel's HBM traffic and work are spread evenly over its body; a kernel that loses cores slows in
// proportion (waves are not cut anew); what waits in a direction moves at one speed, that of the ports in use.

#include "models/ppu/card_share.h"

#include "sim/error/error.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace myriad {

namespace {

// Times are sums of doubles: what is nearer than this has been reached. Far below the picosecond that results are in.
constexpr double kNear = 1e-2;
constexpr double kNever = 1e300;

double bytes_in(double rate, double picoseconds) { return rate * picoseconds * 1e-12; }

}  // namespace

CardShare::CardShare(Agenda& agenda, ComponentId self, std::uint64_t kind, FairShare& solver,
                     const CardShareConfig& config)
    : agenda_(agenda), self_(self), kind_(kind), solver_(solver), config_(config) {
    MYRIAD_CHECK(config.hbm.count() > 0 && config.cores > 0, "a card that shares has cores and HBM");
}

// Byte/s of HBM that the direction takes where nothing is short. Many may send to one card: its ports set the pace.
double CardShare::full_rate(const Direction& direction) const {
    if (direction.wire == 0.0) {
        return direction.tail;
    }
    return direction.wire > config_.ports ? direction.hbm * (config_.ports / direction.wire) : direction.hbm;
}

void CardShare::advance() {
    const auto passed = static_cast<double>((agenda_.now() - updated_).count());
    updated_ = agenda_.now();
    if (passed <= 0.0) {
        return;
    }
    double cores = std::min(collectives_ * config_.collective_cores, config_.cores - 1);
    if (running_) {
        kernel_left_ -= passed * kernel_speed_;
        stats_.kernel_bytes += bytes_in(kernel_hbm_ * kernel_speed_, passed);
        cores += kernel_cores_ * kernel_speed_;
    }
    stats_.core_time_ps += cores * passed;
    for (Direction& direction : directions_) {
        direction.clock += passed * direction.speed;
        const double moved = std::min(direction.backlog, bytes_in(full_rate(direction) * direction.speed, passed));
        direction.backlog -= moved;
        stats_.message_bytes += moved;
        if (direction.backlog < 1e-3) {  // of a byte: what rounding leaves
            stats_.message_bytes += direction.backlog;
            direction.backlog = 0.0;
        }
    }
}

// New speeds after a change, and the record of what comes next.
void CardShare::settle() {
    const double free_cores =
        std::max(1.0, static_cast<double>(config_.cores - collectives_ * config_.collective_cores));
    const auto hbm = static_cast<double>(config_.hbm.count());
    const double incoming = directions_[0].backlog > 0.0 ? full_rate(directions_[0]) : 0.0;
    const double outgoing = directions_[1].backlog > 0.0 ? full_rate(directions_[1]) : 0.0;
    // Alone a kernel may move more than streaming attains (the figure is an average): it then takes all of it.
    const std::array<double, 2> kernel{running_ ? kernel_cores_ : 0.0, running_ ? std::min(kernel_hbm_, hbm) : 0.0};
    if (kernel[0] <= free_cores && kernel[1] + incoming + outgoing <= hbm) {
        kernel_speed_ = directions_[0].speed = directions_[1].speed = 1.0;
    } else {
        const std::array<double, 2> capacities{free_cores, hbm};
        const std::array<double, 2> in{0.0, incoming};
        const std::array<double, 2> out{0.0, outgoing};
        const std::array<ShareActivity, 3> activities{ShareActivity{kernel, 1.0}, {in, 1.0}, {out, 1.0}};
        const auto speeds = solver_.solve(capacities, activities);
        kernel_speed_ = speeds[0];
        directions_[0].speed = speeds[1];
        directions_[1].speed = speeds[2];
    }
    schedule();
}

double CardShare::time_to_next() const {
    double next = running_ ? std::max(kernel_left_, 0.0) / kernel_speed_ : kNever;
    const bool short_of = kernel_speed_ < 1.0 || directions_[0].speed < 1.0 || directions_[1].speed < 1.0;
    for (const Direction& direction : directions_) {
        const double rate = full_rate(direction) * direction.speed;
        if (short_of && direction.backlog > 0.0 && rate > 0.0) {  // its end speeds others up
            next = std::min(next, direction.backlog / rate * 1e12);
        }
        if (!direction.held.empty()) {
            next = std::min(next, std::max(direction.held.front().target - direction.clock, 0.0) / direction.speed);
        }
    }
    return next;
}

void CardShare::schedule() {
    const double next = time_to_next();
    if (next >= kNever) {
        waiting_ = false;
        return;
    }
    const TimePoint due = agenda_.now() + Picoseconds{static_cast<std::int64_t>(std::ceil(next - kNear))};
    if (waiting_ && due == due_) {
        return;
    }
    waiting_ = true;
    due_ = due;
    agenda_.schedule(due, Phase::deliver, self_, self_, ++number_ << 2 | kind_);
}

void CardShare::on_record(std::uint64_t number) {
    if (!waiting_ || number != number_) {
        return;
    }
    waiting_ = false;
    advance();
    const bool ended = running_ && kernel_left_ <= kNear;
    if (ended) {
        running_ = false;
        stats_.stretch += agenda_.now() - kernel_alone_;
    }
    take_reached(false);
    take_reached(true);
    settle();
    // From here on others are told, who may begin what they like on this card.
    const std::vector<std::pair<Held, bool>> reached = std::exchange(reached_, {});
    for (const auto& [held, outgoing] : reached) {
        held.owner->on_reached(*held.message, outgoing);
    }
    if (ended) {
        kernel_done_();  // last: begins the next kernel
    }
}

void CardShare::take_reached(bool outgoing) {
    Direction& direction = directions_[outgoing ? 1 : 0];
    const auto end = std::find_if(direction.held.begin(), direction.held.end(),
                                  [&](const Held& held) { return held.target > direction.clock + kNear; });
    for (auto held = direction.held.begin(); held != end; ++held) {
        reached_.emplace_back(*held, outgoing);
    }
    direction.held.erase(direction.held.begin(), end);
}

void CardShare::begin_kernel(const KernelNeed& need, Completion done) {
    MYRIAD_CHECK(!running_, "a card runs one kernel at a time");
    advance();
    running_ = true;
    kernel_left_ = static_cast<double>(need.body.count());
    kernel_cores_ = need.cores;
    kernel_hbm_ = need.body.count() > 0 ? static_cast<double>(need.hbm.count()) / seconds(need.body) : 0.0;
    kernel_alone_ = agenda_.now() + need.body;
    kernel_done_ = done;
    settle();
}

void CardShare::begin_collective() {
    advance();
    ++collectives_;
    settle();
}

void CardShare::end_collective() {
    MYRIAD_CHECK(collectives_ > 0, "a collective ends that has not begun");
    advance();
    --collectives_;
    settle();
}

void CardShare::begin_message(bool outgoing, double bytes, double wire, double hbm) {
    advance();
    Direction& direction = directions_[outgoing ? 1 : 0];
    direction.backlog += bytes;
    direction.wire += wire;
    direction.hbm += hbm;
    settle();
}

void CardShare::end_message(bool outgoing, double wire, double hbm) {
    advance();
    Direction& direction = directions_[outgoing ? 1 : 0];
    direction.tail = full_rate(direction);
    direction.wire -= wire;
    direction.hbm -= hbm;
    settle();
}

double CardShare::clock(bool outgoing) {
    advance();
    return directions_[outgoing ? 1 : 0].clock;
}

bool CardShare::reached(bool outgoing, double target, Message& message, HeldMessages& owner) {
    advance();
    Direction& direction = directions_[outgoing ? 1 : 0];
    if (target <= direction.clock + kNear) {
        return true;
    }
    const Held held{target, ++orders_, &message, &owner};
    const auto place = std::upper_bound(direction.held.begin(), direction.held.end(), held,
                                        [](const Held& a, const Held& b) { return a.target < b.target; });
    direction.held.insert(place, held);
    schedule();
    return false;
}

const CardShareStats& CardShare::stats() {
    advance();
    return stats_;
}

bool CardShare::idle() {
    advance();
    const auto empty = [](const Direction& direction) { return direction.held.empty() && direction.wire == 0.0; };
    return !running_ && collectives_ == 0 && empty(directions_[0]) && empty(directions_[1]);
}

}  // namespace myriad
