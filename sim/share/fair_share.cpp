// Progressive filling. Each round finds the lowest speed at which an activity reaches its cap or a resource is full, and
// stops what is stopped by it; at least one activity stops a round.

#include "sim/share/fair_share.h"

#include "sim/error/error.h"

#include <algorithm>
#include <limits>

namespace myriad {

namespace {
constexpr double kRising = -1.0;
constexpr double kNever = std::numeric_limits<double>::infinity();
}  // namespace

std::span<const double> FairShare::solve(std::span<const double> capacities,
                                         std::span<const ShareActivity> activities) {
    resources_.resize(capacities.size());
    speeds_.assign(activities.size(), kRising);
    for (std::size_t r = 0; r < capacities.size(); ++r) {
        MYRIAD_CHECK(capacities[r] > 0.0, "a resource that is shared has a capacity");
        resources_[r] = {capacities[r], kNever};
        for (const ShareActivity& activity : activities) {
            MYRIAD_CHECK(activity.demand.size() == capacities.size() && activity.demand[r] >= 0.0 && activity.cap > 0.0,
                         "an activity has a demand of every resource and a positive cap");
        }
    }
    for (std::size_t rising = activities.size(); rising > 0;) {
        const double speed = next_stop(activities);
        for (std::size_t a = 0; a < activities.size(); ++a) {
            if (speeds_[a] < 0.0 && (activities[a].cap <= speed || needs_full(activities[a], speed))) {
                stop(activities[a], a, speed);
                --rising;
            }
        }
    }
    return speeds_;
}

double FairShare::next_stop(std::span<const ShareActivity> activities) {
    double speed = kNever;
    for (std::size_t r = 0; r < resources_.size(); ++r) {
        // Added up anew: what subtraction would leave behind of a sum could look like a demand.
        double rising = 0.0;
        for (std::size_t a = 0; a < activities.size(); ++a) {
            rising += speeds_[a] < 0.0 ? activities[a].demand[r] : 0.0;
        }
        resources_[r].full_at = rising > 0.0 ? std::max(resources_[r].left, 0.0) / rising : kNever;
        speed = std::min(speed, resources_[r].full_at);
    }
    for (std::size_t a = 0; a < activities.size(); ++a) {
        if (speeds_[a] < 0.0) {
            speed = std::min(speed, activities[a].cap);
        }
    }
    return speed;
}

bool FairShare::needs_full(const ShareActivity& activity, double speed) const {
    for (std::size_t r = 0; r < resources_.size(); ++r) {
        if (activity.demand[r] > 0.0 && resources_[r].full_at <= speed) {
            return true;
        }
    }
    return false;
}

void FairShare::stop(const ShareActivity& activity, std::size_t number, double speed) {
    speeds_[number] = speed;
    for (std::size_t r = 0; r < resources_.size(); ++r) {
        resources_[r].left -= activity.demand[r] * speed;
    }
}

}  // namespace myriad
