#pragma once
// Routes between cards of one server over ICN links alone, shared by all servers of the same shape.

#include "interconnect/routing/dimension_order.h"
#include "interconnect/routing/route_store.h"
#include "interconnect/routing/routes.h"
#include "interconnect/routing/shortest_paths.h"
#include "interconnect/topology/topology.h"
#include "sim/identity/card_id.h"
#include "sim/network/route.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace myriad {

class ServerRoutes {
public:
    ServerRoutes(const Topology& topology, const RoutingConfig& config, RouteStore& store);

    // Nothing unless both cards sit in one server and ICN leads from one to the other. `message` numbers the draws of
    // Valiant; the routes of message 0 are those of the pair.
    [[nodiscard]] std::optional<RouteSet> between(CardId from, CardId to, std::uint64_t message);

    [[nodiscard]] std::size_t shapes() const noexcept { return shapes_.size(); }

private:
    // What one server's cards and ICN switches look like; routes are kept by place in the representative's nodes.
    struct Shape {
        explicit Shape(Subgraph nodes) : part(std::move(nodes)), distances(part) {}
        Subgraph part;
        NearbyDistances distances;
        std::vector<std::uint32_t> cards;            // places
        std::unique_ptr<DimensionOrder> dimensions;  // made when first asked for
        // Known routes by target and source where all pairs fit, else those asked for last, by a hash of the pair.
        std::vector<std::vector<RouteSet>> by_target;
        struct Recent {
            std::uint64_t pair = ~std::uint64_t{0};
            RouteSet routes;
        };
        std::vector<Recent> recent;
    };
    void find_shapes();
    [[nodiscard]] std::vector<std::uint32_t> signature(const Subgraph& part) const;
    [[nodiscard]] RouteSet& known_routes(Shape& shape, std::uint32_t source, std::uint32_t target);
    // An empty set of words when nothing leads there.
    [[nodiscard]] RouteSet compute(Shape& shape, std::uint32_t source, std::uint32_t target, std::uint64_t message);
    void add_shortest(Shape& shape, std::uint32_t source, std::uint32_t target, int limit);
    bool add_by_dimension(Shape& shape, std::uint32_t source, std::uint32_t target);
    bool add_over_random_card(Shape& shape, std::uint32_t source, std::uint32_t target, std::uint64_t message);
    void add_route(const std::vector<std::uint16_t>& ports);

    const Topology& topology_;
    const RoutingConfig config_;
    RouteStore& store_;
    std::vector<std::unique_ptr<Shape>> shapes_;
    std::vector<std::uint32_t> shape_of_server_;
    std::vector<std::uint32_t> place_;  // of each end in its server's ICN nodes
    std::vector<std::uint16_t> ports_;
};

}  // namespace myriad
