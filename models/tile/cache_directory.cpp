// A chained hash table whose entries also form a list by last use. Everything is an index, so nothing is allocated once
// the cache is full.

#include "models/tile/cache_directory.h"

namespace myriad {

CacheDirectory::CacheDirectory(Bytes capacity) : capacity_(capacity), buckets_(1024, kNone) {}

std::size_t CacheDirectory::bucket_of(std::uint64_t address) const {
    // Fibonacci hashing: the high bits of the product mix all bits of the address.
    return static_cast<std::size_t>((address * 0x9e3779b97f4a7c15ULL) >> 32) & (buckets_.size() - 1);
}

void CacheDirectory::unlink(std::uint32_t entry) {
    const Entry& e = entries_[entry];
    (e.newer == kNone ? newest_ : entries_[e.newer].older) = e.older;
    (e.older == kNone ? oldest_ : entries_[e.older].newer) = e.newer;
}

void CacheDirectory::make_newest(std::uint32_t entry) {
    Entry& e = entries_[entry];
    e.newer = kNone;
    e.older = newest_;
    (newest_ == kNone ? oldest_ : entries_[newest_].newer) = entry;
    newest_ = entry;
}

const TimePoint* CacheDirectory::find(std::uint64_t address) {
    std::uint32_t entry = buckets_[bucket_of(address)];
    while (entry != kNone && entries_[entry].address != address) {
        entry = entries_[entry].next;
    }
    if (entry == kNone) {
        return nullptr;
    }
    if (entry != newest_) {
        unlink(entry);
        make_newest(entry);
    }
    return &entries_[entry].ready;
}

void CacheDirectory::drop_oldest() {
    const std::uint32_t victim = oldest_;
    unlink(victim);
    Entry& e = entries_[victim];
    std::uint32_t* link = &buckets_[bucket_of(e.address)];
    while (*link != victim) {
        link = &entries_[*link].next;
    }
    *link = e.next;
    used_ -= e.bytes;
    --blocks_;
    e.next = free_;
    free_ = victim;
}

void CacheDirectory::grow() {
    buckets_.assign(buckets_.size() * 2, kNone);
    for (std::uint32_t entry = newest_; entry != kNone; entry = entries_[entry].older) {
        std::uint32_t& bucket = buckets_[bucket_of(entries_[entry].address)];
        entries_[entry].next = bucket;
        bucket = entry;
    }
}

void CacheDirectory::insert(std::uint64_t address, Bytes bytes, TimePoint ready) {
    if (bytes > capacity_) {
        return;
    }
    while (used_ + bytes > capacity_) {
        drop_oldest();
    }
    if (blocks_ >= buckets_.size()) {
        grow();
    }
    std::uint32_t entry = free_;
    if (entry == kNone) {
        entry = static_cast<std::uint32_t>(entries_.size());
        entries_.emplace_back();
    } else {
        free_ = entries_[entry].next;
    }
    Entry& e = entries_[entry];
    e.address = address;
    e.bytes = bytes;
    e.ready = ready;
    std::uint32_t& bucket = buckets_[bucket_of(address)];
    e.next = bucket;
    bucket = entry;
    used_ += bytes;
    ++blocks_;
    make_newest(entry);
}

}  // namespace myriad
