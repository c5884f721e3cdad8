// The estimate assumes that the steps left take as long on average as those done: remaining = elapsed * left / done.
// It is shown once half a second and one step have passed; before that it would be noise.

#include "sim/progress/progress_line.h"

#include "sim/progress/silence.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <utility>

namespace myriad {

namespace {

using namespace std::chrono_literals;

constexpr HostDuration kRedrawInterval = 100ms;
constexpr HostDuration kEstimateAfter = 500ms;
constexpr std::string_view kEraseLine = "\r\x1b[K";

// A variable of the process, as its terminal is one: every command, and every child, shares it.
bool& is_silenced() {
    static bool silenced = false;
    return silenced;
}

}  // namespace

void silence_progress() { is_silenced() = true; }

ProgressSink progress_on_stderr() {
    ProgressSink sink;
    if (!is_silenced() && isatty(STDERR_FILENO) != 0) {
        sink.out = &std::cerr;
        winsize size{};
        if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
            sink.columns = size.ws_col;
        }
    }
    return sink;
}

ProgressLine::ProgressLine(std::string label, std::int64_t total, ProgressSink sink, std::int64_t already_done)
    : label_(std::move(label)), total_(total), already_done_(already_done), sink_(std::move(sink)) {
    if (sink_.out != nullptr) {
        start_ = sink_.clock();
    }
}

void ProgressLine::update(std::int64_t done, std::string_view detail) {
    if (sink_.out == nullptr) {
        return;
    }
    const HostDuration now = sink_.clock();
    if (last_drawn_ && now - *last_drawn_ < kRedrawInterval) {
        return;
    }
    last_drawn_ = now;
    std::string line = text(done, detail, now - start_);
    // The last column stays free: some terminals wrap as soon as it is written.
    if (line.size() >= sink_.columns) {
        line.resize(sink_.columns > 0 ? sink_.columns - 1 : 0);
    }
    *sink_.out << kEraseLine << line << std::flush;
}

void ProgressLine::finish() {
    if (sink_.out != nullptr && last_drawn_) {
        *sink_.out << kEraseLine << std::flush;
    }
    sink_.out = nullptr;
}

std::string ProgressLine::text(std::int64_t done, std::string_view detail, HostDuration elapsed) const {
    std::string line = label_ + ' ' + std::to_string(done);
    if (total_ > 0) {
        line += '/' + std::to_string(total_) + " (" + std::to_string(done * 100 / total_) + " %)";
    }
    line += ", " + duration_text(elapsed);
    const std::int64_t worked = done - already_done_;
    if (total_ > done && worked > 0 && elapsed >= kEstimateAfter) {
        // In double: nanoseconds times steps may exceed 64 bits, and an estimate needs no more digits.
        const double left = seconds(elapsed) * static_cast<double>(total_ - done) / static_cast<double>(worked);
        line += ", about " + duration_text(HostDuration{static_cast<std::int64_t>(left * 1e9)}) + " left";
    }
    if (!detail.empty()) {
        line += ": ";
        line += detail;
    }
    return line;
}

std::string duration_text(HostDuration time) {
    const std::int64_t milliseconds = time / 1ms;
    const std::int64_t whole = time / 1s;
    const auto with_rest = [](std::int64_t big, const char* big_unit, std::int64_t rest, const char* rest_unit) {
        return std::to_string(big) + ' ' + big_unit + (rest < 10 ? " 0" : " ") + std::to_string(rest) + ' ' + rest_unit;
    };
    if (whole == 0) {
        return std::to_string(milliseconds) + " ms";
    }
    if (whole < 60) {
        return std::to_string(whole) + " s";
    }
    if (whole < 3600) {
        return with_rest(whole / 60, "min", whole % 60, "s");
    }
    return with_rest(whole / 3600, "h", whole % 3600 / 60, "min");
}

}  // namespace myriad
