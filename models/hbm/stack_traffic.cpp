// The harness around the channels. In a cycle: channels step, data that is complete frees its place, requests are
// generated, and each channel takes at most four bursts from the queue before it. A burst can so be served in the cycle
// after its generation at the earliest.

#include "models/hbm/stack_traffic.h"

#include "models/hbm/address_map.h"
#include "sim/error/error.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace myriad {
namespace {

constexpr int kHandOvers = 4;
constexpr std::size_t kLongestLatency = std::size_t{1} << 17;  // cycles; longer ones count as this

// A ring that grows.
template <class T>
class Fifo {
public:
    [[nodiscard]] bool empty() const { return first_ == last_; }
    [[nodiscard]] const T& front() const { return items_[first_ & mask_]; }
    void pop() { ++first_; }
    void push(const T& item) {
        if (last_ - first_ == items_.size()) {
            grow();
        }
        items_[last_++ & mask_] = item;
    }

private:
    void grow() {
        std::vector<T> wider(items_.size() * 2);
        for (std::size_t i = first_; i != last_; ++i) {
            wider[i - first_] = items_[i & mask_];
        }
        last_ -= first_;
        first_ = 0;
        items_ = std::move(wider);
        mask_ = items_.size() - 1;
    }

    std::vector<T> items_ = std::vector<T>(1024);
    std::size_t mask_ = items_.size() - 1;
    std::size_t first_ = 0;
    std::size_t last_ = 0;
};

class Stack {
public:
    Stack(const HbmPreset& preset, const TrafficConfig& config)
        : preset_(preset),
          config_(config),
          bursts_(static_cast<std::int64_t>(count_of(kRequest, preset.organisation.burst()))),
          stack_map_(preset),
          local_map_(preset),
          source_(config.pattern, preset.organisation.capacity()),
          used_(static_cast<std::size_t>(preset.organisation.channels * preset.organisation.pseudo_channels)),
          only_writes_(config.pattern.reads == 0),
          latencies_(kLongestLatency) {
        for (std::int32_t i = 0; i < preset.organisation.channels; ++i) {
            channels_.emplace_back(preset);
            queues_.emplace_back();
        }
        if (config.load) {
            MYRIAD_CHECK(*config.load > 0.0, "an offered load is positive");
            spacing_ = static_cast<double>(kRequest.count()) /
                       (static_cast<double>(preset.organisation.bytes_per_cycle().count()) * *config.load);
        }
    }

    TrafficResult run();

private:
    void step();
    void generate();
    void hand_over(std::size_t channel);
    void complete(const ChannelController::Done& done, bool write);
    [[nodiscard]] std::int64_t next_cycle() const;
    [[nodiscard]] ChannelController::Stats sum() const;
    [[nodiscard]] Picoseconds time(double cycles) const {
        return Picoseconds{std::llround(cycles * 1e12 / static_cast<double>(preset_.clock.count()))};
    }
    [[nodiscard]] Picoseconds percentile(double share) const;
    [[nodiscard]] TrafficResult result(const ChannelController::Stats& before, std::int64_t begin) const;

