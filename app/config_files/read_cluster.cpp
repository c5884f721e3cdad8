// Server, fabric and cluster files. The recipes check their own sizes when the topology is built; what can be said
// here, with a place in a file, is said here.

#include "app/config_files/changes.h"
#include "app/config_files/read_hardware.h"
#include "app/config_files/words.h"
#include "interconnect/topology/build.h"
#include "interconnect/topology/wiring.h"

#include <fmt/format.h>

namespace myriad {
namespace {

NicConfig read_nics(Section s) {
    NicConfig nics;
    nics.count = s.get<int>("count");
    nics.ports = s.get<int>("ports");
    nics.port_bandwidth = payload_rate(s.get<BytesPerSecond>("port_bandwidth"), s.get<double>("efficiency"));
    nics.latency = s.get<Picoseconds>("latency");
    s.finish();
    return nics;
}

// The graph's own rules, reported at the wiring; then the links that it takes against those of the chip.
void check_wiring(Section& s, const ServerConfig& server) {
    if (cards_of(server.wiring) != server.cards) {
        s.error("wiring", fmt::format("wiring {} joins {} cards, but the server has {}", describe(server.wiring),
                                      cards_of(server.wiring), server.cards));
        return;
    }
    int used = 0;
    try {
        const WiringGraph wiring = wire(server.wiring, "server '" + server.name + "'", server.links.links);
        used = wiring.links_per_card();
        if (server.switch_reduction && wiring.switches.empty()) {
            s.error("switch_reduction", fmt::format("wiring {} has no switch that could add", describe(server.wiring)));
        }
    } catch (const UserError& error) {
        s.error("wiring", error.diagnostics().front().message);
        return;
    }
    if (server.link_budget == LinkBudget::fixed && used > server.links.links) {
        s.error("wiring", fmt::format("wiring {} takes {} links of a card, but the chip has {}; "
                                      "'link_budget: divided' shares its total over more",
                                      describe(server.wiring), used, server.links.links));
    }
}

void check_nics(Section& s, const ServerConfig& server) {
    if (server.nics.count > 0 && server.cards % server.nics.count != 0) {
        s.error("nics", fmt::format("{} NICs do not divide {} cards", server.nics.count, server.cards));
    }
}

// What the recipe would say too, at the value that breaks the rule.
void check_hpn7(Section& s, const ClusterConfig& c) {
    const FabricConfig& fabric = c.fabric;
    const NicConfig& nics = c.server.nics;
    if (nics.count != fabric.rails) {
        s.error("fabric", fmt::format("fabric '{}' has {} rails, but server '{}' has {} NICs", fabric.name,
                                      fabric.rails, c.server.name, nics.count));
    }
    if (nics.ports != fabric.planes) {
        s.error("fabric", fmt::format("fabric '{}' has {} planes, but a NIC of server '{}' has {} ports", fabric.name,
                                      fabric.planes, c.server.name, nics.ports));
    }
    const std::int64_t segments = std::int64_t{fabric.max_pods} * fabric.max_segments;
    const std::int64_t most = segments * fabric.hosts_per_segment;
    if (c.servers > most) {
        s.error("servers", fmt::format("{} servers do not fit fabric '{}': {} segments of {} hosts hold {}", c.servers,
                                       fabric.name, segments, fabric.hosts_per_segment, most));
    }
}

void check_fabric(Section& s, const ClusterConfig& c) {
    const FabricConfig& fabric = c.fabric;
    const NicConfig& nics = c.server.nics;
    if (nics.count == 0) {
        s.error("server",
                fmt::format("server '{}' has no NICs, so {} of them cannot be joined", c.server.name, c.servers));
        return;
    }
    if (fabric.recipe == FabricRecipe::hpn7) {
        check_hpn7(s, c);
        return;
    }
    try {
        for (const std::string& problem : fabric_problems(c)) {
            s.error("fabric", problem);
        }
    } catch (const UserError&) {
        // A wiring of switches that does not work has been reported by the fabric's own reader.
    }
}

}  // namespace

ServerFile read_server(Section s) {
    ServerFile file;
    ServerConfig& server = file.server;
    server.name = s.get<std::string>("name");
    file.title = s.find<std::string>("title").value_or(server.name);
    file.chip = read_chip(s.section("chip"));
    server.cards = s.get<int>("cards");
    server.links = file.chip.links;
    server.pcie = file.chip.pcie;
    if (const auto total = s.find<BytesPerSecond>("link_total"); total && server.links.links > 0) {
        server.links.per_link = BytesPerSecond{total->count() / (2 * server.links.links)};
    }
    server.wiring = read_wiring(s.section("wiring"), server.cards, GraphMembers::cards);
    server.routing = s.enumeration("routing", kServerRoutingWords);
    server.link_budget = s.enumeration("link_budget", kLinkBudgetWords);
    server.switch_latency = s.find<Picoseconds>("switch_latency").value_or(Picoseconds{});
    server.switch_reduction = s.find<bool>("switch_reduction").value_or(false);
    if (s.has("nics")) {
        server.nics = read_nics(s.section("nics"));
    }
    if (s.has("flow_control")) {
        file.flow_control = read_flow_control(s.section("flow_control"));
    }
    check_wiring(s, server);
    check_nics(s, server);
    s.finish();
    return file;
}

ClusterFile read_cluster(Section s) {
    ClusterFile file;
    ClusterConfig& cluster = file.cluster;
    cluster.name = s.get<std::string>("name");
    file.title = s.find<std::string>("title").value_or(cluster.name);
    cluster.servers = s.get<int>("servers");
    ServerFile server = read_server(s.section("server"));
    cluster.server = server.server;
    file.flow_control = server.flow_control;
    file.chip = server.chip;
    if (s.has("fabric")) {
        const FabricFile fabric = read_fabric(s.section("fabric"));
        cluster.fabric = fabric.fabric;
        if (file.flow_control) {
            file.flow_control->ethernet = fabric.flow_control;
        }
    }
    cluster.routing = s.enumeration("routing", kFabricRoutingWords);
    cluster.routing_seed = s.get<std::uint64_t>("routing_seed");
    cluster.ecmp_hash = s.enumeration("ecmp_hash", kEcmpHashWords);
    cluster.valiant = s.enumeration("valiant", kValiantWords);
    if (cluster.servers > 1) {
        if (cluster.fabric.recipe == FabricRecipe::none) {
            s.error("servers", fmt::format("{} servers need a 'fabric'", cluster.servers));
        } else {
            check_fabric(s, cluster);
        }
    }
    read_changes(s, cluster);
    s.finish();
    return file;
}

}  // namespace myriad
