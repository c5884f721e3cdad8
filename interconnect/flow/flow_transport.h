#pragma once
// Messages as fluid. A message is cut into equal shares, one a route (as at packet level); a share flows over the links of
// its route at its max-min fair rate and ends at its destination when all of it has left, plus the latency of the route.
// An uncontended message so takes latency + size / narrowest link, rounded up to a picosecond once: what packets take.
//
// A flow is a connection's route: messages of one client from one card to another follow one another on it, different
// connections share links fairly. All starts and ends of an instant are settled together, after everything of the
// instant has been delivered.
//
// Not in it: queues, the time that the head of a message takes from its first link to a shared one, uneven turns.

#include "interconnect/flow/connections.h"
#include "interconnect/flow/due_times.h"
#include "interconnect/flow/flow_paths.h"
#include "interconnect/flow/max_min.h"
#include "interconnect/routing/routes.h"
#include "interconnect/transport.h"
#include "sim/statistics/statistics.h"
#include "sim/time/agenda.h"

#include <memory>
#include <unordered_map>
#include <vector>

namespace myriad {

class FlowTransport final : public Transport, private AgendaClient {
public:
    // Enrolls itself in the agenda as `self`. Everything given must outlive the transport.
    FlowTransport(const Topology& topology, Router& router, Agenda& agenda, ComponentId self);
    // Over any paths. Their resources are no links by number: set_bandwidth, link_bytes, links and what concerns routes
    // that change are not for such a transport.
    FlowTransport(FlowPaths& paths, Agenda& agenda, ComponentId self);

    void post(CardId from, CardId to, Bytes size, std::uint64_t tag, Arrival arrival, TransportClient& client) override;

    void watch(MessageWatcher& watcher) { watcher_ = &watcher; }

    // A directed link has this bandwidth from now on; what flows over it goes on at another rate. 0: it stands still.
    void set_bandwidth(DirectedEdge link, BytesPerSecond bandwidth);
    // Routes have changed: messages posted from now on ask the router again, those under way stay on theirs.
    void forget_routes();
    // What has not left over links that stand still goes on over the routes that new messages take.
    void leave_still_links();

    // A message stands for as many as its connection does (flow_paths.h); so do its bytes.
    [[nodiscard]] std::int64_t messages() const noexcept { return messages_; }
    [[nodiscard]] Bytes posted() const noexcept { return posted_; }
    [[nodiscard]] Bytes arrived() const noexcept { return arrived_; }
    [[nodiscard]] std::int64_t in_flight() const noexcept { return in_flight_; }
    // From post to the arrival of the last byte, in picoseconds.
    [[nodiscard]] const Histogram& latency() const noexcept { return latency_; }

    // Records of this transport in the agenda that nothing waits for: ends of flows that have become faster since. Who
    // asks the agenda for the time of the last event stops running when only these are left.
    [[nodiscard]] std::uint64_t void_records() const { return wakes_ - (next_wake_ == DueTimes::kNever ? 0u : 1u); }

    // Bytes that have left over each directed link (2 * edge + direction).
    [[nodiscard]] std::vector<Bytes> link_bytes() const;
    // The same by resource.
    [[nodiscard]] std::vector<Bytes> resource_bytes() const;
    // Of `at`, between two instants of the agenda: what has left over each resource by then, the part of messages that are
    // leaving included. `steps`: hops of paths that were looked at.
    [[nodiscard]] std::vector<Bytes> resource_bytes_at(TimePoint at, std::uint64_t& steps) const;
    // The same by directed link.
    [[nodiscard]] std::vector<Bytes> link_bytes_at(TimePoint at, std::uint64_t& steps) const;
    [[nodiscard]] const FluidLinks& links() const { return routed_->links(); }
    [[nodiscard]] const MaxMin& rates() const { return rates_; }

private:
    static constexpr std::uint32_t kNone = 0xFFFF'FFFF;

