// Book-keeping around the formula: who has entered which call, when it ends, what it put on the links. Calls of one
// communicator follow one another; calls of different communicators do not see each other, except that siblings are
// in the formula.

#include "interconnect/analytic/analytic_network.h"

#include "sim/error/error.h"

#include <algorithm>

#include <fmt/core.h>

namespace myriad {

namespace {

// What a record of the agenda is about, in its upper half; the lower half is a number of that kind.
enum class Event : std::uint64_t { collective_ends, message_arrives, receive_is_ready };

std::uint64_t payload_of(Event event, std::uint64_t number) { return static_cast<std::uint64_t>(event) << 32 | number; }

}  // namespace

AnalyticNetwork::AnalyticNetwork(const Topology& topology, Router& router, Agenda& agenda, ComponentId self,
                                 CollectiveLibrary library)
    : agenda_(agenda),
      self_(self),
      planner_(topology, router, std::move(library)),
      message_bytes_(planner_.model().links()) {
    agenda_.enroll(self, *this);
}

CommunicatorId AnalyticNetwork::create_communicator(CommunicatorSpec spec) {
    const CommunicatorId id = planner_.add_group(spec);
    Communicator& communicator = communicators_.emplace_back();
    communicator.name = std::move(spec.name);
    communicator.entered.resize(spec.cards.size());
    return id;
}

void AnalyticNetwork::collective(CommunicatorId id, int rank, const CollectiveCall& call, Completion done) {
    MYRIAD_CHECK(static_cast<std::size_t>(id) < communicators_.size(), "no such communicator");
    Communicator& communicator = communicators_[static_cast<std::size_t>(id)];
    const auto ranks = static_cast<int>(communicator.entered.size());
    MYRIAD_CHECK(rank >= 0 && rank < ranks, fmt::format("rank {} of {} in {}", rank, ranks, communicator.name));
    const std::uint64_t number = communicator.entered[static_cast<std::size_t>(rank)]++;
    if (number == communicator.first_call + communicator.calls.size()) {
        communicator.calls.push_back({call, 0, std::vector<Completion>(static_cast<std::size_t>(ranks))});
    }
    Call& entry = communicator.calls[number - communicator.first_call];
    MYRIAD_CHECK(entry.call.op == call.op && entry.call.size == call.size && entry.call.root == call.root,
                 fmt::format("rank {} enters call {} of {} with another collective than the ranks before it", rank,
                             number, communicator.name));
    entry.done[static_cast<std::size_t>(rank)] = done;
    if (++entry.entered == ranks) {
        begin(static_cast<std::size_t>(id), call);
    }
}

void AnalyticNetwork::begin(std::size_t number, const CollectiveCall& call) {
    Communicator& communicator = communicators_[number];
    // The call before may still run: a rank that is ahead waits for its own earlier call, so all do.
    const TimePoint start = std::max(agenda_.now(), communicator.busy_until);
    communicator.busy_until = start + planner_.time(CommunicatorId{static_cast<std::uint32_t>(number)}, call);
    ++communicator.begun[CallKey{call.op, call.root, call.size.count()}];
    agenda_.schedule(communicator.busy_until, Phase::deliver, self_, self_, payload_of(Event::collective_ends, number));
}

void AnalyticNetwork::end_call(Communicator& communicator) {
    // Taken out first: a completion may enter the next call.
    const Call call = std::move(communicator.calls.front());
    communicator.calls.pop_front();
    ++communicator.first_call;
    for (const Completion& done : call.done) {
        done();
    }
}

void AnalyticNetwork::send(CardId from, CardId to, Bytes size, std::uint64_t tag, Completion done) {
    MYRIAD_CHECK(from != to, fmt::format("card {} sends to itself", index(from)));
    const PointToPoint::MessageId message = matching_.send(from, to, tag, done);
    const CallCost cost = planner_.message_cost(from, to, size);
    const Bytes wire = cost.wire(size);
    planner_.model().add_message_bytes(from, to, wire, message_bytes_);
    agenda_.schedule(agenda_.now() + cost.start + planner_.model().message_time(from, to, wire), Phase::deliver, self_,
                     self_, payload_of(Event::message_arrives, message));
}

void AnalyticNetwork::receive(CardId at, CardId from, std::uint64_t tag, Completion done) {
    if (matching_.receive(at, from, tag, done)) {
        ready_.push_back(done);
        agenda_.schedule(agenda_.now(), Phase::deliver, self_, self_, payload_of(Event::receive_is_ready, 0));
    }
}

void AnalyticNetwork::on_agenda(const AgendaRecord& record) {
    const auto number = static_cast<std::uint32_t>(record.payload);
    switch (static_cast<Event>(record.payload >> 32)) {
        case Event::collective_ends:
            end_call(communicators_[number]);
            break;
        case Event::message_arrives:
            matching_.arrived(number);
            break;
        case Event::receive_is_ready: {
            const Completion done = ready_.front();
            ready_.pop_front();
            done();
            break;
        }
    }
}

std::vector<AnalyticNetwork::LinkUse> AnalyticNetwork::link_use() {
    std::vector<Bytes> bytes = message_bytes_;
    LoadModel& model = planner_.model();
    for (std::size_t number = 0; number < communicators_.size(); ++number) {
        const CommunicatorId id{static_cast<std::uint32_t>(number)};
        for (const auto& [key, times] : communicators_[number].begun) {
            const auto& [op, root, size] = key;
            const CollectivePlan& plan = planner_.plan(id, {op, Bytes{size}, root});
            model.add_collective_bytes(*plan.schedule, Bytes{size}, planner_.cards(id), times, bytes, plan.cost);
        }
    }
    std::vector<LinkUse> use(bytes.size());
    for (std::size_t link = 0; link < bytes.size(); ++link) {
        use[link] = {bytes[link], transfer_time_ceil(bytes[link], model.bandwidth(link))};
    }
    return use;
}

bool AnalyticNetwork::idle() const {
    const bool collectives = std::all_of(communicators_.begin(), communicators_.end(),
                                         [](const Communicator& c) { return c.calls.empty(); });
    return collectives && ready_.empty() && matching_.unmatched() == 0 && matching_.in_flight() == 0;
}

std::string AnalyticNetwork::waiting_text() const {
    constexpr int kShown = 8;
    std::string text;
    int shown = 0;
    for (const Communicator& communicator : communicators_) {
        if (communicator.calls.empty() || shown++ == kShown) {
            continue;
        }
        const Call& call = communicator.calls.front();
        const std::size_t ranks = communicator.entered.size();
        text += fmt::format("{}: {} number {}, {} of {} ranks entered", communicator.name, name_of(call.call.op),
                            communicator.first_call, call.entered, ranks);
        const auto missing = std::find_if(communicator.entered.begin(), communicator.entered.end(),
                                          [&](std::uint64_t n) { return n <= communicator.first_call; });
        text += missing == communicator.entered.end()
                    ? "\n"
                    : fmt::format("; rank {} has not\n", missing - communicator.entered.begin());
    }
    if (matching_.unmatched() > 0 || matching_.in_flight() > 0) {
        text += fmt::format("point to point: {} sends or receives without their other half, {} messages under way\n",
                            matching_.unmatched(), matching_.in_flight());
    }
    return text;
}

}  // namespace myriad
