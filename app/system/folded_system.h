#pragma once
// A cluster at flow level of which one card of each class runs (interconnect/foldable_network.h).
//
//   FoldedSystem system(cluster, chip, true, options, library);
//   ... create groups, will_call, will_send on system.network() ...
//   const Folding& folding = system.fold(programs);      // makes the cards: one a class, or all where it does not fold
//   system.elaborate();
//   ... start the programs of folding.representatives ...
//   system.run();
//
// Links, counters, statistics and laws are those of the whole cluster.

#include "app/system/platform.h"
#include "interconnect/folding/folded_network.h"
#include "interconnect/routing/routes.h"
#include "interconnect/routing/timed_faults.h"
#include "models/ppu/ppu_card.h"
#include "sim/systemc/agenda_bridge.h"

#include <memory>
#include <span>
#include <vector>

namespace myriad {

class FoldedSystem final : public Platform, private ChangeableNetwork {
public:
    FoldedSystem(const ClusterConfig& cluster, const ChipConfig& chip, bool with_cards, const CardOptions& options = {},
                 CollectiveLibrary library = {});

    // As FoldableNetwork::fold; cards that the cluster slows down differently are told apart here.
    const Folding& fold(std::span<const std::uint32_t> program_of_card);

    void elaborate() override;
    void run() override;

    [[nodiscard]] Agenda& agenda() override { return agenda_; }
    [[nodiscard]] FoldedNetwork& network() override { return network_; }
    // Of a representative.
    [[nodiscard]] PpuCard& card(CardId card) override;
    [[nodiscard]] const Topology& topology() const override { return topology_; }
    [[nodiscard]] std::vector<LinkUse> link_use() override;
    [[nodiscard]] std::unique_ptr<LinkMeter> link_meter() override;
    [[nodiscard]] NetworkCounters counters() const override;
    void add_statistics(StatisticReport& report) const override;
    [[nodiscard]] const std::vector<AlgorithmNote>& algorithms() const override { return network_.choices(); }
    [[nodiscard]] std::optional<AlgorithmChoice> choice_of(CommunicatorId group, const CollectiveCall& call) override {
        return network_.choice_of(group, call);
    }
    void check_laws(std::vector<std::string>& held) override;
    [[nodiscard]] std::uint32_t first_free_component() const override { return first_component_ + 3; }
    [[nodiscard]] double arrived_share(Bytes total) const override;

private:
    void set_link(const LinkState& state) override;
    void routes_changed() override;

    ClusterConfig cluster_;
    ChipConfig chip_;
    CardOptions options_;
    bool with_cards_;
    Topology topology_;
    std::unique_ptr<Router> router_;
    std::uint32_t first_component_;  // after the cards
    Agenda agenda_;
    NetworkMemory memory_;
    FairShare solver_;
    std::unique_ptr<AgendaBridge> bridge_;
    std::vector<std::unique_ptr<PpuCard>> cards_;  // by class
    FoldedNetwork network_;
    std::unique_ptr<TimedFaults> timetable_;  // null: no link changes during the run
};

}  // namespace myriad
