#pragma once
// The agenda: one queue of timed records for everything that happens. A plain class, testable without SystemC; the
// bridge (sim/systemc/agenda_bridge.h) drives SystemC time from it.
//
// Order, whatever the order of construction: time, then phase (at one instant everything is delivered before anything
// is arbitrated), then destination, then source, then the order in which that source wrote. Identifiers come from
// the configuration, never from a counter of constructors.

#include "sim/time/radix_heap.h"
#include "sim/units/units.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
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
    void schedule(TimePoint time, Phase phase, ComponentId destination, ComponentId source, std::uint64_t payload);

    [[nodiscard]] TimePoint now() const noexcept { return now_; }
    [[nodiscard]] bool empty() const noexcept { return pending_ == 0; }
    [[nodiscard]] std::uint64_t delivered() const noexcept { return delivered_; }
    [[nodiscard]] std::uint64_t pending() const noexcept { return pending_; }

    // Time of the earliest record; only when not empty.
    [[nodiscard]] TimePoint next_time();

    // Delivers everything due at the earliest instant, including what that delivery adds to the same instant.
    void run_instant();

    // Delivers until nothing is left.
    void run();

private:
    void deliver_round(Phase phase);

    RadixHeap heap_;
    std::vector<AgendaRecord> rounds_[3];  // records of the instant being delivered, by phase
    std::vector<AgendaRecord> batch_;
    std::vector<AgendaRecord> scratch_;
    std::vector<AgendaClient*> clients_;
    TimePoint now_{};
    bool in_instant_ = false;
    std::uint64_t pending_ = 0;
    std::uint64_t delivered_ = 0;
};

}  // namespace myriad
