// Thin owners over close(2) and pipe2(2); an error of close is of no use to anybody here.

#include "sim/process/file_descriptor.h"

#include <fcntl.h>
#include <unistd.h>

namespace myriad {

void FileDescriptor::close() {
    if (descriptor_ >= 0) {
        ::close(std::exchange(descriptor_, -1));
    }
}

std::optional<Pipe> make_pipe() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return std::nullopt;
    }
    Pipe pipe{FileDescriptor{ends[0]}, FileDescriptor{ends[1]}};
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    return pipe;
}

}  // namespace myriad
