#pragma once
// Carries a kernel on a generic payload from the command processor.

#include "models/card.h"

#include <tlm>

namespace myriad {

struct KernelExtension final : tlm::tlm_extension<KernelExtension> {
    const Kernel* kernel = nullptr;
    tlm::tlm_extension_base* clone() const override { return new KernelExtension(*this); }
    void copy_from(const tlm::tlm_extension_base& other) override {
        kernel = static_cast<const KernelExtension&>(other).kernel;
    }
};

}  // namespace myriad
