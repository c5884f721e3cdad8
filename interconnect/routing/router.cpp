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
    GraphRouter(const Topology& topology, const RoutingConfig& config) : topology_(topology), config_(config) {
        topology_changed();
    }

    RouteSet between(CardId from, CardId to) override { return find(from, to, 0); }

    RouteSet of_message(CardId from, CardId to, std::uint64_t message) override {
        return find(from, to, config_.valiant == ValiantDraw::message ? message + 1 : 0);
    }

    RouteSet of_packets(CardId from, CardId to, std::uint64_t message) override {
        if (config_.fabric == FabricRouting::spray || config_.fabric == FabricRouting::adaptive) {
            const bool cards = index(from) < topology_.cards.size() && index(to) < topology_.cards.size();
            if (cards && !inside_->between(from, to, 0)) {
                if (const auto routes = outside_->of_packets(from, to, 0)) {
                    return *routes;
                }
            }
        }
        return of_message(from, to, message);
    }

    std::span<const WayOn> ways_on(NodeId at, std::uint32_t target) override { return outside_->ways_on(at, target); }

    bool draws_for_messages() const override {
        return config_.valiant == ValiantDraw::message &&
               (config_.fabric == FabricRouting::valiant || config_.server == ServerRouting::valiant);
    }

    void topology_changed() override {
        inside_.emplace(topology_, config_, store_);
        outside_.emplace(topology_, config_, store_);
        everything_.emplace(topology_, all_nodes(topology_));
        distances_.emplace(*everything_);
        pairs_.clear();
    }

private:
    RouteSet find(CardId from, CardId to, std::uint64_t message) {
        MYRIAD_CHECK(
            from != to && index(from) < ends_of(topology_) && index(to) < ends_of(topology_),
            fmt::format("route from card {} to card {} of {}", index(from), index(to), topology_.cards.size()));
        if (const auto routes = inside_->between(from, to, message)) {
            return *routes;
        }
        const std::size_t cards = topology_.cards.size();
        if (index(from) >= cards || index(to) >= cards) {
            return anywhere(from, to);  // a switch that adds is at no NIC
        }
        if (const auto routes = outside_->between(from, to, message)) {
            return *routes;
        }
        return anywhere(from, to);
    }

    RouteSet anywhere(CardId from, CardId to) {
        const std::uint64_t pair = std::uint64_t{index(from)} << 32 | index(to);
        if (const auto known = pairs_.find(pair); known != pairs_.end()) {
            return known->second;
        }
        const std::uint32_t source = index(node_of(topology_, from));
        const std::uint32_t target = index(node_of(topology_, to));
        distances_->aim_at(target);
        if (distances_->find(source) == kUnreachable) {
            throw UserError(
                fmt::format("no path leads from {} to {}", topology_.nodes[source].name, topology_.nodes[target].name));
        }
        store_.begin();
        const auto choices = [&](std::uint32_t place, std::vector<PathStep>& steps) {
            everything_->nearer(
                place, [&](std::uint32_t at) { return distances_->known(at); }, steps);
        };
        spread_paths(source, target, kMaxRoutes, choices, [this](const std::vector<std::uint16_t>& ports) {
            for (const std::uint16_t port : ports) {
                store_.add_port(port);
            }
            store_.end_route();
        });
        return pairs_.emplace(pair, store_.keep()).first->second;
    }

    const Topology& topology_;
    const RoutingConfig config_;
    RouteStore store_;
    std::optional<ServerRoutes> inside_;
    std::optional<FabricRoutes> outside_;
    std::optional<Subgraph> everything_;                 // places are nodes
    std::optional<NearbyDistances> distances_;           // in it
    std::unordered_map<std::uint64_t, RouteSet> pairs_;  // looked up only, never iterated
};

}  // namespace

RoutingConfig routing_of(const ClusterConfig& cluster) {
    return {cluster.routing, cluster.routing_seed, cluster.ecmp_hash, cluster.server.routing, cluster.valiant};
}

std::unique_ptr<Router> make_router(const Topology& topology, const RoutingConfig& config) {
    return std::make_unique<GraphRouter>(topology, config);
}

}  // namespace myriad
