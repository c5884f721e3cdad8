#pragma once
// One line on a terminal that says how far a long command is and when it will be done. Silent when standard error is
// not a terminal, so that logs and pipes stay clean.

#include "sim/progress/host_clock.h"

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

namespace myriad {

// Where a progress line goes; tests inject their own.
struct ProgressSink {
    std::ostream* out = nullptr;  // nullptr: silent
    HostClock clock = host_now;
    std::size_t columns = 80;  // a longer line would wrap and could not be taken back
};

// Standard error if it is a terminal, else silent.
[[nodiscard]] ProgressSink progress_on_stderr();

class ProgressLine {
public:
    // `total` steps, of which `already_done` cost nothing now (a resumed sweep) and do not count for the estimate.
    // total 0: not known, so only the steps done are shown.
    ProgressLine(std::string label, std::int64_t total, ProgressSink sink = progress_on_stderr(),
                 std::int64_t already_done = 0);
    ~ProgressLine() { finish(); }
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    // Redraws at most ten times a second; reads the clock, so call it every few thousand events, not every event.
    void update(std::int64_t done, std::string_view detail = {});

    // Takes the line off the terminal; nothing is drawn afterwards.
    void finish();

private:
    [[nodiscard]] std::string text(std::int64_t done, std::string_view detail, HostDuration elapsed) const;

    std::string label_;
    std::int64_t total_;
    std::int64_t already_done_;
    ProgressSink sink_;
    HostDuration start_{};
    std::optional<HostDuration> last_drawn_;
};

// "850 ms", "12 s", "3 min 05 s", "2 h 07 min".
[[nodiscard]] std::string duration_text(HostDuration time);

}  // namespace myriad
