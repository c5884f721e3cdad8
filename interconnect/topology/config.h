#pragma once
// What a topology is built from, as read from configs/. The YAML readers (app/) fill these structs; the recipes turn
// them into a Topology.

#include "interconnect/topology/changes.h"
#include "sim/units/units.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace myriad {

enum class WiringRecipe : std::uint8_t {
    full_mesh,
    ring,
    icn_switch,
    product,
    matched_quads,
    line,
    mesh,
    torus,
    hypercube,
    hyperx,
    dragonfly,
    switch_planes,
    separate,
    overlay,
    edges,
};

// Of a link in both directions.
struct LinkTimes {
    Picoseconds forward{};
    Picoseconds backward{};
};

// A link of an explicit list; cards come first, then the switches.
struct WiringEdgeConfig {
    int a = 0;
    int b = 0;
    int links = 1;                         // of the chip, bonded into one
    BytesPerSecond bandwidth{};            // raw, per direction, of one of them; 0: the chip's
    std::optional<Picoseconds> latency{};  // absent: the chip's
    int dimension = 0;
    bool closes_ring = false;
    BytesPerSecond payload{};                  // of the whole bond, efficiency taken off; 0: from bandwidth
    std::optional<LinkTimes> whole_latency{};  // forwarding at its ends included; absent: from latency
};

// How the cards of a server are joined by ICN (or NVLink, ICI, NeuronLink, UB) links.
//   full_mesh      every pair
//   ring, line     neighbours; a ring also last to first
//   mesh, torus    neighbours along each dimension of `sizes`; a torus wraps around (wrap, wrap_multiple, twisted)
//   hypercube      cards whose numbers differ in one bit; size a power of two
//   hyperx         every pair along each dimension of `sizes`
//   dragonfly      full meshes of `group_size` cards, each card `global_links` links to other groups
//   icn_switch     each card to `switches` non-blocking switches, its links dealt over them and bonded
//   switch_planes  two levels of switches in `planes` planes that nothing joins: in each plane a first-level switch
//                  for every `node_size` cards, and `upper_switches` above them
//   product        the Cartesian graph product of `factors`, first factor innermost: K4 x K4
//   separate       no links: a factor that stands for copies beside one another
//   overlay        all links of all `factors` over the same cards
//   matched_quads  two full quads and a perfect matching (K4 x K2) with the numbering of the published board:
//                  0-6, 1-7, 2-4, 3-5
//   edges          the list `edges`
struct WiringConfig {
    WiringRecipe recipe = WiringRecipe::full_mesh;
    int size = 0;                             // cards; where factors or sizes say it, 0 or the same
    std::vector<WiringConfig> factors{};      // product, overlay
    std::vector<int> sizes{};                 // mesh, torus, hyperx: cards along each dimension, innermost first
    int links = 0;                            // of the chip in one edge, bonded; 0: 1, or all behind switches
    BytesPerSecond bandwidth{};               // raw, per direction, of one link; 0: the chip's
    std::optional<Picoseconds> latency{};     // of one link; absent: the chip's
    std::vector<bool> wrap{};                 // torus, by dimension; empty: all
    int wrap_multiple = 1;                    // torus: only dimensions of a multiple of this wrap around
    bool twisted = false;                     // torus of sizes n and 2n: wrapping in n moves on by n in each 2n
    int group_size = 0;                       // dragonfly
    int global_links = 0;                     // dragonfly, per card
    int switches = 0;                         // icn_switch, 0: one; edges: nodes after the cards
    std::vector<int> switch_links{};          // icn_switch: links of a card to each switch; empty: dealt evenly
    int node_size = 0;                        // switch_planes: cards behind one first-level switch
    int planes = 1;                           // switch_planes
    int upper_switches = 0;                   // switch_planes, per plane
    int uplinks = 0;                          // switch_planes: links from a first- to a second-level switch; 0: as
                                              // many as make it non-blocking
    std::vector<WiringEdgeConfig> edges{};    // edges
    std::vector<std::string> switch_names{};  // edges: of a file that names them
};

// How a card's links relate to the wiring (scenarios/sweeps/icn_bandwidth.yaml compares the two):
//   fixed    each link has the chip's per-link bandwidth, links that the wiring does not use stay dark
//   divided  the chip's total is divided over the links that the wiring uses, be they fewer or more than it has
enum class LinkBudget : std::uint8_t { fixed, divided };

struct ChipLinksConfig {
    int links = 0;            // per card
    BytesPerSecond per_link;  // per direction, raw
    double efficiency = 1.0;  // payload share of the raw rate
    Picoseconds latency{};    // of one hop between two cards, forwarding included
};

struct PcieConfig {
    BytesPerSecond bandwidth;  // per direction, payload
    Picoseconds latency{};     // card to switch, and switch to NIC
};

struct NicConfig {
    int count = 0;                  // per server; 0: no scale-out
    int ports = 1;                  // per NIC, each to another plane or ToR
    BytesPerSecond port_bandwidth;  // per direction, payload
    Picoseconds latency{};          // NIC processing, added on the way out and on the way in
};

// How a message finds its way over the links inside a server.
enum class ServerRouting : std::uint8_t { shortest, first, spray, dimension_order, valiant };

