#pragma once
// Scripts like training: cards in ranks of a layout tensor x data x pipeline, experts inside the data dimension.

#include "sim/random/random_stream.h"
#include "tests/differential/folding/script.h"

#include <fmt/core.h>

#include <functional>

namespace myriad::test {

// Card = t + tensor * (d + data * p), or with the data ranks innermost d + data * (t + tensor * p); an expert group is
// `expert` data ranks that follow one another.
struct RankLayout {
    int tensor = 1;
    int data = 1;
    int pipeline = 1;
    int expert = 1;
    bool data_innermost = false;

    [[nodiscard]] int cards() const { return tensor * data * pipeline; }
    [[nodiscard]] CardId card(int t, int d, int p) const {
        const int inside = data_innermost ? d + data * t : t + tensor * d;
        return CardId{static_cast<std::uint32_t>(inside + tensor * data * p)};
    }
};

struct StepShape {
    int micro_batches = 2;
    Bytes tensor_size{1 << 20};
    Bytes data_size{std::int64_t{1} << 22};
    Bytes expert_size{1 << 20};
    Bytes stage_size{1 << 19};
    Picoseconds compute = us(20);
    Picoseconds later_stages{};  // that each stage computes longer than the one before
    CollectiveAlgorithm tensor_algorithm = CollectiveAlgorithm::automatic;
    CollectiveAlgorithm data_algorithm = CollectiveAlgorithm::automatic;
    bool overlap = true;
    std::vector<std::int64_t> expert_weights{};  // of an all_to_allv instead of an all_to_all
};

struct LayoutGroups {
    std::vector<std::uint32_t> tensor;  // by card: number in Script::groups
    std::vector<std::uint32_t> data;
    std::vector<std::uint32_t> expert;
};

namespace detail {

inline void add_groups(Script& script, const RankLayout& layout, const char* dimension, CollectiveAlgorithm algorithm,
                       int count, int size, const std::function<CardId(int, int)>& card_at,
                       std::vector<std::uint32_t>& group_of) {
    group_of.resize(static_cast<std::size_t>(layout.cards()));
    for (int g = 0; g < count; ++g) {
        CommunicatorSpec spec{fmt::format("{}[{}]", dimension, g), dimension, {}, algorithm, {}};
        for (int r = 0; r < size; ++r) {
            const CardId card = card_at(g, r);
            group_of[index(card)] = static_cast<std::uint32_t>(script.groups.size());
            spec.cards.push_back(card);
        }
        script.groups.push_back(std::move(spec));
    }
}

}  // namespace detail

inline LayoutGroups add_groups(Script& script, const RankLayout& layout, const StepShape& shape) {
    LayoutGroups groups;
    const int plane = layout.tensor * layout.data;
    detail::add_groups(
        script, layout, "tp", shape.tensor_algorithm, layout.cards() / layout.tensor, layout.tensor,
        [&](int g, int r) { return layout.card(r, g % layout.data, g / layout.data); }, groups.tensor);
    detail::add_groups(
        script, layout, "ep", CollectiveAlgorithm::automatic, layout.cards() / layout.expert, layout.expert,
        [&](int g, int r) {
            const int in_plane = g % (plane / layout.expert);
            const int t = in_plane % layout.tensor;
            const int d = in_plane / layout.tensor * layout.expert + r;
            return layout.card(t, d, g / (plane / layout.expert));
        },
        groups.expert);
    for (CommunicatorSpec& spec : script.groups) {
        if (spec.dimension == "ep") {
            spec.block_weights = shape.expert_weights;
        }
    }
    detail::add_groups(
        script, layout, "dp", shape.data_algorithm, layout.tensor * layout.pipeline, layout.data,
        [&](int g, int r) { return layout.card(g % layout.tensor, r, g / layout.tensor); }, groups.data);
    return groups;
}

namespace detail {

// Forward through the stage, one micro-batch after another, then back; gradients go with the last one.
inline std::vector<Operation> stage_program(const RankLayout& layout, const StepShape& shape,
                                            const LayoutGroups& groups, int t, int d, int p) {
    using Kind = Operation::Kind;
    const std::size_t self = index(layout.card(t, d, p));
    std::vector<Operation> operations;
    const auto call = [&](Kind kind, std::uint32_t group, CollectiveOp op, Bytes size) {
        operations.push_back({.kind = kind, .group = group, .collective = {op, size}});
    };
    const auto block = [&](Picoseconds time) {
        operations.push_back({.kind = Kind::compute, .time = time});
        if (layout.tensor > 1) {
            call(Kind::call, groups.tensor[self], CollectiveOp::all_reduce, shape.tensor_size);
        }
        if (layout.expert > 1) {
            const bool even = shape.expert_weights.empty();
            call(Kind::call, groups.expert[self], even ? CollectiveOp::all_to_all : CollectiveOp::all_to_allv,
                 shape.expert_size);
        }
    };
    const auto pass = [&](bool forward, int batch) {
        const int from = forward ? p - 1 : p + 1;
        const int to = forward ? p + 1 : p - 1;
        const auto tag = static_cast<std::uint64_t>(2 * batch + (forward ? 0 : 1));
        if (from >= 0 && from < layout.pipeline) {
            operations.push_back({.kind = Kind::receive, .peer = layout.card(t, d, from), .tag = tag});
        }
        const Picoseconds compute = shape.compute + p * shape.later_stages;
        block(forward ? compute : 2 * compute);
        if (to >= 0 && to < layout.pipeline) {
            operations.push_back({.kind = Kind::send,
                                  .peer = layout.card(t, d, to),
                                  .size = shape.stage_size,
                                  .tag = tag,
                                  .relation = forward ? 0u : 1u});
        }
    };
    for (int batch = 0; batch < shape.micro_batches; ++batch) {
        pass(true, batch);
    }
    for (int batch = 0; batch < shape.micro_batches; ++batch) {
        pass(false, batch);
        if (shape.overlap && layout.data > 1) {
            call(Kind::begin_call, groups.data[self], CollectiveOp::reduce_scatter, shape.data_size);
        }
    }
    operations.push_back({.kind = Kind::join});
    if (layout.data > 1) {
        call(Kind::call, groups.data[self], CollectiveOp::all_reduce, shape.data_size);
        call(Kind::call, groups.data[self], CollectiveOp::all_gather, shape.data_size);
    }
    return operations;
}

}  // namespace detail

inline Script training_like(const RankLayout& layout, const StepShape& shape) {
    Script script;
    const LayoutGroups groups = add_groups(script, layout, shape);
    script.operations.resize(static_cast<std::size_t>(layout.cards()));
    script.program_of_card.resize(script.operations.size());
    for (int p = 0; p < layout.pipeline; ++p) {
        for (int d = 0; d < layout.data; ++d) {
            for (int t = 0; t < layout.tensor; ++t) {
                const std::size_t card = index(layout.card(t, d, p));
                script.operations[card] = detail::stage_program(layout, shape, groups, t, d, p);
                script.program_of_card[card] = static_cast<std::uint32_t>(p);
            }
        }
    }
    return script;
}

}  // namespace myriad::test
