#pragma once
// What a step's time is made of and what could be saved, computed from its spans.
//
// Bounds. Make one resource k times as fast. The chain of the critical path still has to be gone through, so the new step
// takes at least the old path with the pieces of that resource cut to 1 / k: at most (1 - 1 / k) of those pieces is
// saved. Launches and latencies in them stay. It is a bound and not a forecast: other chains, which the change does not
// shorten, may now be the longest. It supposes that nothing else becomes faster: the program and its order stay.
//   - a link class: all waits for groups whose routes cross it, also where another class is the slowest of them
//   - the bubble: a rank cannot be done before it has done all that it does beside bubbles, so at most the bubble of the
//     rank that has least of it
//   - what the path does not know (waits for ranks that were not recorded) may be of any resource: it counts in each
//     that the known part uses

#include "workloads/training/critical_path.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace myriad {

// Links by where they lie: between cards of a server, from a card to its NIC, from a NIC to the first switch, above.
enum class LinkTier : std::uint8_t { none, icn, pcie, nic, fabric };
inline constexpr std::size_t kLinkTiers = 5;
[[nodiscard]] std::string_view name_of(LinkTier kind);

// What the routes between the members of the groups of a kind cross.
struct GroupLinks {
    LinkTier slowest = LinkTier::none;  // busiest for its bandwidth
    std::array<bool, kLinkTiers> crossed{};
    bool operator==(const GroupLinks&) const = default;
};
// By group; GroupKind::none stands for neighbouring pipeline stages.
using LinksOfGroups = std::array<GroupLinks, kGroupKinds>;
// "tp", "ep", "pp" (pipeline messages) ...
[[nodiscard]] std::string_view key_of(GroupKind group);

struct PathShare {
    PathCategory category = PathCategory::idle;
    GroupKind group = GroupKind::none;  // of network and late
    LinkTier link = LinkTier::none;     // slowest of the group's
    Picoseconds time{0};
    Picoseconds fixed{0};  // of it: launches, latency
    std::string mostly;    // of network: the operation that has at least half of it; empty: none
    bool operator==(const PathShare&) const = default;
};
struct PathOperator {
    std::string label;
    PathCategory category = PathCategory::idle;
    Picoseconds time{0};
    bool operator==(const PathOperator&) const = default;
};

enum class Change : std::uint8_t { icn, pcie, nic, fabric, hbm, matrix, vector, launch, bubble };
inline constexpr std::size_t kChanges = 9;
inline constexpr std::int64_t kChangeFactor = 2;  // bandwidths and peaks; launches and bubbles go to nothing
[[nodiscard]] std::string_view name_of(Change change);

struct Bound {
    Change change = Change::icn;
    Picoseconds saves_at_most{0};
    // Of a link class: the part in groups that cross it, but are held up more by another class.
    Picoseconds slower_elsewhere{0};
    Picoseconds unknown{0};  // the part that may be of any resource
    bool operator==(const Bound&) const = default;
};

// Communication of one kind of group, mean over the recorded ranks.
struct GroupTime {
    GroupKind group = GroupKind::none;
    Picoseconds busy{0};     // one of its collectives or messages is under way or awaited
    Picoseconds exposed{0};  // of it: the rank waits, and no kernel runs on its card
    Picoseconds late{0};     // of that: a peer has not come yet
    [[nodiscard]] Picoseconds hidden() const { return busy - exposed; }
    bool operator==(const GroupTime&) const = default;
};

struct Explanation {
    Picoseconds step{0};
    std::int64_t ranks = 0;
    std::int64_t running_ranks = 0;  // of them: fewer where identical ranks are run once
    std::int64_t recorded_ranks = 0;
    std::int64_t hops = 0;                // of the path, from rank to rank
    std::vector<PathShare> path;          // largest first; adds up to the step
    std::vector<PathOperator> operators;  // of the path's kernels, largest first
    std::vector<Bound> bounds;            // that save anything; largest without what is unknown first
    std::vector<GroupTime> groups;        // that communicate, most exposed first
    Picoseconds bubble{0};                // mean over the recorded ranks, and of the rank that has least
    Picoseconds least_bubble{0};
    bool operator==(const Explanation&) const = default;
};

// `log` is finished and nothing of it was dropped.
[[nodiscard]] Explanation make_explanation(const SpanLog& log, const CriticalPath& path, TimePoint started,
                                           TimePoint ended, const LinksOfGroups& links);

}  // namespace myriad
