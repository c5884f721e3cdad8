// Buffers of communication lie in the upper part of a card's memory, at the same place everywhere.

#include "app/system/live_network.h"

#include "models/live/communication_program.h"
#include "sim/error/error.h"

namespace myriad {
namespace {

// Above what compute kernels use; a buffer is at most as large as the distance.
constexpr std::uint64_t kInput = std::uint64_t{1} << 39;
constexpr std::uint64_t kOutput = kInput + (std::uint64_t{1} << 38);
constexpr std::uint32_t kCallBits = 20;

void tell_matching(void* matching, std::uint64_t message) {
    static_cast<PointToPoint*>(matching)->arrived(static_cast<PointToPoint::MessageId>(message));
}

}  // namespace

LiveNetwork::LiveNetwork(Agenda& agenda, ComponentId self, const ChipConfig& chip, std::vector<LiveCard*> cards,
                         std::int64_t cores)
    : agenda_(agenda), self_(self), chip_(chip), cards_(std::move(cards)), cores_(cores) {
    agenda.enroll(self, *this);
}

CommunicatorId LiveNetwork::create_communicator(CommunicatorSpec spec) {
    const std::vector<std::uint32_t> calls(spec.cards.size(), 0);
    communicators_.push_back({std::move(spec), calls});
    return CommunicatorId{static_cast<std::uint32_t>(communicators_.size() - 1)};
}

void LiveNetwork::collective(CommunicatorId communicator, int rank, const CollectiveCall& call, Completion done) {
    MYRIAD_CHECK(call.op == CollectiveOp::all_reduce, "the live level has a kernel for all-reduce only");
    Communicator& group = communicators_[static_cast<std::size_t>(communicator)];
    const auto self = static_cast<std::size_t>(rank);
    if (choices_.empty()) {
        choices_.push_back({group.spec.name,
                            call.op,
                            {CollectiveAlgorithm::direct, "kernels: direct reduce-scatter, then all-gather"}});
    }
    BarrierGroup barrier;
    barrier.number = static_cast<std::uint32_t>(communicator) << kCallBits | ++group.calls[self];
    for (std::size_t r = 0; r < group.spec.cards.size(); ++r) {
        if (r != self) {
            barrier.others.push_back(group.spec.cards[r]);
        }
    }
    auto program = std::make_unique<AllReduceProgram>(core_rates(chip_, DataType::bf16), group.spec.cards, rank,
                                                      AllReduceProgram::Buffers{kInput, kOutput, call.size}, cores_);
    cards_[index(group.spec.cards[self])]->commands->communicate(std::move(program), std::move(barrier), done);
}

void LiveNetwork::copy(const PeerCopy& copy, Completion done) {
    const std::uint64_t source = copy.read ? address_on(copy.from, kInput) : kInput;
    const std::uint64_t destination = copy.read ? kOutput : address_on(copy.to, kOutput);
    LiveCard& at = *cards_[index(copy.read ? copy.to : copy.from)];
    at.commands->communicate(std::make_unique<PeerCopyProgram>(source, destination, copy.size, cores_), {}, done);
}

void LiveNetwork::send(CardId from, CardId to, Bytes size, std::uint64_t tag, Completion done) {
    copy({from, to, size, false}, {tell_matching, &matching_, matching_.send(from, to, tag, done)});
}

void LiveNetwork::receive(CardId at, CardId from, std::uint64_t tag, Completion done) {
    if (matching_.receive(at, from, tag, done)) {
        ready_.push_back(done);
        agenda_.schedule(agenda_.now(), Phase::deliver, self_, self_, 0);
    }
}

void LiveNetwork::on_agenda(const AgendaRecord& /*record*/) {
    const Completion done = ready_.front();
    ready_.pop_front();
    done();
}

}  // namespace myriad
