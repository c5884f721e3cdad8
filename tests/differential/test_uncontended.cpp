// Where nothing contends, all network levels give the closed form to rounding. Written with S for the size, n for the
// ranks, B for a link's bandwidth and alpha for the latency from card to card.

#include "tests/differential/check_collectives.h"

#include <bit>

using namespace myriad;
using namespace myriad::test;

namespace {

constexpr BytesPerSecond kRound{50'000'000'000};    // 20 ps a byte
constexpr BytesPerSecond kDerated{48'000'000'000};  // 50 GB/s x 0.96: 20 5/6 ps a byte
constexpr BytesPerSecond kOdd{46'875'000'000};      // 375 Gb/s: 21 1/3 ps a byte
constexpr BytesPerSecond kPrime{24'999'999'977};    // divides nothing
constexpr Picoseconds kLink = ns(500);
constexpr Picoseconds kThroughSwitch = ns(1100);  // two links and the switch of reference::ppu_server

// n | S and not, below a byte a rank and far above a cell.
const std::vector<std::int64_t> kSizes{8, 1000, 4096, 65'537, 1 << 20, 3'145'729, 16'777'216};
const std::vector<std::int64_t> kLargeSizes{8, 1'000'003, 1 << 26, std::int64_t{1} << 30};

// Every step moves one chunk of S/n to the next rank; a broadcast is a chain of c pieces; in an all-to-all the blocks
// for the ranks further on hop along, n - 1, then n - 2 ... of them.
std::vector<ExpectedCollective> on_a_ring(int n) {
    const std::int64_t pieces = std::min(8 * (n - 1), 4096);  // ChainSchedule: eight a hop, at most 4,096
    const auto ring = CollectiveAlgorithm::ring;
    return {{CollectiveOp::all_reduce, ring, {2 * (n - 1), 2 * (n - 1), n}},
            {CollectiveOp::all_gather, ring, {n - 1, n - 1, n}},
            {CollectiveOp::reduce_scatter, ring, {n - 1, n - 1, n}},
            {CollectiveOp::all_to_all, ring, {n - 1, n - 1, 2}},
            {CollectiveOp::broadcast, ring, {n - 1, pieces + n - 2, pieces, pieces + n - 2}}};
}

// One step sends S/n to each of n - 1 neighbours at once, each over its own link. A broadcast scatters, then gathers.
std::vector<ExpectedCollective> on_a_mesh(int n) {
    const auto direct = CollectiveAlgorithm::direct;
    return {{CollectiveOp::all_reduce, direct, {2, 2, n}},
            {CollectiveOp::all_gather, direct, {1, 1, n}},
            {CollectiveOp::reduce_scatter, direct, {1, 1, n}},
            {CollectiveOp::all_to_all, direct, {1, 1, n}},
            {CollectiveOp::broadcast, direct, {2, 2, n}}};
}

// log2(n) exchanges of S/2, S/4 ... S/n; all-to-all as n - 1 exchanges of S/n. Every step is a perfect matching, so
// through one switch nothing shares a link. (Its broadcast does contend: test_contended.cpp.)
std::vector<ExpectedCollective> by_halving(int n) {
    const int rounds = std::countr_zero(static_cast<unsigned>(n));
    const auto halving = CollectiveAlgorithm::halving_doubling;
    return {{CollectiveOp::all_reduce, halving, {2 * rounds, 2 * (n - 1), n}},
            {CollectiveOp::all_gather, halving, {rounds, n - 1, n}},
            {CollectiveOp::reduce_scatter, halving, {rounds, n - 1, n}},
            {CollectiveOp::all_to_all, halving, {n - 1, n - 1, n}}};
}

void check_ring(int ranks, BytesPerSecond rate, Bytes cell, const std::vector<std::int64_t>& sizes) {
    AllLevels levels(icn_server(WiringRecipe::ring, ranks, rate, kLink), cell);
    check_collectives(levels, on_a_ring(ranks), sizes, rate, kLink);
}

void check_mesh(int ranks, BytesPerSecond rate, Bytes cell, const std::vector<std::int64_t>& sizes) {
    AllLevels levels(icn_server(WiringRecipe::full_mesh, ranks, rate, kLink), cell);
    check_collectives(levels, on_a_mesh(ranks), sizes, rate, kLink);
}

void check_switch(int ranks, BytesPerSecond rate, Bytes cell, const std::vector<std::int64_t>& sizes) {
    AllLevels levels(icn_server(WiringRecipe::icn_switch, ranks, rate, kLink), cell);
    check_collectives(levels, on_a_ring(ranks), sizes, rate, kThroughSwitch);
    check_collectives(levels, by_halving(ranks), sizes, rate, kThroughSwitch);
}

constexpr Bytes kib(std::int64_t count) { return Bytes{count << 10}; }

}  // namespace

TEST_CASE("ring of 8, 50 GB/s, 4 KiB cells") { check_ring(8, kRound, kib(4), kSizes); }
TEST_CASE("ring of 8, 48 GB/s, 4 KiB cells") { check_ring(8, kDerated, kib(4), kSizes); }
TEST_CASE("ring of 8, 46.875 GB/s, cells of 1,000 B") { check_ring(8, kOdd, Bytes{1000}, kSizes); }
TEST_CASE("ring of 8, a prime rate, 64 KiB cells") { check_ring(8, kPrime, kib(64), kSizes); }
TEST_CASE("ring of 8, 48 GB/s, 64 MiB cells") { check_ring(8, kDerated, kib(65'536), kLargeSizes); }
TEST_CASE("ring of 13, 46.875 GB/s, 1 MiB cells") { check_ring(13, kOdd, kib(1024), kLargeSizes); }
TEST_CASE("ring of 64, 48 GB/s, 64 KiB cells") { check_ring(64, kDerated, kib(64), {8, 1'000'003, 1 << 26}); }

TEST_CASE("full mesh of 8, 50 GB/s, 4 KiB cells") { check_mesh(8, kRound, kib(4), kSizes); }
TEST_CASE("full mesh of 8, 48 GB/s, 4 KiB cells") { check_mesh(8, kDerated, kib(4), kSizes); }
TEST_CASE("full mesh of 8, a prime rate, cells of 1,000 B") { check_mesh(8, kPrime, Bytes{1000}, kSizes); }
TEST_CASE("full mesh of 16, 46.875 GB/s, 1 MiB cells") { check_mesh(16, kOdd, kib(1024), kLargeSizes); }
TEST_CASE("full mesh of 64, 48 GB/s, 64 KiB cells") { check_mesh(64, kDerated, kib(64), {8, 1'000'003, 1 << 26}); }

TEST_CASE("one switch of 8, 50 GB/s, 4 KiB cells") { check_switch(8, kRound, kib(4), kSizes); }
TEST_CASE("one switch of 16, 48 GB/s, 64 KiB cells") { check_switch(16, kDerated, kib(64), kSizes); }
TEST_CASE("one switch of 16, 46.875 GB/s, 64 MiB cells") { check_switch(16, kOdd, kib(65'536), kLargeSizes); }
TEST_CASE("one switch of 64, a prime rate, 1 MiB cells") {
    check_switch(64, kPrime, kib(1024), {8, 1'000'003, 1 << 26});
}

// Rows and columns of K4 x K4: each phase is direct in a quad of its own links, S/4 then S/16 over each; all-to-all
// moves S/4 over each link in either phase; a broadcast scatters (S/4, S/16) and gathers (S/16, S/4).
TEST_CASE("hierarchical on K4 x K4, 48 GB/s, 64 KiB cells") {
    ServerConfig server = reference::ppu_16();
    server.links.per_link = kDerated;
    AllLevels levels(reference::one_server(server), kib(64));
    const auto hierarchical = CollectiveAlgorithm::hierarchical;
    check_collectives(levels,
                      {{CollectiveOp::all_reduce, hierarchical, {4, 10, 16}},
                       {CollectiveOp::all_gather, hierarchical, {2, 5, 16}},
                       {CollectiveOp::reduce_scatter, hierarchical, {2, 5, 16}},
                       {CollectiveOp::all_to_all, hierarchical, {2, 2, 4}},
                       {CollectiveOp::broadcast, hierarchical, {4, 10, 16}}},
                      kSizes, kDerated, kLink);
}
