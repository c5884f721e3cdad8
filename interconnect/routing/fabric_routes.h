#pragma once
// Routes that leave the server: card, PCIe switch, NIC, Ethernet switches, NIC, PCIe switch, card; for each port of the
// source's NIC one, or as many as the rule spreads a message over.

#include "interconnect/routing/dimension_order.h"
#include "interconnect/routing/route_store.h"
#include "interconnect/routing/routes.h"
#include "interconnect/topology/topology.h"
#include "sim/identity/card_id.h"
#include "sim/network/route.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

namespace myriad {

class FabricRoutes {
public:
    FabricRoutes(const Topology& topology, const RoutingConfig& config, RouteStore& store);

    // Nothing when a card has no NIC or no plane joins the two NICs. `message` numbers the draws of Valiant; the routes
    // of message 0 are those of the pair.
    [[nodiscard]] std::optional<RouteSet> between(CardId from, CardId to, std::uint64_t message);
    // As Router says.
    [[nodiscard]] std::optional<RouteSet> of_packets(CardId from, CardId to, std::uint64_t message);
    [[nodiscard]] std::span<const WayOn> ways_on(NodeId at, std::uint32_t target);

private:
    static constexpr std::uint32_t kNone = 0xFFFF'FFFF;

    struct NicPort {
        std::uint32_t ethernet = kNone;   // dense number of the switch that it is plugged into
        std::uint16_t port = 0;           // of the NIC
        std::uint16_t ethernet_port = 0;  // of the switch
        std::uint32_t spread_key = 0;     // this NIC's number among the NICs of its rail, what `spread` deals by
    };
    struct Nic {
        std::uint32_t node = kNone;
        std::uint32_t first_port = 0;  // in nic_ports_
        std::uint32_t ports = 0;
        std::uint16_t to_pcie = 0;
    };
    struct Attachment {  // of a card
        std::uint32_t nic = kNone;
        std::uint32_t pcie = kNone;  // node of the PCIe switch
        std::uint16_t card_to_pcie = 0;
        std::uint16_t pcie_to_card = 0;
        std::uint16_t pcie_to_nic = 0;
    };
    struct ChoiceList {
        std::uint32_t first = 0;
        std::uint32_t count = 0;
        bool upward = false;  // all of them lead to a higher tier
    };

    void number_switches();
    void number_nics();
    void attach_cards();
    void number_spread_keys();
    // The switch behind a port; kNone where there is none, or the link is down.
    [[nodiscard]] std::uint32_t next_switch(NodeId ethernet, std::uint16_t port) const;
    void find_choices(std::uint32_t target);
    ChoiceList choices_at(std::uint32_t ethernet, const std::vector<std::uint32_t>& distances);
    // Whether Ethernet switches lead from one switch to the other; prepares the choices towards `to`.
    bool joined(std::uint32_t from, std::uint32_t to);
    // What a flow's switches hash and deal by.
    struct Flow {
        std::uint64_t hash = 0;
        std::uint32_t spread_key = 0;
        std::uint32_t up_key = 0;     // what the tiers so far have left over of it
        std::uint16_t enters_by = 0;  // port of the switch at hand
    };
    // Appends the ports from switch to switch: one path by the rule that goes hop by hop.
    void add_hops(std::uint32_t from, std::uint32_t to, Flow flow);
    [[nodiscard]] std::uint32_t pick(const ChoiceList& list, NodeId at, Flow& flow) const;
    // The parts between the first and the last switch, each as ports; valid until the next call.
    using Middles = std::vector<std::vector<std::uint16_t>>;
    [[nodiscard]] const Middles& find_middles(const NicPort& out, const NicPort& in, const Flow& flow,
                                              std::uint64_t draw);
    [[nodiscard]] const Middles& spread_over(std::uint32_t from, std::uint32_t to, int limit);
    bool by_dimension(std::uint32_t from, std::uint32_t to);
    void over_random_switch(std::uint32_t from, std::uint32_t to, const Flow& flow, std::uint64_t draw);

    const Topology& topology_;
    RoutingConfig config_;
    RouteStore& store_;
    std::vector<NodeId> switches_;              // dense number -> node
    std::vector<std::uint32_t> switch_number_;  // node -> dense number
    std::vector<Nic> nics_;
    std::vector<NicPort> nic_ports_;
    std::vector<std::uint32_t> nic_number_;  // node -> number in nics_
    std::vector<Attachment> attachments_;    // by card
    std::vector<WayOn> choices_;
    std::vector<std::vector<ChoiceList>> choice_lists_;  // by target switch (empty until asked for), then by switch
    std::unique_ptr<Subgraph> switch_part_;              // for routing by dimension, made when first asked for
    std::unique_ptr<DimensionOrder> dimensions_;
    std::vector<std::uint16_t> path_;  // being put together
    Middles middles_;                  // of the plane at hand
    // Of pairs of switches over which messages are spread: the same for all their NICs. Looked up, never iterated.
    std::unordered_map<std::uint64_t, Middles> spread_;
    bool choose_later_ = false;  // middles name the target instead of ports
};

}  // namespace myriad
