#pragma once
// One server at live level: every core, cache slice, HBM channel, on-chip network and ICN link of every card is a module.
// The packet network carries the accesses that cards make to each other's memory.

#include "app/system/live_network.h"
#include "app/system/platform.h"
#include "interconnect/packet/fabric.h"
#include "interconnect/packet/transport.h"
#include "interconnect/routing/routes.h"
#include "interconnect/topology/topology.h"
#include "models/live/live_card.h"
#include "sim/systemc/agenda_bridge.h"

#include <memory>
#include <vector>

namespace myriad {

struct LiveSystemOptions {
    Bytes cell{4096};
    std::int64_t communication_cores = 16;  // that a kernel of communication holds
    BuildOrder order = BuildOrder::forward;
    QueueingConfig queueing{};
};

class LiveSystem final : public Platform, private CardMaker, private RemoteMessages {
public:
    // At most one a process: SystemC elaborates once.
    LiveSystem(const ClusterConfig& cluster, const ChipConfig& chip, const LiveSystemOptions& options);

    void elaborate() override;
    void run() override;

    [[nodiscard]] Agenda& agenda() override { return agenda_; }
    [[nodiscard]] LiveNetwork& network() override { return *network_; }
    [[nodiscard]] LiveCard& card(CardId card) override { return *cards_[index(card)]; }
    [[nodiscard]] const Topology& topology() const override { return topology_; }
    void copy(const PeerCopy& copy, Completion done) override { network_->copy(copy, done); }
    [[nodiscard]] std::optional<LiveUse> use() const override;
    [[nodiscard]] std::vector<LinkUse> link_use() override;
    [[nodiscard]] std::unique_ptr<LinkMeter> link_meter() override;
    void watch_messages(MessageWatcher& watcher) override { transport_->watch(watcher); }
    [[nodiscard]] NetworkCounters counters() const override;
    void add_statistics(StatisticReport& report) const override;
    [[nodiscard]] const std::vector<AlgorithmNote>& algorithms() const override { return network_->choices(); }
    void check_laws(std::vector<std::string>& held) override;
    [[nodiscard]] double arrived_share(Bytes total) const override;

private:
    // One an end of an access: messages of the two take turns at a port, so that requests do not wait behind answers.
    class Requests final : public TransportClient {
    public:
        explicit Requests(LiveSystem& system) : system_(system) {}
        void on_arrival(CardId from, CardId to, std::uint64_t tag) override;

    private:
        LiveSystem& system_;
    };
    class Answers final : public TransportClient {
    public:
        explicit Answers(LiveSystem& system) : system_(system) {}
        void on_arrival(CardId from, CardId to, std::uint64_t tag) override;

    private:
        LiveSystem& system_;
    };

    void make_card(CardId card, const std::string& name, const std::vector<PortSpec>& ports) override;
    PortSocket& card_port(CardId card, std::uint16_t port) override;
    void send_request(CardId from, CardId to, Bytes size, RemoteAccesses::Number access) override;
    void send_answer(CardId from, CardId to, Bytes size, RemoteAccesses::Number access) override;
    void check_queues() const;
    void check_bytes() const;
    void check_capacity();

    ChipConfig chip_;
    LiveSystemOptions options_;
    Topology topology_;
    std::unique_ptr<Router> router_;
    Agenda agenda_;
    NetworkMemory memory_;
    RemoteAccesses accesses_;
    AgendaBridge bridge_;
    std::vector<std::unique_ptr<LiveCard>> cards_;
    std::unique_ptr<PacketFabric> fabric_;
    std::unique_ptr<PacketTransport> transport_;
    std::unique_ptr<LiveNetwork> network_;
    Requests requests_{*this};
    Answers answers_{*this};
};

}  // namespace myriad
