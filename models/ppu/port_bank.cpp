// Injection, forwarding and arrival at a card. See port_bank.h for the rule of turns and of commitment.

#include "models/ppu/port_bank.h"

#include "sim/error/error.h"
#include "sim/systemc/agenda_bridge.h"

#include <algorithm>

namespace myriad {

PortBank::PortBank(const sc_core::sc_module_name& name, Agenda& agenda, NetworkPools& pools, Bytes cell,
                   const std::vector<PortSpec>& ports)
    : sc_module(name), agenda_(agenda), pools_(pools), cell_(cell.count()) {
    MYRIAD_CHECK(cell_ > 0 && cell_ <= std::int64_t{1} << 30, "a cell is between 1 B and 1 GiB");
    for (std::size_t p = 0; p < ports.size(); ++p) {
        egresses_.emplace_back(*this, static_cast<std::uint16_t>(p), ports[p]);
    }
}

void PortBank::end_of_elaboration() {
    for (Egress& egress : egresses_) {
        egress.port.resolve();
    }
}

void PortBank::append(Egress& egress, Stream& stream) {
    stream.next = nullptr;
    if (egress.tail == nullptr) {
        egress.head = &stream;
    } else {
        egress.tail->next = &stream;
    }
    egress.tail = &stream;
}

void PortBank::post(Message& message) {
    const std::int64_t size = message.size.count();
    const auto routes = static_cast<std::int64_t>(message.routes.size());
    std::int64_t begin = 0;
    for (std::int64_t r = 0; r < routes; ++r) {
        // Equal shares to the byte: share r ends at floor((r + 1) size / n).
        const std::int64_t end = static_cast<std::int64_t>(static_cast<Int128>(r + 1) * size / routes);
        if (end == begin && !(size == 0 && r == 0)) {
            continue;
        }
        const Route route = message.routes[static_cast<std::size_t>(r)];
        Stream& stream = pools_.streams.take();
        stream.message = &message;
        stream.after_first_port = route.begin() + 1;
        stream.remaining = Bytes{end - begin};
        begin = end;
        append(egresses_[route[0]], stream);
        pump(route[0]);
    }
}

void PortBank::pump(std::uint16_t number) {
    Egress& egress = egresses_[number];
    const TimePoint now = agenda_.now();
    // Two packets are always committed, so a credit is always due while streams wait; more only where packets are so
    // short that a credit (which comes with the tail where the route is a single hop) would come too late.
    while (egress.head != nullptr &&
           (egress.credits_due < 2 || egress.free_at <= now + egress.lookahead + egress.packet_time)) {
        send_cell(egress);
    }
}

void PortBank::send_cell(Egress& egress) {
    Stream& stream = *egress.head;
    Packet& packet = pools_.packets.take();
    const std::int64_t bytes = std::min(stream.remaining.count(), cell_);
    packet.message = stream.message;
    packet.next_port = stream.after_first_port;
    packet.tail = agenda_.now();
    packet.bytes = static_cast<std::int32_t>(bytes);
    stream.remaining -= Bytes{bytes};
    ++stats_.packets_sent;
    stats_.sent += Bytes{bytes};
    egress.head = stream.next;
    if (egress.head == nullptr) {
        egress.tail = nullptr;
    }
    if (stream.remaining.count() > 0) {
        append(egress, stream);
    } else {
        pools_.streams.give_back(stream);
    }
    packet.wants_credit = egress.head != nullptr;
    egress.credits_due += packet.wants_credit ? 1 : 0;
    send(egress, packet);
}

void PortBank::send(Egress& egress, Packet& packet) {
    sc_core::sc_time delay;
    egress.port.send(packet, delay);
    const TimePoint now = agenda_.now();
    const TimePoint free_before = std::max(egress.free_at, now);
    egress.free_at = now + to_picoseconds(delay);
    egress.packet_time = egress.free_at - free_before;
}

void PortBank::on_packet(std::uint16_t /*port*/, Packet& packet, sc_core::sc_time& delay) {
    MYRIAD_CHECK(delay == sc_core::SC_ZERO_TIME, "links deliver packets at their time, without an annotated delay");
    if (packet.at_destination()) {
        arrive(packet);
        return;
    }
    MYRIAD_CHECK(*packet.next_port < egresses_.size(),
                 std::string(name()) + " is told to forward to port " + std::to_string(*packet.next_port));
    Egress& egress = egresses_[*packet.next_port];
    ++packet.next_port;
    ++stats_.packets_forwarded;
    send(egress, packet);
    if (egress.head != nullptr) {
        send_cell(egress);  // the port's own turn, or passing traffic could starve it
    }
}

void PortBank::on_credit(std::uint16_t port) {
    --egresses_[port].credits_due;
    pump(port);
}

void PortBank::arrive(Packet& packet) {
    Message& message = *packet.message;
    message.arrived += Bytes{packet.bytes};
    ++stats_.packets_received;
    stats_.received += Bytes{packet.bytes};
    pools_.packets.give_back(packet);
    if (message.arrived < message.size) {
        return;
    }
    if (listener_ != nullptr) {
        listener_->on_message_bytes(message);
    }
    message.client->on_message_arrival(message);
}

std::size_t PortBank::waiting_streams() const {
    std::size_t waiting = 0;
    for (const Egress& egress : egresses_) {
        for (const Stream* stream = egress.head; stream != nullptr; stream = stream->next) {
            ++waiting;
        }
    }
    return waiting;
}

}  // namespace myriad
