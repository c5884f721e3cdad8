#pragma once
// The network at analytic level: a collective takes the time of load_model.h's formula, counted from the entry of its
// last rank; all ranks are done together. Groups of one dimension count as running the same call at the same time. A
// message point to point takes path latency + size / bottleneck, alone on the network. Needs the graph only, no
// modules.

#include "interconnect/analytic/model_planner.h"
#include "interconnect/collective/point_to_point.h"
#include "interconnect/network.h"
#include "sim/time/agenda.h"

#include <deque>
#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace myriad {

class AnalyticNetwork final : public Network, private AgendaClient {
public:
    // Enrolls itself in the agenda as `self`. Everything given must outlive the network.
    AnalyticNetwork(const Topology& topology, Router& router, Agenda& agenda, ComponentId self,
                    CollectiveLibrary library = {});

    CommunicatorId create_communicator(CommunicatorSpec spec) override;
    void collective(CommunicatorId communicator, int rank, const CollectiveCall& call, Completion done) override;
    void send(CardId from, CardId to, Bytes size, std::uint64_t tag, Completion done) override;
    void receive(CardId at, CardId from, std::uint64_t tag, Completion done) override;

    // Also what was chosen for a communicator and operation and why.
    [[nodiscard]] ModelPlanner& planner() noexcept { return planner_; }
    [[nodiscard]] const std::vector<AlgorithmNote>& choices() const noexcept { return planner_.choices(); }

    // What each directed link (2 * edge + direction) has carried for calls that have begun, and how long that kept it
    // busy. Added up when asked for: walks the routes of every distinct call of every communicator.
    struct LinkUse {
        Bytes bytes;
        Picoseconds busy{0};
    };
    [[nodiscard]] std::vector<LinkUse> link_use();

    // Nothing is under way and nothing unmatched (law: every operation issued has finished).
    [[nodiscard]] bool idle() const;
    // What waits for what, for the watchdog and for the law.
    [[nodiscard]] std::string waiting_text() const;

private:
    using CallKey = std::tuple<CollectiveOp, int, std::int64_t>;  // operation, root, bytes
    struct Call {
        CollectiveCall call;
        int entered = 0;
        std::vector<Completion> done;
    };
    struct Communicator {
        std::string name;
        std::vector<std::uint64_t> entered;  // calls that each rank has entered
        std::uint64_t first_call = 0;        // number of calls.front()
        std::deque<Call> calls;
        TimePoint busy_until{};
        std::map<CallKey, std::int64_t> begun;
    };

    void begin(std::size_t communicator, const CollectiveCall& call);
    void end_call(Communicator& communicator);
    void on_agenda(const AgendaRecord& record) override;

    Agenda& agenda_;
    ComponentId self_;
    ModelPlanner planner_;
    std::deque<Communicator> communicators_;
    PointToPoint matching_;
    std::deque<Completion> ready_;  // receives that found their message; called at the instant they were written
    std::vector<Bytes> message_bytes_;
};

}  // namespace myriad
