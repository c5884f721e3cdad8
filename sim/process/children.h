#pragma once
// Child processes: SystemC elaborates once a process, so whatever needs several systems (sweep, fidelity, compare)
// builds and runs each of them in a child, forked BEFORE the parent elaborates anything.
//
// A job is a function that returns bytes. Its result arrives whole or not at all; an exception, an exit, a crash or a
// timeout becomes a failure with its reason and the end of what the child printed, and never harms the other jobs.
//
// A child's standard output and error are captured, so that they do not mix with the parent's; its standard input is
// empty. Children die with the parent, whatever kills it, and on SIGINT, SIGTERM and SIGHUP. The parent has one thread.

#include "sim/progress/host_clock.h"
#include "sim/units/units.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace myriad {

enum class ChildOutcome : std::uint8_t {
    succeeded,
    user_error,     // the job threw UserError: what the user gave is wrong
    law_error,      // the job threw LawError
    exception,      // the job threw something else
    exited,         // the process ended before the job returned
    crashed,        // a signal, abort() included
    timed_out,      // killed after ChildOptions::timeout
    out_of_memory,  // more than ChildOptions::memory_max, or than the host had
    cancelled,      // the parent was interrupted; not started or killed
    not_started,    // the system had no room for another process
};
[[nodiscard]] std::string_view name_of(ChildOutcome outcome);

struct ChildResult {
    std::size_t job = 0;
    ChildOutcome outcome = ChildOutcome::cancelled;
    std::string payload;  // what the job returned; empty unless succeeded
    std::string reason;   // why it failed, one line or the exception's text; empty if succeeded
    std::string output;   // the end of what the child printed, at most kChildOutputMax bytes
    // Of the host, for host.json: they differ from run to run.
    HostDuration elapsed{};
    HostDuration cpu{};
    Bytes peak_memory;
    [[nodiscard]] bool succeeded() const { return outcome == ChildOutcome::succeeded; }
};

inline constexpr std::size_t kChildOutputMax = 8192;

struct ChildOptions {
    int parallel_max = 0;    // children at the same time; 0: one a core
    HostDuration timeout{};  // a child, from its start; 0: none
    Bytes memory_max{};      // what a child may allocate beside what it has from the parent; 0: no limit
    // Called in the parent after each job, in the order in which they end (which differs from run to run).
    std::function<void(const ChildResult& result, std::size_t done)> on_done;
};

// Runs job(0) ... job(count - 1), each in a child of its own, and returns when all are over; results[i] is that of job
// i. Interrupted, it kills the children and raises the signal again for the handler that was there before; if the
// program survives that, the jobs not finished come back as cancelled.
[[nodiscard]] std::vector<ChildResult> run_children(std::size_t count,
                                                    const std::function<std::string(std::size_t)>& job,
                                                    const ChildOptions& options = {});

}  // namespace myriad
