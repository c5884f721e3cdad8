#pragma once
// Routes that leave the server: card, PCIe switch, NIC, Ethernet switches, NIC, PCIe switch, card; one for each port of
// the source's NIC.

#include "interconnect/routing/route_store.h"
#include "interconnect/routing/routes.h"
#include "interconnect/topology/topology.h"
#include "sim/identity/card_id.h"
#include "sim/network/route.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace myriad {

class FabricRoutes {
public:
    FabricRoutes(const Topology& topology, const RoutingConfig& config, RouteStore& store);

    // Nothing when a card has no NIC or no plane joins the two NICs.
    [[nodiscard]] std::optional<RouteSet> between(CardId from, CardId to);

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
    struct Choice {  // one of the equal ways on from a switch
        std::uint32_t ethernet = 0;
        std::uint16_t port = 0;
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
    void find_choices(std::uint32_t target);
    ChoiceList choices_at(std::uint32_t ethernet, const std::vector<std::uint32_t>& distances);
    // Whether Ethernet switches lead from one switch to the other; prepares the choices towards `to`.
    bool joined(std::uint32_t from, std::uint32_t to);
    void add_fabric_hops(const Nic& source, const NicPort& out, const NicPort& in, const Nic& target,
                         std::uint32_t plane);

    const Topology& topology_;
    RoutingConfig config_;
    RouteStore& store_;
    std::vector<NodeId> switches_;              // dense number -> node
    std::vector<std::uint32_t> switch_number_;  // node -> dense number
    std::vector<Nic> nics_;
    std::vector<NicPort> nic_ports_;
    std::vector<std::uint32_t> nic_number_;  // node -> number in nics_
    std::vector<Attachment> attachments_;    // by card
    std::vector<Choice> choices_;
    std::vector<std::vector<ChoiceList>> choice_lists_;  // by target switch (empty until asked for), then by switch
};

}  // namespace myriad
