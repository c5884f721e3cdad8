#pragma once
// Who slows whom on one card: a running kernel, the messages that leave and those that arrive share HBM; a kernel leaves
// the cores that collectives occupy. docs/interference.md has the model and what it leaves out.
//
// A kernel is an activity with its demand of cores and HBM at full speed. Each direction of messages is one activity:
// bytes still to cross HBM ("backlog") at the speed of the ports in use. A message is not simulated twice: the network
// times it as if HBM were never short, and a clock of each direction, which runs at the direction's share, says how far
// it has really come. Where nothing is short every clock runs at 1 and nothing changes, to the picosecond.

#include "models/chip_config.h"
#include "sim/network/message.h"
#include "sim/share/fair_share.h"
#include "sim/time/agenda.h"

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

namespace myriad {

// What a kernel takes of its card, running alone.
struct KernelNeed {
    Picoseconds launch{};  // before it needs anything
    Picoseconds body{};
    Bytes hbm;           // read and written, spread evenly over the body
    double cores = 0.0;  // that it works on
};

struct CardShareConfig {
    BytesPerSecond hbm;        // that streaming attains
    int cores = 0;             // of the card
    int collective_cores = 0;  // of these, occupied by each collective in progress
    double ports = 0.0;        // byte/s of all ports, one direction
};

// Told when a message that was held back has really arrived.
class HeldMessages {
public:
    virtual void on_reached(Message& message, bool outgoing) = 0;

protected:
    ~HeldMessages() = default;
};

// Integrals over the run, for laws and results.
struct CardShareStats {
    double kernel_bytes = 0.0;   // of HBM
    double message_bytes = 0.0;  // of HBM, both directions
    double core_time_ps = 0.0;   // cores x time occupied or worked on
    Picoseconds stretch{};       // by which kernels took longer than alone
    Picoseconds held{};          // by which messages arrived later than the network alone would have them
};

class CardShare {
public:
    // Records go to `self`, whose owner calls on_record with the payload's `number`: payload = number << 2 | `kind`.
    CardShare(Agenda& agenda, ComponentId self, std::uint64_t kind, FairShare& solver, const CardShareConfig& config);

    void begin_kernel(const KernelNeed& need, Completion done);
    void begin_collective();
    void end_collective();

    // A message that moves `bytes` over HBM begins or ends to use a direction. `wire` and `hbm`: the byte/s that it adds
    // on the ports and, at that speed, in HBM (0 where others use its ports already).
    void begin_message(bool outgoing, double bytes, double wire, double hbm);
    void end_message(bool outgoing, double wire, double hbm);

    // How far a message has come that needs no more than its share, in picoseconds since the start of the run.
    [[nodiscard]] double clock(bool outgoing);
    // Tells `owner` when the clock has reached `target`; true: it has already.
    bool reached(bool outgoing, double target, Message& message, HeldMessages& owner);

    void on_record(std::uint64_t number);

    // Up to now; at the end of a run.
    [[nodiscard]] const CardShareStats& stats();
    void add_held(Picoseconds time) { stats_.held += time; }
    [[nodiscard]] const CardShareConfig& config() const noexcept { return config_; }
    // Nothing runs or waits.
    [[nodiscard]] bool idle();
    // Bytes of messages that are still to cross HBM.
    [[nodiscard]] double backlog() const { return directions_[0].backlog + directions_[1].backlog; }

private:
    struct Held {
        double target = 0.0;
        std::uint64_t order = 0;
        Message* message = nullptr;
        HeldMessages* owner = nullptr;
    };
    struct Direction {
        double backlog = 0.0;  // bytes still to cross HBM
        double wire = 0.0;     // byte/s of the ports, sum over what is under way
        double hbm = 0.0;      // byte/s of HBM that go with it
        double tail = 0.0;     // byte/s at which what is left in HBM ends when nothing is under way
        double speed = 1.0;
        double clock = 0.0;
        std::vector<Held> held;  // nearest target first
    };
    [[nodiscard]] double full_rate(const Direction& direction) const;
    void advance();
    void settle();
    void schedule();
    [[nodiscard]] double time_to_next() const;
    void take_reached(bool outgoing);

    Agenda& agenda_;
    ComponentId self_;
    std::uint64_t kind_;
    FairShare& solver_;
    CardShareConfig config_;
    CardShareStats stats_;
    TimePoint updated_{};
    int collectives_ = 0;

    bool running_ = false;
    double kernel_left_ = 0.0;  // picoseconds at full speed
    double kernel_speed_ = 1.0;
    double kernel_cores_ = 0.0;
    double kernel_hbm_ = 0.0;   // byte/s at full speed
    TimePoint kernel_alone_{};  // when it would end alone
    Completion kernel_done_;

    std::array<Direction, 2> directions_;         // incoming, outgoing
    std::vector<std::pair<Held, bool>> reached_;  // scratch of on_record; the truth: outgoing
    std::uint64_t orders_ = 0;
    std::uint64_t number_ = 0;  // of the last record written
    TimePoint due_{};           // when it comes
    bool waiting_ = false;      // it is still to come
};

}  // namespace myriad
