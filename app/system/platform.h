#pragma once
// A cluster that is ready to run at some network level: what the runs of app/run speak to.

#include "app/system/live_use.h"
#include "interconnect/collective/make_schedule.h"
#include "interconnect/network.h"
#include "interconnect/topology/topology.h"
#include "interconnect/transport.h"
#include "models/card.h"
#include "models/kernel_table/kernel_table.h"
#include "sim/error/error.h"
#include "sim/statistics/report.h"
#include "sim/time/agenda.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace myriad {

// What bounded buffers did to one direction of a link.
struct LinkFlowUse {
    std::int64_t credit_stalls = 0;  // times that it was free, a packet waited, and credit lacked
    Picoseconds credit_stalled{};    // time spent so
    std::int64_t pauses = 0;         // times that the far end told its sender to pause (PFC)
    Picoseconds paused{};            // time spent so
    std::int64_t marks = 0;          // packets that it marked (ECN)
    std::int64_t retries = 0;        // packets sent again
    Bytes buffer_max;                // most of one channel's buffer at its far end that was claimed at once
};

// What one direction of a link lost because it died.
struct LinkLosses {
    std::int64_t packets = 0;
    Bytes bytes;  // some of which never began to be sent
};

// What one direction of a link has carried.
struct LinkUse {
    DirectedEdge way;
    Bytes bytes;
    Picoseconds busy{};
    std::int64_t packets = 0;            // packet level only
    Picoseconds backlog_max{};           // longest wait for the link, packet level only
    std::optional<LinkFlowUse> flow{};   // where flow control is modelled
    std::optional<LinkLosses> losses{};  // packet level, where links change during the run
};

// What the cards of a system are beyond the roofline.
struct CardOptions {
    KernelTable* kernels = nullptr;  // tile level; outlives the system
    bool interference = false;
};

struct NetworkCounters {
    std::int64_t hops = 0;      // packets times links crossed, packet level only
    std::int64_t messages = 0;  // packet and flow level
    Bytes payload;              // sum of the messages' sizes, likewise
    Bytes wire;                 // the same with what protocols add to it
    std::int64_t modules = 0;   // SystemC modules
};

// From the memory of one card to that of another.
struct PeerCopy {
    CardId from{};
    CardId to{};
    Bytes size;
    bool read = true;  // done by `to`, which loads; else by `from`, which stores. The same where copies are messages
};

// Looks at all directed links (2 * edge + direction) between two instants of the agenda; changes nothing.
class LinkMeter {
public:
    virtual ~LinkMeter() = default;
    // Time that each has been busy until `at`, which is not before the last instant and not after the next. `busy` is that
    // of the call before, or empty. Gives what it cost, in links or hops of paths looked at.
    virtual std::uint64_t read(TimePoint at, std::vector<Picoseconds>& busy) const = 0;
    // What all readings of a run may cost by the time that so many records of the agenda have been delivered, so that a run
    // stays as fast as it is.
    [[nodiscard]] virtual std::uint64_t allowance(std::uint64_t records) const = 0;
};

class Platform {
public:
    virtual ~Platform() = default;

    // Ends elaboration; once, before anything runs.
    virtual void elaborate() = 0;
    // Runs until nothing is left to do. May be called again after new work has been given.
    virtual void run() = 0;

    [[nodiscard]] virtual Agenda& agenda() = 0;
    [[nodiscard]] virtual Network& network() = 0;
    [[nodiscard]] virtual Card& card(CardId card) = 0;
    [[nodiscard]] virtual const Topology& topology() const = 0;

    // Copies from card to card; here as a message.
    virtual void copy(const PeerCopy& copy, Completion done) {
        network().receive(copy.to, copy.from, 0, done);
        network().send(copy.from, copy.to, copy.size, 0, {});
    }

    // What passed each level of the cards so far; nothing where cards do not have these levels.
    [[nodiscard]] virtual std::optional<LiveUse> use() const { return std::nullopt; }

    // Component ids of the agenda from here on are free for programs. Not at card level live.
    [[nodiscard]] virtual std::uint32_t first_free_component() const {
        MYRIAD_CHECK(false, "this level runs no program of its own");
    }

    // Directed links that have carried anything, in order of edge and direction.
    [[nodiscard]] virtual std::vector<LinkUse> link_use() = 0;
    // Null where it is not known when links are busy.
    [[nodiscard]] virtual std::unique_ptr<LinkMeter> link_meter() { return nullptr; }
    // Tells of messages from now on; not where there are none (analytic level) or one stands for many (folded).
    virtual void watch_messages(MessageWatcher& /*watcher*/) {}
    [[nodiscard]] virtual NetworkCounters counters() const = 0;
    // Distributions and counts beyond the counters, by hierarchical name.
    virtual void add_statistics(StatisticReport& report) const = 0;
    [[nodiscard]] virtual const std::vector<AlgorithmNote>& algorithms() const = 0;
    // How a call of this group is run; nothing where nobody plans.
    [[nodiscard]] virtual std::optional<AlgorithmChoice> choice_of(CommunicatorId /*group*/,
                                                                   const CollectiveCall& /*call*/) {
        return std::nullopt;
    }

    // Throws LawError when something is left over or lost (design: bytes conserved, queues empty, all finished); what
    // holds is added to `held`, a phrase each.
    virtual void check_laws(std::vector<std::string>& held) = 0;
    // Share of `total` payload bytes that has arrived, for progress; 0 where not known.
    [[nodiscard]] virtual double arrived_share(Bytes total) const = 0;
};

}  // namespace myriad
