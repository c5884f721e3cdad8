// One pipe for the result, one for what the child prints; the parent polls all pipes and reads what is there. A job is
// over when its result pipe ends, which happens when the process does: the pipe is closed on exec, so no program that
// the child starts keeps it open. The result counts only if it is whole (length and bytes) and the child left with 0.

#include "sim/process/children.h"

#include "sim/error/error.h"
#include "sim/process/child_side.h"
#include "sim/process/file_descriptor.h"
#include "sim/process/interrupt_guard.h"
#include "sim/progress/progress_line.h"
#include "sim/units/quantity_text.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <iostream>
#include <optional>
#include <thread>
#include <utility>

namespace myriad {

namespace {

constexpr std::size_t kReadSize = 1u << 16;

struct RunningChild {
    std::size_t job = 0;
    pid_t process = 0;
    FileDescriptor result_pipe;
    FileDescriptor output_pipe;
    std::string result;  // frame as read so far
    std::string output;
    HostDuration started{};
    bool timed_out = false;
};

// Appends what a non-blocking pipe holds now; false at its end. Reads at most `limit` bytes, so that a child that
// prints without end does not keep the parent from the others.
bool read_available(int descriptor, std::string& into, std::size_t limit) {
    std::array<char, kReadSize> buffer;  // NOLINT: filled by read()
    for (std::size_t total = 0; total < limit;) {
        const ssize_t got = ::read(descriptor, buffer.data(), buffer.size());
        if (got > 0) {
            into.append(buffer.data(), static_cast<std::size_t>(got));
            total += static_cast<std::size_t>(got);
        } else if (got == 0) {
            return false;
        } else if (errno != EINTR) {
            return errno == EAGAIN;
        }
    }
    return true;
}

void keep_end(std::string& text) {
    if (text.size() > kChildOutputMax) {
        text.erase(0, text.size() - kChildOutputMax);
    }
}

HostDuration host_duration(const timeval& time) {
    return std::chrono::seconds{time.tv_sec} + std::chrono::microseconds{time.tv_usec};
}

// What the end of the process and the frame say together.
void judge(const RunningChild& child, int status, const ChildOptions& options, ChildResult& result) {
    std::optional<ChildFrame> frame = parse_frame(child.result);
    if (child.timed_out) {
        result.outcome = ChildOutcome::timed_out;
        result.reason = "killed after its time limit of " + duration_text(options.timeout);
    } else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) {
        result.outcome = ChildOutcome::crashed;
        result.reason = "killed by signal 9 (Killed), as the system does when memory runs out";
    } else if (WIFSIGNALED(status)) {
        result.outcome = ChildOutcome::crashed;
        result.reason = std::string("killed by signal ") + std::to_string(WTERMSIG(status)) + " (" +
                        strsignal(WTERMSIG(status)) + ")";
    } else if (WEXITSTATUS(status) != 0 || !frame) {
        result.outcome = ChildOutcome::exited;
        result.reason = "left with status " + std::to_string(WEXITSTATUS(status)) + " before its job was done";
    } else if (frame->outcome == ChildOutcome::succeeded) {
        result.outcome = ChildOutcome::succeeded;
        result.payload = std::move(frame->bytes);
    } else if (frame->outcome == ChildOutcome::out_of_memory) {
        result.outcome = ChildOutcome::out_of_memory;
        result.reason = options.memory_max > Bytes{}
                            ? "out of memory: more than its limit of " + human_text(options.memory_max)
                            : "out of memory: the system gave no more";
    } else {
        result.outcome = frame->outcome;
        result.reason = std::move(frame->bytes);
    }
}

class ChildPool {
public:
    ChildPool(std::size_t count, const std::function<std::string(std::size_t)>& job, const ChildOptions& options)
        : job_(job), options_(options), results_(count) {
        const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
        parallel_max_ = options.parallel_max > 0 ? static_cast<std::size_t>(options.parallel_max) : cores;
        for (std::size_t i = 0; i < count; ++i) {
            results_[i].job = i;
            results_[i].reason = "interrupted";
        }
    }
    ~ChildPool() { kill_all(); }  // a callback may throw
    ChildPool(const ChildPool&) = delete;
    ChildPool& operator=(const ChildPool&) = delete;

    std::vector<ChildResult> run() {
        InterruptGuard interrupts;
        while ((next_ < results_.size() || !running_.empty()) && !interrupts.caught()) {
            while (next_ < results_.size() && running_.size() < parallel_max_ && start(next_, interrupts)) {
                ++next_;
            }
            wait_for_children(interrupts);
        }
        if (interrupts.caught()) {
            kill_all();
            interrupts.raise_again();
        }
        return std::move(results_);
    }

private:
    // False: no room now, try again when another child has ended.
    bool start(std::size_t job, const InterruptGuard& interrupts) {
        std::optional<Pipe> result = make_pipe();
        std::optional<Pipe> output = result ? make_pipe() : std::nullopt;
        pid_t process = -1;
        const HostDuration started = host_now();  // before the child can do anything, so that no work is left out
        if (output) {
            // Whatever is buffered would otherwise be printed by the child once more.
            std::cout.flush();
            std::fflush(nullptr);
            const pid_t parent = getpid();
            process = fork();
            if (process == 0) {
                interrupts.restore_in_child();
                run_child(parent, result->write.get(), output->write.get(), options_.memory_max,
                          [&] { return job_(job); });
            }
        }
        if (process < 0) {
            if (!running_.empty()) {
                return false;
            }
            results_[job].outcome = ChildOutcome::not_started;
            results_[job].reason = std::string("cannot start a process: ") + std::strerror(errno);
            report(results_[job]);
            return true;
        }
        RunningChild child;
        child.job = job;
        child.process = process;
        child.result_pipe = std::move(result->read);
        child.output_pipe = std::move(output->read);
        child.started = started;
        running_.push_back(std::move(child));
        return true;
    }

