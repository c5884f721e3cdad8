#pragma once
// How activities that need several resources at once share them: max-min fair in their speed. A speed of 1 is full
// speed; at speed v an activity takes v x demand of every resource. All speeds rise together from 0 (progressive
// filling); one stops at its own cap, or as soon as a resource that it needs is full. So activities that meet on a full
// resource slow down alike, each in proportion to what it asked for, and what one leaves goes to the others.

#include <cstddef>
#include <span>
#include <vector>

namespace myriad {

struct ShareActivity {
    std::span<const double> demand;  // of each resource at speed 1; not negative
    double cap = 1.0;                // speed that is never exceeded; positive
};

class FairShare {
public:
    // The speeds of `activities` over resources of `capacities` (positive), in their order; valid until the next call.
    // Few activities: O(activities^2 x resources) at worst, one pass when everything fits.
    std::span<const double> solve(std::span<const double> capacities, std::span<const ShareActivity> activities);

private:
    struct Resource {
        double left = 0.0;     // not taken by activities that have stopped
        double full_at = 0.0;  // speed at which it is full
    };
    [[nodiscard]] double next_stop(std::span<const ShareActivity> activities);
    void stop(const ShareActivity& activity, std::size_t number, double speed);
    [[nodiscard]] bool needs_full(const ShareActivity& activity, double speed) const;

    std::vector<Resource> resources_;
    std::vector<double> speeds_;  // negative: still rising
};

}  // namespace myriad
