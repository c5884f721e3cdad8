#pragma once
// One HBM stack under a pattern of traffic: every channel command by command, an unbounded in-order queue before each.
// Saturated: a bounded number of requests is outstanding in the stack. Open: requests come at a fixed spacing.

#include "models/hbm/channel_controller.h"
#include "models/hbm/pattern.h"

#include <cstdint>
#include <optional>

namespace myriad {

struct TrafficConfig {
    PatternConfig pattern;
    std::int64_t outstanding = 2048;  // requests in the stack at most; 1: one after the other
    std::optional<double> load;       // share of the peak that is offered; absent: as much as is taken
    std::int64_t warm_up = 50'000;    // requests
    std::int64_t measured = 250'000;
};

struct TrafficResult {
    BytesPerSecond bandwidth;
    double of_peak = 0.0;
    double row_hit_rate = 0.0;  // bursts that found their row open
    // Of a burst, from its generation to the end of its data: reads alone; writes, to their command, if nothing reads.
    Picoseconds mean_latency{};
    Picoseconds median_latency{};
    Picoseconds p99_latency{};
    // Shares of the data buses' time; they add up to 1.
    struct Shares {
        double data = 0.0;
        double refresh = 0.0;
        double turnaround = 0.0;
        double row = 0.0;
        double group = 0.0;
        double no_request = 0.0;
    };
    Shares shares;
    double row_bus = 0.0;  // share of the time in which the row command buses are taken
    std::int32_t pseudo_channels_used = 0;
    std::int32_t pseudo_channels = 0;
};

[[nodiscard]] TrafficResult run_traffic(const HbmPreset& preset, const TrafficConfig& config);

}  // namespace myriad
