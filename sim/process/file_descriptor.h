#pragma once
// Owners of file descriptors, so that none outlives its use.

#include <optional>
#include <utility>

namespace myriad {

class FileDescriptor {
public:
    FileDescriptor() = default;
    explicit FileDescriptor(int descriptor) : descriptor_(descriptor) {}
    FileDescriptor(FileDescriptor&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    FileDescriptor& operator=(FileDescriptor&& other) noexcept {
        std::swap(descriptor_, other.descriptor_);
        return *this;
    }
    ~FileDescriptor() { close(); }

    [[nodiscard]] int get() const noexcept { return descriptor_; }
    void close();

private:
    int descriptor_ = -1;
};

// Both ends close on exec; the read end does not block.
struct Pipe {
    FileDescriptor read;
    FileDescriptor write;
};

// Nothing when the process has no descriptors left.
[[nodiscard]] std::optional<Pipe> make_pipe();

}  // namespace myriad
