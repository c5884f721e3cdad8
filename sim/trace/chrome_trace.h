#pragma once
// A trace in the JSON form that ui.perfetto.dev and chrome://tracing open: tracks of slices in processes, and counters.
// Times are picoseconds; the file holds microseconds with six decimals, so none is lost.

#include "sim/units/units.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace myriad {

using TraceArguments = std::vector<std::pair<std::string_view, std::variant<std::int64_t, std::string_view>>>;

class ChromeTrace {
public:
    // A moment on a track.
    struct Place {
        std::int64_t process = 0;
        std::int64_t track = 0;
        TimePoint at{};
    };

    void name_process(std::int64_t process, std::string_view name);
    void name_track(std::int64_t process, std::int64_t track, std::string_view name);
    // [begin, end) on a track; slices of one track may nest but not cross. `arguments`: names and numbers or texts.
    void slice(std::int64_t process, std::int64_t track, std::string_view name, TimePoint begin, TimePoint end,
               const TraceArguments& arguments);
    // An arrow from one slice to another, each the one that lies at its place. `to` is not before `from`; `id` is its own.
    void arrow(std::int64_t id, std::string_view name, const Place& from, const Place& to);
    // The value of a counter from `at` on.
    void counter(std::int64_t process, std::string_view name, std::string_view series, TimePoint at, double value);
    // Bytes of the events so far.
    [[nodiscard]] std::size_t size() const noexcept { return events_.size(); }
    // The whole file; the trace is empty afterwards.
    [[nodiscard]] std::string finish();

private:
    void add(const std::string& event);

    std::string events_;
};

// Deals intervals that overlap to tracks on which none do: first free track, in order of begin.
class TrackDealer {
public:
    // `begin` is not before that of the call before.
    [[nodiscard]] std::int64_t deal(TimePoint begin, TimePoint end);

private:
    std::vector<TimePoint> free_from_;
};

}  // namespace myriad
