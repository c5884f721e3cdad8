// The time of the fluid. Ends of flows are kept in two places: of those that have their cap, one by one and exact; of
// those that a link holds, by the link, whose clock runs at its level, so that a change of level moves all of their ends
// at once.

#include "interconnect/flow/flow_transport.h"

#include "sim/error/error.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace myriad {

namespace {

// What a record of the agenda is about, in its upper half; the lower half is a number of that kind.
enum class Event : std::uint64_t { wake, settle, arrivals };

std::uint64_t payload_of(Event event, std::uint64_t number) { return static_cast<std::uint64_t>(event) << 32 | number; }

// Room for a million of each, so that they need not move while they grow. What is not used is never touched, and so is
// no memory.
constexpr std::size_t kExpected = 1u << 20;

// An end this near is now: rounding of clocks, not fluid.
constexpr double kSlackPs = 0.01;
constexpr double kSlackBytes = 1e-4;

double as_ps(double bytes, double rate) { return bytes / rate * static_cast<double>(kPicosecondsPerSecond); }

TimePoint after(TimePoint now, double picoseconds) {
    if (picoseconds >= 4e18) {  // a rate of nothing, or nearly
        return DueTimes::kNever;
    }
    return now + Picoseconds{static_cast<std::int64_t>(std::ceil(std::max(picoseconds - kSlackPs, 0.0)))};
}

}  // namespace

FlowTransport::FlowTransport(const Topology& topology, Router& router, Agenda& agenda, ComponentId self)
    : FlowTransport(std::make_unique<RoutedPaths>(topology, router), agenda, self) {}

FlowTransport::FlowTransport(std::unique_ptr<RoutedPaths> routed, Agenda& agenda, ComponentId self)
    : FlowTransport(static_cast<FlowPaths&>(*routed), agenda, self) {
    routed_ = std::move(routed);
}

FlowTransport::FlowTransport(FlowPaths& paths, Agenda& agenda, ComponentId self)
    : source_(paths), agenda_(agenda), self_(self), rates_(paths.capacities()), connections_(paths.ends()) {
    clocks_.resize(paths.capacities().size());
    clock_ends_.resize(clocks_.size());
    lanes_.reserve(kExpected);
    records_.reserve(kExpected);
    shares_.reserve(kExpected);
    agenda_.enroll(self, *this);
}

std::uint32_t FlowTransport::owner_of(TransportClient& client) {
    if (last_client_ != &client) {
        last_client_ = &client;
        last_owner_ = owners_.try_emplace(&client, static_cast<std::uint32_t>(owners_.size())).first->second;
    }
    return last_owner_;
}

Connection FlowTransport::connection_of(std::uint32_t owner, CardId from, CardId to) {
    if (const Connection* known = connections_.find(owner, from, to)) {
        return *known;
    }
    const std::int64_t copies = source_.find(from, to, found_);
    if (copies != 1 && copies_.empty()) {
        copies_.assign(lanes_.size(), 1);
    }
    const Connection fresh{static_cast<std::uint32_t>(lanes_.size()), static_cast<std::uint32_t>(found_.size())};
    for (const FlowPath& path : found_) {
        lanes_.emplace_back().latency = path.latency;
        static_cast<void>(rates_.define(path.resources, path.weights));
        if (copies != 1 || !copies_.empty()) {
            copies_.push_back(static_cast<std::uint32_t>(copies));
        }
    }
    if (lanes_.size() > lane_ends_.size()) {
        lane_ends_.resize(2 * lanes_.size());
    }
    connections_.add(owner, from, to, fresh);
    return fresh;
}

void FlowTransport::forget_routes() { connections_.clear(); }

void FlowTransport::set_bandwidth(DirectedEdge link, BytesPerSecond bandwidth) {
    const std::uint32_t resource = routed_->links().set_bandwidth(link, bandwidth);
    rates_.set_capacity(resource, links().capacity(resource));
    want_settle();
}

void FlowTransport::post(CardId from, CardId to, Bytes size, std::uint64_t tag, Arrival /*arrival*/,
                         TransportClient& client) {
    MYRIAD_CHECK(from != to, "card " + std::to_string(index(from)) + " sends to itself");
    const Connection connection = connection_of(owner_of(client), from, to);
    std::uint32_t number = 0;
    if (free_records_.empty()) {
        number = static_cast<std::uint32_t>(records_.size());
        records_.emplace_back();
    } else {
        number = free_records_.back();
        free_records_.pop_back();
    }
    const std::uint32_t copies = copies_.empty() ? 1 : copies_[connection.first_lane];
    records_[number] = {&client, tag, from, to, agenda_.now(), {}, size.count(), 0, copies};
    spread(number, connection, size.count());
    messages_ += copies;
    in_flight_ += copies;
    posted_ += copies * size;
}

