#pragma once
// A fabric with queues under hand-made topologies: port banks instead of cards, messages posted by the test.

#include "interconnect/packet/congestion.h"
#include "interconnect/packet/fabric.h"
#include "interconnect/packet/flow_laws.h"
#include "interconnect/routing/routes.h"
#include "interconnect/topology/build.h"
#include "models/ppu/port_bank.h"
#include "sim/systemc/agenda_bridge.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace myriad::test {

// Nodes and links by hand.
class Drawing {
public:
    explicit Drawing(std::string name) { topology_.name = std::move(name); }
    std::uint32_t node(NodeKind kind, const std::string& name) {
        Node node;
        node.kind = kind;
        node.name = name;
        topology_.nodes.push_back(node);
        const auto id = static_cast<std::uint32_t>(topology_.nodes.size() - 1);
        if (kind == NodeKind::card) {
            topology_.cards.push_back(NodeId{id});
        }
        return id;
    }
    void link(std::uint32_t a, std::uint32_t b, BytesPerSecond rate, Picoseconds latency, std::uint8_t dimension = 0,
              bool closes_ring = false) {
        topology_.link_classes.push_back({"link", rate, latency});
        Edge edge;
        edge.a = NodeId{a};
        edge.b = NodeId{b};
        edge.port_a = static_cast<std::uint16_t>(topology_.nodes[a].ports.size());
        edge.port_b = static_cast<std::uint16_t>(topology_.nodes[b].ports.size());
        edge.link_class = static_cast<std::uint16_t>(topology_.link_classes.size() - 1);
        edge.dimension = dimension;
        edge.closes_ring = closes_ring;
        const EdgeId id{static_cast<std::uint32_t>(topology_.edges.size())};
        topology_.nodes[a].ports.push_back(id);
        topology_.nodes[b].ports.push_back(id);
        topology_.edges.push_back(edge);
    }
    [[nodiscard]] const Topology& topology() const { return topology_; }

private:
    Topology topology_;
};

// Cards 0 .. n-1, each by one link to a switch.
inline Topology star(int cards, BytesPerSecond rate, Picoseconds latency, NodeKind kind = NodeKind::icn_switch) {
    Drawing drawing("star");
    const std::uint32_t centre = drawing.node(kind, "switch");
    for (int c = 0; c < cards; ++c) {
        drawing.link(drawing.node(NodeKind::card, "card" + std::to_string(c)), centre, rate, latency);
    }
    return drawing.topology();
}

// A torus of these sizes, card numbers with the first coordinate fastest; sizes of 3 and more close their rings.
inline Topology torus(const std::vector<int>& sizes, BytesPerSecond rate, Picoseconds latency) {
    Drawing drawing("torus");
    int cards = 1;
    for (const int size : sizes) {
        cards *= size;
    }
    for (int c = 0; c < cards; ++c) {
        drawing.node(NodeKind::card, "card" + std::to_string(c));
    }
    int stride = 1;
    for (std::size_t dimension = 0; dimension < sizes.size(); ++dimension) {
        const int size = sizes[dimension];
        for (int c = 0; c < cards; ++c) {
            const int at = c / stride % size;
            if (at + 1 < size || size > 2) {
                const int next = at + 1 < size ? c + stride : c - at * stride;
                drawing.link(static_cast<std::uint32_t>(c), static_cast<std::uint32_t>(next), rate, latency,
                             static_cast<std::uint8_t>(dimension), at + 1 == size);
            }
        }
        stride *= size;
    }
    return drawing.topology();
}

