// Fabrics over servers: the counts of the published rules, who is plugged into whom, and what is refused.

#include "interconnect/topology/build.h"
#include "sim/error/error.h"
#include "tests/unit/topology/clusters.h"

#include <catch2/catch.hpp>

#include <map>
#include <set>

using namespace myriad;
using namespace myriad::test;

namespace {

std::map<NodeKind, int> kinds(const Topology& topology) {
    std::map<NodeKind, int> counts;
    for (const Node& node : topology.nodes) {
        ++counts[node.kind];
    }
    return counts;
}

std::map<std::string, int> links(const Topology& topology) {
    std::map<std::string, int> counts;
    for (const Edge& edge : topology.edges) {
        ++counts[topology.link_classes[edge.link_class].name];
    }
    return counts;
}

const Node& named(const Topology& topology, const std::string& name) {
    for (const Node& node : topology.nodes) {
        if (node.name == name) {
            return node;
        }
    }
    FAIL("no node " << name);
    throw 0;
}

// Names of the nodes at the ports of `name`, in order.
std::vector<std::string> plugged(const Topology& topology, const std::string& name) {
    std::vector<std::string> names;
    const Node& node = named(topology, name);
    const NodeId id{static_cast<std::uint32_t>(&node - topology.nodes.data())};
    for (std::size_t port = 0; port < node.ports.size(); ++port) {
        names.push_back(topology.nodes[index(step_over(topology, id, static_cast<std::uint16_t>(port)).to)].name);
    }
    return names;
}

std::vector<std::string> errors_of(const ClusterConfig& config) {
    std::vector<std::string> messages;
    try {
        (void)build_topology(config);
    } catch (const UserError& error) {
        for (const Diagnostic& diagnostic : error.diagnostics()) {
            messages.push_back(diagnostic.message);
        }
    }
    return messages;
}

// Each port of a node is the end of an edge that knows it by the same number.
void check_ports(const Topology& topology) {
    std::size_t ends = 0;
    for (std::uint32_t n = 0; n < topology.nodes.size(); ++n) {
        const Node& node = topology.nodes[n];
        for (std::size_t port = 0; port < node.ports.size(); ++port, ++ends) {
            const Edge& edge = topology.edges[index(node.ports[port])];
            const bool is_a = index(edge.a) == n && edge.port_a == port;
            const bool is_b = index(edge.b) == n && edge.port_b == port;
            REQUIRE((is_a || is_b));
        }
    }
    CHECK(ends == 2 * topology.edges.size());
    for (const Edge& edge : topology.edges) {
        REQUIRE(topology.nodes[index(edge.a)].tier <= topology.nodes[index(edge.b)].tier);
    }
}

}  // namespace

