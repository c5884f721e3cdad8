#pragma once
// Turns a Topology into SystemC modules: servers as containers, links, switches and NICs inside them and between them.
// Cards belong to the other floor: the caller makes them and hands out their ports.

#include "interconnect/packet/link.h"
#include "interconnect/packet/switch.h"
#include "interconnect/topology/topology.h"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace myriad {

class CardMaker {
public:
    // Constructs the card as a module of this name inside the module that is being constructed now.
    virtual void make_card(CardId card, const std::string& name, const std::vector<PortSpec>& ports) = 0;
    [[nodiscard]] virtual PortSocket& card_port(CardId card, std::uint16_t port) = 0;
    // The same for Topology::reducers, by their place there.
    virtual void make_reducer(std::uint32_t reducer, const std::string& name, const std::vector<PortSpec>& ports);
    [[nodiscard]] virtual PortSocket& reducer_port(std::uint32_t reducer, std::uint16_t port);

protected:
    ~CardMaker() = default;
};

enum class BuildOrder : std::uint8_t { forward, reversed };  // reversed: to show that results do not depend on it

class PacketFabric {
public:
    // `topology` outlives the fabric. Component ids [0, 2 x edges) belong to the links.
    PacketFabric(const Topology& topology, Agenda& agenda, HotArena& arena, CardMaker& cards,
                 BuildOrder order = BuildOrder::forward, const QueueingConfig& queueing = {});

    // Lets Ethernet switches pick the ports that routes leave open: in turn, or by the queues. Before elaboration.
    void choose_ways(Router& router, bool by_queue);

    [[nodiscard]] const Link& link(EdgeId edge) const { return *links_[index(edge)]; }
    [[nodiscard]] std::size_t links() const { return links_.size(); }
    [[nodiscard]] Link& link(EdgeId edge) { return *links_[index(edge)]; }
    [[nodiscard]] const Topology& topology() const noexcept { return topology_; }
    [[nodiscard]] const QueueingConfig& queueing() const noexcept { return queueing_; }
    // Of an Ethernet switch or NIC whose links pause; null: none.
    [[nodiscard]] const SharedBuffer* shared_buffer(NodeId node) const {
        return shared_.empty() ? nullptr : shared_[index(node)].get();
    }
    [[nodiscard]] std::uint32_t first_free_component() const { return static_cast<std::uint32_t>(2 * links_.size()); }

    // Packet hops so far: packets times links crossed.
    [[nodiscard]] std::int64_t hops() const;
    [[nodiscard]] std::size_t modules() const { return modules_; }

private:
    void build_node(std::uint32_t node, CardMaker& cards);
    void build_link(std::uint32_t edge);
    void queue_link(std::uint32_t edge);
    [[nodiscard]] LinkControlConfig control_config(std::uint32_t edge, int direction);
    void add_ethernet(LinkControlConfig& config, std::uint32_t edge, int direction);
    void build_group(const std::vector<std::uint32_t>& nodes, const std::vector<std::uint32_t>& edges,
                     CardMaker& cards);
    void bind(CardMaker& cards);
    [[nodiscard]] PortSocket& port_of(NodeId node, std::uint16_t port, CardMaker& cards);
    [[nodiscard]] std::vector<PortSpec> port_specs(std::uint32_t node) const;

    const Topology& topology_;
    Agenda& agenda_;
    HotArena& arena_;
    QueueingConfig queueing_;
    QueueingMemory queueing_memory_;
    std::vector<std::unique_ptr<SharedBuffer>> shared_;  // by node; null where there is none
    std::deque<RandomStream> chances_;                   // of links with marks or errors
    std::vector<std::unique_ptr<sc_core::sc_module>> servers_;
    std::vector<std::unique_ptr<Link>> links_;       // by edge
    std::vector<std::unique_ptr<Switch>> switches_;  // by node, null for cards and what adds
    std::vector<CardId> card_of_node_;
    std::map<std::uint32_t, std::uint32_t> reducer_of_node_;
    std::size_t modules_ = 0;
};

}  // namespace myriad