    const HbmPreset& preset_;
    const TrafficConfig& config_;
    std::int64_t bursts_;  // of a request
    StackMap stack_map_;
    LocalMap local_map_;
    PatternSource source_;
    std::vector<ChannelController> channels_;
    std::vector<Fifo<HbmRequest>> queues_;
    std::vector<bool> used_;
    Fifo<ChannelController::Done> reading_;  // issued, data not yet complete: in order, all take equally long
    std::vector<ChannelController::Done> done_;
    std::int64_t cycle_ = 0;
    std::int64_t outstanding_ = 0;  // bursts
    std::int64_t generated_ = 0;    // requests
    std::int64_t completed_ = 0;    // bursts
    double spacing_ = 0.0;          // cycles between requests of an open load
    bool measuring_ = false;
    bool only_writes_;
    std::int64_t timed_ = 0;                // bursts whose latency was taken
    std::vector<std::uint32_t> latencies_;  // bursts by cycles
    double latency_sum_ = 0.0;
};

void Stack::complete(const ChannelController::Done& done, bool write) {
    --outstanding_;
    ++completed_;
    if (measuring_ && write == only_writes_) {
        const auto latency = static_cast<std::size_t>(done.cycle - static_cast<std::int64_t>(done.tag));
        ++latencies_[std::min(latency, kLongestLatency - 1)];
        latency_sum_ += static_cast<double>(latency);
        ++timed_;
    }
}

void Stack::step() {
    for (std::size_t i = 0; i < channels_.size(); ++i) {
        if (channels_[i].next_cycle() > cycle_) {
            continue;
        }
        done_.clear();
        channels_[i].step(cycle_, done_);
        for (const ChannelController::Done& done : done_) {
            if (done.cycle > cycle_) {
                reading_.push(done);
            } else {
                complete(done, true);
            }
        }
    }
    while (!reading_.empty() && reading_.front().cycle <= cycle_) {
        complete(reading_.front(), false);
        reading_.pop();
    }
    generate();
    for (std::size_t i = 0; i < channels_.size(); ++i) {
        if (!queues_[i].empty()) {
            hand_over(i);
        }
    }
}

void Stack::generate() {
    while (config_.load ? static_cast<double>(generated_) * spacing_ < static_cast<double>(cycle_) + 1.0
                        : outstanding_ + bursts_ <= config_.outstanding * bursts_) {
        const PatternSource::Request request = source_.next();
        ++generated_;
        for (std::int64_t i = 0; i < bursts_; ++i) {
            const StackPlace place = stack_map_.place(
                request.address + static_cast<std::uint64_t>(i * preset_.organisation.burst().count()));
            const BankPart part = local_map_.part_at(place.local);
            queues_[static_cast<std::size_t>(place.channel)].push(
                HbmRequest{.tag = static_cast<std::uint64_t>(cycle_),
                           .bank = place.pseudo_channel * preset_.organisation.banks() + part.bank,
                           .row = part.row,
                           .write = request.write});
            used_[static_cast<std::size_t>(place.channel * preset_.organisation.pseudo_channels +
                                           place.pseudo_channel)] = true;
        }
        outstanding_ += bursts_;
    }
}

void Stack::hand_over(std::size_t channel) {
    Fifo<HbmRequest>& queue = queues_[channel];
    for (int i = 0; i < kHandOvers && !queue.empty() && channels_[channel].accept(queue.front(), cycle_); ++i) {
        queue.pop();
    }
}

std::int64_t Stack::next_cycle() const {
    std::int64_t next = ChannelController::kNever;
    for (const ChannelController& channel : channels_) {
        next = std::min(next, channel.next_cycle());
    }
    if (config_.load) {
        next = std::min(next, static_cast<std::int64_t>(static_cast<double>(generated_) * spacing_));
    } else if (!reading_.empty()) {
        next = std::min(next, reading_.front().cycle);
    }
    return std::max(next, cycle_ + 1);
}

ChannelController::Stats Stack::sum() const {
    ChannelController::Stats sum;
    for (const ChannelController& channel : channels_) {
        const ChannelController::Stats& one = channel.stats();
        sum.read_bursts += one.read_bursts;
        sum.write_bursts += one.write_bursts;
        sum.activates += one.activates;
        sum.precharges += one.precharges;
        sum.refreshes += one.refreshes;
        sum.row_bus += one.row_bus;
        sum.no_request += one.no_request;
        sum.refresh += one.refresh;
        sum.turnaround += one.turnaround;
        sum.row += one.row;
        sum.group += one.group;
    }
    return sum;
}

TrafficResult Stack::run() {
    generate();
    for (std::size_t i = 0; i < channels_.size(); ++i) {
        hand_over(i);
    }
    while (completed_ < config_.warm_up * bursts_) {
        cycle_ = next_cycle();
        step();
    }
    const ChannelController::Stats before = sum();
    const std::int64_t begin = cycle_;
    const std::int64_t until = completed_ + config_.measured * bursts_;
    measuring_ = true;
    while (completed_ < until) {
        cycle_ = next_cycle();
        step();
    }
    return result(before, begin);
}

Picoseconds Stack::percentile(double share) const {
    std::int64_t below = 0;
    for (std::size_t cycles = 0; cycles < latencies_.size(); ++cycles) {
        below += latencies_[cycles];
        if (static_cast<double>(below) > share * static_cast<double>(timed_)) {
            return time(static_cast<double>(cycles));
        }
    }
    return Picoseconds{};
}

TrafficResult Stack::result(const ChannelController::Stats& before, std::int64_t begin) const {
    const ChannelController::Stats after = sum();
    const HbmTiming timing = preset_.timing();
    const auto cycles = static_cast<double>(cycle_ - begin);
    const std::int64_t bursts = after.read_bursts + after.write_bursts - before.read_bursts - before.write_bursts;
    const double buses = static_cast<double>(used_.size()) * cycles;
    TrafficResult r;
    r.pseudo_channels = static_cast<std::int32_t>(used_.size());
    r.pseudo_channels_used = static_cast<std::int32_t>(std::count(used_.begin(), used_.end(), true));
    r.of_peak = static_cast<double>(bursts) * timing.burst / buses;
    r.bandwidth = BytesPerSecond{std::llround(r.of_peak * static_cast<double>(preset_.stack_peak().count()))};
    r.row_hit_rate = 1.0 - static_cast<double>(after.activates - before.activates) / static_cast<double>(bursts);
    r.mean_latency = time(latency_sum_ / static_cast<double>(std::max<std::int64_t>(1, timed_)));
    r.median_latency = percentile(0.5);
    r.p99_latency = percentile(0.99);
    r.row_bus = static_cast<double>(after.row_bus - before.row_bus) / (static_cast<double>(channels_.size()) * cycles);
    r.shares.data = r.of_peak;
    r.shares.refresh = static_cast<double>(after.refresh - before.refresh) / buses;
    r.shares.turnaround = static_cast<double>(after.turnaround - before.turnaround) / buses;
    r.shares.row = static_cast<double>(after.row - before.row) / buses;
    r.shares.group = static_cast<double>(after.group - before.group) / buses;
    r.shares.no_request =
        std::max(0.0, 1.0 - r.shares.data - r.shares.refresh - r.shares.turnaround - r.shares.row - r.shares.group);
    return r;
}

}  // namespace

TrafficResult run_traffic(const HbmPreset& preset, const TrafficConfig& config) { return Stack(preset, config).run(); }

}  // namespace myriad
