// Sums over the critical path, and the bounds that follow from them.

#include "workloads/training/explanation.h"

#include "sim/error/error.h"
#include "workloads/training/rank_waits.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace myriad {
namespace {

using ShareKey = std::pair<PathCategory, GroupKind>;

std::string most_of(const std::map<std::string_view, Picoseconds>& labels, Picoseconds whole) {
    for (const auto& [label, time] : labels) {
        if (time >= whole - time) {
            return std::string(label);
        }
    }
    return "";
}

void add_path(const CriticalPath& path, const LinksOfGroups& links, Explanation& out) {
    std::map<ShareKey, PathShare> shares;
    std::map<ShareKey, std::map<std::string_view, Picoseconds>> labels;
    std::map<std::pair<std::string_view, PathCategory>, Picoseconds> operators;
    for (const PathSegment& segment : path.segments) {
        const Picoseconds length = segment.to - segment.from;
        const ShareKey key{segment.category, segment.group};
        shares[key].time += length;
        shares[key].fixed += segment.fixed;
        if (segment.category < PathCategory::network) {
            operators[{segment.label, segment.category}] += length;
        } else if (segment.category == PathCategory::network) {
            labels[key][segment.label] += length;
        }
    }
    for (auto& [key, share] : shares) {
        share.category = key.first;
        share.group = key.second;
        if (key.first == PathCategory::network) {
            share.link = links[static_cast<std::size_t>(key.second)].slowest;
            share.mostly = most_of(labels[key], share.time);
        }
        out.path.push_back(share);
    }
    for (const auto& [key, time] : operators) {
        out.operators.push_back({std::string(key.first), key.second, time});
    }
    const auto longer = [](const auto& a, const auto& b) { return a.time > b.time; };
    std::stable_sort(out.path.begin(), out.path.end(), longer);
    std::stable_sort(out.operators.begin(), out.operators.end(), longer);
}

// What is saved where `of` becomes kChangeFactor times as fast.
Picoseconds saved(Picoseconds of) { return of - of / kChangeFactor; }

Bound bound_of_link(LinkTier kind, Change change, const std::vector<PathShare>& path, const LinksOfGroups& links) {
    Bound bound{change, {}, {}, {}};
    for (const PathShare& share : path) {
        const GroupLinks& of_group = links[static_cast<std::size_t>(share.group)];
        if (share.category == PathCategory::network && of_group.crossed[static_cast<std::size_t>(kind)]) {
            const Picoseconds saving = saved(share.time - share.fixed);
            bound.saves_at_most += saving;
            bound.slower_elsewhere += of_group.slowest == kind ? Picoseconds{0} : saving;
        }
    }
    return bound;
}

void add_links(const LinksOfGroups& links, const std::vector<PathShare>& path, std::vector<Bound>& bounds) {
    constexpr std::array<std::pair<LinkTier, Change>, 4> kLinks{{{LinkTier::icn, Change::icn},
                                                                 {LinkTier::pcie, Change::pcie},
                                                                 {LinkTier::nic, Change::nic},
                                                                 {LinkTier::fabric, Change::fabric}}};
    for (const auto& [kind, change] : kLinks) {
        const auto crosses = [number = static_cast<std::size_t>(kind)](const GroupLinks& of) {
            return of.crossed[number];
        };
        if (std::any_of(links.begin(), links.end(), crosses)) {
            bounds.push_back(bound_of_link(kind, change, path, links));
        }
    }
}

void add_bounds(const LinksOfGroups& links, Explanation& out) {
    std::array<Picoseconds, kPathCategories> body{};
    Picoseconds launches{0};
    for (const PathShare& share : out.path) {
        body[static_cast<std::size_t>(share.category)] += share.time - share.fixed;
        launches += share.category < PathCategory::network ? share.fixed : Picoseconds{0};
    }
    const auto of = [&](PathCategory category) { return body[static_cast<std::size_t>(category)]; };
    const Picoseconds anything = of(PathCategory::late) + of(PathCategory::idle);
    std::vector<Bound> bounds;
    add_links(links, out.path, bounds);
    for (Bound& bound : bounds) {
        bound.unknown = saved(anything);
    }
    constexpr std::array<std::pair<PathCategory, Change>, 3> kUnits{{{PathCategory::hbm, Change::hbm},
                                                                     {PathCategory::matrix, Change::matrix},
                                                                     {PathCategory::vector, Change::vector}}};
    for (const auto& [category, change] : kUnits) {
        bounds.push_back({change, saved(of(category)), {}, saved(anything + of(PathCategory::compute))});
    }
    bounds.push_back({Change::launch, launches, {}, anything});
    std::erase_if(bounds, [](const Bound& bound) { return bound.saves_at_most <= Picoseconds{0}; });
    for (Bound& bound : bounds) {
        bound.saves_at_most += bound.unknown;
    }
    if (out.least_bubble > Picoseconds{0}) {
        bounds.push_back({Change::bubble, out.least_bubble, {}, {}});
    }
    std::stable_sort(bounds.begin(), bounds.end(), [](const Bound& a, const Bound& b) {
        return a.saves_at_most - a.unknown > b.saves_at_most - b.unknown;
    });
    out.bounds = std::move(bounds);
}

// Means over ranks of what they waited for.
void add_waits(const SpanLog& log, TimePoint started, TimePoint ended, Explanation& out) {
    std::array<GroupTime, kGroupKinds> groups{};
    const std::vector<std::int64_t> ranks = log.recorded_ranks();
    out.running_ranks = log.ranks();
    out.recorded_ranks = static_cast<std::int64_t>(ranks.size());
    out.least_bubble = out.step;
    for (const std::int64_t rank : ranks) {
        const RankWaits waits = waits_of(log, rank, started, ended);
        out.bubble += waits.bubble;
        out.least_bubble = std::min(out.least_bubble, waits.bubble);
        for (std::size_t group = 0; group < kGroupKinds; ++group) {
            groups[group].busy += waits.groups[group].busy;
            groups[group].exposed += waits.groups[group].exposed;
            groups[group].late += waits.groups[group].late;
        }
    }
    const std::int64_t count = std::max<std::int64_t>(out.recorded_ranks, 1);
    out.bubble /= count;
    for (std::size_t group = 0; group < kGroupKinds; ++group) {
        if (groups[group].busy > Picoseconds{0}) {
            out.groups.push_back({static_cast<GroupKind>(group), groups[group].busy / count,
                                  groups[group].exposed / count, groups[group].late / count});
        }
    }
    std::stable_sort(out.groups.begin(), out.groups.end(),
                     [](const GroupTime& a, const GroupTime& b) { return a.exposed > b.exposed; });
}

}  // namespace

