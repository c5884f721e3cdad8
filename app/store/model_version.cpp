// The hash comes from a header that the build writes.

#include "app/store/model_version.h"

#include <model_version_hash.h>

namespace myriad {

std::string_view model_version() { return MYRIAD_MODEL_VERSION; }

}  // namespace myriad
