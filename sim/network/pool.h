#pragma once
// Objects of one kind, recycled: a run makes millions of packets and messages, and only as many exist as are in flight.

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

namespace myriad {

template <class T>
class Pool {
public:
    // A default-constructed object; its address stays until it is given back.
    [[nodiscard]] T& take() {
        if (free_.empty()) {
            grow();
        }
        T* object = free_.back();
        free_.pop_back();
        *object = T{};
        return *object;
    }

    void give_back(T& object) { free_.push_back(&object); }

    // Objects that are taken and not given back.
    [[nodiscard]] std::size_t in_use() const { return blocks_.size() * kBlock - free_.size(); }

private:
    static constexpr std::size_t kBlock = 1024;

    void grow() {
        blocks_.push_back(std::make_unique<std::array<T, kBlock>>());
        for (std::size_t i = kBlock; i > 0; --i) {
            free_.push_back(&(*blocks_.back())[i - 1]);  // lowest address on top: neighbours are used together
        }
    }

    std::vector<std::unique_ptr<std::array<T, kBlock>>> blocks_;
    std::vector<T*> free_;
};

}  // namespace myriad