void FlowTransport::spread(std::uint32_t number, const Connection& connection, std::int64_t size) {
    const auto routes = static_cast<std::int64_t>(connection.lanes);
    std::int64_t begin = 0;
    for (std::int64_t r = 0; r < routes; ++r) {
        // Equal shares to the byte: share r ends at floor((r + 1) size / n). An empty message is a header on one route.
        const auto end = routes == 1 ? size : static_cast<std::int64_t>(static_cast<Int128>(r + 1) * size / routes);
        if (end > begin || (size == 0 && r == 0)) {
            ++records_[number].shares;
            append(connection.first_lane + static_cast<std::uint32_t>(r), number, end - begin);
        }
        begin = end;
    }
}

void FlowTransport::append(std::uint32_t number, std::uint32_t message, std::int64_t bytes) {
    std::uint32_t share = 0;
    if (free_shares_.empty()) {
        share = static_cast<std::uint32_t>(shares_.size());
        shares_.emplace_back();
    } else {
        share = free_shares_.back();
        free_shares_.pop_back();
    }
    shares_[share] = {message, kNone, bytes};
    Lane& lane = lanes_[number];
    if (lane.head != kNone) {
        shares_[lane.tail].next = share;
        lane.tail = share;
        return;
    }
    lane.head = lane.tail = share;
    rates_.start(number);
    want_settle();
}

void FlowTransport::want_settle() {
    if (!settle_wanted_) {
        settle_wanted_ = true;
        agenda_.schedule(agenda_.now(), Phase::arbitrate, self_, self_, payload_of(Event::settle, 0));
    }
}

