#pragma once
// A network of messages: collectives run step by step as messages on a Transport, which is what the packet level and the
// flow level differ in.

#include "interconnect/collective/executor.h"
#include "interconnect/collective/group_shape.h"
#include "interconnect/collective/make_schedule.h"
#include "interconnect/collective/planner.h"
#include "interconnect/collective/point_to_point.h"
#include "interconnect/network.h"
#include "interconnect/transport.h"
#include "sim/time/agenda.h"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace myriad {

class MessageNetwork final : public Network, private TransportClient, private AgendaClient {
public:
    // Without a planner the structure of a group decides how it runs, and software costs nothing.
    MessageNetwork(const Topology& topology, Agenda& agenda, ComponentId self, Transport& transport,
                   std::unique_ptr<CollectivePlanner> planner = nullptr);

    CommunicatorId create_communicator(CommunicatorSpec spec) override;
    // A group in which some ranks run for others (executor.h), at these ends of the transport instead of the cards. Needs
    // a planner, whose schedules are made for that.
    CommunicatorId create_folded_communicator(CommunicatorSpec spec, std::vector<CardId> seats,
                                              std::vector<std::uint32_t> stands_in);
    void collective(CommunicatorId communicator, int rank, const CollectiveCall& call, Completion done) override;
    void send(CardId from, CardId to, Bytes size, std::uint64_t tag, Completion done) override;
    void receive(CardId at, CardId from, std::uint64_t tag, Completion done) override;

    // What was chosen for a communicator and operation and why, in order of first use.
    [[nodiscard]] const std::vector<AlgorithmNote>& choices() const noexcept { return choices_; }
    [[nodiscard]] CollectivePlanner* planner() noexcept { return planner_.get(); }
    // Of all messages: what the callers asked for, without what protocols add on the wire.
    [[nodiscard]] Bytes payload() const;

    // Nothing is under way and nothing unmatched (law: every operation issued has finished).
    [[nodiscard]] bool idle() const;
    // What waits for what, for the watchdog and for the law.
    [[nodiscard]] std::string waiting_text() const;

private:
    struct Communicator {
        CommunicatorSpec spec;
        GroupShape shape;
        std::unique_ptr<CollectiveExecutor> executor;
        // By operation, root and, where it matters, size.
        std::map<std::tuple<CollectiveOp, int, std::int64_t>, std::unique_ptr<Schedule>> schedules;
        const CollectivePlan* latest = nullptr;  // plan of the call that a rank entered last
        std::set<std::tuple<CollectiveOp, CollectiveAlgorithm, std::string>> told;  // in choices_
    };

    struct DelayedSend {
        CardId from{};
        CardId to{};
        Bytes wire;
        PointToPoint::MessageId message = 0;
    };

    CommunicatorId add(std::unique_ptr<Communicator> communicator);
    [[nodiscard]] RankTimer next_timer() const;
    const Schedule& schedule_for(Communicator& communicator, const CollectiveCall& call);
    void note(Communicator& communicator, const CollectiveCall& call, const CollectivePlan& plan);
    void on_arrival(CardId from, CardId to, std::uint64_t tag) override;
    void on_agenda(const AgendaRecord& record) override;

    const Topology& topology_;
    Agenda& agenda_;
    ComponentId self_;
    Transport& transport_;
    std::unique_ptr<CollectivePlanner> planner_;
    std::vector<std::unique_ptr<Communicator>> communicators_;
    std::vector<AlgorithmNote> choices_;
    PointToPoint matching_;
    std::vector<Completion> ready_;  // receives that found their message; called at the instant they were written
    std::vector<DelayedSend> delayed_;
    std::vector<std::uint32_t> free_delayed_;
    Bytes message_payload_;
};

}  // namespace myriad
