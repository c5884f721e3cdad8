// Routing outside of servers. From each Ethernet switch the ways on that come one hop nearer to the destination's
// switch are equal; ecmp takes one by a hash of (source NIC, destination NIC, plane, seed, hop), spread takes the
// destination's number modulo the ways (destination-modulo routing, which gives shifts and exchanges of servers
// no collision on a full fat tree). Both are functions of the pair, so the order of asking does not matter.
// Assumptions: a card uses the first NIC of its first PCIe switch; the message leaves the fabric on the port number by
// which it entered; NICs and cards do not forward between switches.

#include "interconnect/routing/fabric_routes.h"

#include "interconnect/routing/flow_hash.h"
#include "sim/error/error.h"

#include <algorithm>
#include <map>
#include <utility>

namespace myriad {

FabricRoutes::FabricRoutes(const Topology& topology, const RoutingConfig& config, RouteStore& store)
    : topology_(topology), config_(config), store_(store) {
    number_switches();
    number_nics();
    attach_cards();
    number_spread_keys();
    choice_lists_.resize(switches_.size());
}

void FabricRoutes::number_switches() {
    switch_number_.assign(topology_.nodes.size(), kNone);
    for (std::uint32_t n = 0; n < topology_.nodes.size(); ++n) {
        if (topology_.nodes[n].kind == NodeKind::ethernet_switch) {
            switch_number_[n] = static_cast<std::uint32_t>(switches_.size());
            switches_.push_back(NodeId{n});
        }
    }
}

void FabricRoutes::number_nics() {
    nic_number_.assign(topology_.nodes.size(), kNone);
    for (std::uint32_t n = 0; n < topology_.nodes.size(); ++n) {
        const Node& node = topology_.nodes[n];
        if (node.kind != NodeKind::nic) {
            continue;
        }
        nic_number_[n] = static_cast<std::uint32_t>(nics_.size());
        Nic& nic = nics_.emplace_back();
        nic.node = n;
        nic.first_port = static_cast<std::uint32_t>(nic_ports_.size());
        for (std::size_t p = 0; p < node.ports.size(); ++p) {
            const auto port = static_cast<std::uint16_t>(p);
            const Step step = step_over(topology_, NodeId{n}, port);
            const Edge& edge = topology_.edges[index(step.way.edge)];
            if (topology_.nodes[index(step.to)].kind == NodeKind::pcie_switch) {
                nic.to_pcie = port;
            } else if (switch_number_[index(step.to)] != kNone) {
                nic_ports_.push_back({.ethernet = switch_number_[index(step.to)],
                                      .port = port,
                                      .ethernet_port = step.way.direction == 0 ? edge.port_b : edge.port_a});
                ++nic.ports;
            }
        }
    }
}

void FabricRoutes::attach_cards() {
    attachments_.resize(topology_.cards.size());
    for (std::size_t card = 0; card < topology_.cards.size(); ++card) {
        const NodeId node = topology_.cards[card];
        Attachment& attachment = attachments_[card];
        const std::size_t ports = topology_.nodes[index(node)].ports.size();
        for (std::size_t p = 0; p < ports && attachment.pcie == kNone; ++p) {
            const Step step = step_over(topology_, node, static_cast<std::uint16_t>(p));
            if (topology_.nodes[index(step.to)].kind != NodeKind::pcie_switch) {
                continue;
            }
            const Edge& edge = topology_.edges[index(step.way.edge)];
            attachment.pcie = index(step.to);
            attachment.card_to_pcie = static_cast<std::uint16_t>(p);
            attachment.pcie_to_card = step.way.direction == 0 ? edge.port_b : edge.port_a;
        }
        if (attachment.pcie == kNone) {
            continue;
        }
        const std::size_t pcie_ports = topology_.nodes[attachment.pcie].ports.size();
        for (std::size_t p = 0; p < pcie_ports && attachment.nic == kNone; ++p) {
            const Step step = step_over(topology_, NodeId{attachment.pcie}, static_cast<std::uint16_t>(p));
            attachment.nic = nic_number_[index(step.to)];
            attachment.pcie_to_nic = static_cast<std::uint16_t>(p);
        }
    }
}

// A NIC port's key is server * (ports of its server on this switch) + rank among them: on a rail switch, which sees one
// port a server, simply the server; where a leaf holds all NICs of a server, the NIC's number in the cluster.
// Destinations that follow each other then have keys that follow each other, across switches too.
void FabricRoutes::number_spread_keys() {
    std::map<std::pair<std::uint32_t, std::int32_t>, std::uint32_t> seen;  // (switch, server) -> ports so far
    std::vector<std::uint32_t> rank(nic_ports_.size());
    const auto place_of = [&](const Nic& nic, const NicPort& port) {
        return std::pair{port.ethernet, topology_.nodes[nic.node].server};
    };
    for (const Nic& nic : nics_) {
        for (std::uint32_t p = nic.first_port; p < nic.first_port + nic.ports; ++p) {
            rank[p] = seen[place_of(nic, nic_ports_[p])]++;
        }
    }
    for (const Nic& nic : nics_) {
        const std::int32_t server = std::max(topology_.nodes[nic.node].server, 0);
        for (std::uint32_t p = nic.first_port; p < nic.first_port + nic.ports; ++p) {
            NicPort& port = nic_ports_[p];
            port.spread_key = static_cast<std::uint32_t>(server) * seen[place_of(nic, port)] + rank[p];
        }
    }
}

void FabricRoutes::find_choices(std::uint32_t target) {
    std::vector<std::uint32_t> distances(switches_.size(), kNone);
    std::vector<std::uint32_t> queue{target};
    distances[target] = 0;
    for (std::size_t head = 0; head < queue.size(); ++head) {
        const NodeId node = switches_[queue[head]];
        const std::size_t ports = topology_.nodes[index(node)].ports.size();
        for (std::size_t p = 0; p < ports; ++p) {
            const std::uint32_t next =
                switch_number_[index(step_over(topology_, node, static_cast<std::uint16_t>(p)).to)];
            if (next != kNone && distances[next] == kNone) {
                distances[next] = distances[queue[head]] + 1;
                queue.push_back(next);
            }
        }
    }
    choice_lists_[target].resize(switches_.size());
    for (const std::uint32_t ethernet : queue) {
        choice_lists_[target][ethernet] = choices_at(ethernet, distances);
    }
}

FabricRoutes::ChoiceList FabricRoutes::choices_at(std::uint32_t ethernet, const std::vector<std::uint32_t>& distances) {
    const NodeId node = switches_[ethernet];
    const std::int32_t tier = topology_.nodes[index(node)].tier;
    ChoiceList list{.first = static_cast<std::uint32_t>(choices_.size()), .count = 0, .upward = true};
    const std::size_t ports = topology_.nodes[index(node)].ports.size();
    for (std::size_t p = 0; p < ports && distances[ethernet] > 0; ++p) {
        const auto port = static_cast<std::uint16_t>(p);
        const std::uint32_t next = switch_number_[index(step_over(topology_, node, port).to)];
        if (next != kNone && distances[next] + 1 == distances[ethernet]) {
            choices_.push_back({next, port});
            ++list.count;
            list.upward = list.upward && topology_.nodes[index(switches_[next])].tier > tier;
        }
    }
    return list;
}

bool FabricRoutes::joined(std::uint32_t from, std::uint32_t to) {
    if (choice_lists_[to].empty()) {
        find_choices(to);
    }
    return from == to || choice_lists_[to][from].count > 0;
}

void FabricRoutes::add_fabric_hops(const Nic& source, const NicPort& out, const NicPort& in, const Nic& target,
                                   std::uint32_t plane) {
    const std::vector<ChoiceList>& lists = choice_lists_[in.ethernet];
    std::uint64_t hash = hash_step(hash_step(config_.seed, std::uint64_t{source.node} << 32 | target.node), plane);
    std::uint32_t up_key = in.spread_key;
    store_.add_port(out.port);
    for (std::uint32_t at = out.ethernet; at != in.ethernet;) {
        const ChoiceList& list = lists[at];
        std::uint32_t pick = 0;
        if (list.count > 1 && config_.fabric == FabricRouting::ecmp) {
            hash = mix_bits(hash + 1);  // the next switch hashes differently, or it would always agree with this one
            pick = hash_choice(hash, list.count);
        } else if (list.count > 1) {
            // Going up, the next tier deals by what this one has left over. Coming down, parallel links deal by the
            // number itself: what is left over is the same for all that come from one up-link.
            pick = (list.upward ? up_key : in.spread_key) % list.count;
            up_key = list.upward ? up_key / list.count : up_key;
        }
        const Choice& choice = choices_[list.first + pick];
        store_.add_port(choice.port);
        at = choice.ethernet;
    }
    store_.add_port(in.ethernet_port);
}

std::optional<RouteSet> FabricRoutes::between(CardId from, CardId to) {
    const Attachment& source = attachments_[index(from)];
    const Attachment& target = attachments_[index(to)];
    if (source.pcie == kNone || target.pcie == kNone) {
        return std::nullopt;
    }
    store_.begin();
    if (source.pcie == target.pcie) {  // one PCIe switch joins them: no need to leave
        store_.add_port(source.card_to_pcie);
        store_.add_port(target.pcie_to_card);
        store_.end_route();
        return store_.keep();
    }
    if (source.nic == kNone || target.nic == kNone || source.nic == target.nic) {
        return std::nullopt;
    }
    const Nic& out = nics_[source.nic];
    const Nic& in = nics_[target.nic];
    for (std::uint32_t plane = 0; plane < std::min(out.ports, in.ports); ++plane) {
        const NicPort& out_port = nic_ports_[out.first_port + plane];
        const NicPort& in_port = nic_ports_[in.first_port + plane];
        if (!joined(out_port.ethernet, in_port.ethernet)) {
            continue;
        }
        store_.add_port(source.card_to_pcie);
        store_.add_port(source.pcie_to_nic);
        add_fabric_hops(out, out_port, in_port, in, plane);
        store_.add_port(in.to_pcie);
        store_.add_port(target.pcie_to_card);
        store_.end_route();
    }
    return store_.routes() > 0 ? std::optional{store_.keep()} : std::nullopt;
}

}  // namespace myriad
