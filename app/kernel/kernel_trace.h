#pragma once
// Remembers what a kernel did on the first cores and in memory, and writes it as a Perfetto trace or as waves.

#include "models/tile/tile_trace.h"

#include <cstdint>
#include <string>
#include <vector>

namespace myriad {

class KernelTrace final : public TileTrace {
public:
    // Intervals of the first `cores` cores are kept, at most kIntervalsMax of cores and as many of memory. A transfer of
    // HBM is shown for as long as its bytes take at `hbm_peak` at least: a write is told when the controller takes it,
    // and a short read as the instant of its end.
    KernelTrace(std::int64_t cores, BytesPerSecond hbm_peak) : cores_(cores), hbm_peak_(hbm_peak) {}

    void interval(TraceLane lane, std::int64_t core, std::int64_t tile, std::int64_t step, TimePoint begin,
                  TimePoint end, Bytes bytes) override;
    void memory(bool hbm, bool write, TimePoint begin, TimePoint end, Bytes bytes) override;

    // A process a core, with a track for tensor, vector, loads, stores and tiles (several where they overlap); a process
    // of counters for HBM and cache. `name`: what ran.
    [[nodiscard]] std::string perfetto(const std::string& name) const;
    // core0.tensor, core0.vector, core0.loading, core0.storing, ..., memory.hbm, memory.cache
    [[nodiscard]] std::string waves(const std::string& name) const;

    // Something was left out because there was too much; what is there ends at end().
    [[nodiscard]] bool cut() const noexcept { return cut_; }
    [[nodiscard]] TimePoint end() const noexcept { return end_; }

    static constexpr std::size_t kIntervalsMax = 400'000;

private:
    struct Span {
        TimePoint begin{};
        TimePoint end{};
        TraceLane lane = TraceLane::tile;
        std::int64_t core = 0;
        std::int64_t tile = 0;
        std::int64_t step = 0;
        Bytes bytes;
    };
    struct Transfer {
        TimePoint begin{};
        TimePoint end{};
        Bytes bytes;
        bool hbm = false;
        bool write = false;
    };
    // Bytes per second in each of kWindows equal parts of the time.
    [[nodiscard]] std::vector<double> rates(bool hbm, bool write) const;

    std::int64_t cores_;
    BytesPerSecond hbm_peak_;
    std::vector<Span> spans_;
    std::vector<Transfer> transfers_;
    TimePoint end_{};
    bool cut_ = false;
};

}  // namespace myriad
