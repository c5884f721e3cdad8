#pragma once
// The host's clock, read nowhere else. What it tells goes to the terminal and to host.json, never into a result.

#include <chrono>
#include <functional>

namespace myriad {

using HostDuration = std::chrono::nanoseconds;

// Time since some moment that is fixed for this process; never goes back.
[[nodiscard]] HostDuration host_now();

// Injected where tests need a clock of their own.
using HostClock = std::function<HostDuration()>;

[[nodiscard]] constexpr double seconds(HostDuration time) { return static_cast<double>(time.count()) * 1e-9; }

class Stopwatch {
public:
    Stopwatch() : start_(host_now()) {}
    [[nodiscard]] HostDuration elapsed() const { return host_now() - start_; }

private:
    HostDuration start_;
};

}  // namespace myriad
