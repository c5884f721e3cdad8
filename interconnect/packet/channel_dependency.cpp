// The dependency graph of virtual channels and the search for a circle in it.

#include "interconnect/packet/channel_dependency.h"

#include "interconnect/packet/virtual_channels.h"
#include "interconnect/routing/path.h"
#include "sim/error/error.h"
#include "sim/random/random_stream.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace myriad {
namespace {

constexpr auto kChannels = static_cast<std::uint32_t>(kMaxChannels);

// How the pairs that are looked at are chosen.
enum class Pairs : std::uint8_t { all, first_server, sampled };

Pairs pairs_of(const Topology& topology) {
    const auto cards = topology.cards.size();
    const auto of_server = static_cast<std::size_t>(topology.cards_per_server);
    if (cards * cards <= kPairsChecked) {
        return Pairs::all;
    }
    return of_server * of_server <= kPairsChecked ? Pairs::first_server : Pairs::sampled;
}

// Calls visit(CardId from, Route) for the routes that are looked at.
template <class Visit>
void each_route(const Topology& topology, Router& router, Visit&& visit) {
    const auto cards = static_cast<std::uint32_t>(topology.cards.size());
    const Pairs pairs = pairs_of(topology);
    const auto look_at = [&](std::uint32_t from, std::uint32_t to) {
        if (from != to) {
            for (const Route route : router.between(CardId{from}, CardId{to})) {
                visit(CardId{from}, route);
            }
        }
    };
    const std::uint32_t sources = pairs == Pairs::all ? cards : static_cast<std::uint32_t>(topology.cards_per_server);
    if (pairs == Pairs::sampled) {
        RandomStream random(1, "pairs of cards whose channels are checked");
        const auto each = std::max<std::uint32_t>(1, static_cast<std::uint32_t>(kPairsChecked) / sources);
        for (std::uint32_t from = 0; from < sources; ++from) {
            for (std::uint32_t i = 0; i < each; ++i) {
                look_at(from, static_cast<std::uint32_t>(random.below(sources)));
            }
        }
    }
    for (std::uint32_t from = 0; from < (pairs == Pairs::sampled ? 1 : sources); ++from) {
        for (std::uint32_t to = 0; to < (from == 0 ? cards : sources); ++to) {
            look_at(from, to);
        }
    }
}

}  // namespace

ChannelDependencies::ChannelDependencies(const Topology& topology, const FlowControlConfig& control)
    : topology_(topology), control_(control), waits_for_(2 * topology.edges.size() * kChannels) {}

int ChannelDependencies::channels_of(EdgeId edge) const {
    switch (kind_of(topology_, topology_.edges[index(edge)])) {
        case LinkKind::icn:
            return control_.icn.virtual_channels;
        case LinkKind::pcie:
            return control_.pcie.virtual_channels;
        case LinkKind::ethernet:
            break;
    }
    return control_.ethernet ? 1 : 0;
}

void ChannelDependencies::add(CardId from, Route route) {
    Packet packet;
    std::optional<std::uint32_t> held;
    for_each_hop(topology_, from, route, [&](DirectedEdge way, NodeId /*to*/) {
        const Edge& edge = topology_.edges[index(way.edge)];
        enter_link(packet, channel_dimension(topology_, edge), edge.closes_ring);
        const int channels = channels_of(way.edge);
        if (channels == 0) {
            held.reset();
            return;
        }
        const std::uint32_t wanted = (2 * index(way.edge) + way.direction) * kChannels + channel_of(packet, channels);
        if (held) {
            std::vector<std::uint32_t>& list = waits_for_[*held];
            const auto place = std::lower_bound(list.begin(), list.end(), wanted);
            if (place == list.end() || *place != wanted) {
                list.insert(place, wanted);
            }
        }
        held = wanted;
    });
}

std::vector<std::uint32_t> ChannelDependencies::circle() const {
    enum class Mark : std::uint8_t { unseen, on_path, done };
    std::vector<Mark> marks(waits_for_.size(), Mark::unseen);
    struct Visit {
        std::uint32_t channel = 0;
        std::size_t next = 0;
    };
    std::vector<Visit> path;
    for (std::uint32_t start = 0; start < waits_for_.size(); ++start) {
        if (marks[start] != Mark::unseen || waits_for_[start].empty()) {
            continue;
        }
        path.push_back({start, 0});
        marks[start] = Mark::on_path;
        while (!path.empty()) {
            Visit& visit = path.back();
            if (visit.next == waits_for_[visit.channel].size()) {
                marks[visit.channel] = Mark::done;
                path.pop_back();
                continue;
            }
            const std::uint32_t to = waits_for_[visit.channel][visit.next++];
            if (marks[to] == Mark::on_path) {
                std::vector<std::uint32_t> circle;
                const auto first =
                    std::find_if(path.begin(), path.end(), [to](const Visit& v) { return v.channel == to; });
                std::transform(first, path.end(), std::back_inserter(circle), [](const Visit& v) { return v.channel; });
                return circle;
            }
            if (marks[to] == Mark::unseen) {
                marks[to] = Mark::on_path;
                path.push_back({to, 0});
            }
        }
    }
    return {};
}

std::string ChannelDependencies::name(std::uint32_t channel) const {
    const Edge& edge = topology_.edges[channel / kChannels / 2];
    const bool forward = channel / kChannels % 2 == 0;
    return fmt::format("{} -> {} (channel {})", topology_.nodes[index(forward ? edge.a : edge.b)].name,
                       topology_.nodes[index(forward ? edge.b : edge.a)].name, channel % kChannels);
}

std::size_t ChannelDependencies::arcs() const {
    std::size_t arcs = 0;
    for (const auto& list : waits_for_) {
        arcs += list.size();
    }
    return arcs;
}

int channels_needed(const Topology& topology, Router& router) {
    int most = 1;
    each_route(topology, router, [&](CardId from, Route route) {
        Packet packet;
        for_each_hop(topology, from, route, [&](DirectedEdge way, NodeId /*to*/) {
            const Edge& edge = topology.edges[index(way.edge)];
            enter_link(packet, channel_dimension(topology, edge), edge.closes_ring);
            if (kind_of(topology, edge) == LinkKind::icn) {
                most = std::max(most, channel_of(packet, kMaxChannels) + 1);
            }
        });
    });
    return most;
}

std::string check_channels(const Topology& topology, Router& router, const FlowControlConfig& control) {
    ChannelDependencies dependencies(topology, control);
    each_route(topology, router, [&](CardId from, Route route) { dependencies.add(from, route); });
    const std::vector<std::uint32_t> circle = dependencies.circle();
    if (circle.empty()) {
        switch (pairs_of(topology)) {
            case Pairs::all:
                return "routes of all pairs";
            case Pairs::first_server:
                return "routes of the first server and of its first card to all others";
            case Pairs::sampled:
                break;
        }
        return "routes from every card of the first server to some of its cards, and from its first card to all others";
    }
    std::string text = "buffers can wait for each other in a circle, so this run could stop for ever: ";
    for (const std::uint32_t channel : circle) {
        text += dependencies.name(channel) + ", ";
    }
    throw UserError(text +
                    "and from the start; more virtual channels on the links of the server, or routes that go "
                    "dimension by dimension, break it");
}

void settle_channels(FlowControlConfig& control, const Topology& topology, Router& router, bool check) {
    if (!control.modelled) {
        return;
    }
    if (control.icn.virtual_channels == 0) {
        control.icn.virtual_channels = channels_needed(topology, router);
    }
    if (check) {
        check_channels(topology, router, control);
    }
}

}  // namespace myriad
