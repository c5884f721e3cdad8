#include "tests/unit/explanation/spans.h"
#include "workloads/training/collective_entries.h"

#include <catch2/catch.hpp>

using namespace myriad;
using namespace myriad::test;

TEST_CASE("each call of a communicator has its own last one, also where members are ahead of others") {
    CollectiveEntries entries;
    const CommunicatorId pair{3};
    entries.open(pair, 2);
    CHECK(entries.enter(pair, 0, 10, kMainLane, at(1)) == 0);
    CHECK(entries.enter(pair, 0, 10, kMainLane, at(2)) == 1);  // begun before the first has ended
    CHECK(entries.enter(pair, 1, 17, kBesideLane, at(5)) == 0);
    const CollectiveEntries::Last first = entries.leave(pair, 0);
    CHECK(first.rank == 17);
    CHECK(first.lane == kBesideLane);
    CHECK(first.at == at(5));
    CHECK(entries.enter(pair, 1, 17, kMainLane, at(6)) == 1);
    CHECK(entries.leave(pair, 1).at == at(6));  // the second ends for one before the first for the other
    CHECK(entries.leave(pair, 0).rank == 17);
    CHECK(entries.leave(pair, 1).rank == 17);
    // All have left both: the next is number 2.
    CHECK(entries.enter(pair, 0, 10, kMainLane, at(9)) == 2);
    CHECK(entries.leave(pair, 2).at == at(9));
}
