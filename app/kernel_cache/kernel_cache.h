#pragma once
// Results of simulated kernels on disk, so that the next run, and the other points of a sweep, need not simulate them
// again. Changes no result: what is read is what would have been simulated.

#include "models/kernel_table/kernel_store.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace myriad {

// $XDG_CACHE_HOME/myriad/kernels/v<version of the model>, else ~/.cache/...; nothing where neither is known or
// MYRIAD_CACHE is "off".
[[nodiscard]] std::optional<std::filesystem::path> kernel_cache_folder();

// One text file a chip: a head line, then a result a line (models/kernel_table/result_text.h). Written beside and
// renamed, under a lock, with what others have written meanwhile: several processes may share a folder. What is not ours
// is ignored, warned of and replaced at the next save; a folder that cannot be written is warned of and costs time only.
class KernelCache final : public KernelStore {
public:
    using Warn = std::function<void(const std::string& text)>;
    KernelCache(std::filesystem::path folder, Warn warn) : folder_(std::move(folder)), warn_(std::move(warn)) {}

    [[nodiscard]] KernelResults load(const HashKey& chip) override;
    void save(const HashKey& chip, const KernelResults& fresh) override;

    [[nodiscard]] std::filesystem::path file_of(const HashKey& chip) const;

private:
    [[nodiscard]] KernelResults read(const HashKey& chip, bool warn) const;

    std::filesystem::path folder_;
    Warn warn_;
};

// The cache of this user with warnings on standard error; null where there is none.
[[nodiscard]] std::unique_ptr<KernelStore> open_kernel_cache();

}  // namespace myriad
