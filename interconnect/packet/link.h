#pragma once
// A full-duplex link as a SystemC module: two ports, a LinkModel a direction. A hop costs one agenda record: the
// arrival of the head at the other end (of the tail where the message ends).

#include "interconnect/packet/link_model.h"
#include "sim/network/port.h"
#include "sim/time/agenda.h"

#include <array>
#include <string>

namespace myriad {

class Link;

// One direction: takes packets in at one port, lets them out at the other.
class LinkDirection final : public AgendaClient {
public:
    LinkDirection(Agenda& agenda, ComponentId self, BytesPerSecond bandwidth, Picoseconds latency)
        : model_(bandwidth, latency), agenda_(agenda), self_(self) {}

    void attach(NetworkPort& in, NetworkPort& out) {
        in_ = &in;
        out_ = &out;
    }

    void take(Packet& packet, sc_core::sc_time& delay);
    void on_agenda(const AgendaRecord& record) override;

    [[nodiscard]] const LinkModel& model() const noexcept { return model_; }
    // Packets taken and not yet let out.
    [[nodiscard]] std::int64_t in_flight() const noexcept { return in_flight_; }

private:
    // The lowest bit of a record's payload, free in an address: the packet is offered again, not let out.
    static constexpr std::uint64_t kRetry = 1;

    bool offer(Packet& packet);

    LinkModel model_;
    Agenda& agenda_;
    NetworkPort* in_ = nullptr;
    NetworkPort* out_ = nullptr;
    ComponentId self_;
    std::int64_t in_flight_ = 0;
};

class Link final : public sc_core::sc_module, public PortOwner {
public:
    // Direction d takes component id 2 * `number` + d. Port 0 (side a) is a target, port 1 (side b) an initiator.
    Link(const sc_core::sc_module_name& name, Agenda& agenda, std::uint32_t number, BytesPerSecond bandwidth,
         Picoseconds latency_forward, Picoseconds latency_backward);

    [[nodiscard]] NetworkPort& side_a() noexcept { return a_; }
    [[nodiscard]] NetworkPort& side_b() noexcept { return b_; }
    [[nodiscard]] const LinkDirection& direction(int d) const { return d == 0 ? forward_ : backward_; }

    void on_packet(std::uint16_t port, Packet& packet, sc_core::sc_time& delay) override;
    void on_credit(std::uint16_t port) override;

private:
    void end_of_elaboration() override;

    LinkDirection forward_;
    LinkDirection backward_;
    NetworkPort a_;
    NetworkPort b_;
};

}  // namespace myriad
