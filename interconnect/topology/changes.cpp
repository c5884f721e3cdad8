// Applying changes to the graph. A link that differs from its class gets a class of the same name with other figures, so
// that everything that reads classes sees the difference.

#include "interconnect/topology/changes.h"

#include "interconnect/topology/name_pattern.h"
#include "interconnect/topology/topology.h"
#include "sim/error/error.h"
#include "sim/units/quantity_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

namespace myriad {
namespace {

std::string_view word_of(ChangeTarget target) {
    switch (target) {
        case ChangeTarget::link:
            return "link";
        case ChangeTarget::link_class:
            return "class";
        case ChangeTarget::card:
            return "card";
        case ChangeTarget::node:
            return "node";
    }
    return "";
}

std::vector<std::uint32_t> links_of(const Topology& topology, NodeId node) {
    std::vector<std::uint32_t> links;
    for (const EdgeId edge : topology.nodes[index(node)].ports) {
        links.push_back(index(edge));
    }
    return links;
}

// A link whose two ends match is found from both.
void sort_out(std::vector<std::uint32_t>& numbers) {
    std::sort(numbers.begin(), numbers.end());
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
}

[[noreturn]] void nothing_matches(const Topology& topology, const ClusterChange& change) {
    std::string why;
    if (change.target == ChangeTarget::link) {
        why = why_no_link(topology, change.pattern);
    } else {
        std::set<std::string> names;
        if (change.target == ChangeTarget::link_class) {
            for (const LinkClass& link_class : topology.link_classes) {
                names.insert(link_class.name);
            }
        } else {
            for (const Node& node : topology.nodes) {
                if ((node.kind == NodeKind::card) == (change.target == ChangeTarget::card)) {
                    names.insert(node.name);
                }
            }
        }
        why = fmt::format("there is no such {}{}", word_of(change.target),
                          did_you_mean(change.pattern, {names.begin(), names.end()}));
        if (change.target == ChangeTarget::link_class) {
            why += fmt::format(" (classes: {})", fmt::join(names, ", "));
        }
    }
    throw UserError(
        fmt::format("{} '{}' matches nothing in {}: {}", word_of(change.target), change.pattern, topology.name, why));
}

LinkClass changed_class(const LinkClass& original, const ClusterChange& change) {
    LinkClass changed = original;
    changed.bandwidth = change.bandwidth.value_or(changed.bandwidth);
    if (change.bandwidth_factor) {
        const double rate = static_cast<double>(changed.bandwidth.count()) * *change.bandwidth_factor;
        changed.bandwidth = BytesPerSecond{std::max<std::int64_t>(1, static_cast<std::int64_t>(rate + 0.5))};
    }
    if (change.latency) {
        changed.latency = *change.latency;
    }
    return changed;
}

bool same_class(const LinkClass& a, const LinkClass& b) {
    return a.name == b.name && a.bandwidth == b.bandwidth && a.latency.forward == b.latency.forward &&
           a.latency.backward == b.latency.backward && a.bonded == b.bonded;
}

std::uint16_t class_number(Topology& topology, const LinkClass& wanted) {
    const auto known = std::find_if(topology.link_classes.begin(), topology.link_classes.end(),
                                    [&](const LinkClass& c) { return same_class(c, wanted); });
    if (known != topology.link_classes.end()) {
        return static_cast<std::uint16_t>(known - topology.link_classes.begin());
    }
    MYRIAD_CHECK(topology.link_classes.size() < 0xFFFF, "a topology has at most 65,535 kinds of links");
    topology.link_classes.push_back(wanted);
    return static_cast<std::uint16_t>(topology.link_classes.size() - 1);
}

}  // namespace

ChangeScope scope_of(const Topology& topology, const ClusterChange& change) {
    ChangeScope scope;
    switch (change.target) {
        case ChangeTarget::link:
            scope.links = links_named(topology, change.pattern);
            break;
        case ChangeTarget::link_class:
            scope.links = links_of_class(topology, change.pattern);
            break;
        case ChangeTarget::card:
            scope.cards = cards_named(topology, change.pattern);
            for (const std::uint32_t card : scope.cards) {
                const auto links = links_of(topology, topology.cards[card]);
                scope.links.insert(scope.links.end(), links.begin(), links.end());
            }
            break;
        case ChangeTarget::node:
            for (const std::uint32_t node : switches_named(topology, change.pattern)) {
                const auto links = links_of(topology, NodeId{node});
                scope.links.insert(scope.links.end(), links.begin(), links.end());
            }
            break;
    }
    sort_out(scope.links);
    if (scope.links.empty() && scope.cards.empty()) {
        nothing_matches(topology, change);
    }
    return scope;
}

void apply_change(Topology& topology, const ClusterChange& change) {
    const ChangeScope scope = scope_of(topology, change);
    const bool other_class = change.bandwidth || change.bandwidth_factor || change.latency;
    std::map<std::uint16_t, std::uint16_t> classes;  // as built -> as changed
    for (const std::uint32_t number : scope.links) {
        Edge& edge = topology.edges[number];
        edge.down = (edge.down || change.down) && !change.up;
        if (!other_class) {
            continue;
        }
        const auto [entry, fresh] = classes.try_emplace(edge.link_class, edge.link_class);
        if (fresh) {
            entry->second = class_number(topology, changed_class(topology.link_classes[edge.link_class], change));
        }
        edge.link_class = entry->second;
    }
}

std::string describe(const Topology& topology, const ClusterChange& change) {
    const ChangeScope scope = scope_of(topology, change);
    const bool is_card = change.target == ChangeTarget::card;
    const std::size_t count = is_card ? scope.cards.size() : scope.links.size();
    std::string text = fmt::format("{} {}: {} {}{}", word_of(change.target), change.pattern, count,
                                   is_card ? "card" : "link", count == 1 ? "" : "s");
    if (change.down) {
        text += ", down";
    }
    if (change.up) {
        text += ", back";
    }
    if (change.bandwidth) {
        text += fmt::format(", {} per direction", human_text(*change.bandwidth));
    }
    if (change.bandwidth_factor) {
        text += fmt::format(", {:g} x bandwidth", *change.bandwidth_factor);
    }
    if (change.latency) {
        text += fmt::format(", latency {}", human_text(*change.latency));
    }
    if (change.compute) {
        text += fmt::format(", {:g} x compute", *change.compute);
    }
    if (change.hbm) {
        text += fmt::format(", {:g} x HBM bandwidth", *change.hbm);
    }
    text += change.at.count() > 0 ? fmt::format(", from {} on", human_text(change.at)) : ", from the start";
    if (change.detection.count() > 0) {
        text += fmt::format(", noticed {} later", human_text(change.detection));
    }
    return text;
}

std::vector<CardCondition> card_conditions(const Topology& topology, const std::vector<ClusterChange>& changes,
                                           Picoseconds now) {
    std::vector<CardCondition> cards(topology.cards.size());
    for (const ClusterChange& change : changes) {
        if (change.target != ChangeTarget::card || change.at > now) {
            continue;
        }
        for (const std::uint32_t card : scope_of(topology, change).cards) {
            cards[card].compute = change.compute.value_or(cards[card].compute);
            cards[card].hbm = change.hbm.value_or(cards[card].hbm);
            cards[card].down = cards[card].down || change.down;
        }
    }
    return cards;
}

}  // namespace myriad
