// Overrides and faults. They are tried on the cluster's topology here, so that what is wrong is told with its line; the
// topology is built for that only where something is changed.

#include "app/config_files/changes.h"
#include "app/config_files/words.h"
#include "interconnect/topology/build.h"
#include "sim/error/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace myriad {
namespace {

constexpr std::pair<const char*, ChangeTarget> kTargets[] = {{"link", ChangeTarget::link},
                                                             {"class", ChangeTarget::link_class},
                                                             {"card", ChangeTarget::card},
                                                             {"node", ChangeTarget::node}};

void read_target(Section& s, ClusterChange& change) {
    int given = 0;
    for (const auto& [name, target] : kTargets) {
        if (const auto pattern = s.find<std::string>(name)) {
            change.target = target;
            change.pattern = *pattern;
            ++given;
        }
    }
    if (given != 1) {
        s.error("", "expected exactly one of 'link', 'class', 'card' and 'node'");
    }
}

// What only links of faults have.
void read_timed(Section& s, ClusterChange& change) {
    change.up = s.get<bool>("up");
    if (change.up && change.down) {
        s.error("up", "'up' and 'down' exclude each other");
    }
    if (change.up && change.at.count() == 0) {
        s.error("up", "a link can come back during the run only: expected 'at'");
    }
    if (change.at.count() > 0 && (change.down || change.up)) {
        change.detection = s.get<Picoseconds>("detection");
    }
}

// What a target cannot take stays unread, so that it is reported as having no effect.
ClusterChange read_change(Section& s, bool is_fault) {
    ClusterChange change;
    read_target(s, change);
    change.down = s.get<bool>("down");
    if (is_fault) {
        change.at = s.get<Picoseconds>("at");
    }
    if (change.target == ChangeTarget::card) {
        change.compute = s.find<double>("compute");
        change.hbm = s.find<double>("hbm");
        if (change.down && change.at.count() > 0) {
            s.error("at",
                    "a card can be down from the start only; during a run it can become slower ('compute', "
                    "'hbm')");
        }
    } else {
        change.bandwidth_factor = s.find<double>("bandwidth_factor");
        change.bandwidth = s.find<BytesPerSecond>("bandwidth");
        if (is_fault) {
            read_timed(s, change);
        } else {
            change.latency = s.find<Picoseconds>("latency");
        }
        if (change.bandwidth && change.bandwidth_factor) {
            s.error("bandwidth_factor", "'bandwidth' and 'bandwidth_factor' exclude each other");
        }
    }
    if (!change.down && !change.up && !change.bandwidth && !change.bandwidth_factor && !change.latency &&
        !change.compute && !change.hbm) {
        s.error("", change.target == ChangeTarget::card ? "changes nothing: expected 'down', 'compute' or 'hbm'"
                    : is_fault ? "changes nothing: expected 'down', 'up', 'bandwidth' or 'bandwidth_factor'"
                               : "changes nothing: expected 'down', 'bandwidth', 'bandwidth_factor' or 'latency'");
    }
    return change;
}

// The cluster as it is once all changes up to `now` have happened.
void check_connected_at(const Topology& built, const std::vector<ClusterChange>& changes, Picoseconds now) {
    Topology topology = built;
    for (const ClusterChange& change : changes) {
        if (change.at <= now) {
            apply_change(topology, change);
        }
    }
    check_not_cut(topology, card_conditions(topology, changes, now));
}

std::optional<Topology> built_topology(const ClusterConfig& cluster) {
    ClusterConfig as_built = cluster;
    as_built.changes.clear();
    try {
        return build_topology(as_built);
    } catch (const UserError&) {
        return std::nullopt;  // has been or will be reported where it belongs
    }
}

}  // namespace

void read_changes(Section& s, ClusterConfig& cluster) {
    std::vector<std::pair<Section, ClusterChange>> changes;
    for (const char* const key : {"overrides", "faults"}) {
        for (Section& entry : s.sections(key)) {
            const ClusterChange change = read_change(entry, key == std::string_view("faults"));
            entry.finish();
            changes.emplace_back(entry, change);
        }
    }
    if (changes.empty()) {
        return;
    }
    const std::optional<Topology> topology = built_topology(cluster);
    if (!topology) {
        return;
    }
    bool all_match = true;
    for (auto& [entry, change] : changes) {
        if (change.pattern.empty()) {
            all_match = false;  // reported
            continue;
        }
        try {
            static_cast<void>(scope_of(*topology, change));
        } catch (const UserError& error) {
            entry.error(change.target == ChangeTarget::link_class ? "class"
                        : change.target == ChangeTarget::card     ? "card"
                        : change.target == ChangeTarget::node     ? "node"
                                                                  : "link",
                        error.diagnostics().front().message);
            all_match = false;
        }
        cluster.changes.push_back(change);
    }
    // A cluster's and a scenario's together, as they happen.
    std::stable_sort(cluster.changes.begin(), cluster.changes.end(),
                     [](const ClusterChange& a, const ClusterChange& b) { return a.at < b.at; });
    if (!all_match) {
        cluster.changes.clear();
        return;
    }
    std::set<std::int64_t> times;
    for (const ClusterChange& change : cluster.changes) {
        if (change.down) {
            times.insert(change.at.count());
        }
    }
    for (const std::int64_t time : times) {
        try {
            check_connected_at(*topology, cluster.changes, Picoseconds{time});
        } catch (const UserError& error) {
            const auto cause = std::find_if(changes.begin(), changes.end(), [&](const auto& entry) {
                return entry.second.down && entry.second.at.count() == time;
            });
            Section& place = cause == changes.end() ? s : cause->first;
            place.error(cause == changes.end() ? "cluster" : "down", error.diagnostics().front().message);
            return;
        }
    }
}

std::vector<bool> cards_down(const ClusterConfig& cluster) {
    if (cluster.changes.empty()) {
        return {};
    }
    const std::optional<Topology> topology = built_topology(cluster);
    if (!topology) {
        return {};
    }
    std::vector<bool> down;
    for (const CardCondition& card : card_conditions(*topology, cluster.changes, Picoseconds{0})) {
        down.push_back(card.down);
    }
    return down;
}

PlacementConfig read_placement(Section s, const ClusterFile& cluster, const std::vector<bool>& down) {
    PlacementConfig placement;
    placement.order = s.enumeration("order", kPlacementWords);
    placement.seed = s.get<std::uint64_t>("seed");
    if (placement.order == PlacementOrder::listed) {
        std::set<std::uint32_t> seen;
        for (const std::string& text : s.list<std::string>("cards")) {
            const std::vector<std::uint32_t> cards = parse_card_range(text);
            if (cards.empty()) {
                s.error("cards", fmt::format("'{}' is neither a card nor a range like 0-7", text));
            }
            for (const std::uint32_t card : cards) {
                if (card >= static_cast<std::uint32_t>(cluster.cards())) {
                    s.error("cards", fmt::format("card {} does not exist, the cluster has cards 0 to {}", card,
                                                 cluster.cards() - 1));
                    break;
                }
                if (!seen.insert(card).second) {
                    s.error("cards", fmt::format("card {} is named twice", card));
                    break;
                }
                if (card < down.size() && down[card]) {
                    s.error("cards", fmt::format("card {} is down", card));
                }
                placement.cards.push_back(CardId{card});
            }
        }
        if (placement.cards.empty()) {
            s.error("order", "order listed needs 'cards'");
        }
    }
    s.finish();
    return placement;
}

}  // namespace myriad
