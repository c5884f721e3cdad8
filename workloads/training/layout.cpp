// Ranks are numbers of mixed radix over the dimensions of the order (RankGenerator of Megatron-core): once with the sizes
// tp, cp, 1, dp, pp and once with etp, 1, ep, edp, pp. A group of a kind takes all values of some dimensions and one
// value of each of the others.

#include "workloads/training/layout.h"

#include "sim/error/error.h"

#include <fmt/format.h>
#include <algorithm>

namespace myriad {

namespace {

constexpr std::array<std::string_view, 5> kNames{"tp", "cp", "ep", "dp", "pp"};  // by Dimension
constexpr std::string_view kExpected = "tp, cp, ep, dp and pp, each once, joined by '-'";

// Which dimensions a group of a kind spans, and whether they are those inside of experts.
struct Kind {
    std::array<bool, 5> inside;  // by Dimension
    bool experts = false;
};
constexpr std::array<Kind, kGroupKinds> kKinds{{
    // tp     cp     ep     dp     pp
    {{false, false, false, false, false}, false},  // none: every rank is alone
    {{true, false, false, false, false}, false},   // tensor
    {{false, true, false, false, false}, false},   // context
    {{false, false, true, false, false}, true},    // expert
    {{true, false, false, false, false}, true},    // expert_tensor
    {{false, true, false, true, false}, false},    // data
    {{false, false, false, true, false}, true},    // expert_data
    {{true, true, false, false, true}, false},     // model
    {{false, false, false, false, true}, false},   // embedding
    {{false, false, true, false, false}, true},    // expert_server: a part of it
    {{false, false, true, false, false}, true},    // expert_rail: the other part
}};

constexpr std::size_t at(Dimension dimension) { return static_cast<std::size_t>(dimension); }

}  // namespace

std::string parse_order(std::string_view text, DimensionOrder& order) {
    DimensionOrder parsed{};
    std::array<bool, 5> seen{};
    std::size_t count = 0;
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find('-', begin), text.size());
        const std::string_view name = text.substr(begin, end - begin);
        const auto found = std::find(kNames.begin(), kNames.end(), name);
        if (found == kNames.end()) {
            return fmt::format("order '{}' names '{}', expected {}", text, name, kExpected);
        }
        const auto dimension = static_cast<std::size_t>(found - kNames.begin());
        if (seen[dimension]) {
            return fmt::format("order '{}' names '{}' twice, expected {}", text, name, kExpected);
        }
        seen[dimension] = true;
        parsed[count++] = static_cast<Dimension>(dimension);
        begin = end + 1;
    }
    const auto missing = std::find(seen.begin(), seen.end(), false);
    if (missing != seen.end()) {
        return fmt::format("order '{}' lacks '{}', expected {}", text,
                           kNames[static_cast<std::size_t>(missing - seen.begin())], kExpected);
    }
    order = parsed;
    return "";
}

std::string order_text(const DimensionOrder& order) {
    std::string text;
    for (const Dimension dimension : order) {
        text += text.empty() ? "" : "-";
        text += kNames[at(dimension)];
    }
    return text;
}

std::int64_t Layout::Cut::coordinate(Dimension dimension, std::int64_t rank) const {
    const Axis& axis = axes[at(dimension)];
    return rank / axis.stride % axis.size;
}

Layout::Cut Layout::cut(const std::array<std::int64_t, 5>& sizes) const {
    Cut result;
    std::int64_t stride = 1;
    for (const Dimension dimension : sizes_.order) {
        result.axes[at(dimension)] = {sizes[at(dimension)], stride};
        stride *= sizes[at(dimension)];
    }
    return result;
}

Layout::Layout(const LayoutSizes& sizes) : sizes_(sizes) {
    const std::int64_t outside = sizes.tensor * sizes.context * sizes.data;
    MYRIAD_CHECK(sizes.tensor > 0 && sizes.context > 0 && sizes.data > 0 && sizes.pipeline > 0 && sizes.expert > 0 &&
                     sizes.expert_tensor > 0,
                 "a size is below 1");
    MYRIAD_CHECK(outside % (sizes.expert * sizes.expert_tensor) == 0,
                 fmt::format("ep {} x etp {} does not divide {}", sizes.expert, sizes.expert_tensor, outside));
    MYRIAD_CHECK(sizes.expert_server > 0 && sizes.expert % sizes.expert_server == 0,
                 fmt::format("{} ranks a server do not divide ep {}", sizes.expert_server, sizes.expert));
    dense_ = cut({sizes.tensor, sizes.context, 1, sizes.data, sizes.pipeline});
    experts_ = cut({sizes.expert_tensor, 1, sizes.expert, sizes.expert_data(), sizes.pipeline});
    for (std::size_t kind = 0; kind < kGroupKinds; ++kind) {
        groupings_[kind] = make_grouping(static_cast<GroupKind>(kind));
    }
}

