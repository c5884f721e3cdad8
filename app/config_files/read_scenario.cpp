// A scenario file becomes a Scenario. What only the workload can judge (a plan against its model, the memory it
// needs) is asked of the workload here, so that the answer points at the line that is wrong.

#include "app/config_files/read_scenario.h"

#include "app/config_files/read_traffic.h"

#include "app/config_files/read_hardware.h"
#include "app/config_files/read_llm.h"
#include "app/config_files/read_overlap.h"
#include "app/config_files/schemas.h"
#include "app/config_files/sizes.h"
#include "app/config_files/words.h"
#include "interconnect/collective/make_schedule.h"
#include "sim/units/quantity_text.h"
#include "workloads/training/memory.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <iterator>
#include <limits>
#include <set>

namespace myriad {
namespace {

FidelityConfig read_fidelity(Section s) {
    FidelityConfig fidelity;
    fidelity.network = s.enumeration("network", kNetworkLevelWords);
    fidelity.card = s.enumeration("card", kCardLevelWords);
    const InterferenceWord interference = s.enumeration("interference", kInterferenceWords);
    fidelity.interference = interference == InterferenceWord::automatic ? fidelity.card == CardLevel::tile
                                                                        : interference == InterferenceWord::on;
    fidelity.cell = s.get<Bytes>("cell");
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

TrainingWorkload read_training(Section s, const ClusterFile& cluster) {
    TrainingWorkload training;
    training.model = read_llm(s.section("model")).model;
    Section plan_section = s.section("plan");
    training.plan = read_plan(plan_section);
    check_types(plan_section, training.plan, cluster.chip.chip);
    std::vector<PlanProblem> problems = validate(training.plan, training.model, cluster.cards());
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

std::vector<CardId> explicit_cards(Section& s, int cards_in_cluster) {
    std::vector<CardId> cards;
    std::set<int> seen;
    for (const int card : s.list<int>("cards")) {
        if (card < 0 || card >= cards_in_cluster) {
            s.error("cards",
                    fmt::format("card {} does not exist, the cluster has cards 0 to {}", card, cards_in_cluster - 1));
        } else if (!seen.insert(card).second) {
            s.error("cards", fmt::format("card {} is named twice", card));
        }
        cards.push_back(CardId{static_cast<std::uint32_t>(card)});
    }
    return cards;
}

std::vector<CardId> strided_cards(Section& s, int cards_in_cluster) {
    const int stride = s.get<int>("stride");
    const int most = (cards_in_cluster - 1) / stride + 1;
    const int ranks = s.find<int>("ranks").value_or(most);
    if (ranks > most) {
        s.error("ranks", fmt::format("{} ranks at a stride of {} do not fit the {} cards of the cluster", ranks, stride,
                                     cards_in_cluster));
        return {};
    }
    std::vector<CardId> cards;
    for (int rank = 0; rank < ranks; ++rank) {
        cards.push_back(CardId{static_cast<std::uint32_t>(rank * stride)});
    }
    return cards;
}

void check_hierarchy(Section& s, const CollectiveWorkload& collective) {
    if (collective.algorithm != CollectiveAlgorithm::hierarchical &&
        collective.algorithm != CollectiveAlgorithm::automatic) {
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

CollectiveWorkload read_collective(Section s, const ClusterFile& cluster) {
    CollectiveWorkload collective;
    collective.op = s.enumeration("op", kCollectiveOpWords);
    collective.algorithm = s.enumeration("algorithm", kCollectiveAlgorithmWords);
    collective.sizes = read_sizes(s, cluster.chip.chip.hbm.capacity);
    collective.cards = s.has("cards") ? explicit_cards(s, cluster.cards()) : strided_cards(s, cluster.cards());
    collective.hierarchy = s.list<int>("hierarchy");
    if (!collective.hierarchy.empty()) {
        check_hierarchy(s, collective);
    }
    const std::size_t ranks = collective.cards.size();
    if (ranks == 1) {
        s.error(s.has("cards") ? "cards" : "op", "expected at least 2 cards to take part, found 1");
    }
    if (collective.algorithm == CollectiveAlgorithm::halving_doubling && !std::has_single_bit(ranks)) {
        s.error("algorithm", fmt::format("halving_doubling needs a power of two of ranks, but {} take part; ring, "
                                         "direct and hierarchical take any number",
                                         ranks));
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
    scenario.fidelity = read_fidelity(s.section("fidelity"));
    scenario.seed = s.get<std::uint64_t>("seed");
    Section workload = s.section("workload");
    const bool has_training = workload.has("training");
    const bool has_overlap = workload.has("overlap");
    const bool has_traffic = workload.has("traffic");
    const bool has_iteration = workload.has("iteration");
    if (int{has_training} + int{has_overlap} + int{has_traffic} + int{has_iteration} +
            int{workload.has("collective")} !=
        1) {
        s.error("workload", "expected exactly one of 'training', 'collective', 'traffic', 'iteration' and 'overlap'");
        s.finish();
        return scenario;
    }
    if (has_training) {
        scenario.workload = read_training(workload.section("training"), scenario.cluster);
    } else if (has_overlap) {
        scenario.workload =
            read_overlap(workload.section("overlap"), scenario.cluster, scenario.fidelity.card == CardLevel::live);
    } else if (has_traffic) {
        scenario.workload = read_traffic(workload.section("traffic"), scenario.cluster, scenario.seed);
    } else if (has_iteration) {
        scenario.workload = read_iteration(workload.section("iteration"), scenario.cluster);
    } else {
        scenario.workload = read_collective(workload.section("collective"), scenario.cluster);
    }
    workload.finish();
    check_core(s, scenario);
    check_live(s, scenario);
    s.finish();
    return scenario;
}

}  // namespace myriad
