// In-server routing over cards and ICN switches, never through PCIe. Two servers have the same
// shape when their ICN nodes, taken in order, have the same kinds and the same ports leading to the same places; then
// the same port numbers are a route in both, and only the first is searched.

#include "interconnect/routing/server_routes.h"

#include "interconnect/routing/flow_hash.h"

#include <algorithm>
#include <utility>

namespace myriad {
namespace {

// Up to this many nodes a server's pairs fit into a table (8 MiB).
constexpr std::size_t kNodesOfTable = 1024;
constexpr std::size_t kRecentRoutes = std::size_t{1} << 18;
constexpr std::uint64_t kValiantStream = 0x56616C69616E7431;  // keeps its draws apart from those of ecmp

constexpr std::uint32_t kDown = kUnreachable - 1;  // in a signature

bool carries_icn(NodeKind kind) { return kind == NodeKind::card || kind == NodeKind::icn_switch; }

}  // namespace

ServerRoutes::ServerRoutes(const Topology& topology, const RoutingConfig& config, RouteStore& store)
    : topology_(topology), config_(config), store_(store), place_(ends_of(topology), kUnreachable) {
    find_shapes();
}

void ServerRoutes::find_shapes() {
    std::vector<std::vector<NodeId>> members;
    for (std::uint32_t n = 0; n < topology_.nodes.size(); ++n) {
        const Node& node = topology_.nodes[n];
        if (node.server != kNoServer && carries_icn(node.kind)) {
            const auto server = static_cast<std::size_t>(node.server);
            if (members.size() <= server) {
                members.resize(server + 1);
            }
            members[server].push_back(NodeId{n});
        }
    }
    std::map<std::vector<std::uint32_t>, std::uint32_t> known;
    std::vector<std::uint32_t> position(topology_.nodes.size(), kUnreachable);
    shape_of_server_.assign(members.size(), kUnreachable);
    for (std::size_t server = 0; server < members.size(); ++server) {
        if (members[server].empty()) {
            continue;
        }
        for (std::size_t i = 0; i < members[server].size(); ++i) {
            position[index(members[server][i])] = static_cast<std::uint32_t>(i);
        }
        Subgraph part(topology_, std::move(members[server]));
        const auto [entry, is_new] = known.try_emplace(signature(part), static_cast<std::uint32_t>(shapes_.size()));
        shape_of_server_[server] = entry->second;
        if (is_new) {
            shapes_.push_back(std::make_unique<Shape>(std::move(part)));
            Shape& shape = *shapes_.back();
            for (std::uint32_t place = 0; place < shape.part.nodes().size(); ++place) {
                if (topology_.nodes[index(shape.part.nodes()[place])].kind == NodeKind::card) {
                    shape.cards.push_back(place);
                }
            }
        }
    }
    for (std::uint32_t end = 0; end < place_.size(); ++end) {
        place_[end] = position[index(node_of(topology_, CardId{end}))];
    }
}

std::vector<std::uint32_t> ServerRoutes::signature(const Subgraph& part) const {
    std::vector<std::uint32_t> words;
    for (const NodeId id : part.nodes()) {
        const Node& node = topology_.nodes[index(id)];
        words.push_back(static_cast<std::uint32_t>(node.kind));
        words.push_back(static_cast<std::uint32_t>(node.ports.size()));
        for (std::size_t port = 0; port < node.ports.size(); ++port) {
            const Step step = step_over(topology_, id, static_cast<std::uint16_t>(port));
            const bool down = topology_.edges[index(step.way.edge)].down;
            words.push_back(down ? kDown : part.position(step.to));
        }
    }
    return words;
}

// A set without words stands for a pair that has not been asked for.
RouteSet& ServerRoutes::known_routes(Shape& shape, std::uint32_t source, std::uint32_t target) {
    const std::size_t nodes = shape.part.nodes().size();
    if (nodes <= kNodesOfTable) {
        shape.by_target.resize(nodes);
        std::vector<RouteSet>& row = shape.by_target[target];
        if (row.empty()) {
            row.resize(nodes);
        }
        return row[source];
    }
    shape.recent.resize(kRecentRoutes);
    const std::uint64_t pair = std::uint64_t{target} << 32 | source;
    Shape::Recent& entry = shape.recent[mix_bits(pair) % kRecentRoutes];
    if (entry.pair != pair) {
        entry = {pair, RouteSet{}};
    }
    return entry.routes;
}

std::optional<RouteSet> ServerRoutes::between(CardId from, CardId to, std::uint64_t message) {
    const std::int32_t server = topology_.nodes[index(node_of(topology_, from))].server;
    if (server == kNoServer || server != topology_.nodes[index(node_of(topology_, to))].server) {
        return std::nullopt;
    }
    Shape& shape = *shapes_[shape_of_server_[static_cast<std::size_t>(server)]];
    const std::uint32_t source = place_[index(from)];
    const std::uint32_t target = place_[index(to)];
    if (message != 0 && config_.server == ServerRouting::valiant) {
        const RouteSet routes = compute(shape, source, target, message);
        return routes.words() == nullptr ? std::nullopt : std::optional(routes);
    }
    RouteSet& routes = known_routes(shape, source, target);
    if (routes.words() == nullptr) {
        routes = compute(shape, source, target, 0);
    }
    return routes.words() == nullptr ? std::nullopt : std::optional(routes);
}

RouteSet ServerRoutes::compute(Shape& shape, std::uint32_t source, std::uint32_t target, std::uint64_t message) {
    store_.begin();
    switch (config_.server) {
        case ServerRouting::shortest:
            add_shortest(shape, source, target, kMaxRoutes);
            break;
        case ServerRouting::first:
            add_shortest(shape, source, target, 1);
            break;
        case ServerRouting::spray:
            add_shortest(shape, source, target, kMaxSprayRoutes);
            break;
        case ServerRouting::dimension_order:
            if (!add_by_dimension(shape, source, target)) {
                add_shortest(shape, source, target, 1);
            }
            break;
        case ServerRouting::valiant:
            if (!add_over_random_card(shape, source, target, message)) {
                add_shortest(shape, source, target, 1);
            }
            break;
    }
    return store_.routes() > 0 ? store_.keep() : RouteSet{};
}

void ServerRoutes::add_route(const std::vector<std::uint16_t>& ports) {
    for (const std::uint16_t port : ports) {
        store_.add_port(port);
    }
    store_.end_route();
}

void ServerRoutes::add_shortest(Shape& shape, std::uint32_t source, std::uint32_t target, int limit) {
    shape.distances.aim_at(target);
    const std::uint32_t hops = shape.distances.find(source);
    if (hops == kUnreachable) {
        return;
    }
    const auto choices = [&](std::uint32_t place, std::vector<PathStep>& steps) {
        shape.part.nearer(
            place, [&](std::uint32_t at) { return shape.distances.known(at); }, steps);
    };
    spread_paths(source, target, std::min(limit, RouteStore::most_routes(hops)), choices,
                 [this](const std::vector<std::uint16_t>& ports) { add_route(ports); });
}

bool ServerRoutes::add_by_dimension(Shape& shape, std::uint32_t source, std::uint32_t target) {
    if (shape.dimensions == nullptr) {
        shape.dimensions = std::make_unique<DimensionOrder>(topology_, shape.part);
    }
    ports_.clear();
    const bool found = shape.dimensions->add_route(shape.part.nodes()[source], shape.part.nodes()[target], ports_);
    if (found) {
        add_route(ports_);
    }
    return found;
}

bool ServerRoutes::add_over_random_card(Shape& shape, std::uint32_t source, std::uint32_t target,
                                        std::uint64_t message) {
    if (shape.dimensions == nullptr) {
        shape.dimensions = std::make_unique<DimensionOrder>(topology_, shape.part);
    }
    const std::uint64_t pair = std::uint64_t{source} << 32 | target;
    const std::uint64_t draw = hash_step(hash_step(config_.seed ^ kValiantStream, pair), message);
    const std::uint32_t middle = shape.cards[hash_choice(draw, static_cast<std::uint32_t>(shape.cards.size()))];
    const auto node = [&](std::uint32_t place) { return shape.part.nodes()[place]; };
    ports_.clear();
    const bool found = shape.dimensions->add_route(node(source), node(middle), ports_) &&
                       shape.dimensions->add_route(node(middle), node(target), ports_);
    if (found) {
        add_route(ports_);
    }
    return found;
}

}  // namespace myriad