    struct MessageRecord {
        TransportClient* client = nullptr;
        std::uint64_t tag = 0;
        CardId from{};
        CardId to{};
        TimePoint posted;
        TimePoint latest;  // arrival of the shares that have left
        std::int64_t size = 0;
        std::uint32_t shares = 0;  // that have not left
        std::uint32_t copies = 1;  // messages that it stands for
    };
    struct Share {
        std::uint32_t message = kNone;
        std::uint32_t next = kNone;  // in its lane
        std::int64_t bytes = 0;
    };
    // One route of a connection: a flow of rates_, by the same number. `head` is what flows.
    struct Lane {
        std::uint32_t head = kNone;
        std::uint32_t tail = kNone;
        Picoseconds latency{};
        std::int64_t carried = 0;  // bytes that have left
        // Held by a link: what the link's clock shows when the head has left. Held by its cap: the bytes of the train,
        // the head's included, that has had the cap since `since`; a train is rounded once, at its end.
        double end = 0.0;
        TimePoint since;
        std::int64_t cap = 0;  // that `since` counts by
        bool whole = false;    // `end` is a whole number of bytes
    };
    // How much each flow that a link holds has sent, counted together: they all have the link's level.
    struct Clock {
        double sent = 0.0;   // bytes of each of its flows, at `at`
        double level = 0.0;  // bytes a second
        TimePoint at;
        double next_end = 0.0;  // least `end` of its flows
        bool known = false;     // next_end is
        bool listed = false;    // in stale_clocks_
    };
    struct ArrivalBatch {
        TimePoint time;
        std::vector<std::uint32_t> messages;
    };

    FlowTransport(std::unique_ptr<RoutedPaths> routed, Agenda& agenda, ComponentId self);
    void on_agenda(const AgendaRecord& record) override;
    Connection connection_of(std::uint32_t owner, CardId from, CardId to);
    [[nodiscard]] std::uint32_t owner_of(TransportClient& client);
    void spread(std::uint32_t message, const Connection& connection, std::int64_t bytes);
    void take_shares(std::uint32_t lane, std::vector<Share>& shares);
    void append(std::uint32_t lane, std::uint32_t message, std::int64_t bytes);
    void want_settle();
    void settle();
    void apply_moves();
    void begin_at_cap(std::uint32_t lane, double bytes, bool whole);
    void set_cap_end(std::uint32_t lane);
    [[nodiscard]] double left_of(const Lane& lane, std::uint32_t held_by);
    [[nodiscard]] std::vector<Bytes> by_link(const std::vector<Bytes>& resource) const;
    [[nodiscard]] std::int64_t carried_by(std::uint32_t lane, TimePoint at) const;
    void advance(Clock& clock) const;
    void list_clock(std::uint32_t link);
    void refresh_clocks();
    void wake();
    void head_has_left(std::uint32_t lane);
    void share_has_left(const Share& share, Picoseconds latency);
    void arrive_at(TimePoint time, std::uint32_t message);
    void deliver(std::size_t batch);
    [[nodiscard]] Picoseconds time_at(std::int64_t bytes, std::int64_t rate);

    MessageWatcher* watcher_ = nullptr;
    std::unique_ptr<RoutedPaths> routed_;  // null: over paths of somebody else
    FlowPaths& source_;
    Agenda& agenda_;
    ComponentId self_;
    MaxMin rates_;
    Connections connections_;
    std::unordered_map<TransportClient*, std::uint32_t> owners_;  // numbered by first post; looked up, never iterated
    TransportClient* last_client_ = nullptr;
    std::uint32_t last_owner_ = 0;
    std::vector<Lane> lanes_;
    std::vector<std::uint32_t> copies_;  // by lane: connections that its one stands for; empty: 1 each
    std::vector<Share> shares_;
    std::vector<std::uint32_t> free_shares_;
    std::vector<MessageRecord> records_;
    std::vector<std::uint32_t> free_records_;
    std::vector<Clock> clocks_;  // by resource
    std::vector<std::uint32_t> stale_clocks_;
    DueTimes lane_ends_;   // of lanes that are held by their caps
    DueTimes clock_ends_;  // of links: when the first of its flows ends
    TimePoint next_wake_ = DueTimes::kNever;
    std::uint64_t wakes_ = 0;  // records in the agenda
    bool settle_wanted_ = false;

    std::vector<ArrivalBatch> batches_;
    std::vector<std::size_t> free_batches_;
    std::vector<std::size_t> open_batches_;  // made at the instant `opened_`
    TimePoint opened_ = DueTimes::kNever;

    std::vector<std::uint32_t> due_;
    std::vector<std::uint32_t> due_links_;
    std::vector<double> lefts_;
    std::vector<FlowPath> found_;
    std::int64_t known_bytes_ = -1;  // of the last time_at
    std::int64_t known_rate_ = 0;
    Picoseconds known_time_{};

    std::int64_t messages_ = 0;
    std::int64_t in_flight_ = 0;
    Bytes posted_;
    Bytes arrived_;
    Histogram latency_;
};

}  // namespace myriad
