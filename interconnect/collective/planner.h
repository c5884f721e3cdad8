#pragma once
// Who decides how a call is run: which algorithm, by which protocol, at what software cost. The networks that send
// messages ask here; interconnect/analytic/model_planner.h answers by modelled time.

#include "interconnect/collective/make_schedule.h"
#include "interconnect/collective/protocol.h"
#include "interconnect/collective/schedule.h"
#include "interconnect/network.h"

namespace myriad {

struct CollectivePlan {
    const Schedule* schedule = nullptr;  // lives as long as the planner
    CallCost cost;
    AlgorithmChoice choice;
};

class CollectivePlanner {
public:
    virtual ~CollectivePlanner() = default;
    // Groups are numbered from 0 in this order. All groups are added before the first plan is asked for, or at least
    // before their siblings' calls: a plan is the same for all ranks of a call.
    virtual CommunicatorId add_group(const CommunicatorSpec& spec) = 0;
    virtual const CollectivePlan& plan(CommunicatorId group, const CollectiveCall& call) = 0;
    // Of a message point to point; its `start` is all the delay there is.
    virtual CallCost message_cost(CardId from, CardId to, Bytes size) = 0;
};

}  // namespace myriad
