#pragma once
// Which tokens go to which experts: how many, not which ones. Counts follow from a named distribution, so that exchanges
// and grouped GEMMs have the sizes that a router would give them.

#include "workloads/llm/layers.h"

#include <cstdint>
#include <vector>

namespace myriad {

enum class RoutingDistribution : std::uint8_t {
    balanced,  // every expert the same, as auxiliary losses aim for
    uniform,   // each token picks its experts at random, all alike: what is left of imbalance by chance
    zipf,      // popularity of the i-th expert ~ 1 / i^skew, experts in an order drawn from the seed
};

struct RoutingSpec {
    RoutingDistribution distribution = RoutingDistribution::balanced;
    double skew = 0.5;      // zipf
    std::uint64_t seed = 1;
    int samples = 4;        // distinct routings a group draws; layers and micro-batches take turns. balanced: 1
};

// One routing of an expert-parallel group of `ranks` (each holds experts / ranks of them): tokens of every rank, by rank
// that has the expert and by expert.
struct RoutingCounts {
    std::int64_t ranks = 1;
    std::vector<std::int64_t> copies;      // [source * ranks + destination]: tokens sent, as ExpertDispatch counts them
    std::vector<std::int64_t> rows;        // [expert]: tokens that an expert computes (a token counts once an expert)
    std::int64_t dropped = 0;              // by a capacity factor
    std::int64_t rank_rows(std::int64_t rank) const;
    std::int64_t experts_a_rank() const { return static_cast<std::int64_t>(rows.size()) / ranks; }
};

// `group` tells groups apart where counts are random; `sample` < spec.samples. Group-limited routing (expert_groups,
// top_groups of the model) confines a token to its top groups.
[[nodiscard]] RoutingCounts route(const LlmConfig& model, const OperatorShape& shape, const RoutingSpec& spec,
                                  std::int64_t group, int sample);

// Mean number of ranks, its own included, that hold an expert of one token where routing is balanced.
[[nodiscard]] double ranks_visited(const LlmConfig& model, std::int64_t expert_parallel);

// The even load: every rank and expert the same, fractions rounded up.
struct BalancedLoad {
    std::vector<std::int64_t> rows;
    ExpertLoad load;  // refers to rows
};
[[nodiscard]] BalancedLoad balanced_load(const LlmConfig& model, const OperatorShape& shape);

}  // namespace myriad
