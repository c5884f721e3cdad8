#pragma once
// What is wrong with a configuration, all of it at once.

#include "sim/error/error.h"
#include "sim/units/units.h"

#include <string>
#include <utility>
#include <vector>

namespace myriad {

// Far beyond any hardware, and small enough that sums and products of it stay inside 64 bits.
inline constexpr BytesPerSecond kMaxBandwidth{100'000'000'000'000};
inline constexpr Picoseconds kMaxLatency{1'000'000'000'000};

// Findings without a place in a file; the readers of app/ have checked each value's own range and unit before.
class Findings {
public:
    explicit Findings(std::string where) : where_(std::move(where)) {}
    // Gives `good`, for a check that makes no sense where another has failed.
    bool expect(bool good, const std::string& message) {
        if (!good) {
            list_.push_back(message);
        }
        return good;
    }
    void expect_bandwidth(BytesPerSecond bandwidth, const std::string& what) {
        expect(bandwidth.count() > 0, what + " without bandwidth");
        expect(bandwidth <= kMaxBandwidth, what + " with more than 100 TB/s");
    }
    void expect_latency(Picoseconds latency, const std::string& what) {
        expect(latency.count() >= 0 && latency <= kMaxLatency, what + " with a latency that is not between 0 and 1 s");
    }
    void throw_if_any() const {
        std::vector<Diagnostic> diagnostics;
        for (const std::string& message : list_) {
            diagnostics.push_back(Diagnostic{SourceMark{}, where_ + ": " + message});
        }
        if (!diagnostics.empty()) {
            throw UserError(diagnostics);
        }
    }
    [[nodiscard]] const std::vector<std::string>& messages() const { return list_; }

private:
    std::string where_;
    std::vector<std::string> list_;
};

}  // namespace myriad
