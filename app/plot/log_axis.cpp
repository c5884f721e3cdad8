// Ends are rounded outwards, so that the frame begins and ends at a tick.

#include "app/plot/log_axis.h"

#include "sim/error/error.h"

#include <cmath>

namespace myriad {
namespace {

constexpr double kRoom = 1.15;   // beyond the values, so that no marker sits on the frame
constexpr double kAlike = 1e-9;  // a tick this near to an end is at the end
constexpr double kSteps[] = {1.0, 2.0, 5.0, 10.0};

double power_of_ten(double value) { return std::pow(10.0, std::floor(std::log10(value))); }

double rounded_down(double value) {
    const double decade = power_of_ten(value);
    double result = decade;
    for (const double step : kSteps) {
        result = step * decade <= value * (1.0 + kAlike) ? step * decade : result;
    }
    return result;
}

double rounded_up(double value) {
    const double decade = power_of_ten(value);
    for (const double step : kSteps) {
        if (step * decade >= value * (1.0 - kAlike)) {
            return step * decade;
        }
    }
    return 10.0 * decade;
}

}  // namespace

LogAxis::LogAxis(double least, double greatest)
    : first_(rounded_down(least / kRoom)), last_(rounded_up(greatest * kRoom)) {
    MYRIAD_CHECK(least > 0.0 && least <= greatest && std::isfinite(greatest), "a logarithmic axis is positive");
}

double LogAxis::share(double value) const { return std::log(value / first_) / std::log(last_ / first_); }

std::vector<LogTick> LogAxis::ticks() const {
    constexpr int kFewDecades = 3;
    std::vector<LogTick> result;
    int decades = 0;
    for (double decade = power_of_ten(first_ * (1.0 + kAlike)); decade <= last_ * (1.0 + kAlike); decade *= 10.0) {
        for (int times = 1; times <= 9; ++times) {
            const double value = times * decade;
            if (value >= first_ * (1.0 - kAlike) && value <= last_ * (1.0 + kAlike)) {
                result.push_back({value, times == 1});
                decades += times == 1 ? 1 : 0;
            }
        }
    }
    if (decades < kFewDecades) {
        for (LogTick& tick : result) {
            const double times = std::round(tick.value / power_of_ten(tick.value * (1.0 + kAlike)));
            tick.labelled = times == 1.0 || times == 2.0 || times == 5.0;
        }
    }
    return result;
}

}  // namespace myriad
