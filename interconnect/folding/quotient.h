#pragma once
// The network of classes that a refinement found: one card, one group, one connection and one link of each colour, and
// how often it counts where.

#include "interconnect/flow/flow_paths.h"
#include "interconnect/foldable_network.h"
#include "interconnect/folding/call_patterns.h"
#include "interconnect/folding/quotient_schedule.h"
#include "interconnect/folding/refinement.h"

#include <cstdint>
#include <map>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

namespace myriad {

// A group as the refinement saw it.
struct FoldGroup {
    GroupPlaces places;
    std::vector<Refinement::Member> members;  // by place
    std::uint32_t first_connection = 0;       // of the refinement's: those of the group, by the place that they leave,
    std::uint32_t end_connection = 0;         // then by the other end
};

// Numbers classes from 0 in the order in which their first ones come.
[[nodiscard]] std::vector<std::uint32_t> classes_of(const std::vector<std::uint64_t>& colours, std::size_t first_ones);

class Quotient final : public FlowPaths {
public:
    // A class of groups: its first group stands for all.
    struct GroupClass {
        std::uint32_t group = 0;
        std::int64_t count = 0;
        FoldedSeats seats;
        std::uint32_t first_end = 0;  // of its places, among the ends of find()
    };

    // Topology, router and groups outlive this.
    Quotient(const Topology& topology, Router& router, const Refinement& refinement,
             const std::vector<FoldGroup>& groups);

    [[nodiscard]] const std::vector<std::uint32_t>& class_of_end() const { return end_class_; }
    [[nodiscard]] const std::vector<CardId>& representatives() const { return representatives_; }
    [[nodiscard]] const std::vector<std::int64_t>& multiplicity() const { return multiplicity_; }
    [[nodiscard]] const std::vector<GroupClass>& group_classes() const { return group_classes_; }
    [[nodiscard]] std::uint32_t group_class(CommunicatorId group) const {
        return group_class_[static_cast<std::size_t>(group)];
    }
    // The rank that runs, in the group that stands for this one, for this rank.
    [[nodiscard]] int runner(CommunicatorId group, int rank) const;
    // The ends of the connection point to point that stands for this one.
    [[nodiscard]] std::pair<CardId, CardId> stand_in(CardId from, CardId to) const;
    [[nodiscard]] std::int64_t copies(CardId from, CardId to) const;  // of such a connection

    // Ends: the cards, for messages point to point; then the places of each class of groups.
    [[nodiscard]] std::vector<BytesPerSecond> capacities() const override { return capacity_; }
    [[nodiscard]] std::size_t ends() const override { return ends_; }
    std::int64_t find(CardId from, CardId to, std::vector<FlowPath>& paths) override;

    // Of each directed link, what the resource that stands for its own has carried.
    [[nodiscard]] std::vector<Bytes> link_bytes(const std::vector<Bytes>& resource_bytes) const;

    [[nodiscard]] std::size_t connection_classes() const { return first_of_.size(); }
    [[nodiscard]] std::size_t link_classes() const { return resource_count_.size(); }

private:
    void class_cards(const Refinement& refinement);
    void class_connections(const Refinement& refinement);
    void class_groups(const Refinement& refinement);
    void class_resources(const Refinement& refinement);
    void seat(std::uint32_t number, const Refinement& refinement);
    void keep_connections(GroupClass& made, const std::vector<std::uint32_t>& runner_of_place,
                          const Refinement& refinement);
    void stand_in_directly(const Refinement& refinement);

    Router& router_;
    FluidLinks links_;
    const std::vector<FoldGroup>& groups_;
    std::vector<std::uint32_t> end_class_;
    std::vector<CardId> representatives_;
    std::vector<std::int64_t> multiplicity_;
    std::vector<std::uint32_t> group_class_;
    std::vector<GroupClass> group_classes_;
    std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>, int>
        runners_;  // by classes of group and end, slot
    std::vector<std::uint32_t> connection_class_;
    std::vector<Refinement::Connection> first_of_;  // by class of connections
    std::vector<std::int64_t> connection_count_;    // likewise
    // Looked up, never iterated: from two ends of find(), and from two cards of which one is a representative.
    std::unordered_map<std::uint64_t, std::uint32_t> class_between_;
    std::unordered_map<std::uint64_t, std::uint32_t> direct_;
    std::vector<std::pair<CardId, CardId>> direct_stand_in_;  // by class; of those point to point
    std::vector<std::uint32_t> resource_class_;               // kNone: nothing crosses it
    std::vector<std::int64_t> resource_count_;
    std::vector<BytesPerSecond> capacity_;
    std::size_t ends_ = 0;
};

}  // namespace myriad
