#pragma once
// Looks at the links of a run while it goes on, without writing a record of the agenda: the run is what it is without.

#include "app/activity/activity.h"
#include "app/system/platform.h"
#include "sim/statistics/busy_series.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace myriad {

// Names of the classes of a topology, each once, in its order, and of which each directed link is; links that are down are of
// none. Links that have been slowed keep their name and so their class.
struct LinkClasses {
    explicit LinkClasses(const Topology& topology);
    std::vector<std::string> names;
    std::vector<BytesPerSecond> bandwidth;  // of one direction of a link, as built
    std::vector<std::int64_t> links;        // directed
    std::vector<std::uint16_t> of_link;     // by 2 * edge + direction; BusySeries::kNoClass: down
};

class LinkWatch {
public:
    // `expected`: how long the run takes at least, if that is known: the width of the first buckets follows from it. Before
    // the run. `platform` outlives this.
    LinkWatch(Platform& platform, Picoseconds expected);
    ~LinkWatch();
    LinkWatch(const LinkWatch&) = delete;
    LinkWatch& operator=(const LinkWatch&) = delete;

    // After the last event. Nothing where the platform cannot tell, or no time has passed.
    [[nodiscard]] std::optional<LinksOverTime> finish();

private:
    static constexpr std::size_t kBusiest = 8;
    static void due(void* self, std::uint64_t argument);
    void look_until(TimePoint time);
    [[nodiscard]] std::vector<LinkSeries> busiest() const;

    Platform& platform_;
    std::unique_ptr<LinkMeter> meter_;
    LinkClasses classes_;
    BusySeries series_;
    std::vector<Picoseconds> busy_;  // by directed link
    std::uint64_t cost_ = 0;
};

}  // namespace myriad
