// Injection, forwarding and arrival at a card. See port_bank.h for the rule of turns and of commitment.

#include "models/ppu/port_bank.h"

#include "sim/error/error.h"
#include "sim/network/injection_pacer.h"
#include "sim/systemc/agenda_bridge.h"

#include <algorithm>

namespace myriad {

namespace {
constexpr int kConnectionsSearched = 32;
}

void CardPort::append(Stream& stream) {
    // Messages that follow on a connection stand near the front of a short queue; in an all-to-all a thousand peers wait
    // and none twice. So the search is bounded: what is not found starts a line of its own and takes turns. Route words are
    // stored once, so their address tells the route.
    int looked_at = 0;
    for (Stream* front = head_; front != nullptr && looked_at < kConnectionsSearched;
         front = front->next, ++looked_at) {
        if (front->message->context == stream.message->context && front->message->to == stream.message->to &&
            front->message->from == stream.message->from && front->after_first_port == stream.after_first_port) {
            front->last->behind = &stream;
            front->last = &stream;
            return;
        }
    }
    stream.last = &stream;
    take_turn(stream);
}

void CardPort::take_turn(Stream& stream) {
    stream.next = nullptr;
    if (tail_ == nullptr) {
        head_ = &stream;
    } else {
        tail_->next = &stream;
    }
    tail_ = &stream;
    ++turns_;
}

void CardPort::pump() {
    const TimePoint now = context_.agenda->now();
    // Two packets are always committed, so a credit is always due while streams wait; more only where packets are so
    // short that a credit (which comes with the tail where the route is a single hop) would come too late. The next
    // credit may be that of a full cell even if what was sent last is the short end of a message.
    while (head_ != nullptr && (credits_due_ < 2 || free_at_ <= now + lookahead_ + packet_time_)) {
        if (context_.pacer != nullptr && !bring_allowed_to_front()) {
            return;
        }
        send_cell();
    }
}

// All streams line up again, without those of closed routes. Packets that have been sent keep their credits.
void CardPort::withdraw(const RouteFilter& closed, std::vector<UnsentBytes>& unsent) {
    std::vector<Stream*> waiting;
    for (Stream* front = head_; front != nullptr; front = front->next) {
        for (Stream* stream = front; stream != nullptr; stream = stream->behind) {
            waiting.push_back(stream);
        }
    }
    head_ = tail_ = nullptr;
    turns_ = 0;
    const auto port = static_cast<std::uint16_t>(this - ports_);
    for (Stream* stream : waiting) {
        if (closed.is_closed(*stream->message, port, stream->after_first_port)) {
            unsent.push_back({stream->message, stream->remaining});
            context_.memory->streams.give_back(*stream);
            continue;
        }
        stream->behind = nullptr;
        append(*stream);
    }
}

// Of the connections in their order, the first that congestion control lets send stands in front afterwards. None does:
// the port is woken when the first may.
bool CardPort::bring_allowed_to_front() {
    const TimePoint now = context_.agenda->now();
    TimePoint first = TimePoint::max();
    for (int looked_at = turns_; looked_at > 0; --looked_at) {
        Stream& stream = *head_;
        const TimePoint allowed = context_.pacer->allowed_at(*stream.message, stream.route);
        if (allowed <= now) {
            return true;
        }
        first = std::min(first, allowed);
        head_ = stream.next;
        --turns_;
        if (head_ == nullptr) {
            tail_ = nullptr;
        }
        take_turn(stream);
    }
    if (wake_at_ <= now || first < wake_at_) {
        wake_at_ = first;
        context_.pacer->wake(first, {&CardPort::go_on, this, 0});
    }
    return false;
}

void CardPort::go_on(void* port, std::uint64_t /*argument*/) { static_cast<CardPort*>(port)->pump(); }

void CardPort::send_cell() {
    Stream& stream = *head_;
    Packet& packet = context_.memory->packets.take();
    const std::int64_t bytes = std::min(stream.remaining.count(), context_.cell);
    packet.message = stream.message;
    packet.next_port = stream.after_first_port;
    packet.tail = context_.agenda->now();
    packet.bytes = static_cast<std::int32_t>(bytes);
    stream.remaining -= Bytes{bytes};
    packet.route = stream.route;
    packet.turns = static_cast<std::uint16_t>(std::min(turns_, 0xFFFF));
    head_ = stream.next;
    --turns_;
    if (head_ == nullptr) {
        tail_ = nullptr;
    }
    if (stream.remaining.count() > 0) {
        take_turn(stream);
    } else {
        if (stream.behind != nullptr) {
            stream.behind->last = stream.last;
            take_turn(*stream.behind);
        }
        context_.memory->streams.give_back(stream);
    }
    if (context_.pacer != nullptr) {
        context_.pacer->sent(packet);
    }
    packet.wants_credit = head_ != nullptr ? 1 : 0;
    credits_due_ += head_ != nullptr ? 1 : 0;
    send(packet);
}

void CardPort::send(Packet& packet) {
    sc_core::sc_time delay;
    peer_.send(packet, delay);
    const TimePoint now = context_.agenda->now();
    const TimePoint free_before = std::max(free_at_, now);
    free_at_ = now + to_picoseconds(delay);
    packet_time_ = std::max(packet_time_, free_at_ - free_before);
}

void CardPort::on_packet(Packet& packet, sc_core::sc_time& delay) {
    MYRIAD_CHECK(delay == sc_core::SC_ZERO_TIME, "links deliver packets at their time, without an annotated delay");
    if (packet.at_destination()) {
        arrive(packet);
        return;
    }
    const std::uint16_t out = *packet.next_port;
    MYRIAD_CHECK(out < context_.ports, "a card of " + std::to_string(context_.ports) +
                                           " ports is told to forward to port " + std::to_string(out));
    ++packet.next_port;
    ++forwarded_;
    CardPort& egress = ports_[out];
    egress.send(packet);
    if (egress.head_ != nullptr && !context_.links_take_turns) {
        egress.send_cell();  // the port's own turn, or passing traffic could starve it
    }
}

void CardPort::on_credit() {
    --credits_due_;
    pump();
}

void CardPort::on_hint(const Packet& packet, bool behind) const {
    if (packet.at_destination()) {
        __builtin_prefetch(&context_);
        return;
    }
    const CardPort& out = ports_[*packet.next_port];
    if (behind) {
        out.peer_.prefetch();
    } else {
        __builtin_prefetch(&out);
        __builtin_prefetch(reinterpret_cast<const std::byte*>(&out) + 64);
    }
}

void CardPort::arrive(Packet& packet) {
    Message& message = *packet.message;
    message.arrived += Bytes{packet.bytes};
    if (packet.congested && context_.pacer != nullptr) {
        context_.pacer->marked(packet);
    }
    context_.memory->packets.give_back(packet);
    if (message.arrived < message.size) {
        return;
    }
    if (context_.listener == nullptr || context_.listener->on_message_bytes(message)) {
        message.client->on_message_arrival(message);
    }
}

PortBank::PortBank(const sc_core::sc_module_name& name, Agenda& agenda, NetworkMemory& memory, Bytes cell,
                   const std::vector<PortSpec>& ports)
    : sc_module(name),
      context_(memory.arena.make<PortBankContext>(&agenda, &memory, cell.count(), nullptr,
                                                  static_cast<std::uint16_t>(ports.size()), false)),
      ports_(static_cast<CardPort*>(memory.arena.allocate(ports.size() * sizeof(CardPort), alignof(CardPort)))) {
    MYRIAD_CHECK(context_.cell > 0 && context_.cell <= std::int64_t{1} << 30, "a cell is between 1 B and 1 GiB");
    sockets_.reserve(ports.size());
    context_.bank = ports_;
    for (std::size_t p = 0; p < ports.size(); ++p) {
        auto* port = new (ports_ + p) CardPort(context_, ports_, ports[p].lookahead);
        sockets_.emplace_back(ports[p].role, "port" + std::to_string(p));
        sockets_.back().receive_at(*port, *port);
    }
}

void PortBank::end_of_elaboration() {
    for (std::size_t p = 0; p < sockets_.size(); ++p) {
        ports_[p].attach(sockets_[p].peer());
    }
}

void PortBankContext::post(Message& message, Bytes bytes) const {
    const std::int64_t size = bytes.count();
    const RouteSet routes = message.routes;  // a receiver without a link may take the message and end it within pump()
    const auto count = static_cast<std::int64_t>(routes.size());
    std::int64_t begin = 0;
    for (std::int64_t r = 0; r < count; ++r) {
        // Equal shares to the byte: share r ends at floor((r + 1) size / n).
        const auto end = static_cast<std::int64_t>(static_cast<Int128>(r + 1) * size / count);
        if (end == begin && !(size == 0 && r == 0)) {
            continue;
        }
        const Route route = routes[static_cast<std::size_t>(r)];
        Stream& stream = memory->streams.take();
        stream.message = &message;
        stream.after_first_port = route.begin() + 1;
        stream.remaining = Bytes{end - begin};
        stream.route = static_cast<std::uint16_t>(r);
        begin = end;
        bank[route[0]].append(stream);
    }
    // Only now: routes that leave by one port take turns from the first cell on.
    for (const Route route : routes) {
        bank[route[0]].pump();
    }
}

void PortBankContext::withdraw(const RouteFilter& closed, std::vector<UnsentBytes>& unsent) const {
    for (std::uint16_t port = 0; port < ports; ++port) {
        bank[port].withdraw(closed, unsent);
    }
}

std::int64_t PortBank::packets_forwarded() const {
    std::int64_t packets = 0;
    for (std::size_t p = 0; p < sockets_.size(); ++p) {
        packets += ports_[p].forwarded();
    }
    return packets;
}

std::size_t PortBank::waiting_streams() const {
    std::size_t waiting = 0;
    for (std::size_t p = 0; p < sockets_.size(); ++p) {
        for (const Stream* front = ports_[p].first_waiting(); front != nullptr; front = front->next) {
            for (const Stream* stream = front; stream != nullptr; stream = stream->behind) {
                ++waiting;
            }
        }
    }
    return waiting;
}

}  // namespace myriad
