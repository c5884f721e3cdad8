// Packets in links that change, and what becomes of the lost ones.

#include "interconnect/packet/packet_faults.h"

#include "sim/error/error.h"

#include <algorithm>

namespace myriad {

void ChangingDirection::on_transmission(Packet& packet, const Transmission& times) {
    passing_.push_back({&packet, times, down_, false});
}

// Nearly always the first: packets arrive in the order in which they were taken, but for the wait of tails.
TimePoint ChangingDirection::arrival_of(const Packet& packet, TimePoint now) {
    const auto found = std::find_if(passing_.begin(), passing_.end(),
                                    [&](const Passing& passing) { return passing.packet == &packet; });
    MYRIAD_CHECK(found != passing_.end(), "a packet comes out of a link that it did not enter");
    if (!found->lost && found->times.arrival > now) {
        return found->times.arrival;
    }
    const bool lost = found->lost;
    if (lost && !found->told) {
        tell(*found);
    }
    passing_.erase(found);
    return lost ? kNever : now;
}

void ChangingDirection::on_lost(Packet& packet) { owner_.memory_.packets.give_back(packet); }

void ChangingDirection::tell(Passing& passing) {
    passing.told = true;
    ++lost_packets_;
    lost_ += Bytes{passing.packet->bytes};
    owner_.note_loss(*passing.packet, std::max(owner_.agenda_.now(), known_at_));
}

void ChangingDirection::lose_all() {
    for (Passing& passing : passing_) {
        if (!passing.lost) {
            passing.lost = true;
            tell(passing);
        }
    }
}

// Packets that have not begun follow one another at `bandwidth`; gives when the last is through. A train of them is
// rounded once, at its end.
TimePoint ChangingDirection::put_off(BytesPerSecond bandwidth, TimePoint now) {
    TimePoint free = now;
    TimePoint train_begin = now;
    Bytes train{};
    for (Passing& passing : passing_) {
        if (passing.lost) {
            continue;
        }
        if (passing.times.start < now) {  // on the wire, or through: at the rate that it began with
            train_begin = free = std::max(free, passing.times.end);
            continue;
        }
        Transmission& times = passing.times;
        if (times.start > free) {
            train_begin = times.start;
            train = Bytes{};
        }
        train += Bytes{passing.packet->bytes};
        const TimePoint start = std::max(times.start, free);
        const TimePoint end = train_begin + transfer_time_ceil(train, bandwidth);
        // At the destination the tail counts, everywhere else the head.
        times.arrival += passing.packet->at_destination() ? end - times.end : start - times.start;
        passing.packet->tail += end - times.end;
        times.start = start;
        times.end = free = end;
    }
    return free;
}

// What has not begun to be sent, and when the packet on the wire is through.
ChangingDirection::Queue ChangingDirection::queue_at(TimePoint now) const {
    Queue queue{now, Bytes{}};
    for (const Passing& passing : passing_) {
        if (passing.times.start < now) {
            queue.wire_free = std::max(queue.wire_free, passing.times.end);
        } else if (!passing.told) {
            queue.waiting += Bytes{passing.packet->bytes};
        }
    }
    return queue;
}

void ChangingDirection::set(const LinkState& state, TimePoint now) {
    const LinkModel& model = direction_.model();
    const bool dies = state.down && !down_;
    if (dies) {
        known_at_ = now + state.detection;
    }
    down_ = state.down;
    if (!dies && state.bandwidth == model.bandwidth()) {
        return;
    }
    const Queue queue = queue_at(now);
    const bool slower = state.bandwidth < model.bandwidth();
    // What has not begun will not be sent, or at the new bandwidth.
    const Bytes later = dies || slower ? queue.waiting : Bytes{};
    busy_before_ += transfer_time_ceil(carried() - bytes_before_ - later, model.bandwidth());
    bytes_before_ = carried() - later;
    TimePoint queue_end = std::max(model.free_at(), now);
    if (dies) {
        never_sent_ += later;
        lose_all();
        queue_end = queue.wire_free;
    } else if (slower) {
        queue_end = put_off(state.bandwidth, now);
    }
    direction_.set_bandwidth(state.bandwidth, queue_end);
}

Bytes ChangingDirection::carried() const { return direction_.model().stats().bytes - never_sent_; }

Picoseconds ChangingDirection::busy() const {
    return busy_before_ + transfer_time_ceil(carried() - bytes_before_, direction_.model().bandwidth());
}

PacketFaults::PacketFaults(PacketFabric& fabric, PacketTransport& transport, NetworkMemory& memory, Agenda& agenda,
                           ComponentId self, std::vector<ReroutableSource*> sources, const std::vector<LinkStep>& steps)
    : fabric_(fabric),
      transport_(transport),
      memory_(memory),
      agenda_(agenda),
      self_(self),
      sources_(std::move(sources)) {
    agenda_.enroll(self_, *this);
    for (const LinkStep& step : steps) {
        for (const LinkState& state : step.links) {
            for (std::uint8_t d = 0; d < 2; ++d) {
                std::unique_ptr<ChangingDirection>& direction = directions_[{state.edge, d}];
                if (!direction) {
                    direction = std::make_unique<ChangingDirection>(*this, fabric_.link(state.edge).direction(d));
                }
            }
        }
    }
}

const ChangingDirection* PacketFaults::direction(DirectedEdge way) const {
    const auto found = directions_.find(way);
    return found == directions_.end() ? nullptr : found->second.get();
}

void PacketFaults::set_link(const LinkState& state) {
    for (std::uint8_t d = 0; d < 2; ++d) {
        directions_.at({state.edge, d})->set(state, agenda_.now());
    }
}

void PacketFaults::routes_changed() {
    transport_.forget_routes();
    std::vector<UnsentBytes> unsent;
    for (ReroutableSource* source : sources_) {
        source->withdraw(*this, unsent);
    }
    for (const UnsentBytes& part : unsent) {
        withdrawn_ += part.bytes;
        send_again_at(agenda_.now(), part);
    }
}

bool PacketFaults::is_closed(const Message& message, std::uint16_t first_port, const std::uint16_t* rest) const {
    const Topology& topology = fabric_.topology();
    Step step = step_over(topology, topology.cards[index(message.from)], first_port);
    while (!topology.edges[index(step.way.edge)].down) {
        if (*rest == kRouteEnd) {
            return false;
        }
        step = step_over(topology, step.to, *rest++);
    }
    return true;
}

void PacketFaults::note_loss(const Packet& packet, TimePoint when) {
    ++lost_packets_;
    lost_ += Bytes{packet.bytes};
    send_again_at(when, {packet.message, Bytes{packet.bytes}});
}

// In the arbitrating phase, when routes that change at this instant have changed.
void PacketFaults::send_again_at(TimePoint when, UnsentBytes unsent) {
    const auto [batch, fresh] = waiting_.try_emplace(when);
    batch->second.push_back(unsent);
    if (fresh) {
        agenda_.schedule(when, Phase::arbitrate, self_, self_, 0);
    }
}

// What a message has lost and what waited at its source goes out as one, in the order of first mention.
void PacketFaults::on_agenda(const AgendaRecord& record) {
    const auto batch = waiting_.find(record.time);
    MYRIAD_CHECK(batch != waiting_.end(), "there is nothing to send again");
    const std::vector<UnsentBytes> parts = std::move(batch->second);
    waiting_.erase(batch);
    std::vector<UnsentBytes> whole;
    std::unordered_map<const Message*, std::size_t> places;
    for (const UnsentBytes& part : parts) {
        const auto [place, fresh] = places.try_emplace(part.message, whole.size());
        if (fresh) {
            whole.push_back(part);
        } else {
            whole[place->second].bytes += part.bytes;
        }
    }
    for (const UnsentBytes& part : whole) {
        transport_.route_again(*part.message);
        sent_again_ += part.bytes;
        if (index(part.message->from) >= sources_.size()) {
            throw UserError(
                "a link that died during the run carried what a switch had added or multicast: algorithm "
                "in_network does not send again; pick another algorithm");
        }
        sources_[index(part.message->from)]->inject_again(*part.message, part.bytes);
    }
}

}  // namespace myriad
