#pragma once
// Who entered a collective last, and when: the cause of everybody's wait. Kept for the latest calls of each group only.
// Internal to training/.

#include "sim/units/units.h"

#include <array>
#include <cstdint>
#include <unordered_map>

namespace myriad {

struct WaitCause {
    std::int64_t rank = -1;
    TimePoint at{};
    std::uint8_t lane = 0;
};

class GroupCalls {
public:
    // A rank enters call number `call` of `group`; time does not go back, so the last one to say so is the last.
    void entered(std::uint64_t group, std::uint64_t call, const WaitCause& by) { latest_[group][call % kKept] = by; }
    [[nodiscard]] WaitCause cause(std::uint64_t group, std::uint64_t call) const {
        const auto found = latest_.find(group);
        return found == latest_.end() ? WaitCause{} : found->second[call % kKept];
    }

private:
    static constexpr std::size_t kKept = 16;  // a rank is never so many calls ahead of its group
    std::unordered_map<std::uint64_t, std::array<WaitCause, kKept>> latest_;  // looked up, never iterated
};

}  // namespace myriad
