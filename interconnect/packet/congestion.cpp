// Notifications and wake-ups are records of one component: the former are delivered, the latter in the phase after, when
// all that an instant brings has come.

#include "interconnect/packet/congestion.h"

#include "interconnect/routing/path.h"

namespace myriad {
namespace {

// A number for `value`, which moves into `values`.
template <class T>
std::uint64_t keep(std::vector<T>& values, std::vector<std::uint64_t>& free, const T& value) {
    if (free.empty()) {
        values.push_back(value);
        return values.size() - 1;
    }
    const std::uint64_t number = free.back();
    free.pop_back();
    values[number] = value;
    return number;
}

}  // namespace

CongestionControl::CongestionControl(const Topology& topology, Agenda& agenda, ComponentId self,
                                     const DcqcnConfig& config)
    : topology_(topology), agenda_(agenda), self_(self), config_(config) {
    agenda.enroll(self, *this);
}

TimePoint CongestionControl::allowed_at(const Message& message, std::uint16_t route) {
    if (slowed_.empty()) {
        return TimePoint{};
    }
    const auto found = slowed_.find({message.from, message.to, route});
    if (found == slowed_.end()) {
        return TimePoint{};
    }
    found->second.catch_up(agenda_.now());
    if (found->second.at_line()) {
        slowed_.erase(found);
        return TimePoint{};
    }
    return found->second.allowed_at();
}

void CongestionControl::sent(const Packet& packet) {
    const auto found = slowed_.find({packet.message->from, packet.message->to, packet.route});
    if (found != slowed_.end()) {
        found->second.sent(packet.bytes, agenda_.now());
    }
}

void CongestionControl::marked(const Packet& packet) {
    const Flow flow{packet.message->from, packet.message->to, packet.route};
    const TimePoint now = agenda_.now();
    const auto [last, first] = notified_.try_emplace(flow, now);
    if (!first && now - last->second < config_.notification_interval) {
        return;
    }
    last->second = now;
    const Route route = packet.message->routes[packet.route];
    const Picoseconds latency = path_latency(topology_, packet.message->from, route);
    const Notification notification{flow, path_bandwidth(topology_, packet.message->from, route)};
    agenda_.schedule(now + latency, Phase::deliver, self_, self_, keep(underway_, free_notifications_, notification));
    ++notifications_;
}

void CongestionControl::wake(TimePoint time, Completion go_on) {
    agenda_.schedule(time, Phase::arbitrate, self_, self_, keep(wakes_, free_wakes_, go_on));
}

void CongestionControl::on_agenda(const AgendaRecord& record) {
    if (static_cast<Phase>(record.phase()) == Phase::arbitrate) {
        const Completion go_on = wakes_[record.payload];
        free_wakes_.push_back(record.payload);
        go_on();
        return;
    }
    const Notification notification = underway_[record.payload];
    free_notifications_.push_back(record.payload);
    slowed_.try_emplace(notification.flow, config_, notification.line, record.time)
        .first->second.congested(record.time);
}

double CongestionControl::rate(CardId from, CardId to, std::uint16_t route) const {
    const auto found = slowed_.find({from, to, route});
    return found == slowed_.end() ? 0.0 : found->second.rate();
}

}  // namespace myriad