    void wait_for_children(const InterruptGuard& interrupts) {
        if (running_.empty()) {
            return;
        }
        std::vector<pollfd> polled;
        for (const RunningChild& child : running_) {
            polled.push_back({child.result_pipe.get(), POLLIN, 0});
            polled.push_back({child.output_pipe.get(), POLLIN, 0});  // -1, ignored by poll, once it has ended
        }
        interrupts.poll(polled, time_to_next_timeout());
        std::vector<std::size_t> ended;
        for (std::size_t i = 0; i < running_.size(); ++i) {
            RunningChild& child = running_[i];
            if (polled[2 * i + 1].revents != 0) {
                if (!read_available(child.output_pipe.get(), child.output, kReadSize)) {
                    child.output_pipe.close();
                }
                keep_end(child.output);
            }
            if (polled[2 * i].revents != 0 && !read_available(child.result_pipe.get(), child.result, 64 * kReadSize)) {
                ended.push_back(i);
            }
        }
        kill_overdue();
        for (auto i = ended.rbegin(); i != ended.rend(); ++i) {
            RunningChild child = std::move(running_[*i]);
            running_.erase(running_.begin() + static_cast<std::ptrdiff_t>(*i));
            finish(child);
        }
    }

    void finish(RunningChild& child) {
        ChildResult& result = results_[child.job];
        const auto [status, usage] = reap(child.process);
        if (child.output_pipe.get() >= 0) {
            read_available(child.output_pipe.get(), child.output, 64 * kReadSize);
            keep_end(child.output);
        }
        result.reason.clear();
        judge(child, status, options_, result);
        result.output = std::move(child.output);
        result.elapsed = host_now() - child.started;
        result.cpu = host_duration(usage.ru_utime) + host_duration(usage.ru_stime);
        result.peak_memory = Bytes{static_cast<std::int64_t>(usage.ru_maxrss) * 1024};
        report(result);
    }

    void report(const ChildResult& result) {
        ++done_;
        if (options_.on_done) {
            options_.on_done(result, done_);
        }
    }

    static std::pair<int, rusage> reap(pid_t process) {
        std::pair<int, rusage> end{};
        while (wait4(process, &end.first, 0, &end.second) < 0) {
            MYRIAD_CHECK(errno == EINTR, "a child process disappeared");
        }
        return end;
    }

    // Nothing to wait for longer than this; empty: no timeout.
    [[nodiscard]] std::optional<HostDuration> time_to_next_timeout() const {
        if (options_.timeout <= HostDuration::zero()) {
            return std::nullopt;
        }
        HostDuration first = HostDuration::max();
        for (const RunningChild& child : running_) {
            // A child that was killed ends its pipe by itself.
            if (!child.timed_out) {
                first = std::min(first, child.started + options_.timeout);
            }
        }
        if (first == HostDuration::max()) {
            return std::nullopt;
        }
        return std::max(HostDuration::zero(), first - host_now());
    }

    void kill_overdue() {
        if (options_.timeout <= HostDuration::zero()) {
            return;
        }
        const HostDuration now = host_now();
        for (RunningChild& child : running_) {
            if (!child.timed_out && now - child.started >= options_.timeout) {
                child.timed_out = true;
                ::kill(child.process, SIGKILL);
            }
        }
    }

    void kill_all() {
        for (const RunningChild& child : running_) {
            ::kill(child.process, SIGKILL);
        }
        for (const RunningChild& child : running_) {
            reap(child.process);
        }
        running_.clear();
    }

    const std::function<std::string(std::size_t)>& job_;
    const ChildOptions& options_;
    std::vector<ChildResult> results_;
    std::vector<RunningChild> running_;
    std::size_t parallel_max_ = 1;
    std::size_t next_ = 0;
    std::size_t done_ = 0;
};

}  // namespace

std::string_view name_of(ChildOutcome outcome) {
    switch (outcome) {
        case ChildOutcome::succeeded:
            return "succeeded";
        case ChildOutcome::user_error:
            return "user_error";
        case ChildOutcome::law_error:
            return "law_error";
        case ChildOutcome::exception:
            return "exception";
        case ChildOutcome::exited:
            return "exited";
        case ChildOutcome::crashed:
            return "crashed";
        case ChildOutcome::timed_out:
            return "timed_out";
        case ChildOutcome::out_of_memory:
            return "out_of_memory";
        case ChildOutcome::cancelled:
            return "cancelled";
        case ChildOutcome::not_started:
            return "not_started";
    }
    return "unknown";
}

std::vector<ChildResult> run_children(std::size_t count, const std::function<std::string(std::size_t)>& job,
                                      const ChildOptions& options) {
    return ChildPool(count, job, options).run();
}

}  // namespace myriad
