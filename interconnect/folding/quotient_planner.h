#pragma once
// Plans for the groups of a folded network: the plan that the whole group has, its schedule among runners.

#include "interconnect/analytic/model_planner.h"
#include "interconnect/folding/quotient.h"

#include <map>
#include <memory>
#include <tuple>
#include <utility>
#include <vector>

namespace myriad {

class QuotientPlanner final : public CollectivePlanner {
public:
    // `model` knows all groups; `calls` are those that they said they would make. Without a quotient the plans are the
    // model's own. All of these outlive this.
    QuotientPlanner(ModelPlanner& model, const Quotient* quotient,
                    const std::vector<std::vector<CollectiveCall>>& calls)
        : model_(model), quotient_(quotient), calls_(calls) {}

    // Groups are the quotient's classes in their order, or those of the model.
    CommunicatorId add_group(const CommunicatorSpec& spec) override;
    const CollectivePlan& plan(CommunicatorId group, const CollectiveCall& call) override;
    CallCost message_cost(CardId from, CardId to, Bytes size) override { return model_.message_cost(from, to, size); }

    // Of all messages of such a call in all groups of the class together.
    [[nodiscard]] Bytes payload(CommunicatorId group, const CollectiveCall& call);

private:
    struct Known {
        CollectivePlan plan;
        Bytes payload;
    };
    const Known& find(CommunicatorId group, const CollectiveCall& call);
    [[nodiscard]] Bytes whole_payload(const Quotient::GroupClass& group, const PlannedCall& call) const;

    ModelPlanner& model_;
    const Quotient* quotient_;
    const std::vector<std::vector<CollectiveCall>>& calls_;
    std::map<std::tuple<CommunicatorId, CollectiveOp, int, std::int64_t>, Known> known_;
    std::map<std::pair<CommunicatorId, const Schedule*>, std::unique_ptr<QuotientSchedule>> schedules_;
    std::uint32_t groups_ = 0;
};

}  // namespace myriad
