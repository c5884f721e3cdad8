#include "sim/task/task.h"

#include <catch2/catch.hpp>

#include <stdexcept>

using namespace myriad;

namespace {

Task sleeper(Timer& timer, std::vector<std::int64_t>& log, Picoseconds pause) {
    co_await timer.wait(pause);
    log.push_back(timer.now().time_since_epoch().count());
}

Task parent(Timer& timer, std::vector<std::int64_t>& log) {
    co_await sleeper(timer, log, ps(30));
    co_await sleeper(timer, log, ps(12));
}

Task waiter(Signal& signal, int& resumed) {
    co_await signal;
    ++resumed;
}

Task thrower(Timer& timer) {
    co_await timer.wait(ps(1));
    throw std::runtime_error("inside");
}

Task outer(Timer& timer) { co_await thrower(timer); }

// Two at once, the first of which ends later; then two more in the same places.
Task pairs(Timer& timer, std::vector<std::int64_t>& log) {
    for (int i = 0; i < 2; ++i) {
        Task first = sleeper(timer, log, ps(30));
        Task second = sleeper(timer, log, ps(12));
        first.start();
        second.start();
        co_await first.joined();
        co_await second.joined();
        log.push_back(-timer.now().time_since_epoch().count());
    }
}

Task joiner(Timer& timer) {
    Task inner = thrower(timer);
    inner.start();
    co_await inner.joined();
}

}  // namespace

TEST_CASE("a task waits for simulated time and for its sub-tasks") {
    Agenda agenda;
    Timer timer(agenda, ComponentId{0});
    std::vector<std::int64_t> log;
    Task task = parent(timer, log);
    CHECK(!task.done());
    task.start();
    agenda.run();
    CHECK(task.done());
    CHECK(log == std::vector<std::int64_t>{30, 42});  // 30, then 30 + 12
}

TEST_CASE("a signal resumes its waiter at the last of its call backs") {
    int resumed = 0;
    Signal signal(2);
    Task task = waiter(signal, resumed);
    task.start();
    signal.completion()();
    CHECK(resumed == 0);
    signal.completion()();
    CHECK(resumed == 1);
    CHECK(task.done());
}

TEST_CASE("an exception inside a sub-task reaches the root") {
    Agenda agenda;
    Timer timer(agenda, ComponentId{0});
    Task task = outer(timer);
    task.start();
    agenda.run();
    REQUIRE(task.done());
    CHECK_THROWS_WITH(task.rethrow(), "inside");
}

TEST_CASE("tasks run side by side and are joined in any order") {
    Agenda agenda;
    Timer timer(agenda, ComponentId{0});
    std::vector<std::int64_t> log;
    Task task = pairs(timer, log);
    task.start();
    agenda.run();
    CHECK(task.done());
    CHECK(log == std::vector<std::int64_t>{12, 30, -30, 42, 60, -60});
    Task fails = joiner(timer);
    fails.start();
    agenda.run();
    CHECK_THROWS_WITH(fails.rethrow(), "inside");
}
