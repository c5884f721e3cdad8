// fork and exec with a pipe each for output and errors, read together so that neither can fill up and block.

#include "sim/process/program.h"

#include "sim/error/error.h"
#include "sim/process/file_descriptor.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace myriad {
namespace {

constexpr int kNotFound = 127;

[[noreturn]] void become(const std::vector<std::string>& words, int out, int err) {
    setpgid(0, 0);  // Ctrl-C on the terminal goes to the group of the parent
    const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    dup2(nothing, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    std::vector<char*> arguments;
    for (const std::string& word : words) {
        arguments.push_back(const_cast<char*>(word.c_str()));  // NOLINT: execvp writes nothing
    }
    arguments.push_back(nullptr);
    execvp(arguments.front(), arguments.data());
    _exit(kNotFound);
}

// False at the end of the pipe.
bool read_some(FileDescriptor& from, std::string& into) {
    std::array<char, 4096> buffer;  // NOLINT: filled by read()
    for (;;) {
        const ssize_t got = ::read(from.get(), buffer.data(), buffer.size());
        if (got > 0) {
            into.append(buffer.data(), static_cast<std::size_t>(got));
        } else if (got == 0) {
            from.close();
            return false;
        } else if (errno != EINTR) {
            return true;
        }
    }
}

}  // namespace

ProgramResult run_program(const std::vector<std::string>& words) {
    ProgramResult result;
    std::optional<Pipe> out = make_pipe();
    std::optional<Pipe> err = make_pipe();
    const pid_t process = out && err ? fork() : -1;
    if (process == 0) {
        become(words, out->write.get(), err->write.get());
    }
    if (process < 0) {
        throw UserError("cannot start '" + words.front() + "': the system has no room for another process");
    }
    out->write.close();
    err->write.close();
    while (out->read.get() >= 0 || err->read.get() >= 0) {
        std::array<pollfd, 2> polled{{{out->read.get(), POLLIN, 0}, {err->read.get(), POLLIN, 0}}};
        if (poll(polled.data(), polled.size(), -1) < 0) {
            continue;
        }
        if (polled[0].revents != 0) {
            read_some(out->read, result.out);
        }
        if (polled[1].revents != 0) {
            read_some(err->read, result.err);
        }
    }
    int status = 0;
    while (waitpid(process, &status, 0) < 0 && errno == EINTR) {
    }
    result.status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    result.found = result.status != kNotFound;
    return result;
}

}  // namespace myriad
