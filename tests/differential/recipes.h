#pragma once
// One small cluster for every wiring recipe and every fabric recipe, for tests that hold something for all of them.

#include "interconnect/topology/wiring.h"
#include "tests/unit/topology/clusters.h"

#include <string>
#include <utility>
#include <vector>

namespace myriad::test {

struct Recipe {
    std::string name;
    ClusterConfig cluster;
};

inline WiringConfig grid_of(WiringRecipe recipe, std::vector<int> sizes) {
    WiringConfig wiring;
    wiring.recipe = recipe;
    wiring.sizes = std::move(sizes);
    return wiring;
}

// A server of links of 50 GB/s and 100 ns, 25 ns a switch; as many links a card as the wiring asks for.
inline Recipe wired(std::string name, const WiringConfig& wiring, int links) {
    ClusterConfig cluster = one_server(wiring, static_cast<int>(cards_of(wiring)));
    cluster.server.links.links = links;
    return {std::move(name), std::move(cluster)};
}

// The recipes that put switches between cards.
inline std::vector<Recipe> switched_recipes() {
    std::vector<Recipe> all;
    WiringConfig switches = simple(WiringRecipe::icn_switch, 8);
    all.push_back(wired("icn_switch 8", switches, 6));
    switches.switches = 3;
    all.push_back(wired("icn_switch 8 over 3 switches", switches, 6));
    WiringConfig planes = simple(WiringRecipe::switch_planes, 16);
    planes.node_size = 4;
    planes.planes = 2;
    planes.upper_switches = 2;
    all.push_back(wired("switch_planes 16 of 4, 2 planes", planes, 4));
    // Maia: full meshes of four beside one another, and switches over all.
    WiringConfig quads = product_of({simple(WiringRecipe::full_mesh, 4), simple(WiringRecipe::separate, 2)});
    quads.factors[0].links = 1;
    WiringConfig over = simple(WiringRecipe::icn_switch, 8);
    over.links = 3;
    WiringConfig overlay;
    overlay.recipe = WiringRecipe::overlay;
    overlay.size = 8;
    overlay.factors = {quads, over};
    all.push_back(wired("overlay of quads and a switch", overlay, 6));
    return all;
}

inline std::vector<Recipe> wiring_recipes() {
    std::vector<Recipe> all{
        wired("full_mesh 5", simple(WiringRecipe::full_mesh, 5), 4),
        wired("ring 7", simple(WiringRecipe::ring, 7), 2),
        wired("line 5", simple(WiringRecipe::line, 5), 2),
        wired("mesh 3 x 4", grid_of(WiringRecipe::mesh, {3, 4}), 4),
        wired("torus 4 x 3", grid_of(WiringRecipe::torus, {4, 3}), 4),
        wired("torus 3 x 4 x 5", grid_of(WiringRecipe::torus, {3, 4, 5}), 6),
        wired("hypercube 16", simple(WiringRecipe::hypercube, 16), 4),
        wired("hyperx 4 x 3", grid_of(WiringRecipe::hyperx, {4, 3}), 5),
        wired("matched_quads 8", simple(WiringRecipe::matched_quads, 8), 4),
        wired("product full_mesh 4 x full_mesh 4", k4_k4(), 6),
        wired("product full_mesh 3 x ring 5",
              product_of({simple(WiringRecipe::full_mesh, 3), simple(WiringRecipe::ring, 5)}), 4),
    };
    WiringConfig twisted = grid_of(WiringRecipe::torus, {4, 8});
    twisted.twisted = true;
    all.push_back(wired("twisted torus 4 x 8", twisted, 4));
    WiringConfig half_wrapped = grid_of(WiringRecipe::torus, {3, 5});
    half_wrapped.wrap = {false, true};
    all.push_back(wired("torus 3 x 5 wrapped in one dimension", half_wrapped, 4));
    WiringConfig dragonfly = simple(WiringRecipe::dragonfly, 36);
    dragonfly.group_size = 4;
    dragonfly.global_links = 2;
    all.push_back(wired("dragonfly 9 groups of 4", dragonfly, 5));
    // Two triangles of unlike links that share a card.
    WiringConfig edges = simple(WiringRecipe::edges, 5);
    edges.edges = {{.a = 0, .b = 1}, {.a = 1, .b = 2, .links = 2}, {.a = 0, .b = 2}, {.a = 2, .b = 3}, {.a = 3, .b = 4},
                   {.a = 2, .b = 4}};
    edges.edges[4].bandwidth = BytesPerSecond{20'000'000'000};
    edges.edges[5].latency = us(1);
    all.push_back(wired("edges: two triangles", edges, 5));
    for (Recipe& recipe : switched_recipes()) {
        all.push_back(std::move(recipe));
    }
    return all;
}

// Servers of four cards with a full mesh and two NICs of two 25 GB/s ports; up-links of 50 GB/s.
inline ClusterConfig small_servers(int servers, FabricRecipe recipe) {
    ClusterConfig cluster = ppu_servers(servers);
    cluster.server.cards = 4;
    cluster.server.wiring = simple(WiringRecipe::full_mesh, 4);
    cluster.server.nics.count = 2;
    cluster.fabric.name = "net";
    cluster.fabric.recipe = recipe;
    return cluster;
}

// The recipes that go up and down between tiers.
inline std::vector<Recipe> tree_recipes() {
    std::vector<Recipe> all;
    all.push_back({"one_switch", small_servers(4, FabricRecipe::one_switch)});
    ClusterConfig clos2 = small_servers(6, FabricRecipe::clos2);
    clos2.fabric.leaf_down = 4;
    clos2.fabric.spines = 3;
    all.push_back({"clos2", clos2});
    ClusterConfig clos3 = small_servers(8, FabricRecipe::clos3);
    clos3.fabric.leaf_down = 4;
    clos3.fabric.leaves_per_pod = 2;
    clos3.fabric.aggs_per_pod = 2;
    clos3.fabric.cores = 4;
    clos3.fabric.max_pods = 4;
    all.push_back({"clos3", clos3});
    ClusterConfig rails = small_servers(6, FabricRecipe::rail_optimised);
    rails.fabric.hosts_per_segment = 2;
    rails.fabric.max_segments = 4;
    rails.fabric.spines = 2;
    all.push_back({"rail_optimised", rails});
    rails.fabric.recipe = FabricRecipe::rail_only;
    all.push_back({"rail_only", rails});
    ClusterConfig hpn = small_servers(8, FabricRecipe::hpn7);
    hpn.fabric.hosts_per_segment = 2;
    hpn.fabric.rails = 2;
    hpn.fabric.aggs_per_plane = 2;
    hpn.fabric.max_segments = 2;
    hpn.fabric.max_pods = 2;
    hpn.fabric.agg_uplinks = 2;
    hpn.fabric.cores_per_plane = 2;
    all.push_back({"hpn7 with a core", hpn});
    ClusterConfig dcn = small_servers(8, FabricRecipe::dcn_plus);
    dcn.fabric.hosts_per_segment = 2;
    dcn.fabric.tors_per_segment = 4;
    dcn.fabric.max_segments = 2;
    dcn.fabric.aggs_per_pod = 2;
    dcn.fabric.max_pods = 2;
    dcn.fabric.cores = 4;
    all.push_back({"dcn_plus", dcn});
    return all;
}

inline std::vector<Recipe> fabric_recipes() {
    std::vector<Recipe> all = tree_recipes();
    ClusterConfig plus = small_servers(6, FabricRecipe::dragonfly_plus);
    plus.fabric.leaves = 2;
    plus.fabric.spines = 2;
    plus.fabric.hosts_per_switch = 4;
    plus.fabric.global_links = 1;
    plus.fabric.groups = 3;
    all.push_back({"dragonfly_plus", plus});
    ClusterConfig direct = small_servers(9, FabricRecipe::direct);
    direct.fabric.hosts_per_switch = 4;
    direct.fabric.switches = grid_of(WiringRecipe::torus, {4, 3});
    all.push_back({"direct torus 4 x 3", direct});
    direct.fabric.switches = simple(WiringRecipe::dragonfly, 12);
    direct.fabric.switches.group_size = 4;
    direct.fabric.switches.global_links = 1;
    all.push_back({"direct dragonfly 3 groups of 4", direct});
    return all;
}

}  // namespace myriad::test
