#include "sim/progress/progress_line.h"

#include <catch2/catch.hpp>

#include <sstream>

using namespace myriad;
using namespace std::chrono_literals;

namespace {

// A terminal and a clock that the test holds in its hand.
struct Terminal {
    std::ostringstream out;
    HostDuration now = 1h;  // not 0, so that a forgotten start shows
    ProgressSink sink(std::size_t columns = 80) {
        return ProgressSink{&out, [this] { return now; }, columns};
    }
    // What was written since the last call.
    std::string take() {
        std::string text = out.str();
        out.str("");
        return text;
    }
};

const std::string kErase = "\r\x1b[K";

}  // namespace

TEST_CASE("a progress line shows steps, share, time spent and time left") {
    Terminal terminal;
    ProgressLine line("sweep", 200, terminal.sink());
    terminal.now += 10s;
    line.update(50, "icn=100 GB/s");
    // 50 of 200 in 10 s, so the other 150 take 30 s.
    CHECK(terminal.take() == kErase + "sweep 50/200 (25 %), 10 s, about 30 s left: icn=100 GB/s");
}

TEST_CASE("a progress line is redrawn at most every 0.1 s") {
    Terminal terminal;
    ProgressLine line("run", 10, terminal.sink());
    line.update(0);
    CHECK(terminal.take() == kErase + "run 0/10 (0 %), 0 ms");
    terminal.now += 100ms - 1ns;
    line.update(1);
    CHECK(terminal.take().empty());
    terminal.now += 1ns;
    line.update(2);
    CHECK(terminal.take() == kErase + "run 2/10 (20 %), 100 ms");  // no estimate before 0.5 s
}

TEST_CASE("steps that were there before do not count for the estimate") {
    Terminal terminal;
    ProgressLine line("sweep", 100, terminal.sink(), 90);
    terminal.now += 4s;
    line.update(90);
    CHECK(terminal.take() == kErase + "sweep 90/100 (90 %), 4 s");  // nothing done yet, nothing to estimate from
    terminal.now += 4s;
    line.update(92);
    // 2 steps in 8 s, so the other 8 take 32 s.
    CHECK(terminal.take() == kErase + "sweep 92/100 (92 %), 8 s, about 32 s left");
}

TEST_CASE("without a total only what is done is shown") {
    Terminal terminal;
    ProgressLine line("events", 0, terminal.sink());
    terminal.now += 61s;
    line.update(12345);
    CHECK(terminal.take() == kErase + "events 12345, 1 min 01 s");
}

TEST_CASE("a line is cut before it wraps") {
    Terminal terminal;
    ProgressLine line("a long label", 10, terminal.sink(10));
    line.update(1);
    CHECK(terminal.take() == kErase + "a long la");
}

TEST_CASE("finish takes the line away, once, and only if one was drawn") {
    Terminal terminal;
    {
        ProgressLine line("run", 10, terminal.sink());
        line.update(1);
        terminal.take();
        line.finish();
        CHECK(terminal.take() == kErase);
        terminal.now += 1s;
        line.update(2);
    }
    CHECK(terminal.take().empty());
    { ProgressLine line("run", 10, terminal.sink()); }
    CHECK(terminal.take().empty());
}

TEST_CASE("a silent line reads no clock") {
    bool read = false;
    {
        ProgressLine line("run", 10, ProgressSink{nullptr, [&read] { return read = true, 0ns; }, 80});
        line.update(5);
    }
    CHECK_FALSE(read);
}

TEST_CASE("durations are short") {
    CHECK(duration_text(999ms) == "999 ms");
    CHECK(duration_text(59s + 999ms) == "59 s");
    CHECK(duration_text(60s) == "1 min 00 s");
    CHECK(duration_text(3599s) == "59 min 59 s");
    CHECK(duration_text(2h + 7min + 59s) == "2 h 07 min");
}

TEST_CASE("the host's clock never goes back") {
    const Stopwatch watch;
    const HostDuration first = host_now();
    const HostDuration second = host_now();
    CHECK(second >= first);
    CHECK(watch.elapsed() >= second - first);
}
