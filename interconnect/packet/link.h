#pragma once
// A full-duplex link as a SystemC module: two sockets, a LinkModel a direction. A hop costs one agenda record: the
// arrival of the head at the other end (of the tail where the message ends). With a LinkControl (bounded buffers, turns), a
// packet that finds the link busy and nothing waiting is the next, and its start is fixed at once; others wait in queues, and
// one record more a waiting packet begins it.

#include "interconnect/packet/link_control.h"
#include "interconnect/packet/link_model.h"
#include "sim/network/hot_arena.h"
#include "sim/network/port.h"
#include "sim/time/agenda.h"

#include <string>

namespace myriad {

// Watches a direction: for waveforms (link_probe.h), and to interfere where links change (packet_faults.h).
class LinkObserver {
public:
    struct Transmission {
        TimePoint start;    // on the wire from here
        TimePoint end;      // to here
        TimePoint arrival;  // when the record that stands for it is due
    };
    virtual void on_transmission(Packet& packet, const Transmission& times) = 0;

    // The record of a packet is due. Now: it arrives; later: it is asked for again then; kNever: it has been lost.
    virtual TimePoint arrival_of(const Packet& /*packet*/, TimePoint now) { return now; }
    // A packet that has been lost belongs to the observer.
    virtual void on_lost(Packet& /*packet*/) {}

protected:
    ~LinkObserver() = default;
};

// One direction: takes packets in at one socket, lets them out at the other. Two cache lines.
class alignas(64) LinkDirection final : public PortEnd<LinkDirection>, public AgendaClient, public PacketBuffer {
public:
    LinkDirection(Agenda& agenda, ComponentId self, BytesPerSecond bandwidth, Picoseconds latency)
        : agenda_(agenda), model_(bandwidth, latency), self_(self) {}

    // Where packets go out, and where credits go back to.
    void attach(PortPeer out, PortPeer sender) {
        out_ = out;
        sender_ = sender;
    }
    void observe(LinkObserver& observer);
    // From now on, for packets that have not been taken; those that have been are through at `queue_end`.
    void set_bandwidth(BytesPerSecond bandwidth, TimePoint queue_end) { model_.set_bandwidth(bandwidth, queue_end); }
    // Before the first packet.
    void queue_by(LinkControl& control) { control_ = &control; }

    void on_packet(Packet& packet, sc_core::sc_time& delay);
    void on_credit();
    void on_agenda(const AgendaRecord& record) override;
    void on_hint(const Packet& packet, bool behind) const;
    void on_credit_hint() const {}
    void prepare(const AgendaRecord& record, int stage) const override;
    void leave(const Packet& packet, TimePoint at) override;

    [[nodiscard]] const LinkControl* control() const noexcept { return control_; }
    [[nodiscard]] LinkControl* control() noexcept { return control_; }
    [[nodiscard]] ComponentId id() const noexcept { return self_; }
    [[nodiscard]] const LinkModel& model() const noexcept { return model_; }
    // Packets taken and not yet let out.
    [[nodiscard]] std::int32_t in_flight() const noexcept { return in_flight_; }

private:
    // The lowest bits of a record's payload, free in an address, tell what it is.
    enum Event : std::uint64_t {
        kArrival = 0,  // the packet is at the far end
        kRetry = 1,    // the packet is offered again
        kTurn = 2,     // no packet: one that waits may begin
        kRead = 3,     // a packet of the buffer at the far end: its turn to be read has come
        kPause = 4,    // no packet: the far end says so
        kResume = 5,   // likewise
        kDrained = 6,  // no packet: so many bytes have left the memory at the far end
    };
    static constexpr unsigned kEventShift = 3;
    static constexpr std::uint64_t kEventBits = (1u << kEventShift) - 1;
    static constexpr bool is_packet(std::uint64_t event) { return event < kTurn || event == kRead; }

    void offer(Packet& packet);
    void offer_queued(Packet& packet);
    void begin(Packet& packet, const LinkModel::Passage& passage);
    void begin_queued(Packet& packet);
    void await_turn();
    void take_turn(TimePoint due);
    void let_out(Packet& packet);
    [[nodiscard]] bool held_back(Packet& packet);
    void on_signal(const AgendaRecord& record);
    void drain(std::int64_t bytes);
    void return_room(const Packet& packet, TimePoint at);
    void read_in_order(Packet& packet, InputFifo& input);
    [[nodiscard]] Picoseconds time_to_next() const;

    Agenda& agenda_;
    LinkModel model_;
    PortPeer out_;
    PortPeer sender_;
    ComponentId self_;
    std::int32_t in_flight_ = 0;
    LinkControl* control_ = nullptr;  // null: a FIFO without bounds
    TimePoint turn_at_ = kNever;      // when the next kTurn is due that counts
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
