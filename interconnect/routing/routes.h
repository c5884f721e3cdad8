#pragma once
// Paths from card to card as sequences of output ports: what a source writes into a packet and what the analytic
// level adds up.
//
// Inside a server: every shortest path over ICN (never through PCIe where ICN leads there), at most kMaxRoutes of them,
// computed once for all servers of the same shape. Between servers: card, PCIe switch, NIC, fabric, NIC, PCIe
// switch, card; one route for each port of the source's NIC, which leaves on the port of the same number at the
// destination; the choice among equal up-links is FabricRouting's. Any other graph: every shortest path.

#include "interconnect/topology/config.h"
#include "interconnect/topology/topology.h"
#include "sim/identity/card_id.h"
#include "sim/network/route.h"

#include <cstdint>
#include <memory>

namespace myriad {

// More shortest paths than this (a hypercube has d! of them) are cut to the first ones in order of ports.
inline constexpr int kMaxRoutes = 8;

// Routes of one topology. A pair's routes are computed when they are asked for and are the same whenever and in
// whatever order pairs are asked; equal route sets are stored once, so millions of pairs fit. What a RouteSet points to
// stays where it is for the life of the Router.
class Router {
public:
    virtual ~Router() = default;
    // All routes over which a message from `from` to `to` is spread, in equal shares. from != to. Throws UserError
    // when no path exists (the message names both cards).
    [[nodiscard]] virtual RouteSet between(CardId from, CardId to) = 0;
};

struct RoutingConfig {
    FabricRouting fabric = FabricRouting::ecmp;
    std::uint64_t seed = 1;
};

// `topology` must outlive the router.
[[nodiscard]] std::unique_ptr<Router> make_router(const Topology& topology, const RoutingConfig& config);

}  // namespace myriad
