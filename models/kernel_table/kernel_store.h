#pragma once
// Where results of kernels outlive a run. The table asks it before it simulates; the program implements it (a folder on
// disk), tests by a map.

#include "models/kernel_table/kernel_key.h"
#include "models/tile/kernel_result.h"

#include <map>

namespace myriad {

using KernelResults = std::map<HashKey, KernelResult>;  // by kernel

class KernelStore {
public:
    virtual ~KernelStore() = default;
    // Everything known of this chip. Called once a table.
    [[nodiscard]] virtual KernelResults load(const HashKey& chip) = 0;
    // Adds what was simulated.
    virtual void save(const HashKey& chip, const KernelResults& fresh) = 0;
};

}  // namespace myriad
