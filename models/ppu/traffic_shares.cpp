// A message needs the picoseconds that the network took, on the clocks of both ends. It waits for the receiver's first,
// then for the sender's: clocks do not go back, so the later of the two decides.

#include "models/ppu/traffic_shares.h"

#include "sim/error/error.h"

#include <algorithm>

namespace myriad {

void TrafficShares::add_end(CardId id, CardShare* share, const std::vector<BytesPerSecond>& ports) {
    if (cards_.size() <= index(id)) {
        cards_.resize(index(id) + 1);
    }
    Card& entry = card(id);
    entry.share = share;
    for (const BytesPerSecond bandwidth : ports) {
        entry.ports.push_back({static_cast<double>(bandwidth.count()), 0, {}});
    }
}

double TrafficShares::Queue::lag_and_add(double now, double clock_now, double time) {
    const double lag = std::max(clock - clock_now, 0.0) - std::max(real - now, 0.0);
    real = std::max(real, now) + time;
    clock = std::max(clock, clock_now) + time;
    return std::max(lag, 0.0);
}

void TrafficShares::post(const Message& message, int extra) {
    Card& from = card(message.from);
    Card& to = card(message.to);
    const auto now = static_cast<double>(agenda_.now().time_since_epoch().count());
    const auto bytes = static_cast<double>(message.size.count());
    Flight flight{.extra = extra};
    flight.out_clock = from.share != nullptr ? from.share->clock(true) : 0.0;
    const double bytes_a_route = bytes / static_cast<double>(message.routes.size());
    double fresh = 0.0;  // of ports that nobody used: messages behind one another on a port are no faster
    double lag = 0.0;
    for (const Route route : message.routes) {
        Port& port = from.ports[route[0]];
        flight.wire += port.rate;
        fresh += port.use++ == 0 ? port.rate : 0.0;
        lag = std::max(lag, port.queue.lag_and_add(now, flight.out_clock, bytes_a_route / port.rate * 1e12));
    }
    flight.out_clock += lag;
    if (to.share != nullptr) {
        flight.in_clock = to.share->clock(false);
        flight.in_clock += to.incoming.lag_and_add(now, flight.in_clock, bytes / to.share->config().ports * 1e12);
        to.share->begin_message(false, bytes * flight.factor(), flight.wire, flight.wire * flight.factor());
    }
    if (from.share != nullptr) {
        from.share->begin_message(true, bytes, fresh, fresh);
    }
    const bool first = flights_.emplace(&message, flight).second;
    MYRIAD_CHECK(first, "a message is posted once");
}

bool TrafficShares::arrive(Message& message) {
    Flight& flight = flights_.at(&message);
    flight.arrived = agenda_.now();
    const auto needed = static_cast<double>((flight.arrived - message.posted).count());
    CardShare* receiver = card(message.to).share;
    if ((receiver != nullptr && !receiver->reached(false, flight.in_clock + needed, message, *this)) ||
        !sender_reached(message, flight)) {
        return false;
    }
    finish(message, flight);
    return true;
}

bool TrafficShares::sender_reached(Message& message, const Flight& flight) {
    const auto needed = static_cast<double>((flight.arrived - message.posted).count());
    CardShare* sender = card(message.from).share;
    return sender == nullptr || sender->reached(true, flight.out_clock + needed, message, *this);
}

void TrafficShares::on_reached(Message& message, bool outgoing) {
    const Flight& flight = flights_.at(&message);
    if (!outgoing && !sender_reached(message, flight)) {
        return;
    }
    finish(message, flight);
    message.client->on_message_arrival(message);
}

void TrafficShares::finish(Message& message, const Flight& flight) {
    Card& from = card(message.from);
    Card& to = card(message.to);
    double unused = 0.0;
    for (const Route route : message.routes) {
        Port& port = from.ports[route[0]];
        unused += --port.use == 0 ? port.rate : 0.0;
    }
    if (from.share != nullptr) {
        from.share->end_message(true, unused, unused);
    }
    if (to.share != nullptr) {
        to.share->end_message(false, flight.wire, flight.wire * flight.factor());
        to.share->add_held(agenda_.now() - flight.arrived);
    }
    flights_.erase(&message);
}

}  // namespace myriad
