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
    double skew = 0.5;  // zipf
    std::uint64_t seed = 1;
    int samples = 4;  // distinct routings a group draws; layers and micro-batches take turns. balanced: 1
};

// --- how expert and tensor parallelism share tokens (experts.cpp says why) ---

// Tokens of a micro-batch that one rank routes and sends.
[[nodiscard]] std::int64_t routed_tokens(const OperatorShape& shape);
// Without sequence parallelism, with experts divided as the other matrices: every tensor-parallel rank routes all tokens.
[[nodiscard]] bool experts_see_all_tokens(const OperatorShape& shape);
// Expert-tensor ranks whose tokens meet on each of them: expert_tensor_parallel, 1 where all have the same tokens.
[[nodiscard]] std::int64_t expert_token_copies(const OperatorShape& shape);
// A token comes to a rank once, not once an expert. Padding to a capacity leaves per_expert only.
[[nodiscard]] bool copies_per_rank(const OperatorShape& shape);
// Rows that one source has for one expert at most under a capacity factor: its fair share times the factor, rounded up.
[[nodiscard]] std::int64_t expert_capacity(const LlmConfig& model, const OperatorShape& shape);

// One routing of an expert-parallel group of `ranks` (each holds experts / ranks of them): tokens of every rank, by rank
// that has the expert and by expert. Where expert-tensor ranks gather their tokens, those of the siblings are taken to
// route alike: `rows` counts all of them, `copies` those of this group.
struct RoutingCounts {
    std::int64_t ranks = 1;
    // [source * ranks + destination]: tokens sent, as ExpertDispatch counts them; per_server: as per_rank, seen from the
    // token's own rank to the experts'.
    std::vector<std::int64_t> copies;
    std::vector<std::int64_t> rows;  // [expert]: rows that an expert computes (a token counts once an expert)
    // Of the tokens x active_experts choices of the group: refused by the capacity factor, and rows that only fill up to
    // it. Sum of rows = (choices - dropped + padded) x expert_token_copies().
    std::int64_t dropped = 0;
    std::int64_t padded = 0;
    [[nodiscard]] std::int64_t experts_a_rank() const { return static_cast<std::int64_t>(rows.size()) / ranks; }
    [[nodiscard]] std::int64_t rank_rows(std::int64_t rank) const;
    // Copies that a rank sends, and that come to it; both include its own share.
    [[nodiscard]] std::int64_t sent(std::int64_t rank) const;
    [[nodiscard]] std::int64_t received(std::int64_t rank) const;
};

// `group` tells groups apart where counts are random; `sample` < spec.samples. Group-limited routing (expert_groups,
// top_groups of the model) confines a token to its top groups. Random choices are drawn token by token: ranks x tokens x
// active_experts draws.
[[nodiscard]] RoutingCounts route(const LlmConfig& model, const OperatorShape& shape, const RoutingSpec& spec,
                                  std::int64_t group, int sample);

// Where copies go by way of a server: the exchanges are two, over the ranks of a server and over those at one place of all.
[[nodiscard]] bool copies_per_server(const OperatorShape& shape);

// What `rank` of the group has to do. `counts` outlives it. `routing` as Exchange::routing.
[[nodiscard]] ExpertLoad load_of(const RoutingCounts& counts, std::int64_t rank, int routing);

// Mean number of ranks, its own included, that hold an expert of one token where routing is balanced; with a group's
// servers in place of its ranks, the mean number of servers.
[[nodiscard]] double ranks_visited(const LlmConfig& model, std::int64_t expert_parallel);

// The even load: every rank the same. Experts of a rank differ by at most one row, so that few rows touch few of them;
// copies are rounded up.
struct BalancedLoad {
    BalancedLoad() = default;
    BalancedLoad(BalancedLoad&&) = default;
    BalancedLoad& operator=(BalancedLoad&&) = default;
    std::vector<std::int64_t> rows;
    ExpertLoad load;  // refers to rows
};
[[nodiscard]] BalancedLoad balanced_load(const LlmConfig& model, const OperatorShape& shape);

}  // namespace myriad
