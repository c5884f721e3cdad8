// Look-up by content. The hash of a kernel is some twenty multiplications, the slot one cache line; nothing is allocated
// once a kernel is known.

#include "models/kernel_table/kernel_table.h"

#include "sim/error/error.h"

namespace myriad {

namespace {
constexpr std::size_t kSlotsFirst = 256;  // a power of two
}

KernelTable::KernelTable(const ChipConfig& chip, KernelStore* store, Simulate simulate)
    : chip_(chip), store_(store), simulate_(std::move(simulate)), chip_key_(chip_key(chip)), slots_(kSlotsFirst) {
    if (store_ != nullptr) {
        stored_ = store_->load(chip_key_);
    }
}

const KernelResult& KernelTable::result(const Kernel& kernel) {
    const HashKey key = kernel_key(kernel);
    const Slot& slot = slot_of(key);
    return slot.result != nullptr ? *slot.result : add(key, kernel);
}

KernelTable::Slot& KernelTable::slot_of(const HashKey& key) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = key.low & mask;
    while (slots_[at].result != nullptr && slots_[at].key != key) {
        at = (at + 1) & mask;
    }
    return slots_[at];
}

const KernelResult& KernelTable::add(const HashKey& key, const Kernel& kernel) {
    const auto known = stored_.find(key);
    if (known != stored_.end()) {
        results_.push_back(std::make_unique<const KernelResult>(known->second));
    } else {
        results_.push_back(std::make_unique<const KernelResult>(simulate_(chip_, kernel)));
        ++simulated_;
        fresh_.emplace(key, *results_.back());
    }
    const KernelResult& result = *results_.back();
    MYRIAD_CHECK(result.total == result.launch + result.body && result.body >= Picoseconds{0},
                 "a kernel's launch and body add up to its time");
    if (2 * results_.size() > slots_.size()) {
        grow();
    }
    slot_of(key) = {key, &result};
    return result;
}

void KernelTable::grow() {
    std::vector<Slot> old(2 * slots_.size());
    old.swap(slots_);
    for (const Slot& slot : old) {
        if (slot.result != nullptr) {
            slot_of(slot.key) = slot;
        }
    }
}

void KernelTable::save() {
    if (store_ != nullptr && !fresh_.empty()) {
        store_->save(chip_key_, fresh_);
    }
    fresh_.clear();
}

}  // namespace myriad
