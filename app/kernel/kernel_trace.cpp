// Memory is told as the card's whole traffic: its bytes are those of all channels and slices, its busy time that of the
// one which stands for all.

#include "app/kernel/kernel_trace.h"

#include "sim/trace/chrome_trace.h"
#include "sim/trace/value_change_dump.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>

namespace myriad {
namespace {

constexpr std::int64_t kWindows = 1000;

struct LaneName {
    TraceLane lane;
    const char* track;  // of the trace
    const char* wave;   // of the dump; nullptr: none
};
constexpr std::array<LaneName, 5> kLanes{{{TraceLane::tile, "tiles", nullptr},
                                          {TraceLane::load, "loads", "loading"},
                                          {TraceLane::tensor, "tensor", "tensor"},
                                          {TraceLane::vector, "vector", "vector"},
                                          {TraceLane::store, "stores", "storing"}}};

struct MemoryName {
    bool hbm;
    bool write;
    const char* counter;
};
constexpr std::array<MemoryName, 4> kMemory{
    {{true, false, "HBM read"}, {true, true, "HBM write"}, {false, false, "cache read"}, {false, true, "cache write"}}};

}  // namespace

void KernelTrace::interval(TraceLane lane, std::int64_t core, std::int64_t tile, std::int64_t step, TimePoint begin,
                           TimePoint end, Bytes bytes) {
    if (core >= cores_ || begin >= end) {
        return;
    }
    if (spans_.size() == kIntervalsMax) {
        cut_ = true;
        return;
    }
    spans_.push_back({begin, end, lane, core, tile, step, bytes});
    end_ = std::max(end_, end);
}

void KernelTrace::memory(bool hbm, bool write, TimePoint begin, TimePoint end, Bytes bytes) {
    if (hbm) {
        const Picoseconds least = transfer_time_ceil(bytes, hbm_peak_);
        if (write) {
            end = std::max(end, begin + least);
        } else {
            begin = std::max(TimePoint{}, std::min(begin, end - least));
        }
    }
    if (begin >= end) {
        return;
    }
    if (transfers_.size() == kIntervalsMax) {
        cut_ = true;
        return;
    }
    transfers_.push_back({begin, end, bytes, hbm, write});
    end_ = std::max(end_, end);
}

std::vector<double> KernelTrace::rates(bool hbm, bool write) const {
    std::vector<double> bytes(kWindows, 0.0);
    const double window = seconds(end_.time_since_epoch()) / static_cast<double>(kWindows);
    for (const Transfer& transfer : transfers_) {
        if (transfer.hbm != hbm || transfer.write != write) {
            continue;
        }
        // Spread evenly over its time, window by window.
        const double begin = seconds(transfer.begin.time_since_epoch());
        const double end = seconds(transfer.end.time_since_epoch());
        const auto first = std::min(kWindows - 1, static_cast<std::int64_t>(begin / window));
        const auto last = std::min(kWindows - 1, static_cast<std::int64_t>(end / window));
        for (std::int64_t w = first; w <= last; ++w) {
            const double from = std::max(begin, static_cast<double>(w) * window);
            const double to = std::min(end, static_cast<double>(w + 1) * window);
            bytes[static_cast<std::size_t>(w)] +=
                static_cast<double>(transfer.bytes.count()) * std::max(0.0, to - from) / (end - begin);
        }
    }
    for (double& value : bytes) {
        value /= window;
    }
    return bytes;
}

std::string KernelTrace::perfetto(const std::string& name) const {
    ChromeTrace trace;
    std::int64_t next_track = 1;
    for (std::int64_t core = 0; core < cores_; ++core) {
        const std::int64_t process = core + 1;  // 0 means the idle task to Perfetto
        trace.name_process(process, fmt::format("core {}: {}", core, name));
        for (const LaneName& lane : kLanes) {
            std::vector<Span> spans;
            std::copy_if(spans_.begin(), spans_.end(), std::back_inserter(spans),
                         [&](const Span& span) { return span.core == core && span.lane == lane.lane; });
            std::stable_sort(spans.begin(), spans.end(), [](const Span& a, const Span& b) {
                return std::tie(a.begin, a.tile, a.step) < std::tie(b.begin, b.tile, b.step);
            });
            TrackDealer dealer;
            std::int64_t tracks = 0;
            for (const Span& span : spans) {
                const std::int64_t track = dealer.deal(span.begin, span.end);
                if (track == tracks) {
                    trace.name_track(
                        process, next_track + track,
                        track == 0 ? std::string(lane.track) : fmt::format("{} {}", lane.track, track + 1));
                    ++tracks;
                }
                const bool whole = lane.lane == TraceLane::tile;
                trace.slice(
                    process, next_track + track,
                    whole ? fmt::format("tile {}", span.tile) : fmt::format("tile {} step {}", span.tile, span.step),
                    span.begin, span.end,
                    span.bytes.count() > 0 ? TraceArguments{{"bytes", span.bytes.count()}} : TraceArguments{});
            }
            next_track += tracks;
        }
    }
    const std::int64_t memory = cores_ + 1;
    trace.name_process(memory, "memory");
    for (const MemoryName& counter : kMemory) {
        const std::vector<double> values = rates(counter.hbm, counter.write);
        double before = -1.0;
        for (std::size_t w = 0; w < values.size(); ++w) {
            if (values[w] != before) {
                const auto at = static_cast<std::int64_t>(static_cast<Int128>(end_.time_since_epoch().count()) *
                                                          static_cast<std::int64_t>(w) / kWindows);
                trace.counter(memory, counter.counter, "B/s", TimePoint{Picoseconds{at}}, values[w]);
                before = values[w];
            }
        }
        trace.counter(memory, counter.counter, "B/s", end_, 0.0);
    }
    return trace.finish();
}

std::string KernelTrace::waves(const std::string& name) const {
    ValueChangeDump dump;
    for (std::int64_t core = 0; core < cores_; ++core) {
        for (const LaneName& lane : kLanes) {
            if (lane.wave == nullptr) {
                continue;
            }
            const std::size_t signal = dump.add_signal(fmt::format("core{}", core), lane.wave);
            for (const Span& span : spans_) {
                if (span.core == core && span.lane == lane.lane) {
                    dump.busy(signal, span.begin, span.end);
                }
            }
        }
    }
    const std::size_t hbm = dump.add_signal("memory", "hbm");
    const std::size_t cache = dump.add_signal("memory", "cache");
    for (const Transfer& transfer : transfers_) {
        dump.busy(transfer.hbm ? hbm : cache, transfer.begin, transfer.end);
    }
    return dump.finish(name, end_);
}

}  // namespace myriad