std::string_view name_of(LinkTier kind) {
    constexpr std::array<std::string_view, kLinkTiers> names{"none", "icn", "pcie", "nic", "fabric"};
    return names[static_cast<std::size_t>(kind)];
}

std::string_view key_of(GroupKind group) {
    constexpr std::array<std::string_view, kGroupKinds> keys{"pp",  "tp",    "cp",        "ep",        "etp",    "dp",
                                                             "edp", "model", "embedding", "ep-server", "ep-rail"};
    static_assert(!keys.back().empty());
    return keys[static_cast<std::size_t>(group)];
}

std::string_view name_of(Change change) {
    constexpr std::array<std::string_view, kChanges> names{"icn",    "pcie",   "nic",    "fabric", "hbm",
                                                           "matrix", "vector", "launch", "bubble"};
    return names[static_cast<std::size_t>(change)];
}

Explanation make_explanation(const SpanLog& log, const CriticalPath& path, TimePoint started, TimePoint ended,
                             const LinksOfGroups& links) {
    MYRIAD_CHECK(log.dropped() == 0, "an explanation of a part of the spans");
    Explanation out;
    out.step = ended - started;
    out.ranks = log.ranks();
    out.hops = path.hops;
    add_path(path, links, out);
    add_waits(log, started, ended, out);
    add_bounds(links, out);
    return out;
}

}  // namespace myriad
