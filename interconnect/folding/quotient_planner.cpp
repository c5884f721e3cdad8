// One quotient of a schedule for each class of groups.

#include "interconnect/folding/quotient_planner.h"

#include "interconnect/collective/chunk_sizes.h"
#include "sim/error/error.h"

#include <fmt/core.h>

#include <algorithm>
#include <unordered_map>

namespace myriad {

CommunicatorId QuotientPlanner::add_group(const CommunicatorSpec& /*spec*/) { return CommunicatorId{groups_++}; }

const CollectivePlan& QuotientPlanner::plan(CommunicatorId group, const CollectiveCall& call) {
    return quotient_ == nullptr ? model_.plan(group, call) : find(group, call).plan;
}

Bytes QuotientPlanner::payload(CommunicatorId group, const CollectiveCall& call) { return find(group, call).payload; }

const QuotientPlanner::Known& QuotientPlanner::find(CommunicatorId group, const CollectiveCall& call) {
    const auto [known, fresh] = known_.try_emplace({group, call.op, call.root, call.size.count()});
    if (!fresh) {
        return known->second;
    }
    const Quotient::GroupClass& made = quotient_->group_classes()[static_cast<std::size_t>(group)];
    const std::vector<CollectiveCall>& said = calls_[made.group];
    const bool was_said = std::any_of(said.begin(), said.end(), [&](const CollectiveCall& other) {
        return other.op == call.op && other.size == call.size && other.root == call.root;
    });
    MYRIAD_CHECK(was_said,
                 fmt::format("an {} of {} B was announced before the fold", name_of(call.op), call.size.count()));
    known->second.plan = model_.plan(CommunicatorId{made.group}, call);
    const Schedule* whole = known->second.plan.schedule;
    known->second.payload = whole_payload(made, {whole, call.size, known->second.plan.cost});
    std::unique_ptr<QuotientSchedule>& schedule = schedules_[{group, whole}];
    if (schedule == nullptr) {
        schedule = std::make_unique<QuotientSchedule>(*whole, made.seats);
    }
    known->second.plan.schedule = schedule.get();
    return known->second;
}

Bytes QuotientPlanner::whole_payload(const Quotient::GroupClass& group, const PlannedCall& call) const {
    const ChunkSizes sizes(call.size, call.schedule->chunks());
    const int seats = call.schedule->helped() ? static_cast<int>(group.seats.stands_in.size()) : call.schedule->ranks();
    std::vector<Transfer> sent;
    std::unordered_map<int, Bytes> by_pattern;
    Bytes sum;
    for (int step = 0; step < call.schedule->steps(); ++step) {
        const int key = CallPatterns::divides(call) ? call.schedule->pattern(step) : step;
        const auto [known, fresh] = by_pattern.try_emplace(key);
        for (int seat = 0; seat < seats && fresh; ++seat) {
            call.schedule->sends(seat, step, sent);
            for (const Transfer& transfer : sent) {
                known->second += sizes.of(transfer);
            }
        }
        sum += known->second;
    }
    return group.count * sum;
}

}  // namespace myriad