TEST_CASE("16,384 cards on HPN 7.0 have the published counts") {
    const Topology topology = build_topology(hpn_cluster(1024));
    const auto nodes = kinds(topology);
    CHECK(topology.cards.size() == 16'384);
    CHECK(nodes.at(NodeKind::card) == 1024 * 16);
    CHECK(nodes.at(NodeKind::pcie_switch) == 1024 * 8);
    CHECK(nodes.at(NodeKind::nic) == 1024 * 8);
    // 1,024 / 128 = 8 segments of 8 rails x 2 ToRs, and 2 planes of 60 aggregation switches.
    CHECK(nodes.at(NodeKind::ethernet_switch) == 8 * 16 + 120);
    const auto counts = links(topology);
    CHECK(counts.at("icn") == 1024 * 48);
    CHECK(counts.at("pcie") == 1024 * 16);
    CHECK(counts.at("pcie_nic") == 1024 * 8);
    CHECK(counts.at("nic_tor") == 1024 * 16);
    CHECK(counts.at("tor_agg") == 128 * 60);
    check_ports(topology);
}

TEST_CASE("a ToR of HPN serves one rail of one plane, and planes never meet") {
    const Topology topology = build_topology(hpn_cluster(256));
    // Segment 1, rail 3, plane 1 is ToR 3 * 2 + 1; its hosts are servers 128..255.
    const auto ports = plugged(topology, "segment1.tor7");
    REQUIRE(ports.size() == 128 + 60);
    for (std::size_t host = 0; host < 128; ++host) {
        CHECK(ports[host] == "server" + std::to_string(128 + host) + ".nic3");
    }
    for (std::size_t agg = 0; agg < 60; ++agg) {
        CHECK(ports[128 + agg] == "plane1.agg" + std::to_string(agg));
    }
    // 2 segments x 8 rails below an aggregation switch.
    CHECK(plugged(topology, "plane0.agg59").size() == 16);
    CHECK(plugged(topology, "server130.nic3") ==
          std::vector<std::string>{"server130.pcie3", "segment1.tor6", "segment1.tor7"});
    CHECK(named(topology, "server130.nic3").segment == 1);
}

TEST_CASE("each NIC shares a PCIe switch with the cards that it serves") {
    const Topology topology = build_topology(switch_cluster(2));
    CHECK(plugged(topology, "server1.pcie4") ==
          std::vector<std::string>{"server1.card8", "server1.card9", "server1.nic4"});
    // A card: three of its row, three of its column, then PCIe.
    const auto card = plugged(topology, "server1.card9");
    REQUIRE(card.size() == 7);
    CHECK(card.front() == "server1.card8");
    CHECK(card.back() == "server1.pcie4");
    CHECK(plugged(topology, "switch0").size() == 2 * 8 * 2);
    check_ports(topology);
}

TEST_CASE("cards that do not divide evenly among NICs are still all served") {
    ClusterConfig config = ppu_servers(1);
    config.server.nics.count = 3;
    const Topology topology = build_topology(config);
    // [0, 5), [5, 10), [10, 16), each switch with its NIC
    CHECK(plugged(topology, "server0.pcie0").size() == 5 + 1);
    CHECK(plugged(topology, "server0.pcie1").size() == 5 + 1);
    CHECK(plugged(topology, "server0.pcie2").size() == 6 + 1);
    CHECK(plugged(topology, "server0.nic2") == std::vector<std::string>{"server0.pcie2"});
}

TEST_CASE("latency of a link contains the node that it enters") {
    const Topology topology = build_topology(hpn_cluster(2));
    std::map<std::string, LinkLatency> latency;
    for (const LinkClass& link : topology.link_classes) {
        latency[link.name] = link.latency;
    }
    CHECK(latency["icn"][0] == ns(100));
    CHECK(latency["pcie"][0] == ns(300));
    CHECK(latency["pcie"][1] == ns(300));
    CHECK(latency["pcie_nic"][0] == ns(300 + 700));  // into the NIC
    CHECK(latency["pcie_nic"][1] == ns(300));
    CHECK(latency["nic_tor"][0] == ns(500 + 400));  // into the switch
    CHECK(latency["nic_tor"][1] == ns(500 + 700));  // into the NIC
    CHECK(latency["tor_agg"][0] == ns(500 + 400));
    CHECK(latency["tor_agg"][1] == ns(500 + 400));
}

TEST_CASE("a two-level Clos fills leaves in order and keeps the ports of a NIC apart") {
    // 8 servers x 8 NICs = 64 NICs; 16 ports a leaf: 4 leaves for port 0 and 4 for port 1; 4 spines by 2 links.
    const Topology topology = build_topology(clos_cluster(8, 16, 4, 2));
    CHECK(kinds(topology).at(NodeKind::ethernet_switch) == 8 + 4);
    CHECK(links(topology).at("nic_leaf") == 128);
    CHECK(links(topology).at("leaf_spine") == 8 * 4 * 2);
    // Servers 2 and 3 fill leaf 1 (port 0) and leaf 5 (port 1).
    CHECK(plugged(topology, "server2.nic0") == std::vector<std::string>{"server2.pcie0", "leaf1", "leaf5"});
    CHECK(plugged(topology, "server3.nic7") == std::vector<std::string>{"server3.pcie7", "leaf1", "leaf5"});
    CHECK(plugged(topology, "leaf5").size() == 16 + 8);
    CHECK(plugged(topology, "spine3").size() == 8 * 2);
    check_ports(topology);
}

TEST_CASE("all servers have the same ports in the same order") {
    const Topology topology = build_topology(hpn_cluster(3));
    const std::size_t nodes = 32;  // 16 cards, 8 PCIe switches, 8 NICs
    for (std::size_t n = 0; n < nodes; ++n) {
        for (std::size_t server = 1; server < 3; ++server) {
            const Node& first = topology.nodes[n];
            const Node& other = topology.nodes[server * nodes + n];
            REQUIRE(first.ports.size() == other.ports.size());
            for (std::size_t p = 0; p < first.ports.size(); ++p) {
                const auto port = static_cast<std::uint16_t>(p);
                const auto to = index(step_over(topology, NodeId{static_cast<std::uint32_t>(n)}, port).to);
                const auto same =
                    index(step_over(topology, NodeId{static_cast<std::uint32_t>(server * nodes + n)}, port).to);
                if (to < nodes) {
                    REQUIRE(same == to + server * nodes);
                }
            }
        }
    }
}

TEST_CASE("clusters that do not fit together are refused with what was expected") {
    ClusterConfig config = ppu_servers(2);
    CHECK(errors_of(config) == std::vector<std::string>{"cluster 'test': 2 servers need a fabric, but none is given"});

    config = switch_cluster(2);
    config.server.nics.count = 0;
    CHECK(errors_of(config) ==
          std::vector<std::string>{"cluster 'test': fabric 'switch' needs NICs, but server 'server' has none"});

    config = switch_cluster(5000);  // 5,000 * 16 ports
    CHECK(errors_of(config) ==
          std::vector<std::string>{"cluster 'test': one switch would need 80000 ports, at most 65533 are possible"});

    config = hpn_cluster(1921);  // one more than 15 * 128
    CHECK(errors_of(config) ==
          std::vector<std::string>{"cluster 'test': 1921 servers fill 16 segments of 128 hosts, but fabric "
                                   "'hpn7' has at most 15"});

    config = hpn_cluster(2);
    config.fabric.rails = 4;
    config.fabric.planes = 1;
    CHECK(errors_of(config) ==
          std::vector<std::string>{
              "cluster 'test': hpn7 has 4 rails, but server 'server' has 8 NICs (one NIC is one rail)",
              "cluster 'test': hpn7 has 1 planes, but a NIC of server 'server' has 2 ports (one port is one plane)"});

    config = clos_cluster(2, 16, 0, 1);
    CHECK(errors_of(config) ==
          std::vector<std::string>{"cluster 'test': 0 spines with 1 links to each leaf, expected at least 1 of both"});

    config = switch_cluster(0);
    CHECK(errors_of(config) == std::vector<std::string>{"cluster 'test': 0 servers, expected at least 1"});

    config = switch_cluster(2);
    config.server.nics.count = 17;
    CHECK(errors_of(config) ==
          std::vector<std::string>{
              "server 'server': 17 NICs for 16 cards, expected 0 to 16 so that each NIC serves a card"});

    config = switch_cluster(2);
    config.server.links.efficiency = 0;
    CHECK(errors_of(config).size() == 1);
}

TEST_CASE("the largest pod of HPN is 15 segments") {
    const Topology topology = build_topology(hpn_cluster(1920));
    // 15 x 16 ToRs = 240 as in the published template, 120 aggregation switches of 15 x 8 = 120 ports down.
    CHECK(kinds(topology).at(NodeKind::ethernet_switch) == 240 + 120);
    CHECK(plugged(topology, "plane1.agg0").size() == 120);
}
