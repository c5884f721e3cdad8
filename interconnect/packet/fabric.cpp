// Construction of the packet level's modules. A link lives in the server that both its ends are in, else at the top.
// Module names are the topology's names; a name is unique because the topology's is.

#include "interconnect/packet/fabric.h"

#include "sim/error/error.h"

#include <algorithm>

namespace myriad {

namespace {

// A module that only holds others: children made while `build` runs are its own.
class Container final : public sc_core::sc_module {
public:
    template <class Build>
    Container(const sc_core::sc_module_name& name, Build&& build) : sc_module(name) {
        build();
    }
};

// "server3.card5" -> "card5"; dots separate levels in SystemC names.
std::string leaf_name(const std::string& name) {
    const auto dot = name.rfind('.');
    return dot == std::string::npos ? name : name.substr(dot + 1);
}

std::string flat_name(std::string name) {
    std::replace(name.begin(), name.end(), '.', '_');
    return name;
}

template <class T>
void reverse_if(std::vector<T>& items, BuildOrder order) {
    if (order == BuildOrder::reversed) {
        std::reverse(items.begin(), items.end());
    }
}

}  // namespace

void CardMaker::make_reducer(std::uint32_t, const std::string& name, const std::vector<PortSpec>&) {
    MYRIAD_CHECK(false, name + " adds, but nobody makes such switches here");
}

PortSocket& CardMaker::reducer_port(std::uint32_t reducer, std::uint16_t) {
    MYRIAD_CHECK(false, "no switch " + std::to_string(reducer) + " that adds");
}

PacketFabric::PacketFabric(const Topology& topology, Agenda& agenda, HotArena& arena, CardMaker& cards,
                           BuildOrder order, const QueueingConfig& queueing)
    : topology_(topology),
      agenda_(agenda),
      arena_(arena),
      queueing_(queueing),
      links_(topology.edges.size()),
      switches_(topology.nodes.size()),
      card_of_node_(topology.nodes.size()) {
    for (std::size_t c = 0; c < topology.cards.size(); ++c) {
        card_of_node_[index(topology.cards[c])] = CardId{static_cast<std::uint32_t>(c)};
    }
    for (std::uint32_t r = 0; r < topology.reducers.size(); ++r) {
        reducer_of_node_[index(topology.reducers[r])] = r;
    }
    // Nodes and edges by server; the last bin is the fabric between servers.
    const auto bins = static_cast<std::size_t>(topology.servers) + 1;
    std::vector<std::vector<std::uint32_t>> nodes(bins);
    std::vector<std::vector<std::uint32_t>> edges(bins);
    const auto bin_of = [&](std::int32_t server) {
        return server == kNoServer ? bins - 1 : static_cast<std::size_t>(server);
    };
    for (std::uint32_t n = 0; n < topology.nodes.size(); ++n) {
        nodes[bin_of(topology.nodes[n].server)].push_back(n);
    }
    for (std::uint32_t e = 0; e < topology.edges.size(); ++e) {
        const std::int32_t server_a = topology.nodes[index(topology.edges[e].a)].server;
        const std::int32_t server_b = topology.nodes[index(topology.edges[e].b)].server;
        edges[bin_of(server_a == server_b ? server_a : kNoServer)].push_back(e);
    }
    std::vector<std::size_t> sequence(bins);
    for (std::size_t i = 0; i < bins; ++i) {
        sequence[i] = i;
        reverse_if(nodes[i], order);
        reverse_if(edges[i], order);
    }
    reverse_if(sequence, order);
    for (const std::size_t i : sequence) {
        if (i + 1 == bins) {
            build_group(nodes[i], edges[i], cards);
            continue;
        }
        servers_.push_back(std::make_unique<Container>(("server" + std::to_string(i)).c_str(),
                                                       [&] { build_group(nodes[i], edges[i], cards); }));
    }
    modules_ += servers_.size();
    bind(cards);
}

void PacketFabric::build_group(const std::vector<std::uint32_t>& nodes, const std::vector<std::uint32_t>& edges,
                               CardMaker& cards) {
    for (const std::uint32_t node : nodes) {
        build_node(node, cards);
    }
    for (const std::uint32_t edge : edges) {
        build_link(edge);
    }
    modules_ += nodes.size() + edges.size();
}

std::vector<PortSpec> PacketFabric::port_specs(std::uint32_t node) const {
    std::vector<PortSpec> specs;
    const Node& here = topology_.nodes[node];
    specs.reserve(here.ports.size());
    for (const EdgeId edge : here.ports) {
        // Side a of a link is a target and side b an initiator, so the node at a is the initiator.
        const bool at_a = index(topology_.edges[index(edge)].a) == node;
        const LinkClass& link = class_of(topology_, edge);
        specs.push_back({at_a ? PortRole::initiator : PortRole::target, link.latency[at_a ? 0 : 1], link.bandwidth});
    }
    return specs;
}

void PacketFabric::build_node(std::uint32_t node, CardMaker& cards) {
    const Node& here = topology_.nodes[node];
    const std::vector<PortSpec> specs = port_specs(node);
    if (here.kind == NodeKind::card) {
        cards.make_card(card_of_node_[node], leaf_name(here.name), specs);
        return;
    }
    const std::string name = here.server == kNoServer ? flat_name(here.name) : leaf_name(here.name);
    if (const auto reducer = reducer_of_node_.find(node); reducer != reducer_of_node_.end()) {
        cards.make_reducer(reducer->second, name, specs);
        return;
    }
    std::vector<PortRole> roles;
    roles.reserve(specs.size());
    for (const PortSpec& spec : specs) {
        roles.push_back(spec.role);
    }
    switches_[node] = make_switch(here.kind, name, arena_, roles);
}

void PacketFabric::build_link(std::uint32_t edge) {
    const LinkClass& link_class = class_of(topology_, EdgeId{edge});
    links_[edge] = std::make_unique<Link>((link_class.name + "_" + std::to_string(edge)).c_str(), agenda_, arena_, edge,
                                          link_class.bandwidth, link_class.latency[0], link_class.latency[1]);
    if (!queueing_.plain()) {
        queue_link(edge);
    }
}

void PacketFabric::add_ethernet(LinkControlConfig& config, std::uint32_t edge, int direction) {
    const EthernetControl& ethernet = *queueing_.control.ethernet;
    const Edge& ends = topology_.edges[edge];
    const NodeId node = direction == 0 ? ends.b : ends.a;
    const LinkClass& link = class_of(topology_, EdgeId{edge});
    config.marking = &ethernet.mark;
    config.errors = {ethernet.bit_error_rate, ethernet.error_detection};
    config.pause_latency = link.latency[1 - direction] + ethernet.pause.reaction;
    const Bytes needed = headroom_needed(link.bandwidth, link.latency[0] + link.latency[1], ethernet.pause.reaction,
                                         queueing_.largest_packet);
    if (ethernet.pause.headroom < needed) {
        throw UserError("a headroom of " + std::to_string(ethernet.pause.headroom.count()) +
                        " B is too little for link " + link.name + ": from the decision to pause to its effect " +
                        std::to_string(needed.count()) + " B can come in with packets of " +
                        std::to_string(queueing_.largest_packet.count()) + " B");
    }
    shared_.resize(topology_.nodes.size());
    if (!shared_[index(node)]) {
        shared_[index(node)] =
            std::make_unique<SharedBuffer>(ethernet.pause, topology_.nodes[index(node)].ports.size());
    }
    config.shared = shared_[index(node)].get();
    config.input = direction == 0 ? ends.port_b : ends.port_a;
}

LinkControlConfig PacketFabric::control_config(std::uint32_t edge, int direction) {
    const Edge& ends = topology_.edges[edge];
    const LinkClass& link = class_of(topology_, EdgeId{edge});
    LinkControlConfig config;
    config.arbitration = queueing_.arbitration;
    config.dimension = channel_dimension(topology_, ends);
    config.closes_ring = ends.closes_ring;
    config.credit_latency = link.latency[1 - direction];
    const FlowControlConfig& control = queueing_.control;
    if (!control.modelled) {
        return config;
    }
    const LinkKind kind = kind_of(topology_, ends);
    if (kind != LinkKind::ethernet) {
        const CreditConfig& credits = kind == LinkKind::icn ? control.icn : control.pcie;
        config.channels = credits.virtual_channels;
        config.buffer = credits.buffer.count() * link.bonded;
        config.queues = control.queues;
        config.errors = credits.errors;
    } else if (control.ethernet) {
        add_ethernet(config, edge, direction);
    }
    if (config.marking != nullptr || config.errors.bit_error_rate > 0.0) {
        const std::string name = "link " + std::to_string(edge) + "." + std::to_string(direction);
        config.chance = &chances_.emplace_back(control.seed, name);
    }
    return config;
}

void PacketFabric::queue_link(std::uint32_t edge) {
    for (int d = 0; d < 2; ++d) {
        const LinkControlConfig config = control_config(edge, d);
        const auto channels = static_cast<std::size_t>(config.channels);
        auto* states =
            static_cast<ChannelState*>(arena_.allocate(channels * sizeof(ChannelState), alignof(ChannelState)));
        InputFifo* inputs = nullptr;
        if (config.queues == InputQueues::one) {
            inputs = static_cast<InputFifo*>(arena_.allocate(channels * sizeof(InputFifo), alignof(InputFifo)));
        }
        for (std::size_t c = 0; c < channels; ++c) {
            new (states + c) ChannelState(config.buffer);
            if (inputs != nullptr) {
                new (inputs + c) InputFifo;
            }
        }
        links_[edge]->direction(d).queue_by(arena_.make<LinkControl>(config, queueing_memory_, states, inputs));
    }
}

PortSocket& PacketFabric::port_of(NodeId node, std::uint16_t port, CardMaker& cards) {
    const auto& forwarder = switches_[index(node)];
    if (forwarder) {
        return forwarder->port(port);
    }
    const auto reducer = reducer_of_node_.find(index(node));
    return reducer != reducer_of_node_.end() ? cards.reducer_port(reducer->second, port)
                                             : cards.card_port(card_of_node_[index(node)], port);
}

void PacketFabric::bind(CardMaker& cards) {
    for (std::size_t e = 0; e < links_.size(); ++e) {
        const Edge& edge = topology_.edges[e];
        bind_ports(port_of(edge.a, edge.port_a, cards), links_[e]->side_a);
        bind_ports(links_[e]->side_b, port_of(edge.b, edge.port_b, cards));
    }
}

void PacketFabric::choose_ways(Router& router, bool by_queue) {
    for (std::uint32_t node = 0; node < switches_.size(); ++node) {
        if (switches_[node] != nullptr && topology_.nodes[node].kind == NodeKind::ethernet_switch) {
            switches_[node]->choose_by(
                std::make_unique<PortChooser>(router, NodeId{node}, topology_.nodes[node].ports.size(), by_queue));
        }
    }
}

std::int64_t PacketFabric::hops() const {
    std::int64_t hops = 0;
    for (const auto& link : links_) {
        hops += link->direction(0).model().stats().packets + link->direction(1).model().stats().packets;
    }
    return hops;
}

}  // namespace myriad