RankPlace Layout::place_of(std::int64_t rank) const {
    return {.tp = dense_.coordinate(Dimension::tensor, rank),
            .cp = dense_.coordinate(Dimension::context, rank),
            .dp = dense_.coordinate(Dimension::data, rank),
            .pp = dense_.coordinate(Dimension::pipeline, rank),
            .ep = experts_.coordinate(Dimension::expert, rank),
            .etp = experts_.coordinate(Dimension::tensor, rank),
            .edp = experts_.coordinate(Dimension::data, rank)};
}

std::int64_t Layout::rank_of(const RankPlace& place) const {
    const auto part = [this](Dimension dimension, std::int64_t coordinate) {
        return dense_.axes[at(dimension)].stride * coordinate;
    };
    return part(Dimension::tensor, place.tp) + part(Dimension::context, place.cp) + part(Dimension::data, place.dp) +
           part(Dimension::pipeline, place.pp);
}

std::int64_t Layout::at_stage(std::int64_t rank, std::int64_t stage) const {
    const std::int64_t here = dense_.coordinate(Dimension::pipeline, rank);
    return rank + (stage - here) * dense_.axes[at(Dimension::pipeline)].stride;
}

bool Layout::pipelines_agree() const {
    return sizes_.pipeline == 1 ||
           dense_.axes[at(Dimension::pipeline)].stride == experts_.axes[at(Dimension::pipeline)].stride;
}

Layout::Grouping Layout::make_grouping(GroupKind kind) const {
    const Kind& what = kKinds[static_cast<std::size_t>(kind)];
    const Cut& cut = what.experts ? experts_ : dense_;
    Grouping result;
    const auto put = [&](const Axis& axis, bool inside) {
        (inside ? result.inside : result.outside).push_back(axis);
        (inside ? result.inside_size : result.outside_size) *= axis.size;
    };
    const bool by_server = kind == GroupKind::expert_server || kind == GroupKind::expert_rail;
    for (const Dimension dimension : sizes_.order) {
        const Axis& axis = cut.axes[at(dimension)];
        if (by_server && dimension == Dimension::expert) {
            const std::int64_t here = sizes_.expert_server;
            put({here, axis.stride}, kind == GroupKind::expert_server);
            put({axis.size / here, axis.stride * here}, kind == GroupKind::expert_rail);
        } else {
            put(axis, what.inside[at(dimension)]);
        }
    }
    result.ends_only = kind == GroupKind::embedding;
    return result;
}

std::int64_t Layout::number_of(const std::vector<Axis>& axes, std::int64_t rank) {
    std::int64_t number = 0;
    std::int64_t weight = 1;
    for (const Axis& axis : axes) {
        number += rank / axis.stride % axis.size * weight;
        weight *= axis.size;
    }
    return number;
}

std::int64_t Layout::rank_at(const std::vector<Axis>& axes, std::int64_t number) {
    std::int64_t rank = 0;
    for (const Axis& axis : axes) {
        rank += number % axis.size * axis.stride;
        number /= axis.size;
    }
    return rank;
}

std::int64_t Layout::size(GroupKind kind) const {
    const Grouping& of_kind = grouping(kind);
    return of_kind.ends_only ? std::min<std::int64_t>(of_kind.inside_size, 2) : of_kind.inside_size;
}

std::int64_t Layout::groups(GroupKind kind) const { return grouping(kind).outside_size; }

std::int64_t Layout::group_of(GroupKind kind, std::int64_t rank) const {
    return index_in(kind, rank) < 0 ? -1 : number_of(grouping(kind).outside, rank);
}

std::int64_t Layout::index_in(GroupKind kind, std::int64_t rank) const {
    const Grouping& of_kind = grouping(kind);
    const std::int64_t index = number_of(of_kind.inside, rank);
    if (!of_kind.ends_only || index == 0) {
        return index;
    }
    return index == of_kind.inside_size - 1 ? 1 : -1;
}

std::vector<std::int64_t> Layout::members(GroupKind kind, std::int64_t group) const {
    const Grouping& of_kind = grouping(kind);
    const std::int64_t first = rank_at(of_kind.outside, group);
    std::vector<std::int64_t> ranks;
    for (std::int64_t index = 0; index < size(kind); ++index) {
        const std::int64_t inside = of_kind.ends_only && index > 0 ? of_kind.inside_size - 1 : index;
        ranks.push_back(first + rank_at(of_kind.inside, inside));
    }
    return ranks;
}

}  // namespace myriad
