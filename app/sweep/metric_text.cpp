// The unit follows the largest value. Decimals give it four significant digits and the smallest one three, within
// reason: a figure that is a ten-thousandth of another in its table has lost already.

#include "app/sweep/metric_text.h"

#include "app/result/words.h"
#include "sim/error/error.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace myriad {
namespace {

struct Unit {
    double divisor;
    std::string_view name;
};
constexpr Unit kTimes[] = {{1e12, "s"}, {1e9, "ms"}, {1e6, "us"}, {1e3, "ns"}, {1.0, "ps"}};
constexpr Unit kPowers[] = {{1e6, "MW"}, {1e3, "kW"}, {1.0, "W"}};
constexpr Unit kSizes[] = {{0x1p40, "TiB"}, {0x1p30, "GiB"}, {0x1p20, "MiB"}, {0x1p10, "KiB"}, {1.0, "B"}};

template <std::size_t N>
Unit unit_for(const Unit (&units)[N], double largest) {
    const auto* const at =
        std::find_if(std::begin(units), std::end(units), [&](const Unit& unit) { return largest >= unit.divisor; });
    return at == std::end(units) ? units[N - 1] : *at;
}

Unit unit_for(MetricKind kind, double largest) {
    switch (kind) {
        case MetricKind::time:
            return unit_for(kTimes, largest);
        case MetricKind::size:
            return unit_for(kSizes, largest);
        case MetricKind::bandwidth:
            return {1e9, "GB/s"};  // always, as nccl-tests
        case MetricKind::share:
            return {0.01, "%"};
        case MetricKind::rate:
            return {1.0, ""};  // its name says a second
        case MetricKind::count:
            return {1.0, ""};
        case MetricKind::money:
            return {1.0, "USD"};
        case MetricKind::power:
            return unit_for(kPowers, largest);
        case MetricKind::rent:
            return {1.0, "USD/h"};
    }
    MYRIAD_CHECK(false, "a metric of no kind");
}

int decimals_for(double value, int digits) {
    return value > 0.0 ? digits - 1 - static_cast<int>(std::floor(std::log10(value))) : 0;
}

}  // namespace

std::string column_name(const Metric& metric) {
    std::string name(metric.name);
    if (metric.unit == "ps" || metric.unit == "B" || metric.unit == "USD" || metric.unit == "W") {
        return name + "_" + std::string(metric.unit);
    }
    if (metric.unit == "USD/h") {
        return name + "_USD_per_h";
    }
    return metric.unit == "B/s" ? name + "_B_per_s" : name;  // a rate says so in its name
}

MetricScale::MetricScale(const Metric& metric, const std::vector<double>& values) {
    double largest = 0.0;
    double smallest = 0.0;  // but not 0
    for (const double value : values) {
        largest = std::max(largest, std::abs(value));
        if (value != 0.0 && (smallest == 0.0 || std::abs(value) < smallest)) {
            smallest = std::abs(value);
        }
    }
    const Unit unit = unit_for(metric.kind, largest);
    divisor_ = unit.divisor;
    unit_ = unit.name;
    if (metric.kind != MetricKind::count) {
        constexpr int kMost = 4;
        const int wanted = std::max(decimals_for(largest / divisor_, 4), decimals_for(smallest / divisor_, 3));
        decimals_ = std::clamp(metric.kind == MetricKind::share ? std::min(wanted, 2) : wanted, 0, kMost);
    }
}

std::string MetricScale::text(double value) const {
    const double scaled = value / divisor_;
    return decimals_ == 0 ? grouped(std::llround(scaled)) : fmt::format("{:.{}f}", scaled, decimals_);
}

std::string heading(const Metric& metric, const MetricScale& scale) {
    std::string text(metric.name);
    if (!scale.unit().empty()) {
        text += " " + std::string(scale.unit());
    }
    return text;
}

}  // namespace myriad
