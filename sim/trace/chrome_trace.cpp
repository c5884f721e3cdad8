// Text is written event by event. Names come from the program, not from users, but are quoted all the same.

#include "sim/trace/chrome_trace.h"

#include "sim/error/error.h"

#include <fmt/format.h>

#include <cmath>

namespace myriad {
namespace {

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            out += fmt::format("\\u{:04x}", static_cast<int>(c));
        } else {
            out += c;
        }
    }
    return out + '"';
}

std::string microseconds(Picoseconds time) {
    constexpr std::int64_t kPerMicrosecond = 1'000'000;
    return fmt::format("{}.{:06}", time.count() / kPerMicrosecond, time.count() % kPerMicrosecond);
}

}  // namespace

void ChromeTrace::add(const std::string& event) {
    events_ += events_.empty() ? "" : ",\n";
    events_ += event;
}

void ChromeTrace::name_process(std::int64_t process, std::string_view name) {
    add(fmt::format(R"({{"ph":"M","pid":{},"name":"process_name","args":{{"name":{}}}}})", process, quoted(name)));
    add(fmt::format(R"({{"ph":"M","pid":{0},"name":"process_sort_index","args":{{"sort_index":{0}}}}})", process));
}

void ChromeTrace::name_track(std::int64_t process, std::int64_t track, std::string_view name) {
    add(fmt::format(R"({{"ph":"M","pid":{},"tid":{},"name":"thread_name","args":{{"name":{}}}}})", process, track,
                    quoted(name)));
    add(fmt::format(R"({{"ph":"M","pid":{0},"tid":{1},"name":"thread_sort_index","args":{{"sort_index":{1}}}}})",
                    process, track));
}

void ChromeTrace::slice(std::int64_t process, std::int64_t track, std::string_view name, TimePoint begin, TimePoint end,
                        const TraceArguments& arguments) {
    MYRIAD_CHECK(begin.time_since_epoch().count() >= 0 && begin <= end, "a slice ends before it begins");
    std::string text;
    for (const auto& [key, value] : arguments) {
        const auto* number = std::get_if<std::int64_t>(&value);
        text += fmt::format("{}{}:{}", text.empty() ? "" : ",", quoted(key),
                            number != nullptr ? std::to_string(*number) : quoted(std::get<std::string_view>(value)));
    }
    add(fmt::format(R"({{"ph":"X","pid":{},"tid":{},"name":{},"ts":{},"dur":{},"args":{{{}}}}})", process, track,
                    quoted(name), microseconds(begin.time_since_epoch()), microseconds(end - begin), text));
}

// Binding to the enclosing slice ("bp":"e") is what makes the arrow end in the slice that waited, not in the next one.
void ChromeTrace::arrow(std::int64_t id, std::string_view name, const Place& from, const Place& to) {
    MYRIAD_CHECK(from.at <= to.at, "an arrow goes back in time");
    add(fmt::format(R"({{"ph":"s","id":{},"cat":"cause","pid":{},"tid":{},"name":{},"ts":{}}})", id, from.process,
                    from.track, quoted(name), microseconds(from.at.time_since_epoch())));
    add(fmt::format(R"({{"ph":"f","bp":"e","id":{},"cat":"cause","pid":{},"tid":{},"name":{},"ts":{}}})", id,
                    to.process, to.track, quoted(name), microseconds(to.at.time_since_epoch())));
}

void ChromeTrace::counter(std::int64_t process, std::string_view name, std::string_view series, TimePoint at,
                          double value) {
    MYRIAD_CHECK(std::isfinite(value), "a counter without a value");
    const bool whole = value == std::floor(value);
    add(fmt::format(R"({{"ph":"C","pid":{},"name":{},"ts":{},"args":{{{}:{:.{}f}}}}})", process, quoted(name),
                    microseconds(at.time_since_epoch()), quoted(series), value, whole ? 0 : 4));
}

std::string ChromeTrace::finish() {
    std::string file = "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n" + events_ + "\n]}\n";
    events_.clear();
    return file;
}

std::int64_t TrackDealer::deal(TimePoint begin, TimePoint end) {
    for (std::size_t track = 0; track < free_from_.size(); ++track) {
        if (free_from_[track] <= begin) {
            free_from_[track] = end;
            return static_cast<std::int64_t>(track);
        }
    }
    free_from_.push_back(end);
    return static_cast<std::int64_t>(free_from_.size()) - 1;
}

}  // namespace myriad
