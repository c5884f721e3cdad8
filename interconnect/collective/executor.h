#pragma once
// Runs the calls of one communicator on a Transport: one small state a rank, nothing a message. Ranks enter when they
// like; a rank may be some calls ahead of others, and what arrives for a step that the receiver has not reached is
// counted for that step.
//
// Memory is O(ranks), plus four bytes for each step by which a receiver lags behind its fastest sender.

#include "interconnect/collective/chunk_sizes.h"
#include "interconnect/collective/protocol.h"
#include "interconnect/collective/schedule.h"
#include "interconnect/transport.h"
#include "sim/time/agenda.h"
#include "sim/time/completion.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

namespace myriad {

// Where an executor has its ranks woken, for calls with a cost: the owner enrolls `component` and hands what comes for
// payload base + rank to CollectiveExecutor::on_timer(rank).
struct RankTimer {
    Agenda* agenda = nullptr;
    ComponentId component{};
    std::uint64_t base = 0;
};

class CollectiveExecutor final : public TransportClient {
public:
    // Rank r runs on cards[r]; where schedules have helpers, `cards` names their ends too (helpers.h: seats_of). The transport delivers an arrival after post() has returned, never within it. Without a
    // timer every call must be free of cost (wire bytes apart).
    // Where ranks do the same at the same times, one may run for all of them (interconnect/folding): rank r, or helper, is
    // then run by stands_in[r], which stands in for itself; the schedules send from those alone and count of what they
    // receive what they are sent so. Empty: everybody runs.
    CollectiveExecutor(std::vector<CardId> cards, Transport& transport, RankTimer timer = {}, bool helped = false,
                       std::vector<std::uint32_t> stands_in = {});
    CollectiveExecutor(const CollectiveExecutor&) = delete;
    CollectiveExecutor& operator=(const CollectiveExecutor&) = delete;
    ~CollectiveExecutor() = default;

    // `rank` enters its next call. All ranks pass the same schedule and size for their n-th call; the schedule stays
    // alive until the last rank is done. A rank that has not finished its earlier calls begins this one after them.
    // `done` is called when everything that the rank receives and everything that it sent has arrived: its buffer is
    // free. In a group of one rank that is before start() returns. `cost` is the same for all ranks of a call too.
    void start(int rank, const Schedule& schedule, Bytes size, Completion done, const CallCost& cost = {});

    void on_arrival(CardId from, CardId to, std::uint64_t tag) override;
    void on_timer(int rank);

    [[nodiscard]] int ranks() const { return ranks_; }
    // No call is under way. At the end of a run this must hold (law: every operation issued has finished).
    [[nodiscard]] bool idle() const { return calls_.empty(); }
    [[nodiscard]] std::uint64_t messages() const { return messages_; }
    // Of all messages posted: the transport counts what the protocol put on the wire.
    [[nodiscard]] Bytes payload() const { return payload_; }
    // What the first few unfinished ranks wait for, for the watchdog.
    [[nodiscard]] std::string waiting_text() const;

private:
    struct Call {
        const Schedule* schedule = nullptr;
        ChunkSizes sizes;
        CallCost cost;
        int steps = 0;
        int unfinished = 0;  // ranks; with a switch, also its two ends
    };
    struct Entry {
        const Call* call = nullptr;
        Completion done;
    };
    // Arrivals are counted in a window of steps that begins at the rank's current one; `clock` numbers the steps of all
    // calls of the communicator one after another, so that a message for the next call is just some steps early.
    static constexpr std::uint32_t kWindow = 4;
    struct Rank {
        std::uint32_t clock = 0;     // current step, over all calls, modulo 2^24
        std::int32_t step = 0;       // current step of `call`
        std::int32_t missing = 0;    // > 0: arrivals of this step still to come; < 0: all steps are done but own
                                     // sends are under way; 0: between calls, or the step is not posted yet
        std::int32_t in_flight = 0;  // own sends that have not arrived
        const Call* call = nullptr;  // null: between calls
        std::uint32_t* window = nullptr;
        std::uint32_t window_mask = kWindow - 1;
        std::uint32_t inline_window[kWindow] = {};
        Completion done;
    };

    void enter(int rank, const Entry& entry);
    void begin(int rank, const Entry& entry);
    void begin_part(int rank, const Call& call, Picoseconds before);
    [[nodiscard]] bool busy(std::size_t rank) const {
        return parts_.empty() ? states_[rank].call != nullptr : parts_[rank] > 0;
    }
    bool enter_step(int rank, Rank& state, Picoseconds before);
    void post_step(int rank, Rank& state);
    void advance(int rank, Rank& state);
    void finish_part(int rank, Rank& state);
    void finish(int rank);
    void retire_finished_calls();
    void widen_window(std::size_t rank, Rank& state, std::uint32_t offset);

    std::vector<CardId> cards_;  // of ranks, then of helpers
    int ranks_;
    Transport& transport_;
    RankTimer timer_;
    std::vector<std::uint32_t> stands_in_;
    int runners_;  // ranks that run
    std::vector<Rank> states_;
    std::vector<std::uint8_t> parts_;         // with helpers: of a rank or an end of the switch, those under way
    std::vector<std::uint64_t> entered_;      // calls that each rank has entered
    std::vector<std::vector<Entry>> queued_;  // entered while an earlier call runs; rarely any
    std::vector<std::unique_ptr<std::uint32_t[]>> widened_;  // windows that outgrew the inline one
    std::deque<Call> calls_;                                 // oldest first; number first_call_ + index
    std::uint64_t first_call_ = 0;
    std::uint64_t messages_ = 0;
    Bytes payload_;
    std::vector<Transfer> scratch_;
};

}  // namespace myriad
