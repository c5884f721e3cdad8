// Links. What a packet meets: offered at the end where it enters (FIFO, cut-through, see link_model.h), an agenda
// record for the moment its head is at the far end, then one call out of the far port. Packets that would run dry (a
// slow link feeding a fast one) are offered again when their tail is near enough; they do not hold the link meanwhile.

#include "interconnect/packet/link.h"

#include "sim/error/error.h"
#include "sim/systemc/agenda_bridge.h"

namespace myriad {

bool LinkDirection::offer(Packet& packet) {
    const LinkModel::Passage passage = model_.offer(packet, agenda_.now());
    if (!passage.accepted) {
        agenda_.schedule(passage.retry, Phase::deliver, self_, self_, reinterpret_cast<std::uint64_t>(&packet) | kRetry);
        return false;
    }
    packet.tail = passage.tail_out;
    // At the destination only the last byte matters; everywhere else the head is passed on as it comes.
    const TimePoint arrival = packet.at_destination() ? passage.tail_out : passage.head_out;
    agenda_.schedule(arrival, Phase::deliver, self_, self_, reinterpret_cast<std::uint64_t>(&packet));
    return true;
}

void LinkDirection::take(Packet& packet, sc_core::sc_time& delay) {
    MYRIAD_CHECK(delay == sc_core::SC_ZERO_TIME, "an annotated delay must be consumed before a packet enters a link");
    ++in_flight_;
    offer(packet);
    const Picoseconds wait = model_.free_at() - agenda_.now();
    delay = to_sc_time(wait.count() > 0 ? wait : Picoseconds{0});
}

void LinkDirection::on_agenda(const AgendaRecord& record) {
    auto& packet = *reinterpret_cast<Packet*>(record.payload & ~kRetry);
    if ((record.payload & kRetry) != 0) {
        offer(packet);
        return;
    }
    --in_flight_;
    const bool credit = packet.wants_credit;
    if (credit) {
        packet.wants_credit = false;
        in_->send_credit(packet);
    }
    sc_core::sc_time delay;
    out_->send(packet, delay);
}

Link::Link(const sc_core::sc_module_name& name, Agenda& agenda, std::uint32_t number, BytesPerSecond bandwidth,
           Picoseconds latency_forward, Picoseconds latency_backward)
    : sc_module(name),
      forward_(agenda, ComponentId{2 * number}, bandwidth, latency_forward),
      backward_(agenda, ComponentId{2 * number + 1}, bandwidth, latency_backward),
      a_(*this, 0, PortRole::target, "a"),
      b_(*this, 1, PortRole::initiator, "b") {
    forward_.attach(a_, b_);
    backward_.attach(b_, a_);
    agenda.enroll(ComponentId{2 * number}, forward_);
    agenda.enroll(ComponentId{2 * number + 1}, backward_);
}

void Link::end_of_elaboration() {
    a_.resolve();
    b_.resolve();
}

void Link::on_packet(std::uint16_t port, Packet& packet, sc_core::sc_time& delay) {
    (port == 0 ? forward_ : backward_).take(packet, delay);
}

void Link::on_credit(std::uint16_t /*port*/) {
    // Queues behind a link are unbounded at this level: no receiver gives credits back.
    MYRIAD_CHECK(false, std::string(name()) + " was given a credit");
}

}  // namespace myriad
