// Wirings and fabrics put together at random from the words and keys of their schemas: whatever comes out is built or
// refused with a message. The seed that a failing case prints brings it back.

#include "app/config_files/load.h"
#include "interconnect/topology/build.h"
#include "sim/error/error.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

using namespace myriad;

namespace {

using Random = std::mt19937_64;
using Words = std::vector<std::string>;

const std::string& one_of(Random& random, const Words& words) { return words[random() % words.size()]; }

const Words kRecipes = {"full_mesh", "ring",      "line",       "mesh",          "torus",   "hypercube",
                        "hyperx",    "dragonfly", "icn_switch", "switch_planes", "product", "separate",
                        "overlay",   "edges",     "graphml",    "matched_quads"};
const Words kNumbers = {"0", "1", "2", "3", "4", "7", "8", "16", "1024", "16384", "-1", "x", "2.5"};
const Words kKeys = {"size",     "links",   "wrap_multiple", "group_size",     "global_links",
                     "switches", "uplinks", "planes",        "upper_switches", "node_size"};
const Words kOthers = {"sizes: [2, 4]",
                       "sizes: [8]",
                       "sizes: [2, 2, 2]",
                       "sizes: []",
                       "sizes: [16384, 16384]",
                       "wrap: [true, false]",
                       "twisted: true",
                       "switch_links: [3, 4]",
                       "bandwidth: 50 GB/s",
                       "bandwidth: 50",
                       "latency: 1 us",
                       "edges: [[0, 1], [1, 2, {links: 2, bandwidth: 10 GB/s, latency: 1 ns}]]",
                       "edges: [[0, 0], [0], 3, [0, 1, {links: 0}], [0, 1, 2], {a: 1}]",
                       "edges: [[0, 99], [\"0\", 1], [0, 1, {lnks: 2}]]",
                       "file: nowhere.graphml"};

std::string random_wiring(Random& random, int depth) {
    std::string text = "{recipe: " + one_of(random, kRecipes);
    Words used;
    for (std::uint64_t n = random() % 4; n > 0; --n) {
        const std::string& key = one_of(random, kKeys);
        if (std::find(used.begin(), used.end(), key) == used.end()) {
            used.push_back(key);
            text += ", " + key + ": " + one_of(random, kNumbers);
        }
    }
    if (random() % 2 == 0) {
        text += ", " + one_of(random, kOthers);
    }
    if (depth < 3 && random() % 2 == 0) {
        text += ", factors: [" + random_wiring(random, depth + 1) + ", " + random_wiring(random, depth + 1) + "]";
    }
    return text + "}";
}

// Whether the cluster was built; a refusal has words.
bool builds(const std::string& cluster, const Overrides& overrides) {
    try {
        std::string path = MYRIAD_SOURCE_FOLDER "/configs/clusters/";
        path.append(cluster).append(".yaml");
        const Loaded<ClusterFile> loaded = load_cluster(path, overrides);
        return !build_topology(loaded.value.cluster).nodes.empty();
    } catch (const UserError& error) {
        REQUIRE(!error.diagnostics().empty());
        CHECK(!error.diagnostics().front().message.empty());
        return false;
    }
}

}  // namespace

TEST_CASE("any wiring of a server is built or refused") {
    int built = 0;
    for (std::uint64_t seed = 1; seed <= 400; ++seed) {
        INFO("seed " << seed);
        Random random(seed);
        const std::string wiring = "server.wiring=" + random_wiring(random, 0);
        INFO(wiring);
        built += builds("ppu-8", {wiring, "server.link_budget=divided"}) ? 1 : 0;
    }
    CHECK(built > 5);
}

TEST_CASE("any wiring of switches is built or refused") {
    int built = 0;
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        INFO("seed " << seed);
        Random random(seed);
        const std::string switches = "fabric.switches=" + random_wiring(random, 0);
        INFO(switches);
        built += builds("ppu-torus-3d-16384",
                        {switches, "servers=4", "fabric.hosts_per_switch=" + std::to_string(1 + seed % 64)})
                     ? 1
                     : 0;
    }
    CHECK(built > 5);
}
