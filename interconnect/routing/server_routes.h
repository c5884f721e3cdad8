#pragma once
// Routes between cards of one server over ICN links alone, shared by all servers of the same shape.

#include "interconnect/routing/route_store.h"
#include "interconnect/routing/shortest_paths.h"
#include "interconnect/topology/topology.h"
#include "sim/identity/card_id.h"
#include "sim/network/route.h"

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace myriad {

class ServerRoutes {
public:
    ServerRoutes(const Topology& topology, RouteStore& store);

    // Whether both cards sit in one server and ICN leads from one to the other.
    [[nodiscard]] std::optional<RouteSet> between(CardId from, CardId to);

    [[nodiscard]] std::size_t shapes() const noexcept { return shapes_.size(); }

private:
    // What one server's cards and ICN switches look like; routes are kept by place in the representative's nodes.
    struct Shape {
        Subgraph part;
        std::vector<std::vector<std::uint32_t>> distances;  // by target, empty until asked for
        std::vector<std::vector<RouteSet>> routes;          // by target, then by source; words() null until asked for
    };
    void find_shapes();
    [[nodiscard]] std::vector<std::uint32_t> signature(const Subgraph& part) const;
    RouteSet compute(Shape& shape, std::uint32_t source, std::uint32_t target);

    const Topology& topology_;
    RouteStore& store_;
    std::vector<Shape> shapes_;
    std::vector<std::uint32_t> shape_of_server_;
    std::vector<std::uint32_t> place_;  // of each card in its server's ICN nodes
};

}  // namespace myriad
