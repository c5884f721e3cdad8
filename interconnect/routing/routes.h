#pragma once
// Paths from card to card as sequences of output ports: what a source writes into a packet and what the analytic
// level adds up.
//
// Inside a server: by ServerRouting over ICN (never through PCIe where ICN leads there), for all servers of the same
// shape at once. Between servers: card, PCIe switch, NIC, fabric, NIC, PCIe switch, card; for each port of the source's
// NIC, leaving on the port of the same number at the destination; the choice among equal up-links is FabricRouting's.
// Any other graph, and what is left when links are down: every shortest path. Links that are down are on no route.

#include "interconnect/topology/config.h"
#include "interconnect/topology/topology.h"
#include "sim/identity/card_id.h"
#include "sim/network/route.h"

#include <cstdint>
#include <memory>
#include <span>

namespace myriad {

// More shortest paths than this (a hypercube has d! of them) are cut to as many that deal every choice evenly.
inline constexpr int kMaxRoutes = 8;
// The same for packet spraying: more than the up-links of any switch in use.
inline constexpr int kMaxSprayRoutes = 256;

// A port of a switch and the switch behind it, by its number among the Router's.
struct WayOn {
    std::uint32_t next = 0;
    std::uint16_t port = 0;
};

// Routes of one topology. A pair's routes are computed when they are asked for and are the same whenever and in
// whatever order pairs are asked; equal route sets are stored once, so millions of pairs fit. What a RouteSet points to
// stays where it is for the life of the Router.
class Router {
public:
    virtual ~Router() = default;
    // All routes over which a message from `from` to `to` is spread, in equal shares. from != to. Throws UserError
    // when no path exists (the message names both cards).
    [[nodiscard]] virtual RouteSet between(CardId from, CardId to) = 0;
    // The same for one message of its source and destination, which differs where each message draws anew.
    [[nodiscard]] virtual RouteSet of_message(CardId from, CardId to, std::uint64_t message) = 0;
    // For packets: as of_message, but where each packet chooses its way (spray, adaptive) one route a plane, which names
    // the switch to get to instead of ports (sim/network/route_choice.h).
    [[nodiscard]] virtual RouteSet of_packets(CardId from, CardId to, std::uint64_t message) = 0;
    // The equal ways on from an Ethernet switch; valid until the next call. Empty where nothing leads there.
    [[nodiscard]] virtual std::span<const WayOn> ways_on(NodeId at, std::uint32_t target) = 0;
    // Whether routes differ from message to message.
    [[nodiscard]] virtual bool draws_for_messages() const = 0;
    // Links went down or came up: forgets what it has found. Route sets that were given out stay readable.
    virtual void topology_changed() = 0;
};

struct RoutingConfig {
    FabricRouting fabric = FabricRouting::ecmp;
    std::uint64_t seed = 1;
    EcmpHash hash = EcmpHash::per_switch;
    ServerRouting server = ServerRouting::shortest;
    ValiantDraw valiant = ValiantDraw::pair;
};

// What a cluster's configuration says about routing.
[[nodiscard]] RoutingConfig routing_of(const ClusterConfig& cluster);

// `topology` must outlive the router.
[[nodiscard]] std::unique_ptr<Router> make_router(const Topology& topology, const RoutingConfig& config);

}  // namespace myriad
