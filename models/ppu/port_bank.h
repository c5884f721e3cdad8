#pragma once
// The network ports of a card: cuts messages into packets, spreads them over their routes, takes arrivals in and
// forwards what is only passing through (a card of a K4 x K4 server relays for others).
//
// Streams at one port take turns, a packet each; a passing packet and the port's own streams take turns too. While
// streams wait, two packets are always committed to the link, more where they are shorter than the link's latency: the
// credit for the next comes with the arrival of one at the far end. The link never idles, and no packet exists
// long before it is sent.

#include "sim/network/port.h"
#include "sim/network/stream.h"
#include "sim/time/agenda.h"

#include <deque>
#include <string>
#include <vector>

namespace myriad {

struct PortBankStats {
    std::int64_t packets_sent = 0;       // of own messages
    std::int64_t packets_forwarded = 0;  // passing through
    std::int64_t packets_received = 0;
    Bytes sent;
    Bytes received;
};

class PortBank final : public sc_core::sc_module, public PortOwner {
public:
    PortBank(const sc_core::sc_module_name& name, Agenda& agenda, NetworkPools& pools, Bytes cell,
             const std::vector<PortSpec>& ports);

    // Queues the message on its routes. Its last byte at the destination is told to message.client there.
    void post(Message& message);

    [[nodiscard]] NetworkPort& port(std::size_t number) { return egresses_.at(number).port; }
    [[nodiscard]] std::size_t ports() const { return egresses_.size(); }
    [[nodiscard]] const PortBankStats& stats() const noexcept { return stats_; }
    // Messages that wait at a port, for the stall dump.
    [[nodiscard]] std::size_t waiting_streams() const;

    void on_packet(std::uint16_t port, Packet& packet, sc_core::sc_time& delay) override;
    void on_credit(std::uint16_t port) override;

    // Told for every message that has fully arrived at this card, before its client.
    class ArrivalListener {
    public:
        virtual void on_message_bytes(Message& message) = 0;

    protected:
        ~ArrivalListener() = default;
    };
    void listen(ArrivalListener& listener) { listener_ = &listener; }

private:
    struct Egress {
        Egress(PortOwner& owner, std::uint16_t number, const PortSpec& spec)
            : port(owner, number, spec.role, "port" + std::to_string(number)), lookahead(spec.lookahead) {}
        NetworkPort port;
        Picoseconds lookahead;
        TimePoint free_at{};         // when the link could start another packet
        Picoseconds packet_time{};   // that the last packet takes on the link
        Stream* head = nullptr;
        Stream* tail = nullptr;
        std::int32_t credits_due = 0;  // packets of own streams whose credit has not come back
    };

    void end_of_elaboration() override;
    void append(Egress& egress, Stream& stream);
    void pump(std::uint16_t number);
    void send_cell(Egress& egress);
    void send(Egress& egress, Packet& packet);
    void arrive(Packet& packet);

    Agenda& agenda_;
    NetworkPools& pools_;
    std::int64_t cell_;
    std::deque<Egress> egresses_;
    ArrivalListener* listener_ = nullptr;
    PortBankStats stats_;
};

}  // namespace myriad
