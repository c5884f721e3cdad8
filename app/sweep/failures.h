#pragma once
// The distinct reasons why points of a sweep failed, numbered.

#include "app/sweep/outcome.h"

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace myriad {

inline constexpr std::size_t kSummaryWidth = 110;

// Numbers in the order of points.
class Failures {
public:
    explicit Failures(const SweepOutcome& outcome);
    // "[2]", of a point that failed.
    [[nodiscard]] std::string mark(const SweepPointResult& point) const;
    // The list of reasons; empty if no point failed.
    [[nodiscard]] std::string text() const;

private:
    struct Reason {
        std::string text;
        std::size_t points = 0;
        std::size_t first = 0;
    };
    std::size_t total_;
    std::size_t failed_;
    std::map<std::string, std::size_t> number_;
    std::vector<Reason> reasons_;
};

}  // namespace myriad
