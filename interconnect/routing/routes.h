#pragma once
// Paths from card to card as sequences of output ports: what a source writes into a packet and what the analytic
// level adds up.

#include "interconnect/topology/topology.h"
#include "sim/identity/card_id.h"
#include "sim/network/route.h"

namespace myriad {

// Routes of one topology. `between` computes a pair's routes when it is first asked for and keeps them; the reference
// stays valid for the life of the Router. Routes inside a server are shared by all servers of the same shape.
class Router {
public:
    virtual ~Router() = default;
    // All routes over which a message from `from` to `to` is spread, in equal shares. from != to. Throws UserError
    // when no path exists (the message names both cards).
    [[nodiscard]] virtual const RouteSet& between(CardId from, CardId to) = 0;
};

}  // namespace myriad
