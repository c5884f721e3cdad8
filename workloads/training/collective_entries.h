#pragma once
// Who entered the calls of each communicator last, and when: what a wait is caused by. A call is forgotten when all of
// its members have left it.

#include "interconnect/network.h"
#include "sim/units/units.h"

#include <cstdint>
#include <deque>
#include <vector>

namespace myriad {

class CollectiveEntries {
public:
    struct Last {
        std::int64_t rank = -1;
        std::uint8_t lane = 0;
        TimePoint at{};
    };

    // `members` of the communicator's ranks, which is at least one.
    void open(CommunicatorId communicator, std::int64_t members);
    // The member with number `member` enters its next call; gives the call's number. Times do not go back.
    std::int64_t enter(CommunicatorId communicator, int member, std::int64_t rank, std::uint8_t lane, TimePoint at);
    // A member's part of the call has ended: the last of those that have entered. Once for each member.
    Last leave(CommunicatorId communicator, std::int64_t call);

private:
    struct Call {
        Last last;
        std::int64_t left = 0;
    };
    struct Group {
        std::vector<std::int64_t> entered;  // calls, by member
        std::int64_t first = 0;             // number of calls.front()
        std::deque<Call> calls;
    };
    [[nodiscard]] Group& of(CommunicatorId communicator);
    std::vector<Group> groups_;
};

}  // namespace myriad
