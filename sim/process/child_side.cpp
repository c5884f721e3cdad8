// The child leaves with _exit: destructors and exit handlers of the parent's objects, copied by fork, must not run
// twice. It is killed by the kernel when the parent dies (PR_SET_PDEATHSIG), however that happens.

#include "sim/process/child_side.h"

#include "sim/error/error.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <fstream>
#include <iostream>
#include <new>
#include <string>

namespace myriad {

namespace {

constexpr std::size_t kHeaderSize = 1 + 8;

bool write_all(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
        if (written >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno != EINTR) {
            return false;
        }
    }
    return true;
}

bool send_frame(int descriptor, const ChildFrame& frame) {
    std::string header(1, static_cast<char>(frame.outcome));
    for (int shift = 0; shift < 64; shift += 8) {
        header += static_cast<char>((static_cast<std::uint64_t>(frame.bytes.size()) >> shift) & 0xff);
    }
    return write_all(descriptor, header) && write_all(descriptor, frame.bytes);
}

ChildFrame run_job(const std::function<std::string()>& job) {
    try {
        return {ChildOutcome::succeeded, job()};
    } catch (const UserError& error) {
        return {ChildOutcome::user_error, error.what()};
    } catch (const LawError& error) {
        return {ChildOutcome::law_error, error.what()};
    } catch (const std::bad_alloc&) {
        return {ChildOutcome::out_of_memory, {}};  // the parent knows the limit
    } catch (const std::exception& error) {
        return {ChildOutcome::exception, error.what()};
    } catch (...) {
        return {ChildOutcome::exception, "exception of unknown type"};
    }
}

// Data of the process in bytes: what RLIMIT_DATA counts. 0 where the kernel does not tell.
rlim_t data_size() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmData:")) {
            return std::stoull(line.substr(7)) * 1024;
        }
    }
    return 0;
}

// Not RLIMIT_AS: address space that is reserved and never used costs nothing, and sanitizers reserve terabytes.
void limit_memory(Bytes memory_max) {
    if (memory_max <= Bytes{}) {
        return;
    }
    const rlim_t most = data_size() + static_cast<rlim_t>(memory_max.count());
    const rlimit limit{most, most};
    setrlimit(RLIMIT_DATA, &limit);
}

bool may_leave_child(int outcome) {
    return outcome <= static_cast<int>(ChildOutcome::exception) ||
           outcome == static_cast<int>(ChildOutcome::out_of_memory);
}

}  // namespace

std::optional<ChildFrame> parse_frame(std::string_view frame) {
    if (frame.size() < kHeaderSize || !may_leave_child(static_cast<unsigned char>(frame[0]))) {
        return std::nullopt;
    }
    std::uint64_t length = 0;
    for (std::size_t i = 0; i < 8; ++i) {
        length |= static_cast<std::uint64_t>(static_cast<unsigned char>(frame[1 + i])) << (8 * i);
    }
    if (length != frame.size() - kHeaderSize) {
        return std::nullopt;
    }
    return ChildFrame{static_cast<ChildOutcome>(frame[0]), std::string(frame.substr(kHeaderSize))};
}

void run_child(pid_t parent, int result_pipe, int output_pipe, Bytes memory_max,
               const std::function<std::string()>& job) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) {
        _exit(1);  // the parent died before the kernel knew that it should tell
    }
    const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    dup2(nothing, STDIN_FILENO);
    dup2(output_pipe, STDOUT_FILENO);
    dup2(output_pipe, STDERR_FILENO);
    limit_memory(memory_max);
    const ChildFrame frame = run_job(job);
    std::cout.flush();
    std::fflush(nullptr);
    _exit(send_frame(result_pipe, frame) ? 0 : 1);
}

}  // namespace myriad
