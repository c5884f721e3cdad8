#pragma once
// The Network interface at live level: what is asked for becomes kernels on the cards, which load from and store to each
// other's memory. All-reduce of all cards, and copies between two.

#include "app/system/platform.h"
#include "interconnect/collective/point_to_point.h"
#include "interconnect/network.h"
#include "models/live/live_card.h"

#include <deque>
#include <vector>

namespace myriad {

class LiveNetwork final : public Network, private AgendaClient {
public:
    // A kernel of communication holds `cores` cores.
    LiveNetwork(Agenda& agenda, ComponentId self, const ChipConfig& chip, std::vector<LiveCard*> cards,
                std::int64_t cores);

    CommunicatorId create_communicator(CommunicatorSpec spec) override;
    void collective(CommunicatorId communicator, int rank, const CollectiveCall& call, Completion done) override;
    // A copy that the sender writes.
    void send(CardId from, CardId to, Bytes size, std::uint64_t tag, Completion done) override;
    void receive(CardId at, CardId from, std::uint64_t tag, Completion done) override;
    void copy(const PeerCopy& copy, Completion done);

    [[nodiscard]] const std::vector<AlgorithmNote>& choices() const noexcept { return choices_; }
    [[nodiscard]] bool idle() const { return matching_.unmatched() == 0 && matching_.in_flight() == 0; }

private:
    struct Communicator {
        CommunicatorSpec spec;
        std::vector<std::uint32_t> calls;  // by rank
    };
    void on_agenda(const AgendaRecord& record) override;

    Agenda& agenda_;
    ComponentId self_;
    const ChipConfig& chip_;
    std::vector<LiveCard*> cards_;
    std::int64_t cores_;
    std::vector<Communicator> communicators_;
    std::vector<AlgorithmNote> choices_;
    PointToPoint matching_;
    std::deque<Completion> ready_;  // receives that found their message; called at the instant they were written
};

}  // namespace myriad
