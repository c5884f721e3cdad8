// A scenario file becomes a Scenario. What only the workload can judge (a plan against its model, the memory it
// needs) is asked of the workload here, so that the answer points at the line that is wrong.

#include "app/config_files/read_scenario.h"

#include "app/config_files/changes.h"
#include "app/config_files/check_algorithm.h"
#include "app/config_files/read_hardware.h"
#include "app/config_files/read_llm.h"
#include "app/config_files/read_overlap.h"
#include "app/config_files/read_schedule.h"
#include "app/config_files/schemas.h"
#include "app/config_files/sizes.h"
#include "app/config_files/words.h"
#include "interconnect/collective/make_schedule.h"
#include "sim/units/quantity_text.h"
#include "workloads/training/memory.h"

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

ParallelPlan read_plan(Section& s) {
    ParallelPlan plan;
    plan.tensor_parallel = s.get<std::int64_t>("tensor_parallel");
    plan.pipeline_parallel = s.get<std::int64_t>("pipeline_parallel");
    plan.data_parallel = s.get<std::int64_t>("data_parallel");
    plan.micro_batch = s.get<std::int64_t>("micro_batch");
    plan.global_batch = s.get<std::int64_t>("global_batch");
    plan.sequence_length = s.get<std::int64_t>("sequence_length");
    plan.sequence_parallel = s.get<bool>("sequence_parallel");
    plan.overlap_tensor_parallel = s.get<bool>("overlap_tensor_parallel");
    plan.scatter_gather_pipeline = s.get<bool>("scatter_gather_pipeline");
    plan.overlap_gradient_reduction = s.get<bool>("overlap_gradient_reduction");
    plan.clip_gradients = s.get<bool>("clip_gradients");
    plan.recompute = s.enumeration("recompute", kRecomputeWords);
    plan.schedule = s.enumeration("schedule", kScheduleWords);
    plan.attention = s.enumeration("attention", kAttentionWords);
    plan.zero_stage = s.get<int>("zero_stage");
    plan.dropout = s.get<bool>("dropout");
    plan.type = s.enumeration("data_type", kTrainingTypeWords);
    plan.gradient_bytes = s.enumeration("gradient_type", kGradientTypeWords);
    s.finish();
    return plan;
}

// A step multiplies matrices and works element by element in the plan's type, and updates weights in fp32.
void check_types(Section& plan_section, const ParallelPlan& plan, const ChipConfig& chip) {
    const auto need = [&](const PeakTable& peaks, DataType type, const char* units) {
        if (peaks.of(type).count() <= 0) {
            plan_section.error("data_type",
                               fmt::format("training in {} needs {} on the {} units, which {} does not have",
                                           name_of(plan.type), name_of(type), units, chip.name));
        }
    };
    need(chip.tensor, plan.type, "matrix");
    need(chip.vector, plan.type, "vector");
    if (plan.type != DataType::fp32) {
        need(chip.vector, DataType::fp32, "vector");
    }
}

TrainingWorkload read_training(Section s, const ClusterFile& cluster, const std::vector<CardId>& placed) {
    TrainingWorkload training;
    training.cards = placed;
    training.model = read_llm(s.section("model")).model;
    Section plan_section = s.section("plan");
    training.plan = read_plan(plan_section);
    check_types(plan_section, training.plan, cluster.chip.chip);
    std::vector<PlanProblem> problems =
        validate(training.plan, training.model, static_cast<std::int64_t>(placed.size()));
    if (problems.empty()) {
        problems = validate_memory(training.model, training.plan, cluster.chip.chip.hbm.capacity);
    }
    for (const PlanProblem& problem : problems) {
        if (plan_schema().find(problem.key) != nullptr) {
            plan_section.error(problem.key, problem.message);
        } else {
            s.error(problem.key == "model" ? "model" : "plan", problem.message);
        }
    }
    s.finish();
    return training;
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

std::vector<CardId> explicit_cards(Section& s, int cards_in_cluster, const std::vector<bool>& down) {
    std::vector<CardId> cards;
    std::set<int> seen;
    for (const int card : s.list<int>("cards")) {
        if (card < 0 || card >= cards_in_cluster) {
            s.error("cards",
                    fmt::format("card {} does not exist, the cluster has cards 0 to {}", card, cards_in_cluster - 1));
        } else if (!seen.insert(card).second) {
            s.error("cards", fmt::format("card {} is named twice", card));
        } else if (static_cast<std::size_t>(card) < down.size() && down[static_cast<std::size_t>(card)]) {
            s.error("cards", fmt::format("card {} is down", card));
        }
        cards.push_back(CardId{static_cast<std::uint32_t>(card)});
    }
    return cards;
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
    if (std::holds_alternative<OverlapWorkload>(scenario.workload)) {
        if (std::find(places.down.begin(), places.down.end(), true) != places.down.end()) {
            s.error("workload", "an overlap workload runs on every card, but some are down");
        }
        if (scenario.placement.order != PlacementOrder::packed) {
            s.error("placement", "an overlap workload runs the same on every card: 'placement' has no effect");
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
    if (int{has_training} + int{has_overlap} + int{workload.has("collective")} != 1) {
        s.error("workload", "expected exactly one of 'training', 'collective' and 'overlap'");
        s.finish();
        return scenario;
    }
    if (has_training) {
        scenario.workload = read_training(workload.section("training"), scenario.cluster, places.placed);
    } else if (has_overlap) {
        scenario.workload =
            read_overlap(workload.section("overlap"), scenario.cluster, scenario.fidelity.card == CardLevel::live);
    } else {
        Section collective = workload.section("collective");
        if (collective.has("cards")) {
            if (scenario.placement.order != PlacementOrder::packed) {
                collective.error("cards", "'cards' and 'placement' exclude each other");
            }
            scenario.placement.order = PlacementOrder::listed;
        }
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
