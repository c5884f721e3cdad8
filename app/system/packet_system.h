#pragma once
// A cluster at packet level, built from modules and ready to run: cards of the one floor bound to links of the other.

#include "app/system/platform.h"
#include "interconnect/collective/message_network.h"
#include "interconnect/packet/congestion.h"
#include "interconnect/packet/fabric.h"
#include "interconnect/packet/packet_faults.h"
#include "interconnect/packet/transport.h"
#include "interconnect/routing/routes.h"
#include "interconnect/routing/timed_faults.h"
#include "interconnect/topology/topology.h"
#include "models/ppu/ppu_card.h"
#include "models/ppu/reducing_switch.h"
#include "sim/systemc/agenda_bridge.h"

#include <memory>
#include <vector>

namespace myriad {

struct PacketSystemOptions {
    Bytes cell{4096};
    BuildOrder order = BuildOrder::forward;
    CardOptions cards{};
    QueueingConfig queueing{};
    // With bounded buffers: routes that could deadlock are an error before the run (channel_dependency.h). Off only to
    // see a deadlock happen.
    bool check_channels = true;
    CollectiveLibrary library{};
};

class PacketSystem final : public Platform, private CardMaker {
public:
    // At most one a process: SystemC elaborates once. Throws UserError where links change at a time and have queues of
    // their own, or switches pick ports packet by packet.
    PacketSystem(const ClusterConfig& cluster, const ChipConfig& chip, const PacketSystemOptions& options);

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
    [[nodiscard]] double arrived_share(Bytes total) const override;

    [[nodiscard]] PacketTransport& transport() { return *transport_; }
    [[nodiscard]] PacketFabric& fabric() { return *fabric_; }

    // Component ids from here on are free for others: probes, modules of the user's own.
    [[nodiscard]] std::uint32_t first_free_component() const override;
    [[nodiscard]] const NetworkMemory& memory() const { return memory_; }

private:
    void prepare_faults(const ClusterConfig& cluster, std::vector<ReroutableSource*> sources);
    void check_links(std::vector<std::string>& held);
    void make_card(CardId card, const std::string& name, const std::vector<PortSpec>& ports) override;
    PortSocket& card_port(CardId card, std::uint16_t port) override;
    void make_reducer(std::uint32_t reducer, const std::string& name, const std::vector<PortSpec>& ports) override;
    PortSocket& reducer_port(std::uint32_t reducer, std::uint16_t port) override;

    ChipConfig chip_;
    PacketSystemOptions options_;
    Topology topology_;
    std::unique_ptr<Router> router_;
    Agenda agenda_;
    NetworkMemory memory_;
    FairShare solver_;
    TrafficShares traffic_{agenda_};
    AgendaBridge bridge_;
    std::vector<std::unique_ptr<PpuCard>> cards_;
    std::vector<std::unique_ptr<ReducingSwitch>> reducers_;
    std::unique_ptr<PacketFabric> fabric_;
    std::unique_ptr<CongestionControl> congestion_;  // null: senders do not slow down
    std::unique_ptr<PacketTransport> transport_;
    std::unique_ptr<MessageNetwork> network_;
    std::unique_ptr<PacketFaults> faults_;  // null, like the next: no link changes during the run
    std::unique_ptr<TimedFaults> timetable_;
};

}  // namespace myriad
