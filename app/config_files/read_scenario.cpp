// A scenario file becomes a Scenario. What only the workload can judge (a plan against its model, the memory it
// needs) is asked of the workload here, so that the answer points at the line that is wrong.

#include "app/config_files/read_scenario.h"

#include "app/config_files/changes.h"
#include "app/config_files/check_algorithm.h"
#include "app/config_files/read_cards.h"
#include "app/config_files/read_hardware.h"
#include "app/config_files/read_inference.h"
#include "app/config_files/read_overlap.h"
#include "app/config_files/read_schedule.h"
#include "app/config_files/read_traffic.h"
#include "app/config_files/read_training.h"
#include "app/config_files/schemas.h"
#include "app/config_files/sizes.h"
#include "app/config_files/words.h"
#include "interconnect/collective/make_schedule.h"
#include "interconnect/topology/link_steps.h"
#include "sim/units/quantity_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <limits>
#include <set>

namespace myriad {
namespace {

FidelityConfig read_fidelity(Section s, const ClusterFile& cluster) {
    FidelityConfig fidelity;
    fidelity.network = s.enumeration("network", kNetworkLevelWords);
    fidelity.card = s.enumeration("card", kCardLevelWords);
    const InterferenceWord interference = s.enumeration("interference", kInterferenceWords);
    fidelity.interference = interference == InterferenceWord::automatic ? fidelity.card == CardLevel::tile
                                                                        : interference == InterferenceWord::on;
    fidelity.fold = s.enumeration("fold", kFoldWords) && fidelity.network == NetworkLevel::flow;
    fidelity.cell = s.get<Bytes>("cell");
    fidelity.queueing.arbitration = s.enumeration("arbitration", kArbitrationWords);
    // The other levels have no queues: what is said of them waits for a run at packet level, as `cell` does.
    const bool bounded = s.enumeration("flow_control", kFlowControlWords) && fidelity.network == NetworkLevel::packet;
    if (bounded && !cluster.flow_control) {
        s.error("flow_control", fmt::format("the server of cluster '{}' says nothing of its buffers; its section "
                                            "'flow_control' does",
                                            cluster.cluster.name));
    }
    fidelity.queueing.control = cluster.flow_control.value_or(FlowControlConfig{});
    fidelity.queueing.control.modelled = bounded;
    if (fidelity.network != NetworkLevel::packet) {
        fidelity.queueing.arbitration = Arbitration::fifo;
    }
    if (bounded && fidelity.cell > smallest_buffer(fidelity.queueing.control)) {
        s.error("cell", fmt::format("a cell of {} does not fit the smallest buffer of a link, {}",
                                    human_text(fidelity.cell), human_text(smallest_buffer(fidelity.queueing.control))));
    }
    s.finish();
    return fidelity;
}

// As nccl-tests counts them, a size is that of the largest buffer of a card; nothing larger can exist.
std::vector<Bytes> read_sizes(Section& s, Bytes memory) {
    std::vector<Bytes> sizes;
    for (const std::string& text : s.list<std::string>("sizes")) {
        ParsedSizes parsed = parse_sizes(text);
        if (!parsed.problem.empty()) {
            s.error("sizes", parsed.problem);
        } else if (const Bytes most = *std::max_element(parsed.sizes.begin(), parsed.sizes.end()); most > memory) {
            s.error("sizes",
                    fmt::format("a buffer of {} does not fit the {} of a card", human_text(most), human_text(memory)));
        }
        sizes.insert(sizes.end(), parsed.sizes.begin(), parsed.sizes.end());
    }
    return sizes;
}

std::vector<CardId> strided_cards(Section& s, const std::vector<CardId>& placed, int cards_in_cluster) {
    const int stride = s.get<int>("stride");
    const int available = static_cast<int>(placed.size());
    const int most = (available - 1) / stride + 1;
    const int ranks = s.find<int>("ranks").value_or(most);
    if (ranks > most) {
        s.error("ranks", fmt::format("{} ranks at a stride of {} do not fit the {} cards of the {}", ranks, stride,
                                     available, available == cards_in_cluster ? "cluster" : "placement"));
        return {};
    }
    std::vector<CardId> cards;
    for (int rank = 0; rank < ranks; ++rank) {
        cards.push_back(placed[static_cast<std::size_t>(rank) * static_cast<std::size_t>(stride)]);
    }
    return cards;
}

void check_hierarchy(Section& s, const CollectiveWorkload& collective) {
    using Algorithm = CollectiveAlgorithm;
    const Algorithm uses_it[] = {Algorithm::automatic, Algorithm::multi_ring, Algorithm::double_binary_tree,
                                 Algorithm::hierarchical, Algorithm::multi_dimensional};
    if (std::find(std::begin(uses_it), std::end(uses_it), collective.algorithm) == std::end(uses_it)) {
        s.error("hierarchy", fmt::format("'hierarchy' has no effect on algorithm {}", name_of(collective.algorithm)));
        return;
    }
    std::int64_t product = 1;
    for (const int size : collective.hierarchy) {
        if (size < 1) {
            s.error("hierarchy", fmt::format("expected sizes of at least 1, found {}", size));
            return;
        }
        product = std::min<std::int64_t>(product * size, std::numeric_limits<int>::max());
    }
    const auto ranks = static_cast<std::int64_t>(collective.cards.size());
    if (product != ranks) {
        s.error("hierarchy", fmt::format("the hierarchy {} has {} ranks, but {} take part",
                                         hierarchy_text(collective.hierarchy), product, ranks));
    }
}

void take_schedule(Section& s, CollectiveWorkload& collective) {
    collective.schedule = read_schedule(s.section("schedule"));
    const auto ranks = static_cast<int>(collective.cards.size());
    if (collective.algorithm != CollectiveAlgorithm::automatic) {
        s.error("algorithm", "a schedule of your own takes the place of an algorithm; leave one of the two out");
    } else if (collective.schedule->op != collective.op) {
        s.error("schedule", fmt::format("the schedule is {}, but op is {}", name_of(collective.schedule->op),
                                        name_of(collective.op)));
    } else if (collective.schedule->ranks != ranks) {
        s.error("schedule",
                fmt::format("the schedule is for {} ranks, but {} take part", collective.schedule->ranks, ranks));
    } else if (collective.schedule->root != 0) {
        s.error("schedule", fmt::format("the root of a collective workload is rank 0, of the schedule {}",
                                        collective.schedule->root));
    }
    collective.algorithm = CollectiveAlgorithm::user_schedule;
}

BlockWeights read_blocks(Section& s, int ranks) {
    constexpr double kSkew = 1.0;
    if (!s.has("counts")) {
        const BlockDistribution blocks =
            s.has("blocks") ? s.enumeration("blocks", kBlockDistributionWords) : BlockDistribution::even;
        const bool skewed = blocks == BlockDistribution::zipf || blocks == BlockDistribution::banded;
        const double skew = skewed ? s.find<double>("skew").value_or(kSkew) : kSkew;
        const std::uint64_t seed =
            blocks == BlockDistribution::random ? s.find<std::uint64_t>("blocks_seed").value_or(1) : 1;
        return block_weights(blocks, ranks, skew, seed);
    }
    const BlockWeights weights = s.list<std::int64_t>("counts");
    const std::size_t expected = static_cast<std::size_t>(ranks) * static_cast<std::size_t>(ranks);
    if (weights.size() != expected) {
        s.error("counts",
                fmt::format("expected {} x {} = {} counts, found {}", ranks, ranks, expected, weights.size()));
    } else if (std::any_of(weights.begin(), weights.end(), [](std::int64_t w) { return w < 0; })) {
        s.error("counts", "a count is 0 or more");
    } else if (std::all_of(weights.begin(), weights.end(), [](std::int64_t w) { return w == 0; })) {
        s.error("counts", "nobody has anything to send");
    }
    return weights;
}

// Where the ranks of a workload may run.
struct Places {
    std::vector<CardId> placed;  // in the order of the placement
    std::vector<bool> down;      // by card; empty: none
};

// As far as files tell: which of several switches the cards are on is seen when the topology is built.
bool switch_may_add(const ClusterConfig& cluster, const std::vector<CardId>& cards) {
    const auto server = [&](CardId card) { return static_cast<int>(index(card)) / cluster.server.cards; };
    return cluster.server.switch_reduction &&
           std::all_of(cards.begin(), cards.end(), [&](CardId card) { return server(card) == server(cards.front()); });
}

CollectiveWorkload read_collective(Section s, const ClusterFile& cluster, const Places& places) {
    CollectiveWorkload collective;
    collective.op = s.enumeration("op", kCollectiveOpWords);
    collective.algorithm = s.enumeration("algorithm", kCollectiveAlgorithmWords);
    collective.sizes = read_sizes(s, cluster.chip.chip.hbm.capacity);
    collective.cards = s.has("cards") ? explicit_cards(s, cluster.cards(), places.down)
                                      : strided_cards(s, places.placed, cluster.cards());
    collective.hierarchy = s.list<int>("hierarchy");
    if (!collective.hierarchy.empty()) {
        check_hierarchy(s, collective);
    }
    const std::size_t ranks = collective.cards.size();
    if (ranks == 1) {
        s.error(s.has("cards") ? "cards" : "op", "expected at least 2 cards to take part, found 1");
    }
    const auto group = static_cast<int>(ranks);
    if (s.has("schedule")) {
        take_schedule(s, collective);
    } else {
        check_algorithm(s, "algorithm", collective.op, collective.algorithm,
                        collective.hierarchy.empty() ? std::vector{group} : collective.hierarchy,
                        switch_may_add(cluster.cluster, collective.cards));
    }
    if (collective.op == CollectiveOp::all_to_allv) {
        collective.block_weights = read_blocks(s, group);
    }
    s.finish();
    return collective;
}

void check_core(Section& s, const Scenario& scenario) {
    const ChipConfig& chip = scenario.cluster.chip.chip;
    if (scenario.fidelity.card != CardLevel::roofline && !has_core(chip)) {
        s.section("fidelity")
            .error("card", needs_core(scenario.fidelity.card == CardLevel::live ? "live" : "tile", chip));
    }
}

bool slows_cards(const ClusterChange& change) { return change.compute || change.hbm; }

// Cards that the workload itself lists are its placement.
void take_cards_for_placement(Section& workload, PlacementConfig& placement) {
    if (workload.has("cards")) {
        if (placement.order != PlacementOrder::packed) {
            workload.error("cards", "'cards' and 'placement' exclude each other");
        }
        placement.order = PlacementOrder::listed;
    }
}

// Links that change during the run.
void check_timed_links(Section& s, const Scenario& scenario) {
    Section fidelity = s.section("fidelity");
    if (scenario.fidelity.card == CardLevel::live) {
        fidelity.error("card",
                       "card level live has no links that change during the run: 'at' of link faults is for "
                       "levels roofline and tile");
        return;
    }
    if (scenario.fidelity.network == NetworkLevel::analytic) {
        fidelity.error("network",
                       "network analytic knows one state of the cluster: links that change during the run "
                       "('at' of faults) are for network flow and packet");
    }
    const FabricRouting routing = scenario.cluster.cluster.routing;
    if (scenario.fidelity.network == NetworkLevel::packet) {
        if (!scenario.fidelity.queueing.plain()) {
            fidelity.error("network",
                           "links that change during the run ('at' of faults) need plain FIFO links at "
                           "network packet: 'flow_control: none' and 'arbitration: fifo'");
        }
        if (routing == FabricRouting::spray || routing == FabricRouting::adaptive) {
            fidelity.error("network",
                           "links that change during the run ('at' of faults) need routes that messages "
                           "take at network packet, not ports that switches pick: not routing spray or "
                           "adaptive");
        }
    }
    if (std::holds_alternative<OverlapWorkload>(scenario.workload)) {
        s.error("workload", "an overlap workload is run several times, but links change once ('at' of faults)");
    }
    const auto* collective = std::get_if<CollectiveWorkload>(&scenario.workload);
    if (collective != nullptr && collective->sizes.size() > 1) {
        s.error("workload",
                "links change once ('at' of faults), so one size can be run: give one, or sweep over "
                "sizes");
    }
}

// What the levels do not take of changes, and where a placement has no say.
void check_changes(Section& s, const Scenario& scenario, const Places& places) {
    const std::vector<ClusterChange>& changes = scenario.cluster.cluster.changes;
    Section fidelity = s.section("fidelity");
    const CardLevel card = scenario.fidelity.card;
    if (card == CardLevel::live && std::any_of(changes.begin(), changes.end(), slows_cards)) {
        fidelity.error("card",
                       "card level live has no slower cards: 'compute' and 'hbm' of overrides and faults are "
                       "for levels roofline and tile");
    }
    if (card == CardLevel::tile &&
        std::any_of(changes.begin(), changes.end(), [](const ClusterChange& change) { return change.hbm; })) {
        fidelity.error("card",
                       "card level tile has one kernel table for all cards: 'hbm' of overrides and faults is "
                       "for level roofline ('compute' scales kernels at both)");
    }
    if (has_timed_link_changes(changes)) {
        check_timed_links(s, scenario);
    }
    const bool overlap = std::holds_alternative<OverlapWorkload>(scenario.workload);
    if (overlap || std::holds_alternative<IterationWorkload>(scenario.workload)) {
        const char* const what = overlap ? "an overlap workload" : "an iteration";
        if (std::find(places.down.begin(), places.down.end(), true) != places.down.end()) {
            s.error("workload", fmt::format("{} runs on every card, but some are down", what));
        }
        if (scenario.placement.order != PlacementOrder::packed) {
            s.error("placement", fmt::format("{} runs on every card in order: 'placement' has no effect", what));
        }
    }
}

// The live level builds one server of modules, and has kernels for what an overlap workload asks for.
void check_live(Section& s, const Scenario& scenario) {
    if (scenario.fidelity.card != CardLevel::live) {
        return;
    }
    Section fidelity = s.section("fidelity");
    const ClusterConfig& cluster = scenario.cluster.cluster;
    if (cluster.servers != 1) {
        fidelity.error("card",
                       fmt::format("card level live is for one server, {} has {}", cluster.name, cluster.servers));
    }
    if (!std::holds_alternative<OverlapWorkload>(scenario.workload)) {
        fidelity.error("card", "card level live runs the workload 'overlap' only");
    }
    if (scenario.fidelity.interference) {
        fidelity.error("interference", "card level live has interference in it, not as a switch");
    }
    if (scenario.fidelity.network != NetworkLevel::packet) {
        fidelity.error("network", "card level live needs network packet: its accesses are messages");
    }
}

}  // namespace

Scenario read_scenario(Section s) {
    Scenario scenario;
    scenario.name = s.get<std::string>("name");
    scenario.title = s.find<std::string>("title").value_or(scenario.name);
    scenario.cluster = read_cluster(s.section("cluster"));
    read_changes(s, scenario.cluster.cluster);
    scenario.fidelity = read_fidelity(s.section("fidelity"), scenario.cluster);
    scenario.seed = s.get<std::uint64_t>("seed");
    Places places;
    places.down = cards_down(scenario.cluster.cluster);
    scenario.placement = read_placement(s.section("placement"), scenario.cluster, places.down);
    places.placed = placed_cards(scenario.placement, scenario.cluster.cluster, places.down, scenario.seed);
    Section workload = s.section("workload");
    const bool has_training = workload.has("training");
    const bool has_overlap = workload.has("overlap");
    const bool has_traffic = workload.has("traffic");
    const bool has_iteration = workload.has("iteration");
    const bool has_inference = workload.has("inference");
    if (int{has_training} + int{has_overlap} + int{has_traffic} + int{has_iteration} + int{has_inference} +
            int{workload.has("collective")} !=
        1) {
        s.error("workload",
                "expected exactly one of 'training', 'inference', 'collective', 'traffic', 'iteration' and 'overlap'");
        s.finish();
        return scenario;
    }
    if (has_training) {
        scenario.workload = read_training(workload.section("training"), scenario.cluster, places.placed);
    } else if (has_inference) {
        scenario.workload =
            read_inference(workload.section("inference"), scenario.cluster, scenario.fidelity.card, places.placed);
    } else if (has_overlap) {
        scenario.workload =
            read_overlap(workload.section("overlap"), scenario.cluster, scenario.fidelity.card == CardLevel::live);
    } else if (has_traffic) {
        Section traffic = workload.section("traffic");
        take_cards_for_placement(traffic, scenario.placement);
        scenario.workload = read_traffic(traffic, places.placed, scenario.cluster.cards(), places.down, scenario.seed);
    } else if (has_iteration) {
        scenario.workload = read_iteration(workload.section("iteration"), scenario.cluster);
    } else {
        Section collective = workload.section("collective");
        take_cards_for_placement(collective, scenario.placement);
        scenario.workload = read_collective(workload.section("collective"), scenario.cluster, places);
    }
    workload.finish();
    check_core(s, scenario);
    check_live(s, scenario);
    check_changes(s, scenario, places);
    s.finish();
    return scenario;
}

}  // namespace myriad
