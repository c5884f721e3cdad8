// Rules between keys: a key that a pattern does not use is an error, groups must make up the cluster.

#include "app/config_files/read_traffic.h"

#include "app/config_files/read_cards.h"
#include "app/config_files/words.h"

#include <fmt/format.h>

namespace myriad {
namespace {

void check_used(Section& s, const char* key, bool used, TrafficPattern pattern) {
    if (s.has(key) && !used) {
        s.error(key, fmt::format("'{}' has no effect on pattern {}", key, name_of(pattern)));
    }
}

}  // namespace

TrafficWorkload read_traffic(Section s, const std::vector<CardId>& placed, int cards_in_cluster,
                             const std::vector<bool>& down, std::uint64_t seed) {
    TrafficWorkload workload;
    TrafficSpec& traffic = workload.traffic;
    traffic.pattern = s.enumeration("pattern", kTrafficPatternWords);
    traffic.size = s.get<Bytes>("size");
    traffic.distribution = s.enumeration("size_distribution", kSizeDistributionWords);
    traffic.cards = s.has("cards") ? explicit_cards(s, cards_in_cluster, down) : placed;
    if (traffic.cards.size() < 2) {
        s.error("cards", fmt::format("expected at least 2 cards to take part, found {}", traffic.cards.size()));
    }
    traffic.seed = seed;
    const bool drawn = traffic.pattern == TrafficPattern::random || traffic.pattern == TrafficPattern::hotspot;
    check_used(s, "flows", drawn, traffic.pattern);
    check_used(s, "shift", traffic.pattern == TrafficPattern::shift, traffic.pattern);
    check_used(s, "hot_share", traffic.pattern == TrafficPattern::hotspot, traffic.pattern);
    traffic.flows = s.find<std::int64_t>("flows").value_or(0);
    if (drawn && !s.has("flows")) {
        s.error("pattern", fmt::format("pattern {} needs 'flows', their number", name_of(traffic.pattern)));
    }
    traffic.shift = s.find<std::int64_t>("shift").value_or(1);
    const auto count = static_cast<std::int64_t>(traffic.cards.size());
    if (count > 0 && traffic.shift % count == 0) {
        s.error("shift", fmt::format("a shift by {} of {} cards sends from each card to itself", traffic.shift, count));
    }
    traffic.hot_share = s.find<double>("hot_share").value_or(0.5);
    s.finish();
    return workload;
}

IterationWorkload read_iteration(Section s, const ClusterFile& cluster) {
    IterationWorkload workload;
    IterationSpec& spec = workload.iteration;
    spec.layers = s.get<std::int64_t>("layers");
    spec.blocks = s.get<std::int64_t>("blocks");
    spec.forward_compute = s.get<Picoseconds>("forward_compute");
    spec.backward_compute = s.get<Picoseconds>("backward_compute");
    spec.tensor_parallel = s.get<int>("tensor_parallel");
    spec.tensor_size = s.find<Bytes>("tensor_size").value_or(Bytes{0});
    spec.tensor_algorithm = s.enumeration("tensor_algorithm", kCollectiveAlgorithmWords);
    spec.data_size = s.find<Bytes>("data_size").value_or(Bytes{0});
    spec.data_algorithm = s.enumeration("data_algorithm", kCollectiveAlgorithmWords);
    spec.overlap_gradient_reduction = s.get<bool>("overlap_gradient_reduction");
    if (cluster.cards() % spec.tensor_parallel != 0) {
        s.error("tensor_parallel", fmt::format("groups of {} do not make up the {} cards of the cluster",
                                               spec.tensor_parallel, cluster.cards()));
    } else {
        spec.data_parallel = cluster.cards() / spec.tensor_parallel;
    }
    s.finish();
    return workload;
}

}  // namespace myriad
