// The router tries, in this order: ICN inside the server, PCIe and fabric, and for graphs that are neither (no servers,
// or cards without NICs) every shortest path of the whole graph.

#include "interconnect/routing/fabric_routes.h"
#include "interconnect/routing/routes.h"
#include "interconnect/routing/server_routes.h"
#include "interconnect/routing/shortest_paths.h"
#include "sim/error/error.h"

#include <fmt/format.h>

#include <memory>
#include <numeric>
#include <optional>
#include <unordered_map>

namespace myriad {
namespace {

std::vector<NodeId> all_nodes(const Topology& topology) {
    std::vector<NodeId> nodes;
    nodes.reserve(topology.nodes.size());
    for (std::uint32_t n = 0; n < topology.nodes.size(); ++n) {
        nodes.push_back(NodeId{n});
    }
    return nodes;
}

class GraphRouter final : public Router {
public:
    GraphRouter(const Topology& topology, const RoutingConfig& config)
        : topology_(topology),
          inside_(topology, store_),
          outside_(topology, config, store_),
          everything_(topology, all_nodes(topology)) {}

    RouteSet between(CardId from, CardId to) override {
        MYRIAD_CHECK(
            from != to && index(from) < topology_.cards.size() && index(to) < topology_.cards.size(),
            fmt::format("route from card {} to card {} of {}", index(from), index(to), topology_.cards.size()));
        if (const auto routes = inside_.between(from, to)) {
            return *routes;
        }
        if (const auto routes = outside_.between(from, to)) {
            return *routes;
        }
        return anywhere(from, to);
    }

private:
    RouteSet anywhere(CardId from, CardId to) {
        const std::uint64_t pair = std::uint64_t{index(from)} << 32 | index(to);
        if (const auto known = pairs_.find(pair); known != pairs_.end()) {
            return known->second;
        }
        const NodeId source = topology_.cards[index(from)];
        const NodeId target = topology_.cards[index(to)];
        if (!distances_target_ || *distances_target_ != target) {
            distances_ = everything_.distances_to(target);
            distances_target_ = target;
        }
        store_.begin();
        everything_.each_path(source, distances_, kMaxRoutes, [this](const std::vector<std::uint16_t>& ports) {
            for (const std::uint16_t port : ports) {
                store_.add_port(port);
            }
            store_.end_route();
        });
        if (store_.routes() == 0) {
            throw UserError(fmt::format("no path leads from {} to {}", topology_.nodes[index(source)].name,
                                        topology_.nodes[index(target)].name));
        }
        return pairs_.emplace(pair, store_.keep()).first->second;
    }

    const Topology& topology_;
    RouteStore store_;
    ServerRoutes inside_;
    FabricRoutes outside_;
    Subgraph everything_;
    std::unordered_map<std::uint64_t, RouteSet> pairs_;  // looked up only, never iterated
    std::optional<NodeId> distances_target_;             // the last search, for askers who go through all sources
    std::vector<std::uint32_t> distances_;
};

}  // namespace

std::unique_ptr<Router> make_router(const Topology& topology, const RoutingConfig& config) {
    return std::make_unique<GraphRouter>(topology, config);
}

}  // namespace myriad
