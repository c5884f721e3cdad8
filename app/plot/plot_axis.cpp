// A linear axis ends at multiples of its step, which is 1, 2 or 5 times a power of ten and gives four to nine intervals.

#include "app/plot/plot_axis.h"

#include "sim/error/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace myriad {
namespace {

constexpr double kIntervalsMost = 8.0;
constexpr double kAlike = 1e-9;

double step_for(double range) {
    const double rough = range / kIntervalsMost;
    const double decade = std::pow(10.0, std::floor(std::log10(rough)));
    for (const double times : {1.0, 2.0, 5.0}) {
        if (times * decade >= rough * (1.0 - kAlike)) {
            return times * decade;
        }
    }
    return 10.0 * decade;
}

}  // namespace

PlotAxis::PlotAxis(const SeriesAxis& text, double least, double greatest) : text_(text) {
    MYRIAD_CHECK(least <= greatest, "an axis from " + std::to_string(least) + " to " + std::to_string(greatest));
    if (!text.words.empty()) {
        first_ = -0.5;
        last_ = static_cast<double>(text.words.size()) - 0.5;
        return;
    }
    if (text.scale == PlotScale::logarithmic) {
        log_.emplace(least, greatest);
        return;
    }
    if (least > 0.0 && least < greatest / 2.0) {
        least = 0.0;
    }
    const double range = greatest > least ? greatest - least : std::max(std::abs(greatest), 1.0);
    step_ = step_for(range);
    first_ = std::floor(least / step_ + kAlike) * step_;
    last_ = std::ceil(greatest / step_ - kAlike) * step_;
    if (last_ <= first_) {
        last_ = first_ + step_;
    }
}

double PlotAxis::share(double value) const { return log_ ? log_->share(value) : (value - first_) / (last_ - first_); }

std::vector<PlotTick> PlotAxis::ticks() const {
    const auto label = [&](double value) {
        return text_.tick != nullptr ? text_.tick(value) : fmt::format("{:g}", value);
    };
    std::vector<PlotTick> ticks;
    if (!text_.words.empty()) {
        for (std::size_t i = 0; i < text_.words.size(); ++i) {
            ticks.push_back({share(static_cast<double>(i)), text_.words[i]});
        }
        return ticks;
    }
    if (log_) {
        for (const LogTick& tick : log_->ticks()) {
            ticks.push_back({share(tick.value), tick.labelled ? label(tick.value) : std::string{}});
        }
        return ticks;
    }
    const auto count = static_cast<int>(std::lround((last_ - first_) / step_));
    for (int i = 0; i <= count; ++i) {
        const double value = first_ + i * step_;
        ticks.push_back({share(value), label(std::abs(value) < step_ * kAlike ? 0.0 : value)});
    }
    return ticks;
}

}  // namespace myriad
