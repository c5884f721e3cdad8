// Words and rounded numbers. Everything printed is ASCII and independent of the locale.

#include "app/result/words.h"

#include "sim/error/error.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

namespace myriad {

std::string_view name_of(NetworkLevel level) {
    switch (level) {
        case NetworkLevel::packet:
            return "packet";
        case NetworkLevel::flow:
            return "flow";
        case NetworkLevel::analytic:
            return "analytic";
    }
    MYRIAD_CHECK(false, "a network level without a name");
}

std::string placement_text(const PlacementConfig& placement) {
    std::string text(name_of(placement.order));
    return placement.order == PlacementOrder::random ? fmt::format("{} (seed {})", text, placement.seed) : text;
}

std::string_view name_of(CardLevel level) {
    switch (level) {
        case CardLevel::roofline:
            return "roofline";
        case CardLevel::tile:
            return "tile";
        case CardLevel::live:
            return "live";
    }
    MYRIAD_CHECK(false, "a card level without a name");
}

std::string_view name_of(Arbitration arbitration) {
    switch (arbitration) {
        case Arbitration::fifo:
            return "fifo";
        case Arbitration::round_robin:
            return "round_robin";
        case Arbitration::per_flow_fair:
            return "per_flow_fair";
    }
    MYRIAD_CHECK(false, "an arbitration without a name");
}

std::vector<AlgorithmGroup> algorithm_groups(const std::vector<AlgorithmNote>& notes) {
    using Key = std::tuple<std::string, CollectiveOp, CollectiveAlgorithm, std::string, std::string>;
    std::map<Key, std::int64_t> counts;
    for (const AlgorithmNote& note : notes) {
        ++counts[{note.group.substr(0, note.group.find('[')), note.op, note.choice.algorithm, note.choice.reason,
                  note.choice.protocol}];
    }
    std::vector<AlgorithmGroup> merged;
    merged.reserve(counts.size());
    for (const auto& [key, count] : counts) {
        merged.push_back(
            {std::get<0>(key), count, std::get<1>(key), {std::get<2>(key), std::get<3>(key), std::get<4>(key)}});
    }
    return merged;
}

const OperatorLimit* limit_of(const TrainingReport& training, std::string_view label) {
    const auto found = std::find_if(training.limits.begin(), training.limits.end(),
                                    [&](const OperatorLimit& limit) { return limit.label == label; });
    return found == training.limits.end() ? nullptr : &*found;
}

const OperatorBind* bind_of(const InferenceReport& inference, std::string_view label) {
    const auto found = std::find_if(inference.binds.begin(), inference.binds.end(),
                                    [&](const OperatorBind& bind) { return bind.label == label; });
    return found == inference.binds.end() ? nullptr : &*found;
}

std::string_view name_of(KernelBind bind) {
    constexpr std::string_view kNames[kKernelBinds] = {"matrix", "vector", "HBM", "on-chip", "launch", "latency"};
    return kNames[static_cast<std::size_t>(bind)];
}

Picoseconds communication_of(const InferenceResult& result) {
    Picoseconds time = result.of(SpanKind::pipeline).mean;
    for (std::size_t kind = 0; kind < kSpanKinds; ++kind) {
        time += is_collective(static_cast<SpanKind>(kind)) ? result.time[kind].mean : Picoseconds{0};
    }
    return time;
}

std::string grouped(std::int64_t count) {
    std::string digits = std::to_string(count);
    const std::size_t first = count < 0 ? 1 : 0;
    for (std::size_t at = digits.size(); at > first + 3; at -= 3) {
        digits.insert(at - 3, 1, ',');
    }
    return digits;
}

std::string figure(double value) {
    MYRIAD_CHECK(std::isfinite(value), "only finite figures are told");
    if (value == 0.0) {
        return "0";
    }
    constexpr int kDigits = 4;
    const int magnitude = static_cast<int>(std::floor(std::log10(std::abs(value))));
    const double unit = std::pow(10.0, magnitude + 1 - kDigits);
    if (magnitude + 1 >= kDigits) {
        return grouped(static_cast<std::int64_t>(std::llround(value / unit) * std::llround(unit)));
    }
    return fmt::format("{:.{}f}", value, kDigits - 1 - magnitude);
}

std::string percent(double share) {
    constexpr double kSmallest = 0.0005;  // rounds to 0.1 %
    if (share > 0.0 && share < kSmallest) {
        return "<0.1 %";
    }
    return fmt::format("{:.1f} %", 100.0 * share);
}

}  // namespace myriad
