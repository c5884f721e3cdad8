// Loads by counting: one unit a card, divided over the routes of each pair. What is wanted is a class, not a time.

#include "app/run/group_links.h"

#include "interconnect/routing/path.h"

#include <map>
#include <utility>

namespace myriad {
namespace {

constexpr std::int64_t kPairsMax = 20'000;  // of a kind

class Loads {
public:
    Loads(const Topology& topology, Router& router) : topology_(topology), router_(router) {}

    [[nodiscard]] bool full() const { return pairs_ >= kPairsMax; }

    void add_group(const CardGroup& group) {
        const std::size_t count = group.cards.size();
        for (std::size_t i = 0; i < count; ++i) {
            if (kind_of(group.kind) == SpanKind::expert) {
                for (std::size_t j = 1; j < count; ++j) {
                    add_pair(group.cards[i], group.cards[(i + j) % count], 1.0 / static_cast<double>(count - 1));
                }
            } else if (group.kind != GroupKind::none) {
                add_pair(group.cards[i], group.cards[(i + 1) % count], 1.0);
            } else if (i + 1 < count) {
                add_pair(group.cards[i], group.cards[i + 1], 1.0);
                add_pair(group.cards[i + 1], group.cards[i], 1.0);
            }
        }
    }

    [[nodiscard]] GroupLinks result() const {
        GroupLinks links;
        double longest = 0.0;
        for (const auto& [way, load] : loads_) {
            const Edge& edge = topology_.edges[index(way.edge)];
            const LinkTier kind = tier_of(topology_, edge);
            links.crossed[static_cast<std::size_t>(kind)] = true;
            const double time = load / static_cast<double>(class_of(topology_, way.edge).bandwidth.count());
            if (time > longest) {
                longest = time;
                links.slowest = kind;
            }
        }
        return links;
    }

private:
    void add_pair(CardId from, CardId to, double load) {
        if (from == to) {
            return;
        }
        ++pairs_;
        const RouteSet routes = router_.between(from, to);
        for (const Route route : routes) {
            for_each_hop(topology_, from, route, [&](DirectedEdge way, NodeId /*entered*/) {
                loads_[way] += load / static_cast<double>(routes.size());
            });
        }
    }

    const Topology& topology_;
    Router& router_;
    std::map<DirectedEdge, double> loads_;
    std::int64_t pairs_ = 0;
};

}  // namespace

LinkTier tier_of(const Topology& topology, const Edge& edge) {
    const auto has = [&](NodeKind kind) {
        return topology.nodes[index(edge.a)].kind == kind || topology.nodes[index(edge.b)].kind == kind;
    };
    if (has(NodeKind::ethernet_switch)) {
        return has(NodeKind::nic) || has(NodeKind::card) ? LinkTier::nic : LinkTier::fabric;
    }
    return has(NodeKind::pcie_switch) || has(NodeKind::nic) ? LinkTier::pcie : LinkTier::icn;
}

LinksOfGroups links_of_groups(const Topology& topology, Router& router, const std::vector<CardGroup>& groups) {
    std::map<GroupKind, Loads> loads;
    for (const CardGroup& group : groups) {
        Loads& of_kind = loads.try_emplace(group.kind, topology, router).first->second;
        if (!of_kind.full()) {
            of_kind.add_group(group);
        }
    }
    LinksOfGroups links{};
    for (const auto& [kind, of_kind] : loads) {
        links[static_cast<std::size_t>(kind)] = of_kind.result();
    }
    return links;
}

}  // namespace myriad
