// Requests of 64 B a CPU second through the command-level model of one HBM2 stack, saturated, and burst trains a CPU
// second through the reservation model. The bandwidth is checked against the figures of docs/memory.md before a time is
// printed.
//
//   bench_hbm_requests [THOUSANDS_OF_REQUESTS]

#include "models/hbm/stack_traffic.h"
#include "models/hbm/train_channel.h"
#include "sim/error/error.h"
#include "tests/unit/hbm/presets.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>

using namespace myriad;

namespace {

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

void measure(const char* name, const PatternConfig& pattern, double expected, std::int64_t requests) {
    TrafficConfig traffic;
    traffic.pattern = pattern;
    traffic.measured = requests - traffic.warm_up;
    const double start = cpu_seconds();
    const TrafficResult result = run_traffic(test::hbm2(), traffic);
    const double taken = cpu_seconds() - start;
    MYRIAD_CHECK(std::abs(result.of_peak - expected) < 0.03, "bandwidth of the pattern is not that of docs/memory.md");
    std::printf("%s %.3f of peak, %.2f M requests/s\n", name, result.of_peak,
                static_cast<double>(requests) * 1e-6 / taken);
}

void measure_trains(std::int64_t trains) {
    PseudoChannelTrains channel(test::hbm2());
    const double start = cpu_seconds();
    for (std::int64_t i = 0; i < trains; ++i) {
        (void)channel.serve(static_cast<std::uint64_t>(i) * 64, Bytes{64}, false, TimePoint{});
    }
    const TimePoint end = channel.finish();
    const double taken = cpu_seconds() - start;
    const double share = static_cast<double>(trains) * 64.0 / (seconds(end.time_since_epoch()) * 16e9);
    MYRIAD_CHECK(std::abs(share - 0.895) < 0.03, "a stream of trains does not reach the bandwidth of commands");
    std::printf("trains %.3f of peak, %.2f M trains/s\n", share, static_cast<double>(trains) * 1e-6 / taken);
}

}  // namespace

int main(int argc, char** argv) {
    const std::int64_t requests = (argc > 1 ? std::atoll(argv[1]) : 1000) * 1000;
    measure("seq", {MemoryPattern::sequential, 1, 0, kRequest}, 0.895, requests);
    measure("stream21", {MemoryPattern::stream, 2, 1, kRequest}, 0.747, requests);
    measure("random", {MemoryPattern::random, 1, 0, kRequest}, 0.596, requests);
    measure_trains(requests);
    return 0;
}
