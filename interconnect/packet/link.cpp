// Links. What a packet meets: offered at the end where it enters (FIFO, cut-through, see link_model.h), an agenda
// record for the moment its head is at the far end, then one call out of the far port. Packets that would run dry (a
// slow link feeding a fast one) are offered again when their tail is near enough; they do not hold the link meanwhile.

#include "interconnect/packet/link.h"

#include "sim/error/error.h"
#include "sim/systemc/agenda_bridge.h"

#include <algorithm>

namespace myriad {

void LinkDirection::offer(Packet& packet) {
    const LinkModel::Passage passage = model_.offer(packet, agenda_.now());
    if (!passage.accepted) {
        packet.set_head_lag(Picoseconds{packet.head_lag} + (passage.retry - agenda_.now()));
        agenda_.schedule(passage.retry, Phase::deliver, self_, self_,
                         reinterpret_cast<std::uint64_t>(&packet) | kRetry);
        return;
    }
    if (packet.buffer != nullptr) [[unlikely]] {
        packet.buffer->leave(packet, std::max(model_.free_at(), agenda_.now()));
        packet.buffer = nullptr;
    }
    begin(packet, passage);
}

void LinkDirection::begin(Packet& packet, const LinkModel::Passage& passage) {
    packet.tail = passage.tail_out;
    packet.set_head_lag(passage.lag_out);
    // At the destination only the last byte matters; everywhere else the head is passed on as it comes.
    const TimePoint arrival = packet.at_destination() ? passage.tail_out : passage.head_out;
    agenda_.schedule(arrival, Phase::deliver, self_, self_, reinterpret_cast<std::uint64_t>(&packet));
    if (observer_ != nullptr) [[unlikely]] {
        observer_->on_transmission(packet, {passage.start, model_.free_at(), arrival});
    }
}

void LinkDirection::offer_queued(Packet& packet) {
    const TimePoint now = agenda_.now();
    const TimePoint ready = model_.ready_at(packet, now);
    if (ready > now) {
        packet.set_head_lag(Picoseconds{packet.head_lag} + (ready - now));
        agenda_.schedule(ready, Phase::deliver, self_, self_, reinterpret_cast<std::uint64_t>(&packet) | kRetry);
        return;
    }
    packet.entered = now;
    // With nothing before it, it is the next whatever comes later: where the link is busy it begins when that ends, and no
    // record is spent on its turn.
    const TimePoint free = std::max(model_.free_at(), now);
    const Arbiter& waiting = control_->waiting();
    if ((free > now ? control_->turns_are_final() && waiting.next_turn_is_open(now) : waiting.empty()) &&
        control_->covers(packet, free)) {
        if (free > now) {
            control_->give_next_turn(packet, free);
        }
        begin_queued(packet);
        return;
    }
    control_->push(packet);
    await_turn();
}

void LinkDirection::begin_queued(Packet& packet) {
    const TimePoint now = agenda_.now();
    const LinkModel::Passage passage = model_.offer(packet, now);
    MYRIAD_CHECK(passage.accepted, "a packet began whose tail is too far behind");
    if (control_->damaged(packet)) [[unlikely]] {
        // It stays where it is and is sent again; the link goes on with others meanwhile.
        packet.tail = now;
        packet.set_head_lag(Picoseconds{0});
        agenda_.schedule(passage.tail_out + control_->retry_latency(), Phase::deliver, self_, self_,
                         reinterpret_cast<std::uint64_t>(&packet) | kRetry);
        return;
    }
    model_.note_wait(now - packet.entered);
    if (packet.buffer != nullptr) {
        packet.buffer->leave(packet, std::max(model_.free_at(), now));
    }
    control_->claim(packet);
    packet.buffer = this;
    begin(packet, passage);
}

void LinkDirection::await_turn() {
    const TimePoint now = agenda_.now();
    const TimePoint free = std::max(model_.free_at(), now);
    const TimePoint chance = control_->next_chance(free);
    if (chance < turn_at_) {
        turn_at_ = chance;
        agenda_.schedule(chance, Phase::arbitrate, self_, self_, kTurn);
    }
}

void LinkDirection::take_turn(TimePoint due) {
    if (due != turn_at_) {
        return;  // an earlier one has taken its place
    }
    turn_at_ = kNever;
    Packet* packet = control_->pop(due, model_.free_at());
    if (packet != nullptr) {
        packet->set_head_lag(Picoseconds{0});  // its head has come long since
        begin_queued(*packet);
    }
    if (!control_->waiting().empty()) {
        await_turn();
    }
}

void LinkDirection::return_room(const Packet& packet, TimePoint at) {
    control_->give_back(packet, at);
    if (!control_->waiting().empty()) {
        await_turn();
    }
}

void LinkDirection::drain(std::int64_t bytes) {
    if (control_->shared()->leave(control_->shared_input(), bytes)) {
        agenda_.schedule(agenda_.now() + control_->pause_latency(), Phase::deliver, self_, self_, kResume);
    }
}

void LinkDirection::on_signal(const AgendaRecord& record) {
    switch (record.payload & kEventBits) {
        case kTurn:
            take_turn(record.time);
            return;
        case kPause:
            control_->pause(record.time);
            turn_at_ = kNever;
            return;
        case kResume:
            control_->resume(record.time);
            if (!control_->waiting().empty()) {
                await_turn();
            }
            return;
        default:
            drain(static_cast<std::int64_t>(record.payload >> kEventShift));
    }
}

void LinkDirection::leave(const Packet& packet, TimePoint at) {
    return_room(packet, at);
    if (control_->shared() != nullptr) {
        agenda_.schedule(at, Phase::deliver, self_, self_,
                         static_cast<std::uint64_t>(packet.bytes) << kEventShift | kDrained);
    }
    if (InputFifo* input = control_->input(packet); input != nullptr) {
        input->reading = false;
        input->free_at = at;
        if (input->first != nullptr) {
            Packet& next = *input->first;
            input->first = next.next;
            input->reading = true;
            agenda_.schedule(at, Phase::deliver, self_, self_, reinterpret_cast<std::uint64_t>(&next) | kRead);
        }
    }
}

void LinkDirection::read_in_order(Packet& packet, InputFifo& input) {
    if (!input.reading && input.free_at <= agenda_.now()) {
        input.reading = true;
        let_out(packet);
        return;
    }
    packet.next = nullptr;
    if (!input.reading) {
        input.reading = true;  // nobody before it, but the one that was is still leaving
        agenda_.schedule(input.free_at, Phase::deliver, self_, self_, reinterpret_cast<std::uint64_t>(&packet) | kRead);
        return;
    }
    (input.first == nullptr ? input.first : input.last->next) = &packet;
    input.last = &packet;
}

Picoseconds LinkDirection::time_to_next() const {
    const TimePoint now = agenda_.now();
    if (control_ == nullptr) {
        return std::max(model_.free_at() - now, Picoseconds{0});
    }
    const Arbiter& waiting = control_->waiting();
    return std::max(waiting.busy_until(now, model_.free_at()) - now, Picoseconds{0}) +
           transfer_time_ceil(Bytes{waiting.own_bytes()}, model_.bandwidth());
}

void LinkDirection::on_packet(Packet& packet, sc_core::sc_time& delay) {
    MYRIAD_CHECK(delay == sc_core::SC_ZERO_TIME, "an annotated delay must be consumed before a packet enters a link");
    ++in_flight_;
    if (control_ == nullptr) {
        offer(packet);
    } else {
        control_->enter(packet);
        offer_queued(packet);
    }
    delay = to_sc_time(time_to_next());
}

void LinkDirection::on_credit() {
    // Credits between buffers go by PacketBuffer::leave; this phase is a sender's alone.
    MYRIAD_CHECK(false, "link direction " + std::to_string(static_cast<std::uint32_t>(self_)) + " was given a credit");
}

void LinkDirection::let_out(Packet& packet) {
    --in_flight_;
    sc_core::sc_time delay;
    out_.send(packet, delay);
}

// Whether the packet does not arrive now. The sender's credit comes back for what is lost too: it does not know.
bool LinkDirection::held_back(Packet& packet) {
    const TimePoint arrival = observer_->arrival_of(packet, agenda_.now());
    if (arrival == kNever) {
        --in_flight_;
        if (packet.wants_credit) {
            packet.wants_credit = 0;
            sender_.send_credit(packet);
        }
        observer_->on_lost(packet);
        return true;
    }
    if (arrival > agenda_.now()) {
        agenda_.schedule(arrival, Phase::deliver, self_, self_, reinterpret_cast<std::uint64_t>(&packet));
        return true;
    }
    return false;
}

void LinkDirection::on_agenda(const AgendaRecord& record) {
    const std::uint64_t event = record.payload & kEventBits;
    if (!is_packet(event)) {
        on_signal(record);
        return;
    }
    auto& packet = *reinterpret_cast<Packet*>(record.payload & ~kEventBits);
    if (event == kRetry) {
        control_ == nullptr ? offer(packet) : offer_queued(packet);
        return;
    }
    if (event == kRead) {
        packet.set_head_lag(Picoseconds{0});  // it has stood still meanwhile
        let_out(packet);
        return;
    }
    if (observer_ != nullptr && held_back(packet)) [[unlikely]] {
        return;
    }
    if (packet.wants_credit) {
        packet.wants_credit = 0;
        sender_.send_credit(packet);
    }
    if (control_ != nullptr) {
        packet.turns = 0;
        if (packet.at_destination()) {
            return_room(packet, record.time);
            packet.buffer = nullptr;
        } else if (SharedBuffer* shared = control_->shared(); shared != nullptr) {
            if (shared->enter(control_->shared_input(), packet.bytes)) {
                agenda_.schedule(record.time + control_->pause_latency(), Phase::deliver, self_, self_, kPause);
            }
        } else if (InputFifo* input = control_->input(packet); input != nullptr) {
            read_in_order(packet, *input);
            return;
        }
    }
    let_out(packet);
}

void LinkDirection::on_hint(const Packet& /*packet*/, bool /*behind*/) const {}

void LinkDirection::prepare(const AgendaRecord& record, int stage) const {
    if (!is_packet(record.payload & kEventBits)) {
        if (stage == 0) {
            __builtin_prefetch(control_);
            __builtin_prefetch(reinterpret_cast<const std::byte*>(control_) + 64);
        } else if (stage == 1) {
            control_->prefetch_channels();
        }
        return;
    }
    auto& packet = *reinterpret_cast<Packet*>(record.payload & ~kEventBits);
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
