#pragma once
// Memory for the state that every hop touches (link directions, port ends), apart from the modules that own it. A cluster's
// modules fill hundreds of MiB that a run hardly reads; its hot state is a tenth of that. Kept together, on huge pages
// where the system gives them, it stays within the caches and the address-translation buffer.

#include <cstddef>
#include <cstdint>
#include <new>
#include <utility>
#include <vector>

namespace myriad {

class HotArena {
public:
    HotArena() = default;
    HotArena(const HotArena&) = delete;
    HotArena& operator=(const HotArena&) = delete;
    ~HotArena();

    // Objects live as long as the arena and are not destroyed one by one: T must not own anything.
    template <class T, class... Arguments>
    T& make(Arguments&&... arguments) {
        return *new (allocate(sizeof(T), alignof(T))) T{std::forward<Arguments>(arguments)...};
    }

    // Raw memory for an array that the caller constructs in place.
    void* allocate(std::size_t size, std::size_t alignment);

private:
    static constexpr std::size_t kHugePage = std::size_t{2} << 20;

    void grow(std::size_t at_least);

    std::vector<void*> blocks_;
    std::byte* next_ = nullptr;
    std::byte* end_ = nullptr;
    std::size_t block_ = kHugePage / 8;  // small systems take little; doubles to a cap
};

}  // namespace myriad
