// Speeds by card, from the changes of a cluster.

#include "app/system/card_speeds.h"

namespace myriad {

std::set<Picoseconds> speed_times(const std::vector<ClusterChange>& changes) {
    std::set<Picoseconds> times{Picoseconds{0}};
    for (const ClusterChange& change : changes) {
        if (change.target == ChangeTarget::card) {
            times.insert(change.at);
        }
    }
    return times;
}

void set_speeds(const Topology& topology, const std::vector<ClusterChange>& changes,
                const std::vector<std::unique_ptr<PpuCard>>& cards, const std::vector<CardId>& numbers) {
    if (changes.empty() || cards.empty()) {
        return;
    }
    for (const Picoseconds time : speed_times(changes)) {
        const std::vector<CardCondition> conditions = card_conditions(topology, changes, time);
        for (std::size_t card = 0; card < cards.size(); ++card) {
            const CardCondition& condition = conditions[numbers.empty() ? card : index(numbers[card])];
            cards[card]->set_speed(TimePoint{time}, {condition.compute, condition.hbm});
        }
    }
}

}  // namespace myriad
