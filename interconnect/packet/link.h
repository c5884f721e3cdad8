#pragma once
// A full-duplex link as a SystemC module: two sockets, a LinkModel a direction. A hop costs one agenda record: the
// arrival of the head at the other end (of the tail where the message ends).

#include "interconnect/packet/link_model.h"
#include "sim/network/hot_arena.h"
#include "sim/network/port.h"
#include "sim/time/agenda.h"

#include <string>

namespace myriad {

// Watches a direction: for waveforms (link_probe.h).
class LinkObserver {
public:
    // A packet of `bytes` is on the wire from `start` to `end`.
    virtual void on_transmission(TimePoint start, TimePoint end, std::int32_t bytes) = 0;

protected:
    ~LinkObserver() = default;
};

// One direction: takes packets in at one socket, lets them out at the other. Two cache lines.
class alignas(64) LinkDirection final : public PortEnd<LinkDirection>, public AgendaClient {
public:
    LinkDirection(Agenda& agenda, ComponentId self, BytesPerSecond bandwidth, Picoseconds latency)
        : agenda_(agenda), model_(bandwidth, latency), self_(self) {}

    // Where packets go out, and where credits go back to.
    void attach(PortPeer out, PortPeer sender) {
        out_ = out;
        sender_ = sender;
    }
    void observe(LinkObserver& observer);

    void on_packet(Packet& packet, sc_core::sc_time& delay);
    void on_credit();
    void on_agenda(const AgendaRecord& record) override;
    void on_hint(const Packet& packet, bool behind) const;
    void on_credit_hint() const {}
    void prepare(const AgendaRecord& record, int stage) const override;

    [[nodiscard]] const LinkModel& model() const noexcept { return model_; }
    // Packets taken and not yet let out.
    [[nodiscard]] std::int32_t in_flight() const noexcept { return in_flight_; }

private:
    // The lowest bit of a record's payload, free in an address: the packet is offered again, not let out.
    static constexpr std::uint64_t kRetry = 1;

    void offer(Packet& packet);

    Agenda& agenda_;
    LinkModel model_;
    PortPeer out_;
    PortPeer sender_;
    ComponentId self_;
    std::int32_t in_flight_ = 0;
    LinkObserver* observer_ = nullptr;
};

class Link final : public sc_core::sc_module {
public:
    // Direction d takes component id 2 * `number` + d. Side a is a target, side b an initiator.
    Link(const sc_core::sc_module_name& name, Agenda& agenda, HotArena& arena, std::uint32_t number,
         BytesPerSecond bandwidth, Picoseconds latency_forward, Picoseconds latency_backward);

    PortSocket side_a;
    PortSocket side_b;

    [[nodiscard]] const LinkDirection& direction(int d) const { return d == 0 ? forward_ : backward_; }
    [[nodiscard]] LinkDirection& direction(int d) { return d == 0 ? forward_ : backward_; }

private:
    void end_of_elaboration() override;

    LinkDirection& forward_;
    LinkDirection& backward_;
};

}  // namespace myriad
