// Routing outside of servers. From each Ethernet switch the ways on that come one hop nearer to the destination's
// switch are equal; ecmp takes one by a hash of (source NIC, destination NIC, plane, seed, hop), spread takes the
// destination's number modulo the ways (destination-modulo routing, which gives shifts and exchanges of servers
// no collision on a full fat tree). All rules are functions of the pair, so the order of asking does not matter.
// Assumptions: a card uses the first NIC of its first PCIe switch; the message leaves the fabric on the port number by
// which it entered; NICs and cards do not forward between switches.

#include "interconnect/routing/fabric_routes.h"

#include "interconnect/routing/flow_hash.h"
#include "sim/error/error.h"
#include "sim/network/route_choice.h"

#include <algorithm>
#include <map>
#include <utility>

namespace myriad {

namespace {

constexpr std::int32_t kCoreTier = 4;
constexpr std::size_t kSpreadKept = 4096;                     // pairs of switches; 60 paths each are 4 KB
constexpr std::uint64_t kValiantStream = 0x56616C69616E7432;  // keeps its draws apart from those of ecmp

}  // namespace

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
                // A dead port keeps its number, by which the planes of two NICs are paired.
                nic_ports_.push_back({.ethernet = edge.down ? kNone : switch_number_[index(step.to)],
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
            const Edge& edge = topology_.edges[index(step.way.edge)];
            if (topology_.nodes[index(step.to)].kind != NodeKind::pcie_switch || edge.down) {
                continue;
            }
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
            if (topology_.edges[index(step.way.edge)].down) {
                continue;
            }
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

std::uint32_t FabricRoutes::next_switch(NodeId ethernet, std::uint16_t port) const {
    const Step step = step_over(topology_, ethernet, port);
    return topology_.edges[index(step.way.edge)].down ? kNone : switch_number_[index(step.to)];
}

void FabricRoutes::find_choices(std::uint32_t target) {
    std::vector<std::uint32_t> distances(switches_.size(), kNone);
    std::vector<std::uint32_t> queue{target};
    distances[target] = 0;
    for (std::size_t head = 0; head < queue.size(); ++head) {
        const NodeId node = switches_[queue[head]];
        const std::size_t ports = topology_.nodes[index(node)].ports.size();
        for (std::size_t p = 0; p < ports; ++p) {
            const std::uint32_t next = next_switch(node, static_cast<std::uint16_t>(p));
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
        const std::uint32_t next = next_switch(node, port);
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

// Which of the ways on a flow takes.
std::uint32_t FabricRoutes::pick(const ChoiceList& list, NodeId at, Flow& flow) const {
    if (list.count == 1 || config_.fabric == FabricRouting::first) {
        return 0;
    }
    if (config_.fabric == FabricRouting::spread) {
        // Going up, the next tier deals by what this one has left over. Coming down, parallel links deal by the number
        // itself: what is left over is the same for all that come from one up-link.
        const std::uint32_t key = list.upward ? flow.up_key : flow.spread_key;
        flow.up_key = list.upward ? key / list.count : flow.up_key;
        return key % list.count;
    }
    if (config_.hash == EcmpHash::core_by_port && topology_.nodes[index(at)].tier == kCoreTier) {
        return flow.enters_by % list.count;
    }
    if (config_.hash != EcmpHash::same) {
        flow.hash = mix_bits(flow.hash + 1);  // the next switch hashes differently, or it would agree with this one
    }
    return hash_choice(flow.hash, list.count);
}

void FabricRoutes::add_hops(std::uint32_t from, std::uint32_t to, Flow flow) {
    const std::vector<ChoiceList>& lists = choice_lists_[to];
    for (std::uint32_t at = from; at != to;) {
        const ChoiceList& list = lists[at];
        const WayOn& choice = choices_[list.first + pick(list, switches_[at], flow)];
        path_.push_back(choice.port);
        const Step step = step_over(topology_, switches_[at], choice.port);
        const Edge& edge = topology_.edges[index(step.way.edge)];
        flow.enters_by = step.way.direction == 0 ? edge.port_b : edge.port_a;
        at = choice.next;
    }
}

const FabricRoutes::Middles& FabricRoutes::spread_over(std::uint32_t from, std::uint32_t to, int limit) {
    if (spread_.size() > kSpreadKept) {
        spread_.clear();
    }
    const auto [known, fresh] = spread_.try_emplace(std::uint64_t{from} << 32 | to);
    Middles& middles = known->second;
    if (!fresh) {
        return middles;
    }
    const std::vector<ChoiceList>& lists = choice_lists_[to];
    const auto choices = [&](std::uint32_t at, std::vector<PathStep>& steps) {
        for (std::uint32_t i = 0; i < lists[at].count; ++i) {
            const WayOn& choice = choices_[lists[at].first + i];
            steps.push_back({choice.port, choice.next});
        }
    };
    spread_paths(from, to, limit, choices,
                 [&middles](const std::vector<std::uint16_t>& ports) { middles.push_back(ports); });
    if (middles.empty()) {
        middles.emplace_back();  // both ends are on one switch, and nothing lies between
    }
    return middles;
}

bool FabricRoutes::by_dimension(std::uint32_t from, std::uint32_t to) {
    if (dimensions_ == nullptr) {
        switch_part_ = std::make_unique<Subgraph>(topology_, switches_);
        dimensions_ = std::make_unique<DimensionOrder>(topology_, *switch_part_);
    }
    return dimensions_->add_route(switches_[from], switches_[to], path_);
}

// Both halves by dimension where the fabric has several, else hop by hop with the flow's hash.
void FabricRoutes::over_random_switch(std::uint32_t from, std::uint32_t to, const Flow& flow, std::uint64_t draw) {
    const std::int32_t tier = topology_.nodes[index(switches_[from])].tier;
    std::vector<std::uint32_t> candidates;
    for (std::uint32_t n = 0; n < switches_.size(); ++n) {
        if (topology_.nodes[index(switches_[n])].tier == tier && joined(from, n) && joined(n, to)) {
            candidates.push_back(n);
        }
    }
    const std::uint32_t middle = candidates[hash_choice(draw, static_cast<std::uint32_t>(candidates.size()))];
    static_cast<void>(by_dimension(from, from));  // prepares dimensions_
    if (dimensions_->dimensions() > 1) {
        if (by_dimension(from, middle) && by_dimension(middle, to)) {
            return;
        }
        path_.clear();
    }
    add_hops(from, middle, flow);
    add_hops(middle, to, flow);
}

const FabricRoutes::Middles& FabricRoutes::find_middles(const NicPort& out, const NicPort& in, const Flow& flow,
                                                        std::uint64_t draw) {
    middles_.clear();
    path_.clear();
    const std::uint32_t from = out.ethernet;
    const std::uint32_t to = in.ethernet;
    if (choose_later_ && from != to) {
        middles_.push_back(
            {kRouteChoice, static_cast<std::uint16_t>(to & 0xFFFF), static_cast<std::uint16_t>(to >> 16)});
        return middles_;
    }
    switch (config_.fabric) {
        case FabricRouting::shortest:
            return spread_over(from, to, kMaxRoutes);
        case FabricRouting::spray:
        case FabricRouting::adaptive:
            return spread_over(from, to, kMaxSprayRoutes);
        case FabricRouting::dimension_order:
            if (!by_dimension(from, to)) {
                add_hops(from, to, flow);
            }
            break;
        case FabricRouting::valiant:
            over_random_switch(from, to, flow, draw);
            break;
        case FabricRouting::ecmp:
        case FabricRouting::spread:
        case FabricRouting::first:
            add_hops(from, to, flow);
            break;
    }
    middles_.push_back(path_);  // empty where both ends are on one switch
    return middles_;
}

std::span<const WayOn> FabricRoutes::ways_on(NodeId at, std::uint32_t target) {
    const std::uint32_t here = switch_number_[index(at)];
    if (here == kNone || !joined(here, target)) {
        return {};
    }
    const ChoiceList& list = choice_lists_[target][here];
    return {choices_.data() + list.first, list.count};
}

std::optional<RouteSet> FabricRoutes::of_packets(CardId from, CardId to, std::uint64_t message) {
    choose_later_ = config_.fabric == FabricRouting::spray || config_.fabric == FabricRouting::adaptive;
    const auto routes = between(from, to, message);
    choose_later_ = false;
    return routes;
}

std::optional<RouteSet> FabricRoutes::between(CardId from, CardId to, std::uint64_t message) {
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
    const std::uint64_t nics = std::uint64_t{out.node} << 32 | in.node;
    for (std::uint32_t plane = 0; plane < std::min(out.ports, in.ports); ++plane) {
        const NicPort& out_port = nic_ports_[out.first_port + plane];
        const NicPort& in_port = nic_ports_[in.first_port + plane];
        if (out_port.ethernet == kNone || in_port.ethernet == kNone || !joined(out_port.ethernet, in_port.ethernet)) {
            continue;
        }
        const Flow flow{hash_step(hash_step(config_.seed, nics), plane), in_port.spread_key, in_port.spread_key,
                        out_port.ethernet_port};
        for (const std::vector<std::uint16_t>& middle :
             find_middles(out_port, in_port, flow, hash_step(flow.hash ^ kValiantStream, message))) {
            store_.add_port(source.card_to_pcie);
            store_.add_port(source.pcie_to_nic);
            store_.add_port(out_port.port);
            for (const std::uint16_t port : middle) {
                store_.add_port(port);
            }
            store_.add_port(in_port.ethernet_port);
            store_.add_port(in.to_pcie);
            store_.add_port(target.pcie_to_card);
            store_.end_route();
        }
    }
    return store_.routes() > 0 ? std::optional{store_.keep()} : std::nullopt;
}

}  // namespace myriad
