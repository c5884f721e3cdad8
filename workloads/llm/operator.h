#pragma once
// A layer as a list of operators in forward order, each with the kernels of one rank, forward and backward, what it keeps
// for backward and the parameters it holds; between them the exchanges that parallelism asks for. Training, inference,
// memory and parameter counts are all read off these lists, so an operator is written down once.
//
// Backward walks the list from its end: `input_grad` is what the gradient of the input needs, `weight_grad` what only
// the optimizer waits for.

#include "interconnect/network.h"
#include "models/card.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace myriad {

// Whom an exchange is with: the rank's group of this dimension.
enum class GroupKind : std::uint8_t {
    none,
    tensor,
    context,
    expert,         // ranks that share the experts of a layer
    expert_tensor,  // ranks that share one expert
    data,           // same parameters outside of experts: data and context parallel
    expert_data,    // same experts
    model,          // all ranks of one copy of the model
    embedding,      // first and last stage, where the embedding is tied
    expert_server,  // of `expert`, the ranks that share a server
    expert_rail,    // of `expert`, the ranks at the same place of all its servers
};
inline constexpr std::size_t kGroupKinds = 11;
[[nodiscard]] std::string_view name_of(GroupKind kind);  // "tp", "cp", "ep", "etp", "dp", "edp", "model", "embedding",
                                                         // "ep-server", "ep-rail"

// What ranks of a group do together at this place of the list.
struct Exchange {
    GroupKind group = GroupKind::none;
    // Each rank sends `forward->size` to the next of its group and receives as much from the previous one, instead of
    // the collective: a step of ring attention.
    bool shift = false;
    std::optional<CollectiveCall> forward;   // absent: nothing to do on the way forward
    std::optional<CollectiveCall> backward;  // likewise backward
    // So many of the operators that follow run while it is under way; forward it is awaited after them, backward begun
    // before them.
    int beside = 0;
    // The result is not kept: the operator after it needs it again in backward, which does `forward` once more.
    bool regathered = false;
    // all_to_allv by routing counts: which of the group's uneven exchanges; -1: an even all_to_all. Copies of tokens go
    // as RoutingCounts::copies has them (source, destination); `returns`: forward they go back, from destination to
    // source. Backward it is the other way about. Sizes are those of the rank that sends most in that direction.
    int routing = -1;
    bool returns = false;
};

struct Operator {
    std::string_view name;  // string literal: "attention_qkv"
    std::vector<Kernel> forward;
    std::vector<Kernel> input_grad;
    std::vector<Kernel> weight_grad;
    Exchange exchange;  // group != none: no kernels
    // Bytes that one micro-batch leaves on this rank for backward, when nothing is recomputed and under selective
    // recomputation.
    Bytes kept;
    Bytes kept_selective;
    bool recomputed_selective =
        false;  // selective recomputation runs `forward` again before the backward of what follows
    // Parameters on this rank. Of a tied head too: a rank that holds the embedding as well has them once.
    std::int64_t parameters = 0;
    // Of these, the same on all tensor-parallel ranks: norms, router. Under sequence parallelism each rank has a part of
    // their gradient, to be summed over the group.
    std::int64_t replicated = 0;
    // The same on all tensor-parallel ranks with the whole gradient on each: the table of learned positions.
    std::int64_t mirrored = 0;
    bool expert_parameters = false;  // gradients are reduced over expert_data instead of data
};
using OperatorList = std::vector<Operator>;

}  // namespace myriad
