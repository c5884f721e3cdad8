// In-server routing: breadth-first search over cards and ICN switches, never through PCIe. Two servers have the same
// shape when their ICN nodes, taken in order, have the same kinds and the same ports leading to the same places; then
// the same port numbers are a route in both, and only the first is searched.

#include "interconnect/routing/server_routes.h"

#include "interconnect/routing/routes.h"

#include <utility>

namespace myriad {
namespace {

bool carries_icn(NodeKind kind) { return kind == NodeKind::card || kind == NodeKind::icn_switch; }

}  // namespace

ServerRoutes::ServerRoutes(const Topology& topology, RouteStore& store)
    : topology_(topology), store_(store), place_(topology.cards.size(), kUnreachable) {
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
            const std::size_t size = part.nodes().size();
            shapes_.push_back({std::move(part), std::vector<std::vector<std::uint32_t>>(size),
                               std::vector<std::vector<RouteSet>>(size)});
        }
    }
    for (std::size_t card = 0; card < topology_.cards.size(); ++card) {
        place_[card] = position[index(topology_.cards[card])];
    }
}

std::vector<std::uint32_t> ServerRoutes::signature(const Subgraph& part) const {
    std::vector<std::uint32_t> words;
    for (const NodeId id : part.nodes()) {
        const Node& node = topology_.nodes[index(id)];
        words.push_back(static_cast<std::uint32_t>(node.kind));
        words.push_back(static_cast<std::uint32_t>(node.ports.size()));
        for (std::size_t port = 0; port < node.ports.size(); ++port) {
            words.push_back(part.position(step_over(topology_, id, static_cast<std::uint16_t>(port)).to));
        }
    }
    return words;
}

std::optional<RouteSet> ServerRoutes::between(CardId from, CardId to) {
    const std::int32_t server = topology_.nodes[index(topology_.cards[index(from)])].server;
    if (server == kNoServer || server != topology_.nodes[index(topology_.cards[index(to)])].server) {
        return std::nullopt;
    }
    Shape& shape = shapes_[shape_of_server_[static_cast<std::size_t>(server)]];
    const std::uint32_t source = place_[index(from)];
    const std::uint32_t target = place_[index(to)];
    std::vector<RouteSet>& row = shape.routes[target];
    if (row.empty()) {
        row.resize(shape.part.nodes().size());
        shape.distances[target] = shape.part.distances_to(shape.part.nodes()[target]);
    }
    if (shape.distances[target][source] == kUnreachable) {
        return std::nullopt;
    }
    if (row[source].words() == nullptr) {
        row[source] = compute(shape, source, target);
    }
    return row[source];
}

RouteSet ServerRoutes::compute(Shape& shape, std::uint32_t source, std::uint32_t target) {
    store_.begin();
    shape.part.each_path(shape.part.nodes()[source], shape.distances[target], kMaxRoutes,
                         [this](const std::vector<std::uint16_t>& ports) {
                             for (const std::uint16_t port : ports) {
                                 store_.add_port(port);
                             }
                             store_.end_route();
                         });
    return store_.keep();
}

}  // namespace myriad
