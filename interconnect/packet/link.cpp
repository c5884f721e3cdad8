// Links. What a packet meets: offered at the end where it enters (FIFO, cut-through, see link_model.h), an agenda
// record for the moment its head is at the far end, then one call out of the far port. Packets that would run dry (a
// slow link feeding a fast one) are offered again when their tail is near enough; they do not hold the link meanwhile.

#include "interconnect/packet/link.h"

#include "sim/error/error.h"
#include "sim/systemc/agenda_bridge.h"

namespace myriad {

void LinkDirection::offer(Packet& packet) {
    const LinkModel::Passage passage = model_.offer(packet, agenda_.now());
    const auto payload = reinterpret_cast<std::uint64_t>(&packet);
    if (!passage.accepted) {
        packet.set_head_lag(Picoseconds{packet.head_lag} + (passage.retry - agenda_.now()));
        agenda_.schedule(passage.retry, Phase::deliver, self_, self_, payload | kRetry);
        return;
    }
    packet.tail = passage.tail_out;
    packet.set_head_lag(passage.lag_out);
    // At the destination only the last byte matters; everywhere else the head is passed on as it comes.
    const TimePoint arrival = packet.at_destination() ? passage.tail_out : passage.head_out;
    agenda_.schedule(arrival, Phase::deliver, self_, self_, payload);
    if (observer_ != nullptr) [[unlikely]] {
        observer_->on_transmission(passage.start, model_.free_at(), packet.bytes);
    }
}

void LinkDirection::on_packet(Packet& packet, sc_core::sc_time& delay) {
    MYRIAD_CHECK(delay == sc_core::SC_ZERO_TIME, "an annotated delay must be consumed before a packet enters a link");
    ++in_flight_;
    offer(packet);
    const Picoseconds wait = model_.free_at() - agenda_.now();
    delay = to_sc_time(wait.count() > 0 ? wait : Picoseconds{0});
}

void LinkDirection::on_credit() {
    // Queues behind a link are unbounded at this level: no receiver gives credits back.
    MYRIAD_CHECK(false, "link direction " + std::to_string(static_cast<std::uint32_t>(self_)) + " was given a credit");
}

void LinkDirection::on_agenda(const AgendaRecord& record) {
    auto& packet = *reinterpret_cast<Packet*>(record.payload & ~kRetry);
    if ((record.payload & kRetry) != 0) {
        offer(packet);
        return;
    }
    --in_flight_;
    if (packet.wants_credit) {
        packet.wants_credit = 0;
        sender_.send_credit(packet);
    }
    sc_core::sc_time delay;
    out_.send(packet, delay);
}

void LinkDirection::on_hint(const Packet& /*packet*/, bool /*behind*/) const {}

void LinkDirection::prepare(const AgendaRecord& record, int stage) const {
    auto& packet = *reinterpret_cast<Packet*>(record.payload & ~kRetry);
    if (stage == 0) {
        out_.prefetch();
        __builtin_prefetch(packet.next_port);
        __builtin_prefetch(packet.message);
        if (packet.wants_credit) {
            sender_.prefetch();
        }
        return;
    }
    out_.send_hint(packet, stage == 2);
    if (stage == 1 && packet.wants_credit) {
        sender_.send_credit_hint(packet);
    }
}

void LinkDirection::observe(LinkObserver& observer) {
    MYRIAD_CHECK(observer_ == nullptr, "a link direction has one observer");
    observer_ = &observer;
}

Link::Link(const sc_core::sc_module_name& name, Agenda& agenda, HotArena& arena, std::uint32_t number,
           BytesPerSecond bandwidth, Picoseconds latency_forward, Picoseconds latency_backward)
    : sc_module(name),
      side_a(PortRole::target, "a"),
      side_b(PortRole::initiator, "b"),
      forward_(arena.make<LinkDirection>(agenda, ComponentId{2 * number}, bandwidth, latency_forward)),
      backward_(arena.make<LinkDirection>(agenda, ComponentId{2 * number + 1}, bandwidth, latency_backward)) {
    side_a.receive_at(forward_, forward_);
    side_b.receive_at(backward_, backward_);
    agenda.enroll(ComponentId{2 * number}, forward_);
    agenda.enroll(ComponentId{2 * number + 1}, backward_);
}

void Link::end_of_elaboration() {
    forward_.attach(side_b.peer(), side_a.peer());
    backward_.attach(side_a.peer(), side_b.peer());
}

}  // namespace myriad
