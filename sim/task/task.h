#pragma once
// Sequential behaviour as C++20 coroutines of a few hundred bytes: a rank's program, a tile loop. Never an SC_THREAD.
//
//   Task program(Card& card, Timer& timer) {
//       Signal done;
//       card.execute(kernel, done.completion());
//       co_await done;                  // waits for one call back
//       co_await timer.wait(us(5));     // waits for simulated time
//       co_await sub_program(card);     // runs another task to its end
//   }
//   Task task = program(card, timer);
//   task.start();                       // runs to the first wait; task.done() after the last

#include "sim/time/agenda.h"
#include "sim/time/completion.h"
#include "sim/units/units.h"

#include <coroutine>
#include <cstdint>
#include <exception>
#include <utility>

namespace myriad {

class [[nodiscard]] Task {
public:
    struct promise_type {
        std::coroutine_handle<> continuation;
        std::exception_ptr exception;

        Task get_return_object() { return Task{std::coroutine_handle<promise_type>::from_promise(*this)}; }
        std::suspend_always initial_suspend() noexcept { return {}; }
        void return_void() noexcept {}
        void unhandled_exception() { exception = std::current_exception(); }

        struct FinalAwaiter {
            bool await_ready() noexcept { return false; }
            std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> self) noexcept {
                const auto next = self.promise().continuation;
                return next ? next : std::noop_coroutine();
            }
            void await_resume() noexcept {}
        };
        FinalAwaiter final_suspend() noexcept { return {}; }
    };

    Task() = default;
    Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
    Task& operator=(Task&& other) noexcept {
        std::swap(handle_, other.handle_);
        return *this;
    }
    ~Task() {
        if (handle_) {
            handle_.destroy();
        }
    }

    // Runs a root task to its first wait.
    void start() { handle_.resume(); }

    [[nodiscard]] bool done() const { return !handle_ || handle_.done(); }

    // Throws what the task threw, if it did.
    void rethrow() const {
        if (handle_ && handle_.promise().exception) {
            std::rethrow_exception(handle_.promise().exception);
        }
    }

    // co_await task: starts it and goes on when it has ended.
    auto operator co_await() noexcept {
        struct Awaiter {
            std::coroutine_handle<promise_type> child;
            bool await_ready() noexcept { return !child || child.done(); }
            std::coroutine_handle<> await_suspend(std::coroutine_handle<> self) noexcept {
                child.promise().continuation = self;
                return child;
            }
            void await_resume() {
                if (child && child.promise().exception) {
                    std::rethrow_exception(child.promise().exception);
                }
            }
        };
        return Awaiter{handle_};
    }

    // co_await task.joined(): goes on when a task that was started has ended. One waiter.
    auto joined() noexcept {
        struct Awaiter {
            std::coroutine_handle<promise_type> child;
            bool await_ready() noexcept { return !child || child.done(); }
            void await_suspend(std::coroutine_handle<> self) noexcept { child.promise().continuation = self; }
            void await_resume() {
                if (child && child.promise().exception) {
                    std::rethrow_exception(child.promise().exception);
                }
            }
        };
        return Awaiter{handle_};
    }

private:
    explicit Task(std::coroutine_handle<promise_type> handle) : handle_(handle) {}
    std::coroutine_handle<promise_type> handle_;
};

// Waits for a number of call backs (one unless told). Lives in the frame of the coroutine that waits; one waiter.
class Signal {
public:
    explicit Signal(std::uint32_t count = 1) : missing_(count) {}
    Signal(const Signal&) = delete;
    Signal& operator=(const Signal&) = delete;

    [[nodiscard]] Completion completion() { return {&Signal::arrived, this, 0}; }
    [[nodiscard]] bool done() const noexcept { return missing_ == 0; }
    // Expect `count` more call backs.
    void expect(std::uint32_t count) noexcept { missing_ += count; }

    bool await_ready() const noexcept { return missing_ == 0; }
    void await_suspend(std::coroutine_handle<> waiter) noexcept { waiter_ = waiter; }
    void await_resume() const noexcept {}

private:
    static void arrived(void* self, std::uint64_t /*argument*/) {
        auto& signal = *static_cast<Signal*>(self);
        if (--signal.missing_ == 0 && signal.waiter_) {
            std::exchange(signal.waiter_, nullptr).resume();
        }
    }

    std::uint32_t missing_;
    std::coroutine_handle<> waiter_;
};

// Lets coroutines wait for simulated time. One per rank, so that the order at one instant follows ranks.
class Timer final : public AgendaClient {
public:
    Timer(Agenda& agenda, ComponentId self) : agenda_(agenda), self_(self) { agenda.enroll(self, *this); }
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;

    [[nodiscard]] TimePoint now() const { return agenda_.now(); }

    struct Wait {
        Timer& timer;
        Picoseconds delay;
        bool await_ready() const noexcept { return delay == Picoseconds{0}; }
        void await_suspend(std::coroutine_handle<> waiter) {
            timer.agenda_.schedule(timer.agenda_.now() + delay, Phase::deliver, timer.self_, timer.self_,
                                   reinterpret_cast<std::uint64_t>(waiter.address()));
        }
        void await_resume() const noexcept {}
    };
    [[nodiscard]] Wait wait(Picoseconds delay) { return Wait{*this, delay}; }

    void on_agenda(const AgendaRecord& record) override {
        std::coroutine_handle<>::from_address(reinterpret_cast<void*>(record.payload)).resume();
    }

private:
    Agenda& agenda_;
    ComponentId self_;
};

}  // namespace myriad
