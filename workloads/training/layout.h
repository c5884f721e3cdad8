#pragma once
// Which ranks form which groups. Ranks are numbered along an order of dimensions, first one innermost, as Megatron-core
// numbers them: outside of experts the sizes are tp, cp, dp, pp; inside, the same ranks are cut into etp, ep, edp, pp in
// the same order ("tp" stands for etp there, "dp" for edp, "cp" for nothing). The default is tp-cp-ep-dp-pp.

#include "workloads/llm/operator.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace myriad {

enum class Dimension : std::uint8_t { tensor, context, expert, data, pipeline };
using DimensionOrder = std::array<Dimension, 5>;  // innermost first
inline constexpr DimensionOrder kDefaultOrder{Dimension::tensor, Dimension::context, Dimension::expert, Dimension::data,
                                              Dimension::pipeline};
// "tp-cp-ep-dp-pp" and back; parse gives what is wrong, or "". `order` is written if nothing is.
[[nodiscard]] std::string parse_order(std::string_view text, DimensionOrder& order);
[[nodiscard]] std::string order_text(const DimensionOrder& order);

struct LayoutSizes {
    std::int64_t tensor = 1;
    std::int64_t context = 1;
    std::int64_t data = 1;
    std::int64_t pipeline = 1;
    std::int64_t expert = 1;
    std::int64_t expert_tensor = 1;
    DimensionOrder order = kDefaultOrder;
    std::int64_t expert_server = 1;  // ranks of an expert group that share a server: neighbours in the group

    [[nodiscard]] std::int64_t ranks() const { return tensor * context * data * pipeline; }
    [[nodiscard]] std::int64_t expert_data() const { return tensor * context * data / (expert * expert_tensor); }
};

struct RankPlace {
    std::int64_t tp = 0;
    std::int64_t cp = 0;
    std::int64_t dp = 0;
    std::int64_t pp = 0;
    std::int64_t ep = 0;
    std::int64_t etp = 0;
    std::int64_t edp = 0;
    bool operator==(const RankPlace&) const = default;
};

class Layout {
public:
    // expert x expert_tensor divides tensor x context x data; expert_server divides expert.
    explicit Layout(const LayoutSizes& sizes);

    [[nodiscard]] const LayoutSizes& sizes() const { return sizes_; }
    [[nodiscard]] RankPlace place_of(std::int64_t rank) const;
    // From tp, cp, dp, pp.
    [[nodiscard]] std::int64_t rank_of(const RankPlace& place) const;
    // The rank that is at pipeline stage `stage` and everywhere else where `rank` is.
    [[nodiscard]] std::int64_t at_stage(std::int64_t rank, std::int64_t stage) const;

    // Groups of a kind partition the ranks (embedding: first and last stage only, the others have none: -1).
    // data: same tp and pp, all dp and cp. model: all ranks of one dp. A group's ranks are in ascending order, context
    // and data alike; groups are numbered as Megatron-core does, by the other dimensions, first of the order innermost.
    [[nodiscard]] std::int64_t size(GroupKind kind) const;
    [[nodiscard]] std::int64_t groups(GroupKind kind) const;
    [[nodiscard]] std::int64_t group_of(GroupKind kind, std::int64_t rank) const;
    [[nodiscard]] std::int64_t index_in(GroupKind kind, std::int64_t rank) const;
    [[nodiscard]] std::vector<std::int64_t> members(GroupKind kind, std::int64_t group) const;
    // The ranks of a pipeline are the same seen from inside and outside of the experts: what Megatron asserts too.
    [[nodiscard]] bool pipelines_agree() const;

private:
    // A dimension of the ranks as they are cut outside or inside of experts.
    struct Axis {
        std::int64_t size = 1;
        std::int64_t stride = 1;
    };
    // Ranks as numbers of mixed radix: outside of experts, or inside.
    struct Cut {
        std::array<Axis, 5> axes;  // by Dimension
        [[nodiscard]] std::int64_t coordinate(Dimension dimension, std::int64_t rank) const;
    };
    // Of one kind: the dimensions that its groups span, innermost first, and those that tell groups apart.
    struct Grouping {
        std::vector<Axis> inside;
        std::vector<Axis> outside;
        std::int64_t inside_size = 1;
        std::int64_t outside_size = 1;
        bool ends_only = false;  // of the inside, the first and the last alone
    };
    [[nodiscard]] Cut cut(const std::array<std::int64_t, 5>& sizes) const;
    [[nodiscard]] static std::int64_t number_of(const std::vector<Axis>& axes, std::int64_t rank);
    [[nodiscard]] static std::int64_t rank_at(const std::vector<Axis>& axes, std::int64_t number);
    [[nodiscard]] Grouping make_grouping(GroupKind kind) const;
    [[nodiscard]] const Grouping& grouping(GroupKind kind) const { return groupings_[static_cast<std::size_t>(kind)]; }

    LayoutSizes sizes_;
    Cut dense_;    // expert has size 1
    Cut experts_;  // context has size 1
    std::array<Grouping, kGroupKinds> groupings_;
};

}  // namespace myriad
