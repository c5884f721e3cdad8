// Speeds by card, from the changes of a cluster.

#include "app/system/card_speeds.h"

#include <set>

namespace myriad {

void set_speeds(const Topology& topology, const std::vector<ClusterChange>& changes,
                const std::vector<std::unique_ptr<PpuCard>>& cards) {
    if (changes.empty() || cards.empty()) {
        return;
    }
    std::set<std::int64_t> times{0};
    for (const ClusterChange& change : changes) {
        if (change.target == ChangeTarget::card) {
            times.insert(change.at.count());
        }
    }
    for (const std::int64_t time : times) {
        const std::vector<CardCondition> conditions = card_conditions(topology, changes, Picoseconds{time});
        for (std::size_t card = 0; card < cards.size(); ++card) {
            cards[card]->set_speed(TimePoint{Picoseconds{time}}, {conditions[card].compute, conditions[card].hbm});
        }
    }
}

}  // namespace myriad