void FlowTransport::on_agenda(const AgendaRecord& record) {
    switch (static_cast<Event>(record.payload >> 32)) {
        case Event::wake:
            --wakes_;
            if (next_wake_ == agenda_.now()) {  // else it was put off, or has been
                next_wake_ = DueTimes::kNever;
                wake();
            }
            break;
        case Event::settle:
            settle_wanted_ = false;
            settle();
            break;
        case Event::arrivals:
            deliver(record.payload & 0xFFFF'FFFF);
            break;
    }
}

void FlowTransport::advance(Clock& clock) const {
    const TimePoint now = agenda_.now();
    if (clock.at != now) {
        clock.sent += clock.level * seconds(now - clock.at);
        clock.at = now;
    }
}

Picoseconds FlowTransport::time_at(std::int64_t bytes, std::int64_t rate) {
    if (bytes != known_bytes_ || rate != known_rate_) {
        known_bytes_ = bytes;
        known_rate_ = rate;
        known_time_ = transfer_time_ceil(Bytes{bytes}, BytesPerSecond{rate});
    }
    return known_time_;
}

// Bytes of the head that have not left, at what has held the lane until now.
double FlowTransport::left_of(const Lane& lane, std::uint32_t held_by) {
    if (held_by == MaxMin::kNothing) {
        return static_cast<double>(shares_[lane.head].bytes);
    }
    if (held_by == MaxMin::kOwnCap) {
        return std::max(lane.end - static_cast<double>(lane.cap) * seconds(agenda_.now() - lane.since), 0.0);
    }
    Clock& clock = clocks_[held_by];
    advance(clock);
    clock.known = false;
    list_clock(held_by);
    return std::max(lane.end - clock.sent, 0.0);
}

void FlowTransport::settle() {
    rates_.settle();
    apply_moves();
    refresh_clocks();
    const TimePoint next = std::min(lane_ends_.earliest(), clock_ends_.earliest());
    if (next < next_wake_) {
        next_wake_ = next;
        ++wakes_;
        agenda_.schedule(next, Phase::deliver, self_, self_, payload_of(Event::wake, 0));
    }
}

void FlowTransport::apply_moves() {
    lefts_.clear();
    for (const MaxMin::Move& move : rates_.moves()) {
        lefts_.push_back(left_of(lanes_[move.flow], move.before));
    }
    for (const std::uint32_t link : rates_.changed_links()) {
        Clock& clock = clocks_[link];
        advance(clock);
        clock.level = rates_.level(link);
        list_clock(link);
    }
    for (std::size_t m = 0; m < lefts_.size(); ++m) {
        const MaxMin::Move& move = rates_.moves()[m];
        Lane& lane = lanes_[move.flow];
        if (lane.head == kNone) {
            continue;
        }
        const std::uint32_t holder = rates_.bottleneck(move.flow);
        if (holder == MaxMin::kOwnCap) {
            begin_at_cap(move.flow, lefts_[m], move.before == MaxMin::kNothing);
            continue;
        }
        if (move.before == MaxMin::kOwnCap) {
            lane_ends_.set(move.flow, DueTimes::kNever);
        }
        Clock& clock = clocks_[holder];
        lane.end = clock.sent + lefts_[m];
        if (clock.known) {
            clock.next_end = std::min(clock.next_end, lane.end);
        }
    }
}

void FlowTransport::begin_at_cap(std::uint32_t number, double bytes, bool whole) {
    Lane& lane = lanes_[number];
    lane.cap = rates_.cap(number).count();
    lane.since = agenda_.now();
    lane.end = bytes;
    lane.whole = whole;
    set_cap_end(number);
}

void FlowTransport::set_cap_end(std::uint32_t number) {
    const Lane& lane = lanes_[number];
    if (lane.cap == 0) {
        lane_ends_.set(number, lane.end > 0.0 ? DueTimes::kNever : lane.since);
    } else if (lane.whole) {
        lane_ends_.set(number, lane.since + time_at(static_cast<std::int64_t>(lane.end), lane.cap));
    } else {
        lane_ends_.set(number, after(lane.since, as_ps(lane.end, static_cast<double>(lane.cap))));
    }
}

void FlowTransport::list_clock(std::uint32_t link) {
    if (!clocks_[link].listed) {
        clocks_[link].listed = true;
        stale_clocks_.push_back(link);
    }
}

void FlowTransport::refresh_clocks() {
    for (const std::uint32_t link : stale_clocks_) {
        Clock& clock = clocks_[link];
        clock.listed = false;
        const std::vector<std::uint32_t>& held = rates_.held(link);
        if (held.empty()) {
            clock = Clock{};  // begins at 0 again: the smaller the sums, the finer
            clock_ends_.set(link, DueTimes::kNever);
            continue;
        }
        if (!clock.known) {
            clock.next_end = lanes_[held.front()].end;
            for (const std::uint32_t lane : held) {
                clock.next_end = std::min(clock.next_end, lanes_[lane].end);
            }
            clock.known = true;
        }
        const double left = clock.next_end - clock.sent;
        clock_ends_.set(link, left <= 0.0 ? clock.at : after(clock.at, as_ps(left, clock.level)));
    }
    stale_clocks_.clear();
}

void FlowTransport::wake() {
    const TimePoint now = agenda_.now();
    want_settle();
    lane_ends_.collect(now, due_);
    for (const std::uint32_t lane : due_) {
        head_has_left(lane);
    }
    clock_ends_.collect(now, due_links_);
    for (const std::uint32_t link : due_links_) {
        Clock& clock = clocks_[link];
        advance(clock);
        due_.clear();
        for (const std::uint32_t lane : rates_.held(link)) {
            const double left = lanes_[lane].end - clock.sent;
            if (left <= 0.0 || as_ps(left, clock.level) <= kSlackPs) {
                due_.push_back(lane);
            }
        }
        clock.known = false;
        list_clock(link);
        for (const std::uint32_t lane : due_) {
            head_has_left(lane);
        }
    }
}

// The next message of the lane goes on at the same rate: to the other flows nothing has changed.
void FlowTransport::head_has_left(std::uint32_t number) {
    Lane& lane = lanes_[number];
    const std::uint32_t done = lane.head;
    const Share share = shares_[done];
    free_shares_.push_back(done);
    lane.carried += share.bytes;
    lane.head = share.next;
    const std::uint32_t holder = rates_.bottleneck(number);
    if (lane.head == kNone) {
        if (holder == MaxMin::kOwnCap) {
            lane_ends_.set(number, DueTimes::kNever);
        }
        rates_.stop(number);
    } else if (holder != MaxMin::kOwnCap) {
        lane.end = clocks_[holder].sent + static_cast<double>(shares_[lane.head].bytes);
    } else if (lane.whole) {
        lane.end += static_cast<double>(shares_[lane.head].bytes);
        set_cap_end(number);
    } else {
        begin_at_cap(number, static_cast<double>(shares_[lane.head].bytes), true);
    }
    share_has_left(share, lane.latency);
}

void FlowTransport::share_has_left(const Share& share, Picoseconds latency) {
    MessageRecord& record = records_[share.message];
    record.latest = std::max(record.latest, agenda_.now() + latency);
    if (--record.shares == 0) {
        arrive_at(record.latest, share.message);
    }
}

// Messages that arrive together share one record of the agenda.
void FlowTransport::arrive_at(TimePoint time, std::uint32_t message) {
    constexpr std::size_t kSearched = 16;
    if (opened_ != agenda_.now()) {
        opened_ = agenda_.now();
        open_batches_.clear();
    }
    for (std::size_t i = open_batches_.size(); i > 0 && open_batches_.size() - i < kSearched; --i) {
        ArrivalBatch& batch = batches_[open_batches_[i - 1]];
        if (batch.time == time) {
            batch.messages.push_back(message);
            return;
        }
    }
    std::size_t number = batches_.size();
    if (free_batches_.empty()) {
        batches_.emplace_back();
    } else {
        number = free_batches_.back();
        free_batches_.pop_back();
    }
    batches_[number].time = time;
    batches_[number].messages.assign(1, message);
    open_batches_.push_back(number);
    agenda_.schedule(time, Phase::deliver, self_, self_, payload_of(Event::arrivals, number));
}

void FlowTransport::deliver(std::size_t number) {
    std::erase(open_batches_, number);  // of a path without latency
    std::vector<std::uint32_t> messages;
    messages.swap(batches_[number].messages);
    for (const std::uint32_t message : messages) {
        const MessageRecord record = records_[message];
        free_records_.push_back(message);
        in_flight_ -= record.copies;
        arrived_ += record.copies * Bytes{record.size};
        latency_.add((agenda_.now() - record.posted).count(), record.copies);
        if (watcher_ != nullptr) {
            watcher_->on_message(record.from, record.to, Bytes{record.size}, record.posted, agenda_.now());
        }
        record.client->on_arrival(record.from, record.to, record.tag);
    }
    messages.clear();
    batches_[number].messages.swap(messages);
    free_batches_.push_back(number);
}

std::vector<Bytes> FlowTransport::resource_bytes() const {
    std::vector<Bytes> resource(clocks_.size());
    for (std::uint32_t lane = 0; lane < lanes_.size(); ++lane) {
        const auto path = rates_.links_of(lane);
        for (std::size_t hop = 0; hop < path.size(); ++hop) {
            resource[path[hop]] += std::int64_t{rates_.weight(lane, hop)} * Bytes{lanes_[lane].carried};
        }
    }
    return resource;
}

// As left_of, but changes nothing. Whole bytes, rounded down, so that a later moment never has less.
std::int64_t FlowTransport::carried_by(std::uint32_t number, TimePoint at) const {
    const Lane& lane = lanes_[number];
    const std::uint32_t holder = rates_.bottleneck(number);
    if (lane.head == kNone || holder == MaxMin::kNothing) {
        return lane.carried;
    }
    double left = 0.0;
    if (holder == MaxMin::kOwnCap) {
        left = lane.end - static_cast<double>(lane.cap) * seconds(at - lane.since);
    } else {
        const Clock& clock = clocks_[holder];
        left = lane.end - (clock.sent + clock.level * seconds(at - clock.at));
    }
    const std::int64_t size = shares_[lane.head].bytes;
    return lane.carried + std::clamp<std::int64_t>(size - static_cast<std::int64_t>(std::ceil(left - kSlackBytes)), 0, size);
}

std::vector<Bytes> FlowTransport::resource_bytes_at(TimePoint at, std::uint64_t& steps) const {
    std::vector<Bytes> resource(clocks_.size());
    for (std::uint32_t lane = 0; lane < lanes_.size(); ++lane) {
        const Bytes carried{carried_by(lane, at)};
        const auto path = rates_.links_of(lane);
        steps += path.size();
        for (std::size_t hop = 0; hop < path.size(); ++hop) {
            resource[path[hop]] += std::int64_t{rates_.weight(lane, hop)} * carried;
        }
    }
    return resource;
}

std::vector<Bytes> FlowTransport::link_bytes() const { return by_link(resource_bytes()); }

std::vector<Bytes> FlowTransport::link_bytes_at(TimePoint at, std::uint64_t& steps) const {
    return by_link(resource_bytes_at(at, steps));
}

std::vector<Bytes> FlowTransport::by_link(const std::vector<Bytes>& resource) const {
    std::vector<Bytes> bytes(links().directed_links());
    for (std::uint32_t r = 0; r < resource.size(); ++r) {
        for (const std::uint32_t link : links().members(r)) {
            bytes[link] = resource[r];
        }
    }
    return bytes;
}

}  // namespace myriad
