#pragma once
// While it lives, SIGINT, SIGTERM and SIGHUP end nothing: they are noted, so that a long command can keep what it has
// and say how to go on. run_children comes back with its jobs cancelled then.

#include <csignal>

#include <array>

namespace myriad {

class InterruptFlag {
public:
    InterruptFlag();
    ~InterruptFlag();
    InterruptFlag(const InterruptFlag&) = delete;
    InterruptFlag& operator=(const InterruptFlag&) = delete;

    // Number of the signal that came; 0: none.
    [[nodiscard]] static int signal();
    // Waits; a signal, also one that came before, ends it at once.
    static void sleep(double seconds);

private:
    static constexpr std::array<int, 3> kSignals{SIGINT, SIGTERM, SIGHUP};
    std::array<struct sigaction, kSignals.size()> former_actions_{};
};

}  // namespace myriad
