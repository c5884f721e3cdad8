// The children must not outlive their parent. Each case forks a parent of its own, ends it, and sees by the end of a
// pipe that only its children hold that they are gone.

#include "sim/process/children.h"

#include <catch2/catch.hpp>

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>

using namespace myriad;

namespace {

volatile std::sig_atomic_t handled = 0;
void handle(int) { handled = 1; }

// Waits for a byte (1) or the end (0) of the pipe; -1: neither within 20 s.
int next_byte(int pipe) {
    pollfd polled{pipe, POLLIN, 0};
    if (poll(&polled, 1, 20'000) != 1) {
        return -1;
    }
    char byte = 0;
    return static_cast<int>(read(pipe, &byte, 1));
}

struct Family {
    pid_t parent = 0;
    int pipe = -1;
};

// A process with two children that say a byte each and then sleep for ever; `survive` handles SIGINT, and then leaves
// with the number of jobs that were cancelled.
Family start_family(bool survive) {
    std::array<int, 2> ends{};
    REQUIRE(pipe(ends.data()) == 0);
    const pid_t parent = fork();
    if (parent == 0) {
        for (const int signal : {SIGINT, SIGTERM}) {
            std::signal(signal, survive ? handle : SIG_DFL);  // not those of the test's main
        }
        ChildOptions options;
        options.parallel_max = 2;
        const auto results = run_children(
            3,
            [&ends](std::size_t) -> std::string {
                const ssize_t written = write(ends[1], "x", 1);
                for (;;) {
                    pause();
                }
                return std::to_string(written);
            },
            options);
        int cancelled = handled != 0 ? 0 : 100;
        for (const ChildResult& result : results) {
            cancelled += result.outcome == ChildOutcome::cancelled ? 1 : 0;
        }
        _exit(cancelled);
    }
    close(ends[1]);
    REQUIRE(next_byte(ends[0]) == 1);
    REQUIRE(next_byte(ends[0]) == 1);
    return {parent, ends[0]};
}

int end_status(pid_t process) {
    int status = 0;
    REQUIRE(waitpid(process, &status, 0) == process);
    return status;
}

}  // namespace

TEST_CASE("children die with a parent that is killed") {
    const Family family = start_family(false);
    kill(family.parent, SIGKILL);
    CHECK(WTERMSIG(end_status(family.parent)) == SIGKILL);
    CHECK(next_byte(family.pipe) == 0);
    close(family.pipe);
}

TEST_CASE("an interrupt ends children and parent") {
    for (const int signal : {SIGINT, SIGTERM}) {
        const Family family = start_family(false);
        kill(family.parent, signal);
        const int status = end_status(family.parent);
        CHECK(WIFSIGNALED(status));
        CHECK(WTERMSIG(status) == signal);
        CHECK(next_byte(family.pipe) == 0);
        close(family.pipe);
    }
}

TEST_CASE("a parent that handles the interrupt gets its jobs back as cancelled") {
    const Family family = start_family(true);
    kill(family.parent, SIGINT);
    const int status = end_status(family.parent);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 3);  // two killed, one never started
    CHECK(next_byte(family.pipe) == 0);
    close(family.pipe);
}
