#pragma once
// A schedule of a group in which one rank runs for all of its class: each runner sends once for every class of
// connections that leave it, and counts once every class of messages that reaches it. What others do is not asked for.

#include "interconnect/collective/schedule.h"

#include <cstdint>
#include <map>
#include <unordered_map>
#include <vector>

namespace myriad {

// Who runs for whom, by rank and helper; and of each runner, over which of the connections that leave it it sends.
struct FoldedSeats {
    std::vector<std::uint32_t> stands_in;          // the runner, by seat
    std::vector<std::vector<std::uint32_t>> kept;  // by seat, of runners: the seats' places, in order
};

class QuotientSchedule final : public Schedule {
public:
    // Both outlive this. `places` of seats: call_patterns.h.
    QuotientSchedule(const Schedule& whole, const FoldedSeats& seats);

    [[nodiscard]] int ranks() const override { return whole_.ranks(); }
    [[nodiscard]] int steps() const override { return whole_.steps(); }
    [[nodiscard]] bool helped() const override { return whole_.helped(); }
    [[nodiscard]] std::int64_t chunks() const override { return whole_.chunks(); }
    void sends(int rank, int step, std::vector<Transfer>& out) const override;
    [[nodiscard]] int receives(int rank, int step) const override;
    [[nodiscard]] int pattern(int step) const override { return whole_.pattern(step); }

private:
    const Schedule& whole_;
    const FoldedSeats& seats_;
    bool helped_group_;
    std::unordered_map<int, std::vector<int>> receives_;  // by pattern, then by seat; looked up, never iterated
};

}  // namespace myriad
