// Members may be several calls ahead of others, so each group has a window of open calls. Time does not go back, so the
// last that entered is the last that was told.

#include "workloads/training/collective_entries.h"

#include "sim/error/error.h"

namespace myriad {

void CollectiveEntries::open(CommunicatorId communicator, std::int64_t members) {
    const auto number = static_cast<std::size_t>(communicator);
    if (groups_.size() <= number) {
        groups_.resize(number + 1);
    }
    groups_[number].entered.assign(static_cast<std::size_t>(members), 0);
}

CollectiveEntries::Group& CollectiveEntries::of(CommunicatorId communicator) {
    const auto number = static_cast<std::size_t>(communicator);
    MYRIAD_CHECK(number < groups_.size() && !groups_[number].entered.empty(), "a communicator that was not opened");
    return groups_[number];
}

std::int64_t CollectiveEntries::enter(CommunicatorId communicator, int member, std::int64_t rank, std::uint8_t lane,
                                      TimePoint at) {
    Group& group = of(communicator);
    const std::int64_t call = group.entered[static_cast<std::size_t>(member)]++;
    const std::int64_t place = call - group.first;
    MYRIAD_CHECK(place >= 0, "a call that all members had left");
    if (place >= static_cast<std::int64_t>(group.calls.size())) {
        group.calls.resize(static_cast<std::size_t>(place) + 1);
    }
    group.calls[static_cast<std::size_t>(place)].last = {rank, lane, at};
    return call;
}

CollectiveEntries::Last CollectiveEntries::leave(CommunicatorId communicator, std::int64_t call) {
    Group& group = of(communicator);
    const std::int64_t place = call - group.first;
    MYRIAD_CHECK(place >= 0 && place < static_cast<std::int64_t>(group.calls.size()), "a call that nobody entered");
    Call& left = group.calls[static_cast<std::size_t>(place)];
    const Last last = left.last;
    ++left.left;
    while (!group.calls.empty() && group.calls.front().left == static_cast<std::int64_t>(group.entered.size())) {
        group.calls.pop_front();
        ++group.first;
    }
    return last;
}

}  // namespace myriad
