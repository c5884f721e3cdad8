// Posting and arrival of messages at packet level.

#include "interconnect/packet/transport.h"

#include "sim/error/error.h"

namespace myriad {

void PacketTransport::post(CardId from, CardId to, Bytes size, std::uint64_t tag, Arrival arrival,
                           TransportClient& client) {
    MYRIAD_CHECK(from != to, "card " + std::to_string(index(from)) + " sends to itself");
    Message& message = memory_.messages.take();
    message.from = from;
    message.to = to;
    message.size = size;
    message.routes = routes_between(from, to);
    message.posted = agenda_.now();
    message.tag = tag;
    message.context = &client;
    message.client = this;
    ++messages_;
    ++in_flight_;
    posted_ += size;
    sources_[index(from)]->inject(message, arrival);
}

RouteSet PacketTransport::routes_between(CardId from, CardId to) {
    LastRoutes& last = last_[index(from)];
    if (last.to != to || last.routes.words() == nullptr || draws_) {
        last = {to, router_.of_packets(from, to, static_cast<std::uint64_t>(messages_))};
    }
    return last.routes;
}

void PacketTransport::on_message_arrival(Message& message) {
    --in_flight_;
    arrived_ += message.arrived;
    latency_.add((agenda_.now() - message.posted).count());
    if (watcher_ != nullptr) {
        watcher_->on_message(message.from, message.to, message.size, message.posted, agenda_.now());
    }
    auto& client = *static_cast<TransportClient*>(message.context);
    const CardId from = message.from;
    const CardId to = message.to;
    const std::uint64_t tag = message.tag;
    memory_.messages.give_back(message);
    client.on_arrival(from, to, tag);
}

}  // namespace myriad
