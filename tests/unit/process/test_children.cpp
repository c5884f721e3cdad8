#include "sim/error/error.h"
#include "sim/process/child_side.h"
#include "sim/process/children.h"

#include <catch2/catch.hpp>

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <new>
#include <stdexcept>
#include <thread>

using namespace myriad;
using namespace std::chrono_literals;

namespace {

std::ptrdiff_t open_descriptors() {
    const std::filesystem::directory_iterator open("/proc/self/fd");
    return std::distance(begin(open), end(open));
}

bool has_children() { return waitpid(-1, nullptr, WNOHANG) >= 0 || errno != ECHILD; }

std::string big_payload(std::size_t job) {
    std::string bytes(10'000'000, '\0');
    std::uint32_t x = static_cast<std::uint32_t>(job) + 1;
    for (char& byte : bytes) {
        x = x * 1664525u + 1013904223u;
        byte = static_cast<char>(x >> 24);
    }
    return bytes;
}

// Memory that parent and children see alike.
struct Shared {
    std::atomic<int> running{0};
    std::atomic<int> most{0};
};

}  // namespace

TEST_CASE("results come back in the order of jobs, whatever the order of ending") {
    std::vector<std::size_t> ended;
    ChildOptions options;
    options.parallel_max = 4;
    options.on_done = [&](const ChildResult& result, std::size_t done) {
        ended.push_back(result.job);
        CHECK(done == ended.size());
    };
    const auto results = run_children(
        4,
        [](std::size_t job) {
            std::this_thread::sleep_for(100ms * (4 - job));  // the last job ends first
            return "job " + std::to_string(job);
        },
        options);
    REQUIRE(results.size() == 4);
    for (std::size_t i = 0; i < 4; ++i) {
        CHECK(results[i].job == i);
        CHECK(results[i].succeeded());
        CHECK(results[i].payload == "job " + std::to_string(i));
        CHECK(results[i].reason.empty());
        CHECK(results[i].elapsed >= 100ms * (4 - i));
        CHECK(results[i].peak_memory > Bytes{0});
    }
    CHECK(ended.front() == 3);
}

TEST_CASE("many jobs run a few at a time and leave nothing behind") {
    void* memory = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    REQUIRE(memory != MAP_FAILED);
    auto* shared = new (memory) Shared;
    const std::ptrdiff_t descriptors = open_descriptors();
    ChildOptions options;
    options.parallel_max = 3;
    const auto results = run_children(
        60,
        [shared](std::size_t job) {
            const int now = ++shared->running;
            int most = shared->most;
            while (now > most && !shared->most.compare_exchange_weak(most, now)) {
            }
            std::this_thread::sleep_for(5ms);
            --shared->running;
            return std::string(job, 'x');
        },
        options);
    for (std::size_t i = 0; i < 60; ++i) {
        REQUIRE(results[i].succeeded());
        REQUIRE(results[i].payload.size() == i);
    }
    CHECK(shared->most <= 3);
    CHECK(shared->most >= 2);
    CHECK(open_descriptors() == descriptors);
    CHECK_FALSE(has_children());
    munmap(memory, sizeof(Shared));
}

TEST_CASE("a child has a process and a memory of its own") {
    int here = 1;
    const auto results = run_children(2, [&here](std::size_t) {
        ++here;
        return std::to_string(here) + ' ' + std::to_string(getpid());
    });
    CHECK(here == 1);
    CHECK(results[0].payload.substr(0, 2) == "2 ");
    CHECK(results[1].payload.substr(0, 2) == "2 ");
    CHECK(results[0].payload != results[1].payload);
}

TEST_CASE("a job that fails says how and harms no other") {
    const auto results = run_children(10, [](std::size_t job) -> std::string {
        switch (job) {
            case 1:
                throw std::runtime_error("out of cheese");
            case 2:
                throw UserError(SourceMark{"a.yaml", 3, 4}, "found 0, expected 1");
            case 3:
                throw LawError("bytes sent = bytes received", "link 7", "1 != 2");
            case 4:
                throw 17;
            case 5:
                std::fputs("about to leave\n", stderr);
                _exit(9);
            case 6:
                std::signal(SIGABRT, SIG_DFL);
                std::abort();
            case 7:
                std::raise(SIGKILL);
                break;
            case 8:
                _exit(0);
            default:
                break;
        }
        return "fine";
    });
    CHECK(results[0].payload == "fine");
    CHECK(results[9].payload == "fine");

    CHECK(results[1].outcome == ChildOutcome::exception);
    CHECK(results[1].reason == "out of cheese");
    CHECK(results[2].outcome == ChildOutcome::user_error);
    CHECK(results[2].reason == "a.yaml:3:4: error: found 0, expected 1");
    CHECK(results[3].outcome == ChildOutcome::law_error);
    CHECK(results[3].reason == "law broken: bytes sent = bytes received: link 7: 1 != 2");
    CHECK(results[4].outcome == ChildOutcome::exception);
    CHECK(results[5].outcome == ChildOutcome::exited);
    CHECK(results[5].reason == "left with status 9 before its job was done");
    CHECK(results[5].output == "about to leave\n");
    CHECK(results[6].outcome == ChildOutcome::crashed);
    CHECK(results[6].reason == "killed by signal 6 (Aborted)");
    CHECK(results[7].outcome == ChildOutcome::crashed);
    CHECK(results[7].reason == "killed by signal 9 (Killed), as the system does when memory runs out");
    // Leaving with 0 is no success: the result never came.
    CHECK(results[8].outcome == ChildOutcome::exited);
    for (std::size_t i = 1; i <= 8; ++i) {
        CHECK(results[i].payload.empty());
    }
    CHECK_FALSE(has_children());
}

