// The closed forms up to 1,024 ranks. Cells are whole chunks, so that a hop is a message.

#include "tests/differential/check_collectives.h"

using namespace myriad;
using namespace myriad::test;

namespace {

constexpr BytesPerSecond kDerated{48'000'000'000};
constexpr Picoseconds kLink = ns(500);
constexpr Bytes kWhole{std::int64_t{64} << 20};
const std::vector<std::int64_t> kSizes{8, 1'000'003, std::int64_t{1} << 30};

constexpr auto kRing = CollectiveAlgorithm::ring;
constexpr auto kDirect = CollectiveAlgorithm::direct;
constexpr auto kHalving = CollectiveAlgorithm::halving_doubling;

void check_mesh(int n) {
    AllLevels levels(icn_server(WiringRecipe::full_mesh, n, kDerated, kLink), kWhole);
    check_collectives(levels,
                      {{CollectiveOp::all_reduce, kDirect, {2, 2, n}}, {CollectiveOp::all_to_all, kDirect, {1, 1, n}}},
                      kSizes, kDerated, kLink);
}

}  // namespace

// 2 (n - 1) (S / (n B) + alpha)
TEST_CASE("ring all-reduce of 1,024 cards on a ring") {
    constexpr int n = 1024;
    AllLevels levels(icn_server(WiringRecipe::ring, n, kDerated, kLink), kWhole);
    check_collectives(levels, {{CollectiveOp::all_reduce, kRing, {2 * (n - 1), 2 * (n - 1), n}}}, kSizes, kDerated,
                      kLink);
}

TEST_CASE("ring and halving-doubling of 1,024 cards on one switch") {
    constexpr int n = 1024;
    AllLevels levels(icn_server(WiringRecipe::icn_switch, n, kDerated, kLink), kWhole);
    check_collectives(levels,
                      {{CollectiveOp::all_reduce, kRing, {2 * (n - 1), 2 * (n - 1), n}},
                       {CollectiveOp::all_reduce, kHalving, {20, 2 * (n - 1), n}},
                       {CollectiveOp::all_gather, kHalving, {10, n - 1, n}},
                       {CollectiveOp::reduce_scatter, kHalving, {10, n - 1, n}},
                       {CollectiveOp::all_to_all, kHalving, {n - 1, n - 1, n}}},
                      kSizes, kDerated, ns(1100));
}

// 2 (S / (n b) + alpha), b of one link
TEST_CASE("direct all-reduce of 256 cards on a full mesh") { check_mesh(256); }
TEST_CASE("direct all-reduce of 1,024 cards on a full mesh") { check_mesh(1024); }
