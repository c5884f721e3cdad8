#pragma once
// Chooses as a communication library does, by modelled time: every algorithm that the machine's library offers, with
// every protocol, is timed by the closed form (load_model.h) for this size on this group, and the fastest is taken.
//
// What is compared: all_to_all goes straight to every peer where the structure of the group says so; any other operation
// is tried with every algorithm that the library lists and that can do it in this group (make_schedule.h). An algorithm of more than kComparedTransfersMax transfers (in its distinct steps, in
// all sibling groups) is left out. Without a library the structure of the group alone decides (choose_algorithm).

#include "interconnect/analytic/load_model.h"
#include "interconnect/collective/group_shape.h"
#include "interconnect/collective/planner.h"

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace myriad {

class ModelPlanner final : public CollectivePlanner {
public:
    static constexpr std::int64_t kComparedTransfersMax = 1 << 17;

    // Topology and router must outlive the planner.
    ModelPlanner(const Topology& topology, Router& router, CollectiveLibrary library = {});

    CommunicatorId add_group(const CommunicatorSpec& spec) override;
    const CollectivePlan& plan(CommunicatorId group, const CollectiveCall& call) override;
    CallCost message_cost(CardId from, CardId to, Bytes size) override;
    // What was chosen and why, in order of first use; of sibling groups the first.
    [[nodiscard]] const std::vector<AlgorithmNote>& choices() const { return choices_; }

    // By the closed form, its siblings running the same call.
    [[nodiscard]] Picoseconds time(CommunicatorId group, const CollectiveCall& call);
    [[nodiscard]] const std::vector<CardId>& cards(CommunicatorId group) const;
    [[nodiscard]] LoadModel& model() { return model_; }

private:
    using RunKey = std::tuple<CollectiveOp, int, CollectiveAlgorithm, std::int64_t>;  // root, bytes where they matter
    using CallKey = std::tuple<CollectiveOp, int, std::int64_t>;                      // root, bytes
    struct Run {
        std::unique_ptr<Schedule> schedule;
        std::unique_ptr<CollectiveProfile> profile;  // when it is asked for; forgotten when a group joins
        std::int64_t transfers = 0;
    };
    // Communicators of one dimension and one structure.
    struct Family {
        CollectiveAlgorithm wanted = CollectiveAlgorithm::automatic;
        GroupShape shape;
        SiblingGroups groups;
        std::map<RunKey, Run> runs;
        std::map<CallKey, CollectivePlan> plans;
        std::set<std::tuple<CollectiveOp, CollectiveAlgorithm, std::string>> told;
    };
    struct Group {
        std::string name;
        std::size_t family = 0;
        std::size_t member = 0;  // in Family::groups
    };
    struct Option {
        Run* run = nullptr;
        CollectiveAlgorithm algorithm = CollectiveAlgorithm::ring;
        const ProtocolCost* protocol = nullptr;
        CallCost cost;
        Picoseconds time{};
    };

    Family& family_of(CommunicatorId group);
    Run& run_of(Family& family, const CollectiveCall& call, CollectiveAlgorithm algorithm);
    const CollectiveProfile& profile_of(Family& family, Run& run);
    [[nodiscard]] std::vector<CollectiveAlgorithm> compared(CollectiveOp op, const Family& family) const;
    [[nodiscard]] const std::vector<ProtocolCost>& protocols_of(CollectiveOp op, CollectiveAlgorithm algorithm) const;
    std::vector<Option> options(Family& family, const CollectiveCall& call);
    Picoseconds modelled_time(Family& family, const Option& option, Bytes size);
    CollectivePlan choose(Family& family, const CollectiveCall& call);

    const Topology& topology_;
    LoadModel model_;
    CollectiveLibrary library_;
    std::vector<std::unique_ptr<Family>> families_;
    std::map<std::string, std::size_t> family_by_key_;
    std::deque<Group> groups_;
    std::vector<AlgorithmNote> choices_;
    std::vector<Transfer> transfers_;
};

}  // namespace myriad
