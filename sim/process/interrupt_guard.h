#pragma once
// While it lives, SIGINT, SIGTERM and SIGHUP are noted instead of delivered; afterwards everything is as it was.

#include "sim/progress/host_clock.h"

#include <poll.h>
#include <csignal>

#include <array>
#include <optional>
#include <vector>

namespace myriad {

class InterruptGuard {
public:
    InterruptGuard();
    ~InterruptGuard() { restore(); }
    InterruptGuard(const InterruptGuard&) = delete;
    InterruptGuard& operator=(const InterruptGuard&) = delete;

    // poll(2) that a signal ends even if it came just before; without `timeout` it waits for ever.
    void poll(std::vector<pollfd>& descriptors, std::optional<HostDuration> timeout) const;

    [[nodiscard]] bool caught() const;

    // Puts the former handlers back and gives them the signal that was caught.
    void raise_again();

    // In a forked child: signals do there what they do in a fresh process.
    void restore_in_child() const;

private:
    static constexpr std::array<int, 3> kSignals{SIGINT, SIGTERM, SIGHUP};
    void restore();

    std::array<struct sigaction, kSignals.size()> former_actions_{};
    sigset_t former_mask_{};
    bool active_ = true;
};

}  // namespace myriad
