// Bump allocation from blocks that grow; blocks of two MiB and more are aligned for huge pages and ask for them.

#include "sim/network/hot_arena.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>

namespace myriad {

namespace {
constexpr std::size_t kLargestBlock = std::size_t{16} << 20;
}

HotArena::~HotArena() {
    for (void* block : blocks_) {
        std::free(block);
    }
}

void HotArena::grow(std::size_t at_least) {
    const std::size_t alignment = block_ >= kHugePage ? kHugePage : 4096;
    const std::size_t size = (std::max(block_, at_least) + alignment - 1) / alignment * alignment;
    void* block = std::aligned_alloc(alignment, size);
    if (block == nullptr) {
        throw std::bad_alloc();
    }
    if (alignment == kHugePage) {
        madvise(block, size, MADV_HUGEPAGE);  // a hint: without it the run is slower, not wrong
    }
    blocks_.push_back(block);
    next_ = static_cast<std::byte*>(block);
    end_ = next_ + size;
    block_ = std::min(block_ * 2, kLargestBlock);
}

void* HotArena::allocate(std::size_t size, std::size_t alignment) {
    auto address = (reinterpret_cast<std::uintptr_t>(next_) + alignment - 1) / alignment * alignment;
    if (next_ == nullptr || address + size > reinterpret_cast<std::uintptr_t>(end_)) {
        grow(size + alignment);
        address = (reinterpret_cast<std::uintptr_t>(next_) + alignment - 1) / alignment * alignment;
    }
    next_ = reinterpret_cast<std::byte*>(address + size);
    return reinterpret_cast<void*>(address);
}

}  // namespace myriad
