#pragma once
// A cluster at analytic level: the graph, closed forms, and cards as modules without network ports.

#include "app/system/platform.h"
#include "interconnect/analytic/analytic_network.h"
#include "interconnect/routing/routes.h"
#include "models/ppu/ppu_card.h"
#include "sim/systemc/agenda_bridge.h"

#include <memory>
#include <vector>

namespace myriad {

class AnalyticSystem final : public Platform {
public:
    // Cards are built only where `with_cards`: a collective needs none, and 16,384 of them take a while.
    AnalyticSystem(const ClusterConfig& cluster, const ChipConfig& chip, bool with_cards,
                   const CardOptions& options = {}, CollectiveLibrary library = {});

    void elaborate() override;
    void run() override;

    [[nodiscard]] Agenda& agenda() override { return agenda_; }
    [[nodiscard]] AnalyticNetwork& network() override { return *network_; }
    [[nodiscard]] PpuCard& card(CardId card) override { return *cards_[index(card)]; }
    [[nodiscard]] const Topology& topology() const override { return topology_; }
    [[nodiscard]] std::vector<LinkUse> link_use() override;
    [[nodiscard]] NetworkCounters counters() const override;
    void add_statistics(StatisticReport& report) const override;
    [[nodiscard]] const std::vector<AlgorithmNote>& algorithms() const override { return network_->choices(); }
    [[nodiscard]] std::optional<AlgorithmChoice> choice_of(CommunicatorId group, const CollectiveCall& call) override {
        return network_->planner().plan(group, call).choice;
    }
    void check_laws(std::vector<std::string>& held) override;
    [[nodiscard]] std::uint32_t first_free_component() const override {
        return static_cast<std::uint32_t>(cards_.size()) + 1;
    }
    [[nodiscard]] double arrived_share(Bytes /*total*/) const override { return 0.0; }

private:
    ChipConfig chip_;
    Topology topology_;
    std::unique_ptr<Router> router_;
    Agenda agenda_;
    NetworkMemory memory_;
    FairShare solver_;
    std::unique_ptr<AgendaBridge> bridge_;
    std::vector<std::unique_ptr<PpuCard>> cards_;
    std::unique_ptr<AnalyticNetwork> network_;
};

}  // namespace myriad
