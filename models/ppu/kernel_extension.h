#pragma once
// Carries a kernel on a generic payload from the command processor, and what it needs back.

#include "models/card.h"
#include "models/ppu/card_share.h"

#include <tlm>

namespace myriad {

struct KernelExtension final : tlm::tlm_extension<KernelExtension> {
    const Kernel* kernel = nullptr;
    KernelNeed need;  // filled in by the compute unit
    tlm::tlm_extension_base* clone() const override { return new KernelExtension(*this); }
    void copy_from(const tlm::tlm_extension_base& other) override {
        *this = static_cast<const KernelExtension&>(other);
    }
};

}  // namespace myriad
