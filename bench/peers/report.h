#pragma once
// What each program of the comparison prints: one line of JSON that compare.py reads.

#include <sys/resource.h>

#include <chrono>
#include <cstdio>

namespace peers {

class Report {
public:
    Report() : started_(std::chrono::steady_clock::now()) {}
    void print(const char* simulator, double simulated_s, double packet_hops) const {
        rusage usage{};
        getrusage(RUSAGE_SELF, &usage);
        const auto of = [](const timeval& t) {
            return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
        };
        const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - started_;
        std::printf(
            "{\"simulator\": \"%s\", \"simulated_s\": %.12f, \"packet_hops\": %.0f, \"cpu_s\": %.4f, \"wall_s\": %.4f, "
            "\"peak_mib\": %.1f}\n",
            simulator, simulated_s, packet_hops, of(usage.ru_utime) + of(usage.ru_stime), wall.count(),
            static_cast<double>(usage.ru_maxrss) / 1024.0);
        std::fflush(stdout);
    }

private:
    std::chrono::steady_clock::time_point started_;
};

}  // namespace peers
