// Points that fail for the same reason share a number: a thousand failures have a handful of causes.

#include "app/sweep/failures.h"

#include "app/result/aligned_table.h"

#include <fmt/core.h>

#include <algorithm>

namespace myriad {
namespace {

constexpr std::size_t kReasonsMax = 20;

std::string first_line(const std::string& text) {
    const std::size_t end = text.find('\n');
    return end == std::string::npos ? text : text.substr(0, end) + " (and more)";
}

}  // namespace

Failures::Failures(const SweepOutcome& outcome) : total_(outcome.points.size()), failed_(outcome.failures()) {
    for (const SweepPointResult& point : outcome.points) {
        if (point.ran()) {
            continue;
        }
        const std::string reason = first_line(point.reason);
        const auto [at, is_new] = number_.emplace(reason, reasons_.size());
        if (is_new) {
            reasons_.push_back({reason, 0, point.point.index});
        }
        ++reasons_[at->second].points;
    }
}

std::string Failures::mark(const SweepPointResult& point) const {
    return "[" + std::to_string(number_.at(first_line(point.reason)) + 1) + "]";
}

std::string Failures::text() const {
    if (failed_ == 0) {
        return {};
    }
    std::string out = fmt::format("\nFailed: {} of {} points\n", failed_, total_);
    for (std::size_t i = 0; i < std::min(reasons_.size(), kReasonsMax); ++i) {
        const Reason& reason = reasons_[i];
        const std::string who = reason.points == 1 ? fmt::format("point {}", reason.first)
                                                   : fmt::format("{} points from {}", reason.points, reason.first);
        out += paragraph(fmt::format("  [{}] ", i + 1), who + ": " + reason.text, 6, kSummaryWidth);
    }
    if (reasons_.size() > kReasonsMax) {
        out += fmt::format("  ... and {} other reasons, see sweep.csv\n", reasons_.size() - kReasonsMax);
    }
    return out;
}

}  // namespace myriad
