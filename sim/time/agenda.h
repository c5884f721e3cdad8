#pragma once
// The agenda: one queue of timed records for everything that happens. A plain class, testable without SystemC; the
// bridge (sim/systemc/agenda_bridge.h) drives SystemC time from it.
//
// Order, whatever the order of construction: time, then phase (at one instant everything is delivered before anything
// is arbitrated), then destination, then source, then the order in which that source wrote. Identifiers come from
// the configuration, never from a counter of constructors.

#include "sim/time/completion.h"
#include "sim/time/radix_heap.h"
#include "sim/units/units.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace myriad {

enum class ComponentId : std::uint32_t {};

// What happens first at one instant.
enum class Phase : std::uint8_t {
    deliver = 0,    // arrivals: packets, completions, timers
    arbitrate = 1,  // choices among what has arrived
    observe = 2,    // samples of the settled state
};

class AgendaClient {
public:
    virtual void on_agenda(const AgendaRecord& record) = 0;
    // The record will be delivered at this instant, a few records from now. A place to prefetch what on_agenda will
    // touch, stage by stage (0, 1, 2): at each stage, what the stage before asked for is in the cache. At stage 0 that is
    // the destination and what the payload points to. Must not change anything.
    virtual void prepare(const AgendaRecord& /*record*/, int /*stage*/) const {}

protected:
    ~AgendaClient() = default;
};

class Agenda {
public:
    Agenda() = default;
    Agenda(const Agenda&) = delete;
    Agenda& operator=(const Agenda&) = delete;

    static constexpr std::uint32_t kIdLimit = 1u << 28;

    // Makes `client` the destination `id`. An id is taken once; ids should be dense from 0.
    void enroll(ComponentId id, AgendaClient& client);

    // Writes a record for `destination` at `time`, which is not before now().
    void schedule(TimePoint time, Phase phase, ComponentId destination, ComponentId source, std::uint64_t payload) {
        const AgendaRecord record{time,
                                  static_cast<std::uint64_t>(phase) << 56 |
                                      static_cast<std::uint64_t>(destination) << 28 |
                                      static_cast<std::uint64_t>(source),
                                  payload};
        ++pending_;
        if (in_instant_ && time == now_) {
            rounds_[static_cast<std::size_t>(phase)].push_back(record);
            return;
        }
        if (time <= now_) [[unlikely]] {
            check_not_past(record);
        }
        heap_.push(record);
        if (!in_instant_) [[unlikely]] {
            wake_();
        }
    }

    // Simulated time. Outside of a delivery (a foreign SystemC process calls in) it is what the host kernel says.
    [[nodiscard]] TimePoint now() const { return in_instant_ || host_now_ == nullptr ? now_ : host_now_(); }

    [[nodiscard]] bool empty() const noexcept { return pending_ == 0; }
    [[nodiscard]] std::uint64_t pending() const noexcept { return pending_; }
    [[nodiscard]] std::uint64_t delivered() const noexcept { return delivered_; }

    // Time of the earliest record; only when not empty.
    [[nodiscard]] TimePoint next_time() { return heap_.minimum(); }

    // Delivers everything due at the earliest instant, including what that delivery adds to the same instant.
    void run_instant();

    // Delivers until nothing is left.
    void run();

    // Called every few hundred thousand records while the agenda runs, for progress; an empty one: never.
    void set_heartbeat(Completion heartbeat) { heartbeat_ = heartbeat; }

    // Tells `watcher` before the first instant that is not before `time` is delivered; once. What has happened until then is
    // settled, and next_time() is that instant. No record is written, so nothing of the run changes. kNever: nobody.
    void watch(TimePoint time, Completion watcher) {
        watch_at_ = time;
        watcher_ = watcher;
    }
    static constexpr TimePoint kNever = TimePoint::max();

    // For the bridge: where time comes from outside of a delivery, and whom to tell when a record is written there.
    using HostNow = TimePoint (*)();
    void attach_host(HostNow host_now, Completion wake) {
        host_now_ = host_now;
        wake_ = wake;
    }

private:
    static constexpr std::uint64_t kHeartbeat = 1 << 18;  // records
    static constexpr std::uint64_t kRoundsMax = 1 << 20;  // of one instant

    void deliver(std::vector<AgendaRecord>& batch);
    void approach(const AgendaRecord& record, std::size_t count);
    void check_not_past(const AgendaRecord& record) const;

    RadixHeap heap_;
    std::vector<AgendaRecord> rounds_[3];  // records of the instant that is being delivered, by phase
    std::vector<AgendaRecord> batch_;
    std::vector<AgendaRecord> scratch_;
    std::vector<AgendaClient*> clients_;
    TimePoint now_{};
    bool in_instant_ = false;
    std::uint64_t pending_ = 0;
    std::uint64_t delivered_ = 0;
    HostNow host_now_ = nullptr;
    Completion wake_;
    Completion heartbeat_;
    std::uint64_t next_heartbeat_ = kHeartbeat;
    TimePoint watch_at_ = kNever;
    Completion watcher_;
};

}  // namespace myriad
