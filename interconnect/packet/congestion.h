#pragma once
// DCQCN between cards: receivers answer marks with notifications, senders change their rate (dcqcn.h). A flow is what a
// card sends to another over one route. Only flows that have been slowed are known; one that is back at its line rate is
// forgotten. A notification takes the latency of the path, without queues: it is small and goes first.

#include "interconnect/packet/dcqcn.h"
#include "interconnect/routing/routes.h"
#include "interconnect/topology/topology.h"
#include "sim/network/injection_pacer.h"
#include "sim/time/agenda.h"

#include <cstdint>
#include <map>
#include <tuple>
#include <vector>

namespace myriad {

class CongestionControl final : public InjectionPacer, private AgendaClient {
public:
    // All outlive the object; `self` is a component id of its own.
    CongestionControl(const Topology& topology, Agenda& agenda, ComponentId self, const DcqcnConfig& config);

    [[nodiscard]] TimePoint allowed_at(const Message& message, std::uint16_t route) override;
    void sent(const Packet& packet) override;
    void marked(const Packet& packet) override;
    void wake(TimePoint time, Completion go_on) override;

    [[nodiscard]] std::int64_t notifications() const noexcept { return notifications_; }
    // Of a flow, bytes a second; 0 where it has its line rate.
    [[nodiscard]] double rate(CardId from, CardId to, std::uint16_t route) const;

private:
    using Flow = std::tuple<CardId, CardId, std::uint16_t>;
    struct Notification {
        Flow flow;
        BytesPerSecond line;
    };
    void on_agenda(const AgendaRecord& record) override;

    const Topology& topology_;
    Agenda& agenda_;
    ComponentId self_;
    DcqcnConfig config_;
    std::map<Flow, DcqcnRate> slowed_;
    std::map<Flow, TimePoint> notified_;  // when a flow's receiver last did
    std::vector<Notification> underway_;  // by number; those that have arrived are free
    std::vector<std::uint64_t> free_notifications_;
    std::vector<Completion> wakes_;  // likewise
    std::vector<std::uint64_t> free_wakes_;
    std::int64_t notifications_ = 0;
};

}  // namespace myriad
