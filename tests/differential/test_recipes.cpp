// One message on an idle network takes the same by packets, as a fluid and by the formula, whatever the cluster is made
// by: every wiring recipe and every fabric recipe, between pairs of cards drawn by a seed that a failing test prints.
//
// Fluid and formula are equal to the picosecond. Packets are, to a picosecond a hop, where the routes over which a message
// is spread have no link in common. Where they meet, a cell of one may find cells of the others before it: at most one
// of each, on each link that they share.

#include "interconnect/routing/path.h"
#include "sim/process/children.h"
#include "tests/differential/recipes.h"
#include "tests/support/systems.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>
#include <sstream>

using namespace myriad;
using namespace myriad::test;

namespace {

constexpr std::uint64_t kSeed = 20'261;
constexpr int kPairs = 12;
constexpr std::int64_t kCell = 4'096;

struct Measured {
    int from = 0;
    int to = 0;
    std::int64_t size = 0;
    std::int64_t packet = 0;
    std::int64_t flow = 0;
    std::int64_t formula = 0;
    std::int64_t hops = 0;  // of the longest route
    std::int64_t wait = 0;  // for cells of the message's other routes, at most, in ps
};

// The longest route of the pair, and what cells may wait for each other where its routes meet.
void look_at_routes(const Topology& topology, Router& router, Measured& pair) {
    std::set<std::pair<std::uint32_t, int>> used;
    for (const Route route : router.between(card(pair.from), card(pair.to))) {
        pair.hops = std::max(pair.hops, static_cast<std::int64_t>(route.hops()));
        for_each_hop(topology, card(pair.from), route, [&](DirectedEdge way, NodeId /*to*/) {
            if (!used.emplace(index(way.edge), way.direction).second) {
                pair.wait += transfer_time_ceil(Bytes{kCell}, class_of(topology, way.edge).bandwidth).count();
            }
        });
    }
}

std::string measure(const ClusterConfig& cluster, std::uint64_t seed) {
    AllLevels levels(cluster, Bytes{kCell});
    const Topology& topology = levels.packet.topology();
    const auto router = make_router(topology, routing_of(cluster));
    Lcg random(seed);
    const auto cards = static_cast<int>(topology.cards.size());
    std::ostringstream text;
    for (int i = 0; i < kPairs; ++i) {
        Measured pair;
        pair.from = random.below(cards);
        pair.to = (pair.from + 1 + random.below(cards - 1)) % cards;
        pair.size = i == 0 ? 1 : 1 + random.below(4'000'000);
        look_at_routes(topology, *router, pair);
        const auto time = [&](Platform& platform) {
            return message_time(platform, card(pair.from), card(pair.to), Bytes{pair.size}).count();
        };
        text << pair.from << ' ' << pair.to << ' ' << pair.size << ' ' << time(levels.packet) << ' '
             << time(levels.flow) << ' ' << time(levels.analytic) << ' ' << pair.hops << ' ' << pair.wait << '\n';
    }
    return text.str();
}

void check_recipes(const std::vector<Recipe>& recipes) {
    const auto results =
        run_children(recipes.size(), [&](std::size_t i) { return measure(recipes[i].cluster, kSeed + i); });
    for (std::size_t i = 0; i < recipes.size(); ++i) {
        INFO(recipes[i].name << ", seed " << kSeed + i << ": " << results[i].reason);
        REQUIRE(results[i].succeeded());
        std::istringstream text(results[i].payload);
        int pairs = 0;
        Measured m;
        while (text >> m.from >> m.to >> m.size >> m.packet >> m.flow >> m.formula >> m.hops >> m.wait) {
            ++pairs;
            CAPTURE(m.from, m.to, m.size, m.packet, m.flow, m.formula, m.hops, m.wait);
            CHECK(m.packet > 0);
            CHECK(m.flow == m.formula);
            CHECK(m.packet >= m.formula - m.hops);
            CHECK(m.packet <= m.formula + m.hops + m.wait);
        }
        CHECK(pairs == kPairs);
    }
}

}  // namespace

TEST_CASE("one message takes the same at every level on every wiring recipe") { check_recipes(wiring_recipes()); }

// With two planes, both share the links of the card's PCIe switch.
TEST_CASE("one message takes the same at every level on every fabric recipe") { check_recipes(fabric_recipes()); }

TEST_CASE("one message takes the same at every level on every fabric recipe of one plane") {
    std::vector<Recipe> recipes = fabric_recipes();
    for (Recipe& recipe : recipes) {
        recipe.cluster.server.nics.ports = 1;
        recipe.cluster.fabric.planes = 1;
        recipe.cluster.fabric.tors_per_segment /= 2;  // dcn_plus: a ToR each NIC and port
    }
    check_recipes(recipes);
}
