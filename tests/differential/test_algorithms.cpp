// Schedules beyond ring, direct and halving where nothing contends: both network levels give the closed form to rounding. S is the size, n the
// ranks, B a link's bandwidth, alpha the latency from card to card.

#include "tests/differential/check_collectives.h"

#include <bit>
#include <cmath>

using namespace myriad;
using namespace myriad::test;

namespace {

using Op = CollectiveOp;
using Algorithm = CollectiveAlgorithm;

constexpr BytesPerSecond kRate{48'000'000'000};
constexpr Picoseconds kLink = ns(500);
constexpr Picoseconds kThroughSwitch = ns(1100);  // two links and the switch of reference::ppu_server

const std::vector<std::int64_t> kSizes{8, 4097, 65'536, 1'000'003, 1 << 24};

void check_both_ways(int n) {
    AllLevels levels(icn_server(WiringRecipe::ring, n, kRate, kLink), Bytes{65'536});
    const auto both = Algorithm::bidirectional_ring;
    // Each step moves S/(2n) over either link of a card.
    check_collectives(levels,
                      {{Op::all_reduce, both, {2 * (n - 1), 2 * (n - 1), 2 * n}},
                       {Op::all_gather, both, {n - 1, n - 1, 2 * n}},
                       {Op::reduce_scatter, both, {n - 1, n - 1, 2 * n}},
                       {Op::gather, both, {n - 1, n - 1, 2 * n}}},
                      kSizes, kRate, kLink);
}

void check_matchings(int n) {
    AllLevels levels(icn_server(WiringRecipe::icn_switch, n, kRate, kLink), Bytes{65'536});
    const int rounds = static_cast<int>(std::bit_width(static_cast<unsigned>(n - 1)));
    check_collectives(levels,
                      {{Op::all_gather, Algorithm::bruck, {rounds, n - 1, n}},
                       {Op::all_to_all, Algorithm::pairwise, {n - 1, n - 1, n}}},
                      kSizes, kRate, kThroughSwitch);
}

}  // namespace

TEST_CASE("both ways around a ring of 8 halve the time of one way") { check_both_ways(8); }
TEST_CASE("both ways around a ring of 13 halve the time of one way") { check_both_ways(13); }

TEST_CASE("a chain reduces in the time in which it broadcasts") {
    const int n = 8;
    const int pieces = 8 * (n - 1);
    AllLevels levels(icn_server(WiringRecipe::ring, n, kRate, kLink), Bytes{65'536});
    check_collectives(levels, {{Op::reduce, Algorithm::ring, {n - 1, pieces + n - 2, pieces, pieces + n - 2}}}, kSizes,
                      kRate, kLink);
}

TEST_CASE("through one switch of 12 every step of these is a matching") { check_matchings(12); }
TEST_CASE("through one switch of 16 every step of these is a matching") { check_matchings(16); }

TEST_CASE("through one switch of 16 whole buffers take log2(n) steps, halves four") {
    AllLevels levels(icn_server(WiringRecipe::icn_switch, 16, kRate, kLink), Bytes{65'536});
    check_collectives(levels,
                      {{Op::all_reduce, Algorithm::recursive_doubling, {4, 4, 1}},
                       {Op::all_reduce, Algorithm::rabenseifner, {8, 30, 16}},
                       // In each step as many senders as receivers, and the root's subtrees end one after another.
                       {Op::reduce, Algorithm::binomial_tree, {4, 4, 1}},
                       // In step k half of the blocks that are 2^k or more from home move: S/2 each.
                       {Op::all_to_all, Algorithm::bruck, {4, 2, 1}}},
                      kSizes, kRate, kThroughSwitch);
}

// Rows and columns of K4 x K4 at once: half of the data begins in rows, half in columns, so that both kinds of links
// carry S/8, then S/32 in each half of an all-reduce. All-to-all moves S/8 over each link in either phase.
TEST_CASE("rows and columns of K4 x K4 at once take half of the time of one after the other") {
    ServerConfig server = reference::ppu_16();
    server.links.per_link = kRate;
    AllLevels levels(reference::one_server(server), Bytes{65'536});
    const auto grid = Algorithm::multi_dimensional;
    check_collectives(levels,
                      {{Op::all_reduce, grid, {4, 10, 32}},
                       {Op::all_gather, grid, {2, 5, 32}},
                       {Op::reduce_scatter, grid, {2, 5, 32}},
                       {Op::all_to_all, grid, {2, 2, 8}},
                       {Op::broadcast, grid, {4, 10, 32}}},
                      kSizes, kRate, kLink);
}

// The closed form adds up the steps of two trees; what really happens is a little faster, because a rank may post up to
// 2 d pieces before the first comes back from the root d levels above. At most the latencies of all steps are saved.
TEST_CASE("two binary trees take at most the closed form, and at least that without latencies") {
    AllLevels levels(icn_server(WiringRecipe::full_mesh, 16, kRate, kLink), Bytes{65'536});
    CommunicatorSpec spec = world_spec(levels.packet.topology(), Algorithm::double_binary_tree);
    const CommunicatorId packet_group = levels.packet.network().create_communicator(spec);
    const CommunicatorId analytic_group = levels.analytic.network().create_communicator(spec);
    for (const std::int64_t size : kSizes) {
        const CollectiveCall call{Op::all_reduce, Bytes{size}};
        // 4 levels below the root, up and down.
        const int steps = static_cast<int>(std::max(1.0, std::ceil(std::sqrt(static_cast<double>(size) / 2048)))) + 7;
        const Picoseconds by_packet = collective_time(levels.packet, packet_group, call);
        const Picoseconds by_formula = collective_time(levels.analytic, analytic_group, call);
        CAPTURE(size, by_packet.count(), by_formula.count());
        CHECK(by_packet <= by_formula);
        CHECK(by_packet >= by_formula - steps * kLink);
    }
}

TEST_CASE("a broadcast down two binary trees takes the sum of its steps at both levels") {
    AllLevels levels(icn_server(WiringRecipe::full_mesh, 16, kRate, kLink), Bytes{65'536});
    CommunicatorSpec spec = world_spec(levels.packet.topology(), Algorithm::double_binary_tree);
    const CommunicatorId packet_group = levels.packet.network().create_communicator(spec);
    const CommunicatorId analytic_group = levels.analytic.network().create_communicator(spec);
    for (const std::int64_t size : {std::int64_t{1'000'003}, std::int64_t{1} << 24}) {
        for (const Op op : {Op::broadcast, Op::reduce}) {
            const CollectiveCall call{op, Bytes{size}};
            const auto by_packet = static_cast<double>(collective_time(levels.packet, packet_group, call).count());
            const auto by_formula = static_cast<double>(collective_time(levels.analytic, analytic_group, call).count());
            // To a byte and a picosecond a step.
            CHECK(by_packet == Approx(by_formula).epsilon(1e-4));
        }
    }
}
