#pragma once
// Keeps every distinct route set once, at an address that never changes. Hierarchical networks have far fewer distinct
// sets than pairs of cards (routes are port numbers, and servers are alike), so this is what makes millions of pairs
// affordable, and it keeps the words that packets read in few cache lines.

#include "sim/network/route.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace myriad {

class RouteStore {
public:
    RouteStore();

    // Draft of one set: ports of a route in order, end_route after each, then keep.
    void begin();
    void add_port(std::uint16_t port) { ports_.push_back(port); }
    void end_route();
    [[nodiscard]] std::size_t routes() const noexcept { return ends_.size(); }
    // How many routes of this many hops fit into one set: its offsets are 16 bits wide.
    [[nodiscard]] static int most_routes(std::size_t hops) { return static_cast<int>((0xFFFF - 2) / (hops + 2)); }
    // The stored set that equals the draft, which has at least one route.
    RouteSet keep();

    [[nodiscard]] std::size_t distinct_sets() const noexcept { return used_; }
    [[nodiscard]] std::size_t bytes() const noexcept;

private:
    struct Slot {
        std::uint64_t hash = 0;
        const std::uint16_t* words = nullptr;
    };
    const std::uint16_t* store_words();
    void grow();

    std::vector<std::uint16_t> ports_;
    std::vector<std::size_t> ends_;
    std::vector<std::uint16_t> words_;  // the draft as it would be stored
    std::vector<Slot> slots_;           // open addressing; a power of two, at most half full
    std::size_t used_ = 0;
    std::vector<std::unique_ptr<std::uint16_t[]>> blocks_;
    std::uint16_t* block_next_ = nullptr;  // the free tail of the last block
    std::size_t block_free_ = 0;
    std::size_t stored_words_ = 0;
};

}  // namespace myriad
