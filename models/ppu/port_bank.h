#pragma once
// The network ports of a card: cuts messages into packets, spreads them over their routes, takes arrivals in and
// forwards what is only passing through (a card of a K4 x K4 server relays for others).
//
// Streams at one port: those of one connection (poster, both ends and route; a poster is a communicator, or all
// point-to-point messages) follow one another in the order in which they were posted, so that the pieces of a pipeline
// leave one by one; different connections take turns, a packet each, so that the shares of a message over two planes
// move side by side. A passing packet and the port's own streams take turns too. While streams
// wait, two packets are always committed to the link, more where they are shorter than the link's latency: the
// credit for the next comes with the arrival of one at the far end. The link never idles, and no packet exists
// long before it is sent.

#include "sim/network/port.h"
#include "sim/network/stream.h"
#include "sim/time/agenda.h"

#include <string>
#include <vector>

namespace myriad {

// Asked for every message that the network has brought to this card whole. True: its client is told now; false: the
// listener tells it later (the card's memory is behind).
class ArrivalListener {
public:
    [[nodiscard]] virtual bool on_message_bytes(Message& message) = 0;

protected:
    ~ArrivalListener() = default;
};

class CardPort;
class InjectionPacer;

// What the ends of one card share and read at every packet.
struct PortBankContext {
    // Queues so many bytes of the message on its routes.
    void post(Message& message, Bytes bytes) const;
    // Takes what waits for a closed route out of all queues.
    void withdraw(const RouteFilter& closed, std::vector<UnsentBytes>& unsent) const;

    Agenda* agenda = nullptr;
    NetworkMemory* memory = nullptr;
    std::int64_t cell = 0;
    ArrivalListener* listener = nullptr;
    std::uint16_t ports = 0;
    bool links_take_turns = false;  // between what passes and what the card sends; else the port does
    CardPort* bank = nullptr;
    InjectionPacer* pacer = nullptr;  // null: whatever waits may be sent
};

// One port's end and its queue of streams. Two cache lines.
class alignas(64) CardPort final : public PortEnd<CardPort> {
public:
    CardPort(const PortBankContext& context, CardPort* ports, Picoseconds lookahead)
        : context_(context), ports_(ports), lookahead_(lookahead) {}

    void attach(PortPeer peer) { peer_ = peer; }
    void append(Stream& stream);
    void pump();
    void withdraw(const RouteFilter& closed, std::vector<UnsentBytes>& unsent);

    void on_packet(Packet& packet, sc_core::sc_time& delay);
    void on_credit();
    void on_hint(const Packet& packet, bool behind) const;
    void on_credit_hint() const { __builtin_prefetch(head_); }

    [[nodiscard]] std::int64_t forwarded() const noexcept { return forwarded_; }
    [[nodiscard]] const Stream* first_waiting() const noexcept { return head_; }

private:
    void take_turn(Stream& stream);
    bool bring_allowed_to_front();
    static void go_on(void* port, std::uint64_t argument);
    void send_cell();
    void send(Packet& packet);
    void arrive(Packet& packet);

    const PortBankContext& context_;
    CardPort* ports_;  // all ports of the card
    PortPeer peer_;
    Stream* head_ = nullptr;
    Stream* tail_ = nullptr;
    TimePoint free_at_{};        // when the link could start another packet
    Picoseconds packet_time_{};  // the longest that a packet has taken on the link
    Picoseconds lookahead_;
    TimePoint wake_at_{};           // when the pacer wakes it; not after now: it does not
    std::int64_t forwarded_ = 0;    // packets passed on that came in here
    std::int32_t turns_ = 0;        // connections that wait
    std::int32_t credits_due_ = 0;  // packets of own streams whose credit has not come back
};

class PortBank final : public sc_core::sc_module {
public:
    PortBank(const sc_core::sc_module_name& name, Agenda& agenda, NetworkMemory& memory, Bytes cell,
             const std::vector<PortSpec>& ports);

    // Queues the message on its routes. Its last byte at the destination is told to message.client there.
    void post(Message& message) { context_.post(message, message.size); }
    // For who posts often: without a look at the module.
    [[nodiscard]] PortBankContext& context() { return context_; }
    // The links have queues of their own (interconnect/packet/arbiter.h). Before the first packet.
    void leave_turns_to_links() { context_.links_take_turns = true; }
    // Congestion control (sim/network/injection_pacer.h). Before the first packet.
    void pace_by(InjectionPacer& pacer) { context_.pacer = &pacer; }
    void listen(ArrivalListener& listener) { context_.listener = &listener; }

    [[nodiscard]] PortSocket& port(std::size_t number) { return sockets_.at(number); }
    [[nodiscard]] std::size_t ports() const { return sockets_.size(); }
    [[nodiscard]] std::int64_t packets_forwarded() const;
    // Parts of messages that wait at a port, for the stall dump.
    [[nodiscard]] std::size_t waiting_streams() const;

private:
    void end_of_elaboration() override;

    PortBankContext& context_;
    std::vector<PortSocket> sockets_;
    CardPort* ports_;
};

}  // namespace myriad
