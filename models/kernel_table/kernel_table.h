#pragma once
// What every distinct kernel of a run takes on one kind of chip: each is simulated once, on first use, and shared by
// all cards. Content decides what is the same kernel (kernel_key.h), so two operators with one shape share a result.
// A store, if there is one, remembers results from run to run; they are the same bytes as if simulated.

#include "models/kernel_table/kernel_store.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace myriad {

class KernelTable {
public:
    using Simulate = std::function<KernelResult(const ChipConfig& chip, const Kernel& kernel)>;

    // `chip` and `store` (may be null) outlive the table.
    KernelTable(const ChipConfig& chip, KernelStore* store, Simulate simulate);
    KernelTable(const KernelTable&) = delete;
    KernelTable& operator=(const KernelTable&) = delete;
    ~KernelTable() = default;

    // Stays where it is as long as the table. Throws UserError when the chip cannot run the kernel.
    const KernelResult& result(const Kernel& kernel);

    // Gives what was simulated to the store.
    void save();

    [[nodiscard]] std::int64_t distinct() const noexcept { return static_cast<std::int64_t>(results_.size()); }
    // Of the host's past, not of the result: how many of them were simulated in this run.
    [[nodiscard]] std::int64_t simulated() const noexcept { return simulated_; }

private:
    struct Slot {
        HashKey key;
        const KernelResult* result = nullptr;  // null: free
    };
    const KernelResult& add(const HashKey& key, const Kernel& kernel);
    [[nodiscard]] Slot& slot_of(const HashKey& key);
    void grow();

    const ChipConfig& chip_;
    KernelStore* store_;
    Simulate simulate_;
    HashKey chip_key_;
    KernelResults stored_;  // all that the store knows of this chip
    KernelResults fresh_;   // simulated since the last save
    std::vector<std::unique_ptr<const KernelResult>> results_;
    std::vector<Slot> slots_;  // open addressing; the key is a hash already
    std::int64_t simulated_ = 0;
};

}  // namespace myriad
