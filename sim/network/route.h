#pragma once
// A path through the network as the output port to take at each node, the source card's port first. Routes are views
// into storage that the Router owns and never moves, so a packet carries one pointer: it reads a port and steps on at
// each node, and has arrived where it reads kRouteEnd.

#include <cstddef>
#include <cstdint>

namespace myriad {

// Follows the last port of every route; no node has that many ports.
inline constexpr std::uint16_t kRouteEnd = 0xFFFF;

// One path. Iterating yields the ports without the end mark.
class Route {
public:
    constexpr Route() = default;
    constexpr Route(const std::uint16_t* first, const std::uint16_t* last) : first_(first), last_(last) {}
    [[nodiscard]] constexpr const std::uint16_t* begin() const noexcept { return first_; }
    [[nodiscard]] constexpr const std::uint16_t* end() const noexcept { return last_; }
    [[nodiscard]] constexpr std::size_t hops() const noexcept { return static_cast<std::size_t>(last_ - first_); }
    [[nodiscard]] constexpr std::uint16_t operator[](std::size_t hop) const { return first_[hop]; }

private:
    const std::uint16_t* first_ = nullptr;
    const std::uint16_t* last_ = nullptr;
};

// A message is spread over all routes of its set in equal shares. Never empty. One pointer wide, copied by value.
// Layout of the words behind it: n, n + 1 offsets (of each route and of the end), then the routes with their end marks.
class RouteSet {
public:
    constexpr RouteSet() = default;
    constexpr explicit RouteSet(const std::uint16_t* words) : words_(words) {}

    [[nodiscard]] constexpr std::size_t size() const noexcept { return words_[0]; }
    [[nodiscard]] constexpr Route operator[](std::size_t i) const {
        return {words_ + words_[1 + i], words_ + words_[2 + i] - 1};
    }

    class Iterator {
    public:
        constexpr Iterator(const std::uint16_t* words, std::size_t i) : words_(words), i_(i) {}
        constexpr Route operator*() const { return RouteSet{words_}[i_]; }
        constexpr Iterator& operator++() {
            ++i_;
            return *this;
        }
        constexpr bool operator!=(const Iterator& other) const { return i_ != other.i_; }

    private:
        const std::uint16_t* words_;
        std::size_t i_;
    };
    [[nodiscard]] constexpr Iterator begin() const { return {words_, 0}; }
    [[nodiscard]] constexpr Iterator end() const { return {words_, size()}; }

    // Equal sets of one Router are the same words: comparing and hashing the address is enough.
    [[nodiscard]] constexpr const std::uint16_t* words() const noexcept { return words_; }

private:
    const std::uint16_t* words_ = nullptr;
};

}  // namespace myriad
