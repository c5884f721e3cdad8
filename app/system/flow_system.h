#pragma once
// A cluster at flow level: the graph, messages as fluids over its links, and cards as modules without network ports.

#include "app/system/platform.h"
#include "interconnect/collective/message_network.h"
#include "interconnect/flow/flow_transport.h"
#include "interconnect/routing/routes.h"
#include "interconnect/routing/timed_faults.h"
#include "models/ppu/ppu_card.h"
#include "sim/systemc/agenda_bridge.h"

#include <memory>
#include <vector>

namespace myriad {

class FlowSystem final : public Platform, private TransportClient, private ChangeableNetwork {
public:
    // Cards are built only where `with_cards`: a collective needs none, and 16,384 of them take a while.
    FlowSystem(const ClusterConfig& cluster, const ChipConfig& chip, bool with_cards, const CardOptions& options = {},
               CollectiveLibrary library = {});

    void elaborate() override;
    void run() override;

    [[nodiscard]] Agenda& agenda() override { return agenda_; }
    [[nodiscard]] MessageNetwork& network() override { return *network_; }
    [[nodiscard]] PpuCard& card(CardId card) override { return *cards_[index(card)]; }
    [[nodiscard]] const Topology& topology() const override { return topology_; }
    [[nodiscard]] std::vector<LinkUse> link_use() override;
    [[nodiscard]] std::unique_ptr<LinkMeter> link_meter() override;
    void watch_messages(MessageWatcher& watcher) override { transport_->watch(watcher); }
    [[nodiscard]] NetworkCounters counters() const override;
    void add_statistics(StatisticReport& report) const override;
    [[nodiscard]] const std::vector<AlgorithmNote>& algorithms() const override { return network_->choices(); }
    [[nodiscard]] std::optional<AlgorithmChoice> choice_of(CommunicatorId group, const CollectiveCall& call) override {
        return network_->planner()->plan(group, call).choice;
    }
    void check_laws(std::vector<std::string>& held) override;
    [[nodiscard]] std::uint32_t first_free_component() const override {
        return static_cast<std::uint32_t>(cards_.size()) + 3;
    }
    void copy(const PeerCopy& copy, Completion done) override;
    [[nodiscard]] double arrived_share(Bytes total) const override;

    [[nodiscard]] FlowTransport& transport() { return *transport_; }

private:
    void on_arrival(CardId from, CardId to, std::uint64_t copy) override;
    void set_link(const LinkState& state) override;
    void routes_changed() override;

    ChipConfig chip_;
    Topology topology_;
    std::unique_ptr<Router> router_;
    Agenda agenda_;
    NetworkMemory memory_;
    FairShare solver_;
    std::unique_ptr<AgendaBridge> bridge_;
    std::vector<std::unique_ptr<PpuCard>> cards_;
    std::unique_ptr<FlowTransport> transport_;
    std::unique_ptr<MessageNetwork> network_;
    std::vector<Completion> copies_;  // by tag; forgotten when none is under way
    std::size_t copies_under_way_ = 0;
    std::unique_ptr<TimedFaults> timetable_;  // null: no link changes during the run
};

}  // namespace myriad