struct ServerConfig {
    std::string name;
    int cards = 0;
    WiringConfig wiring;
    LinkBudget link_budget = LinkBudget::fixed;
    ChipLinksConfig links;
    Picoseconds switch_latency{};   // of an ICN switch; a link's own latency comes on top
    bool switch_reduction = false;  // its ICN switches add and multicast
    PcieConfig pcie;
    NicConfig nics;  // NIC n serves the cards [n * cards / count, (n + 1) * cards / count)
    ServerRouting routing = ServerRouting::shortest;
};

enum class FabricRecipe : std::uint8_t {
    none,
    one_switch,
    clos2,
    hpn7,
    clos3,
    rail_optimised,
    rail_only,
    dcn_plus,
    dragonfly_plus,
    direct,
};

// The network between servers. NIC port p of a server goes to the p-th of a group of `ports` switches, so that a NIC
// never has two ports on one switch.
//   one_switch      every NIC port of the cluster
//   clos2           leaves that the NICs fill in order, each to every spine
//   clos3           pods of leaves and aggregation switches; aggregation switch a of every pod to core group a
//   rail_optimised  per segment a leaf for each rail (NIC number) and port; every leaf to every spine
//   rail_only       the same, but each rail and port has spines of its own, and none where one leaf holds the rail
//   hpn7            Qian et al., SIGCOMM 2024: dual ToR, dual plane, rails; a core tier where there are several pods
//   dcn_plus        its predecessor (appendix C): clos3 with segments of dual ToRs
//   dragonfly_plus  Shpiner et al., HiPINEB 2017: groups of leaves and spines, global links from the spines
//   direct          switches wired like cards (`switches`): dragonfly, HyperX, torus, mesh, hypercube, product, edges
struct FabricConfig {
    std::string name;
    FabricRecipe recipe = FabricRecipe::none;
    Picoseconds link_latency{};    // per network link
    Picoseconds switch_latency{};  // per Ethernet switch
    BytesPerSecond uplink;         // per direction and link between switches
    BytesPerSecond core_uplink{};  // the same from aggregation to core; 0: as uplink
    int leaf_down = 0;             // clos2, clos3: host ports of a leaf
    int spines = 0;                // clos2, rail_*: all; rail_only: of one rail and port; dragonfly_plus: of a group
    int uplinks_per_spine = 1;     // links of a leaf to each spine
    int hosts_per_segment = 0;     // rail_*, hpn7, dcn_plus: active host positions; hpn7 128 as published
    int rails = 0;                 // hpn7: NICs per server
    int planes = 2;                // hpn7: ports per NIC
    int aggs_per_plane = 0;        // hpn7: 60
    int max_segments = 0;          // hpn7, dcn_plus, rail_*: segments of a pod; hpn7 15
    int max_pods = 1;              // hpn7, dcn_plus, clos3
    int agg_uplinks = 0;           // hpn7: links of an aggregation switch to the core, 8
    int cores_per_plane = 0;       // hpn7
    int leaves_per_pod = 0;        // clos3
    int aggs_per_pod = 0;          // clos3, dcn_plus
    int uplinks_per_agg = 1;       // clos3, dcn_plus: links of a leaf to each aggregation switch of its pod
    int cores = 0;                 // clos3, dcn_plus: all; a group of cores / aggs_per_pod for each aggregation switch
    int uplinks_per_core = 1;      // clos3, dcn_plus: links of an aggregation switch to each core of its group
    int tors_per_segment = 0;      // dcn_plus
    int hosts_per_switch = 0;      // dragonfly_plus, direct: NIC ports of a switch
    int leaves = 0;                // dragonfly_plus: of a group
    int global_links = 0;          // dragonfly_plus: of a spine
    int groups = 0;                // dragonfly_plus
    WiringConfig switches{};       // direct: the wiring's cards are switches with hosts
};

// How a message finds its way through the fabric when several shortest paths exist.
enum class FabricRouting : std::uint8_t {
    ecmp,      // one path a plane, by a hash of (source, destination, seed)
    spread,    // one path a plane, up-link = destination's number modulo up-links: flows of a ToR to different servers
               // are dealt evenly (destination-modulo routing of fat trees), whatever the order in which they start
    shortest,  // all of them in equal shares, at most kMaxRoutes a plane
    first,     // one path a plane, the first in order of ports
    spray,     // packet by packet over all of them
    adaptive,  // packet by packet to the least queued of the next ports
    dimension_order,  // one path a plane, dimension by dimension
    valiant,          // one path a plane, over a random switch
};

// What the switches of a fabric hash by.
enum class EcmpHash : std::uint8_t {
    per_switch,    // each tier anew: a flow's choices are independent
    same,          // all switches alike, so that a tier's choice repeats that of the tier before it (polarisation)
    core_by_port,  // as per_switch, but a core switch goes by the port that a packet comes in by (HPN 7.0)
};

// How often Valiant draws the place that a message goes over.
enum class ValiantDraw : std::uint8_t { pair, message };

struct ClusterConfig {
    std::string name;
    int servers = 1;
    ServerConfig server;
    FabricConfig fabric;
    FabricRouting routing = FabricRouting::ecmp;
    std::uint64_t routing_seed = 1;
    EcmpHash ecmp_hash = EcmpHash::per_switch;
    ValiantDraw valiant = ValiantDraw::pair;
    std::vector<ClusterChange> changes{};  // what is not as built, in the order in which they apply
};

}  // namespace myriad