class FlowRig final : private CardMaker, private MessageClient {
public:
    FlowRig(Topology drawn, Bytes cell, const QueueingConfig& queueing)
        : topology(std::move(drawn)), router(make_router(topology, {})), banks_(topology.cards.size()), cell_(cell) {
        fabric = std::make_unique<PacketFabric>(topology, agenda, memory.arena, static_cast<CardMaker&>(*this),
                                                BuildOrder::forward, queueing);
        if (queueing.control.paced()) {
            congestion = std::make_unique<CongestionControl>(
                topology, agenda, ComponentId{fabric->first_free_component()}, *queueing.control.ethernet->dcqcn);
            for (const auto& bank : banks_) {
                bank->pace_by(*congestion);
            }
        }
        if (!queueing.plain()) {
            for (const auto& bank : banks_) {
                bank->leave_turns_to_links();
            }
        }
        sc_core::sc_start(sc_core::SC_ZERO_TIME);
    }

    // Posts a message now; `tag` names it in `ends`. Messages of one poster and route follow one another.
    void post(int from, int to, std::int64_t bytes, std::uint64_t tag, void* poster = nullptr) {
        Message& message = memory.messages.take();
        message.from = CardId{static_cast<std::uint32_t>(from)};
        message.to = CardId{static_cast<std::uint32_t>(to)};
        message.size = Bytes{bytes};
        message.routes = router->between(message.from, message.to);
        message.tag = tag;
        message.context = poster;
        message.client = this;
        banks_[static_cast<std::size_t>(from)]->post(message);
        posted += bytes;
    }
    void run() { sc_core::sc_start(); }
    // Of the message with this tag; -1 while it has not ended.
    [[nodiscard]] Picoseconds end(std::uint64_t tag) const {
        const auto found = ends.find(tag);
        return found == ends.end() ? ps(-1) : found->second;
    }
    [[nodiscard]] Picoseconds last_end() const {
        Picoseconds last = ps(-1);
        for (const auto& [tag, time] : ends) {
            last = std::max(last, time);
        }
        return last;
    }
    // The direction of a link that leaves `node` for `to`, by their numbers in the drawing.
    [[nodiscard]] LinkDirection& direction(std::uint32_t node, std::uint32_t to) {
        for (std::uint32_t e = 0; e < topology.edges.size(); ++e) {
            const Edge& edge = topology.edges[e];
            if (index(edge.a) == node && index(edge.b) == to) {
                return fabric->link(EdgeId{e}).direction(0);
            }
            if (index(edge.b) == node && index(edge.a) == to) {
                return fabric->link(EdgeId{e}).direction(1);
            }
        }
        throw std::out_of_range("no such link");
    }
    // The law that is broken, or nothing.
    [[nodiscard]] std::string broken_law() {
        std::vector<std::string> held;
        try {
            check_flow_laws(*fabric, held);
        } catch (const LawError& error) {
            return error.what();
        }
        return memory.packets.in_use() == 0 && posted == arrived ? "" : "packets are left over";
    }

    Topology topology;
    std::unique_ptr<Router> router;
    Agenda agenda;
    NetworkMemory memory;
    AgendaBridge bridge{"bridge", agenda};
    std::unique_ptr<PacketFabric> fabric;
    std::unique_ptr<CongestionControl> congestion;
    std::map<std::uint64_t, Picoseconds> ends;
    std::int64_t posted = 0;
    std::int64_t arrived = 0;

private:
    void make_card(CardId card, const std::string& name, const std::vector<PortSpec>& ports) override {
        banks_[index(card)] = std::make_unique<PortBank>(name.c_str(), agenda, memory, cell_, ports);
    }
    PortSocket& card_port(CardId card, std::uint16_t port) override { return banks_[index(card)]->port(port); }
    void on_message_arrival(Message& message) override {
        ends[message.tag] = agenda.now().time_since_epoch();
        arrived += message.arrived.count();
        memory.messages.give_back(message);
    }

    std::vector<std::unique_ptr<PortBank>> banks_;
    Bytes cell_;
};

// Credits on every chip link: `buffer` bytes a virtual channel.
inline QueueingConfig credits(int channels, std::int64_t buffer, Arbitration arbitration = Arbitration::round_robin) {
    QueueingConfig queueing;
    queueing.arbitration = arbitration;
    queueing.control.modelled = true;
    queueing.control.icn = {channels, Bytes{buffer}};
    return queueing;
}

}  // namespace myriad::test
