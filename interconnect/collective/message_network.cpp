// The Network interface where every message is simulated. One executor a communicator; schedules are generated, shared
// by all ranks and kept per operation.

#include "interconnect/collective/message_network.h"

#include "interconnect/collective/helpers.h"
#include "interconnect/collective/make_schedule.h"
#include "sim/error/error.h"

#include <algorithm>

namespace myriad {

namespace {

// What a record of the agenda is about: a receive that found its message (0), a rank whose delay is over (from 2^32 on,
// 2^32 a communicator), or a message point to point whose delay is over.
constexpr std::uint64_t kReady = 0;
constexpr int kRankBits = 32;
constexpr std::uint64_t kDelayedSend = std::uint64_t{1} << 63;

}  // namespace

MessageNetwork::MessageNetwork(const Topology& topology, Agenda& agenda, ComponentId self, Transport& transport,
                               std::unique_ptr<CollectivePlanner> planner)
    : topology_(topology), agenda_(agenda), self_(self), transport_(transport), planner_(std::move(planner)) {
    agenda.enroll(self, *this);
}

CommunicatorId MessageNetwork::create_communicator(CommunicatorSpec spec) {
    auto communicator = std::make_unique<Communicator>();
    if (planner_) {
        planner_->add_group(spec);
    } else {
        communicator->shape = shape_of_group(topology_, spec);
    }
    const bool helped = may_be_helped(topology_, spec);
    communicator->executor = std::make_unique<CollectiveExecutor>(helped ? seats_of(topology_, spec.cards) : spec.cards,
                                                                  transport_, next_timer(), helped);
    communicator->spec = std::move(spec);
    return add(std::move(communicator));
}

CommunicatorId MessageNetwork::create_folded_communicator(CommunicatorSpec spec, std::vector<CardId> seats,
                                                          std::vector<std::uint32_t> stands_in) {
    MYRIAD_CHECK(planner_ != nullptr, "schedules of folded groups come from a planner");
    planner_->add_group(spec);
    auto communicator = std::make_unique<Communicator>();
    const bool helped = seats.size() > spec.cards.size();
    communicator->executor =
        std::make_unique<CollectiveExecutor>(std::move(seats), transport_, next_timer(), helped, std::move(stands_in));
    communicator->spec = std::move(spec);
    return add(std::move(communicator));
}

RankTimer MessageNetwork::next_timer() const { return {&agenda_, self_, (communicators_.size() + 1) << kRankBits}; }

CommunicatorId MessageNetwork::add(std::unique_ptr<Communicator> communicator) {
    communicators_.push_back(std::move(communicator));
    return CommunicatorId{static_cast<std::uint32_t>(communicators_.size() - 1)};
}

const Schedule& MessageNetwork::schedule_for(Communicator& communicator, const CollectiveCall& call) {
    const CommunicatorSpec& spec = communicator.spec;
    const std::int64_t size = depends_on_size(call.op, spec.algorithm) ? call.size.count() : 0;
    auto& schedule = communicator.schedules[{call.op, call.root, size}];
    if (!schedule) {
        const AlgorithmChoice choice = choose_algorithm(call.op, spec.algorithm, communicator.shape);
        schedule = make_schedule({call.op, choice.algorithm, communicator.shape, call.root, call.size});
        if (communicator.told.insert({call.op, choice.algorithm, {}}).second) {
            choices_.push_back({spec.name, call.op, choice});
        }
    }
    return *schedule;
}

void MessageNetwork::note(Communicator& communicator, const CollectiveCall& call, const CollectivePlan& plan) {
    if (communicator.latest == &plan) {
        return;
    }
    communicator.latest = &plan;
    if (communicator.told.insert({call.op, plan.choice.algorithm, plan.choice.protocol}).second) {
        choices_.push_back({communicator.spec.name, call.op, plan.choice});
    }
}

void MessageNetwork::collective(CommunicatorId communicator, int rank, const CollectiveCall& call, Completion done) {
    Communicator& group = *communicators_[static_cast<std::size_t>(communicator)];
    if (planner_) {
        const CollectivePlan& plan = planner_->plan(communicator, call);
        note(group, call, plan);
        group.executor->start(rank, *plan.schedule, call.size, done, plan.cost);
    } else {
        group.executor->start(rank, schedule_for(group, call), call.size, done);
    }
}

void MessageNetwork::send(CardId from, CardId to, Bytes size, std::uint64_t tag, Completion done) {
    const PointToPoint::MessageId message = matching_.send(from, to, tag, done);
    message_payload_ += size;
    const CallCost cost = planner_ ? planner_->message_cost(from, to, size) : CallCost{};
    if (cost.start.count() == 0) {
        transport_.post(from, to, cost.wire(size), message, Arrival::store, *this);
        return;
    }
    if (free_delayed_.empty()) {
        free_delayed_.push_back(static_cast<std::uint32_t>(delayed_.size()));
        delayed_.emplace_back();
    }
    const std::uint32_t slot = free_delayed_.back();
    free_delayed_.pop_back();
    delayed_[slot] = {from, to, cost.wire(size), message};
    agenda_.schedule(agenda_.now() + cost.start, Phase::deliver, self_, self_, kDelayedSend | slot);
}

void MessageNetwork::on_arrival(CardId /*from*/, CardId /*to*/, std::uint64_t tag) {
    matching_.arrived(static_cast<PointToPoint::MessageId>(tag));
}

void MessageNetwork::receive(CardId at, CardId from, std::uint64_t tag, Completion done) {
    if (matching_.receive(at, from, tag, done)) {
        ready_.push_back(done);
        agenda_.schedule(agenda_.now(), Phase::deliver, self_, self_, kReady);
    }
}

void MessageNetwork::on_agenda(const AgendaRecord& record) {
    if ((record.payload & kDelayedSend) != 0) {
        const auto slot = static_cast<std::uint32_t>(record.payload);
        const DelayedSend send = delayed_[slot];
        free_delayed_.push_back(slot);
        transport_.post(send.from, send.to, send.wire, send.message, Arrival::store, *this);
        return;
    }
    if (record.payload != kReady) {
        communicators_[(record.payload >> kRankBits) - 1]->executor->on_timer(
            static_cast<int>(static_cast<std::uint32_t>(record.payload)));
        return;
    }
    const Completion done = ready_.front();
    ready_.erase(ready_.begin());
    done();
}

Bytes MessageNetwork::payload() const {
    Bytes sum = message_payload_;
    for (const auto& communicator : communicators_) {
        sum += communicator->executor->payload();
    }
    return sum;
}

bool MessageNetwork::idle() const {
    return matching_.unmatched() == 0 && matching_.in_flight() == 0 &&
           std::all_of(communicators_.begin(), communicators_.end(),
                       [](const auto& communicator) { return communicator->executor->idle(); });
}

std::string MessageNetwork::waiting_text() const {
    std::string text;
    for (const auto& communicator : communicators_) {
        if (!communicator->executor->idle()) {
            text += communicator->spec.name + ": " + communicator->executor->waiting_text() + "\n";
        }
    }
    if (matching_.unmatched() > 0 || matching_.in_flight() > 0) {
        text += "point to point: " + std::to_string(matching_.in_flight()) + " messages under way, " +
                std::to_string(matching_.unmatched()) + " sends or receives without their other half\n" +
                matching_.waiting_text();
    }
    return text;
}

}  // namespace myriad
