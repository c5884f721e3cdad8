#pragma once
// What names a kernel result: the version of the model, the chip and the kernel, each as a stable hash over every value
// that the tile level reads. Names and labels are not among them.

#include "models/chip_config.h"
#include "models/kernel_table/stable_hash.h"

namespace myriad {

// Raise it with every change of models/tile or models/hbm after which the same chip and kernel may come out
// differently, and when the fields of KernelResult change: results on disk under another version are never read.
inline constexpr int kTileModelVersion = 1;

[[nodiscard]] HashKey chip_key(const ChipConfig& chip);
[[nodiscard]] HashKey kernel_key(const Kernel& kernel);

// "0123456789abcdef0123456789abcdef", for names of files and lines.
[[nodiscard]] std::string text_of(const HashKey& key);

}  // namespace myriad
