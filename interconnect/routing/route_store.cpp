// Interning of route sets: a hash table of pointers into blocks that are filled and never moved.

#include "interconnect/routing/route_store.h"

#include "interconnect/routing/flow_hash.h"
#include "sim/error/error.h"

#include <algorithm>
#include <string>

namespace myriad {
namespace {

constexpr std::size_t kBlockWords = 1u << 15;
constexpr std::size_t kFirstSlots = 1u << 10;
constexpr std::size_t kMaxWords = 0xFFFF;  // offsets inside a set are 16 bits wide

std::uint64_t hash_words(const std::vector<std::uint16_t>& words) {
    std::uint64_t hash = words.size();
    for (std::size_t i = 0; i < words.size(); i += 4) {
        std::uint64_t chunk = 0;
        for (std::size_t k = i; k < std::min(i + 4, words.size()); ++k) {
            chunk = chunk << 16 | words[k];
        }
        hash = mix_bits(hash + 0x9E3779B97F4A7C15u) ^ (chunk * 0xD6E8FEB86659FD93u);
    }
    return mix_bits(hash);
}

}  // namespace

RouteStore::RouteStore() : slots_(kFirstSlots) {}

void RouteStore::begin() {
    ports_.clear();
    ends_.clear();
}

void RouteStore::end_route() {
    ports_.push_back(kRouteEnd);
    ends_.push_back(ports_.size());
}

RouteSet RouteStore::keep() {
    const std::size_t head = ends_.size() + 2;
    MYRIAD_CHECK(!ends_.empty() && ends_.back() == ports_.size(), "a route set needs complete routes");
    MYRIAD_CHECK(head + ports_.size() <= kMaxWords, "route set of " + std::to_string(ports_.size()) + " ports");
    words_.clear();
    words_.push_back(static_cast<std::uint16_t>(ends_.size()));
    words_.push_back(static_cast<std::uint16_t>(head));
    for (const std::size_t end : ends_) {
        words_.push_back(static_cast<std::uint16_t>(head + end));
    }
    words_.insert(words_.end(), ports_.begin(), ports_.end());

    const std::uint64_t hash = hash_words(words_);
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = hash & mask;
    while (slots_[at].words != nullptr) {
        // The length is in the words themselves, so a shorter set never equals a longer one by its beginning.
        if (slots_[at].hash == hash &&
            std::equal(words_.begin(), words_.begin() + static_cast<std::ptrdiff_t>(head), slots_[at].words) &&
            std::equal(words_.begin(), words_.end(), slots_[at].words)) {
            return RouteSet{slots_[at].words};
        }
        at = (at + 1) & mask;
    }
    slots_[at] = {hash, store_words()};
    const RouteSet kept{slots_[at].words};
    if (++used_ * 2 > slots_.size()) {
        grow();
    }
    return kept;
}

const std::uint16_t* RouteStore::store_words() {
    if (words_.size() > block_free_) {
        const std::size_t size = std::max(kBlockWords, words_.size());
        blocks_.push_back(std::make_unique<std::uint16_t[]>(size));
        block_next_ = blocks_.back().get();
        block_free_ = size;
        stored_words_ += size;
    }
    std::uint16_t* const place = block_next_;
    std::copy(words_.begin(), words_.end(), place);
    block_next_ += words_.size();
    block_free_ -= words_.size();
    return place;
}

void RouteStore::grow() {
    std::vector<Slot> wider(slots_.size() * 2);
    const std::size_t mask = wider.size() - 1;
    for (const Slot& slot : slots_) {
        if (slot.words == nullptr) {
            continue;
        }
        std::size_t at = slot.hash & mask;
        while (wider[at].words != nullptr) {
            at = (at + 1) & mask;
        }
        wider[at] = slot;
    }
    slots_.swap(wider);
}

std::size_t RouteStore::bytes() const noexcept {
    return stored_words_ * sizeof(std::uint16_t) + slots_.size() * sizeof(Slot);
}

}  // namespace myriad
