// A ring with one slow hop, by hand: small chunks are handed on around it, large ones wait at the slow port.

#include "interconnect/analytic/collective_profile.h"

#include <catch2/catch.hpp>

using namespace myriad;

namespace {

// An all_reduce of four ranks, six steps of a quarter each. Three hops of 1 us and 1 GB/s, one of 5 us and 0.5 GB/s.
CollectiveProfile ring_of_four() {
    const PathCost fast{us(1), kPartsPerChunk, BytesPerSecond{1'000'000'000}};
    const PathCost slow{us(5), kPartsPerChunk, BytesPerSecond{500'000'000}};
    CostEnvelope costs;
    costs.add(fast);
    costs.add(slow);
    CollectiveProfile profile(4, false);
    profile.add_part(costs, 6, 1);
    profile.set_rings({{{fast, 3}, {slow, 1}}});
    return profile;
}

}  // namespace

TEST_CASE("small chunks meet the slow hop once a round") {
    // 1,000 bytes: 1 + 1 us on a fast hop, 5 + 2 us on the slow one. Six hops are two rounds of 13 us without two fast
    // ones; at the slow port they would be 7 + 5 x 2 us.
    CHECK(ring_of_four().time(Bytes{4000}) == us(2 * 13 - 2 * 2));
}

TEST_CASE("large chunks wait at the slow port") {
    // 100,000 bytes: 101 us and 205 us. At the port 205 + 5 x 200 us, around the ring only 2 x 508 - 2 x 101.
    CHECK(ring_of_four().time(Bytes{400'000}) == us(205 + 5 * 200));
}

TEST_CASE("the delay of a step is paid at every hop, and at the port where it is longer than the wire") {
    const CallCost cost{us(3), us(4), {}, CallCost::kMillion};
    // Around the ring: 3 + 2 x (13 + 16) - 2 x 6; at the port: 3 + 11 + 5 x 4.
    CHECK(ring_of_four().time(Bytes{4000}, cost) == us(3 + 2 * 29 - 2 * 6));
}
