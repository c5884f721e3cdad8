// The signals are blocked except inside ppoll, which lets them in atomically: none can slip between the look at
// caught() and the wait.

#include "sim/process/interrupt_guard.h"

#include "sim/error/error.h"

#include <time.h>  // NOLINT(modernize-deprecated-headers): timespec of POSIX

namespace myriad {

namespace {

// Written by the handler; a signal handler can reach nothing but a variable of the process.
volatile std::sig_atomic_t caught_signal = 0;
bool guard_exists = false;

void note_signal(int signal) { caught_signal = signal; }

}  // namespace

InterruptGuard::InterruptGuard() {
    MYRIAD_CHECK(!guard_exists, "children started from a callback of run_children");
    guard_exists = true;
    caught_signal = 0;
    sigset_t blocked;
    sigemptyset(&blocked);
    for (const int signal : kSignals) {
        sigaddset(&blocked, signal);
    }
    sigprocmask(SIG_BLOCK, &blocked, &former_mask_);
    for (std::size_t i = 0; i < kSignals.size(); ++i) {
        sigaction(kSignals[i], nullptr, &former_actions_[i]);
        // A program started with nohup goes on ignoring SIGHUP.
        if (former_actions_[i].sa_handler != SIG_IGN) {
            struct sigaction action {};
            action.sa_handler = note_signal;
            sigaction(kSignals[i], &action, nullptr);
        }
    }
}

void InterruptGuard::poll(std::vector<pollfd>& descriptors, std::optional<HostDuration> timeout) const {
    timespec time{};
    if (timeout) {
        time.tv_sec = *timeout / std::chrono::seconds{1};
        time.tv_nsec = (*timeout % std::chrono::seconds{1}).count();
    }
    if (ppoll(descriptors.data(), descriptors.size(), timeout ? &time : nullptr, &former_mask_) < 0) {
        for (pollfd& descriptor : descriptors) {
            descriptor.revents = 0;  // a signal came: nothing is known of the descriptors
        }
    }
}

bool InterruptGuard::caught() const { return caught_signal != 0; }

void InterruptGuard::raise_again() {
    const int signal = caught_signal;
    restore();
    if (signal != 0) {
        std::raise(signal);
    }
}

void InterruptGuard::restore_in_child() const {
    for (const int signal : kSignals) {
        std::signal(signal, SIG_DFL);
    }
    sigprocmask(SIG_SETMASK, &former_mask_, nullptr);
    guard_exists = false;  // the child may have children of its own
}

void InterruptGuard::restore() {
    if (!active_) {
        return;
    }
    active_ = false;
    guard_exists = false;
    for (std::size_t i = 0; i < kSignals.size(); ++i) {
        sigaction(kSignals[i], &former_actions_[i], nullptr);
    }
    sigprocmask(SIG_SETMASK, &former_mask_, nullptr);
}

}  // namespace myriad
