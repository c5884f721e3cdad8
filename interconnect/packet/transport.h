#pragma once
// Messages at packet level: gives each its routes, hands it to the card it leaves from, and tells the poster when its
// last byte has arrived.

#include "interconnect/routing/routes.h"
#include "interconnect/transport.h"
#include "sim/network/stream.h"
#include "sim/statistics/statistics.h"
#include "sim/time/agenda.h"

#include <vector>

namespace myriad {

class PacketTransport final : public Transport, public MessageClient {
public:
    // sources[c] is where messages of card c enter.
    PacketTransport(const Agenda& agenda, Router& router, NetworkMemory& memory, std::vector<MessageSource*> sources)
        : agenda_(agenda),
          router_(router),
          memory_(memory),
          sources_(std::move(sources)),
          last_(sources_.size()),
          draws_(router.draws_for_messages()) {}

    void post(CardId from, CardId to, Bytes size, std::uint64_t tag, Arrival arrival, TransportClient& client) override;
    void on_message_arrival(Message& message) override;

    void watch(MessageWatcher& watcher) { watcher_ = &watcher; }

    // Routes have changed: messages posted from now on ask the router again.
    void forget_routes() { last_.assign(last_.size(), {}); }
    // Gives a message that is under way the routes that a new one would take.
    void route_again(Message& message) { message.routes = routes_between(message.from, message.to); }

    [[nodiscard]] std::int64_t messages() const noexcept { return messages_; }
    [[nodiscard]] Bytes posted() const noexcept { return posted_; }
    [[nodiscard]] Bytes arrived() const noexcept { return arrived_; }
    [[nodiscard]] std::int64_t in_flight() const noexcept { return in_flight_; }

    // From post to the arrival of the last byte, in picoseconds.
    [[nodiscard]] const Histogram& latency() const noexcept { return latency_; }

private:
    // The routes of a card's last message: in a ring, and in the steps of most collectives, the next one goes the same
    // way, and asking the router is what a short message costs most.
    struct LastRoutes {
        CardId to{};
        RouteSet routes;
    };
    [[nodiscard]] RouteSet routes_between(CardId from, CardId to);

    const Agenda& agenda_;
    Router& router_;
    NetworkMemory& memory_;
    std::vector<MessageSource*> sources_;
    std::vector<LastRoutes> last_;  // by card
    MessageWatcher* watcher_ = nullptr;
    bool draws_;                    // routes differ from message to message
    std::int64_t messages_ = 0;
    std::int64_t in_flight_ = 0;
    Bytes posted_;
    Bytes arrived_;
    Histogram latency_;
};

}  // namespace myriad