TEST_CASE("a payload of 10 MB arrives whole from several children at once") {
    const auto results = run_children(3, big_payload);
    for (std::size_t i = 0; i < 3; ++i) {
        REQUIRE(results[i].succeeded());
        const bool same = results[i].payload == big_payload(i);  // not in CHECK, which would print it
        CHECK(same);
    }
}

TEST_CASE("what a child prints is captured, to its end") {
    const auto results = run_children(1, [](std::size_t) -> std::string {
        for (int i = 0; i < 20'000; ++i) {
            std::fprintf(stderr, "line %d of many\n", i);
        }
        std::cout << "to standard output\n";
        throw std::runtime_error("failed after printing");
    });
    CHECK(results[0].output.size() == kChildOutputMax);
    const std::string end = "line 19999 of many\nto standard output\n";
    REQUIRE(results[0].output.size() > end.size());
    CHECK(results[0].output.substr(kChildOutputMax - end.size()) == end);
}

TEST_CASE("what the parent had not yet printed is not printed again by its children") {
    std::cout << "held back";
    const auto results = run_children(1, [](std::size_t) { return std::string("x"); });
    CHECK(results[0].output.empty());
}

TEST_CASE("a child past its timeout is killed, one before it is not") {
    ChildOptions options;
    options.parallel_max = 2;
    options.timeout = 2s;
    const Stopwatch watch;
    const auto results = run_children(
        3,
        [](std::size_t job) {
            if (job == 1) {
                std::this_thread::sleep_for(60s);
            }
            return std::string("done");
        },
        options);
    CHECK(results[0].succeeded());
    CHECK(results[1].outcome == ChildOutcome::timed_out);
    CHECK(results[2].succeeded());
    CHECK(results[1].elapsed >= 2s);
    CHECK(watch.elapsed() < 30s);
}

TEST_CASE("a child may have children") {
    const auto results = run_children(2, [](std::size_t outer) {
        const auto inner = run_children(2, [outer](std::size_t job) { return std::to_string(10 * outer + job); });
        return inner[0].payload + ',' + inner[1].payload;
    });
    CHECK(results[0].payload == "0,1");
    CHECK(results[1].payload == "10,11");
}

TEST_CASE("a callback that throws ends the children too") {
    ChildOptions options;
    options.parallel_max = 2;
    options.on_done = [](const ChildResult&, std::size_t) { throw std::runtime_error("disk full"); };
    const auto job = [](std::size_t index) {
        if (index == 1) {
            std::this_thread::sleep_for(60s);
        }
        return std::string();
    };
    const std::ptrdiff_t descriptors = open_descriptors();
    CHECK_THROWS_WITH(run_children(2, job, options), "disk full");
    CHECK_FALSE(has_children());
    CHECK(open_descriptors() == descriptors);
}

TEST_CASE("no job, no child") {
    CHECK(run_children(0, [](std::size_t) { return std::string(); }).empty());
}

TEST_CASE("a frame counts only if it is whole") {
    // Outcome 0 (succeeded), length 3, lowest byte first, then the bytes.
    const std::string frame{"\0\3\0\0\0\0\0\0\0abc", 12};
    REQUIRE(parse_frame(frame));
    CHECK(parse_frame(frame)->outcome == ChildOutcome::succeeded);
    CHECK(parse_frame(frame)->bytes == "abc");
    for (std::size_t length = 0; length < frame.size(); ++length) {
        CHECK_FALSE(parse_frame(frame.substr(0, length)));
    }
    CHECK_FALSE(parse_frame(frame + "d"));
    std::string wrong_outcome = frame;
    wrong_outcome[0] = static_cast<char>(0xff);
    CHECK_FALSE(parse_frame(wrong_outcome));
}
